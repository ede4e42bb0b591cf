"""Puts the nodes of a form in an order in which each depends on earlier ones only."""

from collections.abc import Iterable, Mapping

from forms.form import Node


class Cycle(ValueError):
    """Nodes that depend on each other in a ring; `paths` are the nodes of the ring."""

    def __init__(self, paths: tuple[str, ...]) -> None:
        super().__init__(" → ".join(paths))
        self.paths = paths


def ordered(nodes: Iterable[Node]) -> tuple[Node, ...]:
    """The nodes, in the given order but for those that wait for a later one. Raises Cycle."""
    by_path = {node.path: node for node in nodes}
    placed: dict[str, Node] = {}
    for path in by_path:
        _place(path, by_path, placed)
    return tuple(placed.values())


def _place(start: str, by_path: Mapping[str, Node], placed: dict[str, Node]) -> None:
    # A stack of our own: a chain of dependencies may be longer than Python's.
    trail = {start: _needed(by_path[start])}
    while trail:
        path, needed = next(reversed(trail.items()))
        waiting = next((need for need in needed if need in by_path and need not in placed), None)
        if waiting is None:
            placed.setdefault(path, by_path[path])
            del trail[path]
        elif waiting in trail:
            ring = list(trail)
            raise Cycle((*ring[ring.index(waiting) :], waiting))
        else:
            trail[waiting] = _needed(by_path[waiting])


def _needed(node: Node) -> tuple[str, ...]:
    relevant = node.relevant.references if node.relevant else frozenset()
    calculation = node.calculation.references if node.calculation else frozenset()
    parent = (node.parent,) if node.parent else ()
    return (*parent, *sorted(relevant), *sorted(calculation))
