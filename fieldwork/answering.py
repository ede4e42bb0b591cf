"""The moves at the question that waits: a choice, words, a file or a place, and the ways through the questions."""

from dataclasses import replace
from typing import Literal

from fieldwork.answerwords import suggestion
from fieldwork.asking import put_question
from fieldwork.conversation import (
    AGAIN,
    UNKNOWN,
    Chose,
    Conversation,
    Event,
    Missed,
    Part,
    Pointed,
    Record,
    Showed,
    Speech,
    Stage,
    Ticked,
    Turn,
    Voice,
    Went,
    Wrote,
)
from fieldwork.filekinds import Sort, takes_sort
from fieldwork.misses import misread, missed, out_of_range, unfit
from fieldwork.pointing import reworded, typed_choice
from fieldwork.receipts import put_offer, put_receipt
from fieldwork.recognise import Way, is_no, is_no_photo, is_ok, is_yes, way
from fieldwork.turns import ask_again, put, too_long, without_buttons
from fieldwork.typed import about, beyond_scale, is_choice, meant
from fieldwork.ways import WAYS, take
from forms.question import Kind, Question

_A_PLACE = Missed("err.unusable", "location")
_LONGEST_OFFER = 12
"""Characters of a number that fit on a button behind "Ja, "."""


def wanted_way(talk: Conversation, text: str, voice: Voice) -> Way | None:
    """The way that these words ask for; None where they are an answer that is offered, or nothing of the kind.

    A message of exactly such a word asks for the way, at an open question too: there the word alone tells nothing.
    """
    wanted = way(text)
    if wanted is None or talk.stage is not Stage.ASKING or talk.path is None:
        return wanted
    if is_choice(talk, text, voice) or (wanted is Way.MORE and not talk.parts):
        return None
    if is_no_photo(text) and talk.question.kind is not Kind.IMAGE:
        return None
    return None if wanted is Way.UNKNOWN and talk.question.kind is Kind.TEXT and talk.offered != UNKNOWN else wanted


def takes(talk: Conversation, sort: Sort) -> bool:
    """Whether what waits can take such a file."""
    if talk.stage not in (Stage.ASKING, Stage.PAUSED) or talk.path is None:
        return False
    return takes_sort(talk.question.kind, sort)


def choose(talk: Conversation, event: Event, voice: Voice) -> Turn:
    """A choice is the answer."""
    assert isinstance(event, Chose)
    return _answer(talk, event.code, "tap", None, voice)


def tick(talk: Conversation, event: Event, voice: Voice) -> Turn:
    """Switch one of several; nothing is an answer before Klaar. The message itself shows what is chosen."""
    assert isinstance(event, Ticked)
    ticked = _ticked(talk, event)
    changed = replace(talk, ticked=ticked)
    if ticked == talk.ticked:
        return Turn(talk)
    keep = talk.walk.is_done(talk.question.path)
    return Turn(changed, (Speech(put_question(changed, voice, keep=keep), edits=talk.asking),))


def _ticked(talk: Conversation, event: Ticked) -> tuple[str, ...]:
    """What is chosen after the switch: an exclusive choice stands alone, codes stay in the form's order."""
    choices = talk.question.choices
    alone = {choice.name for choice in choices if choice.exclusive}
    if not event.on:
        wanted = set(talk.ticked) - {event.code}
    elif event.code in alone:
        wanted = {event.code}
    else:
        wanted = (set(talk.ticked) - alone) | {event.code}
    return tuple(choice.name for choice in choices if choice.name in wanted)


def write(talk: Conversation, event: Event, voice: Voice) -> Turn:
    """Typed words: a way through the questions, a part of an open answer, or an answer."""
    assert isinstance(event, Wrote)
    wanted = typed_choice(talk, event.text, voice) or wanted_way(talk, event.text, voice)
    if wanted is not None:
        return go(talk, Went(wanted), voice)
    question = talk.question
    if question.kind is Kind.TEXT and not (is_ok(event.text) and suggestion(talk, question)):
        return _add_part(talk, Part("text", event.text, event.source), voice)
    if question.kind.is_media:
        return _write_for_file(talk, event, voice)
    if is_ok(event.text) and question.kind is not Kind.ACKNOWLEDGE and suggestion(talk, question):
        return go(talk, Went(Way.KEEP), voice)
    if talk.offered not in ("", UNKNOWN) and (is_yes(event.text) or is_no(event.text)):
        return _settle_offer(talk, event, voice)
    value = meant(talk, question, event.text, voice)
    if value is not None:
        return _answer(talk, value, "typed", event.source, voice)
    likely = about(talk, question, event.text)
    if likely is not None and len(likely) <= _LONGEST_OFFER:
        return put(talk, replace(talk, offered=likely), put_offer, voice)
    if (limits := beyond_scale(question, event.text)) is not None:
        return out_of_range(talk, limits, voice)
    return misread(talk, _misread(question), voice)


def _settle_offer(talk: Conversation, event: Wrote, voice: Voice) -> Turn:
    """A typed yes or no to "is it 12"."""
    if is_yes(event.text):
        return _answer(talk, talk.offered, "typed", event.source, voice)
    return ask_again(talk, voice)


def _write_for_file(talk: Conversation, event: Wrote, voice: Voice) -> Turn:
    """Words where a file belongs; while a form is tried, any word stands for a file."""
    if voice.is_test:
        return _answer(talk, event.text, "typed", event.source, voice)
    key = "err.text_for_photo" if talk.question.kind is Kind.IMAGE else "err.text_for_file"
    return misread(talk, key, voice)


def _misread(question: Question) -> str:
    """Which text says that typed words are no answer to the question."""
    if question.kind.is_number:
        return "err.not_number"
    if question.kind.is_moment:
        return "err.not_date"
    return "err.not_place" if question.kind is Kind.GEOPOINT else "err.no_match"


def point(talk: Conversation, event: Event, voice: Voice) -> Turn:
    """A place on the map: the answer where one is asked for."""
    assert isinstance(event, Pointed)
    if talk.question.kind is not Kind.GEOPOINT:
        return missed(talk, _A_PLACE, voice)
    return _answer(talk, event.value, "typed", event.source, voice)


def point_in_vain(talk: Conversation, event: Event, voice: Voice) -> Turn:
    """A place on the map where none can be asked for."""
    return missed(talk, _A_PLACE, voice)


def show(talk: Conversation, event: Event, voice: Voice) -> Turn:
    """A recording or a picture: a part of an open answer, or the whole answer where one is asked for."""
    assert isinstance(event, Showed)
    part = event.part
    if talk.question.kind is Kind.TEXT:
        return _add_part(talk, part, voice)
    return _answer(talk, part.file, "parts", part.source, voice, (part,))


def _add_part(talk: Conversation, part: Part, voice: Voice) -> Turn:
    """Keep one message of an open answer and ask whether there is more."""
    is_instead = talk.offered == AGAIN and not part.file
    parts = reworded(talk.parts, part) if is_instead else (*talk.parts, part)
    if not part.words().strip():
        return unfit(talk, voice.say("err.nothing_yet"), voice)
    if refusal := too_long(parts, voice):
        return Turn(talk, (refusal,))
    offered = AGAIN if talk.offered == AGAIN and not is_instead else ""
    fresh = replace(talk, parts=parts, asking=talk.asking + 1, misses=0, offered=offered)
    return Turn(fresh, (*without_buttons(talk, voice), Speech(put_receipt(fresh, voice), asking=fresh.asking)))


def go(talk: Conversation, event: Event, voice: Voice) -> Turn:
    """Back, skip, pause and the other ways through the questions."""
    assert isinstance(event, Went)
    return WAYS[event.way](talk, voice)


def miss(talk: Conversation, event: Event, voice: Voice) -> Turn:
    """Something came that no question can take."""
    assert isinstance(event, Missed)
    return missed(talk, event, voice)


def _answer(
    talk: Conversation,
    value: str,
    by: Literal["tap", "typed", "parts"],
    source: str | None,
    voice: Voice,
    parts: tuple[Part, ...] = (),
) -> Turn:
    return take(talk, value, Record(talk.question.path, "answered", "", by, source), voice, parts)
