"""What may stand in a spreadsheet cell: text that stays text, numbers that stay exact, local times."""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

MOST_CHARACTERS = 32_767
"""UTF-16 units that Excel keeps in a cell; more are dropped or the file is repaired."""
MOST_LINE_FEEDS = 253
CUT = " […]"
"""Stands at the end of a text that was cut."""
_REPLACEMENT = "\ufffd"
_MOST_DIGITS = 15
TOO_LARGE = 10**15
"""From here on a spreadsheet loses digits of whole numbers."""

# What XML 1.0 cannot hold; openpyxl's own pattern knows the controls only, the others break the whole file.
_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# What needs a second look before it stands in a cell: markup, line ends, white space at an end, a formula's beginning.
_SPECIAL = re.compile("^[=+@\\s-]|[\x00-\x1f&<>\ud800-\udfff\ufffe\uffff]|_x|\\s$")
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_NOT_IN_TITLE = re.compile(r"[:\\/?*\[\]]")
_MOST_IN_TITLE = 31
_MOST_IN_HEADER = 240
"""UTF-16 units, with room for a number behind them: Excel repairs a table with a header of over 255."""


@dataclass(frozen=True, slots=True)
class SafeText:
    """A text as it will stand in a cell, and what had to be done to it."""

    text: str
    is_cleaned: bool = False
    is_cut: bool = False


def clean(text: str) -> tuple[str, bool]:
    """The text with line feeds only and U+FFFD for what no spreadsheet can hold; whether any was there."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    readable = _UNREADABLE.sub(_REPLACEMENT, lines)
    return readable, readable != lines


def is_plain(text: str) -> bool:
    """Whether the text can stand in a cell as it is: true of most, and quicker to know than to make sure of."""
    return len(text) <= MOST_LINE_FEEDS and text != "" and _SPECIAL.search(text) is None


def safe(text: str) -> SafeText:
    """The text for one cell: cleaned, and cut with a mark where it is too long."""
    readable, is_cleaned = clean(text)
    end = _end_of_piece(readable, 0, MOST_CHARACTERS, MOST_LINE_FEEDS)
    if end == len(readable):
        return SafeText(readable, is_cleaned)
    end = _end_of_piece(readable, 0, MOST_CHARACTERS - len(CUT), MOST_LINE_FEEDS)
    return SafeText(readable[:end] + CUT, is_cleaned, is_cut=True)


def pieces(text: str) -> tuple[str, ...]:
    """The text over as many cells as it takes; joined without anything between, they are the text."""
    found, start = [], 0
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    while start < len(text):
        end = _end_of_piece(text, start, MOST_CHARACTERS, MOST_LINE_FEEDS)
        found.append(text[start:end])
        start = end
    return tuple(found) or ("",)


def _end_of_piece(text: str, start: int, characters: int, line_feeds: int) -> int:
    """Where a piece that begins at `start` must end to stay under both limits."""
    if len(text) - start <= line_feeds:
        return len(text)
    for place in range(start, len(text)):
        sign = text[place]
        characters -= 2 if sign > "\uffff" else 1
        line_feeds -= sign == "\n"
        if characters < 0 or line_feeds < 0:
            return place
    return len(text)


def escaped(text: str) -> str:
    """The text so that a spreadsheet does not read `_x0041_` in it as a letter."""
    return _LOOKS_ESCAPED.sub("_x005F_", text)


def needs_quote(text: str) -> bool:
    """Whether a spreadsheet would take the text for a formula when somebody edits the cell."""
    return text[:1] in ("\t", "\n") or text.lstrip()[:1] in ("=", "+", "-", "@")


def number(text: str) -> int | float | str | None:
    """A number from its text; the text itself where a spreadsheet would lose digits; None where it is none."""
    if not _NUMBER.fullmatch(text):
        return None
    try:
        exact = Decimal(text)
    except InvalidOperation:
        return None
    if len(exact.normalize().as_tuple().digits) > _MOST_DIGITS or abs(exact.adjusted()) >= _MOST_DIGITS:
        return text
    return float(text) if "." in text else int(text)


def fits(value: float) -> bool:
    """Whether a spreadsheet can hold the number: finite, and of no more than 15 digits."""
    if isinstance(value, int):
        return abs(value) < TOO_LARGE
    return math.isfinite(value)


def local(moment: datetime, zone: ZoneInfo) -> datetime:
    """The wall clock's time, to the second, without a zone: a cell can hold no other."""
    return moment.astimezone(zone).replace(tzinfo=None, microsecond=0)


def sheet_title(title: str, taken: Iterable[str] = ()) -> str:
    """A title that Excel accepts and that no other sheet has, whatever the capitals."""
    others = {other.casefold() for other in taken} | {"history"}
    base = _NOT_IN_TITLE.sub("-", clean(title)[0]).strip().strip("'") or "-"
    for count in range(1, len(others) + 2):
        ending = f" {count}" if count > 1 else ""
        candidate = base[: _MOST_IN_TITLE - len(ending)].rstrip("' ") + ending
        if candidate.casefold() not in others:
            return candidate
    raise AssertionError("more titles were tried than there are")


def headers(names: Iterable[str]) -> tuple[str, ...]:
    """The names as headers of a table: never empty or too long, none like another even in other capitals."""
    taken: set[str] = set()
    found = []
    for name in names:
        base = clean(name)[0].replace("\n", " ").strip() or "-"
        base = base[: _end_of_piece(base, 0, _MOST_IN_HEADER, 0)].strip()
        header, count = base, 1
        while header.casefold() in taken:
            count += 1
            header = f"{base}_{count}"
        taken.add(header.casefold())
        found.append(header)
    return tuple(found)
