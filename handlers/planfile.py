"""Reads workshops from a CSV or XLSX file: the rows that are right are kept, the others listed by number."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from fieldwork.planning import PlannedWorkshop, Unplanned, read_clock, read_day, read_pieces, span
from fieldwork.study import City, UnknownCity
from handlers.desk import Desk
from handlers.planning import checked, save
from storage.connection import Tx

_COLUMNS = {
    "date": ("date", "datum"),
    "start": ("start", "begin", "van"),
    "end": ("end", "einde", "eind", "tot"),
    "city": ("city", "stad"),
    "neighbourhood": ("neighbourhood", "area", "wijk"),
    "title": ("title", "titel"),
    "people": ("fieldworkers", "people", "veldwerkers"),
}
MOST_ROWS = 2000
BIGGEST_FILE = 2 * 1024 * 1024
"""Bytes."""


class NotATable(Exception):
    """The file is no CSV or XLSX table of workshops; the message says what was found and expected."""


@dataclass(frozen=True, slots=True)
class WrongRow:
    """A row that was not planned, by its number in the file, and why."""

    number: int
    reason: Unplanned


Row = Mapping[str, object]


def plan_file(tx: Tx, desk: Desk, content: bytes) -> tuple[int, list[WrongRow]]:
    """Plan every row that can be; how many there were, and the others. Raises NotATable."""
    saved, wrong = 0, []
    for number, row in read_table(content):
        try:
            city, planned = _read(tx, desk, row)
            save(tx, desk, city, planned, None)
            saved += 1
        except Unplanned as reason:
            wrong.append(WrongRow(number, reason))
    return saved, wrong


def read_table(content: bytes) -> list[tuple[int, Row]]:
    """The file's rows by our names of the columns, each with its number in the file. Raises NotATable."""
    if len(content) > BIGGEST_FILE:
        raise NotATable(f"the file has {len(content)} bytes; expected at most {BIGGEST_FILE}")
    lines = list(_xlsx(content) if content[:2] == b"PK" else _csv(content))
    if not lines:
        raise NotATable("the file is empty; expected a row with the names of the columns")
    if len(lines) > MOST_ROWS:
        raise NotATable(f"the file has {len(lines)} rows; expected at most {MOST_ROWS}")
    places = _places([str(cell or "") for cell in lines[0]])
    return [
        (number, {name: line[place] if place < len(line) else None for name, place in places.items()})
        for number, line in enumerate(lines[1:], start=2)
        if any(cell not in (None, "") for cell in line)
    ]


def _places(header: list[str]) -> dict[str, int]:
    """Where each column stands."""
    found = [name.strip().casefold() for name in header]
    places = {column: found.index(name) for column, names in _COLUMNS.items() for name in names if name in found}
    missing = [names[0] for column, names in _COLUMNS.items() if column not in places]
    if missing:
        raise NotATable(
            f"row 1 has the columns {', '.join(filter(None, header)) or 'nothing'}; missing: {', '.join(missing)}"
        )
    return places


def _csv(content: bytes) -> Iterator[Sequence[object]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotATable("the file is neither XLSX nor text in UTF-8") from None
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    try:
        yield from reader
    except csv.Error as error:
        raise NotATable(f"line {reader.line_num} cannot be read as CSV ({error})") from None


def _xlsx(content: bytes) -> Iterator[Sequence[object]]:
    from openpyxl import load_workbook

    try:
        sheet = load_workbook(io.BytesIO(content), read_only=True, data_only=True).worksheets[0]
        rows: Iterator[tuple[object, ...]] = sheet.iter_rows(values_only=True, max_row=MOST_ROWS + 1)
        yield from rows
    except Exception as error:
        # What is read first, the archive, the XML or a cell, decides what a broken file raises.
        kind = type(error).__name__
        raise NotATable(f"the file looks like a workbook but cannot be opened as XLSX ({kind})") from None


def _read(tx: Tx, desk: Desk, row: Row) -> tuple[City, PlannedWorkshop]:
    """One row's city and workshop. Raises Unplanned."""
    named, cities = _words(row["city"]), ", ".join(one.name for one in desk.study.cities)
    if not named:
        raise Unplanned("plan.no_city", cities=cities)
    try:
        city = desk.study.city(named)
    except UnknownCity:
        raise Unplanned("city.unknown", found=named, cities=cities) from None
    day = _day(row["date"], city, desk)
    when = span(day, _clock(row["start"]), _clock(row["end"]), city.timezone, desk.now)
    pieces = (_words(row[name]) for name in ("neighbourhood", "title", "people"))
    return city, checked(tx, city, read_pieces(when, *pieces))


def _day(cell: object, city: City, desk: Desk) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    return cell if isinstance(cell, date) else read_day(_words(cell), city.timezone, desk.now)


def _clock(cell: object) -> time:
    if isinstance(cell, datetime):
        return cell.time()
    return cell if isinstance(cell, time) else read_clock(_words(cell))


def _words(cell: object) -> str:
    return "" if cell is None else str(cell).strip()
