"""Writes sheets as .xlsx, same sheets, same bytes; imported where it is used, for openpyxl costs an idle bot 20 MB."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import accumulate, zip_longest
from pathlib import Path
from typing import IO

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.table import Table, TableColumn, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

from exports import cells
from exports.archive import EPOCH, Archive
from exports.book import Book
from exports.drawing import ROWS_TALL, WIDTH, Drawn, native_chart
from exports.looks import RIGHT, Looks
from exports.rowtext import WRAPPED, RowText
from exports.sheets import Block, Column, Row, Sheet, Tally

_PAGE_CHARACTERS = 190
"""About as many characters of column width as a landscape A4 page holds and can still be read."""
_MOST_LABEL_LINES = 6

_CENTIMETRES_A_CHARACTER = 0.19
_LINE_HEIGHT = 13.0
"""Points for a line of 10-point text."""
_MOST_HEIGHT = 409.0
"""Points; Excel knows no higher row."""


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


def render(sheets: Sequence[Sheet], properties: Properties, target: Path | IO[bytes], tally: Tally) -> None:
    """Write the sheets to a path or a binary stream, in order; rows are fetched while writing.

    `tally` is kept up while rows go by, so that a sheet that is written last can tell about all others.
    """
    workbook = Workbook()
    _describe(workbook, properties)
    looks = Looks(workbook)
    workbook.remove(workbook.worksheets[0])
    pages = [_Page(_titled(workbook, sheet), sheet, properties.page, looks, tally) for sheet in sheets]
    last = {page.sheet.title for page, sheet in zip(pages, sheets, strict=True) if sheet.is_written_last}
    with Archive(target, "w") as archive:
        Book(workbook, archive, {page.sheet.title: page for page in pages}, last).write_data()


def _titled(workbook: Workbook, sheet: Sheet) -> Worksheet:
    page = workbook.create_sheet(cells.sheet_title(sheet.title, workbook.sheetnames))
    assert isinstance(page, Worksheet)
    return page


def _describe(workbook: Workbook, properties: Properties) -> None:
    about = workbook.properties
    about.creator = about.lastModifiedBy = "Terugblik"
    about.title = cells.clean(properties.title)[0]
    about.subject = cells.clean(properties.subject)[0]
    about.keywords = properties.keywords
    about.language = properties.language
    moment = (properties.changed_on or datetime(*EPOCH, tzinfo=UTC)).astimezone(UTC)
    about.created = about.modified = moment.replace(tzinfo=None, microsecond=0)


class _Page:
    """One sheet: what openpyxl keeps of it, and its rows from the top down."""

    def __init__(self, sheet: Worksheet, content: Sheet, foot: str, looks: Looks, tally: Tally) -> None:
        self.sheet = sheet
        self.alts: list[str] = []
        self._content = content
        self._tally = tally
        self._widths = widths = _widths(content.blocks)
        self._text = RowText(looks, tally, max(1, len(widths)))
        self._charted = {chart.block for chart in content.charts}
        self._drawn: dict[str, Drawn] = {}
        _set_up(sheet, content, widths, foot)

    def rows(self) -> Iterator[str]:
        """The rows as text; the tables that they make are known when all were taken."""
        for i, line in enumerate(self._content.heading):
            yield self._text.words([line], ["note" if i else "heading"], None if i else 26)
        for block in self._content.blocks:
            if self._text.number:
                yield self._text.blank()
            yield from self._block(block)
        self._draw()
        links = [Hyperlink(ref=at, target=target) for at, target in self._text.links.items()]
        self.sheet._hyperlinks.extend(links)  # type: ignore[attr-defined]  # the stubs leave out what begins with _

    def _draw(self) -> None:
        """Put the charts below the rows, two beside one another."""
        shown = [chart for chart in self._content.charts if chart.block in self._drawn]
        if shown:
            self.sheet.row_breaks.append(Break(self._text.number))
        for place, chart in enumerate(shown):
            column = _column_behind(self._widths, WIDTH) if place % 2 else "A"
            corner = f"{column}{self._text.number + 2 + place // 2 * ROWS_TALL}"
            self.sheet.add_chart(native_chart(chart, self._drawn[chart.block], corner))
            self.alts.append(chart.alt)

    def _block(self, block: Block) -> Iterator[str]:
        columns, text = block.columns, self._text
        if block.caption:
            yield text.words([block.caption], ["caption"], 20)
        if block.has_labels:
            labels = [column.label for column in columns]
            yield text.words(labels, ["label"] * len(labels), _label_height(columns))
        names = cells.headers(column.header for column in columns)
        looks = ["header right" if column.style in RIGHT else "header" for column in columns]
        yield text.words(names, looks, 18 if block.has_labels else 30)
        top = text.number
        if block.name in self._charted:
            kept = list(block.rows)
            block = replace(block, rows=kept)
            self._drawn[block.name] = Drawn(self.sheet.title, top, names, kept)
        yield from self._values(block)
        self._tally.rows[block.name] = text.number - top
        if text.number > top:
            self.sheet.add_table(_table(block.name, names, top, text.number))
        else:
            self._drawn.pop(block.name, None)

    def _values(self, block: Block) -> Iterator[str]:
        styles = [column.style for column in block.columns]
        fixed = self._content.row_height
        wrapped = [
            (place, int(column.width * 1.15)) for place, column in enumerate(block.columns) if column.style in WRAPPED
        ]
        for row in block.rows:
            yield self._text.values(row, styles, fixed or _height(row, wrapped))


def _set_up(page: Worksheet, content: Sheet, widths: Sequence[float], foot: str) -> None:
    """Everything about a sheet but its rows."""
    for i, width in enumerate(widths, start=1):
        page.column_dimensions[get_column_letter(i)].width = width
    if content.row_height:
        page.sheet_format.defaultRowHeight = content.row_height
        page.sheet_format.customHeight = True
    page.sheet_view.showGridLines = False
    _set_up_print(page, sum(widths), foot)
    _freeze(page, content)


def _set_up_print(page: Worksheet, width: float, foot: str) -> None:
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = 9
    page.page_setup.fitToWidth = max(1, -(-int(width) // _PAGE_CHARACTERS))
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.page_margins.left = page.page_margins.right = 0.4
    page.page_margins.top, page.page_margins.bottom, page.page_margins.footer = 0.5, 0.6, 0.3
    if page.oddFooter is not None:
        page.oddFooter.left.text = page.title.replace("&", "&&")
        page.oddFooter.right.text = foot
        page.oddFooter.left.size = page.oddFooter.right.size = 8


def _freeze(page: Worksheet, content: Sheet) -> None:
    if content.heading or len(content.blocks) != 1:
        return
    head = 2 if content.blocks[0].has_labels else 1
    page.freeze_panes = f"{get_column_letter(content.frozen_columns + 1)}{head + 1}"
    page.print_title_rows = f"1:{head}"
    if content.frozen_columns and (page.page_setup.fitToWidth or 1) > 1:
        page.print_title_cols = f"A:{get_column_letter(content.frozen_columns)}"


def _widths(blocks: Sequence[Block]) -> list[float]:
    """The width of each column of a sheet: the widest that the blocks above one another want."""
    wanted = zip_longest(*([column.width for column in block.columns] for block in blocks), fillvalue=0.0)
    return [max(widths) for widths in wanted]


def _column_behind(widths: Sequence[float], centimetres: float) -> str:
    """The letters of the first column that begins behind this much of the sheet."""
    ends = accumulate(width * _CENTIMETRES_A_CHARACTER for width in widths)
    return get_column_letter(2 + sum(end < centimetres for end in ends))


def _label_height(columns: Sequence[Column]) -> float:
    """Points for the row of labels, so that the longest label can be read in its width, up to a limit."""
    lines = max(-(-len(column.label) // max(1, int(column.width * 1.25))) for column in columns)
    return 12.5 * min(_MOST_LABEL_LINES, lines)


def _height(row: Row, wrapped: Sequence[tuple[int, int]]) -> float:
    """Points in which the wrapped texts of a row can be read; a row without a height is not fitted everywhere.

    `wrapped` gives the places of texts that run on, with the signs a line of each takes.
    """
    lines = 1
    for place, signs in wrapped:
        value = row[place]
        if isinstance(value, str) and (len(value) > signs or "\n" in value):
            lines = max(lines, _lines(value, signs))
    return min(_MOST_HEIGHT, 2 + _LINE_HEIGHT * lines)


def _lines(text: str, signs: int) -> int:
    return sum(max(1, -(-len(line) // signs)) for line in text.splitlines() or [""])


def _table(name: str, names: Sequence[str], top: int, bottom: int) -> Table:
    ref = f"A{top}:{get_column_letter(len(names))}{bottom}"
    table = Table(displayName=f"tb_{name}", name=f"tb_{name}", ref=ref)
    # Set by hand: a sheet that is written row by row cannot be asked for its headers.
    table.tableColumns = [TableColumn(id=i, name=cells.escaped(header)) for i, header in enumerate(names, start=1)]
    table.autoFilter = AutoFilter(ref=ref)
    table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=False)
    return table
