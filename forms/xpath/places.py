"""What expressions do with places: repeats, lists and their order."""

import hashlib
import math

from forms.xpath.run import Place, Run
from forms.xpath.syntax import Node, Path
from forms.xpath.values import Value, number, text

_MODULUS = 2_147_483_647


def choice_name(run: Run, arguments: tuple[Node, ...]) -> Value:
    """The words of a choice, told its code and the path of its question in quotes."""
    code, path = arguments
    standing = run.standing()
    return run.scope.choice_name(_resolved(text(run.of(path)), standing.path), standing.instance, text(run.of(code)))


def _resolved(path: str, at: str) -> str:
    """The path as it is written from the form's beginning."""
    written = path.strip().removeprefix("current()/")
    steps = [] if written.startswith("/") else at.strip("/").split("/")
    for step in written.strip("/").split("/"):
        if step == "..":
            del steps[-1:]
        elif step != ".":
            steps.append(step)
    return "/" + "/".join(steps)


def count_non_empty(run: Run, arguments: tuple[Node, ...]) -> Value:
    """How many of the places hold something."""
    return float(sum(text(run.value_of(place)) != "" for place in run.places(arguments[0])))


def position(run: Run, arguments: tuple[Node, ...]) -> Value:
    """Which instance a place is, counted from 1."""
    if not arguments:
        return float(run.position())
    found = run.places(arguments[0])
    if not found:
        return 0.0
    return float(found[0].instance) if _is_numbered(run, found[0]) else 1.0


def _is_numbered(run: Run, place: Place) -> bool:
    return place.branch is not None or run.scope.repeat_of(place.path) == place.path


def indexed_repeat(run: Run, arguments: tuple[Node, ...]) -> Value:
    """What a question of a repeat is worth in the instance with this number."""
    target, _, index = arguments
    wanted = number(run.of(index))
    place = max(1, int(wanted)) if math.isfinite(wanted) else 1
    if not isinstance(target, Path):
        return run.of(target)
    repeat = run.scope.repeat_of(target.path)
    if repeat is None:
        return run.of(target)
    return run.scope.value(target.path, place) if place <= run.scope.count(repeat) else ""


def _seed(value: Value) -> int:
    """A number without its fraction; words as the first 64 bits of their fingerprint, 0 for none."""
    given, words = number(value), text(value)
    if math.isfinite(given):
        return math.trunc(given)
    if not isinstance(value, str) or not words:
        return 0
    # The reference engine takes it through a floating number, which loses the last digits.
    return int(float(int.from_bytes(hashlib.sha256(words.encode()).digest()[:8], signed=True)))


def first_shuffled(run: Run, arguments: tuple[Node, ...]) -> Value:
    """The first place of a list in random order."""
    found = shuffled(run, arguments)
    return run.value_of(found[0]) if found else ""


def shuffled(run: Run, arguments: tuple[Node, ...]) -> list[Place]:
    """The places in an order drawn from the seed, the same in every program that follows the standard."""
    found = run.places(arguments[0])
    seed = _seed(run.of(arguments[1])) if len(arguments) > 1 else math.trunc(run.random() * _MODULUS)
    # What is left has the sign of the seed, as in the reference engine.
    state = seed % _MODULUS if seed >= 0 else -(-seed % _MODULUS)
    if state <= 0:
        state += _MODULUS - 1
    order: list[Place] = []
    # Each place goes where one drawn from those before it stood, and that one to the end.
    for last, place in enumerate(found):
        state = state * 16_807 % _MODULUS
        drawn = math.floor((state - 1) / (_MODULUS - 1) * (last + 1))
        order.append(place)
        order[last], order[drawn] = order[drawn], place
    return order
