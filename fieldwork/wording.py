"""Dates, times and numbers as people read them, in their language and their city's time."""

from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal

from babel import Locale
from babel.dates import format_date, format_datetime, format_time, format_timedelta
from babel.numbers import format_decimal

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


def day_with_year(moment: datetime, zone: tzinfo, language: str) -> str:
    """`maandag 23 november 2026`."""
    return str(format_date(moment.astimezone(zone).date(), _DAY_OF_YEAR, locale=language))


def short_day(day: date, language: str) -> str:
    """`ma 23 nov`."""
    return str(format_date(day, "EEE d MMM", locale=language)).rstrip(".")


def clock(moment: datetime, zone: tzinfo, language: str) -> str:
    """`08:30`."""
    return str(format_time(moment.astimezone(zone), "HH:mm", tzinfo=zone, locale=language))


def date_in_words(day: date, language: str) -> str:
    """`23 november 2026`."""
    return str(format_date(day, "d MMMM y", locale=language))


_GROUPED_FROM = 10_000
"""Smaller numbers are read without a sign between their thousands, as years are."""


def number(value: int | float | Decimal, language: str) -> str:
    """`12.500` or `12,5` in Dutch, `12,500` or `12.5` in English; every decimal that is there."""
    if isinstance(value, int) and 0 <= value < _GROUPED_FROM:
        return str(value)
    grouped = not -_GROUPED_FROM < value < _GROUPED_FROM
    words = format_decimal(value, locale=language, decimal_quantization=False, group_separator=grouped)
    return str(words)


def numerus(value: int | float | Decimal, one: str, other: str, language: str) -> str:
    """The word that goes with so many, by the plural rule of the language."""
    return one if Locale.parse(language).plural_form(value) == "one" else other


def span(length: timedelta, language: str) -> str:
    """`3 uur`; a minute at least."""
    return str(format_timedelta(max(length, timedelta(0)), granularity="minute", locale=language))
