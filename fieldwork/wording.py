"""Dates, times and spans as people read them, in their language and their city's time."""

from datetime import date, datetime, tzinfo

from babel.dates import format_date, format_datetime, format_time

_WHEN = {"nl": "EEEE d MMMM 'om' HH:mm", "en": "EEEE d MMMM 'at' HH:mm"}
_DAY = {"nl": "EEEE d MMMM", "en": "EEEE d MMMM"}


def when(moment: datetime, zone: tzinfo, language: str) -> str:
    """`maandag 23 november om 08:30`."""
    return str(format_datetime(moment, _WHEN[language], tzinfo=zone, locale=language))


def day(moment: datetime, zone: tzinfo, language: str) -> str:
    """`maandag 23 november`."""
    return str(format_date(moment.astimezone(zone).date(), _DAY[language], locale=language))


def clock(moment: datetime, zone: tzinfo, language: str) -> str:
    """`08:30`."""
    return str(format_time(moment.astimezone(zone), "HH:mm", tzinfo=zone, locale=language))


def date_in_words(day: date, language: str) -> str:
    """`23 november 2026`."""
    return str(format_date(day, "d MMMM y", locale=language))
