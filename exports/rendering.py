"""Writes sheets as .xlsx, same sheets, same bytes; imported where it is used, for openpyxl costs an idle bot 20 MB."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import accumulate, chain, zip_longest
from pathlib import Path
from textwrap import wrap
from typing import IO

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.table import Table, TableColumn, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

from exports import cells
from exports.archive import EPOCH, Archive
from exports.book import Book
from exports.drawing import ROWS_TALL, WIDTH, Drawn, native_chart, takes_row
from exports.looks import RIGHT, Looks
from exports.paper import set_up
from exports.rowtext import WRAPPED, RowText
from exports.sheets import MOST_ROWS, Block, Column, Row, Sheet, Tally

_MOST_LABEL_LINES = 6

_CENTIMETRES_A_CHARACTER = 0.19
_LINE_HEIGHT = 13.0
"""Points for a line of 10-point text."""
_MOST_HEIGHT = 409.0
"""Points; Excel knows no higher row."""
_MOST_LINES = 32
"""That fill such a row."""
_SIGNS_A_CHARACTER = 1.05
"""Letters that stand in a character of a column's width: most are narrower than the digit it is measured by."""


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


def render(
    sheets: Sequence[Sheet],
    properties: Properties,
    target: Path | IO[bytes],
    tally: Tally,
    most_rows: int = MOST_ROWS,
) -> None:
    """Write the sheets to a path or a binary stream, in order; rows are fetched while writing.

    `tally` is kept up while rows go by, so that a sheet that is written last can tell about all others. The rows of
    a table that do not fit in a sheet of `most_rows` go on in further ones, under the same headers.
    """
    workbook = Workbook()
    _describe(workbook, properties)
    making = _Making(workbook, Looks(workbook), tally, properties.page, most_rows)
    workbook.remove(workbook.worksheets[0])
    pages = [_Page(making, sheet) for sheet in sheets]
    with Archive(target, "w") as archive:
        Book(workbook, archive, pages).write_data()


def _titled(workbook: Workbook, title: str, behind: Worksheet | None) -> Worksheet:
    """A new sheet with this title, or one like it that no other has; at the end, or behind another."""
    place = None if behind is None else workbook.index(behind) + 1
    page = workbook.create_sheet(cells.sheet_title(title, workbook.sheetnames), place)
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


@dataclass(frozen=True, slots=True)
class _Making:
    """What the pages of a workbook share."""

    workbook: Workbook
    looks: Looks
    tally: Tally
    foot: str
    most_rows: int


class _Page:
    """One sheet: what openpyxl keeps of it, and its rows from the top down."""

    def __init__(self, making: _Making, content: Sheet, number: int = 1, behind: Worksheet | None = None) -> None:
        self.sheet = _titled(making.workbook, content.title, behind)
        self.is_last = content.is_written_last
        self.alts: list[str] = []
        self._making = making
        self._content = content
        self._number = number
        self._widths = widths = _widths(content.blocks)
        self._text = RowText(making.looks, making.tally, max(1, len(widths)))
        self._charted = {chart.block for chart in content.charts}
        self._drawn: dict[str, Drawn] = {}
        self._left: Iterator[Row] | None = None
        set_up(self.sheet, content, widths, making.foot)

    def rows(self) -> Iterator[str]:
        """The rows as text; the tables that they make are known when all were taken."""
        for i, line in enumerate(self._content.heading):
            yield self._text.words([line], ["note" if i else "heading"], None if i else 26)
        for block in self._content.blocks:
            if self._text.number:
                yield self._text.blank()
            if block.starts_page:
                self.sheet.row_breaks.append(Break(self._text.number))
            yield from self._block(block)
        self._draw()
        links = [Hyperlink(ref=at, target=target) for at, target in self._text.links.items()]
        self.sheet._hyperlinks.extend(links)  # type: ignore[attr-defined]  # the stubs leave out what begins with _

    def going_on(self) -> "_Page | None":
        """The sheet behind this one for the rows that did not fit, under the same headers; None where all did."""
        if self._left is None:
            return None
        (block,) = self._content.blocks
        content = replace(self._content, blocks=[replace(block, rows=self._left)])
        page = _Page(self._making, content, self._number + 1, self.sheet)
        self._making.tally.continued.setdefault(content.title, []).append(page.sheet.title)
        return page

    def _draw(self) -> None:
        """Put the charts below the rows, two beside one another."""
        shown = [chart for chart in self._content.charts if chart.block in self._drawn]
        if shown:
            self.sheet.row_breaks.append(Break(self._text.number))
        place = 0
        for chart in shown:
            place += place % 2 if takes_row(chart) else 0
            column = _column_behind(self._widths, WIDTH) if place % 2 else "A"
            corner = f"{column}{self._text.number + 2 + place // 2 * ROWS_TALL}"
            place += 2 if takes_row(chart) else 1
            self.sheet.add_chart(native_chart(chart, self._drawn[chart.block], corner))
            self.alts.append(chart.alt)

    def _block(self, block: Block) -> Iterator[str]:
        columns, text = block.columns, self._text
        if block.caption:
            yield text.words([block.caption], ["caption"], 20)
        if block.has_labels:
            labels = [column.label for column in columns]
            looks = ["label right" if column.style in RIGHT else "label" for column in columns]
            yield text.words(labels, looks, _label_height(columns))
        names = cells.headers(column.header for column in columns)
        looks = ["header right" if column.style in RIGHT else "header" for column in columns]
        yield text.words(names, looks, 18 if block.has_labels else _header_height(columns))
        top = text.number
        if block.name in self._charted:
            kept = list(block.rows)
            block = replace(block, rows=kept)
            self._drawn[block.name] = Drawn(self.sheet.title, top, names, kept)
        yield from self._values(block)
        rows = self._making.tally.rows
        rows[block.name] = rows.get(block.name, 0) + text.number - top
        if text.number > top:
            name = block.name if self._number == 1 else f"{block.name}_{self._number}"
            self.sheet.add_table(_table(name, names, top, text.number))
        else:
            self._drawn.pop(block.name, None)

    def _values(self, block: Block) -> Iterator[str]:
        styles = [column.style for column in block.columns]
        running = [_Running.of(place, each) for place, each in enumerate(block.columns) if each.style in WRAPPED]
        can_go_on = len(self._content.blocks) == 1 and not self._content.heading
        rows = iter(block.rows)
        for row in rows:
            if can_go_on and self._text.number == self._making.most_rows:
                self._left = chain([row], rows)
                return
            yield self._text.values(row, styles, _height(row, running))


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


def _header_height(columns: Sequence[Column]) -> float:
    """Points in which every header can be read beside the button of its filter."""
    lines = max((len(wrap(column.header, max(1, int(column.width - 2)))) for column in columns), default=1)
    return 4 + _LINE_HEIGHT * max(2, lines)


@dataclass(frozen=True, slots=True)
class _Running:
    """A column whose texts run on."""

    place: int
    signs: int
    """In a line."""
    most_lines: int

    @staticmethod
    def of(place: int, column: Column) -> "_Running":
        """What the row heights have to know of it."""
        return _Running(place, int(column.width * _SIGNS_A_CHARACTER), column.most_lines or _MOST_LINES)


def _height(row: Row, running: Sequence[_Running]) -> float:
    """Points in which the texts of a row that run on can be read; a row without a height is not fitted everywhere."""
    lines = 1
    for column in running:
        value = row[column.place]
        if isinstance(value, str) and (len(value) > column.signs or "\n" in value):
            lines = max(lines, min(column.most_lines, _lines(value, column.signs)))
    return min(_MOST_HEIGHT, 2 + _LINE_HEIGHT * lines)


def _lines(text: str, signs: int) -> int:
    return sum(_lines_of(line, signs) for line in text.split("\n"))


def _lines_of(line: str, signs: int) -> int:
    """How many lines of so many signs a line without breaks takes, broken between words where it can be."""
    if len(line) <= signs:
        return 1
    count, left = 1, signs
    for word in line.split(" "):
        if len(word) > left:
            beyond = (len(word) - 1) // signs
            count, left = count + (left < signs) + beyond, signs - (len(word) - beyond * signs) - 1
        else:
            left -= len(word) + 1
    return count


def _table(name: str, names: Sequence[str], top: int, bottom: int) -> Table:
    ref = f"A{top}:{get_column_letter(len(names))}{bottom}"
    table = Table(displayName=f"tb_{name}", name=f"tb_{name}", ref=ref)
    # Set by hand: a sheet that is written row by row cannot be asked for its headers.
    table.tableColumns = [TableColumn(id=i, name=cells.escaped(header)) for i, header in enumerate(names, start=1)]
    table.autoFilter = AutoFilter(ref=ref)
    table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=False)
    return table
