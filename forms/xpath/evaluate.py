"""Works out an expression against the answers, within a number of steps."""

import math
from collections.abc import Callable
from typing import Protocol

from forms.xpath.functions import FUNCTIONS
from forms.xpath.syntax import Call, Chain, Expression, Literal, Negative, Node, Path
from forms.xpath.values import Value, equal, near, number, truth

MAX_STEPS = 50_000
MAX_TEXT = 1_000_000


class TooCostly(RuntimeError):
    """Working out the expression takes more steps, or a longer text, than an answer may cost."""


class Scope(Protocol):
    """Where an expression reads the form from."""

    def value(self, path: str) -> Value:
        """What is at the path; blank where nothing is."""

    def choice_name(self, path: str, code: str) -> str:
        """The words of a choice of the question at the path; the code where there are none."""


def evaluate(expression: Expression, scope: Scope, steps: int = MAX_STEPS) -> Value:
    """What the expression is worth in this scope. Raises TooCostly."""
    return _Run(expression.at, scope, steps).of(expression.root)


class _Run:
    """One working out, counting its steps."""

    def __init__(self, at: str, scope: Scope, steps: int) -> None:
        self._at = at
        self._scope = scope
        self._steps = steps

    def of(self, node: Node) -> Value:
        self._steps -= 1
        if self._steps < 0:
            raise TooCostly("more steps than allowed")
        match node:
            case Literal(value):
                return value
            case Path(path):
                return self._scope.value(path)
            case Call(name, arguments):
                return self._called(name, arguments)
            case Chain():
                return self._chained(node)
            case Negative(operand):
                return -number(self.of(operand))

    def here(self) -> Value:
        return self._scope.value(self._at)

    def choice_name(self, path: str, code: str) -> str:
        return self._scope.choice_name(path, code)

    def _called(self, name: str, arguments: tuple[Node, ...]) -> Value:
        value = FUNCTIONS[name].call(self, arguments)
        if isinstance(value, str) and len(value) > MAX_TEXT:
            raise TooCostly(f"{name} gives a text of {len(value)} characters, at most {MAX_TEXT} are allowed")
        return value

    def _chained(self, chain: Chain) -> Value:
        value = self.of(chain.first)
        for operator, operand in chain.rest:
            if operator == "and":
                value = truth(value) and truth(self.of(operand))
            elif operator == "or":
                value = truth(value) or truth(self.of(operand))
            else:
                value = _OPERATORS[operator](value, self.of(operand))
        return value


def _divided(left: float, right: float) -> float:
    if right:
        return left / right
    if not left or math.isnan(left) or math.isnan(right):
        return math.nan
    return math.copysign(math.inf, left) * math.copysign(1, right)


def _remainder(left: float, right: float) -> float:
    """What is left after division, with the sign of `left`."""
    return math.fmod(left, right) if right and math.isfinite(left) else math.nan


def _below(left: float, right: float) -> bool:
    return left < right and not near(left, right)


def _on_numbers(work: Callable[[float, float], Value]) -> Callable[[Value, Value], Value]:
    return lambda left, right: work(number(left), number(right))


_OPERATORS: dict[str, Callable[[Value, Value], Value]] = {
    "=": equal,
    "!=": lambda left, right: not equal(left, right),
    "<": _on_numbers(_below),
    ">": _on_numbers(lambda left, right: _below(right, left)),
    "<=": _on_numbers(lambda left, right: left < right or near(left, right)),
    ">=": _on_numbers(lambda left, right: left > right or near(left, right)),
    "+": _on_numbers(lambda left, right: left + right),
    "-": _on_numbers(lambda left, right: left - right),
    "*": _on_numbers(lambda left, right: left * right),
    "div": _on_numbers(_divided),
    "mod": _on_numbers(_remainder),
}
