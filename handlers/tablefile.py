"""Opens a table that somebody sent, distrusting it: CSV or XLSX, as lines of cells; openpyxl is loaded only then."""

import csv
import io
import warnings
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from fieldwork.texts import Texts
from forms.problems import Problems

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

MOST_ROWS = 2000
"""With the one that names the columns."""
_MOST_COLUMNS = 40
_MOST_SHEETS = 20
_LONGEST_FORMULA = 60
DAY_ZERO = date(1899, 12, 30)
"""In most files; some that began on a Mac count from 1904."""
_ZIP, _OLD_EXCEL = b"PK", bytes.fromhex("d0cf11e0a1b11ae1")
_NOT_TEXT = set(range(32)) - {9, 10, 13}


class NotATable(Exception):
    """The file is no table that can be read; `said` tells in a person's language what was found and expected."""

    def __init__(self, key: str, **values: str | int | Mapping[str, str]) -> None:
        super().__init__(key)
        self.key = key
        self.values = values

    def said(self, texts: Texts, language: str) -> str:
        """The sentence; a value by language is filled in in that language."""
        values = {name: value[language] if isinstance(value, Mapping) else value for name, value in self.values.items()}
        return texts.say(self.key, language, **values)


@dataclass(frozen=True, slots=True)
class Formula:
    """A cell that is worked out from others, and whose outcome the file does not hold."""

    text: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet's filled lines, each with its number as the spreadsheet counts."""

    name: str
    """'' where the file has no sheets."""
    lines: Sequence[tuple[int, Sequence[object]]]
    has_merged: bool = False
    """Whether cells are merged in the file: only the first of them holds something."""
    day_zero: date = DAY_ZERO
    """The day before that with the number 1, as the file counts days where a cell does not say that it holds one."""


def open_table(content: bytes) -> list[Sheet]:
    """The file's visible sheets; a CSV is one. Raises NotATable, and nothing else."""
    from forms.workbook import MAX_BYTES

    if len(content) > MAX_BYTES:
        raise NotATable("table.too_large", found=_megabytes(len(content)), most=_megabytes(MAX_BYTES))
    if content.startswith(_OLD_EXCEL):
        raise NotATable("table.old_excel")
    if content.startswith(_ZIP):
        return _workbook(content)
    return [Sheet("", [(number, line) for number, line in enumerate(_csv(content), start=1) if _is_filled(line)])]


def _is_filled(line: Sequence[object]) -> bool:
    return any(cell is not None and str(cell).strip() for cell in line)


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB"


def _csv(content: bytes) -> Iterator[Sequence[object]]:
    lines = _text(content).splitlines(keepends=True)
    if lines and lines[0].strip().casefold() in ("sep=;", "sep=,", "sep=\t"):
        lines[0] = "\n"
    first = next((line for line in lines if line.strip()), "")
    reader = csv.reader(lines, delimiter=max(";,\t", key=first.count))
    try:
        for line in reader:
            if reader.line_num > MOST_ROWS:
                raise NotATable("table.too_many_rows", most=MOST_ROWS)
            yield line[:_MOST_COLUMNS]
    except csv.Error as error:
        raise NotATable("table.broken_line", line=reader.line_num, reason=str(error)) from None


def _text(content: bytes) -> str:
    """The text of a CSV; Excel writes the alphabet of the computer where nobody asks for another."""
    try:
        text = content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    if any(ord(sign) in _NOT_TEXT for sign in text):
        raise NotATable("table.no_text")
    return text


def _workbook(content: bytes) -> list[Sheet]:
    parts = _sheet_parts(content)
    try:
        values, day_zero = _cells(content, data_only=True)
        formulas = _cells(content, data_only=False)[0] if any(b"<f" in part for part in parts) else values
    # What is read first, the archive, the XML or a cell, decides what a broken file raises.
    except Exception as error:
        raise NotATable("table.unreadable", reason=type(error).__name__) from None
    if any(number > MOST_ROWS for lines in formulas.values() for number in lines):
        raise NotATable("table.too_many_rows", most=MOST_ROWS)
    has_merged = any(b"<mergeCell " in part for part in parts)
    return [
        Sheet(
            name,
            [(number, _outcomes(values[name].get(number, ()), line)) for number, line in lines.items()],
            has_merged,
            day_zero,
        )
        for name, lines in formulas.items()
    ]


def _sheet_parts(content: bytes) -> list[bytes]:
    """The XML of each sheet."""
    from forms.workbook import expect_small_parts

    try:
        expect_small_parts(content)
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/")]
    except Problems as found:
        raise NotATable("table.refused", reason=found.problems[0].message) from None


Lines = dict[int, tuple[object, ...]]


def _cells(content: bytes, *, data_only: bool) -> tuple[dict[str, Lines], date]:
    """The visible sheets' filled lines, by number, and the day from which the file counts."""
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=data_only)
        try:
            shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"][:_MOST_SHEETS]
            return {sheet.title: _filled(sheet) for sheet in shown}, book.epoch.date()
        finally:
            book.close()


def _filled(sheet: "Worksheet") -> Lines:
    """More than is wanted of a sheet is not read."""
    rows = sheet.iter_rows(values_only=True, max_row=MOST_ROWS + 1, max_col=_MOST_COLUMNS)
    return {number: tuple(line) for number, line in enumerate(rows, start=1) if _is_filled(line)}


def _outcomes(values: Sequence[object], line: Sequence[object]) -> list[object]:
    """What each cell holds; a formula whose outcome is not in the file stays a formula."""
    values = (*values, *(None for _ in line[len(values) :]))
    return [
        Formula(cell[:_LONGEST_FORMULA]) if value is None and isinstance(cell, str) and cell.startswith("=") else value
        for value, cell in zip(values, line, strict=True)
    ]
