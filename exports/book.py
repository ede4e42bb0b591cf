"""The parts of a workbook's file: openpyxl writes them all but the rows of the sheets."""

import io
from collections.abc import Iterable, Sequence
from typing import Protocol

from openpyxl import Workbook
from openpyxl.drawing.graphic import GraphicFrame
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.packaging.relationship import RelationshipList, get_rels_path
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter
from openpyxl.xml.functions import Element, tostring

from exports.archive import Archive


class Page(Protocol):
    """What openpyxl does not write of a sheet."""

    def rows(self) -> Iterable[str]:
        """The rows as text, once; the sheet's tables and charts are known when all were taken."""

    @property
    def alts(self) -> Sequence[str]:
        """For each of the sheet's charts, what it shows, for who cannot see it."""

    @property
    def sheet(self) -> Worksheet:
        """What openpyxl keeps of it."""

    @property
    def is_last(self) -> bool:
        """Whether it is written after the others, wherever it stands."""

    def going_on(self) -> "Page | None":
        """When its rows were taken: the page, standing behind it, with those that did not fit."""


class Book(ExcelWriter):
    """Writes the pages of a workbook into an archive."""

    def __init__(self, workbook: Workbook, archive: Archive, pages: Iterable[Page]) -> None:
        super().__init__(workbook, archive)
        self._entries = archive
        self._pages = {page.sheet: page for page in pages}

    def _write_worksheets(self) -> None:
        """Write the sheets; one that goes on in another is known to do so only then."""
        waiting = sorted(self._pages.values(), key=lambda page: page.is_last)
        number = 0
        while waiting:
            page, number = waiting.pop(0), number + 1
            page.sheet._id = number  # type: ignore[attr-defined]  # the stubs leave out what begins with _
            self.write_worksheet(page.sheet)
            self._write_around(page.sheet)
            rest = page.going_on()
            if rest is not None:
                self._pages[rest.sheet] = rest
                waiting.insert(0, rest)

    def write_worksheet(self, ws: Worksheet) -> None:
        """Write the part that holds a sheet's rows."""
        page = self._pages[ws]
        drawing = _Drawing(page)
        drawing.charts = ws._charts  # type: ignore[attr-defined]  # the same
        ws._drawing = drawing  # type: ignore[attr-defined]
        with self._entries.entry(ws.path[1:]) as entry, io.TextIOWrapper(entry, "utf-8") as end:
            end.write(_around(ws)[0] + "<sheetData>")
            end.writelines(page.rows())
            # The tables of a sheet are known when its rows have gone by: they stand behind them.
            after, references = _around(ws)[1:]
            end.write("</sheetData>" + after)
        ws._rels = references  # type: ignore[attr-defined]
        self.manifest.append(ws)

    def _write_around(self, ws: Worksheet) -> None:
        """Write the parts that a sheet refers to."""
        references: RelationshipList = ws._rels  # type: ignore[attr-defined]
        drawing: SpreadsheetDrawing = ws._drawing  # type: ignore[attr-defined]
        if drawing:
            self._write_drawing(drawing)  # type: ignore[attr-defined]
            for reference in references:
                if "drawing" in reference.Type:
                    reference.Target = drawing.path
        for table in ws.tables.values():
            self._tables.append(table)  # type: ignore[attr-defined]
            table.id = len(self._tables)  # type: ignore[attr-defined]
            table._write(self._entries)
            self.manifest.append(table)
            references.get(table._rel_id).Target = table.path
        if references:
            self._entries.writestr(get_rels_path(ws.path)[1:], tostring(references.to_tree()))  # type: ignore[no-untyped-call]


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
