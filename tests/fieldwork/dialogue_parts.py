"""Somebody who talks with the bot: what their chat shows, and what the database would hold of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Literal

from openpyxl import Workbook

from fieldwork import answering, corrections, dialogue, turns, ways
from fieldwork.conversation import (
    Chose,
    Conversation,
    Event,
    Missed,
    Part,
    Record,
    Showed,
    Speech,
    Stage,
    Turn,
    Voice,
    Went,
    Wrote,
)
from fieldwork.messages import Button, Say
from fieldwork.pressed import event_of
from fieldwork.recognise import Way
from fieldwork.taps import read_key
from fieldwork.texts import Texts, read_texts
from forms.circumstances import Circumstances
from forms.form import Form
from forms.question import Question
from forms.walk import Walk
from forms.walk import begin as begin_walk
from forms.xlsform import compile_workbook

PROJECT = Path(__file__).parents[2]
QUESTIONNAIRE = PROJECT / "forms" / "questionnaires" / "wijkwerkplaats_reflectie.xlsx"


@cache
def questionnaire() -> Form:
    """The questionnaire that comes with the program."""
    return compile_workbook(QUESTIONNAIRE.read_bytes()).form


def form_of(*rows: list[str]) -> Form:
    """A small form; the first row is the survey sheet's header."""
    book = Workbook()
    book.remove(book.worksheets[0])
    sheets = {"survey": rows, "settings": (["form_id", "version"], ["small", "1"])}
    for name, lines in sheets.items():
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(line)
    file = BytesIO()
    book.save(file)
    return compile_workbook(file.getvalue()).form


@cache
def catalogue() -> Texts:
    """The bot's own words."""
    return read_texts((PROJECT / "fieldwork" / "texts.yaml").read_text(encoding="utf-8"))


def voice(language: str = "nl", media_allowed: bool = True) -> Voice:
    """How the bot speaks to Fatima."""
    return Voice(
        catalogue(), language, lambda: "Fatima", lambda: "maandag om 20:15", lambda: "vrijdag om 9:00", media_allowed
    )


@dataclass
class Talker:
    """A person at one questionnaire; every step is taken from what would be read back from the database."""

    form: Form = field(default_factory=questionnaire)
    hidden: Mapping[str, str] = field(default_factory=dict)
    voice: Voice = field(default_factory=voice)
    around: Circumstances = field(default_factory=Circumstances)
    chat: dict[int, Say] = field(default_factory=dict)
    """What was put, by its count, as it looks after all edits."""
    buttons: list[Button] = field(default_factory=list)
    """Every button ever shown."""
    records: list[Record] = field(default_factory=list)
    pictures: tuple[Speech, ...] = ()
    """The pictures of the last turn."""
    said: tuple[Say, ...] = ()
    """The messages of the last turn, edits not among them."""
    toast: str = ""
    talk: Conversation = field(init=False)
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        self.talk = Conversation(7, begin_walk(self.form, self.hidden, self.around), Stage.ASKING)
        self.take(dialogue.begin(self.talk, self.voice))

    @property
    def waiting(self) -> Say:
        """The message with the buttons that can be tapped now."""
        return self.chat[self.talk.asking]

    @property
    def labels(self) -> list[str]:
        """What can be tapped now."""
        return [button.label for row in self.waiting.buttons for button in row]

    @property
    def name(self) -> str:
        """The question that waits."""
        return self.talk.question.name

    @property
    def values(self) -> dict[str, str]:
        """The answers that would be sent, by name."""
        return self.talk.walk.submission()

    def question(self, name: str) -> Question:
        """A question of the form."""
        question = self.form.named(name)
        assert question is not None
        return question

    def step(self, event: Event) -> None:
        """Let it happen."""
        self.take(dialogue.step(self.reloaded(), event, self.voice))

    def tap(self, label: str) -> None:
        """Tap a button under what waits."""
        data = [button.data for row in self.waiting.buttons for button in row if button.label == label]
        assert len(data) == 1, f"{label!r} among {self.labels}"
        self.press(data[0])

    def press(self, data: str) -> None:
        """A button's data comes in, old or new."""
        key = read_key(data)
        assert key is not None
        if key.turn == self.talk.asking and (event := event_of(self.talk, key)):
            self.step(event)

    def write(self, text: str) -> str:
        """Type something; the message's id."""
        source = self._source()
        self.step(Wrote(text, source))
        return source

    def show(self, kind: Literal["voice", "photo"], caption: str = "") -> str:
        """Send a file where the question takes it; the message's id."""
        source, number = self._source(), next(self._numbers)
        if answering.takes(self.talk, kind):
            self.step(Showed(Part(kind, caption, source, number, f"{kind}-{number}")))
        else:
            self.step(Missed("err.voice_off" if kind == "voice" else "err.photo_for_text"))
        return source

    def edit(self, source: str, text: str) -> None:
        """Edit an earlier message; nothing comes of one that no answer stands on any more."""
        talk = self.reloaded()
        for part in talk.parts:
            if part.source == source:
                self.take(corrections.correct_draft(talk, replace(part, text=text), self.voice))
                return
        for record in self.latest().values():
            if source in {part.source for part in record.parts}:
                parts = tuple(replace(part, text=text) if part.source == source else part for part in record.parts)
                self.take(corrections.correct_parts(talk, record.path, parts, source, self.voice))
                return
            if source == record.source:
                self.take(corrections.correct(talk, record.path, text, source, self.voice))
                return

    def look_back(self) -> None:
        """/antwoorden."""
        self.take(ways.overview(self.reloaded(), self.voice))

    def nudge(self) -> None:
        """Three minutes go by."""
        self.take(dialogue.nudge(self.reloaded(), self.voice))

    def take(self, turn: Turn) -> None:
        """Keep and show what a turn came to."""
        self.pictures = tuple(speech for speech in turn.speeches if speech.picture)
        self.talk, self.toast = turn.conversation, turn.toast
        if turn.record is not None:
            self.records.append(turn.record)
        for speech in turn.speeches:
            place = speech.asking if speech.edits is None else speech.edits
            assert speech.edits is None or speech.edits in self.chat, "only what was put can be edited"
            if place is not None:
                self.chat[place] = speech.say
            self.buttons += [button for row in speech.say.buttons for button in row]
        self.said = tuple(speech.say for speech in turn.speeches if speech.edits is None)

    def latest(self) -> dict[str, Record]:
        """The last revision of each answer."""
        return {record.path: record for record in self.records}

    def reloaded(self) -> Conversation:
        """The conversation as its rows tell it."""
        latest = self.latest().values()
        given = {record.path: record.value for record in latest if record.outcome == "answered"}
        passed = frozenset(record.path for record in latest if record.outcome != "answered")
        walk = Walk(self.form, {**begin_walk(self.form, self.hidden).values, **given}, passed, around=self.around)
        if self.talk.asking:
            walk = turns.with_notes_read(walk, self.talk.path)
        return replace(self.talk, walk=walk)

    def _source(self) -> str:
        return f"telegram:1001#{next(self._numbers)}"


def at(name: str, hidden: dict[str, str] | None = None, language: str = "nl") -> Talker:
    """Somebody who came as far as this question, all before it skipped."""
    somebody = Talker(hidden=hidden or {}, voice=voice(language))
    somebody.step(Chose("as_planned"))
    while somebody.name != name:
        if somebody.name == "friction":
            somebody.step(Chose("other"))
        else:
            somebody.step(Went(Way.SKIP))
    return somebody


def at_summary() -> Talker:
    """Somebody who skipped everything and sees the summary."""
    somebody = at("photo")
    somebody.tap("Geen foto")
    return somebody


def told(somebody: Talker) -> str:
    """Everything said in the last turn."""
    return "\n".join(say.text for say in somebody.said)


def label(somebody: Talker, name: str, code: str, language: str = "nl") -> str:
    """A choice as it is worded."""
    return somebody.talk.walk.choice_label(somebody.question(name), code, language)
