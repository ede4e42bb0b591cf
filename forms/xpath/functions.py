"""The functions an expression may call, each with the number of arguments it takes."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_DOWN, ROUND_HALF_UP, Decimal

from forms.xpath import calendar, codes, geometry, places, words
from forms.xpath.run import Run
from forms.xpath.syntax import Node
from forms.xpath.values import Value, number, text, truth

REFUSED = frozenset({"pulldata", "search", "intersects", "geofence", "extract-signed"})
"""Functions of other programs that need what is not there: files beside the form, traces on a map, signed codes."""


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


def _of_number(work: Callable[[float], float]) -> Function:
    """A function of one number; NaN where it has no answer."""

    def call(run: Run, arguments: tuple[Node, ...]) -> Value:
        return _calculated(work, number(run.of(arguments[0])))

    return Function(call, 1, 1)


def _of_two(work: Callable[[float, float], float]) -> Function:
    def call(run: Run, arguments: tuple[Node, ...]) -> Value:
        return _calculated(work, *(number(run.of(argument)) for argument in arguments))

    return Function(call, 2, 2)


def _calculated(work: Callable[..., float], *given: float) -> float:
    try:
        found = work(*given)
    except OverflowError:
        return math.inf
    except (ValueError, ZeroDivisionError):
        return math.nan
    return found if isinstance(found, float | int) else math.nan


def _if(run: Run, arguments: tuple[Node, ...]) -> Value:
    condition, then, otherwise = arguments
    return run.of(then if truth(run.of(condition)) else otherwise)


def _coalesce(run: Run, arguments: tuple[Node, ...]) -> Value:
    first, second = arguments
    value = run.of(first)
    is_missing = value == "" or (isinstance(value, float) and math.isnan(value))
    return run.of(second) if is_missing else value


def _once(run: Run, arguments: tuple[Node, ...]) -> Value:
    """What the place was first worth."""
    return run.kept() or run.of(arguments[0])


def _string(run: Run, arguments: tuple[Node, ...]) -> Value:
    return text(run.of(arguments[0]) if arguments else run.here())


def _number(run: Run, arguments: tuple[Node, ...]) -> Value:
    return number(run.of(arguments[0]) if arguments else run.here())


def _whole(value: Value) -> Value:
    given = number(value)
    return float(math.trunc(given)) if math.isfinite(given) else given


def _round(value: Value, places_kept: Value = 0.0) -> Value:
    """A half goes up: 2.5 to 3, -2.5 to -2."""
    given, digits = number(value), number(places_kept)
    if not math.isfinite(given) or math.isnan(digits):
        return math.nan if math.isnan(digits) else given
    exponent = Decimal(1).scaleb(-int(max(-15.0, min(15.0, digits))))
    if abs(given) > 1e15:
        return given
    return float(Decimal(repr(given)).quantize(exponent, ROUND_HALF_DOWN if given < 0 else ROUND_HALF_UP))


def _numbers(run: Run, arguments: tuple[Node, ...]) -> list[float]:
    """The numbers among the arguments, every place of a list counted; what is none is left out."""
    found = (number(value) for argument in arguments for value in run.each(argument))
    return [each for each in found if not math.isnan(each)]


def _sum(run: Run, arguments: tuple[Node, ...]) -> Value:
    return float(sum(_numbers(run, arguments)))


def _least(run: Run, arguments: tuple[Node, ...]) -> Value:
    return min(_numbers(run, arguments), default=math.nan)


def _most(run: Run, arguments: tuple[Node, ...]) -> Value:
    return max(_numbers(run, arguments), default=math.nan)


def _power(base: float, exponent: float) -> float:
    found = base**exponent
    return found if isinstance(found, float) else math.nan


def _checklist(run: Run, arguments: tuple[Node, ...]) -> Value:
    least, most = (number(run.of(argument)) for argument in arguments[:2])
    count = sum(truth(value) for argument in arguments[2:] for value in run.each(argument))
    return (least < 0 or count >= least) and (most < 0 or count <= most)


def _weighted_checklist(run: Run, arguments: tuple[Node, ...]) -> Value:
    least, most = (number(run.of(argument)) for argument in arguments[:2])
    factors = [value for argument in arguments[2::2] for value in run.each(argument)]
    weights = [number(value) for argument in arguments[3::2] for value in run.each(argument)]
    total = sum(weight for factor, weight in zip(factors, weights, strict=False) if truth(factor))
    return least <= total <= most


_MATHS: dict[str, Function] = {
    "abs": _of_number(abs),
    "sqrt": _of_number(math.sqrt),
    "exp": _of_number(math.exp),
    "exp10": _of_number(lambda given: 10.0**given),
    "log": _of_number(lambda given: -math.inf if given == 0 else math.log(given)),
    "log10": _of_number(lambda given: -math.inf if given == 0 else math.log10(given)),
    "sin": _of_number(math.sin),
    "cos": _of_number(math.cos),
    "tan": _of_number(math.tan),
    "asin": _of_number(math.asin),
    "acos": _of_number(math.acos),
    "atan": _of_number(math.atan),
    "atan2": _of_two(math.atan2),
    "pow": _of_two(_power),
    "pi": _of_values(lambda: math.pi, 0),
    "int": _of_values(_whole, 1),
    "round": _of_values(_round, 1, 2),
    "number": Function(_number, 0, 1),
    "sum": Function(_sum, 1, None),
    "min": Function(_least, 1, None),
    "max": Function(_most, 1, None),
    "random": Function(lambda run, _: run.random(), 0, 0),
}

_LOGIC: dict[str, Function] = {
    "true": _of_values(lambda: True, 0),
    "false": _of_values(lambda: False, 0),
    "not": _of_values(lambda value: not truth(value), 1),
    "boolean": _of_values(truth, 1),
    "boolean-from-string": _of_values(lambda value: text(value).lower() in ("true", "1"), 1),
    "if": Function(_if, 3, 3),
    "coalesce": Function(_coalesce, 2, 2),
    "once": Function(_once, 1, 1),
    "depend": Function(lambda run, arguments: run.of(arguments[0]), 1, None),
    "checklist": Function(_checklist, 2, None),
    "weighted-checklist": Function(_weighted_checklist, 4, None),
}

_WORDS: dict[str, Function] = {
    "string": Function(_string, 0, 1),
    "string-length": Function(lambda run, found: float(len(words.own(run, found))), 0, 1),
    "normalize-space": Function(lambda run, found: " ".join(words.own(run, found).split()), 0, 1),
    "concat": Function(lambda run, found: words.joined("", run, found), 1, None),
    "join": Function(lambda run, found: words.joined(text(run.of(found[0])), run, found[1:]), 1, None),
    "substr": _of_values(words.part, 2, 3),
    "substring-before": _of_values(words.before, 2),
    "substring-after": _of_values(words.after, 2),
    "translate": _of_values(words.translated, 3),
    "contains": _of_values(lambda whole, part: text(part) in text(whole), 2),
    "starts-with": _of_values(lambda whole, start: text(whole).startswith(text(start)), 2),
    "ends-with": _of_values(lambda whole, end: text(whole).endswith(text(end)), 2),
    "regex": _of_values(words.fits, 2),
    "digest": _of_values(codes.digest, 2, 3),
    "base64-decode": _of_values(codes.decoded, 1),
    "uuid": Function(codes.unique, 0, 1),
    "version": Function(lambda run, _: run.scope.version, 0, 0),
    "property": Function(lambda run, found: run.scope.property(text(run.of(found[0]))), 1, 1),
    "jr:itext": Function(lambda run, found: run.scope.words(text(run.of(found[0]))), 1, 1),
    "jr:choice-name": Function(places.choice_name, 2, 2),
    "selected": _of_values(words.is_selected, 2),
    "is-selected": _of_values(words.is_selected, 2),
    "count-selected": _of_values(lambda chosen: float(len(text(chosen).split())), 1),
    "selected-at": _of_values(words.selected_at, 2),
}

_PLACES: dict[str, Function] = {
    "count": Function(lambda run, found: float(len(run.places(found[0]))), 1, 1),
    "count-non-empty": Function(places.count_non_empty, 1, 1),
    "position": Function(places.position, 0, 1),
    "indexed-repeat": Function(places.indexed_repeat, 3, 3),
    "randomize": Function(lambda run, found: places.first_shuffled(run, found), 1, 2),
    "area": Function(lambda run, found: geometry.area(geometry.points(run, found)), 1, 1),
    "enclosed-area": Function(lambda run, found: geometry.area(geometry.points(run, found)), 1, 1),
    "distance": Function(lambda run, found: geometry.distance(geometry.points(run, found)), 1, None),
}

_TIMES: dict[str, Function] = {
    "today": Function(lambda run, _: calendar.today(run), 0, 0),
    "now": Function(lambda run, _: calendar.now(run), 0, 0),
    "date": Function(calendar.day, 1, 1),
    "date-time": Function(calendar.moment, 1, 1),
    "decimal-date-time": Function(calendar.exact_days, 1, 1),
    "decimal-time": Function(calendar.day_part, 1, 1),
    "format-date": Function(calendar.formatted, 2, 2),
    "format-date-time": Function(calendar.formatted, 2, 2),
}

FUNCTIONS: dict[str, Function] = {**_LOGIC, **_MATHS, **_WORDS, **_PLACES, **_TIMES}
