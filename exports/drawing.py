"""Native charts, with the values that they show kept in them: a phone's preview works nothing out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from openpyxl.chart import BarChart, LineChart
from openpyxl.chart.axis import ChartLines
from openpyxl.chart.data_source import AxDataSource, NumData, NumDataSource, NumRef, NumVal, StrData, StrRef, StrVal
from openpyxl.chart.legend import Legend
from openpyxl.chart.marker import Marker
from openpyxl.chart.series import Series, SeriesLabel
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties, RegularTextRun
from openpyxl.utils import get_column_letter, quote_sheetname

from exports.sheets import Chart, Row

_COLORS = ("1F4E5F", "8FB8C4", "C98B2B", "7A5C8E", "5B8C5A", "B5534C", "444444")
"""Dark and light take turns, so that they are told apart in grey too."""
_PALEST, _DARKEST = (0xDD, 0xE8, 0xEC), (0x12, 0x38, 0x46)
"""Red, green, blue."""
_TITLE_SIZE = 1100
"""Hundredths of a point."""
_MOST_STEPS = 10
_MARKS: tuple[Literal["circle", "square", "triangle", "diamond"], ...] = ("circle", "square", "triangle", "diamond")
_GRID = "D9E1E4"
WIDTH, _HEIGHT, _WHOLE_WIDTH = 16, 8, 33
"""Centimetres; the last is of a chart whose bars have whole sentences beside them."""
ROWS_TALL = 19
"""Rows of the usual height that a chart covers, with some air below it."""
_THICK, _THIN = 28_575, 6_350
"""English metric units: 2.25 and 0.5 points."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A block as it stands in a sheet."""

    sheet: str
    top: int
    """The number of its header row."""
    headers: Sequence[str]
    rows: Sequence[Row]


def takes_row(wanted: Chart) -> bool:
    """Whether it is as wide as two beside one another."""
    return wanted.kind == "shares"


def native_chart(wanted: Chart, drawn: Drawn, corner: str) -> BarChart | LineChart:
    """The chart, with its upper left corner in this cell."""
    found = LineChart() if wanted.kind == "lines" else _bars(wanted)
    found.title, found.legend = _title(wanted.title), Legend(legendPos="b")
    found.width, found.height, found.anchor = _WHOLE_WIDTH if takes_row(wanted) else WIDTH, _HEIGHT, corner
    # openpyxl hides axes that nobody asked for.
    found.x_axis.delete = found.y_axis.delete = False
    found.y_axis.majorGridlines = ChartLines(spPr=_outline(_GRID, _THIN))
    if wanted.limits is not None:
        found.y_axis.scaling.min, found.y_axis.scaling.max = wanted.limits
        found.y_axis.majorUnit = 1 if wanted.limits[1] - wanted.limits[0] <= _MOST_STEPS else None
    found.display_blanks = "gap"
    found.series = [_series(wanted, drawn, place) for place in range(len(wanted.series))]
    return found


def _title(words: str) -> Title:
    look = CharacterProperties(sz=_TITLE_SIZE, b=True, solidFill=_COLORS[0])
    line = Paragraph(pPr=ParagraphProperties(defRPr=look), r=[RegularTextRun(rPr=look, t=words)])
    return Title(tx=Text(rich=RichText(p=[line])), overlay=False)


def _bars(wanted: Chart) -> BarChart:
    found = BarChart()
    found.gapWidth = 60
    if wanted.kind == "shares":
        found.type, found.grouping, found.overlap = "bar", "percentStacked", 100
        # The first row on top, as in the table.
        found.x_axis.scaling.orientation = "maxMin"
        found.y_axis.number_format = "0%"
    return found


def _series(wanted: Chart, drawn: Drawn, place: int) -> Series:
    column, color = wanted.series[place], _color(wanted, place)
    series = Series(idx=place, order=place, tx=_label(drawn, column))
    series.cat, series.val = _points(drawn, wanted.names), _values(drawn, column)
    if wanted.kind == "lines":
        series.graphicalProperties = _outline(color, _THICK)
        mark = GraphicalProperties(solidFill=color, ln=LineProperties(solidFill=color))
        series.marker = Marker(symbol=_MARKS[place % len(_MARKS)], size=7, spPr=mark)
        series.smooth = False
    else:
        series.graphicalProperties = GraphicalProperties(solidFill=color)
        series.invertIfNegative = False
    return series


def _color(wanted: Chart, place: int) -> str:
    """Parts of a whole are in order: they go from pale to dark."""
    if wanted.kind != "shares":
        return _COLORS[place % len(_COLORS)]
    part = place / max(1, len(wanted.series) - 1)
    return "".join(f"{round(pale + (dark - pale) * part):02X}" for pale, dark in zip(_PALEST, _DARKEST, strict=True))


def _outline(color: str, width: int) -> GraphicalProperties:
    return GraphicalProperties(ln=LineProperties(solidFill=color, w=width))


def _label(drawn: Drawn, column: int) -> SeriesLabel:
    cache = StrData(ptCount=1, pt=[StrVal(idx=0, v=drawn.headers[column])])
    return SeriesLabel(strRef=StrRef(f=_cells(drawn, column, drawn.top, drawn.top), strCache=cache))


def _points(drawn: Drawn, column: int) -> AxDataSource:
    names = [StrVal(idx=place, v=str(row[column])) for place, row in enumerate(drawn.rows)]
    return AxDataSource(strRef=StrRef(f=_below(drawn, column), strCache=StrData(ptCount=len(names), pt=names)))


def _values(drawn: Drawn, column: int) -> NumDataSource:
    cells = [row[column] for row in drawn.rows]
    known = [NumVal(idx=place, v=value) for place, value in enumerate(cells) if isinstance(value, int | float)]
    cache = NumData(formatCode="General", ptCount=len(cells), pt=known)
    return NumDataSource(numRef=NumRef(f=_below(drawn, column), numCache=cache))


def _below(drawn: Drawn, column: int) -> str:
    return _cells(drawn, column, drawn.top + 1, drawn.top + len(drawn.rows))


def _cells(drawn: Drawn, column: int, first: int, last: int) -> str:
    letter = get_column_letter(column + 1)
    end = f":${letter}${last}" if last > first else ""
    return f"{quote_sheetname(drawn.sheet)}!${letter}${first}{end}"
