"""Puts the nodes of a form in an order in which each depends on earlier ones only."""

from collections.abc import Iterable, Mapping

from forms.form import Node, Repeat, needed


class Cycle(ValueError):
    """Nodes that depend on each other in a ring; `paths` are the nodes of the ring."""

    def __init__(self, paths: tuple[str, ...]) -> None:
        super().__init__(" → ".join(paths))
        self.paths = paths


def ordered(nodes: Iterable[Node], repeats: Mapping[str, Repeat] | None = None) -> tuple[Node, ...]:
    """The nodes, in the given order but for those that wait for a later one. Raises Cycle."""
    by_path = {node.path: node for node in nodes}
    needs = {path: _needed(node, by_path, repeats or {}) for path, node in by_path.items()}
    placed: dict[str, Node] = {}
    for path in by_path:
        _place(path, by_path, needs, placed)
    return tuple(placed.values())


def _place(
    start: str, by_path: Mapping[str, Node], needs: Mapping[str, tuple[str, ...]], placed: dict[str, Node]
) -> None:
    # A stack of our own: a chain of dependencies may be longer than Python's.
    trail = {start: iter(needs[start])}
    while trail:
        path, needed_paths = next(reversed(trail.items()))
        waiting = next((need for need in needed_paths if need in by_path and need not in placed), None)
        if waiting is None:
            placed.setdefault(path, by_path[path])
            del trail[path]
        elif waiting in trail:
            ring = list(trail)
            raise Cycle((*ring[ring.index(waiting) :], waiting))
        else:
            trail[waiting] = iter(needs[waiting])


def _needed(node: Node, by_path: Mapping[str, Node], repeats: Mapping[str, Repeat]) -> tuple[str, ...]:
    found = needed(node, by_path.get, repeats)
    if node.path in found and _may_read_itself(node):
        found -= {node.path}
    # A repeat's own path stands for its instances, which are there before anything in them.
    parent = (node.parent,) if node.parent in found else ()
    return (*parent, *sorted(found - {node.parent}))


def _may_read_itself(node: Node) -> bool:
    """In a repeat a value may build on that of an earlier instance; one may also keep its own first worth."""
    if node.repeat == node.path:
        return True
    direct = [expression.direct for expression in (node.relevant, node.calculation) if expression]
    return node.repeat is not None and not any(node.path in paths for paths in direct)
