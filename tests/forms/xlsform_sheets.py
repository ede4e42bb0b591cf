"""Workbooks for tests: the project's own, and small ones written row by row."""

import io
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from openpyxl import Workbook

from forms.form import Form
from forms.xlsform import compile_workbook

Rows = Sequence[Sequence[str]]
QUESTIONNAIRE = Path(__file__).parents[2] / "forms" / "questionnaires" / "wijkwerkplaats_reflectie.xlsx"


@cache
def default_form() -> Form:
    return compile_workbook(QUESTIONNAIRE.read_bytes()).form


def written(sheets: dict[str, Rows]) -> bytes:
    """A workbook with these sheets, the first row of each its header."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def xlsform(survey: Rows, choices: Rows = ()) -> bytes:
    sheets: dict[str, Rows] = {"survey": survey, "settings": [["form_id", "version"], ["small", "1"]]}
    if choices:
        sheets["choices"] = choices
    return written(sheets)


def small_form(survey: Rows, choices: Rows = ()) -> Form:
    return compile_workbook(xlsform(survey, choices)).form
