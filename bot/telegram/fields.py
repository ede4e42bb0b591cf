"""The fields of a raw update, read without trusting their shape; what cannot be done without raises Unreadable."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bot.channel import Unreadable

Raw = Mapping[str, Any]

LONGEST_NAME = 255
"""Characters that are kept."""
_SURROGATE = re.compile("[\ud800-\udfff]")


def mapping(value: object, where: str) -> Raw:
    """An object as it is where what is left out and what is null are the same."""
    if not isinstance(value, dict):
        raise Unreadable(f"{where}: expected an object, found {type(value).__name__}")
    return {name: part for name, part in value.items() if part is not None}


def text(value: object, where: str) -> str:
    """Text without the halves of signs that no encoding takes."""
    if not isinstance(value, str):
        raise Unreadable(f"{where}: expected text, found {type(value).__name__}")
    return _SURROGATE.sub("\ufffd", value)


def name(value: object) -> str:
    """What somebody is called, of a bearable length; '' where that is missing or unusable."""
    return words(value)[:LONGEST_NAME]


def words(value: object) -> str:
    """Text that may be missing or unusable without harm."""
    return text(value, "") if isinstance(value, str) else ""


def number(value: object, where: str) -> int:
    """A whole number of at most 63 bits, as ids are."""
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) >= 1 << 63:
        raise Unreadable(f"{where}: expected a whole number, found {type(value).__name__}")
    return value


def count(value: object) -> int | None:
    """A size that may be missing or unusable without harm."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 1 << 53:
        return None
    return value


def moment(value: object) -> datetime:
    """Seconds since 1970 as a time."""
    try:
        return datetime.fromtimestamp(number(value, "date"), UTC)
    except (ValueError, OverflowError, OSError):
        raise Unreadable("date: expected seconds since 1970, found something far away") from None


def degrees(value: object) -> float | None:
    """A number that may be missing or unusable without harm."""
    if not isinstance(value, int | float) or isinstance(value, bool) or not -1e6 < value < 1e6:
        return None
    return float(value)


def language(value: object) -> str | None:
    """The two letters of a language; None where it is missing or unusable."""
    return value[:2].lower() if isinstance(value, str) and value[:2].isascii() and value[:2].isalpha() else None
