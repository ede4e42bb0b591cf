"""What a function sees of the expression that calls it, and of the form around it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import NamedTuple, Protocol

from forms.xpath.syntax import Node
from forms.xpath.values import Value


@dataclass(frozen=True, slots=True, eq=False)
class Branch:
    """An element of a list that comes with the form, such as one choice and its columns."""

    name: str
    text: str
    children: tuple[Branch, ...] = ()
    attributes: Mapping[str, str] = field(default_factory=dict, repr=False)
    _sorted: dict[tuple[str, str], dict[str, tuple[Place, ...]]] = field(default_factory=dict, repr=False)

    def named(self, name: str) -> tuple[Place, ...]:
        """The children of this name, numbered from 1."""
        return self._by(name, "").get("", ())

    def having(self, name: str, column: str, text: str) -> tuple[Place, ...]:
        """The children of this name whose column holds exactly this text."""
        return self._by(name, column).get(text, ())

    def column(self, name: str) -> str:
        """The text of the first child of this name; "" where there is none."""
        return next((child.text for child in self.children if child.name == name), "")

    def _by(self, name: str, column: str) -> Mapping[str, tuple[Place, ...]]:
        if (name, column) not in self._sorted:
            found: dict[str, list[Place]] = {}
            children = (child for child in self.children if child.name == name)
            for number, child in enumerate(children, start=1):
                key = child.column(column) if column else ""
                found.setdefault(key, []).append(Place("", number, child))
            self._sorted[name, column] = {key: tuple(places) for key, places in found.items()}
        return self._sorted[name, column]


class Place(NamedTuple):
    """One place an expression reads: in the answers (path, instance of its repeat or 0), or in a list."""

    path: str
    instance: int
    branch: Branch | None = None


class Scope:
    """Where an expression reads the form from; a form without answers, to be told more by others."""

    version: str = ""

    def value(self, path: str, index: int) -> Value:
        """What is at the place; blank where nothing is."""
        return ""

    def repeat_of(self, path: str) -> str | None:
        """The repeat that the path stands in, or is; None outside repeats."""
        return None

    def count(self, repeat: str) -> int:
        """How many instances the repeat has now."""
        return 0

    def children(self, path: str) -> tuple[str, ...]:
        """The paths right below this one, in the form's order; below "" stands the outermost element."""
        return ()

    def attributes(self, path: str) -> Mapping[str, str]:
        """The attributes of the element at the path, as the form comes with them."""
        return {}

    def is_relevant(self, path: str, index: int) -> bool:
        """Whether the place is there and relevant."""
        return True

    def listed(self, name: str) -> Branch | None:
        """The root of a list that comes with the form; None where there is no such list."""
        return None

    def kept(self, path: str, index: int) -> Value:
        """What was first worked out at the place; blank before that."""
        return ""

    def choice_name(self, path: str, index: int, code: str) -> str:
        """The words of a choice of the question at the path; the code where there are none."""
        return code

    def words(self, text_id: str) -> str:
        """A text of the form; "" where there is none."""
        return ""

    def language(self) -> str:
        """The language in which the expression gives words, such as "nl"; "" where none was told."""
        return ""

    def property(self, name: str) -> str:
        """What is known about the one who answers; "" where nothing is."""
        return ""

    def now(self) -> datetime | None:
        """The moment of answering; None where no clock was given."""
        return None

    def zone(self) -> tzinfo:
        """The time zone of the one who answers."""
        return UTC

    def seed(self) -> str:
        """What chance is drawn from: the same seed gives the same chances."""
        return ""


class Run(Protocol):
    """The working out of one expression."""

    @property
    def scope(self) -> Scope:
        """The form around the expression."""

    def of(self, node: Node) -> Value:
        """What the node is worth."""

    def each(self, node: Node) -> list[Value]:
        """The values of all places the node names; its one value where it names none."""

    def places(self, node: Node) -> list[Place]:
        """The relevant places the node names."""

    def value_of(self, place: Place) -> Value:
        """What is at the place."""

    def here(self) -> Value:
        """What the place is worth where the expression stands."""

    def standing(self) -> Place:
        """Where the expression stands."""

    def position(self) -> int:
        """Which of the places under a condition in brackets this is, from 1; else the instance."""

    def kept(self) -> Value:
        """What the place was first worth; blank before that."""

    def random(self) -> float:
        """A number from 0 to 1 that stays the same for this seed and place."""
