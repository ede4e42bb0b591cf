"""A question of a questionnaire: its kind, its words, its choices, and the expressions it goes by."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from forms.itext import Labels
from forms.nodes import Itemset, Repeat
from forms.xpath.syntax import Expression

OWN_LINE = "yes"
"""What marks an answer as one that may be quoted, for the line of its question."""


class Kind(StrEnum):
    """What a question asks for."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    SELECT_ONE = "select_one"
    SELECT_MULTIPLE = "select_multiple"
    RANGE = "range"
    DATE = "date"
    TIME = "time"
    DATETIME = "dateTime"
    ACKNOWLEDGE = "acknowledge"
    GEOPOINT = "geopoint"
    IMAGE = "image"
    AUDIO = "audio"
    VIDEO = "video"
    FILE = "file"
    NOTE = "note"

    @property
    def is_select(self) -> bool:
        return self in (Kind.SELECT_ONE, Kind.SELECT_MULTIPLE)

    @property
    def is_media(self) -> bool:
        return self in (Kind.IMAGE, Kind.AUDIO, Kind.VIDEO, Kind.FILE)

    @property
    def is_moment(self) -> bool:
        return self in (Kind.DATE, Kind.TIME, Kind.DATETIME)

    @property
    def is_number(self) -> bool:
        return self in (Kind.INTEGER, Kind.DECIMAL, Kind.RANGE)


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to choose; `name` is its code, an exclusive one stands alone in a multiple choice.

    `line` is the research line that quotes are of, where another question is routed by this one; '' for none.
    """

    name: str
    labels: Labels
    exclusive: bool = False
    media: Mapping[str, str] = field(default_factory=dict)
    line: str = ""


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
    belongs to (L1, L2, L3, G), None where the form says nothing. `instance` counts from 1 within a repeat
    and is 0 elsewhere. `adds` is the repeat to which the answer "yes" adds one more. `media` are files shown
    beside the words, by sort ("image"). `read_only` is the condition under which it only tells. `quotable` is
    "yes" where its answer may be offered to be quoted, or the name of the question whose choice tells for which line.
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
    guidance: Labels = field(default_factory=dict)
    media: Mapping[str, str] = field(default_factory=dict)
    itemset: Itemset | None = None
    read_only: Expression | None = None
    adds: str | None = None
    instance: int = 0
    quotable: str = ""

    def choice(self, name: str) -> Choice | None:
        """The choice with this code, None where there is none."""
        return next((choice for choice in self.choices if choice.name == name), None)


def one_more(repeat: Repeat, path: str, instance: int) -> Question:
    """The question whether the repeat is filled in once more."""
    name = repeat.path.rpartition("/")[2]
    languages = dict.fromkeys((*repeat.labels, "en", "nl"))
    first = "first" if instance == 1 else "again"
    labels = {
        language: _MORE.get(language, _MORE["en"])[first].format(name=words)
        for language in languages
        if (words := repeat.labels.get(language) or next(iter(repeat.labels.values()), name))
    }
    choices = tuple(Choice(code, _YES_OR_NO[code]) for code in ("yes", "no"))
    return Question(
        path,
        name,
        Kind.SELECT_ONE,
        labels,
        choices=choices,
        outputs=repeat.outputs,
        adds=repeat.path,
        instance=instance,
    )


_MORE = {
    "nl": {"first": "Is er één om in te vullen: {name}?", "again": "Nog een: {name}?"},
    "en": {"first": "Is there one to fill in: {name}?", "again": "Another one: {name}?"},
}
_YES_OR_NO = {"yes": {"nl": "Ja", "en": "Yes"}, "no": {"nl": "Nee", "en": "No"}}
