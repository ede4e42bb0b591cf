"""The parts of a workbook's file: openpyxl writes them all but the rows of the sheets."""

import io
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Protocol

from openpyxl import Workbook
from openpyxl.drawing.graphic import GraphicFrame
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.packaging.relationship import RelationshipList
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter
from openpyxl.xml.functions import Element

from exports.archive import Archive


class Page(Protocol):
    """What openpyxl does not write of a sheet."""

    def rows(self) -> Iterable[str]:
        """The rows as text, once; the sheet's tables and charts are known when all were taken."""

    @property
    def alts(self) -> Sequence[str]:
        """For each of the sheet's charts, what it shows, for who cannot see it."""


class Book(ExcelWriter):
    """Writes a workbook into an archive; `pages` go by the titles of their sheets.

    The sheets of the titles in `last` are written after the others, wherever they stand.
    """

    def __init__(
        self, workbook: Workbook, archive: Archive, pages: Mapping[str, Page], last: Collection[str] = ()
    ) -> None:
        super().__init__(workbook, archive)
        self._entries = archive
        self._pages = pages
        self._last = last

    def _write_worksheets(self) -> None:
        """Write the sheets in their order of writing, then let them stand in their own."""
        standing = list(self.workbook.worksheets)
        sheets: list[Worksheet] = self.workbook._sheets  # type: ignore[attr-defined]  # the stubs leave out what begins with _
        sheets.sort(key=lambda sheet: sheet.title in self._last)
        super()._write_worksheets()  # type: ignore[misc]  # the same
        sheets[:] = standing

    def write_worksheet(self, ws: Worksheet) -> None:
        """Write one sheet. openpyxl calls this for each, and writes what the sheet refers to afterwards."""
        page = self._pages[ws.title]
        drawing = _Drawing(page)
        drawing.charts = ws._charts  # type: ignore[attr-defined]  # the stubs leave out what begins with _
        ws._drawing = drawing  # type: ignore[attr-defined]
        with self._entries.entry(ws.path[1:]) as entry, io.TextIOWrapper(entry, "utf-8") as end:
            end.write(_around(ws)[0] + "<sheetData>")
            end.writelines(page.rows())
            # The tables of a sheet are known when its rows have gone by: they stand behind them.
            after, references = _around(ws)[1:]
            end.write("</sheetData>" + after)
        ws._rels = references  # type: ignore[attr-defined]
        self.manifest.append(ws)


class _Drawing(SpreadsheetDrawing):
    """The charts of a sheet with their words; openpyxl has no place for those."""

    # openpyxl does not hand these on to a subclass.
    __elements__ = SpreadsheetDrawing.__elements__

    def __init__(self, page: Page) -> None:
        super().__init__()
        self._page = page

    def _chart_frame(self, idx: int) -> GraphicFrame:
        frame: GraphicFrame = super()._chart_frame(idx)  # type: ignore[misc]
        # The stubs take the frame's properties for an extension list.
        frame.nvGraphicFramePr.cNvPr.descr = self._page.alts[idx - 1]  # type: ignore[attr-defined]
        return frame


def _around(sheet: Worksheet) -> tuple[str, str, RelationshipList]:
    """What stands before the rows of a sheet, what behind them, and the parts that it refers to."""
    part = io.BytesIO()
    links = list(sheet._hyperlinks)  # type: ignore[attr-defined]  # the stubs leave out what begins with _
    writer = _WithoutRows(sheet, part)
    # A writer forgets them: it expects to meet them in its own rows.
    sheet._hyperlinks.extend(links)  # type: ignore[attr-defined]
    writer.write()
    before, _, after = part.getvalue().decode().partition("<sheetData/>")
    return before, after, writer._rels  # type: ignore[attr-defined]


class _WithoutRows(WorksheetWriter):
    def write_dimensions(self) -> None:
        """Left out: how many rows there are is not known before them."""

    def write_rows(self) -> None:
        """Leave their place."""
        self.xf.send(Element("sheetData"))
