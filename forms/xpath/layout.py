"""Which places of a form an expression may read, without answers."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from forms.xpath.syntax import Call, Chain, Negative, Node, Path, Step, Steps, Union


@dataclass(slots=True)
class Layout:
    """The paths of a form as a tree, to follow steps without answers; what `run` is to an evaluation."""

    paths: Iterable[str]
    below: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for path in self.paths:
            self.below.setdefault(path.rpartition("/")[0], []).append(path)

    def reached(self, node: Node, at: str, contexts: frozenset[str]) -> frozenset[str]:
        """All paths that the wide paths in this expression may read, tried on any of the contexts."""
        found: set[str] = set()
        waiting: list[tuple[Node, frozenset[str]]] = [(node, contexts)]
        while waiting:
            each, around = waiting.pop()
            match each:
                case Steps():
                    found |= self._led(each, at, around, waiting)
                case Union(parts):
                    waiting.extend((part, around) for part in parts)
                case Negative(operand):
                    waiting.append((operand, around))
                case Chain(first, rest):
                    waiting.extend((part, around) for part in (first, *(operand for _, operand in rest)))
                case Call(_, arguments):
                    waiting.extend((part, around) for part in arguments)
                case Path(filters=filters):
                    waiting.extend((part, around) for kept in filters for part in kept.conditions)
                case _:
                    pass
        return frozenset(found)

    def _led(
        self, steps: Steps, at: str, around: frozenset[str], waiting: list[tuple[Node, frozenset[str]]]
    ) -> frozenset[str]:
        if steps.instance:
            standing: frozenset[str] = frozenset()
        elif steps.start is not None:
            waiting.append((steps.start, around))
            inner = steps.start
            standing = frozenset({inner.path}) if isinstance(inner, Path) and not inner.instance else self._all(inner)
            waiting.extend((condition, standing) for condition in steps.conditions)
        else:
            standing = frozenset({""}) if steps.is_absolute else frozenset({at}) if steps.is_own else around
        for step in steps.steps:
            standing = frozenset(path for place in standing for path in self._next(place, step))
            waiting.extend((condition, standing) for condition in step.conditions)
        return standing - {""}

    def _all(self, start: Node) -> frozenset[str]:
        """What stands anywhere, where a path starts from something that is no plain path itself."""
        is_of_list = isinstance(start, Steps) and bool(start.instance)
        return frozenset() if is_of_list else frozenset(path for paths in self.below.values() for path in paths)

    def _next(self, path: str, step: Step) -> Iterator[str]:
        for found in self._along(path, step.axis):
            if step.axis == "attribute" or step.test in ("*", "node()", "text()", found.rpartition("/")[2]):
                yield found

    def _along(self, path: str, axis: str) -> Iterable[str]:
        match axis:
            case "self" | "attribute" | "text":
                return (path, *self.below.get(path, ())) if axis == "text" else (path,)
            case "child":
                return self.below.get(path, ())
            case "parent":
                return (path.rpartition("/")[0],) if path else ()
            case "descendant" | "descendant-or-self":
                return (path, *self._inside(path))
            case "ancestor" | "ancestor-or-self":
                return [path[:end] for end in range(len(path) + 1) if path[end : end + 1] in ("/", "")]
            case "following-sibling" | "preceding-sibling":
                return self.below.get(path.rpartition("/")[0], ())
        return self._inside("")

    def _inside(self, path: str) -> list[str]:
        found: list[str] = []
        waiting = [path]
        while waiting:
            children = self.below.get(waiting.pop(), [])
            found.extend(children)
            waiting.extend(children)
        return found
