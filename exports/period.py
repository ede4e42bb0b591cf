"""The stretch of time an export covers, in whole ISO weeks of the study's own time zone."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


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


_WEEK = re.compile(r"(\d{4})-W(\d{2})")


def iso_week(label: str, zone: ZoneInfo) -> Period:
    """The week `2026-W47`, Monday 00:00 to Monday 00:00 local. Raises NoSuchWeek."""
    found = _WEEK.fullmatch(label)
    if found is None:
        raise NoSuchWeek(f"{label!r} is no ISO week: expected a year and a week, like 2026-W47")
    try:
        monday = date.fromisocalendar(int(found[1]), int(found[2]), 1)
    except ValueError:
        raise NoSuchWeek(f"{label!r} does not exist: {found[1]} has no week {found[2]}") from None
    return Period(_midnight(monday, zone), _midnight(monday + timedelta(weeks=1), zone), label, (label,))


def week_label(moment: datetime, zone: ZoneInfo) -> str:
    """The ISO week a moment falls in, by the local date: `2026-W47`."""
    year, week, _ = moment.astimezone(zone).isocalendar()
    return f"{year}-W{week:02d}"


def week_of(moment: datetime, zone: ZoneInfo) -> Period:
    """The ISO week a moment falls in, by the local date."""
    return iso_week(week_label(moment, zone), zone)


def week_before(period: Period, zone: ZoneInfo) -> Period:
    """The ISO week that ends where this period begins."""
    return week_of(period.since - timedelta(days=1), zone)


def weeks_until(period: Period, count: int, zone: ZoneInfo) -> Period:
    """The `count` ISO weeks that end with this one."""
    weeks = [period]
    while len(weeks) < count:
        weeks.insert(0, week_before(weeks[0], zone))
    labels = tuple(week.label for week in weeks)
    return Period(weeks[0].since, period.until, f"{labels[0]}_{labels[-1]}", labels)


def everything() -> Period:
    """All there is."""
    return Period(datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC), "all")


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
