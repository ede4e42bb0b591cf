"""A scale that offered another word once, or has very many points, and weeks around the change of the clocks."""

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pyreadstat
import pytest
from lxml import etree
from openpyxl import Workbook, load_workbook

from exports.formats import Format, Surroundings, write_file
from exports.period import everything, iso_week
from exports.request import Request, forms_of
from exports.weekcounts import count_week
from exports.weekfigures import Mean
from forms.xlsform import Compiled, compile_workbook
from storage.database import snapshot
from tests.exports.seed import MONDAY, ZONE, Seed, a_study
from tests.forms.xlsform_sheets import written

SUNDAY_NIGHT = datetime(2026, 3, 22, 22, 30, tzinfo=UTC)
"""Half past eleven on the local clocks, which change a week later."""
WORD = "no_opinion"
SURVEY = [
    ["type", "name", "label::English (en)", "parameters"],
    ["select_one scale", "score", "How much?"],
    ["range", "part", "What part?", "start=0 end=100 step=5"],
]
OTHERWISE = {
    "1": [["text", "typed", "How many?"], ["select_one scale", "chosen", "Which?"], ["integer", "counted", "Why?"]],
    "2": [
        ["integer", "typed", "How many?"],
        ["select_multiple scale", "chosen", "Which?"],
        ["text", "counted", "Why?"],
    ],
}
"""Asked otherwise in each version, under the same name."""
GIVEN = {
    "1": {"/data/typed": "a few", "/data/chosen": "1", "/data/counted": "12"},
    "2": {"/data/typed": "7", "/data/chosen": "2 3", "/data/counted": "because"},
}


def version(number: str, unsure: str) -> Compiled:
    scale = [["scale", each, each] for each in (*"12345", unsure)]
    choices = [["list_name", "name", "label::English (en)"], *scale]
    settings = [["form_id", "version", "default_language"], ["schaal", number, "English (en)"]]
    return compile_workbook(
        written({"survey": [*SURVEY, *OTHERWISE[number]], "choices": choices, "settings": settings})
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Version 1 offers a word on its scale that version 2 calls otherwise."""
    folder = tmp_path_factory.mktemp("changed")
    with closing(Seed(folder / "terugblik.db")) as seed:
        forms = [
            seed.form(version(number, unsure), MONDAY + timedelta(hours=place))
            for place, (number, unsure) in enumerate((("1", WORD), ("2", "dont_know")))
        ]
        for place, (form, score) in enumerate(
            ((0, WORD), (0, "2"), (1, "dont_know"), (1, "4"), (1, "3"), (0, WORD), (0, WORD))
        ):
            start = SUNDAY_NIGHT if place == 0 else MONDAY + timedelta(hours=place)
            prompt = seed.prompt(seed.workshop(forms[form], start), seed.person(f"P{place}"), "completed", start, start)
            session = seed.session(forms[form], seed.person(f"Q{place}"), prompt, start, start)
            seed.answers(session, {"/data/score": score, "/data/part": "85", **GIVEN[str(form + 1)]})
        yield folder


def made(folder: Path, wanted: Format) -> Path:
    target = folder / wanted.value
    study = a_study()
    with snapshot(folder / "terugblik.db") as rows:
        request = Request(study, study.cities[0], forms_of(rows), everything(), "en", "1.2.3")
        write_file(rows, request, (wanted,), target, Surroundings(folder, Random(1)))
    return target


def workbook(folder: Path) -> Workbook:
    return load_workbook(io.BytesIO(made(folder, Format.WORKBOOK).read_bytes()))


def test_the_workbook_adds_the_numbers_up_and_keeps_the_word(folder: Path) -> None:
    book = workbook(folder)
    rows = [[cell.value for cell in row] for row in book["Overview"].iter_rows()]
    scales = {str(row[0]): row[2:9] for row in rows}
    assert scales["How much?"] == [3, 3, 0, 1, 1, 1, 0]
    assert scales["What part?"] == [7, 85, None, None, None, None, None], "too many points to be counted one by one"
    header, *codes = [[cell.value for cell in row] for row in book["Codes"].iter_rows()]
    assert sorted(str(row[header.index("score")]) for row in codes) == ["-66", "2", "3", "4", WORD, WORD, WORD]


def test_the_weeks_of_the_overview_follow_one_another_when_the_clocks_change(folder: Path) -> None:
    book = workbook(folder)
    weeks = [row[1].value for row in book["Overview"].iter_rows() if row[0].value == "Leiden"]
    assert weeks == [f"2026-W{number}" for number in range(12, 48)]


def test_the_week_is_told_without_the_word(folder: Path) -> None:
    with snapshot(folder / "terugblik.db") as rows:
        week = count_week(rows, forms_of(rows), [], iso_week("2026-W47", ZONE))
    assert week.scales["score"].whole == Mean(3, 3.0)


def test_spss_knows_the_word_and_leaves_it_out_of_means(folder: Path) -> None:
    frame, about = pyreadstat.read_sav(made(folder, Format.SAV), user_missing=True)
    (code,) = (code for code, words in about.variable_value_labels["score"].items() if words == WORD)
    assert sorted(frame["score"]).count(code) == 3
    assert about.missing_ranges["score"] == [{"lo": -99, "hi": -66}] and -99 <= float(code) <= -66


@pytest.mark.parametrize("profile", [Format.PACKAGE, Format.DEPOSIT])
def test_a_package_holds_the_word_and_says_that_it_can_occur(folder: Path, profile: Format) -> None:
    with zipfile.ZipFile(made(folder, profile)) as archive:
        rows = list(csv.DictReader(io.StringIO(archive.read("data/reflections.csv").decode())))
        (table,) = (
            each for each in json.loads(archive.read("datapackage.json"))["resources"] if each["name"] == "reflections"
        )
    assert sorted(row["score"] for row in rows) == ["-66", "2", "3", "4", WORD, WORD, WORD]
    (field,) = (each for each in table["schema"]["fields"] if each["name"] == "score")
    assert field["type"] == "string" and {WORD, *"12345"} <= set(field["constraints"]["enum"])


def test_a_project_holds_the_word_and_all_that_was_asked_otherwise(folder: Path) -> None:
    with zipfile.ZipFile(made(folder, Format.QDPX)) as archive:
        project = etree.fromstring(archive.read("project.qde"))
        texts = "".join(archive.read(name).decode() for name in archive.namelist() if name.endswith(".txt"))
    values = [each.text for each in project.iter("{*}TextValue")]
    assert [values.count(each) for each in (WORD, "12", "7")] == [3, 4, 3]
    assert (texts.count("a few"), texts.count("because")) == (4, 3)
    assert all(each not in values for each in ("a few", "because")), "words are coded, not counted"
    guids = {each.get("guid") for each in project.iter()}
    assert {each.get("targetGUID") for each in project.iter() if each.get("targetGUID")} <= guids


def test_no_format_loses_what_another_version_asked_otherwise(folder: Path) -> None:
    header, *codes = [[cell.value for cell in row] for row in workbook(folder)["Codes"].iter_rows()]
    column = {name: {str(row[header.index(name)]) for row in codes} for name in header if name}
    assert column["typed"] == {"a few", "7"} and column["counted"] == {"12", "because"}
    assert column["chosen"] == {"1", "2 3"} and column["chosen__1"] == column["chosen__2"] == {"0", "1"}
    frame, _ = pyreadstat.read_sav(made(folder, Format.SAV))
    with zipfile.ZipFile(made(folder, Format.PACKAGE)) as archive:
        rows = list(csv.DictReader(io.StringIO(archive.read("data/reflections.csv").decode())))
    for name in ("typed", "counted", "chosen"):
        assert set(frame[name]) == {row[name] for row in rows} == column[name]
    survey = load_workbook(io.BytesIO(made(folder, Format.SURVEY).read_bytes())).worksheets[0]
    found = {str(column[0].value): {str(cell.value) for cell in column[1:]} for column in survey.iter_cols()}
    assert found["typed::How many?"] == {"a few", "7"} and found["counted::Why?"] == {"12", "because"}
