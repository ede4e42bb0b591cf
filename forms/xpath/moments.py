"""Dates, times and dates with a time: how they are written, read and counted."""

import math
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from enum import StrEnum

from babel import Locale, UnknownLocaleError
from babel.dates import get_day_names, get_month_names

_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?\s*(Z|[+-]\d{2}(?::?\d{2})?)?", re.ASCII)
_EPOCH = date(1970, 1, 1).toordinal()
_DAY = timedelta(days=1)


class Sort(StrEnum):
    """What a moment says: a day, a time of day, or both."""

    DATE = "date"
    TIME = "time"
    DATETIME = "dateTime"


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time in the zone of the person who answers, and what of it counts."""

    at: datetime
    sort: Sort

    @property
    def days(self) -> int:
        """Whole days since 1970."""
        return self.at.toordinal() - _EPOCH

    @property
    def exact_days(self) -> float:
        """Days since the beginning of 1970 in UTC, with their fraction."""
        return (self.at - datetime(1970, 1, 1, tzinfo=UTC)) / _DAY

    @property
    def day_part(self) -> float:
        """How much of its day has gone by, from 0 to 1."""
        return (self.at - self.at.replace(hour=0, minute=0, second=0, microsecond=0)) / _DAY

    @property
    def text(self) -> str:
        """How a sentence shows it: the day, or the time of day."""
        return self.at.strftime("%H:%M:%S") if self.sort is Sort.TIME else self.at.date().isoformat()

    def written(self, sort: Sort | None = None) -> str:
        """How it is kept, as XML Schema writes it."""
        match sort or self.sort:
            case Sort.DATE:
                return self.at.date().isoformat()
            case Sort.TIME:
                return self._clock()
            case Sort.DATETIME:
                return f"{self.at.date().isoformat()}T{self._clock()}"

    def _clock(self) -> str:
        # From the whole moment: a time alone does not know how far its zone is from UTC.
        _, _, clock = self.at.isoformat("T", "milliseconds").partition("T")
        return clock.removesuffix("+00:00") + "Z" if clock.endswith("+00:00") else clock


def read_moment(text: str, zone: tzinfo, today: date | None = None) -> Moment | None:
    """What an ISO date, time or date with time says; None for any other text.

    A time without a zone is in `zone`; a bare time falls on `today`.
    """
    text = text.strip()
    if ":" in text and "T" not in text:
        clock = _clock(text, zone)
        day = today or date(1970, 1, 1)
        return None if clock is None else _moment(day, clock, zone, Sort.TIME)
    day_text, _, clock_text = text.partition("T")
    found = _DATE.fullmatch(day_text)
    clock = _clock(clock_text, zone) if "T" in text else time(tzinfo=zone)
    if found is None or clock is None:
        return None
    try:
        day = date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None
    return _moment(day, clock, zone, Sort.DATETIME if "T" in text else Sort.DATE)


def _moment(day: date, clock: time, zone: tzinfo, sort: Sort) -> Moment | None:
    try:
        return Moment(datetime.combine(day, clock).astimezone(zone), sort)
    except (OverflowError, ValueError):
        return None


def _clock(text: str, zone: tzinfo) -> time | None:
    found = _TIME.fullmatch(text.strip())
    if found is None:
        return None
    micro = int((found[4] or "0").ljust(6, "0")[:6])
    try:
        return time(int(found[1]), int(found[2]), int(found[3] or 0), micro, _offset(found[5], zone))
    except ValueError:
        return None


def _offset(text: str | None, zone: tzinfo) -> tzinfo:
    if text is None:
        return zone
    if text == "Z":
        return UTC
    digits = text[1:].replace(":", "").ljust(4, "0")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-offset if text[0] == "-" else offset)


def day_number(text: str) -> float:
    """The days since 1970 of an ISO date, with or without a time; NaN for any other text."""
    if len(text) < 8 or not text[:4].isdigit():
        return math.nan
    moment = read_moment(text, UTC)
    return math.nan if moment is None or moment.sort is Sort.TIME else float(moment.days)


def from_days(days: float, zone: tzinfo, keeps_time: bool) -> Moment | None:
    """The moment so many days after the beginning of 1970; None where there is no such day."""
    if not math.isfinite(days) or abs(days) > 2_000_000:
        return None
    try:
        if keeps_time:
            exact = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=math.trunc(days * 86_400_000))
            return Moment(exact.astimezone(zone), Sort.DATETIME)
        day = date.fromordinal(_EPOCH + math.trunc(days))
        return Moment(datetime.combine(day, time(tzinfo=zone)), Sort.DATE)
    except (OverflowError, ValueError):
        return None


def shown(moment: Moment, pattern: str, language: str = "") -> str:
    """The moment as the pattern asks: `%e %b %Y %H:%M`; a letter without a meaning stays as it is.

    Months and days are named in the language of this code, in English where it is none that has names for them.
    """
    parts = []
    rest = iter(pattern)
    for character in rest:
        if character == "%":
            letter = next(rest, "%")
            parts.append(_part(moment.at, letter, language))
        else:
            parts.append(character)
    return "".join(parts)


def _part(at: datetime, letter: str, language: str) -> str:
    match letter:
        case "b":
            return str(get_month_names("abbreviated", locale=_locale(language))[at.month])
        case "a":
            return str(get_day_names("abbreviated", locale=_locale(language))[at.weekday()])
    return _PARTS[letter](at) if letter in _PARTS else letter


def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en")


_PARTS = {
    "Y": lambda at: f"{at.year:04}",
    "y": lambda at: f"{at.year % 100:02}",
    "m": lambda at: f"{at.month:02}",
    "n": lambda at: str(at.month),
    "d": lambda at: f"{at.day:02}",
    "e": lambda at: str(at.day),
    "H": lambda at: f"{at.hour:02}",
    "h": lambda at: str(at.hour),
    "M": lambda at: f"{at.minute:02}",
    "S": lambda at: f"{at.second:02}",
    "3": lambda at: f"{at.microsecond // 1000:03}",
    "W": lambda at: str(at.isocalendar().week),
}
