"""The parts of a workbook's file: openpyxl writes them all but the rows of the sheets."""

import io
from collections.abc import Callable, Iterable, Mapping

from openpyxl import Workbook
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.packaging.relationship import RelationshipList
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter
from openpyxl.xml.functions import Element

from exports.archive import Archive


class Book(ExcelWriter):
    """Writes a workbook into an archive; the rows come as text, by the title of their sheet, and go by once."""

    def __init__(self, workbook: Workbook, archive: Archive, rows: Mapping[str, Callable[[], Iterable[str]]]) -> None:
        super().__init__(workbook, archive)
        self._entries = archive
        self._rows = rows

    def write_worksheet(self, ws: Worksheet) -> None:
        """Write one sheet. openpyxl calls this for each, and writes what the sheet refers to afterwards."""
        drawing = SpreadsheetDrawing()
        drawing.charts = ws._charts  # type: ignore[attr-defined]  # the stubs leave out what begins with _
        ws._drawing = drawing  # type: ignore[attr-defined]
        with self._entries.entry(ws.path[1:]) as entry, io.TextIOWrapper(entry, "utf-8") as end:
            end.write(_around(ws)[0] + "<sheetData>")
            end.writelines(self._rows[ws.title]())
            # The tables of a sheet are known when its rows have gone by: they stand behind them.
            after, references = _around(ws)[1:]
            end.write("</sheetData>" + after)
        ws._rels = references  # type: ignore[attr-defined]
        self.manifest.append(ws)


def _around(sheet: Worksheet) -> tuple[str, str, RelationshipList]:
    """What stands before the rows of a sheet, what behind them, and the parts that it refers to."""
    part = io.BytesIO()
    writer = _WithoutRows(sheet, part)
    writer.write()
    before, _, after = part.getvalue().decode().partition("<sheetData/>")
    return before, after, writer._rels  # type: ignore[attr-defined]


class _WithoutRows(WorksheetWriter):
    def write_dimensions(self) -> None:
        """Left out: how many rows there are is not known before them."""

    def write_rows(self) -> None:
        """Leave their place."""
        self.xf.send(Element("sheetData"))
