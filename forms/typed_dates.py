"""Reads a day or a time of day as people type it, in Dutch and English."""

import re
from datetime import date, time, timedelta

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januari january jan",
            "februari february feb",
            "maart march mrt mar",
            "april apr",
            "mei may",
            "juni june jun",
            "juli july jul",
            "augustus august aug",
            "september sep sept",
            "oktober october okt oct",
            "november nov",
            "december dec",
        ),
        start=1,
    )
    for name in names.split()
}
_DAYS_AGO = {
    "vandaag": 0,
    "today": 0,
    "gisteren": 1,
    "yesterday": 1,
    "eergisteren": 2,
    "morgen": -1,
    "tomorrow": -1,
    "overmorgen": -2,
}
_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            "maandag monday ma mon",
            "dinsdag tuesday di tue",
            "woensdag wednesday wo wed",
            "donderdag thursday do thu",
            "vrijdag friday vr fri",
            "zaterdag saturday za sat",
            "zondag sunday zo sun",
        )
    )
    for name in names.split()
}
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", re.ASCII)
_NUMBERS = re.compile(r"(\d{1,2})[-/. ](\d{1,2})(?:[-/. ](\d{4}|\d{2}))?", re.ASCII)
_WORDS = re.compile(r"(\d{1,2})(?:e|de|ste|st|nd|rd|th)?\.?\s+([a-z]+)\.?(?:\s+(\d{4}|\d{2}))?", re.ASCII)
_TURNED = re.compile(r"([a-z]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?(?:,?\s+(\d{4}))?", re.ASCII)
_CLOCK = re.compile(r"(\d{1,2})(?:[:.hu](\d{2}))?\s*(am|pm|a\.m\.|p\.m\.|uur|u|h)?", re.ASCII)


def read_day(text: str, today: date | None = None) -> date | None:
    """The day that the text means; None where it means none.

    The day comes before the month, as in "3-4-2026" and "3 april". A day without a year is the nearest one
    that is not after `today`; a weekday is the last one. Without `today` neither can be read.
    """
    typed = " ".join(text.strip().lower().replace(" of ", " ").split())
    if today is not None and typed in _DAYS_AGO:
        return today - timedelta(days=_DAYS_AGO[typed])
    if today is not None and typed.removeprefix("afgelopen ").removeprefix("last ") in _WEEKDAYS:
        weekday = _WEEKDAYS[typed.removeprefix("afgelopen ").removeprefix("last ")]
        return today - timedelta(days=(today.weekday() - weekday) % 7)
    first, _, rest = typed.partition(" ")
    return _dated(rest.strip() if first.rstrip(".,") in _WEEKDAYS and rest else typed, today)


def _dated(typed: str, today: date | None) -> date | None:
    if found := _ISO.fullmatch(typed):
        return _made(found[1], int(found[2]), found[3], today)
    if found := _NUMBERS.fullmatch(typed):
        return _made(found[3], int(found[2]), found[1], today)
    if (found := _WORDS.fullmatch(typed)) and found[2] in _MONTHS:
        return _made(found[3], _MONTHS[found[2]], found[1], today)
    if (found := _TURNED.fullmatch(typed)) and found[1] in _MONTHS:
        return _made(found[3], _MONTHS[found[1]], found[2], today)
    return None


def _made(year: str | None, month: int, day: str, today: date | None) -> date | None:
    try:
        if year is None:
            return _nearest(month, int(day), today)
        century = _century(int(year), today) if len(year) == 2 else 0
        return date(int(year) + century, month, int(day))
    except ValueError:
        return None


def _century(year: int, today: date | None) -> int:
    """A year in two digits lies at most ten years ahead."""
    now = today.year if today else 2000
    return 1900 if now // 100 * 100 + year > now + 10 and now >= 2000 else 2000


def _nearest(month: int, day: int, today: date | None) -> date | None:
    if today is None:
        return None
    for year in range(today.year, today.year - 5, -1):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found <= today:
            return found
    return None


def read_clock(text: str) -> time | None:
    """The time of day that the text means: "14:30", "14.30 uur", "2 pm", "14u30"; None where it means none."""
    typed = " ".join(text.strip().lower().split())
    found = _CLOCK.fullmatch(typed)
    if found is None or (found[2] is None and found[3] is None and len(typed) > 2):
        return None
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").replace(".", "")
    if half in ("am", "pm"):
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "pm" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None
