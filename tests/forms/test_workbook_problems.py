"""What an author is told about a workbook that cannot be used."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.problems import Problems, Severity, errors
from forms.walk import begin
from forms.xform import read_xform
from forms.xlsform import check_workbook, compile_workbook
from tests.examples import examples
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


def test_a_quote_that_is_routed_by_a_question_that_is_not_there_is_told() -> None:
    survey = [["type", "name", "label", "bind::quotable"], ["text", "a", "A", "domein"], ["text", "b", "B", "yes"]]
    assert told(survey) == ['survey, row 2, column "quotable": "domein" refers to nothing in this form.']


def test_a_hidden_field_for_the_earlier_answer_to_a_question_that_is_not_there_is_a_warning() -> None:
    survey = [HEADER, ["hidden", "previous_nxt", ""], ["hidden", "previous_next", ""], ["text", "next", "Next?"]]
    (problem,) = check_workbook(xlsform(survey, CHOICES))
    assert problem.severity is Severity.WARNING
    assert problem.text("en") == (
        'survey, row 2, column "name": there is no question "nxt". So this field stays empty. Did you mean "next"?'
    )


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
            'this bot cannot do the function pulldata(). Put the rows on the sheet "choices" and read them so: '
            "instance('list')/root/item[name = ${a}]/price.",
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
    assert told(survey) == ['survey, row 2, column "relevant": a → b → a depends on itself.']


def test_a_column_of_ones_own_in_a_list_does_not_stop_the_form() -> None:
    choices = [["list_name", "name", "label", "label2"], ["yn", "yes", "Yes", "x"]]
    (problem,) = check_workbook(xlsform([HEADER, ["select_one yn", "a", "A"]], choices))
    assert problem.text("en") == 'choices, row 2, column "label2": unknown, is ignored. Did you mean "label"?'
    assert problem.severity is Severity.WARNING
    slip = [["list_name", "name", "lable"], ["yn", "yes", "Yes"]]
    assert errors(check_workbook(xlsform([HEADER, ["select_one yn", "a", "A"]], slip)))


def test_one_cell_may_hold_more_than_one_mistake() -> None:
    found = told([[*HEADER[:2], "relevant"], ["text", "a", "fooo(1) + ${b}"]])
    assert [sentence.rpartition(": ")[2] for sentence in found[:2]] == [
        "this bot does not know the function fooo().",
        'there is no question "b".',
    ]
    twice = [["list_name", "name", "label"], ["yn", "a b", "X"], ["yn", "a b", "Y"]]
    assert len(told([HEADER, ["select_one yn", "a", "A"]], twice)) == 3


def test_a_sheet_that_is_called_almost_right_is_told() -> None:
    sheets: dict[str, Rows] = {
        "survey": [HEADER, ["select_one yn", "a", "A"]],
        "choises": CHOICES,
        "settings": [["form_id"], ["x"]],
    }
    found = [problem.text("nl") for problem in check_workbook(written(sheets))]
    assert 'Het blad "choises" is onbekend en wordt overgeslagen. Bedoelde je "choices"?' in found


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


def test_every_ring_is_told_at_once() -> None:
    survey = [
        ["type", "name", "label", "relevant", "calculation"],
        ["text", "a", "A", "${a} = 1"],
        ["begin_group", "g", "G", "${b} = 1"],
        ["text", "b", "B"],
        ["end_group"],
        ["calculate", "c", "", "", "${d} + 1"],
        ["calculate", "d", "", "", "${c} + 1"],
        ["begin_repeat", "r", "R"],
        ["calculate", "e", "", "", "indexed-repeat(${e}, ${r}, position(..) - 1) + 1"],
        ["end_repeat"],
        ["text", "f", "F", "", "${a}"],
    ]
    assert [(one.row, one.column, one.found) for one in errors(check_workbook(xlsform(survey)))] == [
        (2, "relevant", "${a} = 1"),
        (3, "relevant", "${b} = 1"),
        (6, "calculation", "${d} + 1"),
    ]


def test_groups_that_do_not_match_are_told_at_their_rows() -> None:
    survey = [
        HEADER,
        ["begin_group", "g", "G"],
        ["end time", "when", ""],
        ["begin_repeat", "r", "R"],
        ["begin repeat", "s", "S"],
        ["text", "a", "A"],
        ["end_repeat"],
        ["end_group"],
    ]
    assert [(one.row, one.text("en").partition(": ")[2]) for one in errors(check_workbook(xlsform(survey)))] == [
        (2, '"begin_group" is never ended. Put a row with end_group below it.'),
        (4, '"begin_repeat" is never ended. Put a row with end_repeat below it.'),
        (5, "this bot cannot do a repeat within a repeat."),
        (8, '"end_group" ends nothing: begin_repeat is open here.'),
    ]


def test_what_only_the_compiler_sees_is_told_with_its_row() -> None:
    survey = [["type", "name", "label", "parameters"], ["text", "a", "A", "rows=many"], ["range", "r", "R", "start=a"]]
    (problem,) = errors(check_workbook(xlsform(survey)))
    assert "XLSForm compiler" in problem.text("en")
    assert "XLSForm-vertaler" in problem.text("nl")


def test_a_question_without_words_is_told_at_its_row_in_the_authors_language() -> None:
    survey = [HEADER, ["text", "a", "A", ""], ["text", "b", "", ""]]
    assert told(survey) == ['survey, row 3, column "label": this question has no words. Fill in a label or a hint.']
    assert told(survey, language="nl")[0].endswith("deze vraag heeft geen woorden. Vul een label of een hint in.")


def test_a_choice_without_words_is_told_and_shown_by_its_code() -> None:
    choices = [
        ["list_name", "name", "label::Nederlands (nl)", "label::English (en)"],
        *(["yn", "ja", "", ""], ["yn", "nee", "Nee", "No"]),
    ]
    survey = [["type", "name", "label::Nederlands (nl)", "label::English (en)"], ["select_one yn", "a", "A?", "A?"]]
    assert told(survey, choices) == [
        'choices, row 2, column "label": this choice has no words. The bot shows its code.'
    ]
    walk = begin(compile_workbook(xlsform(survey, choices)).form, {})
    assert [walk.choice_label(walk.items()[0], code, "nl") for code in ("ja", "nee")] == ["ja", "Nee"]


def test_a_zip_without_sheets_ends_in_a_sentence() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as target:
        target.writestr("hello.txt", "hello")
    (problem,) = check_workbook(packed.getvalue())
    assert problem.text("en").startswith("This workbook cannot be read")


@given(st.binary(max_size=400), st.sampled_from([b"", b"PK\x03\x04", bytes.fromhex("d0cf11e0a1b11ae1")]))
@examples(60)
def test_random_bytes_end_in_problems(content: bytes, magic: bytes) -> None:
    with pytest.raises(Problems):
        compile_workbook(magic + content)


@given(st.integers(0, 12_000), st.binary(min_size=1, max_size=6))
@examples(20)
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
@examples(25)
def test_any_rows_compile_or_end_in_problems(rows: list[tuple[str, str, str, str]]) -> None:
    for problem in check_workbook(xlsform([HEADER, *rows], CHOICES)):
        assert problem.text("nl") != problem.text("en")


@pytest.mark.parametrize("xml", ["", "<a/>", "<a", "<!DOCTYPE a><a/>", "<instance><d/></instance>", "<instance/>"])
def test_xml_that_is_no_form_ends_in_problems(xml: str) -> None:
    with pytest.raises(Problems):
        read_xform(xml)


_LOOKING = (
    'survey, row 2, column "relevant": character 1 of "regex(${{z_last}}, \'{0}\')": "{0}" looks ahead or back, '
    "which this bot cannot. Describe the whole answer, such as [0-9]{{4}}[A-Z]{{2}}."
)
_SIGNED = (
    'survey, row 2, column "relevant": character 1 of "extract-signed(${z_last}, \'k\') = 1": '
    "this bot cannot do the function extract-signed(). "
    "Ask for the code with text and check it with a pattern: regex(., '[A-Z]{2}[0-9]{6}')."
)


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (["select_one_from_file a.csv", "a", "A"], 'the form reads the file "a.csv"'),
        (["select_one_external yn", "a", "A"], "cannot read files beside the form"),
        (["geoshape", "a", "A"], 'this bot cannot ask the type "geoshape"'),
        (["background-audio", "a", "A"], 'this bot cannot ask the type "background-audio"'),
        (["text", "a", "A", "${last-saved#z_last} = 1"], "this bot cannot do last-saved"),
        (["text", "a", "A", "regex(${z_last}, '(?=a)b')"], _LOOKING.format("(?=a)b")),
        (["text", "a", "A", "regex(${z_last}, '(?<!a)b')"], _LOOKING.format("(?<!a)b")),
        (["text", "a", "A", "extract-signed(${z_last}, 'k') = 1"], _SIGNED),
        (["text", "a", "A", "round(1, 2, 3) = 1"], "round() needs 1 to 2 values"),
        (["text", "a", "A", "${z_last} = „x„"], "use straight quotation marks"),
    ],
)
def test_what_is_refused_is_named(row: list[str], sentence: str) -> None:
    assert any(sentence in line for line in told([HEADER, row, ["text", "z_last", "Z"]]))


@pytest.mark.parametrize(
    ("type_cell", "default", "sentence"),
    [
        ("integer", "many", '"many" does not fit the type "integer" and'),
        ("date", "22-11-2026", '"22-11-2026" does not fit the type "date" and'),
        ("select_one yn", "maybe", '"maybe" does not fit the type "select_one yn" and'),
        ("text", "Kanaleneiland * Noord", '"Kanaleneiland * Noord" is read as an expression'),
    ],
)
def test_a_default_that_does_not_fit_is_told(type_cell: str, default: str, sentence: str) -> None:
    lines = told([["type", "name", "label", "default"], [type_cell, "a", "A", default]])
    assert any(sentence in line and 'column "default"' in line for line in lines)


def test_what_makes_a_form_hard_to_answer_is_a_warning() -> None:
    survey = [
        ["type", "name", "label::Nederlands (nl)", "label::English (en)"],
        ["select_one long", "a", "Vraag", ""],
        *([["text", f"q{i}", "V" * (4_000 if i == 3 else 9), "Q"] for i in range(30)]),
    ]
    choices = [["list_name", "name", "label"], *(["long", f"c{i}", "L" * (120 if i == 5 else 5)] for i in range(120))]
    found = check_workbook(xlsform(survey, choices))
    assert {problem.severity for problem in found} == {Severity.WARNING}
    lines = "\n".join(problem.text("en") for problem in found)
    for words in ("31 questions", "missing here in: English (en)", "4000 characters", "120 choices", "for a button"):
        assert words in lines


@pytest.mark.parametrize(
    ("inside", "named"),
    [
        ('<instance id="x" src="jr://file-csv/x.csv"/>', "x.csv"),
        ('<instance id="x" src="jr://instance/last-saved"/>', "last-saved"),
        ('<submission base64RsaPublicKey="abc"/>', "encryption"),
        ('<setgeopoint ref="/d/q" event="odk-instance-first-load"/>', "setgeopoint"),
    ],
)
def test_an_xform_of_another_program_is_refused_by_name(inside: str, named: str) -> None:
    xml = (
        '<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"><h:head><model>'
        f'<instance><d id="d"><q/></d></instance>{inside}<bind nodeset="/d/q" type="string"/></model></h:head>'
        '<h:body><input ref="/d/q"><label>Q</label></input></h:body></h:html>'
    )
    (problem,) = check_workbook(xml.encode())
    assert named in problem.text("en")
    assert compile_workbook(xml.replace(inside, "").encode()).form.questions[0].name == "q"
