"""Reads the lines in which coordinators plan workshops."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from fieldwork.daywords import CLOCK, OtherWeekday, day_of, time_of
from fieldwork.schedule import at

_WHEN = re.compile(
    rf"\s*(?P<date>\S.*?)\s+(?:van |from )?(?P<start>{CLOCK})\s*(?:[-–—]|tot|to|until)\s*(?P<end>{CLOCK})\s*",
    re.IGNORECASE,
)
_TIMES = re.compile(rf"\s*(?P<start>{CLOCK})\s*(?:[-–—]|tot|to|until)\s*(?P<end>{CLOCK})\s*", re.IGNORECASE)
_LONGEST_NAME = 80
_LONGEST_FOUND = 300
"""Signs of what was found that are told back."""
_FAR_AHEAD = timedelta(days=731)
"""Two years: a later day is a slip of the keys."""


class Unplanned(Exception):
    """A line that cannot be read; `key` names the sentence that says why, `values` fill it."""

    def __init__(self, key: str, **values: str) -> None:
        super().__init__(key)
        self.key = key
        self.values = {name: value[:_LONGEST_FOUND] for name, value in values.items()}


@dataclass(frozen=True, slots=True)
class Span:
    """From when until when, aware UTC."""

    starts_on: datetime
    ends_on: datetime


@dataclass(frozen=True, slots=True)
class PlannedWorkshop:
    """One workshop as a line or a row gives it; people by their codes."""

    span: Span
    neighbourhood: str
    title: str
    codes: tuple[str, ...]


def read_line(line: str, zone: ZoneInfo, now: datetime) -> PlannedWorkshop:
    """Read `12-03 19:00–21:00 | Overvecht | Groen in de straat | K7M4 R2QX`. Raises Unplanned."""
    pieces = [piece.strip() for piece in line.split("|")]
    if len(pieces) != 4:
        raise Unplanned("plan.pieces", found=str(len(pieces)))
    when, neighbourhood, title, people = pieces
    return read_pieces(read_span(when, zone, now), neighbourhood, title, people)


def read_pieces(span: Span, neighbourhood: str, title: str, people: str) -> PlannedWorkshop:
    """Check the words of one workshop. Raises Unplanned."""
    return PlannedWorkshop(span, read_name(neighbourhood), read_name(title), read_codes(people))


def read_name(text: str) -> str:
    """Check a neighbourhood or a title. Raises Unplanned."""
    name = " ".join(text.split())
    if not name:
        raise Unplanned("plan.no_name", found="")
    if len(name) > _LONGEST_NAME:
        raise Unplanned("plan.name", found=name[:_LONGEST_NAME], longest=str(_LONGEST_NAME))
    return name


def read_codes(text: str) -> tuple[str, ...]:
    """The codes of people in capitals, each once. Raises Unplanned."""
    codes = tuple(dict.fromkeys(re.findall(r"[^\s,;]+", text.upper())))
    if not codes:
        raise Unplanned("plan.people")
    return codes


def read_span(text: str, zone: ZoneInfo, now: datetime) -> Span:
    """Read `12-03 19:00–21:00`; a day without a year is the next such day. Raises Unplanned."""
    found = _WHEN.fullmatch(text)
    if found is None:
        raise Unplanned("plan.when", found=text)
    return span(read_day(found["date"], zone, now), read_clock(found["start"]), read_clock(found["end"]), zone, now)


def span(day: date, start: time, end: time, zone: ZoneInfo, now: datetime) -> Span:
    """The span on local clocks; an end before the start is after midnight. Raises Unplanned."""
    if day - now.astimezone(zone).date() > _FAR_AHEAD:
        raise Unplanned("plan.far", found=day.strftime("%d-%m-%Y"))
    try:
        starts_on = at(day, start, zone)
        ends_on = at(day if end > start else day + timedelta(days=1), end, zone)
    except OverflowError:
        raise Unplanned("plan.day", found=day.isoformat()) from None
    if ends_on <= now:
        raise Unplanned("plan.past", found=day.strftime("%d-%m-%Y"))
    if ends_on - starts_on > timedelta(hours=14):
        raise Unplanned("plan.long", start=f"{start:%H:%M}", end=f"{end:%H:%M}")
    return Span(starts_on, ends_on)


def read_day(text: str, zone: ZoneInfo, now: datetime) -> date:
    """Read `12-03`, `12-03-2027`, `2027-03-12`, `12 maart` or `morgen`. Raises Unplanned."""
    try:
        day = day_of(text, now.astimezone(zone).date())
    except OtherWeekday:
        raise Unplanned("plan.weekday", found=text) from None
    if day is None:
        raise Unplanned("plan.day", found=text)
    return day


def read_coming_day(text: str, zone: ZoneInfo, now: datetime) -> date:
    """The same, if it is today or to come, and not too far ahead. Raises Unplanned."""
    day, today = read_day(text, zone, now), now.astimezone(zone).date()
    if day < today:
        raise Unplanned("plan.past", found=day.strftime("%d-%m-%Y"))
    if day - today > _FAR_AHEAD:
        raise Unplanned("plan.far", found=day.strftime("%d-%m-%Y"))
    return day


def read_clock(text: str) -> time:
    """Read `19:00`, `19.00`, `19u30` or `7 pm`. Raises Unplanned."""
    clock = time_of(text)
    if clock is None:
        raise Unplanned("plan.clock", found=text)
    return clock


def read_times(text: str) -> tuple[time, time]:
    """Read `19:00–21:00`. Raises Unplanned."""
    found = _TIMES.fullmatch(text)
    if found is None:
        raise Unplanned("plan.times", found=text)
    return read_clock(found["start"]), read_clock(found["end"])
