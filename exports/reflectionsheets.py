"""The sheets of answers: for readers, as codes, open answers, codebook, and what was changed after sending."""

from collections.abc import Iterator, Sequence
from itertools import chain

from exports import cells
from exports.codebook import Figures, Variable, choice_label, codebook_rows, heading, variable_rows
from exports.dataset import ABOUT, ID_WIDTH, AboutColumn, Missing, Reflection, is_scale, name_of
from exports.enclosing import FOLDER
from exports.openanswers import open_answers
from exports.request import Material, Request, code_row, repeat_rows
from exports.sheets import Absent, Block, Cell, Column, Link, Row, Sheet, Style
from exports.words import ABOUT_REFLECTION, CODES, MISSING, pick, word
from forms.question import Kind, Question
from storage.exporting import AnswerRow, RevisionRow

_TWO_LINES = 28
"""Characters in which the id of a reflection stands on two lines."""
_MOST_TOLD_LINES = 20
"""Of an open answer; rows as high as a screen cannot be leafed through, and Open answers has the whole text."""
_SPOKEN = frozenset({"role", "language", "state"})
"""Columns whose codes have words in the sheet for readers."""


def reflection_sheet(material: Material) -> Sheet:
    """One row per reflection in words; the label of each question above its variable's name."""
    request = material.request
    shown = [variable for variable in material.variables if variable.option is None and not variable.is_hidden]
    first, last = _about_columns()
    columns = [
        *(_about_column(column, request.language) for column in first),
        *(_question_column(variable, request.language) for variable in shown),
        *(_about_column(column, request.language) for column in last),
    ]
    block = Block("reflections", columns, _reflection_rows(material, shown))
    return Sheet(word("sheet", "reflections", request.language), [block], frozen_columns=2)


def _about_columns() -> tuple[list[AboutColumn], list[AboutColumn]]:
    """What a reader wants before the questions, and what after them."""
    shown = [column for column in ABOUT if not column.is_technical]
    return [c for c in shown if c.is_key], [c for c in shown if not c.is_key]


def _about_column(column: AboutColumn, language: str) -> Column:
    label = pick(ABOUT_REFLECTION[column.name], language)
    if column.name == "response_id":
        return Column(column.name, Style.WRAPPED, _TWO_LINES, label)
    style = Style.TEXT if column.name == "is_late" else column.style
    return Column(column.name, style, _wide_enough(column.name, column.width), label)


def _question_column(variable: Variable, language: str) -> Column:
    question = variable.question
    label = heading(question.labels, language)
    if question.kind is Kind.TEXT:
        return Column(variable.header, Style.WRAPPED, 44, label, _MOST_TOLD_LINES)
    if question.kind.is_number or is_scale(question):
        return Column(variable.header, Style.FIGURE, 20, label)
    return Column(variable.header, Style.WRAPPED, 26, label)


def _reflection_rows(material: Material, shown: Sequence[Variable]) -> Iterator[Row]:
    request = material.request
    first, last = _about_columns()
    for reflection in material.reflections:
        yield [
            *(_about_value(column, reflection, request) for column in first),
            *(_shown(variable, reflection, material) for variable in shown),
            *(_about_value(column, reflection, request) for column in last),
        ]


def _shown(variable: Variable, reflection: Reflection, material: Material) -> Cell:
    """What was answered, in words; a file that lies beside the workbook opens."""
    value = variable.label(reflection, material.request.language)
    return _linked(value, material) if variable.question.kind.is_media and isinstance(value, str) else value


def _linked(file: str, material: Material) -> str:
    """The name of a file, as a link where the file goes along."""
    found = material.enclosed is not None and file in material.enclosed.files
    return Link(f"{FOLDER}/{file}") if found else file


def _about_value(column: AboutColumn, reflection: Reflection, request: Request) -> Cell:
    value = column.take(reflection, request.study.timezone, request.cities)
    if column.name in _SPOKEN and value:
        return "; ".join(pick(CODES.get(code, (code, code)), request.language) for code in str(value).split())
    if column.name == "is_late":
        return word("phrase", "yes" if value else "no", request.language)
    return value


def code_sheet(material: Material) -> Sheet:
    """The same rows as codes, under one row of variable names."""
    columns = [
        *(Column(column.name, column.style, _wide_enough(column.name, column.width)) for column in ABOUT),
        *(_code_column(variable) for variable in material.variables),
    ]
    rows = (code_row(each, material.variables, material.request) for each in material.reflections)
    return Sheet(word("sheet", "codes", material.request.language), [Block("codes", columns, rows)], frozen_columns=2)


def repeat_sheets(material: Material) -> list[Sheet]:
    """A sheet for each repeat: one row per instance as codes, under the reflection it belongs to."""
    return [
        Sheet(
            word("phrase", "repeat", material.request.language, name=name),
            [
                Block(
                    f"repeat_{number}",
                    [
                        Column("response_id", Style.TEXT, ID_WIDTH),
                        Column("instance", Style.WHOLE, 10),
                        Column("person_code", Style.TEXT, 12),
                        *(_code_column(variable) for variable in wanted),
                    ],
                    _instance_rows(material, name, wanted),
                )
            ],
            frozen_columns=2,
        )
        for number, (name, wanted) in enumerate(material.repeats.items(), start=1)
    ]


def _instance_rows(material: Material, name: str, wanted: Sequence[Variable]) -> Iterator[Row]:
    for reflection in material.reflections:
        yield from repeat_rows(reflection, name, wanted)


def _code_column(variable: Variable) -> Column:
    style = Style.WHOLE if variable.option or is_scale(variable.question) else Style.CODE
    width = 30 if variable.question.kind is Kind.TEXT and not variable.is_hidden else 10
    return Column(variable.header, style, _wide_enough(variable.header, width))


def _wide_enough(header: str, width: float) -> float:
    """Room for the header and the button of its filter."""
    return max(width, len(header) + 4)


_OPEN_COLUMNS = (
    Column("response_id", Style.TEXT, ID_WIDTH),
    Column("question", Style.TEXT, 18),
    Column("part", Style.FIGURE, 7),
    Column("piece", Style.FIGURE, 7),
    Column("kind", Style.TEXT, 9),
    Column("text", Style.WRAPPED, 90),
    Column("file", Style.TEXT, 24),
    Column("seconds", Style.WHOLE, 10),
    Column("language", Style.TEXT, 10),
)


def open_answer_sheet(material: Material) -> Sheet:
    """One row per message of an open answer, the whole text; headers as programs for analysis read them."""
    rows = (row for reflection in material.reflections for row in _open_rows(reflection, material))
    title = word("sheet", "open", material.request.language)
    return Sheet(title, [Block("open_answers", _OPEN_COLUMNS, rows)], frozen_columns=2)


def _open_rows(reflection: Reflection, material: Material) -> Iterator[Row]:
    for told in open_answers(reflection):
        for position, part in enumerate(told.parts, start=1):
            for piece, text in enumerate(cells.pieces(part.text), start=1):
                yield [
                    reflection.about.response_id,
                    told.name,
                    position,
                    piece,
                    part.kind,
                    text or None,
                    _linked(part.file, material) or None,
                    part.seconds,
                    told.answer.language,
                ]


def codebook_sheet(material: Material) -> Sheet:
    """What every column of the code sheet means, and how often each code occurs."""
    request = material.request
    widths = {
        "question_nl": 44,
        "question_en": 44,
        "label_nl": 34,
        "label_en": 34,
        "line": 26,
        "variable": 26,
        "type": 22,
        "code": 23,
    }
    names = ("variable", "question_nl", "question_en", "type", "code", "label_nl", "label_en", "line", "versions")
    wrapped = {"question_nl", "question_en", "label_nl", "label_en", "line"}
    columns = [
        Column(
            word("header", name, request.language),
            Style.WRAPPED if name in wrapped else Style.FIGURE,
            widths.get(name, 13),
        )
        for name in names
    ]
    columns.append(Column("n", Style.WHOLE, 7))
    columns += [Column(f"{code.value} {pick(MISSING[code], request.language)}", Style.WHOLE, 16) for code in Missing]
    lines = {line.code: line for line in request.study.lines}
    totals = material.totals
    rows = chain(
        codebook_rows(material.variables, totals.figures, totals.rows, lines, request.language),
        *(
            variable_rows(wanted, totals.within.get(name, Figures()), lines, request.language, name)
            for name, wanted in material.repeats.items()
        ),
    )
    return Sheet(word("sheet", "codebook", request.language), [Block("codebook", columns, rows)], frozen_columns=1)


def revision_sheet(material: Material) -> Sheet:
    """What was changed after sending: what it was and what it is."""
    language = material.request.language
    columns = [
        Column("response_id", Style.TEXT, ID_WIDTH),
        Column("person_code", Style.TEXT, 12),
        Column(word("header", "variable", language), Style.TEXT, 18),
        Column(word("header", "question", language), Style.WRAPPED, 44),
        Column(word("header", "changed", language), Style.MOMENT, 17),
        Column(word("header", "before", language), Style.WRAPPED, 40),
        Column(word("header", "after", language), Style.WRAPPED, 40),
    ]
    rows = (_revision_row(revision, material.request) for revision in material.revisions)
    return Sheet(word("sheet", "revisions", language), [Block("revisions", columns, rows)], frozen_columns=2)


def _revision_row(revision: RevisionRow, request: Request) -> Row:
    question = request.forms[revision.form_hash].question(revision.path)
    return [
        revision.response_id,
        revision.person_code,
        name_of(question),
        heading(question.labels, request.language),
        request.local(revision.changed_on),
        _worded(question, revision.before, request.language),
        _worded(question, revision.after, request.language),
    ]


def _worded(question: Question, answer: AnswerRow | None, language: str) -> Cell:
    if answer is None:
        return None
    if answer.outcome != "answered":
        return Absent(pick(CODES[answer.outcome], language))
    if question.kind.is_select:
        return "; ".join(choice_label(question.choices, name, language) for name in answer.value.split())
    return answer.value
