"""How cells look: the named styles of a workbook, and the number under which a cell refers to one."""

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.styles.numbers import FORMAT_TEXT
from openpyxl.utils.indexed_list import IndexedList

from exports.sheets import Style

_FONT = "Arial"
_DARK, _PALE, _GREY, _LINE = "1F4E5F", "E4EEF1", "7A7A7A", "C9D6DA"
_NUMBER_FORMATS = {
    # Room behind a number as wide as a digit and a point: LibreOffice forgets an indent where only the format changes.
    Style.WHOLE: "0_0_.",
    Style.DECIMAL: "0.0_0_.",
    Style.PERCENT: "0%_0_.",
    Style.MOMENT: "yyyy-mm-dd hh:mm",
    Style.FIGURE: "General",
    Style.CODE: "General",
}
RIGHT = frozenset({Style.WHOLE, Style.DECIMAL, Style.PERCENT})
"""Styles whose cells and headers stand to the right."""


class Looks:
    """The styles of one workbook; a look is a style's name without its prefix, such as `text` or `header right`."""

    def __init__(self, workbook: Workbook) -> None:
        _set_default_font(workbook)
        for style in _styles():
            workbook.add_named_style(style)
        self._pattern = WriteOnlyCell(workbook.worksheets[0])
        self._numbers: dict[tuple[str, bool], int] = {}

    def number(self, look: str, *, is_quoted: bool = False) -> int:
        """What stands in a cell's `s` attribute; a quoted cell stays a text when somebody edits it.

        Excel goes by the quotation mark, LibreOffice, which knows none, by the number format for texts.
        """
        found = self._numbers.get((look, is_quoted))
        if found is None:
            self._pattern.style = f"tb {look}"
            self._pattern.quotePrefix = is_quoted
            if is_quoted:
                self._pattern.number_format = FORMAT_TEXT
            found = self._numbers[look, is_quoted] = self._pattern.style_id
        return found


def _set_default_font(workbook: Workbook) -> None:
    """The font that columns are measured by: one that every program has, or one as wide."""
    font = Font(name=_FONT, size=10)
    workbook._fonts = IndexedList([font])  # type: ignore[attr-defined]  # the stubs leave out what begins with _
    workbook._named_styles["Normal"].font = font  # type: ignore[attr-defined]


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
        _header("tb header right", Alignment("right", "center", wrap_text=True, indent=1)),
        _label("tb label", line, Alignment(vertical="bottom", wrap_text=True)),
        _label("tb label right", line, Alignment("right", "bottom", wrap_text=True, indent=1)),
        NamedStyle("tb absent", Font(name=_FONT, size=10, italic=True, color=_GREY), None, line, top),
        NamedStyle("tb link", Font(name=_FONT, size=10, underline="single", color=_DARK), None, line, top),
        NamedStyle("tb text", plain, None, line, top),
        NamedStyle("tb wrapped", plain, None, line, wrapped),
    ]
    right, left = Alignment("right", "top"), Alignment("left", "top", wrap_text=True)
    code = Alignment("left", "top")
    for style, number_format in _NUMBER_FORMATS.items():
        side = right if style in RIGHT else code if style is Style.CODE else left
        found.append(NamedStyle(f"tb {style}", plain, None, line, side, number_format))
    return found


def _label(name: str, line: Border, alignment: Alignment) -> NamedStyle:
    return NamedStyle(name, Font(name=_FONT, size=9, color=_DARK), PatternFill("solid", fgColor=_PALE), line, alignment)


def _header(name: str, alignment: Alignment) -> NamedStyle:
    font = Font(name=_FONT, size=10, bold=True, color="FFFFFF")
    return NamedStyle(name, font, PatternFill("solid", fgColor=_DARK), alignment=alignment)
