"""Opens a workbook, distrusting it: its sheets as rows of text."""

import io
import warnings
import zipfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields

from pyxform.parsing.sheet_headers import clean_text_values
from pyxform.xls2json_backends import DefinitionData, get_xlsform

from forms.columns import EXPRESSIONS, column, list_of
from forms.problems import Problem, Problems, shortened
from forms.sentences import sentence

MAX_BYTES = 2_000_000
MAX_UNPACKED = 24_000_000
MAX_CELLS = 50_000
MAX_WRITTEN = 150_000
MAX_CELL = 32_767
MAX_TEXT = 1_000_000
MAX_FORMULAS = 100_000
MAX_QUOTED = 6_000
MAX_OFFERED = 300_000
MAX_QUOTED_IN_CELL = 500
_PARTS = {
    b"<row": 60_000,
    b"<si": 60_000,
    b"<xf ": 10_000,
    b"<definedName": 2_000,
    b"<sheet ": 100,
    b"<Relationship ": 500,
}
"""What a part may hold at most of each; a reader looks at every one, used or not."""
MAX_ROWS = {"survey": 2_000, "choices": 10_000, "settings": 100}
_OLD_EXCEL = bytes.fromhex("d0cf11e0a1b11ae1")
_ZIP = b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class Row:
    """One row that says something; `number` as the spreadsheet counts, `cells` by column header."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet's column headers and the rows below them."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Workbook:
    """The sheets of an XLSForm, by name in lower case; `names` are the names as they stand."""

    sheets: Mapping[str, Sheet]
    names: tuple[str, ...]
    definition: dict[str, object] = field(repr=False, default_factory=dict)
    """As the compiler takes it, so that the file is read only once."""


def open_workbook(content: bytes) -> Workbook:
    """The sheets of this file. Raises Problems: no workbook, too large, damaged, no survey sheet."""
    _expect_workbook(content)
    definition = _read(content)
    sheets = {name: sheet for name in MAX_ROWS if (sheet := _sheet(name, definition)) is not None}
    _expect_few_rows(sheets)
    if "survey" not in sheets:
        raise _problems("no_survey")
    _expect_little_text(sheets)
    names = tuple(str(name) for name in definition.sheet_names or ())
    return Workbook(sheets, names, {each.name: getattr(definition, each.name) for each in fields(definition)})


def _problems(key: str, found: str = "", **words: str) -> Problems:
    return Problems([Problem(None, None, None, found, sentence(key, found=found, **words))])


def _expect_workbook(content: bytes) -> None:
    if len(content) > MAX_BYTES:
        raise _problems("too_large", _megabytes(len(content)), most=_megabytes(MAX_BYTES))
    if content.startswith(_ZIP):
        expect_small_parts(content)
    elif not content.startswith(_OLD_EXCEL):
        raise _problems("not_a_workbook", shortened(content[:16].decode("latin-1")))


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB"


def expect_small_parts(content: bytes) -> None:
    """Refuse a zip that unpacks to too much, and XML that declares entities of its own. Raises Problems."""
    try:
        is_small, is_plain, count, crowded = _unpacked(content)
    # A hostile archive fails in every way there is: wrong lengths, unknown compression, encryption.
    except Exception as error:
        raise _problems("unreadable_workbook", shortened(str(error))) from error
    if not is_small:
        raise _problems("too_large", f"> {_megabytes(MAX_UNPACKED)}", most=_megabytes(MAX_UNPACKED))
    if not is_plain:
        raise _problems("unreadable_workbook", "DOCTYPE")
    if crowded:
        raise _problems("unreadable_workbook", crowded)
    if count > MAX_WRITTEN:
        raise _problems("too_many_cells", str(count), most=str(MAX_CELLS))


def _unpacked(content: bytes) -> tuple[bool, bool, int, str]:
    """Whether the parts are small enough together, whether none declares entities, how many cells there are,
    and what there is too much of."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
        if sum(part.file_size for part in parts) > MAX_UNPACKED:
            return False, True, 0, ""
        count = 0
        for part in parts:
            if part.filename.endswith((".xml", ".rels")):
                content_of = archive.read(part)
                count += content_of.count(b"<c ")
                if _declares_entities(content_of):
                    return True, False, count, ""
                for mark, most in _PARTS.items():
                    if content_of.count(mark) > most:
                        return True, True, count, f"{mark.decode()}> > {most}"
        return True, True, count, ""


def _declares_entities(part: bytes) -> bool:
    return b"<!DOCTYPE" in part or b"<!DOCTYPE" in part.replace(b"\0", b"")


def _read(content: bytes) -> DefinitionData:
    kind = ".xlsx" if content.startswith(_ZIP) else ".xls"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return get_xlsform(content, file_type=kind)
    # The readers of both formats fail in every way there is on a damaged file.
    except Exception as error:
        raise _problems("unreadable_workbook", shortened(f"{type(error).__name__}: {error}", 120)) from error


def _sheet(name: str, definition: DefinitionData) -> Sheet | None:
    rows: Sequence[Mapping[str, str]] | None = getattr(definition, name)
    header: Sequence[Mapping[str, None]] | None = getattr(definition, f"{name}_header")
    if rows is None:
        return None
    columns = tuple(str(column) for column in header[0]) if header else ()
    filled = (Row(number, _cleaned(row)) for number, row in enumerate(rows, start=2) if row)
    return Sheet(name, columns, tuple(filled))


def _cleaned(row: Mapping[str, str]) -> dict[str, str]:
    return {str(column): clean_text_values(value) for column, value in row.items() if value is not None}


def _expect_few_rows(sheets: Mapping[str, Sheet]) -> None:
    cells = sum(len(row.cells) for sheet in sheets.values() for row in sheet.rows)
    if cells > MAX_CELLS:
        raise _problems("too_many_cells", str(cells), most=str(MAX_CELLS))
    for name, sheet in sheets.items():
        _expect_short_cells(sheet)
        count, most = len(sheet.rows), MAX_ROWS[name]
        if count > most:
            message = sentence("too_many_rows", found=count, most=most)
            raise Problems([Problem(name, None, None, str(count), message)])


def _expect_short_cells(sheet: Sheet) -> None:
    """A cell holds no more than a spreadsheet lets one type in."""
    for row in sheet.rows:
        for header, cell in row.cells.items():
            if len(cell) > MAX_CELL:
                message = sentence("long_cell", found=len(cell), most=MAX_CELL)
                raise Problems([Problem(sheet.name, row.number, shortened(header), shortened(cell), message)])


def _expect_little_text(sheets: Mapping[str, Sheet]) -> None:
    """Every reference in a text costs its compiling, and costs more the more there are beside it."""
    cells = [
        (sheet, row, header, cell)
        for sheet in sheets.values()
        for row in sheet.rows
        for header, cell in row.cells.items()
    ]
    for sheet, row, header, cell in cells:
        if cell.count("${") > MAX_QUOTED_IN_CELL:
            message = sentence("too_many_quoted", found=cell.count("${"), most=MAX_QUOTED_IN_CELL)
            raise Problems([Problem(sheet.name, row.number, shortened(header), shortened(cell), message)])
    quoted = sum(cell.count("${") for _, _, _, cell in cells)
    formulas = sum(len(cell) for _, _, header, cell in cells if column(header) in EXPRESSIONS)
    offered = _offered(sheets)
    text = sum(len(cell) for _, _, _, cell in cells)
    for key, found, most in (
        ("too_many_quoted", quoted, MAX_QUOTED),
        ("too_much_formula", formulas, MAX_FORMULAS),
        ("too_much_text", text, MAX_TEXT),
        ("too_many_offered", offered, MAX_OFFERED),
    ):
        if found > most:
            raise _problems(key, str(found), most=str(most))


def _offered(sheets: Mapping[str, Sheet]) -> int:
    """How many choices all questions offer together; the compiler looks at each list for each question."""
    sizes = Counter(_cell(row, "list_name") for row in (sheets["choices"].rows if "choices" in sheets else ()))
    selected = (list_of(_cell(row, "type")) for row in sheets["survey"].rows)
    return sum(sizes[found[1]] for found in selected if found)


def _cell(row: Row, name: str) -> str:
    return next((cell for header, cell in row.cells.items() if column(header) == name), "")
