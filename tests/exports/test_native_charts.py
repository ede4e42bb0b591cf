"""The charts of a workbook show what its tables hold, to programs that work nothing out too."""

import io
import zipfile
from collections.abc import Sequence
from itertools import pairwise

from lxml import etree
from openpyxl import load_workbook

from exports.rendering import Properties, render
from exports.sheets import Block, Chart, Column, Row, Sheet, Style, Tally

ROWS: list[Row] = [["W46", 3, 2], ["W47", 4, None], ["W48", 5, 5]]
COLUMNS = [Column("week"), Column("gevraagd", Style.WHOLE), Column("klaar", Style.WHOLE)]
CHARTS = [
    Chart("bars", "weeks", 0, (1, 2), "Respons & meer", "Staven"),
    Chart("lines", "weeks", 0, (1,), "Lijn", "Een lijn", limits=(1, 5)),
    Chart("shares", "weeks", 0, (1, 2), "Delen", "Delen van een geheel"),
]
_NAMES = {
    "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
    "xdr": "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing",
}


def written(rows: list[Row], charts: Sequence[Chart] = CHARTS) -> bytes:
    stream = io.BytesIO()
    sheet = Sheet("Blad 'één's", [Block("weeks", COLUMNS, rows)], charts=charts)
    render([sheet], Properties("", "", "", "nl", None, ""), stream, Tally())
    return stream.getvalue()


def part(file: bytes, name: str) -> etree._Element:
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        return etree.fromstring(archive.read(name))


def found(element: etree._Element, path: str) -> list[str]:
    found = element.xpath(path, namespaces=_NAMES)
    assert isinstance(found, list)
    return [str(one) for one in found]


def test_a_chart_holds_the_values_of_its_cells() -> None:
    file = written(ROWS)
    chart = part(file, "xl/charts/chart1.xml")
    assert found(chart, "//c:ser[1]/c:val//c:pt/c:v/text()") == ["3", "4", "5"]
    assert found(chart, "//c:ser[2]/c:val//c:pt/@idx") == ["0", "2"]
    assert found(chart, "//c:ser[1]/c:cat//c:pt/c:v/text()") == ["W46", "W47", "W48"]
    assert found(chart, "//c:ser/c:tx//c:pt/c:v/text()") == ["gevraagd", "klaar"]


def test_a_chart_refers_to_the_cells_that_it_shows() -> None:
    file = written(ROWS)
    sheet = load_workbook(io.BytesIO(file)).worksheets[0]
    (ref,) = found(part(file, "xl/charts/chart1.xml"), "//c:ser[1]/c:val//c:f/text()")
    title, _, cells = ref.rpartition("!")
    assert title == "'Blad ''één''s'"
    assert [cell.value for (cell,) in sheet[cells.replace("$", "")]] == [3, 4, 5]


def test_every_chart_has_words_axes_and_a_place_of_its_own() -> None:
    file = written(ROWS)
    drawing = part(file, "xl/drawings/drawing1.xml")
    assert found(drawing, "//xdr:cNvPr/@descr") == [chart.alt for chart in CHARTS]
    for number in (1, 2, 3):
        chart = part(file, f"xl/charts/chart{number}.xml")
        assert found(chart, "//c:catAx/c:delete/@val | //c:valAx/c:delete/@val") == ["0", "0"]
    corners = list(
        zip(found(drawing, "//xdr:from/xdr:row/text()"), found(drawing, "//xdr:from/xdr:col/text()"), strict=True)
    )
    assert len(set(corners)) == len(CHARTS)
    assert all(int(row) > len(ROWS) for row, _ in corners)
    assert all(int(first) <= int(second) for (first, _), (second, _) in pairwise(corners))


def test_bars_with_whole_sentences_beside_them_take_a_row_for_themselves() -> None:
    bars, lines, shares = CHARTS
    drawing = part(written(ROWS, [bars, shares, lines, bars]), "xl/drawings/drawing1.xml")
    rows, widths = (found(drawing, path) for path in ("//xdr:from/xdr:row/text()", "//xdr:ext/@cx"))
    assert rows[2] == rows[3] and len(set(rows)) == 3
    assert int(widths[1]) > 2 * int(widths[0])


def test_the_ends_of_a_scale_are_the_ends_of_its_axis() -> None:
    chart = part(written(ROWS), "xl/charts/chart2.xml")
    assert found(chart, "//c:valAx/c:scaling/c:min/@val | //c:valAx/c:scaling/c:max/@val") == ["5", "1"]


def test_without_rows_there_is_no_chart() -> None:
    with zipfile.ZipFile(io.BytesIO(written([]))) as archive:
        assert not [name for name in archive.namelist() if "chart" in name or "drawing" in name]
