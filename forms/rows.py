"""What the rows of a workbook say, whatever their columns are called."""

from forms import columns
from forms.columns import column
from forms.workbook import Row, Sheet, Workbook


def cells_of(row: Row) -> dict[str, str]:
    """The cells by their column's own name; of several languages the first."""
    cells: dict[str, str] = {}
    for header, cell in row.cells.items():
        cells.setdefault(column(header), cell)
    return cells


def languages_of(sheet: Sheet) -> dict[str, list[str]]:
    """The columns that hold the same words in several languages, by the name they share."""
    found: dict[str, list[str]] = {}
    for header in sheet.columns:
        if "::" in header and column(header) in columns.WORDS:
            found.setdefault(column(header), []).append(header)
    return {name: headers for name, headers in found.items() if len(headers) > 1}


def setting_of(workbook: Workbook, name: str) -> str:
    sheet = workbook.sheets.get("settings")
    return next((cells[name] for row in (sheet.rows if sheet else ()) if name in (cells := cells_of(row))), "")
