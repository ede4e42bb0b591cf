"""Which stretch of time an export is about: an ISO week, some weeks, or everything."""

import re
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from fieldwork.schedule import Week
from storage.exportrows import EVER, NEVER

_WEEK = re.compile(r"(\d{4})-W\d{2}")


class NoSuchWeek(Exception):
    """The text names no ISO week."""


@dataclass(frozen=True, slots=True)
class Period:
    """From `since` until just before `until`, both aware UTC; `weeks` is empty for everything there is."""

    since: datetime
    until: datetime
    label: str
    """`2026-W47`, or `all`: what stands in file names."""
    weeks: tuple[str, ...] = ()


def of_week(week: Week, zone: ZoneInfo) -> Period:
    """The week, Monday 00:00 to Monday 00:00 local."""
    return Period(week.starts_on(zone), week.plus(1).starts_on(zone), str(week), (str(week),))


def iso_week(label: str, zone: ZoneInfo) -> Period:
    """The week `2026-W47`. Raises NoSuchWeek."""
    found = _WEEK.fullmatch(label)
    if found is None:
        raise NoSuchWeek(f"{label!r} is no ISO week: expected a year and a week, like 2026-W47")
    try:
        return of_week(Week.parse(label), zone)
    except ValueError:
        raise NoSuchWeek(f"{label!r} does not exist: {found[1]} has no such week") from None


def week_label(moment: datetime, zone: ZoneInfo) -> str:
    """The ISO week a moment falls in, by the local date: `2026-W47`."""
    return str(Week.of(moment, zone))


def week_before(period: Period, zone: ZoneInfo) -> Period:
    """The ISO week that ends where this period begins."""
    return of_week(Week.of(period.since, zone).plus(-1), zone)


def weeks_until(period: Period, count: int, zone: ZoneInfo) -> Period:
    """The `count` ISO weeks that end with this one."""
    last = Week.of(period.since, zone)
    labels = tuple(str(last.plus(back)) for back in range(1 - count, 1))
    return Period(last.plus(1 - count).starts_on(zone), period.until, f"{labels[0]}_{labels[-1]}", labels)


def everything() -> Period:
    """All there is."""
    return Period(EVER, NEVER, "all")
