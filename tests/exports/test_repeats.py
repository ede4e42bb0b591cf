"""Questions that are asked more than once: a sheet for each repeat, a row for each instance."""

import io
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

import pytest
from openpyxl import Workbook, load_workbook

from exports.period import everything
from exports.request import Request
from exports.workbook import forms_of, write_workbook
from forms.xlsform import Compiled, compile_workbook
from storage.database import snapshot
from tests.exports.seed import MONDAY, Seed, a_study
from tests.forms.xlsform_sheets import xlsform

ASKED = MONDAY + timedelta(hours=2)
ENDED = ASKED + timedelta(minutes=20)
TEN = 10


def a_roster() -> Compiled:
    survey = [
        ["type", "name", "label", "relevant", "calculation"],
        ["text", "street", "Street"],
        ["begin_repeat", "member", "Member"],
        ["text", "called", "Name"],
        ["integer", "age", "Age"],
        ["select_multiple likes", "likes", "Likes", "${age} > 3"],
        ["integer", "double", "Double?", "", "${age} * 2"],
        ["calculate", "place", "", "", "position(..)"],
        ["end_repeat"],
        ["calculate", "members", "", "", "count(${member})"],
        ["text", "after", "After"],
    ]
    likes = [["list_name", "name", "label"], ["likes", "sea", "Sea"], ["likes", "wood", "Wood"]]
    return compile_workbook(xlsform(survey, likes))


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbook]:
    with closing(Seed(tmp_path_factory.mktemp("repeats") / "terugblik.db")) as seed:
        form = seed.form(a_roster())
        for code in ("ANNA", "BRAM"):
            fill(seed, form, code)
        stream, study = io.BytesIO(), a_study()
        with snapshot(seed.path) as rows:
            request = Request(study, study.cities[0], forms_of(rows), everything(), "en", "1.2.3")
            write_workbook(rows, request, stream)
        yield load_workbook(stream)


def fill(seed: Seed, form: str, code: str) -> None:
    """Anna has three members, of whom one is a baby, and changes an age after sending; Bram has one."""
    person = seed.person(code)
    prompt = seed.prompt(seed.workshop(form, MONDAY), person, "completed", ASKED, ENDED)
    session = seed.session(form, person, prompt, ASKED, ENDED)
    ages = {"ANNA": ("41", "2", "8"), "BRAM": ("30",)}[code]
    seed.answer(session, "/data/street", "Kade")
    for number, age in enumerate(ages, start=1):
        place = f"/data/member[{number}]"
        if number > 1:
            seed.answer(session, place, "yes")
        seed.answers(session, {f"{place}/called": f"{code} {number}", f"{place}/age": age})
        if age != "2":
            seed.answer(session, f"{place}/likes", "sea wood" if number == 1 else "wood")
    if code == "ANNA":
        seed.answer(session, "/data/member[3]/double", "17")
        seed.answer(session, "/data/member[3]/age", "9", 2, said_on=ENDED + timedelta(hours=1), after_sending=True)


def table(book: Workbook, title: str) -> list[dict[str, object]]:
    head, *rows = book[title].iter_rows(values_only=True)
    return [dict(zip(map(str, head), row, strict=True)) for row in rows]


def test_a_repeat_has_a_sheet_of_its_own_behind_the_others(book: Workbook) -> None:
    assert book.sheetnames[TEN - 1 :] == ["About", "Repeat member"]


def test_each_instance_is_a_row_under_its_reflection(book: Workbook) -> None:
    rows = table(book, "Repeat member")
    about = ("person_code", "instance", "place", "called", "age", "likes", "likes__sea")
    assert [tuple(row[name] for name in about) for row in rows] == [
        ("ANNA", 1, 1, "ANNA 1", 41, "sea wood", 1),
        ("ANNA", 2, 2, "ANNA 2", 2, -88, -88),
        ("ANNA", 3, 3, "ANNA 3", 9, "wood", 0),
        ("BRAM", 1, 1, "BRAM 1", 30, "sea wood", 1),
    ]
    ids = {row["response_id"] for row in table(book, "Codes")}
    assert {row["response_id"] for row in rows} == ids


def test_what_is_asked_once_stays_in_the_wide_table(book: Workbook) -> None:
    first = table(book, "Codes")[0]
    assert first["street"] == "Kade"
    assert first["after"] == -96
    assert first["members"] == 3
    assert not {"called", "age", "likes", "place"} & first.keys()


def test_the_codebook_counts_instances_under_the_name_of_the_repeat(book: Workbook) -> None:
    rows = [row for row in book["Codebook"].iter_rows(min_row=2, values_only=True) if str(row[0]).startswith("member/")]
    counts = {(row[0], row[4]): row[9] for row in rows}
    assert counts["member/age", None] == 4
    assert counts["member/likes", "wood"] == 3


def test_open_answers_and_changes_tell_the_instance(book: Workbook) -> None:
    said = {row["question"]: row["text"] for row in table(book, "Open answers") if str(row["text"]).startswith("ANNA")}
    assert said == {f"called[{number}]": f"ANNA {number}" for number in (1, 2, 3)}
    (change,) = book["Revisions"].iter_rows(min_row=2, values_only=True)
    assert change[2] == "age[3]"
    assert change[5:] == ("8", "9")
