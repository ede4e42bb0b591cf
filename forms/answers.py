"""Reads what a person typed for a question that asks for text, a number, a date or a time."""

import re
from datetime import date
from enum import StrEnum

from forms.question import Kind, Question
from forms.typed_dates import read_clock, read_day


class Misread(StrEnum):
    """Why typed text could not be read."""

    BLANK = "blank"
    NOT_A_NUMBER = "not_a_number"
    NOT_WHOLE = "not_whole"
    AMBIGUOUS = "ambiguous"
    NOT_A_DATE = "not_a_date"
    NOT_A_TIME = "not_a_time"
    NOT_A_PLACE = "not_a_place"
    NOT_TYPED = "not_typed"


class Unparsed(ValueError):
    """The typed text is no answer to the question; `reason` says why, `found` is the text."""

    def __init__(self, reason: Misread, question: Question, found: str) -> None:
        super().__init__(f"{question.name}: {found[:80]!r} is no {question.kind} ({reason})")
        self.reason = reason
        self.question = question
        self.found = found


_WHOLE = re.compile(r"[+-]?\d{1,15}", re.ASCII)
_POINTED = re.compile(r"[+-]?\d{0,15}[.,]\d{1,15}", re.ASCII)
# "1.200" is twelve hundred to a Dutch reader and one and a fifth to an English one.
_GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}(?:[.,' ]\d{3})+(?:[.,]\d+)?", re.ASCII)
_PLAIN = str.maketrans({"−": "-", "–": "-", "\u00a0": " ", "\u202f": " "})


def parse(question: Question, text: str, today: date | None = None) -> str:
    """Typed text as the value to store; whether the value is allowed is for `Walk.answer`. Raises Unparsed.

    A decimal may have a comma or a point. A number that could be read in two ways, such as 1.200, is refused.
    `today` is the person's own date: without it "gisteren" and a day without a year cannot be read.
    """
    if not text.strip():
        raise Unparsed(Misread.BLANK, question, text)
    match question.kind:
        case Kind.TEXT:
            return text
        case Kind.DATE:
            return _day(question, text, today).isoformat()
        case Kind.TIME:
            return _clock(question, text)
        case Kind.DATETIME:
            return _moment(question, text, today)
        case Kind.ACKNOWLEDGE:
            return _acknowledged(question, text)
        case Kind.GEOPOINT:
            return _point(question, text)
    if question.kind.is_number:
        return _number(question, text)
    raise Unparsed(Misread.NOT_TYPED, question, text)


def _day(question: Question, text: str, today: date | None) -> date:
    found = read_day(text, today)
    if found is None:
        raise Unparsed(Misread.NOT_A_DATE, question, text)
    return found


def _clock(question: Question, text: str) -> str:
    found = read_clock(text)
    if found is None:
        raise Unparsed(Misread.NOT_A_TIME, question, text)
    return found.isoformat("seconds")


def _moment(question: Question, text: str, today: date | None) -> str:
    """A day and a time of day, in this order, with nothing, a comma, "om" or "at" between."""
    words = [word for word in text.replace("T", " ").replace(",", " ").split() if word.lower() not in ("om", "at")]
    for count in range(len(words) - 1, 0, -1):
        day, clock = read_day(" ".join(words[:count]), today), read_clock(" ".join(words[count:]))
        if day and clock:
            return f"{day.isoformat()}T{clock.isoformat('seconds')}"
    raise Unparsed(Misread.NOT_A_DATE, question, text)


_READ = frozenset({"ok", "oké", "oke", "okay", "ja", "yes", "gelezen", "akkoord", "read", "agree"})


def _acknowledged(question: Question, text: str) -> str:
    if text.strip().lower().rstrip(".!") not in _READ:
        raise Unparsed(Misread.NOT_TYPED, question, text)
    return "OK"


_COORDINATES = re.compile(r"\s*(-?\d{1,2}(?:\.\d+)?)\s*[,; ]\s*(-?\d{1,3}(?:\.\d+)?)\s*", re.ASCII)


def _point(question: Question, text: str) -> str:
    """Latitude and longitude in degrees, as a map shows them."""
    found = _COORDINATES.fullmatch(text)
    if found is None:
        raise Unparsed(Misread.NOT_A_PLACE, question, text)
    return f"{found[1]} {found[2]} 0 0"


def _number(question: Question, text: str) -> str:
    typed = text.translate(_PLAIN).strip()
    if _WHOLE.fullmatch(typed):
        return str(int(typed))
    if _GROUPED.fullmatch(typed):
        raise Unparsed(Misread.AMBIGUOUS, question, text)
    if not _POINTED.fullmatch(typed):
        raise Unparsed(Misread.NOT_A_NUMBER, question, text)
    whole, _, part = typed.replace(",", ".").partition(".")
    if not part.strip("0"):
        return str(int(whole or "0") if whole not in ("+", "-") else 0)
    if question.kind is Kind.INTEGER:
        raise Unparsed(Misread.NOT_WHOLE, question, text)
    sign = "-" if whole.startswith("-") else ""
    return f"{sign}{int(whole.lstrip('+-') or '0')}.{part.rstrip('0')}"
