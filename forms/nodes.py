"""The places of a submission: groups, repeats, values, and how a place in a repeat is numbered."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from forms.itext import Labels
from forms.xpath.syntax import Expression

MAX_INSTANCES = 20
"""How often a repeat can be filled in at most."""


@dataclass(frozen=True, slots=True)
class Itemset:
    """Where a question's choices come from when they are not always the same.

    `nodeset` gives the places; `value` and `label` are the columns of a place that hold its code and words.
    """

    nodeset: Expression
    value: str = "name"
    label: str = "label"


@dataclass(frozen=True, slots=True)
class Repeat:
    """A group that can be filled in more than once.

    `count` is how often; None where the person says so after each time. `first` is how often it is there
    at the least.
    """

    path: str
    labels: Labels = field(default_factory=dict)
    outputs: Mapping[str, Expression] = field(default_factory=dict)
    count: Expression | None = None
    first: int = 1
    is_fixed: bool = False


@dataclass(frozen=True, slots=True)
class Assignment:
    """A value that is worked out and set once: when a session or an instance begins, or after an answer.

    `after` is the question whose answer sets it, None where it is set at the beginning.
    """

    path: str
    value: Expression | None
    after: str | None = None


@dataclass(frozen=True, slots=True)
class Node:
    """A place in the submission: a group, a question, or a value nobody is asked for.

    `sort` is the XForm type ("int", "date"), `repeat` the repeat it stands in or is. `preload` is what the
    program knows by itself, such as "start" or "deviceid".
    """

    path: str
    relevant: Expression | None = None
    calculation: Expression | None = None
    default: str = ""
    sort: str = "string"
    repeat: str | None = None
    preload: str = ""
    is_group: bool = False
    is_asked: bool = False
    itemset: Itemset | None = None
    parent: str = field(init=False)
    """The path of the group it stands in; "" for the form itself."""
    name: str = field(init=False)

    def __post_init__(self) -> None:
        parent, _, name = self.path.rpartition("/")
        object.__setattr__(self, "parent", parent)
        object.__setattr__(self, "name", name)


def placed(path: str, repeat: str | None, instance: int) -> str:
    """The path with the number of the repeat's instance in it: "/data/member[2]/name"."""
    return path if not repeat or not instance else f"{repeat}[{instance}]{path[len(repeat) :]}"


_NUMBERED = re.compile(r"\[(\d{1,4})\]", re.ASCII)


def unplaced(path: str) -> tuple[str, int]:
    """The path without a number, and the number of the instance; 0 where it has none."""
    found = _NUMBERED.search(path) if "[" in path else None
    return (path, 0) if found is None else (path[: found.start()] + path[found.end() :], int(found[1]))


def needed(node: Node, find: Callable[[str], Node | None], repeats: Mapping[str, Repeat]) -> frozenset[str]:
    """The paths that the node's relevance and value depend on."""
    repeat = repeats.get(node.path)
    itemset = node.itemset.nodeset if node.itemset else None
    read = (node.relevant, node.calculation, repeat.count if repeat else None, itemset)
    paths = frozenset(path for expression in read if expression for path in expression.references)
    if node.itemset is not None:
        # Choices that are answers elsewhere change with those answers, asked for by the filter or not.
        paths |= {f"{path}/{node.itemset.value}" for path in node.itemset.nodeset.references}
    # What is summed or counted over a repeat changes with the number of its instances.
    found = {other.repeat for path in paths if (other := find(path)) and other.repeat}
    return paths | {node.parent} | {path for path in found if path}


def sources(node: Node, find: Callable[[str], Node | None]) -> frozenset[str]:
    """The paths whose answers have the node's calculation worked out again, through whatever lies between."""
    found: set[str] = set()
    waiting = list(node.calculation.references) if node.calculation else []
    while waiting:
        path = waiting.pop()
        if path in found or path == node.path:
            continue
        found.add(path)
        between = find(path)
        while between is not None:
            for expression in (between.calculation, between.relevant):
                waiting.extend(expression.references if expression else ())
            between = find(between.parent)
    return frozenset(found)
