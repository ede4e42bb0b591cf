"""How a sheet is set up: widths, what stays in view, and how it is printed."""

from collections.abc import Sequence

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from exports.sheets import Sheet

_PAGE_CHARACTERS = 235
"""About as many characters of column width as a landscape A4 page holds and can still be read."""


def set_up(page: Worksheet, content: Sheet, widths: Sequence[float], foot: str) -> None:
    """Everything about a sheet but its rows."""
    for i, width in enumerate(widths, start=1):
        page.column_dimensions[get_column_letter(i)].width = width
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
