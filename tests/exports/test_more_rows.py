"""A table with more rows than a sheet can hold goes on in the next sheet, and nothing of it is lost."""

import io
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

import pytest
from openpyxl import Workbook, load_workbook

from exports.course import Unwanted
from exports.period import everything
from exports.request import Request
from exports.workbook import Summary, forms_of, write_workbook
from storage.database import snapshot
from tests.exports.seed import MONDAY, Seed, a_study, default_form

PEOPLE = 11
MOST_ROWS = 5
"""Rows in a sheet, headers among them: two sheets of codes hold four each, the third what is left."""


@pytest.fixture(scope="module")
def seed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seed]:
    with closing(Seed(tmp_path_factory.mktemp("more") / "terugblik.db")) as seed:
        form = seed.form(default_form())
        asked = MONDAY + timedelta(hours=2)
        workshop = seed.workshop(form, MONDAY)
        for number in range(PEOPLE):
            person = seed.person(f"P{number:03}")
            prompt = seed.prompt(workshop, person, "completed", asked, asked)
            session = seed.session(form, person, prompt, asked, asked)
            seed.answers(session, {"/data/held": "as_planned", "/data/reflection/moment": f"nummer {number}"})
        yield seed


def make(seed: Seed, **more: object) -> tuple[Summary, Workbook]:
    stream, study = io.BytesIO(), a_study()
    with snapshot(seed.path) as rows:
        request = Request(study, study.cities[0], forms_of(rows), everything(), "nl", "1.2.3")
        summary = write_workbook(rows, request, stream, **more)  # type: ignore[arg-type]  # by name
    return summary, load_workbook(stream)


def test_the_rows_go_on_under_the_same_headers(seed: Seed) -> None:
    summary, book = make(seed, most_rows=MOST_ROWS)
    parts = ["Codes", "Codes 2", "Codes 3"]
    assert [title for title in book.sheetnames if title.startswith("Codes")] == parts
    assert book.sheetnames.index("Codes 3") == book.sheetnames.index("Open antwoorden") - 1
    heads = {tuple(cell.value for cell in book[title][1]) for title in parts}
    assert len(heads) == 1
    codes = [row[1] for title in parts for row in book[title].iter_rows(min_row=2, values_only=True)]
    assert codes == [f"P{number:03}" for number in range(PEOPLE)]
    assert summary.rows == PEOPLE
    labelled = [title for title in book.sheetnames if title.startswith("Reflecties")]
    found = [row[1] for title in labelled for row in book[title].iter_rows(min_row=3, values_only=True)]
    assert found == codes


def test_each_part_is_a_table_of_its_own_and_charts_and_filters_stay(seed: Seed) -> None:
    _, book = make(seed, most_rows=MOST_ROWS)
    tables = {table.displayName: table.ref for sheet in book.worksheets for table in sheet.tables.values()}
    assert {"tb_codes", "tb_codes_2", "tb_codes_3", "tb_reflections_4"} <= set(tables)
    assert [tables[name][-1] for name in ("tb_codes", "tb_codes_2", "tb_codes_3")] == ["5", "5", "4"]
    assert book["Codes 3"].freeze_panes == "C2"
    assert book["Codes 3"].print_title_rows == "$1:$1"
    assert len(book["Overzicht"]._charts) == 3  # type: ignore[attr-defined]  # as read back


def test_about_says_where_it_goes_on_and_still_adds_up(seed: Seed) -> None:
    _, book = make(seed, most_rows=MOST_ROWS)
    titles = [title for title in book.sheetnames if title.startswith("Over deze export")]
    about = {row[0]: row[1] for title in titles for row in book[title].iter_rows(min_row=2, values_only=True)}
    assert about["Blad Codes gaat verder in"] == "Codes 2, Codes 3"
    assert about["Sessies in de database"] == about["Reflecties in dit bestand"] == PEOPLE


def test_a_table_that_just_fits_goes_on_nowhere(seed: Seed) -> None:
    _, book = make(seed, most_rows=PEOPLE + 1)
    assert "Codes 2" not in book.sheetnames
    assert "Reflecties 2" in book.sheetnames, "it has two rows of headers"


def test_the_course_only_goes_up_and_ends_at_all(seed: Seed) -> None:
    steps: list[tuple[int, int]] = []
    make(seed, told=lambda done, total: steps.append((done, total)))
    assert [done for done, _ in steps] == sorted(done for done, _ in steps)
    assert {total for _, total in steps} == {PEOPLE}
    assert steps[-1] == (PEOPLE, PEOPLE)
    assert 0 < steps[1][0] < PEOPLE


def test_who_is_told_can_stop_it(seed: Seed) -> None:
    def enough(done: int, total: int) -> None:
        raise Unwanted

    with pytest.raises(Unwanted):
        make(seed, told=enough)
