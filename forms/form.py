"""A questionnaire as the walk reads it: questions, choices, and the expressions between them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from forms.xpath.syntax import Expression

Labels = Mapping[str, str]
"""Language code ("nl", "en") to text; `${name}` stands for an answer that the walk fills in."""


class Kind(StrEnum):
    """What a question asks for."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    SELECT_ONE = "select_one"
    SELECT_MULTIPLE = "select_multiple"
    RANGE = "range"
    IMAGE = "image"
    AUDIO = "audio"
    NOTE = "note"

    @property
    def is_select(self) -> bool:
        return self in (Kind.SELECT_ONE, Kind.SELECT_MULTIPLE)

    @property
    def is_media(self) -> bool:
        return self in (Kind.IMAGE, Kind.AUDIO)

    @property
    def is_number(self) -> bool:
        return self in (Kind.INTEGER, Kind.DECIMAL, Kind.RANGE)


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to choose; `name` is its code, an exclusive one stands alone in a multiple choice."""

    name: str
    labels: Labels
    exclusive: bool = False


@dataclass(frozen=True, slots=True)
class Range:
    """The numbers from start to end, both included, in steps."""

    start: Decimal
    end: Decimal
    step: Decimal

    def __len__(self) -> int:
        return int((self.end - self.start) / self.step) + 1

    def values(self) -> tuple[str, ...]:
        """Every number of the range as it is stored, lowest first."""
        return tuple(format(self.start + self.step * i, "f") for i in range(len(self)))


@dataclass(frozen=True, slots=True)
class Question:
    """One thing the form asks or, for a note, tells.

    `relevant` is the question's own condition; the conditions of its groups come on top of it, see
    `Walk.asked`. `required` is None where an answer is never required. `line` is the research line it
    belongs to (L1, L2, L3, G), None where the form says nothing.
    """

    path: str
    name: str
    kind: Kind
    labels: Labels
    hints: Labels = field(default_factory=dict)
    required: Expression | None = None
    required_messages: Labels = field(default_factory=dict)
    relevant: Expression | None = None
    constraint: Expression | None = None
    constraint_messages: Labels = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()
    range: Range | None = None
    line: str | None = None
    outputs: Mapping[str, Expression] = field(default_factory=dict)

    def choice(self, name: str) -> Choice | None:
        """The choice with this code, None where there is none."""
        return next((choice for choice in self.choices if choice.name == name), None)


@dataclass(frozen=True, slots=True)
class Node:
    """A place in the submission: a group, a question, or a value nobody is asked for."""

    path: str
    relevant: Expression | None = None
    calculation: Expression | None = None
    default: str = ""

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]

    @property
    def parent(self) -> str:
        return self.path.rpartition("/")[0]


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """One version of a questionnaire; two forms are the same where their `hash` is.

    `hash` is the SHA-256 (hex) of the XForm text. `hidden` are the names of the nodes that are filled when
    a session starts, `calculated` of those the form works out itself. `nodes` come in an order in which
    each depends on earlier ones only.
    """

    form_id: str
    version: str
    title: str
    hash: str
    default_language: str
    languages: tuple[str, ...]
    questions: tuple[Question, ...]
    hidden: tuple[str, ...] = ()
    calculated: tuple[str, ...] = ()
    nodes: tuple[Node, ...] = ()
    _places: Mapping[str, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_places", {question.path: i for i, question in enumerate(self.questions)})

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Form) and other.hash == self.hash

    def __hash__(self) -> int:
        return hash(self.hash)

    def question(self, path: str) -> Question:
        """The question at this path; KeyError where the form has none there."""
        return self.questions[self._places[path]]

    def has(self, path: str) -> bool:
        """Whether the form has a question at this path."""
        return path in self._places

    def place(self, path: str) -> int:
        """Where the question stands in the form, from 0; KeyError where the form has none there."""
        return self._places[path]

    def named(self, name: str) -> Question | None:
        """The question with this name, None where there is none."""
        return next((question for question in self.questions if question.name == name), None)
