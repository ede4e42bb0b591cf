"""An SPSS file, read back by its own library and by its bytes."""

import struct
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path

import pandas
import pyreadstat
import pytest
from pyreadstat import metadata_container

from exports.formats import Format
from exports.spss import MOST_TEXT
from tests.exports.city import FIRST, HIDDEN_WORDS, ODD_WORDS, Place, reflection, version
from tests.exports.seed import Seed

MOMENT = "Een bewoner 👩\u200d🌾 nam het woord.\nDaarna שלום =1+1"


@pytest.fixture(scope="module")
def path(place: Place, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("spss") / "leiden.sav"
    assert place.written(Format.SAV, target).rows == 4
    return target


@pytest.fixture(scope="module")
def read(path: Path) -> tuple[pandas.DataFrame, metadata_container]:
    frame, about = pyreadstat.read_sav(path, user_missing=True)
    return frame.set_index("person_code"), about


def test_every_column_of_the_sheet_codes_is_a_variable_with_its_words(
    read: tuple[pandas.DataFrame, metadata_container],
) -> None:
    frame, about = read
    assert list(frame.index) == ["ANNA", "BRAM", "CEES", "DIRK"]
    assert about.column_names_to_labels["influence"] == "Hoeveel invloed had jij?"
    assert about.column_names_to_labels["who__police"] == "Wie waren er? wijkagent"
    assert about.column_names_to_labels["age_2"] == "Leeftijd (2)"
    assert all(about.column_labels)


def test_choices_are_numbers_with_words_and_a_multiple_choice_is_a_column_for_each_option(
    read: tuple[pandas.DataFrame, metadata_container],
) -> None:
    frame, about = read
    words = about.variable_value_labels
    assert (words["held"][1], words["held"][2], words["held"][-97]) == ("ja", "nee", "verlopen")
    assert words["held"][3] == "verplaatst", "the second version put it between the others, and their numbers stay"
    assert [frame["held"][code] for code in frame.index] == [1, 2, 1, 1]
    assert [frame["who__residents"][code] for code in frame.index] == [0, -88, 1, -97]
    assert [frame["who__police"][code] for code in frame.index] == [1, -88, 1, -97]
    assert (words["who__police"][0], words["who__police"][1]) == ("nee", "ja")
    assert [frame["influence"][code] for code in frame.index] == [4, -66, -77, -96]


def test_missing_answers_keep_their_cause_and_spss_leaves_them_out_of_means(
    path: Path, read: tuple[pandas.DataFrame, metadata_container]
) -> None:
    frame, about = read
    assert about.missing_ranges["influence"] == [{"lo": -99.0, "hi": -66.0}]
    assert about.missing_ranges["count"] == [{"lo": -97.0, "hi": -88.0}, {"lo": -77.0, "hi": -77.0}]
    assert set(frame["count"]) == {12, -77, -96}
    assert -66 in about.variable_value_labels["influence"] and -66 not in about.variable_value_labels["count"]
    means = pandas.read_spss(path, convert_categoricals=False)[["influence", "count"]].mean()
    assert (means["influence"], means["count"]) == (4, 12)


def test_a_number_that_was_answered_between_the_codes_counts(tmp_path: Path) -> None:
    with closing(Seed(tmp_path / "terugblik.db")) as seed:
        form = seed.form(version(2))
        for number, count in enumerate(("-90", "-70", "-66", "")):
            answers = {"/data/count": count, "/data/hours": "-92.5" if number else "-77.5"}
            reflection(seed, form, seed.person(f"NR{number}"), FIRST + timedelta(days=number), answers)
        Place(seed, tmp_path / "media").written(Format.SAV, tmp_path / "cold.sav")
    found = missing_values((tmp_path / "cold.sav").read_bytes())
    assert found["influence"] == [-2, -99, -66]
    assert found["count"] == [1, -77], "the codes one by one"
    assert found["hours"] == [-3, -97, -88, -77], "none of its codes occurs: as for every number"
    frame = pandas.read_spss(tmp_path / "cold.sav", convert_categoricals=False)
    assert list(frame["count"].dropna()) == [-90, -70, -66]


def missing_values(content: bytes) -> dict[str, list[float]]:
    """How many missing values each variable has and which, from the file's own records; a range counts negative."""
    found, place = {}, 176
    while struct.unpack_from("<i", content, place)[0] == 2:
        _, _, has_label, count, _, _, name = struct.unpack_from("<6i8s", content, place)
        place += 32
        if has_label:
            (length,) = struct.unpack_from("<i", content, place)
            place += 4 + -(-length // 4) * 4
        values = struct.unpack_from(f"<{abs(count)}d", content, place)
        place += 8 * abs(count)
        found[name.decode("ascii", "replace").strip().casefold()] = [count, *values]
    names = _long_names(content[place:])
    return {names.get(short, short): values for short, values in found.items()}


def _long_names(records: bytes) -> dict[str, str]:
    """Each variable's own name by the short one of its record."""
    start = records.index(struct.pack("<3i", 7, 13, 1)) + 16
    (length,) = struct.unpack_from("<i", records, start - 4)
    pairs = records[start : start + length].decode().split("\t")
    return {short.casefold(): name for short, _, name in (pair.partition("=") for pair in pairs)}


def test_dates_are_dates_and_texts_are_to_the_letter(read: tuple[pandas.DataFrame, metadata_container]) -> None:
    frame, about = read
    anna = frame.loc["ANNA"]
    assert (anna["next"], anna["workshop_start"]) == (date(2026, 11, 30), datetime.fromisoformat("2026-11-03T15:00"))
    assert about.original_variable_types["next"] == "EDATE10"
    assert about.original_variable_types["workshop_start"] == "DATETIME20"
    assert anna["moment"].startswith(MOMENT)
    assert (frame.loc["BRAM"]["said_1"], frame.loc["BRAM"]["after"]) == ("Hallo 🙂", "Nee. 🙂🙂 Dank!")
    assert frame.loc["CEES"]["moment"] == ODD_WORDS.replace("\x0b", "\ufffd")
    assert frame.loc["DIRK"]["moment"] == "-96"


def test_measures_are_set_and_names_are_such_as_spss_takes(
    read: tuple[pandas.DataFrame, metadata_container],
) -> None:
    _, about = read
    measures = about.variable_measure
    assert (measures["influence"], measures["count"], measures["held"]) == ("ordinal", "scale", "nominal")
    assert all(len(name.encode()) <= 64 for name in about.column_names)
    assert len({name.casefold() for name in about.column_names}) == len(about.column_names)
    assert all(label and len(label.encode()) <= 256 for label in about.column_labels)


def test_the_bytes_begin_as_those_of_spss_and_tell_no_time_of_day_of_ours(path: Path) -> None:
    content = path.read_bytes()
    assert content[:4] == b"$FL2"
    layout, _, _, _, cases = struct.unpack("<5i", content[64:84])
    assert (layout, cases) == (2, 4)
    assert content[92:109] == b"16 Nov 2609:00:00", "when the answers last changed"
    assert not any(words.encode() in content for words in (*HIDDEN_WORDS, "GONE", "UTRE"))


def test_a_text_that_is_too_long_is_cut_counted_and_told(tmp_path: Path) -> None:
    with closing(Seed(tmp_path / "terugblik.db")) as seed:
        place = Place(seed, tmp_path / "media")
        person = seed.person("LONG")
        reflection(seed, seed.form(version(2)), person, FIRST, {"/data/moment": "é" * 20_000, "/data/after": "z"})
        summary = place.written(Format.SAV, tmp_path / "long.sav")
    frame, about = pyreadstat.read_sav(tmp_path / "long.sav")
    assert summary.cut == 1
    assert frame["moment"][0] == "é" * (MOST_TEXT // 2)
    assert frame["after"][0] == "z"
    assert f"Ingekort tot {MOST_TEXT} bytes: 1" in about.notes
