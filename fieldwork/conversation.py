"""One person's talk about one form: where it stands, what may happen to it, and what comes of that."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from fieldwork.messages import Say
from fieldwork.recognise import Way
from fieldwork.texts import Texts
from forms.question import Question
from forms.walk import Walk

UNKNOWN = "?"
"""The offer that lets a required question go."""

POINTED = "!"
"""The offer to change an answer in which something tells of somebody else."""
AGAIN = "!!"
"""The same, and the person said that they will: new words take the place of the old."""


class Stage(StrEnum):
    """What the talk waits for."""

    ASKING = "asking"
    SUMMARY = "summary"
    CHOOSING = "choosing"
    PAUSED = "paused"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Part:
    """One message of an open answer."""

    kind: Literal["text", "voice", "photo", "video", "file"]
    text: str
    source: str
    """The channel's id of the message."""
    media: int | None = None
    """Our id of the recording or picture."""
    file: str = ""
    """Its name in the media folder; '' where the part is words only."""

    def words(self) -> str:
        """The part as it stands in the answer's text."""
        return "\n".join(piece for piece in (f"[{self.file}]" if self.file else "", self.text) if piece)


@dataclass(frozen=True, slots=True)
class Conversation:
    """Everything the next step depends on."""

    session: int
    walk: Walk
    stage: Stage
    path: str | None = None
    """The question that waits; None where none does."""
    asking: int = 0
    """Counts what was put to the person; a button with an older count is old."""
    shown: int = 0
    """The count under which the question itself was put; later ones only ask whether there is more."""
    shown_at: Mapping[str, int] = field(default_factory=dict)
    """By path of an answered question, the count of the message that shows its answer."""
    ticked: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    misses: int = 0
    """Unusable replies in a row to what waits."""
    offered: str = ""
    """The number that the message put last asks to confirm, or UNKNOWN, POINTED or AGAIN; '' where it asks no such
    thing."""
    stuck: bool = False
    """Whether some question was asked in vain three times."""
    sent: bool = False
    """Whether the person has sent their answers before; what follows is a change."""

    @property
    def question(self) -> Question:
        """The question that waits; only where one does."""
        assert self.path is not None
        return self.walk.question(self.path)


def spot(walk: Walk, question: Question) -> str:
    """Where the question stands, short enough for a button: its number, its instance in a repeat."""
    place = str(walk.form.place(question.path))
    if not question.instance:
        return place
    return f"{place}.{question.instance}{'+' if question.adds else ''}"


@dataclass(frozen=True, slots=True)
class Voice:
    """Whom the bot speaks to, and the words that depend on it."""

    texts: Texts
    language: str
    first_name: Callable[[], str]
    """Asked for where it is said only, as the two times are: looking them up costs more than a whole question."""
    deadline: Callable[[], str]
    amend_until: Callable[[], str]
    media_allowed: bool
    is_test: bool = False
    """The form is being tried; nothing of it is kept."""
    points_out: bool = False
    """Whether the study wants pointed out what in an answer tells of others."""

    def say(self, key: str, **values: object) -> str:
        """A text of the catalogue in the person's language."""
        return self.texts.say(key, self.language, **values)

    def labels(self, key: str) -> tuple[str, ...]:
        """The button labels that go with a text."""
        return self.texts.buttons(key, self.language)


@dataclass(frozen=True, slots=True)
class Chose:
    """A choice was tapped."""

    code: str


@dataclass(frozen=True, slots=True)
class Ticked:
    """A choice of several was switched; `on` is what the person saw themselves asking for."""

    code: str
    on: bool


@dataclass(frozen=True, slots=True)
class Wrote:
    """Something was typed."""

    text: str
    source: str


@dataclass(frozen=True, slots=True)
class Showed:
    """A recording, a picture or another file came, and has a place in the media folder."""

    part: Part


@dataclass(frozen=True, slots=True)
class Pointed:
    """A point on the map came; `value` as a form keeps it."""

    value: str
    source: str


@dataclass(frozen=True, slots=True)
class Went:
    """The person wants another way than answering: back, skip, pause, done."""

    way: Way


@dataclass(frozen=True, slots=True)
class Jumped:
    """A question was picked from the list, to change its answer."""

    path: str


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The summary is right: send it."""


@dataclass(frozen=True, slots=True)
class Doubted:
    """Something in the summary has to change."""


@dataclass(frozen=True, slots=True)
class Missed:
    """Something came that no question can take; `key` names the text that says so, `what` what it was."""

    key: str
    what: str = ""


Event = Chose | Ticked | Wrote | Showed | Pointed | Went | Jumped | Confirmed | Doubted | Missed


@dataclass(frozen=True, slots=True)
class Record:
    """What is to be kept of this step: a revision of one answer."""

    path: str
    outcome: Literal["answered", "skipped", "given_up"]
    value: str
    way: Literal["tap", "typed", "parts", "edit"]
    source: str | None = None
    parts: tuple[Part, ...] = ()
    shown: int = 0
    """The count of the message that shows the answer."""
    left: bool = False
    """The person saw what tells of others and left it."""


@dataclass(frozen=True, slots=True)
class Speech:
    """Something to say: a message, one that puts what waits, or an edit of one that did.

    `asking` is the count it puts, `edits` the count it changes.
    """

    say: Say
    asking: int | None = None
    edits: int | None = None
    picture: str = ""
    """The name of a picture of the form to show; nothing is said where the form has none of that name."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What one event comes to."""

    conversation: Conversation
    speeches: tuple[Speech, ...] = ()
    record: Record | None = None
    toast: str = field(default="")
    """A word beside the tapped button, gone in a moment."""
