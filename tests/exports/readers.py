"""Two readers of a workbook that have nothing in common: openpyxl, and LibreOffice by way of its own format."""

import subprocess
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from lxml import etree
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape

Kind = Literal["text", "number", "moment", "empty", "formula", "error"]
Found = tuple[Kind, object]
"""What a cell is, and its value."""
_EMPTY: Found = ("empty", None)
_KINDS: dict[str, Kind] = {"s": "text", "inlineStr": "text", "n": "number", "d": "moment", "f": "formula", "e": "error"}
_MOST_REPEATS = 1000


@dataclass(frozen=True, slots=True)
class Read:
    """What a reader makes of a file; empty cells at the end of a row and empty rows at the end are left out."""

    sheets: dict[str, list[list[Found]]]
    tables: dict[str, str]
    """Their names, with the titles of the sheets they are in."""

    def column(self, title: str, place: int = 0) -> list[Found]:
        """A column of a sheet, from the top."""
        return [row[place] if place < len(row) else _EMPTY for row in self.sheets[title]]


def by_openpyxl(path: Path) -> Read:
    """As openpyxl reads it."""
    book = load_workbook(path)
    sheets = {
        sheet.title: _trimmed([[_found(cell.data_type, cell.value) for cell in row] for row in sheet.iter_rows()])
        for sheet in book.worksheets
    }
    return Read(sheets, {name: sheet.title for sheet in book.worksheets for name in sheet.tables})


def _found(data_type: str, value: object) -> Found:
    if value is None:
        return _EMPTY
    kind = _KINDS[data_type]
    return kind, unescape(value) if kind == "text" and isinstance(value, str) else value


def as_fods(folder: Path, *paths: Path) -> list[Path]:
    """The files as LibreOffice writes them in its own format, having read them; it starts once for all."""
    profile = (folder / "profile").as_uri()
    words = ("--headless", "--convert-to", "fods", "--outdir", str(folder), *map(str, paths))
    subprocess.run(
        ["soffice", f"-env:UserInstallation={profile}", *words], check=True, capture_output=True, timeout=180
    )
    return [folder / f"{path.stem}.fods" for path in paths]


def parsed(path: Path) -> etree._Element:
    """The document of `as_fods`."""
    return etree.parse(str(path), etree.XMLParser(huge_tree=True)).getroot()


def by_libreoffice(root: etree._Element) -> Read:
    """As LibreOffice read it."""
    sheets = {attribute(table, "name") or "": rows_of(table) for table in tables_of(root)}
    ranges = root.iter("{*}database-range")
    tables = {attribute(one, "name") or "": (attribute(one, "target-range-address") or "") for one in ranges}
    return Read(sheets, {name: address.rpartition(".")[0].partition(":")[0] for name, address in tables.items()})


def tables_of(root: etree._Element) -> list[etree._Element]:
    """The sheets; a chart keeps a table of its own inside one."""
    return [table for book in root.iter("{*}spreadsheet") for table in book.findall("{*}table")]


def charts_of(root: etree._Element) -> list[etree._Element]:
    """The charts, each with the table of what it draws."""
    return [chart for holder in root.iter("{*}chart") for chart in holder.findall("{*}chart")]


def rows_of(table: etree._Element) -> list[list[Found]]:
    """The cells of a sheet, or of what a chart draws."""
    rows: list[list[Found]] = []
    for row in table.iter("{*}table-row"):
        if next(row.iterancestors("{*}table")) is not table:
            continue
        cells: list[Found] = []
        for cell in row:
            times = int(attribute(cell, "number-columns-repeated") or 1)
            cells += [_cell(cell)] * (times if times < _MOST_REPEATS else 0)
        times = int(attribute(row, "number-rows-repeated") or 1)
        rows += [cells] * (times if times < _MOST_REPEATS else 0)
    return _trimmed(rows)


def _cell(cell: etree._Element) -> Found:
    if attribute(cell, "formula"):
        return "formula", attribute(cell, "formula")
    match attribute(cell, "value-type"):
        case "float" | "percentage":
            return "number", float(attribute(cell, "value") or "nan")
        case "date":
            return "moment", datetime.fromisoformat(attribute(cell, "date-value") or "")
        case "string":
            # The words of charts and notes inside a cell are no part of its text.
            return "text", "\n".join(_words(paragraph) for paragraph in cell.findall("{*}p"))
        case _:
            return _EMPTY


def _trimmed(rows: list[list[Found]]) -> list[list[Found]]:
    kept = [row[: max((place + 1 for place, cell in enumerate(row) if cell != _EMPTY), default=0)] for row in rows]
    while kept and not kept[-1]:
        kept.pop()
    return kept


def attribute(element: etree._Element, name: str) -> str | None:
    """An attribute by its name, whatever its namespace."""
    return next((str(value) for key, value in element.attrib.items() if str(key).endswith("}" + name)), None)


def _words(element: etree._Element) -> str:
    """The words of a paragraph, in which OpenDocument writes tabs, runs of spaces and line breaks as elements."""
    found = element.text or ""
    for child in element:
        name = etree.QName(child).localname
        if name == "s":
            found += " " * int(attribute(child, "c") or 1)
        else:
            found += {"tab": "\t", "line-break": "\n"}.get(name, "") or _words(child)
        found += child.tail or ""
    return found
