"""Reads the lines in which coordinators plan workshops."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from fieldwork.schedule import at

_WHEN = re.compile(
    r"\s*(?P<date>\S+)\s+(?P<start>\d{1,2}[:.]\d{2})\s*(?:[-–—]|tot|to|until)\s*(?P<end>\d{1,2}[:.]\d{2})\s*"
)
_CLOCK = re.compile(r"(?P<hours>\d{1,2})[:.](?P<minutes>\d{2})(?:[:.]00)?")
_DATE = re.compile(r"(?P<day>\d{1,2})[-/.](?P<month>\d{1,2})(?:[-/.](?P<year>\d{4}))?")
_ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})")
_LONGEST_NAME = 80
_LONG_AGO = timedelta(days=180)
"""A day without a year that lies further back than this means next year's."""
_FAR_AHEAD = timedelta(days=731)
"""Two years: a later day is a slip of the keys."""


class Unplanned(Exception):
    """A line that cannot be read; `key` names the sentence that says why, `values` fill it."""

    def __init__(self, key: str, **values: str) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


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
    for name in (neighbourhood, title):
        if not name or len(name) > _LONGEST_NAME:
            raise Unplanned("plan.name", found=name[:_LONGEST_NAME], longest=str(_LONGEST_NAME))
    codes = tuple(dict.fromkeys(re.findall(r"[^\s,;]+", people.upper())))
    if not codes:
        raise Unplanned("plan.people")
    return PlannedWorkshop(span, neighbourhood, title, codes)


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
    """Read `12-03`, `12-03-2027` or `2027-03-12`. Raises Unplanned."""
    found = _ISO.fullmatch(text) or _DATE.fullmatch(text)
    today = now.astimezone(zone).date()
    if found is None:
        raise Unplanned("plan.day", found=text)
    try:
        year = int(found["year"] or today.year)
        day = date(year, int(found["month"]), int(found["day"]))
        if found["year"] is None and today - day > _LONG_AGO:
            day = day.replace(year=today.year + 1)
    except ValueError:
        raise Unplanned("plan.day", found=text) from None
    return day


def read_clock(text: str) -> time:
    """Read `19:00` or `19.00`. Raises Unplanned."""
    found = _CLOCK.fullmatch(text.strip())
    try:
        if found is not None:
            return time(int(found["hours"]), int(found["minutes"]))
    except ValueError:
        pass
    raise Unplanned("plan.clock", found=text)
