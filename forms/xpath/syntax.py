"""What an expression looks like once it is read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Literal:
    """A number or a text written in the expression."""

    value: float | str


@dataclass(frozen=True, slots=True)
class Filter:
    """The conditions in square brackets behind one step; `depth` counts the steps up to there."""

    depth: int
    conditions: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Path:
    """Places in the form, written absolute: "/data/group/name".

    `instance` is the list it reads from, "" for the answers themselves. `is_own` holds for `current()`: the
    path then starts where the expression stands, also inside square brackets. `below` counts the steps that
    come from the place a condition is tried on; 0 for a path that does not start there.
    """

    path: str
    position: int
    instance: str = ""
    filters: tuple[Filter, ...] = ()
    is_own: bool = False
    below: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """One step along an axis ("child", "ancestor"); `test` is a name, "*", "node()" or "text()"."""

    axis: str
    test: str
    conditions: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Steps:
    """Places that are found by following steps, where a path alone does not name them.

    They start from those of `start` for which the `conditions` hold, else from the list `instance`, else from the
    form's beginning, else, for `is_own`, from where the expression stands, else from the place a condition is
    tried on.
    """

    steps: tuple[Step, ...]
    position: int
    start: Node | None = None
    conditions: tuple[Node, ...] = ()
    instance: str = ""
    is_absolute: bool = False
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class Union:
    """The places of several paths together."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Negative:
    """The number below zero that mirrors its operand."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Chain:
    """Operands joined from left to right by operators of one rank: `1 + 2 - 3`."""

    first: Node
    rest: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class Call:
    """A function with its arguments."""

    name: str
    arguments: tuple[Node, ...]
    position: int


Node = Literal | Path | Steps | Union | Negative | Chain | Call


@dataclass(frozen=True, slots=True)
class Expression:
    """A readable expression; `at` is the path that "." means, `references` all paths it reads.

    `direct` are the references that are read as they stand, without an index or a condition. `lists` are
    the choice lists it reads and `functions` the functions it calls. Where `is_wide` holds, it may read more
    than `references` tells: which places, only the form's layout can say.
    """

    text: str
    root: Node
    at: str
    references: frozenset[str]
    direct: frozenset[str] = frozenset()
    lists: frozenset[str] = frozenset()
    functions: frozenset[str] = frozenset()
    is_wide: bool = False


class Fault(StrEnum):
    """What is wrong with an expression."""

    CHARACTER = "character"
    OPEN_QUOTE = "open_quote"
    SMART_QUOTE = "smart_quote"
    UNEXPECTED = "unexpected"
    UNFINISHED = "unfinished"
    UNSUPPORTED = "unsupported"
    UNKNOWN_FUNCTION = "unknown_function"
    REFUSED_FUNCTION = "refused_function"
    ARGUMENTS = "arguments"
    UNKNOWN_REFERENCE = "unknown_reference"
    BAD_PATTERN = "bad_pattern"
    OPEN_PATTERN = "open_pattern"
    LARGE_PATTERN = "large_pattern"
    LOOKING_PATTERN = "looking_pattern"
    REPEATING_PATTERN = "repeating_pattern"
    TOO_LONG = "too_long"
    TOO_DEEP = "too_deep"


class ExpressionError(ValueError):
    """An expression cannot be read; `position` counts characters from 0, `found` is the text there."""

    def __init__(self, fault: Fault, position: int, found: str = "") -> None:
        super().__init__(f"{fault} at character {position + 1}: {found!r}")
        self.fault = fault
        self.position = position
        self.found = found
