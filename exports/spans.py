"""Numbers and stretches of time in the reader's language."""

from datetime import timedelta

from babel.dates import format_timedelta
from babel.numbers import format_decimal


def span(minutes: float, language: str) -> str:
    """How long, in the unit a person would use: `40 minuten`, `3 uur`, `2 dagen`."""
    whole = timedelta(minutes=max(1, round(minutes)))
    return format_timedelta(whole, granularity="minute", threshold=1.5, locale=language)


def one_decimal(value: float, language: str) -> str:
    """A number with one digit behind the comma or the point."""
    return format_decimal(value, "0.0", locale=language)
