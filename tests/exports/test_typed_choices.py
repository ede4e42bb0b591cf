"""A choice among what the person typed before, such as the names in a repeat, is kept like all that is typed."""

import zipfile
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from random import Random

import pyreadstat
import pytest

from exports.formats import Format, Surroundings, write_file
from exports.period import everything, iso_week
from exports.request import Request, forms_of
from exports.weekcounts import count_week
from forms.xlsform import compile_workbook
from storage.database import snapshot
from tests.exports.seed import MONDAY, ZONE, Seed, a_study
from tests.forms.xlsform_sheets import written

SURVEY = [
    ["type", "name", "label::English (en)", "bind::line"],
    ["begin_repeat", "member", "Member"],
    ["text", "called", "Who was there?"],
    ["end_repeat"],
    ["select_one ${called}", "spoke", "Who spoke most?", "L1"],
    ["select_one yes", "again", "Again?", "L1"],
    ["select_one yes", "workshop_week", "Was it the usual week?"],
]
"""The last has the name of a column that a deposit makes."""
NAME = "Johanna"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("typed")
    choices = [["list_name", "name", "label::English (en)"], ["yes", "yes", "yes"]]
    settings = [["form_id", "version", "default_language"], ["typed", "1", "English (en)"]]
    with closing(Seed(folder / "terugblik.db")) as seed:
        form = seed.form(compile_workbook(written({"survey": SURVEY, "choices": choices, "settings": settings})))
        workshop = seed.workshop(form, MONDAY)
        for number in range(4):
            person, ended = seed.person(f"P{number}"), MONDAY + timedelta(hours=4)
            session = seed.session(form, person, seed.prompt(workshop, person, "completed", ended, ended), ended, ended)
            seed.answers(session, {"/data/member[1]/called": NAME, "/data/spoke": NAME, "/data/again": "yes"})
    return folder


def made(folder: Path, wanted: Format) -> Path:
    target, study = folder / wanted.value, a_study()
    with snapshot(folder / "terugblik.db") as rows:
        request = Request(study, study.cities[0], forms_of(rows), everything(), "en", "1.2.3")
        write_file(rows, request, (wanted,), target, Surroundings(folder, Random(1)))
    return target


def test_a_deposit_does_not_hold_it(folder: Path) -> None:
    with zipfile.ZipFile(made(folder, Format.DEPOSIT)) as archive:
        assert all(NAME.encode() not in archive.read(name) for name in archive.namelist())
        header = archive.read("data/reflections.csv").decode().splitlines()[0].split(",")
    assert "again" in header
    assert len(header) == len(set(header)), "a question is told from the deposit's own columns"


def test_a_weekly_summary_does_not_tell_it(folder: Path) -> None:
    with snapshot(folder / "terugblik.db") as rows:
        week = count_week(rows, forms_of(rows), ["L1"], iso_week("2026-W47", ZONE))
    assert set(week.chosen) == {"again"}


def test_spss_and_the_package_hold_it_as_text(folder: Path) -> None:
    frame, _ = pyreadstat.read_sav(made(folder, Format.SAV))
    assert list(frame["spoke"]) == [NAME] * 4
    with zipfile.ZipFile(made(folder, Format.PACKAGE)) as archive:
        assert archive.read("data/reflections.csv").count(NAME.encode()) == 4
