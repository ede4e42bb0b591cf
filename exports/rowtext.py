"""Rows of a sheet as XML text: openpyxl makes an element of every cell, at several times the cost."""

from collections.abc import Sequence
from datetime import datetime
from xml.sax.saxutils import escape

from openpyxl.utils import get_column_letter

from exports import cells
from exports.looks import Looks
from exports.sheets import Absent, Cell, Link, Style, Tally

_DAY_ZERO = datetime.fromisoformat("1899-12-30T00:00")
_DAY = 86_400
WRAPPED = frozenset({Style.WRAPPED, Style.FIGURE})
"""Styles whose texts run on over several lines."""
_MOST_LINKS = 65_530
"""Excel takes no more in a sheet; the others stay readable as text."""


class RowText:
    """Turns the rows of one sheet into text, from the top down, and counts what its cells cost."""

    def __init__(self, looks: Looks, tally: Tally, columns: int) -> None:
        self.number = 0
        """The number of the last row, 1 for the first."""
        self.links: dict[str, str] = {}
        """By cell what it opens."""
        self._looks = looks
        self._tally = tally
        self._letters = [get_column_letter(place) for place in range(1, columns + 1)]
        self._before_whole: dict[Style, str] = {}
        self._before_text: dict[Style, str] = {}

    def blank(self) -> str:
        """An empty row."""
        self.number += 1
        return f'<row r="{self.number}"/>'

    def words(self, texts: Sequence[str], looks: Sequence[str], height: float | None = None) -> str:
        """A row of texts with a look each, such as a row of headers."""
        self.number += 1
        places = zip(self._letters, texts, looks, strict=False)
        return self._row("".join(self._text(f"{at}{self.number}", text, look) for at, text, look in places), height)

    def values(self, row: Sequence[Cell], styles: Sequence[Style], height: float | None) -> str:
        """A row of values under columns of these styles."""
        self.number += 1
        places = zip(self._letters, row, styles, strict=False)
        return self._row(
            "".join([self._cell(f"{at}{self.number}", value, style) for at, value, style in places]), height
        )

    def _row(self, content: str, height: float | None) -> str:
        tall = "" if height is None else f' ht="{height:g}" customHeight="1"'
        return f'<row r="{self.number}"{tall}>{content}</row>'

    def _cell(self, at: str, value: Cell, style: Style) -> str:
        # Whole numbers and plain texts are nearly all cells there are: they take the shortest way.
        if type(value) is int and -cells.TOO_LARGE < value < cells.TOO_LARGE:
            return f'<c r="{at}{self._before_whole.get(style) or self._whole(style)}{value}</v></c>'
        if type(value) is str and cells.is_plain(value):
            return f'<c r="{at}{self._before_text.get(style) or self._plain(style)}{value}</t></is></c>'
        return self._any_cell(at, value, style)

    def _whole(self, style: Style) -> str:
        """What stands between the place of a whole number and its digits."""
        found = self._before_whole[style] = f'" s="{self._looks.number(_number_style(0, style))}"><v>'
        return found

    def _plain(self, style: Style) -> str:
        """What stands between the place of a text and its first sign."""
        found = self._before_text[style] = f'" s="{self._looks.number(_look(style))}" t="inlineStr"><is><t>'
        return found

    def _any_cell(self, at: str, value: Cell, style: Style) -> str:
        if isinstance(value, Link) and len(self.links) < _MOST_LINKS:
            self.links[at] = value
            return self._text(at, value, "link")
        if isinstance(value, str):
            return self._text(at, value, "absent" if isinstance(value, Absent) else _look(style))
        if value is None:
            return f'<c r="{at}" s="{self._looks.number("text")}"/>'
        if isinstance(value, datetime):
            return self._figure(at, _serial(value), Style.MOMENT)
        if cells.fits(value):
            return self._figure(at, value, _number_style(value, style))
        return self._text(at, str(value), "text") if isinstance(value, int) else self._cell(at, None, style)

    def _figure(self, at: str, value: float, style: Style) -> str:
        return f'<c r="{at}" s="{self._looks.number(style)}"><v>{value!r}</v></c>'

    def _text(self, at: str, text: str, look: str) -> str:
        """A cell that holds this text and nothing else, whatever it looks like."""
        if cells.is_plain(text):
            return f'<c r="{at}" s="{self._looks.number(look)}" t="inlineStr"><is><t>{text}</t></is></c>'
        safe = cells.safe(text)
        self._tally.cleaned += safe.is_cleaned
        self._tally.cut += safe.is_cut
        number = self._looks.number(look, is_quoted=cells.needs_quote(safe.text))
        words = escape(cells.escaped(safe.text))
        return f'<c r="{at}" s="{number}" t="inlineStr"><is><t xml:space="preserve">{words}</t></is></c>'


def _serial(moment: datetime) -> float:
    """Days since the last but one of 1899, as spreadsheets count time."""
    since = moment - _DAY_ZERO
    return since.days + since.seconds / _DAY


def _look(style: Style) -> str:
    """How a text looks under a column of this style."""
    return "wrapped" if style in WRAPPED else "text"


def _number_style(value: float, style: Style) -> Style:
    """Numbers among texts are shown as they are: whole ones without a point."""
    if style in (Style.PERCENT, Style.DECIMAL, Style.FIGURE, Style.CODE):
        return style
    return Style.WHOLE if isinstance(value, int) else Style.DECIMAL
