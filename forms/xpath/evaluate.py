"""Works out an expression against the answers, within a number of steps."""

import hashlib
import math
from collections.abc import Callable

from forms.xpath.functions import FUNCTIONS
from forms.xpath.places import shuffled
from forms.xpath.run import Branch, Place, Scope
from forms.xpath.steps import united, walked
from forms.xpath.syntax import Call, Chain, Expression, Filter, Literal, Node, Path, Steps, Union
from forms.xpath.values import Value, equal, number, truth

MAX_STEPS = 200_000
MAX_TEXT = 1_000_000


class TooCostly(RuntimeError):
    """Working out the expression takes more steps, or a longer text, than an answer may cost."""


def evaluate(expression: Expression, scope: Scope, index: int = 0, steps: int = MAX_STEPS) -> Value:
    """What the expression is worth in this instance of its repeat (0 outside repeats). Raises TooCostly."""
    return _Run(expression.at, index, scope, steps).of(expression.root)


def places(expression: Expression, scope: Scope, index: int = 0, steps: int = MAX_STEPS) -> list[Place]:
    """The relevant places that the expression names. Raises TooCostly."""
    return _Run(expression.at, index, scope, steps).places(expression.root)


class _Run:
    """One working out, counting its steps."""

    __slots__ = ("_above", "_draws", "_here", "_own", "_position", "_steps", "scope")

    def __init__(self, at: str, index: int, scope: Scope, steps: int) -> None:
        self._own = self._here = Place(at, index)
        self._position = 0
        self.scope = scope
        self._steps = steps
        self._draws = 0
        self._above: dict[Branch, Place] = {}

    def of(self, node: Node) -> Value:
        self._steps -= 1
        if self._steps < 0:
            raise TooCostly("more steps than allowed")
        if isinstance(node, Path):
            return self._read(node)
        if isinstance(node, Literal):
            return node.value
        if isinstance(node, Chain):
            return self._chained(node)
        if isinstance(node, Call):
            return self._called(node.name, node.arguments)
        if isinstance(node, Steps | Union):
            found = self.places(node)
            return self.value_of(found[0]) if found else ""
        return -number(self.of(node.operand))

    def spend(self, steps: int) -> None:
        self._steps -= steps
        if self._steps < 0:
            raise TooCostly("more steps than allowed")

    def context(self) -> Place:
        return self._here

    def above(self) -> dict[Branch, Place]:
        return self._above

    def here(self) -> Value:
        return self.value_of(self._here)

    def standing(self) -> Place:
        return self._own

    def position(self) -> int:
        return self._position or self._here.instance or 1

    def kept(self) -> Value:
        return self.scope.kept(self._own.path, self._own.instance)

    def random(self) -> float:
        self._draws += 1
        drawn = f"{self.scope.seed()} {self._own.path} {self._own.instance} {self._draws}"
        return int.from_bytes(hashlib.sha256(drawn.encode()).digest()[:6]) / 2**48

    def value_of(self, place: Place) -> Value:
        return self.scope.value(place.path, place.instance) if place.branch is None else place.branch.text

    def each(self, node: Node) -> list[Value]:
        if isinstance(node, Path | Steps | Union):
            return [self.value_of(place) for place in self.places(node)]
        return [self.of(node)]

    def places(self, node: Node) -> list[Place]:
        if isinstance(node, Call) and node.name == "randomize":
            return shuffled(self, node.arguments)
        if isinstance(node, Steps):
            return walked(self, node)
        if isinstance(node, Union):
            return united(self, node)
        if not isinstance(node, Path):
            return []
        if node.instance:
            return self._listed(node)
        return [place for place in self._answered(node) if self.scope.is_relevant(place.path, place.instance)]

    def _read(self, path: Path) -> Value:
        if path.instance or path.filters:
            found = self.places(path)
            return self.value_of(found[0]) if found else ""
        if self.scope.repeat_of(path.path) is None:
            return self.scope.value(path.path, 0)
        return next((self.scope.value(place.path, place.instance) for place in self._answered(path)), "")

    def _answered(self, path: Path) -> list[Place]:
        """The places among the answers; in its own repeat an expression means its own instance."""
        repeat = self.scope.repeat_of(path.path)
        filters = {found.depth: found for found in path.filters}
        indexes = [0] if repeat is None else self._instances(repeat, path, filters)
        found = [Place(path.path, index) for index in indexes]
        for depth, condition in filters.items():
            at = "/" + "/".join(path.path.strip("/").split("/")[:depth])
            if at != repeat:
                found = [place for place in found if self.holding([Place(at, place.instance)], condition.conditions)]
        return found

    def _instances(self, repeat: str, path: Path, filters: dict[int, Filter]) -> list[int]:
        base = self._own if path.is_own or self._here.branch is not None else self._here
        condition = filters.get(repeat.count("/"))
        if condition is None and self.scope.repeat_of(base.path) == repeat:
            return [base.instance]
        every = [Place(repeat, index) for index in range(1, self.scope.count(repeat) + 1)]
        self.spend(len(every))
        return [place.instance for place in (self.holding(every, condition.conditions) if condition else every)]

    def _listed(self, path: Path) -> list[Place]:
        names = path.path.strip("/").split("/")
        filters = {found.depth: found for found in path.filters}
        done, standing = self._start(path, names[0])
        for depth, name in enumerate(names[done:], start=done + 1):
            standing = [
                child
                for place in standing
                if place.branch is not None
                for child in self._children(place.branch, name, path, filters.get(depth))
            ]
        return standing

    def _start(self, path: Path, first: str) -> tuple[int, list[Place]]:
        """How many steps are taken already, and where they led."""
        if path.below and self._here.branch is not None:
            return path.below, [self._here]
        root = self.scope.listed(path.instance)
        return 1, [] if root is None or root.name != first else [Place("", 1, root)]

    def _children(self, branch: Branch, name: str, path: Path, found: Filter | None) -> list[Place]:
        if found is None:
            children = branch.named(name)
            self.spend(len(children))
            return list(children)
        quick = self._quickly(branch, name, path, found)
        return self.holding(list(branch.named(name)), found.conditions) if quick is None else quick

    def _quickly(self, branch: Branch, name: str, path: Path, found: Filter) -> list[Place] | None:
        """The children where one column equals a text, without looking at each; None for other conditions."""
        lookup = _lookup(found, path)
        if lookup is None:
            return None
        column, sought = lookup
        value = self.of(sought)
        return list(branch.having(name, column, value)) if isinstance(value, str) else None

    def holding(self, candidates: list[Place], conditions: tuple[Node, ...]) -> list[Place]:
        """The candidates for which all conditions hold; a condition that is a number is a position."""
        here, position = self._here, self._position
        for condition in conditions:
            held = []
            for i, candidate in enumerate(candidates, start=1):
                self.spend(1)
                self._here, self._position = candidate, i
                value = self.of(condition)
                if value == i if isinstance(value, float) else truth(value):
                    held.append(candidate)
            candidates = held
        self._here, self._position = here, position
        return candidates

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


def _lookup(found: Filter, path: Path) -> tuple[str, Node] | None:
    """The column and the other side of `[column = something]`, where that something is no column itself."""
    if len(found.conditions) != 1:
        return None
    condition = found.conditions[0]
    if not isinstance(condition, Chain) or len(condition.rest) != 1 or condition.rest[0][0] != "=":
        return None
    left, right = condition.first, condition.rest[0][1]
    for side, other in ((left, right), (right, left)):
        column = _column(side, path, found.depth)
        is_fixed = isinstance(other, Literal) or (isinstance(other, Path) and not other.instance and not other.filters)
        if column and is_fixed:
            return column, other
    return None


def _column(node: Node, path: Path, depth: int) -> str:
    if not isinstance(node, Path) or node.instance != path.instance or node.filters or node.is_own:
        return ""
    names = node.path.strip("/").split("/")
    return names[-1] if names[:-1] == path.path.strip("/").split("/")[:depth] else ""


def _divided(left: float, right: float) -> float:
    if right:
        return left / right
    if not left or math.isnan(left) or math.isnan(right):
        return math.nan
    return math.copysign(math.inf, left) * math.copysign(1, right)


def _remainder(left: float, right: float) -> float:
    """What is left after division, with the sign of `left`."""
    return math.fmod(left, right) if right and math.isfinite(left) else math.nan


def _on_numbers(work: Callable[[float, float], Value]) -> Callable[[Value, Value], Value]:
    return lambda left, right: work(number(left), number(right))


_OPERATORS: dict[str, Callable[[Value, Value], Value]] = {
    "=": equal,
    "!=": lambda left, right: not equal(left, right),
    "<": _on_numbers(lambda left, right: left < right),
    ">": _on_numbers(lambda left, right: left > right),
    "<=": _on_numbers(lambda left, right: left <= right),
    ">=": _on_numbers(lambda left, right: left >= right),
    "+": _on_numbers(lambda left, right: left + right),
    "-": _on_numbers(lambda left, right: left - right),
    "*": _on_numbers(lambda left, right: left * right),
    "div": _on_numbers(_divided),
    "mod": _on_numbers(_remainder),
}
