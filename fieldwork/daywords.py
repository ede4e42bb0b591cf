"""Reads days and times of day as people spell them, in Dutch and English."""

import re
from collections.abc import Iterator
from datetime import date, time, timedelta

from fieldwork.recognise import plain

_MONTHS = (
    *(("januari", "january", "jan"), ("februari", "february", "feb"), ("maart", "march", "mrt", "mar", "maa")),
    *(("april", "apr"), ("mei", "may"), ("juni", "june", "jun"), ("juli", "july", "jul")),
    *(("augustus", "august", "aug"), ("september", "sep", "sept"), ("oktober", "october", "okt", "oct")),
    *(("november", "nov"), ("december", "dec")),
)
_WEEKDAYS = (
    *(("maandag", "ma", "monday", "mon"), ("dinsdag", "di", "tuesday", "tue"), ("woensdag", "wo", "wednesday", "wed")),
    *(("donderdag", "do", "thursday", "thu"), ("vrijdag", "vr", "friday", "fri")),
    *(("zaterdag", "za", "saturday", "sat"), ("zondag", "zo", "sunday", "sun")),
)
_MONTH = {word: number for number, words in enumerate(_MONTHS, start=1) for word in words}
_WEEKDAY = {word: number for number, words in enumerate(_WEEKDAYS) for word in words}
_FROM_TODAY = {"vandaag": 0, "today": 0, "morgen": 1, "tomorrow": 1, "overmorgen": 2}

_DAY_FIRST = re.compile(r"(?P<day>\d{1,2})[-/.](?P<month>\d{1,2})(?:[-/.](?P<year>\d{4}|\d{2}))?", re.ASCII)
_YEAR_FIRST = re.compile(
    r"(?P<year>\d{4})[-/](?P<month>\d{1,2})[-/](?P<day>\d{1,2})(?:[ T]00:00(?::00(?:\.0+)?)?)?", re.ASCII
)
_SPELLED = re.compile(
    r"(?P<day>\d{1,2})(?:e|de|ste|st|nd|rd|th)? (?:of )?(?P<month>[a-z]+)(?: (?P<year>\d{4}))?", re.ASCII
)
_MONTH_FIRST = re.compile(r"(?P<month>[a-z]+) (?P<day>\d{1,2})(?:st|nd|rd|th)?(?: (?P<year>\d{4}))?", re.ASCII)
_CLOCK = re.compile(
    r"(?P<hours>\d{1,2})(?:[:.uh](?P<minutes>\d{2})(?::00)?)?\s?(?:uur|u|h)?\s?(?P<half>[ap])?(?:\.?m\.?)?", re.ASCII
)
_FOUR_DIGITS = re.compile(r"(?P<hours>\d{2})(?P<minutes>\d{2})", re.ASCII)
CLOCK = r"\d{1,2}(?:[:.uh]\d{2})?(?:\s?(?:uur|u|h|[ap]m))?"
"""What a time of day looks like among other words."""
_LONG_AGO = timedelta(days=180)
"""A day without a year that lies further back than this means next year's."""


class OtherWeekday(Exception):
    """The day that was written is not the weekday that stands beside it."""


def day_of(text: str, today: date) -> date | None:
    """Read `12-03`, `12-3-2027`, `2027-03-12`, `12 maart`, `vr 12 maart`, `morgen`; None for anything else.

    A day without a year is the next such day, or one of the last half year. Raises OtherWeekday.
    """
    words = re.sub(r"[,.]?\s+", " ", plain(text)) if not _YEAR_FIRST.fullmatch(text.strip()) else text.strip()
    if words in _FROM_TODAY:
        return today + timedelta(days=_FROM_TODAY[words])
    first, _, rest = words.partition(" ")
    weekday = _WEEKDAY.get(first.rstrip(".,"))
    if weekday is not None and not rest:
        return today + timedelta(days=(weekday - today.weekday()) % 7)
    day = _numbered(words if weekday is None else rest, today)
    if day is not None and weekday is not None and day.weekday() != weekday:
        raise OtherWeekday
    return day


def time_of(text: str) -> time | None:
    """Read `19:00`, `19.00`, `19u30`, `19 uur`, `1900` or `7:30 pm`; None for anything else."""
    words = text.strip().casefold()
    found = _FOUR_DIGITS.fullmatch(words) or _CLOCK.fullmatch(words)
    if found is None:
        return None
    hours, minutes = int(found["hours"]), int(found["minutes"] or 0)
    half = found.groupdict().get("half")
    if half and not 1 <= hours <= 12:
        return None
    if half:
        hours = hours % 12 + (12 if half == "p" else 0)
    return time(hours, minutes) if hours < 24 and minutes < 60 else None


def _numbered(words: str, today: date) -> date | None:
    for found, month in _readings(words):
        year = found["year"]
        try:
            full = int(year) if year and len(year) == 4 else 2000 + int(year) if year else today.year
            day = date(full, month, int(found["day"]))
            return day.replace(year=today.year + 1) if not year and today - day > _LONG_AGO else day
        except ValueError:
            return None
    return None


def _readings(words: str) -> Iterator[tuple[re.Match[str], int]]:
    """The ways in which the words are a day, each with the number of its month."""
    for pattern in (_YEAR_FIRST, _DAY_FIRST):
        if found := pattern.fullmatch(words):
            yield found, int(found["month"])
    for pattern in (_SPELLED, _MONTH_FIRST):
        if (found := pattern.fullmatch(words)) and found["month"] in _MONTH:
            yield found, _MONTH[found["month"]]
