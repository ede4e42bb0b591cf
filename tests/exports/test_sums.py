"""What pandas adds up from a workbook is what SQL adds up from the rows, for hostile and ordinary answers alike."""

import io
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from random import Random

import pandas as pd
import pytest
from openpyxl.utils.escape import unescape

from exports.dataset import ABOUT, Missing
from exports.period import everything
from exports.request import Request
from exports.workbook import Summary, forms_of, write_workbook
from storage import erasing
from storage.database import snapshot, transaction
from storage.driver import Value
from tests.exports.seed import MONDAY, Seed, a_study
from tests.exports.test_repeats import a_roster
from tests.exports.test_traps import TYPED
from tests.exports.versions import FIRST, SECOND, versions

PEOPLE, WORKSHOPS = 6, 8
ERASED, ERASED_WORDS = "WEGG", "Dit heeft wie gewist is gezegd"
LONG = "Een lang verhaal 🙂 שלום\n" * 4_200
"""Over 100,000 characters."""
_CURRENT = """answer a JOIN session s ON s.id = a.session_id JOIN prompt p ON p.id = s.prompt_id
    WHERE s.is_test = 0 AND s.state IN ('completed', 'expired') AND a.outcome = 'answered' AND a.revision = (
        SELECT max(b.revision) FROM answer b WHERE b.session_id = a.session_id AND b.path = a.path)"""


@dataclass(frozen=True, slots=True)
class Filled:
    """The database and, by form, the workbook of it."""

    seed: Seed
    books: dict[str, bytes]
    summaries: dict[str, Summary]

    def sheet(self, form_id: str, title: str) -> pd.DataFrame:
        """A sheet with one row of headers; every cell as it is stored."""
        return pd.read_excel(io.BytesIO(self.books[form_id]), sheet_name=title, keep_default_na=False, na_values=[""])

    def figure(self, sql: str, **values: Value) -> float:
        """One number from the database."""
        with snapshot(self.seed.path) as rows:
            row = rows.one(sql, **values)
        return 0 if row is None or row["n"] is None else float(row["n"])


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    with closing(Seed(tmp_path_factory.mktemp("sums") / "terugblik.db")) as seed:
        erased = fill(seed, Random(7))
        with transaction(seed.path) as tx:
            erasing.delete(tx, erasing.by_id(tx, erasing.ask(tx, erased, "R1", "leiden", MONDAY)), "NEWC", MONDAY)
        books, summaries = {}, {}
        study = a_study()
        with snapshot(seed.path) as rows:
            for form_id in ("reflectie", "small"):
                stream = io.BytesIO()
                request = Request(study, study.cities[0], forms_of(rows, form_id), everything(), "en", "1.2.3")
                summaries[form_id] = write_workbook(rows, request, stream)
                books[form_id] = stream.getvalue()
        yield Filled(seed, books, summaries)


def fill(seed: Seed, chance: Random) -> int:
    """Three questionnaires' worth of answers, some changed after sending; the person to be erased."""
    forms = [seed.form(version) for version in versions()]
    roster = seed.form(a_roster())
    people = [seed.person(f"P{number:03}") for number in range(PEOPLE)]
    erased = seed.person(ERASED)
    hostile = [text for text in TYPED if (text.strip() and "\x00" not in text and text.isprintable()) or "\n" in text]
    for number in range(WORKSHOPS):
        start = MONDAY + timedelta(days=number)
        workshop, other = seed.workshop(forms[number % 2], start), seed.workshop(roster, start)
        for person in (*people, erased):
            asked, ended = start + timedelta(hours=2), start + timedelta(hours=3)
            state = chance.choice(("completed", "completed", "expired"))
            session = seed.session(
                forms[number % 2],
                person,
                seed.prompt(workshop, person, state, asked, ended),
                asked,
                ended if state == "completed" else None,
                state,
            )
            words = ERASED_WORDS if person == erased else chance.choice([*hostile, "gewoon", LONG])
            told = seed.answer(session, "/data/story", words.encode("utf-8", "replace").decode())
            seed.part(session, "/data/story", told, 1, words.encode("utf-8", "replace").decode())
            seed.answers(session, {path: chance.choice(given) for path, given in (FIRST, SECOND)[number % 2].items()})
            if chance.random() < 0.4:
                seed.answer(session, "/data/score", str(chance.randint(1, 5)), 2, said_on=ended, after_sending=True)
            inside = seed.session(roster, person, seed.prompt(other, person, "completed", asked, ended), asked, ended)
            for place in range(1, chance.randint(1, 3) + 1):
                if place > 1:
                    seed.answer(inside, f"/data/member[{place}]", "yes")
                seed.answer(inside, f"/data/member[{place}]/age", str(chance.randint(4, 90)))
    return erased


def answered(column: "pd.Series[float]") -> "pd.Series[float]":
    """The cells that hold an answer."""
    return column[~column.isin([code.value for code in Missing])]


@pytest.mark.parametrize("name", ["score", "hours", "count"])
def test_numbers_add_up_to_what_is_stored(filled: Filled, name: str) -> None:
    found = answered(filled.sheet("reflectie", "Codes")[name])
    where = f"{_CURRENT} AND a.path = :path AND a.value <> 'dont_know'"
    path = f"/data/{name}"
    assert found.sum() == pytest.approx(
        filled.figure(f"SELECT sum(CAST(a.value AS REAL)) AS n FROM {where}", path=path)
    )
    assert len(found) == filled.figure(f"SELECT count(*) AS n FROM {where}", path=path) > 10


def test_every_option_is_as_often_ticked_as_it_is_stored(filled: Filled) -> None:
    codes = filled.sheet("reflectie", "Codes")
    options = [name for name in codes.columns if name.startswith("who__")]
    assert options == ["who__residents", "who__police", "who__nobody"]
    for name in options:
        sql = f"SELECT count(*) AS n FROM {_CURRENT} AND a.path = '/data/who' AND ' ' || a.value || ' ' LIKE :token"
        assert answered(codes[name]).sum() == filled.figure(sql, token=f"% {name.removeprefix('who__')} %")
    assert answered(codes["who__nobody"]).sum() == 0


def test_instances_of_a_repeat_add_up(filled: Filled) -> None:
    found = answered(filled.sheet("small", "Repeat member")["age"])
    where = f"{_CURRENT} AND a.path LIKE '/data/member[%]/age'"
    assert found.sum() == filled.figure(f"SELECT sum(CAST(a.value AS INTEGER)) AS n FROM {where}")
    assert len(found) == filled.figure(f"SELECT count(*) AS n FROM {where}")


def test_rows_people_edits_and_prompts_are_counted_alike(filled: Filled) -> None:
    codes = filled.sheet("reflectie", "Codes")
    edits = "SELECT count(*) AS n FROM answer a WHERE a.after_sending = 1"
    assert codes["n_edits"].sum() == filled.figure(edits) > 5
    assert len(filled.sheet("reflectie", "Revisions")) == filled.figure(edits)
    assert len(codes) == PEOPLE * WORKSHOPS == filled.summaries["reflectie"].rows
    assert codes["person_code"].nunique() == PEOPLE
    sessions = filled.sheet("reflectie", "Sessions")
    assert len(sessions) == (PEOPLE + 1) * WORKSHOPS
    compliance = filled.sheet("reflectie", "Compliance")
    assert compliance["Due"].sum() == PEOPLE * WORKSHOPS
    assert compliance["Completed"].sum() == (codes["state"] == "completed").sum()
    assert compliance["Erased"].sum() == WORKSHOPS == (sessions["disposition_code"] == "erased").sum()


def test_what_was_typed_is_whole_over_its_pieces(filled: Filled) -> None:
    told = filled.sheet("reflectie", "Open answers")
    told = told[told["question"] == "story"]
    whole = told.sort_values(["response_id", "part", "piece"]).groupby("response_id")["text"].agg("".join)
    with snapshot(filled.seed.path) as rows:
        sql = f"SELECT s.instance_id, a.value FROM {_CURRENT} AND a.path = '/data/story'"
        stored = {row["instance_id"]: row["value"] for row in rows.all(sql)}
    assert any(len(text) > 100_000 for text in stored.values())
    assert {key: unescape(text) for key, text in whole.items()} == {
        key: text.replace("\r\n", "\n").replace("\r", "\n") for key, text in stored.items()
    }
    cut = filled.sheet("reflectie", "About").set_index("Subject")["Value"]["Cells with shortened text"]
    assert cut == filled.summaries["reflectie"].cut > 0


@pytest.mark.parametrize("form_id", ["reflectie", "small"])
def test_every_codebook_row_has_its_column_and_the_other_way_round(filled: Filled, form_id: str) -> None:
    described = list(dict.fromkeys(filled.sheet(form_id, "Codebook")["Variable"]))
    columns = list(filled.sheet(form_id, "Codes").columns)
    inside = [name for name in described if name.startswith("member/")]
    assert [name for name in described if name not in inside] == columns
    assert columns[: len(ABOUT)] == [column.name for column in ABOUT]
    if form_id == "small":
        assert [f"member/{name}" for name in filled.sheet(form_id, "Repeat member").columns[3:]] == inside


def test_who_was_erased_is_nowhere(filled: Filled) -> None:
    for content in filled.books.values():
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            inside = b"".join(archive.read(name) for name in archive.namelist())
        assert ERASED_WORDS.encode() not in inside
        assert ERASED.encode() not in inside
    assert all(ERASED not in summary.codes for summary in filled.summaries.values())


def test_rows_in_the_database_are_rows_out_and_rows_left_out(filled: Filled) -> None:
    for form_id in filled.books:
        about = filled.sheet(form_id, "About")
        left = about[about["Subject"].astype(str).str.startswith("Not in this file")]["Value"].sum()
        values = about.set_index("Subject")["Value"]
        assert values["Sessions in the database"] == values["Reflections in this file"] + left
        assert values["Sessions in the database"] == filled.figure("SELECT count(*) AS n FROM session")
