"""Reads workshops from a table: the rows that are right, and of the others what is wrong, by number."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

from fieldwork.planning import PlannedWorkshop, Span, Unplanned, read_codes, read_name, read_times, span
from fieldwork.study import City, UnknownCity
from handlers.desk import Desk
from handlers.tablefile import NotATable, Sheet, open_table
from handlers.workshops.plancells import clock_in, dated, day_in, shown, words_in
from handlers.workshops.planning import Placed, checked, members
from handlers.workshops.teampicking import Candidate, candidates, read_people
from storage.tx import Rows as Reads

_COLUMNS = {
    "date": ("date", "day", "datum", "dag"),
    "times": ("time", "times", "tijd", "tijden"),
    "start": ("start", "from", "starts", "start time", "begin", "van", "begintijd", "starttijd", "aanvang"),
    "end": ("end", "until", "to", "ends", "end time", "einde", "eind", "tot", "eindtijd"),
    "city": ("city", "stad", "gemeente"),
    "neighbourhood": ("neighbourhood", "neighborhood", "area", "district", "wijk", "buurt"),
    "title": ("title", "workshop", "name", "titel", "werkplaats", "naam"),
    "people": ("people", "fieldworkers", "fieldworker", "team", "codes", "veldwerkers", "veldwerker", "mensen"),
}
_NAMED = {name: column for column, names in _COLUMNS.items() for name in names}
_DUTCH = {
    "date": "datum",
    "start": "begin",
    "end": "einde",
    "neighbourhood": "wijk",
    "title": "titel",
    "people": "veldwerkers",
}
_NEEDED = ("date", "start", "end", "neighbourhood", "title", "people")
_HEADER_WITHIN = 15
"""The names of the columns stand in one of the first rows."""
_LONGEST_HEADER = 60
_EXAMPLES = ("voorbeeld:", "example:")
"""A title that begins like this is the template's, not somebody's."""
Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class WrongRow:
    """A row that was not planned, by its number in the file, and why."""

    number: int
    reasons: tuple[Unplanned, ...]


@dataclass(frozen=True, slots=True)
class Readout:
    """What a table came to."""

    placed: tuple[tuple[int, Placed], ...]
    """Each with the number of its row."""
    wrong: tuple[WrongRow, ...]
    has_merged: bool


class Faults(Exception):
    """Several pieces of a row are wrong."""

    def __init__(self, reasons: Sequence[Unplanned]) -> None:
        super().__init__()
        self.reasons = tuple(reasons)


Row = Mapping[str, Sequence[object]]
"""What stands under each of our columns; fieldworkers may have several."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The sheet of a table that holds workshops."""

    sheet: Sheet
    header: int
    columns: tuple[str, ...]
    """Ours, by place; '' for one that is not."""

    def rows(self) -> Iterator[tuple[int, Row]]:
        """The filled rows below the header, without the template's examples."""
        for number, line in self.sheet.lines:
            if number <= self.header:
                continue
            row: dict[str, list[object]] = {}
            for column, cell in zip(self.columns, line, strict=False):
                row.setdefault(column, []).append(dated(cell, self.sheet.day_zero) if column == "date" else cell)
            row.pop("", None)
            if not shown(row["title"]).casefold().startswith(_EXAMPLES) and any(map(shown, row.values())):
                yield number, row


def find_plan(content: bytes) -> Plan:
    """The sheet with workshops. Raises NotATable."""
    sheets = open_table(content)
    if not any(sheet.lines for sheet in sheets):
        raise NotATable("table.empty")
    plans = [plan for sheet in sheets if (plan := _plan(sheet)) is not None]
    if not plans:
        raise _no_columns(sheets)
    return max(plans, key=lambda plan: sum(map(bool, plan.columns)))


def read_plan(reads: Reads, desk: Desk, plan: Plan, usual: City | None) -> Readout:
    """Every row as a workshop, or why it is none; `usual` is the city of a row that names none."""
    placed: list[tuple[int, Placed]] = []
    wrong = []
    numbers: dict[object, int] = {}
    team = cache(lambda city: candidates(reads, city))
    for number, row in plan.rows():
        try:
            one = _read(reads, desk, row, usual, team)
            _expect_new(one, numbers.setdefault(one.likeness, number), number)
            placed.append((number, checked(reads, one)))
        except Unplanned as reason:
            wrong.append(WrongRow(number, (reason,)))
        except Faults as found:
            wrong.append(WrongRow(number, found.reasons))
    return Readout(tuple(placed), tuple(wrong), plan.sheet.has_merged)


def _plan(sheet: Sheet) -> Plan | None:
    """Where the columns are named, if they are; the row that names most of them."""
    best: Plan | None = None
    for number, line in sheet.lines[:_HEADER_WITHIN]:
        columns = tuple(_column(cell) for cell in line)
        if not _missing(columns) and (best is None or sum(map(bool, columns)) > sum(map(bool, best.columns))):
            best = Plan(sheet, number, columns)
    return best


def _column(cell: object) -> str:
    """Our name of a column; what stands in brackets, a star or a number behind it do not matter."""
    name = re.sub(r"\(.*?\)|[*:]", "", str(cell or "")[:_LONGEST_HEADER]).strip().casefold()
    return _NAMED.get(re.sub(r"\s*\d+$", "", name), "")


def _missing(columns: Sequence[str]) -> list[str]:
    return [column for column in _NEEDED if column not in columns and not _is_in_times(column, columns)]


def _is_in_times(column: str, columns: Sequence[str]) -> bool:
    return column in ("start", "end") and "times" in columns


def _no_columns(sheets: Sequence[Sheet]) -> NotATable:
    """What was found in the most likely row instead of the names of the columns."""
    lines = [line for sheet in sheets for _, line in sheet.lines[:_HEADER_WITHIN]]
    line = max(lines, key=lambda one: len(_NEEDED) - len(_missing([_column(cell) for cell in one])))
    found = ", ".join(str(cell)[:40] for cell in line if str(cell or "").strip())[:200]
    missing = _missing([_column(cell) for cell in line])
    return NotATable(
        "table.columns",
        known=len(_NEEDED) - len(missing),
        found=found,
        missing={"nl": ", ".join(_DUTCH[one] for one in missing), "en": ", ".join(missing)},
    )


def _read(reads: Reads, desk: Desk, row: Row, usual: City | None, team: Callable[[City], list[Candidate]]) -> Placed:
    """One row's city and workshop; `team` gives who can be in it by name. Raises Unplanned, or Faults."""
    city = _city(desk, row, usual)
    faults: list[Unplanned] = []
    when = _tried(faults, lambda: _span(desk, row, city))
    neighbourhood = _tried(faults, lambda: read_name(words_in(row["neighbourhood"])))
    title = _tried(faults, lambda: read_name(words_in(row["title"])))
    codes = _tried(faults, lambda: _codes(reads, row, city, team))
    if when is None or neighbourhood is None or title is None or codes is None:
        raise Faults(faults)
    return Placed(city, PlannedWorkshop(when, neighbourhood, title, codes))


def _codes(reads: Reads, row: Row, city: City, team: Callable[[City], list[Candidate]]) -> tuple[str, ...]:
    """The codes of a row's people, who may stand there by name, too, with commas between or each in a column."""
    codes = read_codes(words_in(row["people"]))
    try:
        members(reads, city, codes)
    except Unplanned:
        named = ", ".join(filter(None, (shown((cell,)) for cell in row["people"])))
        codes = read_people(named, team(city), city)
    return codes


def _tried(faults: list[Unplanned], read: Callable[[], Read]) -> Read | None:
    try:
        return read()
    except Unplanned as fault:
        faults.append(fault)
        return None


def _city(desk: Desk, row: Row, usual: City | None) -> City:
    named, cities = words_in(row.get("city", ())), ", ".join(one.name for one in desk.study.cities)
    if not named and usual is not None:
        return usual
    if not named:
        raise Unplanned("plan.no_city", cities=cities)
    try:
        return desk.study.city(named)
    except UnknownCity:
        raise Unplanned("city.unknown", found=named, cities=cities) from None


def _span(desk: Desk, row: Row, city: City) -> Span:
    day = day_in(row["date"], desk, city)
    if "times" in row and words_in(row["times"]):
        start, end = read_times(words_in(row["times"]))
    else:
        start, end = (clock_in(row.get(name, ())) for name in ("start", "end"))
    return span(day, start, end, city.timezone, desk.now)


def _expect_new(one: Placed, first: int, number: int) -> None:
    """Raise Unplanned where an earlier row is the same workshop."""
    if first != number:
        raise Unplanned("plan.same_row", found=one.planned.title, row=str(first))
