"""A kept value in the words of the person who gave it, or is offered it."""

import re
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation

from fieldwork.conversation import Conversation, Voice
from fieldwork.wording import date_in_words, number
from forms.nodes import unplaced
from forms.points import point_in_words
from forms.question import Kind, Question

_FILE = re.compile(r"\[(voice|photo)-\d+\.\w+\]")
"""Where an open answer was spoken or shown instead of typed."""
_MEDIA = {Kind.IMAGE: "answer.photo", Kind.AUDIO: "answer.voice"}
"""By what the question asks for, the word for the file; any other is a file."""


def value_in_words(talk: Conversation, question: Question, value: str, voice: Voice) -> str:
    """Labels instead of codes, days and times as people write them; the value itself where it needs no words."""
    kind = question.kind
    if question.choices or question.itemset is not None:
        return ", ".join(talk.walk.choice_label(question, code, voice.language) for code in value.split())
    if kind.is_media:
        return voice.say(_MEDIA.get(kind, "answer.file"))
    if kind is Kind.GEOPOINT:
        return point_in_words(value)
    if kind is Kind.ACKNOWLEDGE:
        return voice.labels("q.acknowledge")[0]
    if kind.is_moment or (kind is Kind.NOTE and _is_moment(talk, question)):
        return moment_in_words(value, voice.language)
    if kind in (Kind.DECIMAL, Kind.RANGE):
        return number_in_words(value, voice.language)
    return without_files(value, voice.say)


def _is_moment(talk: Conversation, note: Question) -> bool:
    """Whether what is only read is a day or a time."""
    node = talk.walk.form.node(unplaced(note.path)[0])
    return node is not None and node.sort in ("date", "time", "dateTime")


def without_files(text: str, say: Callable[[str], str]) -> str:
    """An open answer with the word for a recording or picture where the name of its file stands."""
    return _FILE.sub(lambda file: say(f"answer.{file[1]}"), text)


def only_file(text: str) -> str:
    """`voice` or `photo` where an open answer is one recording or picture and no words; else ''."""
    found = _FILE.fullmatch(text)
    return "" if found is None else found[1]


def suggestion(talk: Conversation, question: Question) -> str:
    """What the form itself puts down for a question that is not done yet; "" where it puts nothing."""
    if question.kind.is_media or question.kind is Kind.NOTE or talk.walk.is_done(question.path):
        return ""
    return talk.walk.value(question.path)


def moment_in_words(value: str, language: str) -> str:
    """`22 november 2026`, `14:30`, `22 november 2026, 14:30`; what is none of these stays as it is."""
    day, _, clock = value.partition("T") if "T" in value or "-" in value[:8] else ("", "", value)
    try:
        said_day = date_in_words(date.fromisoformat(day), language) if day else ""
        said_clock = time.fromisoformat(clock).strftime("%H:%M") if clock else ""
    except ValueError:
        return value
    return ", ".join(words for words in (said_day, said_clock) if words)


def number_in_words(value: str | Decimal, language: str) -> str:
    """A number as it is written in the person's language: a decimal comma is Dutch. What is none stays as it is."""
    try:
        return number(Decimal(value), language)
    except InvalidOperation:
        return str(value)


def moment_now(talk: Conversation) -> datetime | None:
    """The person's own date and time at this step; None where the walk knows no time."""
    return talk.walk.now or talk.walk.around.begun_on
