"""What an author is told about a workbook that cannot be used."""

import io
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms.problems import Problems, Severity, errors
from forms.xform import read_xform
from forms.xlsform import check_workbook, compile_workbook
from tests.forms.xlsform_sheets import QUESTIONNAIRE, Rows, written, xlsform

CHOICES = [["list_name", "name", "label"], ["yn", "yes", "Yes"], ["yn", "no", "No"]]
HEADER = ["type", "name", "label", "relevant"]


def told(survey: Rows, choices: Rows = CHOICES, language: str = "en") -> list[str]:
    return [problem.text(language) for problem in check_workbook(xlsform(survey, choices))]


def test_a_misspelt_column_is_told_with_its_row_and_the_likely_word() -> None:
    filler = [["text", f"q{i}", "Q", ""] for i in range(12)]
    survey = [["type", "name", "label", "relevent"], *filler, ["text", "last", "Q", "${q1} = 'a'"]]
    assert told(survey) == ['survey, row 14, column "relevent": unknown, would be ignored. Did you mean "relevant"?']
    assert told(survey, language="nl") == [
        'survey, rij 14, kolom "relevent": onbekend, zou worden overgeslagen. Bedoelde je "relevant"?'
    ]


def test_a_column_of_the_authors_own_is_told_as_ignored_and_stops_nothing() -> None:
    content = xlsform([["type", "name", "label", "afkomst"], ["text", "a", "A", "Arnstein"]])
    (problem,) = check_workbook(content)
    assert problem.severity is Severity.IGNORED
    assert compile_workbook(content).warnings == (problem,)


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (["txt", "a", "A"], 'survey, row 2, column "type": there is no type "txt". Did you mean "text"?'),
        (["geotrace", "a", "A"], 'survey, row 2, column "type": this bot cannot ask the type "geotrace".'),
        (["rank yn", "a", "A"], 'survey, row 2, column "type": this bot cannot do rank yet.'),
        (["barcode", "a", "A"], 'survey, row 2, column "type": this bot cannot do barcode yet.'),
        (
            ["text", "a", "A", "frobnicate(1)"],
            'survey, row 2, column "relevant": character 1 of "frobnicate(1)": '
            "this bot does not know the function frobnicate().",
        ),
        (["text", "", "A"], 'survey, row 2, column "name": this row has no name.'),
        (["", "a", "A"], 'survey, row 2, column "type": this row has no type.'),
        (
            ["text", "1a", "A"],
            'survey, row 2, column "name": "1a" cannot be a name. Start with a letter; use letters, digits and _.',
        ),
        (
            ["select_one yesno", "a", "A"],
            'survey, row 2, column "type": the list "yesno" is not on the sheet "choices".',
        ),
        (["select_one", "a", "A"], 'survey, row 2, column "type": this type needs the name of a list of choices.'),
        (
            ["text", "a", "A", "${later} = 1"],
            'survey, row 2, column "relevant": character 1 of "${later} = 1": there is no question "later".',
        ),
        (
            ["text", "a", "A", "pulldata('x')"],
            'survey, row 2, column "relevant": character 1 of "pulldata(\'x\')": '
            "this bot cannot do the function pulldata().",
        ),
        (
            ["text", "a", "A", "(1 = 1"],
            'survey, row 2, column "relevant": "(1 = 1" is not finished. Is a bracket or a value missing?',
        ),
        (["text", "a", "A", "closing"], 'survey, row 2, column "relevant": "closing" refers to nothing in this form.'),
        (
            ["text", "a", "Hello ${nobody}"],
            'survey, row 2, column "label": character 7 of "Hello ${nobody}": there is no question "nobody".',
        ),
        (
            ["text", "z_last", "A"],
            'survey, row 3, column "name": the name "z_last" is there more than once. A name belongs to one question.',
        ),
    ],
)
def test_each_wrong_cell_is_told_in_one_plain_sentence(row: list[str], sentence: str) -> None:
    assert sentence in told([HEADER, row, ["text", "z_last", "Z"]])


def test_all_problems_are_told_at_once_in_the_order_of_the_sheet() -> None:
    survey = [HEADER, ["txt", "a", "A"], ["text", "", "B"], ["text", "c", "C", "1 +"]]
    problems = errors(check_workbook(xlsform(survey)))
    assert [(problem.row, problem.column) for problem in problems] == [(2, "type"), (3, "name"), (4, "relevant")]


def test_a_ring_of_conditions_is_told_at_its_row() -> None:
    survey = [HEADER, ["text", "a", "A", "${b} = 1"], ["text", "b", "B", "${a} = 1"]]
    assert told(survey) == ["survey, row 2: a → b → a depends on itself."]


def test_choices_are_checked_too() -> None:
    choices = [["list_name", "name", "label"], ["yn", "a b", "X"], ["yn", "c", "X"], ["yn", "c", "Y"], ["yn", "", "Z"]]
    assert told([HEADER, ["select_one yn", "a", "A"]], choices) == [
        'choices, row 2, column "name": the code "a b" has a space. Codes are stored with a space between them.',
        'choices, row 4, column "name": the code "c" is in this list twice.',
        'choices, row 5, column "name": this row has no name.',
    ]


def test_missing_columns_and_sheets_are_named() -> None:
    assert told([["type", "label"], ["text", "A"]]) == ['survey, row 1: the column "name" is missing.']
    sheets = written({"vragen": [["type", "name"]], "settings": [["form_id"], ["x"]]})
    assert [problem.text("nl") for problem in check_workbook(sheets)] == [
        'Er is geen blad "survey". Daar horen de vragen te staan.'
    ]
    assert errors(check_workbook(xlsform([["type", "name", "label"]])))


def test_what_only_the_compiler_sees_is_told_with_its_row() -> None:
    survey = [HEADER, ["begin_group", "g", "G"], ["text", "a", "A"]]
    (problem,) = errors(check_workbook(xlsform(survey)))
    assert "XLSForm compiler" in problem.text("en")
    assert "XLSForm-vertaler" in problem.text("nl")


def repacked(change: Callable[[bytes], bytes]) -> bytes:
    """The questionnaire with its survey sheet's XML changed."""
    packed = io.BytesIO()
    with zipfile.ZipFile(QUESTIONNAIRE) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            part = source.read(name)
            target.writestr(name, change(part) if name.endswith("sheet1.xml") else part)
    return packed.getvalue()


DOCTYPE = b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet'
HOSTILE = {
    "nothing": b"",
    "text named xlsx": b"type,name\ntext,a",
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(200),
    "a broken zip": b"PK\x03\x04" + bytes(200),
    "an empty old workbook": bytes.fromhex("d0cf11e0a1b11ae1") + bytes(2000),
    "three megabytes": bytes(3_000_000),
    "entities": repacked(lambda part: part.replace(b"<worksheet", DOCTYPE, 1)),
    "a bomb": repacked(lambda part: part + b" " * 40_000_000),
    "deep nesting": repacked(lambda part: part.replace(b"<sheetData>", b"<sheetData>" + b"<a>" * 50_000)),
    "half a sheet": repacked(lambda part: part[: len(part) // 2]),
    "too many rows": xlsform([HEADER, *(["text", f"q{i}", "Q"] for i in range(2_100))]),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_ends_in_a_sentence(name: str) -> None:
    with pytest.raises(Problems) as refused:
        compile_workbook(HOSTILE[name])
    assert all(problem.text("nl") and problem.text("en") for problem in refused.value.problems)


def test_a_zip_without_sheets_ends_in_a_sentence() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as target:
        target.writestr("hello.txt", "hello")
    (problem,) = check_workbook(packed.getvalue())
    assert problem.text("en").startswith("This workbook cannot be read")


@given(st.binary(max_size=400), st.sampled_from([b"", b"PK\x03\x04", bytes.fromhex("d0cf11e0a1b11ae1")]))
@settings(max_examples=100, deadline=None)
def test_random_bytes_end_in_problems(content: bytes, magic: bytes) -> None:
    with pytest.raises(Problems):
        compile_workbook(magic + content)


@given(st.integers(0, 12_000), st.binary(min_size=1, max_size=6))
@settings(max_examples=40, deadline=None)
def test_a_damaged_questionnaire_compiles_or_ends_in_problems(place: int, damage: bytes) -> None:
    content = QUESTIONNAIRE.read_bytes()
    check_workbook(content[:place] + damage + content[place + len(damage) :])


CELLS = st.sampled_from(
    [
        "",
        "text",
        "select_one yn",
        "begin_group",
        "end_group",
        "note",
        "a",
        "b",
        "${a}",
        "${a} = 1",
        "not(",
        "Hé",
        "calculate",
    ]
)


@given(st.lists(st.tuples(CELLS, CELLS, CELLS, CELLS), min_size=1, max_size=6))
@settings(max_examples=60, deadline=None)
def test_any_rows_compile_or_end_in_problems(rows: list[tuple[str, str, str, str]]) -> None:
    for problem in check_workbook(xlsform([HEADER, *rows], CHOICES)):
        assert problem.text("nl") != problem.text("en")


@pytest.mark.parametrize("xml", ["", "<a/>", "<a", "<!DOCTYPE a><a/>", "<instance><d/></instance>", "<instance/>"])
def test_xml_that_is_no_form_ends_in_problems(xml: str) -> None:
    with pytest.raises(Problems):
        read_xform(xml)
