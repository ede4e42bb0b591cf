"""Whether an answer fits its question, apart from the form's own constraint."""

from collections.abc import Callable
from datetime import UTC
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from forms.itext import Labels
from forms.question import Kind, Question
from forms.xpath.moments import Sort, read_moment


class Reason(StrEnum):
    """Why an answer was refused."""

    REQUIRED = "required"
    CONSTRAINT = "constraint"
    UNKNOWN_CHOICE = "unknown_choice"
    EXCLUSIVE = "exclusive"
    NOT_A_NUMBER = "not_a_number"
    NOT_WHOLE = "not_whole"
    OUT_OF_RANGE = "out_of_range"
    STEP = "step"
    NOT_RELEVANT = "not_relevant"
    NOT_A_DATE = "not_a_date"
    NOT_A_PLACE = "not_a_place"


class Refused(Exception):
    """The answer does not fit the question; `messages` are the form's own words about it, if any."""

    def __init__(self, reason: Reason, question: Question, value: str, messages: Labels) -> None:
        super().__init__(f"{question.name}: {value[:80]!r} refused, {reason}")
        self.reason = reason
        self.question = question
        self.value = value
        self.messages = messages


def accepted(question: Question, value: str) -> str:
    """The value as it is kept, for instance codes in the form's order. Raises Refused."""
    return _CHECKS[question.kind](question, value)


def _as_given(question: Question, value: str) -> str:
    return value


def _one(question: Question, value: str) -> str:
    name = value.strip()
    if question.choice(name) is None:
        raise Refused(Reason.UNKNOWN_CHOICE, question, value, {})
    return name


def _several(question: Question, value: str) -> str:
    names = set(value.split())
    chosen = [choice for choice in question.choices if choice.name in names]
    if len(chosen) != len(names):
        raise Refused(Reason.UNKNOWN_CHOICE, question, value, {})
    if len(chosen) > 1 and any(choice.exclusive for choice in chosen):
        raise Refused(Reason.EXCLUSIVE, question, value, {})
    return " ".join(choice.name for choice in chosen)


def _decimal(question: Question, value: str) -> Decimal:
    try:
        number = Decimal(value.strip())
    except InvalidOperation:
        raise Refused(Reason.NOT_A_NUMBER, question, value, {}) from None
    # A huge exponent would be written out in as many digits.
    if not number.is_finite() or abs(number.adjusted()) > 30:
        raise Refused(Reason.NOT_A_NUMBER, question, value, {})
    return number


def _number(question: Question, value: str) -> str:
    return format(_decimal(question, value), "f")


def _whole(question: Question, value: str) -> str:
    number = _decimal(question, value)
    if number != number.to_integral_value():
        raise Refused(Reason.NOT_WHOLE, question, value, {})
    return str(int(number))


def _in_range(question: Question, value: str) -> str:
    number, limits = _decimal(question, value), question.range
    if limits is None:
        return format(number, "f")
    if not min(limits.start, limits.end) <= number <= max(limits.start, limits.end):
        raise Refused(Reason.OUT_OF_RANGE, question, value, {})
    if (number - limits.start) % limits.step:
        raise Refused(Reason.STEP, question, value, {})
    return format(number.normalize(), "f")


def _moment(sort: Sort) -> Callable[[Question, str], str]:
    def check(question: Question, value: str) -> str:
        found = read_moment(value, UTC)
        if found is None or found.sort is not sort:
            raise Refused(Reason.NOT_A_DATE, question, value, {})
        return found.written() if sort is Sort.DATE else value.strip()

    return check


def _acknowledged(question: Question, value: str) -> str:
    if value.strip().lower() not in ("ok", "yes", "true", "1"):
        raise Refused(Reason.UNKNOWN_CHOICE, question, value, {})
    return "OK"


_LIMITS = (90, 180)


def _point(question: Question, value: str) -> str:
    """Latitude and longitude in degrees, altitude and accuracy in metres, with spaces between."""
    words = value.replace(",", " ").split() if value.count(",") == 1 and "." in value else value.split()
    if not 2 <= len(words) <= 4:
        raise Refused(Reason.NOT_A_PLACE, question, value, {})
    try:
        numbers = [Decimal(word) for word in words]
    except InvalidOperation:
        raise Refused(Reason.NOT_A_PLACE, question, value, {}) from None
    within = all(number.is_finite() and abs(number) < 10**9 for number in numbers)
    if not within or any(abs(number) > most for number, most in zip(numbers, _LIMITS, strict=False)):
        raise Refused(Reason.NOT_A_PLACE, question, value, {})
    return " ".join((*words, "0", "0")[: max(4, len(words))])


_CHECKS: dict[Kind, Callable[[Question, str], str]] = {
    Kind.TEXT: _as_given,
    Kind.IMAGE: _as_given,
    Kind.AUDIO: _as_given,
    Kind.VIDEO: _as_given,
    Kind.FILE: _as_given,
    Kind.DATE: _moment(Sort.DATE),
    Kind.TIME: _moment(Sort.TIME),
    Kind.DATETIME: _moment(Sort.DATETIME),
    Kind.ACKNOWLEDGE: _acknowledged,
    Kind.GEOPOINT: _point,
    Kind.NOTE: _as_given,
    Kind.SELECT_ONE: _one,
    Kind.SELECT_MULTIPLE: _several,
    Kind.INTEGER: _whole,
    Kind.DECIMAL: _number,
    Kind.RANGE: _in_range,
}
