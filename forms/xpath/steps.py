"""Walks the steps of a path that names no single place: wildcards, axes, attributes, unions."""

from collections.abc import Callable, Iterator
from typing import Protocol

from forms.xpath.run import Branch, Place, Run
from forms.xpath.syntax import Node, Step, Steps, Union

_ROOT = Place("", 0)
"""Above the outermost element."""


class Walker(Run, Protocol):
    """A working out that can also try conditions."""

    def context(self) -> Place:
        """The place a condition is tried on; outside conditions where the expression stands."""

    def above(self) -> dict[Branch, Place]:
        """What was found to stand above the elements of lists on the way."""

    def holding(self, candidates: list[Place], conditions: tuple[Node, ...]) -> list[Place]:
        """The candidates for which all conditions hold."""

    def spend(self, steps: int) -> None:
        """Count the work. Raises TooCostly."""


def walked(run: Walker, steps: Steps) -> list[Place]:
    """The relevant places that the steps lead to, each once, in the order of the form."""
    places = _begun(run, steps)
    for step in steps.steps:
        found: dict[object, Place] = {}
        for place in places:
            for each in _taken(run, place, step, steps.is_absolute):
                found.setdefault(_key(each), each)
        places = list(found.values())
    there = [place for place in places if place != _ROOT and _is_there(run, place)]
    return there if all(step.axis in _IN_ORDER for step in steps.steps) else _ordered(run, there)


def united(run: Walker, union: Union) -> list[Place]:
    """The places of all parts, each once, in the order of the form."""
    found = {_key(place): place for part in union.parts for place in run.places(part)}
    return _ordered(run, list(found.values()))


def _ordered(run: Walker, places: list[Place]) -> list[Place]:
    if len(places) < 2:
        return places
    tops = {_key(top): top for top in (_top(run, place) for place in places)}
    everything = (each for top in tops.values() for each in (top, *_below(run, top)))
    order = {_key(each): i for i, each in enumerate(everything)}
    return sorted(places, key=lambda place: order.get(_key(place), len(order)))


def _top(run: Walker, place: Place) -> Place:
    """The outermost place around it: of its list, or of the form."""
    if place.path or place.branch is None:
        return _ROOT
    return next(reversed(list(_or_itself(_ancestors)(run, place))))


def _begun(run: Walker, steps: Steps) -> list[Place]:
    if steps.start is not None:
        found = run.places(steps.start)
        return run.holding(found, steps.conditions) if steps.conditions else found
    if steps.instance:
        root = run.scope.listed(steps.instance)
        return [] if root is None else [_listed(run, Branch("", "", (root,)))]
    if steps.is_absolute:
        return [_ROOT]
    return [run.standing() if steps.is_own else run.context()]


def _listed(run: Walker, branch: Branch) -> Place:
    return Place("", 1, branch)


def _key(place: Place) -> object:
    if place.branch is None:
        return place.path, place.instance
    return (place.path, place.instance, place.branch.name) if place.path else place.branch


def _is_there(run: Walker, place: Place) -> bool:
    if not place.path:
        return True
    return run.scope.is_relevant(place.path, place.instance)


def _taken(run: Walker, place: Place, step: Step, is_absolute: bool) -> list[Place]:
    candidates = [each for each in _AXES[step.axis](run, place) if _passes(run, each, step) and _is_there(run, each)]
    run.spend(1 + len(candidates))
    repeat = run.scope.repeat_of(run.standing().path)
    if is_absolute and step.axis == "child" and not step.conditions:
        # As elsewhere, an absolute path within its own repeat means its own instance.
        candidates = [each for each in candidates if each.path != repeat or each.instance == run.standing().instance]
    held = run.holding(candidates, step.conditions) if step.conditions else candidates
    return held[::-1] if step.axis in _BACKWARDS else held


def _passes(run: Walker, place: Place, step: Step) -> bool:
    name = _name(place)
    if step.test == "node()":
        return True
    if step.test == "text()":
        return not next(_children(run, place), None) and run.value_of(place) != ""
    if step.test == "*":
        return bool(name)
    return name == (f"@{step.test}" if step.axis == "attribute" else step.test)


def _name(place: Place) -> str:
    return place.path.rpartition("/")[2] if place.branch is None else place.branch.name


def _children(run: Walker, place: Place) -> Iterator[Place]:
    if place.branch is not None:
        for number, child in enumerate(place.branch.children, start=1):
            run.above().setdefault(child, place)
            yield Place("", number, child)
        return
    for path in run.scope.children(place.path):
        if run.scope.repeat_of(path) == path:
            yield from (Place(path, index) for index in range(1, run.scope.count(path) + 1))
        else:
            yield Place(path, place.instance)


def _texts(run: Walker, place: Place) -> Iterator[Place]:
    """The children; for `text()` the place itself stands for its text."""
    children = list(_children(run, place))
    yield from children or [place]


def _below(run: Walker, place: Place) -> Iterator[Place]:
    """All that stands in the place, in the order of the form; from a stack of our own, however deep."""
    waiting = [_children(run, place)]
    while waiting:
        found = next(waiting[-1], None)
        if found is None:
            waiting.pop()
            continue
        run.spend(1)
        yield found
        waiting.append(_children(run, found))


def _or_itself(axis: Callable[[Walker, Place], Iterator[Place]]) -> Callable[[Walker, Place], Iterator[Place]]:
    def both(run: Walker, place: Place) -> Iterator[Place]:
        yield place
        yield from axis(run, place)

    return both


def _parent(run: Walker, place: Place) -> Iterator[Place]:
    if place.branch is not None:
        above = run.above().get(place.branch)
        if above is not None:
            yield above
        return
    above_path = place.path.rpartition("/")[0]
    if not place.path:
        return
    is_inside = run.scope.repeat_of(above_path) is not None
    yield Place(above_path, place.instance if is_inside else 0) if above_path else _ROOT


def _ancestors(run: Walker, place: Place) -> Iterator[Place]:
    above = next(_parent(run, place), None)
    while above is not None:
        yield above
        above = next(_parent(run, above), None)


def _beside(run: Walker, place: Place) -> tuple[list[Place], list[Place]]:
    """What stands before and after the place under the same parent."""
    siblings = [each for above in _parent(run, place) for each in _children(run, above)]
    at = next((i for i, each in enumerate(siblings) if _key(each) == _key(place)), None)
    return ([], []) if at is None else (siblings[:at], siblings[at + 1 :])


def _earlier(run: Walker, place: Place) -> Iterator[Place]:
    yield from reversed(_beside(run, place)[0])


def _later(run: Walker, place: Place) -> Iterator[Place]:
    yield from _beside(run, place)[1]


def _following(run: Walker, place: Place) -> Iterator[Place]:
    for outer in _or_itself(_ancestors)(run, place):
        for sibling in _later(run, outer):
            yield sibling
            yield from _below(run, sibling)


def _preceding(run: Walker, place: Place) -> Iterator[Place]:
    for outer in _or_itself(_ancestors)(run, place):
        for sibling in _earlier(run, outer):
            yield from reversed([sibling, *_below(run, sibling)])


def _attributes(run: Walker, place: Place) -> Iterator[Place]:
    found = place.branch.attributes if place.branch is not None else run.scope.attributes(place.path)
    for number, (name, text) in enumerate(found.items(), start=1):
        leaf = Branch(f"@{name}", text)
        run.above().setdefault(leaf, place)
        yield Place(place.path, place.instance if place.branch is None else number, leaf)


def _self(run: Walker, place: Place) -> Iterator[Place]:
    yield place


_AXES: dict[str, Callable[[Walker, Place], Iterator[Place]]] = {
    "child": _children,
    "descendant": _below,
    "descendant-or-self": _or_itself(_below),
    "self": _self,
    "parent": _parent,
    "ancestor": _ancestors,
    "ancestor-or-self": _or_itself(_ancestors),
    "following-sibling": _later,
    "preceding-sibling": _earlier,
    "following": _following,
    "preceding": _preceding,
    "attribute": _attributes,
    "text": _texts,
}
AXES = frozenset(_AXES) - {"text"}
_IN_ORDER = frozenset({"child", "self", "attribute", "text"})
_BACKWARDS = frozenset({"parent", "ancestor", "ancestor-or-self", "preceding-sibling", "preceding"})
