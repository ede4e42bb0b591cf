"""The workbook in which a coordinator fills in many workshops: a row each, and the city's people by code beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from fieldwork.study import City

FIELDWORKERS = 6
"""Columns for a team; more codes fit into one cell with a space between."""
_ROWS = 300
"""Rows that help who fills them in."""
_DARK, _GREY, _FONT = "1F4E5F", "7A7A7A", "Arial"
_WIDTHS = (14, 9, 9, 16, 20, 34, *(15,) * FIELDWORKERS)
_WORDS: Mapping[str, Mapping[str, Sequence[str]]] = {
    "nl": {
        "titles": ("Planning", "Mensen"),
        "headers": ("datum", "begin", "einde", "stad", "wijk", "titel"),
        "fieldworker": ("veldwerker",),
        "people": ("code", "doet mee", "krijgt vragen"),
        "example": ("Overvecht", "Voorbeeld: Groen in de straat"),
        "when": ("direct na de workshop", "de volgende ochtend"),
        "day": ("Datum", "Een dag die nog komt. Bijvoorbeeld: 12-03-2027"),
        "time": ("Tijd", "Bijvoorbeeld: 19:00"),
        "code": ("Code", "Kies een code van het blad Mensen. Wie dat is, zie je met /people in de bot."),
    },
    "en": {
        "titles": ("Planning", "People"),
        "headers": ("date", "start", "end", "city", "area", "title"),
        "fieldworker": ("fieldworker",),
        "people": ("code", "takes part", "gets questions"),
        "example": ("Overvecht", "Example: Green in the street"),
        "when": ("right after the workshop", "the next morning"),
        "day": ("Date", "A day that is still to come. For example: 12-03-2027"),
        "time": ("Time", "For example: 19:00"),
        "code": ("Code", "Pick a code of the sheet People. Who that is, you see with /people in the bot."),
    },
}


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who can be in a team: never their name."""

    code: str
    standing: str
    """How they take part, in words."""
    is_asked_in_the_morning: bool


def write_template(path: Path, city: City, people: Sequence[Member], today: date, language: str) -> None:
    """Write the workbook with one row as an example, which is not read back."""
    words = _WORDS[language]
    book = Workbook()
    planning = book.worksheets[0]
    planning.title = words["titles"][0]
    others = book.create_sheet(words["titles"][1])
    _write_people(others, people, words)
    _write_planning(planning, city, people, today, words)
    _check(planning, words, f"'{others.title}'!$A$2:$A${max(2, len(people) + 1)}", today, city)
    for sheet in (planning, others):
        sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    book.save(path)


def _write_planning(
    sheet: Worksheet, city: City, people: Sequence[Member], today: date, words: Mapping[str, Sequence[str]]
) -> None:
    numbered = [f"{words['fieldworker'][0]} {number}" for number in range(1, FIELDWORKERS + 1)]
    _head(sheet, (*words["headers"], *numbered), _WIDTHS)
    day = date(today.year + 1, 3, 12)
    codes = [person.code for person in people[:2]] or ["K7M4", "R2QX"]
    sheet.append([day, time(19), time(21), city.name, *words["example"], *codes])
    for cell in sheet[2]:
        cell.font = Font(name=_FONT, size=10, italic=True, color=_GREY)
    for row in sheet.iter_rows(min_row=2, max_row=_ROWS + 1, max_col=3):
        for cell, number_format in zip(row, ("dd-mm-yyyy", "hh:mm", "hh:mm"), strict=True):
            cell.number_format, cell.alignment = number_format, Alignment("left")


def _write_people(sheet: Worksheet, people: Sequence[Member], words: Mapping[str, Sequence[str]]) -> None:
    _head(sheet, words["people"], (10, 26, 26))
    for person in people:
        sheet.append([person.code, person.standing, words["when"][person.is_asked_in_the_morning]])
        for cell in sheet[sheet.max_row]:
            cell.font = Font(name=_FONT, size=10)
            cell.data_type = "s"


def _head(sheet: Worksheet, headers: Sequence[str], widths: Sequence[float]) -> None:
    sheet.append(list(headers))
    for place, (cell, width) in enumerate(zip(sheet[1], widths, strict=True), start=1):
        cell.font = Font(name=_FONT, size=10, bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor=_DARK)
        cell.alignment = Alignment(vertical="center")
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.freeze_panes = "A2"


def _check(sheet: Worksheet, words: Mapping[str, Sequence[str]], codes: str, today: date, city: City) -> None:
    """What a spreadsheet tells who fills in a cell. It warns and does not forbid: the bot reads more than this."""
    last = get_column_letter(len(_WIDTHS))
    first_day = str((today - date(1899, 12, 30)).days)
    day = DataValidation("date", operator="greaterThanOrEqual", formula1=first_day)
    clock = DataValidation("time", operator="between", formula1="0", formula2="0.99999")
    code = DataValidation("list", formula1=codes)
    where = DataValidation("list", formula1=f'"{city.name}"')
    for rule, cells, word in (
        (day, "A:A", "day"),
        (clock, "B:C", "time"),
        (code, f"G:{last}", "code"),
        (where, "D:D", ""),
    ):
        if word:
            title, prompt = words[word]
            rule.promptTitle, rule.prompt, rule.errorTitle, rule.error = title, prompt, title, prompt
            rule.showInputMessage = True
        rule.allowBlank, rule.showErrorMessage, rule.errorStyle = True, True, "warning"
        first, _, end = cells.partition(":")
        rule.add(f"{first}2:{end}{_ROWS + 1}")
        sheet.add_data_validation(rule)
