"""Everything that spreadsheets are known to spoil reaches two independent readers as it was meant.

One workbook holds what a sheet can meet, a real one what only the whole export meets; LibreOffice starts once for
both. The rest of the charts is in `test_native_charts`.
"""

import io
import shutil
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter as letter
from openpyxl.utils.escape import unescape

from exports import cells
from exports.rendering import Properties, render
from exports.sheets import Absent, Block, Cell, Chart, Column, Row, Sheet, Style, Tally
from tests.examples import examples
from tests.exports import arial, trapped
from tests.exports.readers import (
    Found,
    Read,
    as_fods,
    attribute,
    by_libreoffice,
    by_openpyxl,
    charts_of,
    parsed,
    rows_of,
    tables_of,
)
from tests.exports.trapped import LONG

TYPED = {
    "=1+1": "=1+1",
    '=HYPERLINK("http://127.0.0.1","x")': '=HYPERLINK("http://127.0.0.1","x")',
    "@x": "@x",
    "+31612345678": "+31612345678",
    "-5 graden": "-5 graden",
    "\t=1+1": "\t=1+1",
    "#N/A": "#N/A",
    "#REF!": "#REF!",
    "'aan": "'aan",
    "tik\x0btak": "tik\ufffdtak",
    "half \ud83d": "half \ufffd",
    "\ufffe en \uffff": "\ufffd en \ufffd",
    "een\r\ntwee\rdrie": "een\ntwee\ndrie",
    "_x0041_": "_x0041_",
    "_x0041_x0042_": "_x0041_x0042_",
    "_x005F_x0041_": "_x005F_x0041_",
    "  spaties  ": "  spaties  ",
    "👩\u200d🌾 שלום <b>&amp;</b>": "👩\u200d🌾 שלום <b>&amp;</b>",
    "1234567890123456789": "1234567890123456789",
    "1e5": "1e5",
    "00123": "00123",
    "TRUE": "TRUE",
    "x" * 40_000: "x" * 32_763 + " […]",
    "\n" * 300 + "y": "\n" * 253 + " […]",
    "_x0041_" * 4_681: "_x0041_" * 4_681,
}
AFTERNOON = datetime.fromisoformat("2026-11-17T15:00")
FIGURES: list[tuple[Cell, Found]] = [
    (4, ("number", 4)),
    (-77, ("number", -77)),
    (3.25, ("number", 3.25)),
    (10**17, ("text", "100000000000000000")),
    (float("nan"), ("empty", None)),
    (float("inf"), ("empty", None)),
    (None, ("empty", None)),
    (AFTERNOON, ("moment", AFTERNOON)),
    (Absent("overgeslagen"), ("text", "overgeslagen")),
]
TITLES = {
    "a/b: [proef] ' die veel te lang is": "a-b- -proef- ' die veel te lang",
    "History": "History 2",
    "'aan'": "aan",
    "Codes": "Codes",
    "codes": "codes 2",
    "Vol": "Vol",
    "Leeg": "Leeg",
    "Beeld": "Beeld",
}
TEXT_SHEET, FIGURE_SHEET, HEADER_SHEET = (TITLES[title] for title in list(TITLES)[:3])
MOST_ROWS = 40
CHART = Chart("bars", "drawn", 0, (1,), "Klaar per week", "Staven: wat er per week klaar is.")
LINES = Chart("lines", "drawn", 0, (1,), "Klaar in de tijd", "Een lijn: wat er per week klaar is.")
DRAWN: list[Row] = [["W46", 3], ["W47", 5]]
QUOTED = list(TYPED)[:6]
"""What a spreadsheet would read otherwise if somebody typed it."""


def a_sheet(title: str, name: str, rows: list[Row], *headers: str, charts: tuple[Chart, ...] = ()) -> Sheet:
    block = Block(name, [Column(header, Style.CODE) for header in headers], rows)
    return Sheet(title, [block], charts=charts, frozen_columns=1)


def sheets() -> list[Sheet]:
    """A sheet for each sort of trap."""
    names = iter(TITLES)
    return [
        a_sheet(next(names), "typed", [[typed] for typed in TYPED], "=tekst"),
        a_sheet(next(names), "figures", [[value] for value, _ in FIGURES], "getal"),
        a_sheet(next(names), "heads", [[1, 2, 3, 4]], "naam", "Naam", "", "twee\nregels"),
        a_sheet(next(names), "codes", [[1]], "q"),
        a_sheet(next(names), "others", [[2]], "q"),
        a_sheet(next(names), "full", [[number] for number in range(100)], "rij"),
        a_sheet(next(names), "nothing", [], "rij"),
        a_sheet(next(names), "drawn", DRAWN, "week", "klaar", charts=(CHART, LINES)),
    ]


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Tally]:
    """The workbook, and what its cells cost."""
    path, tally = tmp_path_factory.mktemp("traps") / "traps.xlsx", Tally()
    render(sheets(), Properties("=titel \x0b", "", "", "nl", None, "&P"), path, tally, MOST_ROWS)
    return path, tally


@pytest.fixture(scope="session")
def real(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workbook as the exporter writes it."""
    folder = tmp_path_factory.mktemp("trapped")
    trapped.write(folder / "real.xlsx", folder)
    return folder / "real.xlsx"


@pytest.fixture(scope="session")
def converted(made: tuple[Path, Tally], real: Path) -> list[etree._Element]:
    """What LibreOffice makes of both; in the first, the second chart has lost its cells."""
    if shutil.which("soffice") is None:
        pytest.skip("LibreOffice is not installed")
    paths = trapped.without_references(made[0], "chart2.xml"), real
    return [parsed(path) for path in as_fods(real.parent, *paths)]


@pytest.fixture(scope="session")
def fods(converted: list[etree._Element]) -> etree._Element:
    """The workbook of traps as LibreOffice has it."""
    return converted[0]


@pytest.fixture(params=["openpyxl", "LibreOffice"], scope="session")
def read(request: pytest.FixtureRequest, made: tuple[Path, Tally]) -> Read:
    """What one of the two readers finds."""
    if request.param == "openpyxl":
        return by_openpyxl(made[0])
    return by_libreoffice(request.getfixturevalue("fods"))


@pytest.fixture(params=["openpyxl", "LibreOffice"], scope="session")
def read_real(request: pytest.FixtureRequest, real: Path) -> Read:
    """What one of the two readers finds in the real workbook."""
    if request.param == "openpyxl":
        return by_openpyxl(real)
    return by_libreoffice(request.getfixturevalue("converted")[1])


def test_what_was_typed_is_text_and_the_same_to_the_letter(read: Read) -> None:
    assert read.column(TEXT_SHEET)[1:] == [("text", kept) for kept in TYPED.values()]


def test_numbers_stay_exact_and_times_are_those_of_the_wall_clock(read: Read) -> None:
    found = read.column(FIGURE_SHEET)[1:]
    found += [("empty", None)] * (len(FIGURES) - len(found))
    assert found == [wanted for _, wanted in FIGURES]


def test_every_sheet_has_a_title_that_no_program_refuses(read: Read) -> None:
    assert list(read.sheets) == [*list(TITLES.values())[:6], "Vol 2", "Vol 3", "Leeg", "Beeld"]


def test_headers_are_texts_and_none_is_like_another(read: Read) -> None:
    assert read.sheets[HEADER_SHEET][0] == [("text", one) for one in ("naam", "Naam_2", "-", "twee regels")]


def test_what_is_full_goes_on_in_the_next_sheet(read: Read) -> None:
    parts = [read.column(title) for title in ("Vol", "Vol 2", "Vol 3")]
    assert [part[0] for part in parts] == [("text", "rij")] * 3
    assert [value for part in parts for _, value in part[1:]] == list(range(100))


def test_every_sheet_with_rows_has_a_table_with_a_filter_and_an_empty_one_has_none(read: Read) -> None:
    names = {name.removeprefix("tb_") for name in read.tables if name.startswith("tb_")}
    assert names == {"typed", "figures", "heads", "codes", "others", "full", "full_2", "full_3", "drawn"}
    assert read.sheets["Leeg"] == [[("text", "rij")]]


def test_nothing_is_a_formula_or_an_error(read: Read) -> None:
    kinds = {kind for rows in read.sheets.values() for row in rows for kind, _ in row}
    assert kinds <= {"text", "number", "moment", "empty"}


def test_what_was_replaced_or_cut_is_counted(made: tuple[Path, Tally]) -> None:
    _, tally = made
    assert (tally.cleaned, tally.cut, tally.rows["typed"]) == (3, 2, len(TYPED))
    assert tally.continued == {"Vol": ["Vol 2", "Vol 3"]}


def test_a_text_is_whole_over_its_pieces_and_the_cell_that_cuts_it_says_so(read_real: Read) -> None:
    told = [row for row in read_real.sheets["Open answers"][1:] if row[1][1] == "moment"]
    first = told[0][0]
    assert "".join(str(row[5][1]) for row in told if row[0] == first) == LONG
    moment = [value for _, value in read_real.sheets["Codes"][0]].index("moment")
    (cut,) = (str(row[moment][1]) for row in read_real.sheets["Codes"][1:] if row[0] == first)
    assert cut.endswith(cells.CUT) and LONG.startswith(cut.removesuffix(cells.CUT))
    about = {row[0][1]: row[1][1] for row in read_real.sheets["About"]}
    assert about["Cells with shortened text"] == 2, "in words and as codes"


def test_a_moment_is_the_wall_clocks_in_one_column_and_in_utc_in_another(read_real: Read) -> None:
    names = [value for _, value in read_real.sheets["Codes"][0]]
    for row in read_real.sheets["Codes"][1:]:
        found = dict(zip(names, row, strict=False))
        assert found["workshop_start"] == ("moment", datetime.fromisoformat("2026-11-16T14:00"))
        assert found["workshop_start_utc"] == ("text", "2026-11-16T13:00:00.000Z")


def test_every_row_is_high_enough_for_its_texts_in_the_font_that_was_named(real: Path) -> None:
    book = load_workbook(real)
    for title, most in (("Reflections", 262), ("Open answers", 409), ("Codebook", 409), ("About", 409)):
        sheet = book[title]
        for number, row in enumerate(sheet.iter_rows(min_row=3), start=3):
            wanted = [
                arial.height(str(cell.value), sheet.column_dimensions[letter(place)].width)
                for place, cell in enumerate(row, start=1)
                if cell.alignment.wrap_text
            ]
            assert (sheet.row_dimensions[number].height or 0) >= min(max(wanted), most), (title, number)


def test_libreoffice_draws_the_chart_with_its_words(fods: etree._Element) -> None:
    words = [one.text for one in fods.iter("{*}desc")]
    for place, wanted in enumerate((CHART, LINES)):
        assert wanted.alt in words
        chart = charts_of(fods)[place]
        (title,) = (one for one in chart if etree.QName(one).localname == "title")
        assert "".join(str(text) for text in title.itertext()).strip() == wanted.title
        assert len(list(chart.iter("{*}axis"))) == 2


def test_a_chart_that_cannot_read_its_cells_draws_the_values_that_it_keeps(fods: etree._Element) -> None:
    linked, kept = charts_of(fods)
    ranges = [
        [attribute(one, "values-cell-range-address") for one in chart.iter("{*}series")] for chart in (linked, kept)
    ]
    assert ranges[0] == ["Beeld.B2:Beeld.B3"]
    assert "Beeld" not in str(ranges[1])
    for chart in (linked, kept):
        head, *rows = (row for table in chart.findall("{*}table") for row in rows_of(table))
        assert head[1:] == [("text", "klaar")]
        assert rows == [[("text", name), ("number", value)] for name, value in DRAWN]


def test_libreoffice_sets_every_cell_in_the_font_that_was_named(fods: etree._Element) -> None:
    cells_of = (cell for table in tables_of(fods) for row in table.findall("{*}table-row") for cell in row)
    used = {attribute(cell, "style-name") for cell in cells_of if attribute(cell, "value-type")}
    styles = {attribute(one, "name"): one for one in fods.iter("{*}style") if attribute(one, "family") == "table-cell"}
    assert used
    assert {font_of(name, styles) for name in used} == {"Arial"}


def font_of(name: str | None, styles: dict[str | None, etree._Element]) -> str | None:
    """The font of a cell's style, its own or that of the style it is made from."""
    while name in styles:
        for one in styles[name].iter("{*}text-properties"):
            if found := attribute(one, "font-name"):
                return found
        name = attribute(styles[name], "parent-style-name")
    return None


def test_openpyxl_finds_the_values_that_a_chart_keeps(made: tuple[Path, Tally]) -> None:
    for chart in load_workbook(made[0])["Beeld"]._charts:  # type: ignore[attr-defined]  # as read back
        (series,) = chart.series
        assert [point.v for point in series.val.numRef.numCache.pt] == [value for _, value in DRAWN]
        assert [point.v for point in series.cat.strRef.strCache.pt] == [name for name, _ in DRAWN]
        assert not chart.x_axis.delete and not chart.y_axis.delete


def test_openpyxl_finds_every_cell_in_the_font_that_was_named(made: tuple[Path, Tally]) -> None:
    book = load_workbook(made[0])
    fonts = {cell.font.name for sheet in book.worksheets for row in sheet.iter_rows() for cell in row}
    assert fonts == {"Arial"}


def test_what_would_be_a_formula_when_edited_is_marked_as_text(made: tuple[Path, Tally]) -> None:
    marked = [cell.value for (cell,) in load_workbook(made[0])[TEXT_SHEET].iter_rows(min_row=2) if cell.quotePrefix]
    assert marked[: len(QUOTED)] == QUOTED
    assert len(marked) == len(QUOTED) + 1, "and the text that begins with a line feed"


def test_libreoffice_takes_what_is_typed_over_such_a_cell_for_text(fods: etree._Element) -> None:
    styles = {attribute(one, "name"): one for one in fods.iter("{*}style") if attribute(one, "family") == "table-cell"}
    formats = {attribute(one, "name") for one in fods.iter("{*}text-style")}
    (sheet,) = (one for one in tables_of(fods) if attribute(one, "name") == TEXT_SHEET)
    found = [row[0] for row in sheet.iter("{*}table-row")][1 : len(QUOTED) + 1]
    assert {attribute(styles[attribute(cell, "style-name")], "data-style-name") for cell in found} <= formats


@examples(15)
@given(st.lists(st.text(st.characters(codec=None, categories=None), max_size=40), min_size=1, max_size=20))
def test_any_text_comes_back_or_is_counted(texts: list[str]) -> None:
    stream, tally = io.BytesIO(), Tally()
    sheet = a_sheet("a", "a", [[number, text] for number, text in enumerate(texts)], "nummer", "tekst")
    render([sheet], Properties("", "", "", "nl", None, ""), stream, tally)
    rows = load_workbook(stream).worksheets[0].iter_rows(min_row=2, values_only=True)
    found = [cells_text(row[1]) for row in rows]
    line_feeds = [text.replace("\r\n", "\n").replace("\r", "\n") for text in texts]
    changed = [(text, back) for text, back in zip(line_feeds, found, strict=True) if text != back]
    assert len(changed) == tally.cleaned
    assert all(back == cells.clean(text)[0] for text, back in changed)


def cells_text(value: object) -> str:
    """A text as openpyxl has it; an empty one is no cell."""
    return unescape(value) if isinstance(value, str) else ""
