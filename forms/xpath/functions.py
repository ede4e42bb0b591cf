"""The functions an expression may call, each with the number of arguments it takes."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_DOWN, ROUND_HALF_UP, Decimal
from typing import Protocol

from forms.xpath.syntax import Node
from forms.xpath.values import Value, number, text, truth


class Run(Protocol):
    """The working out of one expression."""

    def of(self, node: Node) -> Value:
        """What the node is worth."""

    def here(self) -> Value:
        """What the place is worth where the expression stands."""

    def choice_name(self, path: str, code: str) -> str:
        """The words of a choice; the code where there are none."""


@dataclass(frozen=True, slots=True)
class Function:
    """A function and how many arguments it takes; `most` is None where any number goes."""

    call: Callable[[Run, tuple[Node, ...]], Value]
    least: int
    most: int | None

    def takes(self, count: int) -> bool:
        return self.least <= count and (self.most is None or count <= self.most)


def _of_values(work: Callable[..., Value], least: int, most: int | None = -1) -> Function:
    """A function of its arguments' values; without `most` it takes exactly `least`."""

    def call(run: Run, arguments: tuple[Node, ...]) -> Value:
        return work(*(run.of(argument) for argument in arguments))

    return Function(call, least, least if most == -1 else most)


def _if(run: Run, arguments: tuple[Node, ...]) -> Value:
    condition, then, otherwise = arguments
    return run.of(then if truth(run.of(condition)) else otherwise)


def _coalesce(run: Run, arguments: tuple[Node, ...]) -> Value:
    first, second = arguments
    value = run.of(first)
    return run.of(second) if value == "" else value


def _choice_name(run: Run, arguments: tuple[Node, ...]) -> Value:
    code, path = arguments
    return run.choice_name(text(run.of(path)).strip(), text(run.of(code)))


def _string(run: Run, arguments: tuple[Node, ...]) -> Value:
    return text(run.of(arguments[0]) if arguments else run.here())


def _number(run: Run, arguments: tuple[Node, ...]) -> Value:
    return number(run.of(arguments[0]) if arguments else run.here())


def _string_length(run: Run, arguments: tuple[Node, ...]) -> Value:
    return float(len(text(run.of(arguments[0]) if arguments else run.here())))


def _selected_at(codes: Value, place: Value) -> Value:
    chosen, index = text(codes).split(), number(place)
    return chosen[int(index)] if 0 <= index < len(chosen) else ""


def _whole(value: Value) -> Value:
    given = number(value)
    return float(math.trunc(given)) if math.isfinite(given) else given


def _round(value: Value, places: Value = 0.0) -> Value:
    """A half goes up: 2.5 to 3, -2.5 to -2."""
    given, digits = number(value), number(places)
    if not math.isfinite(given) or math.isnan(digits):
        return math.nan if math.isnan(digits) else given
    exponent = Decimal(1).scaleb(-int(max(-15.0, min(15.0, digits))))
    if abs(given) > 1e15:
        return given
    return float(Decimal(repr(given)).quantize(exponent, ROUND_HALF_DOWN if given < 0 else ROUND_HALF_UP))


def _numbers(values: tuple[Value, ...]) -> list[float]:
    return [number(value) for value in values if value != ""]


def _least(*values: Value) -> Value:
    found = _numbers(values)
    return math.nan if not found or any(map(math.isnan, found)) else min(found)


def _most(*values: Value) -> Value:
    found = _numbers(values)
    return math.nan if not found or any(map(math.isnan, found)) else max(found)


FUNCTIONS: dict[str, Function] = {
    "true": _of_values(lambda: True, 0),
    "false": _of_values(lambda: False, 0),
    "not": _of_values(lambda value: not truth(value), 1),
    "boolean": _of_values(truth, 1),
    "number": Function(_number, 0, 1),
    "string": Function(_string, 0, 1),
    "int": _of_values(_whole, 1),
    "round": _of_values(_round, 1, 2),
    "sum": _of_values(lambda *values: sum(_numbers(values)), 1, None),
    "min": _of_values(_least, 1, None),
    "max": _of_values(_most, 1, None),
    "selected": _of_values(lambda codes, code: text(code).strip() in text(codes).split(), 2),
    "count-selected": _of_values(lambda codes: float(len(text(codes).split())), 1),
    "selected-at": _of_values(_selected_at, 2),
    "string-length": Function(_string_length, 0, 1),
    "concat": _of_values(lambda *values: "".join(map(text, values)), 1, None),
    "contains": _of_values(lambda whole, part: text(part) in text(whole), 2),
    "starts-with": _of_values(lambda whole, start: text(whole).startswith(text(start)), 2),
    "if": Function(_if, 3, 3),
    "coalesce": Function(_coalesce, 2, 2),
    "jr:choice-name": Function(_choice_name, 2, 2),
}
