"""Dates, times and spans as people read them, in their language and their city's time."""

from datetime import date, datetime, timedelta, tzinfo

from babel.dates import format_date, format_datetime, format_time, format_timedelta

_WHEN = {"nl": "EEEE d MMMM 'om' HH:mm", "en": "EEEE d MMMM 'at' HH:mm"}
_DAY, _DAY_OF_YEAR = "EEEE d MMMM", "EEEE d MMMM y"


def when(moment: datetime, zone: tzinfo, language: str) -> str:
    """`maandag 23 november om 08:30`."""
    return str(format_datetime(moment, _WHEN[language], tzinfo=zone, locale=language))


def day(moment: datetime, zone: tzinfo, language: str, now: datetime | None = None) -> str:
    """`maandag 23 november`; with its year where `now` is given and lies in another."""
    local = moment.astimezone(zone).date()
    is_another = now is not None and now.astimezone(zone).year != local.year
    return str(format_date(local, _DAY_OF_YEAR if is_another else _DAY, locale=language))


def clock(moment: datetime, zone: tzinfo, language: str) -> str:
    """`08:30`."""
    return str(format_time(moment.astimezone(zone), "HH:mm", tzinfo=zone, locale=language))


def date_in_words(day: date, language: str) -> str:
    """`23 november 2026`."""
    return str(format_date(day, "d MMMM y", locale=language))


def span(length: timedelta, language: str) -> str:
    """`3 uur`; a minute at least."""
    return str(format_timedelta(max(length, timedelta(0)), granularity="minute", locale=language))
