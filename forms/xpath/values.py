"""Text, number, truth and moment, and how one becomes another."""

import math
import re
from decimal import Decimal

from forms.xpath.moments import Moment, day_number

Value = str | float | bool | Moment
_NUMBER = re.compile(r"-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)", re.ASCII)
_NEAR = 1e-12
_WHOLE = 1e-9
_LARGEST = 2**31 - 1
# Between these a number is written out; beyond them with an exponent.
_SMALLEST, _LONGEST = 1e-3, 1e7


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
    """The value as text; a number without a needless point."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Moment):
        return value.text
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    whole = max(-_LARGEST - 1, min(_LARGEST, math.trunc(value)))
    return str(whole) if near(value, whole) else decimal(value)


def decimal(value: float) -> str:
    """The number always with a point, as ODK's programs print it: 3.0, 12.5, 1.0E9, 5.0E-4."""
    if not math.isfinite(value):
        return text(value)
    sign, digits, exponent = Decimal(repr(value)).normalize().as_tuple()
    written = "".join(map(str, digits))
    before = len(written) + int(exponent)
    minus = "-" if sign else ""
    if not value or _SMALLEST <= abs(value) < _LONGEST:
        return format(Decimal(repr(value)), "f")
    return f"{minus}{written[0]}.{written[1:] or '0'}E{before - 1}"


def stored(value: float) -> str:
    """The number as a calculation leaves it behind: whole where it is whole, of any size."""
    if math.isfinite(value) and abs(value - math.trunc(value)) < _WHOLE:
        return str(math.trunc(value))
    return text(value) if not math.isfinite(value) else decimal(value)


def truth(value: Value) -> bool:
    """The value as yes or no: a text that is not empty, a number that is not zero."""
    if isinstance(value, str):
        return value != ""
    if isinstance(value, Moment):
        return True
    return abs(value) > _NEAR and not math.isnan(value)


def blank_unless_number(value: Value) -> str:
    """The value as it is shown: what is no number is blank."""
    return "" if isinstance(value, float) and math.isnan(value) else text(value)


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
