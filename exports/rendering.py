"""Writes sheets as .xlsx, same sheets, same bytes; imported where it is used, for openpyxl costs an idle bot 20 MB."""

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from os import PathLike
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

from openpyxl import Workbook
from openpyxl.cell import Cell as SheetCell
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.table import Table, TableColumn, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from exports import cells
from exports.sheets import Absent, Block, Cell, Column, Row, Sheet, Style, Tally

if TYPE_CHECKING:
    from _typeshed import SizedBuffer

_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The oldest time a zip can hold: every entry has it, so that making a file twice gives the same bytes."""
_FONT = "Arial"
_DARK, _PALE, _GREY, _LINE = "1F4E5F", "E4EEF1", "7A7A7A", "C9D6DA"
_PAGE_CHARACTERS = 190
"""About as many characters of column width as a landscape A4 page holds and can still be read."""
_MOST_LABEL_LINES = 6

_LINE_HEIGHT = 13.0
"""Points for a line of 10-point text."""
_MOST_HEIGHT = 409.0
"""Points; Excel knows no higher row."""

_NUMBER_FORMATS = {
    Style.WHOLE: "0",
    Style.DECIMAL: "0.0",
    Style.PERCENT: "0%",
    Style.MOMENT: "yyyy-mm-dd hh:mm",
    Style.FIGURE: "General",
}
_WRAPPED = frozenset({Style.WRAPPED, Style.FIGURE})
_RIGHT = frozenset({Style.WHOLE, Style.DECIMAL, Style.PERCENT})


@dataclass(frozen=True, slots=True)
class Properties:
    """What the file says about itself; `changed_on` is when its content last changed, not when it was made."""

    title: str
    subject: str
    keywords: str
    language: str
    changed_on: datetime | None
    page: str
    """The foot of a printed page, with &P and &N for its number and their count."""


class _Archive(zipfile.ZipFile):
    """A zip without the time of day in it."""

    def writestr(
        self,
        zinfo_or_arcname: str | zipfile.ZipInfo,
        data: "SizedBuffer | str",
        compress_type: int | None = None,
        compresslevel: int | None = None,
    ) -> None:
        name = zinfo_or_arcname if isinstance(zinfo_or_arcname, str) else zinfo_or_arcname.filename
        super().writestr(_entry(name), data)

    def write(
        self,
        filename: str | PathLike[str],
        arcname: str | PathLike[str] | None = None,
        compress_type: int | None = None,
        compresslevel: int | None = None,
    ) -> None:
        with Path(filename).open("rb") as source, self.open(_entry(str(arcname)), "w", force_zip64=True) as end:
            while chunk := source.read(1 << 20):
                end.write(chunk)


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    return entry


def render(sheets: Sequence[Sheet], properties: Properties, target: Path | IO[bytes], tally: Tally) -> None:
    """Write the sheets to a path or a binary stream, in order; rows are fetched while writing.

    `tally` is kept up while rows go by, so that a later sheet can tell about the earlier ones.
    """
    workbook = Workbook(write_only=True)
    _describe(workbook, properties)
    for style in _styles():
        workbook.add_named_style(style)
    try:
        for sheet in sheets:
            title = cells.sheet_title(sheet.title, workbook.sheetnames)
            # A write-only sheet has all that is used of an ordinary one; the stubs do not know.
            _Page(cast(Worksheet, workbook.create_sheet(title)), sheet, properties.page, tally).write()
        with _Archive(target, "w", zipfile.ZIP_DEFLATED) as archive:
            ExcelWriter(workbook, archive).write_data()
    finally:
        _clear_away(workbook)


def _clear_away(workbook: Workbook) -> None:
    """Remove the temporary files that openpyxl leaves until the program ends when writing a sheet failed."""
    for page in workbook.worksheets:
        writer = getattr(page, "_writer", None)
        if writer is not None and Path(writer.out).exists():
            writer.close()
            writer.cleanup()


def _describe(workbook: Workbook, properties: Properties) -> None:
    about = workbook.properties
    about.creator = about.lastModifiedBy = "Terugblik"
    about.title = cells.clean(properties.title)[0]
    about.subject = cells.clean(properties.subject)[0]
    about.keywords = properties.keywords
    about.language = properties.language
    moment = (properties.changed_on or datetime(*_EPOCH, tzinfo=UTC)).astimezone(UTC)
    about.created = about.modified = moment.replace(tzinfo=None, microsecond=0)


def _styles() -> list[NamedStyle]:
    """Every font by name: LibreOffice sets a nameless one in serifs."""
    line = Border(bottom=Side(style="thin", color=_LINE))
    plain = Font(name=_FONT, size=10)
    top = Alignment(vertical="top")
    wrapped = Alignment(vertical="top", wrap_text=True)
    found = [
        NamedStyle("tb heading", Font(name=_FONT, size=16, bold=True, color=_DARK), alignment=top),
        NamedStyle("tb note", Font(name=_FONT, size=10, color=_GREY), alignment=top),
        NamedStyle("tb caption", Font(name=_FONT, size=12, bold=True, color=_DARK), alignment=top),
        _header("tb header", Alignment(vertical="center", wrap_text=True)),
        _header("tb header right", Alignment("right", "center", wrap_text=True)),
        NamedStyle(
            "tb label",
            Font(name=_FONT, size=9, color=_DARK),
            PatternFill("solid", fgColor=_PALE),
            line,
            Alignment(vertical="bottom", wrap_text=True),
        ),
        NamedStyle("tb absent", Font(name=_FONT, size=10, italic=True, color=_GREY), None, line, top),
        NamedStyle("tb text", plain, None, line, top),
        NamedStyle("tb wrapped", plain, None, line, wrapped),
    ]
    right, left = Alignment("right", "top"), Alignment("left", "top", wrap_text=True)
    for style, number_format in _NUMBER_FORMATS.items():
        side = right if style in _RIGHT else left
        found.append(NamedStyle(f"tb {style}", plain, None, line, side, number_format))
    return found


def _header(name: str, alignment: Alignment) -> NamedStyle:
    font = Font(name=_FONT, size=10, bold=True, color="FFFFFF")
    return NamedStyle(name, font, PatternFill("solid", fgColor=_DARK), alignment=alignment)


class _Page:
    """One sheet being written, from the top down."""

    def __init__(self, page: Worksheet, sheet: Sheet, foot: str, tally: Tally) -> None:
        self._page = page
        self._sheet = sheet
        self._foot = foot
        self._tally = tally
        self._row = 0

    def write(self) -> None:
        self._set_up()
        for i, line in enumerate(self._sheet.heading):
            self._append([self._text(line, "tb note" if i else "tb heading")], 26 if not i else None)
        for block in self._sheet.blocks:
            if self._row:
                self._append([])
            self._write_block(block)

    def _set_up(self) -> None:
        """Everything that stands in the file before the first row."""
        page, sheet = self._page, self._sheet
        widths = [max(column) for column in _columns_of(sheet.blocks)]
        for i, width in enumerate(widths, start=1):
            page.column_dimensions[get_column_letter(i)].width = width
        if sheet.row_height:
            page.sheet_format.defaultRowHeight = sheet.row_height
            page.sheet_format.customHeight = True
        page.sheet_view.showGridLines = False
        page.page_setup.orientation = "landscape"
        page.page_setup.paperSize = 9
        page.page_setup.fitToWidth = max(1, -(-int(sum(widths)) // _PAGE_CHARACTERS))
        page.page_setup.fitToHeight = 0
        page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        page.page_margins.left = page.page_margins.right = 0.4
        page.page_margins.top, page.page_margins.bottom, page.page_margins.footer = 0.5, 0.6, 0.3
        if page.oddFooter is not None:
            page.oddFooter.left.text = page.title.replace("&", "&&")
            page.oddFooter.right.text = self._foot
            page.oddFooter.left.size = page.oddFooter.right.size = 8
        self._freeze()

    def _freeze(self) -> None:
        sheet, page = self._sheet, self._page
        if sheet.heading or len(sheet.blocks) != 1:
            return
        head = 2 if sheet.blocks[0].has_labels else 1
        page.freeze_panes = f"{get_column_letter(sheet.frozen_columns + 1)}{head + 1}"
        page.print_title_rows = f"1:{head}"
        if sheet.frozen_columns and (page.page_setup.fitToWidth or 1) > 1:
            page.print_title_cols = f"A:{get_column_letter(sheet.frozen_columns)}"

    def _write_block(self, block: Block) -> None:
        if block.caption:
            self._append([self._text(block.caption, "tb caption")], 20)
        if block.has_labels:
            height = _label_height(block.columns)
            self._append([self._text(column.label, "tb label") for column in block.columns], height)
        names = cells.headers(column.header for column in block.columns)
        self._append(self._headers(names, block.columns), 18 if block.has_labels else 30)
        top, count = self._row, 0
        for row in block.rows:
            height = self._sheet.row_height or _height(row, block.columns)
            self._append(self._cells(row, block.columns), height)
            count += 1
        self._tally.rows[block.name] = count
        if count:
            # `add_table` would warn that a write-only sheet needs its columns set, which they are.
            self._page.tables.add(_table(block.name, names, top, self._row))

    def _append(self, row: list[SheetCell], height: float | None = None) -> None:
        self._row += 1
        if height is not None:
            self._page.row_dimensions[self._row].height = height
        self._page.append(row)
        # The row is in the file; what is remembered of it would only grow.
        self._page.row_dimensions.pop(self._row, None)

    def _headers(self, names: Sequence[str], columns: Sequence[Column]) -> list[SheetCell]:
        return [
            self._text(name, "tb header right" if column.style in _RIGHT else "tb header")
            for name, column in zip(names, columns, strict=True)
        ]

    def _cells(self, row: Row, columns: Sequence[Column]) -> list[SheetCell]:
        return [self._cell(value, column.style) for value, column in zip(row, columns, strict=True)]

    def _cell(self, value: Cell, style: Style) -> SheetCell:
        if isinstance(value, Absent):
            return self._text(value, "tb absent")
        if isinstance(value, str):
            return self._text(value, "tb wrapped" if style in _WRAPPED else "tb text")
        if value is None or isinstance(value, datetime):
            return self._styled(value, "tb text" if value is None else "tb moment")
        if not cells.fits(value):
            return self._text(str(value), "tb text") if isinstance(value, int) else self._styled(None, "tb text")
        return self._styled(value, f"tb {_number_style(value, style)}")

    def _styled(self, value: float | datetime | None, style: str) -> SheetCell:
        cell = WriteOnlyCell(self._page, value)
        cell.style = style
        return cell

    def _text(self, text: str, style: str) -> SheetCell:
        """A cell that holds this text and nothing else, whatever it looks like."""
        safe = cells.safe(str(text))
        self._tally.cleaned += safe.is_cleaned
        self._tally.cut += safe.is_cut
        cell = WriteOnlyCell(self._page, safe.text)
        # Set past openpyxl, which guesses formulas and errors from a text and cuts one that escaping made longer.
        cell._value = cells.escaped(safe.text)  # type: ignore[attr-defined]  # the stubs leave it out
        cell.data_type = "s"
        cell.style = style
        if cells.needs_quote(safe.text):
            cell.quotePrefix = True
        return cell


def _number_style(value: float, style: Style) -> Style:
    """Numbers among texts are shown as they are: whole ones without a point."""
    if style in (Style.PERCENT, Style.DECIMAL, Style.FIGURE):
        return style
    return Style.WHOLE if isinstance(value, int) else Style.DECIMAL


def _columns_of(blocks: Sequence[Block]) -> list[list[float]]:
    """The widths wanted for each column of a sheet, by the blocks above one another."""
    most = max((len(block.columns) for block in blocks), default=0)
    return [[block.columns[i].width for block in blocks if i < len(block.columns)] for i in range(most)]


def _label_height(columns: Sequence[Column]) -> float:
    """Points for the row of labels, so that the longest label can be read in its width, up to a limit."""
    lines = max(-(-len(column.label) // max(1, int(column.width * 1.25))) for column in columns)
    return 12.5 * min(_MOST_LABEL_LINES, lines)


def _height(row: Row, columns: Sequence[Column]) -> float:
    """Points in which the wrapped texts of a row can be read; a row without a height is not fitted everywhere."""
    lines = [
        _lines(value, column.width)
        for value, column in zip(row, columns, strict=True)
        if isinstance(value, str) and column.style in _WRAPPED
    ]
    return min(_MOST_HEIGHT, 2 + _LINE_HEIGHT * max(lines, default=1))


def _lines(text: str, width: float) -> int:
    return sum(max(1, -(-len(line) // int(width * 1.15))) for line in text.splitlines() or [""])


def _table(name: str, names: Sequence[str], top: int, bottom: int) -> Table:
    ref = f"A{top}:{get_column_letter(len(names))}{bottom}"
    table = Table(displayName=f"tb_{name}", name=f"tb_{name}", ref=ref)
    # Set by hand: a sheet that is written row by row cannot be asked for its headers.
    table.tableColumns = [TableColumn(id=i, name=cells.escaped(header)) for i, header in enumerate(names, start=1)]
    table.autoFilter = AutoFilter(ref=ref)
    table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=False)
    return table
