"""Reads what a person typed for a question that asks for text or a number."""

import re
from enum import StrEnum

from forms.form import Kind, Question


class Misread(StrEnum):
    """Why typed text could not be read."""

    BLANK = "blank"
    NOT_A_NUMBER = "not_a_number"
    NOT_WHOLE = "not_whole"
    AMBIGUOUS = "ambiguous"
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


def parse(question: Question, text: str) -> str:
    """Typed text as the value to store; whether the value is allowed is for `Walk.answer`. Raises Unparsed.

    A decimal may have a comma or a point. A number that could be read in two ways, such as 1.200, is refused.
    """
    if not text.strip():
        raise Unparsed(Misread.BLANK, question, text)
    if question.kind is Kind.TEXT:
        return text
    if question.kind.is_number:
        return _number(question, text)
    raise Unparsed(Misread.NOT_TYPED, question, text)


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
