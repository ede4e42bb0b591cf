"""Text, number, truth and moment, and how one becomes another."""

import math
import re
from decimal import Decimal

from forms.xpath.moments import Moment, day_number

Value = str | float | bool | Moment
_NUMBER = re.compile(r"-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)", re.ASCII)
_NEAR = 1e-12


def number(value: Value) -> float:
    """The value as a number; a date counts days since 1970; NaN for text that is none, blank included."""
    if isinstance(value, float):
        return value
    if isinstance(value, str):
        text = value.strip().replace(",", ".")
        return float(text) if _NUMBER.fullmatch(text) else day_number(text)
    if isinstance(value, Moment):
        return float(value.days)
    return float(value)


def text(value: Value) -> str:
    """The value as text; a number without a needless point or exponent."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Moment):
        return value.text
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return "0" if value == 0 else format(Decimal(repr(value)), "f").removesuffix(".0")


def truth(value: Value) -> bool:
    """The value as yes or no: a text that is not empty, a number that is not zero."""
    if isinstance(value, str):
        return value != ""
    if isinstance(value, Moment):
        return True
    return bool(value) and not math.isnan(value)


def blank_unless_finite(value: Value) -> str:
    """The value as it is shown: what is no number is blank."""
    if isinstance(value, float) and not math.isfinite(value):
        return ""
    return text(value)


def equal(left: Value, right: Value) -> bool:
    """Whether two values are the same, compared as truths, else as numbers, else as texts."""
    if isinstance(left, bool) or isinstance(right, bool):
        return truth(left) == truth(right)
    if isinstance(left, float) or isinstance(right, float):
        return near(number(left), number(right))
    return text(left) == text(right)


def near(left: float, right: float) -> bool:
    """Whether two numbers are equal but for rounding in the last binary digits, as 0.1 + 0.2 and 0.3."""
    return left == right or abs(left - right) < _NEAR
