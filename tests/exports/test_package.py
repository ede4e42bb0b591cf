"""Data packages: one for use inside the study, one to be deposited, read back by their own description."""

import tracemalloc
import zipfile
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest

from exports.formats import Format
from exports.package import in_order
from exports.packagefields import Profile
from tests.exports.city import HIDDEN_WORDS, ODD_WORDS, Place, fill
from tests.exports.datapackage import Package, read
from tests.exports.seed import Seed

MOMENT = "Een bewoner 👩\u200d🌾 nam het woord.\nDaarna שלום =1+1"


@pytest.fixture(scope="module")
def folder(place: Place, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("package")
    for wanted in (Format.PACKAGE, Format.DEPOSIT):
        assert place.written(wanted, folder / f"{wanted}.zip").rows == 4
    place.written(Format.DEPOSIT, folder / "again.zip", chance=2)
    return folder


@pytest.fixture(scope="module")
def inside(folder: Path) -> Package:
    return read(folder / "package.zip")


@pytest.fixture(scope="module")
def deposit(folder: Path) -> Package:
    return read(folder / "deposit.zip")


def test_the_study_gets_every_row_answer_and_word(inside: Package) -> None:
    rows = inside.tables["reflections"]
    assert [row["person_code"] for row in rows] == ["ANNA", "BRAM", "CEES", "DIRK"]
    assert (rows[0]["held"], rows[0]["who__police"], rows[0]["next"]) == ("yes", "1", "2026-11-30")
    assert [row["influence"] for row in rows] == ["4", "-66", "-77", "-96"]
    assert {row["text"] for row in inside.tables["open_answers"]} >= {
        MOMENT,
        "Nee. 🙂🙂 Dank!",
        ODD_WORDS.replace("\x0b", "\ufffd"),
    }
    members = [
        (row["instance"], row["age"]) for row in inside.tables["repeat_member"] if not row["age"].startswith("-")
    ]
    assert members == [("1", "41"), ("2", "2")]


@pytest.mark.parametrize("name", ["package", "deposit"])
def test_every_variable_stands_in_the_codebook_and_the_other_way_round(folder: Path, name: str) -> None:
    package = read(folder / f"{name}.zip")
    named = {row["variable"] for row in package.tables["codebook"]}
    columns = {field["name"] for field in package.described["resources"][0]["schema"]["fields"]}
    inside = {f"member/{one}" for one in package.tables["repeat_member"][0]} - {"member/response_id", "member/instance"}
    assert named == columns | inside


def test_a_deposit_knows_weeks_and_choices_and_no_words(deposit: Package, folder: Path) -> None:
    rows = deposit.tables["reflections"]
    assert sorted(row["workshop_week"] for row in rows) == ["2026-W45", "2026-W46", "2026-W46", "2026-W46"]
    assert "2026-W49" in {row["next"] for row in rows}
    assert not {"neighbourhood", "moment", "photo", "after", "members", "submitted_at"} & set(rows[0])
    assert set(deposit.tables) == {"reflections", "repeat_member", "codebook"}
    assert set(deposit.tables["repeat_member"][0]) == {"response_id", "instance", "age"}
    with zipfile.ZipFile(folder / "deposit.zip") as archive:
        everything = b"\n".join(archive.read(name) for name in archive.namelist()).decode()
    for told in ("bewoner 👩", "ANNA", "BRAM", "uuid:", "Noord", "2026-11-03", *HIDDEN_WORDS):
        assert told not in everything


def test_no_code_of_a_deposit_leads_to_anything_outside_it(deposit: Package, folder: Path) -> None:
    again = read(folder / "again.zip")
    for name in ("response_id", "person_code", "workshop_id"):
        codes, others = ({row[name] for row in each.tables["reflections"]} for each in (deposit, again))
        assert len(codes) == len(others) == 4 and not codes & others
    assert [row["response_id"] for row in deposit.tables["reflections"]] == sorted(
        row["response_id"] for row in deposit.tables["reflections"]
    )


def test_small_counts_are_neither_in_the_codebook_nor_in_the_readme_of_a_deposit(
    deposit: Package, inside: Package
) -> None:
    assert not any(row["n"] not in ("", "0") for row in deposit.tables["codebook"])
    assert {row["n"] for row in inside.tables["codebook"]} >= {"1", "4"}
    assert "- Personen: minder dan 10" in deposit.readme and "- Personen: 4" in inside.readme


def test_words_that_were_approved_are_in_a_deposit_without_whose_they_are(tmp_path: Path) -> None:
    with closing(Seed(tmp_path / "terugblik.db")) as seed:
        fill(seed, tmp_path / "media")
        seed.run("UPDATE person SET quotes_allowed = 1 WHERE code IN ('ANNA', 'BRAM')")
        for path, verdict, words in (("/data/after", "yes", "Dank!"), ("/data/moment", "no", "")):
            seed.run(
                "INSERT INTO quote (session_id, answer_id, newest, verdict, words, line, decided_by, decided_on)"
                " SELECT a.session_id, a.id, (SELECT max(b.id) FROM answer b WHERE b.session_id = a.session_id),"
                " :verdict, :words, 'G', s.person_id, '2026' FROM answer a JOIN session s ON s.id = a.session_id"
                " JOIN person n ON n.id = s.person_id WHERE a.path = :path AND n.code = 'BRAM'",
                path=path,
                verdict=verdict,
                words=words,
            )
        Place(seed, tmp_path / "media").written(Format.DEPOSIT, tmp_path / "cleared.zip")
    assert read(tmp_path / "cleared.zip").tables["open_answers"] == [{"question": "after", "text": "Dank!"}]


def test_rows_are_put_in_another_order_without_being_held() -> None:
    rows = ([f"{number * 7919 % 2000:04}", str(number), f"{number:04} woorden" * 400] for number in range(2000))
    tracemalloc.start()
    try:
        ordered = sum(1 for _ in pairwise(in_order(rows, Profile.DEPOSIT)))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert ordered == 1999
    assert peak < 2_000_000, "all of them are nearly ten million letters"
    few = [["B", "1"], ["A", "2"], ["A", "1"]]
    assert list(in_order(few, Profile.DEPOSIT)) == sorted(few)
    assert list(in_order(few, Profile.INTERNAL)) == few
