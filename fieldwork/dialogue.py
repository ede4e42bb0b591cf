"""The rule of the talk: what is waited for, and what each thing a person does then comes to.

A pair of stage and event that the table does not hold changes nothing: the person is told that the button
is old or the words were not understood, and what waits keeps waiting.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Literal

from fieldwork.answerwords import suggestion
from fieldwork.asking import progress, put_nudge, put_offer, put_question, put_receipt
from fieldwork.conversation import (
    AGAIN,
    POINTED,
    UNKNOWN,
    Chose,
    Confirmed,
    Conversation,
    Doubted,
    Event,
    Jumped,
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
from fieldwork.corrections import add_late, correct, correct_draft, correct_parts
from fieldwork.filekinds import Sort, takes_sort
from fieldwork.messages import Say
from fieldwork.misses import misread, missed, out_of_range, unfit
from fieldwork.pointing import reworded, typed_choice
from fieldwork.recognise import Way, as_label, is_no, is_no_photo, is_ok, is_yes, plain, way
from fieldwork.turns import (
    ask_again,
    go_on,
    put,
    return_to,
    take_up,
    too_long,
    with_notes_read,
    without_buttons,
)
from fieldwork.typed import about, beyond_scale, is_choice, meant
from fieldwork.ways import WAYS, back, overview, pause, take
from forms.form import Kind, Question

__all__ = [
    "MOVES",
    "add_late",
    "ask_again",
    "begin",
    "correct",
    "correct_draft",
    "correct_parts",
    "nudge",
    "overview",
    "step",
    "takes",
    "wanted_way",
    "with_notes_read",
    "without_buttons",
]

_A_PLACE = Missed("err.unusable", "location")
_LONGEST_OFFER = 12
"""Characters of a number that fit on a button behind "Ja, "."""

Move = Callable[[Conversation, Event, Voice], Turn]


def begin(talk: Conversation, voice: Voice) -> Turn:
    """Put the first question."""
    return go_on(talk, None, voice, ())


def step(talk: Conversation, event: Event, voice: Voice) -> Turn:
    """What the event comes to."""
    move = MOVES.get((talk.stage, type(event)))
    return move(talk, event, voice) if move else Turn(talk, toast=voice.say("err.stale_button"))


def nudge(talk: Conversation, voice: Voice) -> Turn:
    """It was quiet for some minutes after a message: ask once whether that was all."""
    if talk.stage is not Stage.ASKING or not talk.parts or talk.offered in (POINTED, AGAIN):
        return Turn(talk)
    return put(talk, talk, put_nudge, voice)


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


def _choose(talk: Conversation, event: Event, voice: Voice) -> Turn:
    assert isinstance(event, Chose)
    return _answer(talk, event.code, "tap", None, voice)


def _tick(talk: Conversation, event: Event, voice: Voice) -> Turn:
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


def _write(talk: Conversation, event: Event, voice: Voice) -> Turn:
    """Typed words: a way through the questions, a part of an open answer, or an answer."""
    assert isinstance(event, Wrote)
    wanted = typed_choice(talk, event.text, voice) or wanted_way(talk, event.text, voice)
    if wanted is not None:
        return _go(talk, Went(wanted), voice)
    question = talk.question
    if question.kind is Kind.TEXT and not (is_ok(event.text) and suggestion(talk, question)):
        return _add_part(talk, Part("text", event.text, event.source), voice)
    if question.kind.is_media:
        return _write_for_file(talk, event, voice)
    if is_ok(event.text) and question.kind is not Kind.ACKNOWLEDGE and suggestion(talk, question):
        return _go(talk, Went(Way.KEEP), voice)
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


def takes(talk: Conversation, sort: Sort) -> bool:
    """Whether what waits can take such a file."""
    if talk.stage not in (Stage.ASKING, Stage.PAUSED) or talk.path is None:
        return False
    return takes_sort(talk.question.kind, sort)


def _point(talk: Conversation, event: Event, voice: Voice) -> Turn:
    """A place on the map: the answer where one is asked for."""
    assert isinstance(event, Pointed)
    if talk.question.kind is not Kind.GEOPOINT:
        return missed(talk, _A_PLACE, voice)
    return _answer(talk, event.value, "typed", event.source, voice)


def _point_in_pause(talk: Conversation, event: Event, voice: Voice) -> Turn:
    """A place in a pause answers what waits, where that asks for one; else the question is put again."""
    if talk.path is None or not talk.walk.is_relevant(talk.path) or talk.question.kind is not Kind.GEOPOINT:
        return _resume(talk, event, voice)
    return _woken(talk, _point(replace(talk, stage=Stage.ASKING), event, voice), voice)


def _point_in_vain(talk: Conversation, event: Event, voice: Voice) -> Turn:
    return missed(talk, _A_PLACE, voice)


def _show(talk: Conversation, event: Event, voice: Voice) -> Turn:
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


def _go(talk: Conversation, event: Event, voice: Voice) -> Turn:
    assert isinstance(event, Went)
    return WAYS[event.way](talk, voice)


def _resume(talk: Conversation, event: Event, voice: Voice) -> Turn:
    """Verder, after a pause."""
    i, n = progress(talk, talk.path)
    return take_up(talk, voice, "" if talk.path is None else voice.say("resume.done", i=i, n=n))


def _write_in_pause(talk: Conversation, event: Event, voice: Voice) -> Turn:
    """Words in a pause answer what waits, where they can; else the question is put again."""
    assert isinstance(event, Wrote)
    if way(event.text) is Way.OVERVIEW:
        return overview(talk, voice)
    if talk.path is None or way(event.text) is not None or not talk.walk.is_relevant(talk.path):
        return _resume(talk, event, voice)
    turn = _write(replace(talk, stage=Stage.ASKING), event, voice)
    is_taken = turn.record is not None or turn.conversation.parts != talk.parts
    return _woken(talk, turn, voice) if is_taken else _resume(talk, event, voice)


def _show_in_pause(talk: Conversation, event: Event, voice: Voice) -> Turn:
    """A recording or a picture in a pause is an answer to what waits."""
    return _woken(talk, _show(replace(talk, stage=Stage.ASKING), event, voice), voice)


def _woken(talk: Conversation, turn: Turn, voice: Voice) -> Turn:
    """The pause is over: its button goes."""
    return replace(turn, speeches=(*without_buttons(talk, voice), *turn.speeches))


def _send(talk: Conversation, event: Event, voice: Voice) -> Turn:
    """The person sends their answers."""
    ended = replace(talk, stage=Stage.ENDED, path=None, sent=True)
    key = "done.test" if voice.is_test else "done.sent"
    told = voice.say(key, first_name=voice.first_name(), amend_until=voice.amend_until())
    return Turn(ended, (*without_buttons(talk, voice, for_good=True), Speech(Say(told))))


def _doubt(talk: Conversation, event: Event, voice: Voice) -> Turn:
    return overview(talk, voice)


def _jump(talk: Conversation, event: Event, voice: Voice) -> Turn:
    """Put the picked question again; the list anew where an edit took that question away meanwhile."""
    assert isinstance(event, Jumped)
    question = talk.walk.form.question(event.path)
    if question not in talk.walk.items() or not talk.walk.is_done(event.path):
        return overview(talk, voice)
    return return_to(talk, question, voice, "jump.done")


def _go_at_summary(talk: Conversation, event: Event, voice: Voice) -> Turn:
    assert isinstance(event, Went)
    ways = {Way.BACK: back, Way.PAUSE: pause, Way.LATER: pause, Way.OVERVIEW: overview}
    return ways.get(event.way, ask_again)(talk, voice)


def _write_at_summary(talk: Conversation, event: Event, voice: Voice) -> Turn:
    assert isinstance(event, Wrote)
    if is_yes(event.text):
        return _send(talk, event, voice)
    if is_no(event.text):
        return overview(talk, voice)
    wanted = way(event.text)
    if wanted is not None:
        return _go_at_summary(talk, Went(wanted), voice)
    yes, change = (as_label(label) for label in voice.labels("done.summary"))
    words = as_label(event.text)
    if words in (yes, yes.rpartition(" ")[2]):
        return _send(talk, event, voice)
    return overview(talk, voice) if words in (change, *change.split()) else misread(talk, "err.no_match", voice)


def _write_at_list(talk: Conversation, event: Event, voice: Voice) -> Turn:
    assert isinstance(event, Wrote)
    if is_no(event.text) or plain(event.text) == plain(_nothing(voice)):
        return take_up(talk, voice)
    if (wanted := way(event.text)) is not None:
        return _go_at_list(talk, Went(wanted), voice)
    questions = talk.walk.items()
    number = event.text.strip()
    if number.isascii() and number.isdigit() and 0 < int(number[:4]) <= len(questions):
        question = questions[int(number[:4]) - 1]
        if talk.walk.is_done(question.path):
            return return_to(talk, question, voice, "jump.done")
    return misread(talk, "err.no_match", voice)


def _nothing(voice: Voice) -> str:
    """The label that leaves the list as it is."""
    return voice.labels("done.choose")[0]


def _go_at_list(talk: Conversation, event: Event, voice: Voice) -> Turn:
    """Nothing has to change after all; or a rest, or the list once more."""
    assert isinstance(event, Went)
    if event.way in (Way.PAUSE, Way.LATER) and not talk.sent:
        return pause(talk, voice)
    return overview(talk, voice) if event.way is Way.OVERVIEW else take_up(talk, voice)


def _miss(talk: Conversation, event: Event, voice: Voice) -> Turn:
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


MOVES: dict[tuple[Stage, type[Event]], Move] = {
    (Stage.ASKING, Chose): _choose,
    (Stage.ASKING, Ticked): _tick,
    (Stage.ASKING, Wrote): _write,
    (Stage.ASKING, Showed): _show,
    (Stage.ASKING, Pointed): _point,
    (Stage.ASKING, Went): _go,
    (Stage.ASKING, Missed): _miss,
    (Stage.SUMMARY, Confirmed): _send,
    (Stage.SUMMARY, Doubted): _doubt,
    (Stage.SUMMARY, Wrote): _write_at_summary,
    (Stage.SUMMARY, Went): _go_at_summary,
    (Stage.SUMMARY, Pointed): _point_in_vain,
    (Stage.SUMMARY, Missed): _miss,
    (Stage.CHOOSING, Jumped): _jump,
    (Stage.CHOOSING, Wrote): _write_at_list,
    (Stage.CHOOSING, Went): _go_at_list,
    (Stage.CHOOSING, Pointed): _point_in_vain,
    (Stage.CHOOSING, Missed): _miss,
    (Stage.PAUSED, Went): _resume,
    (Stage.PAUSED, Wrote): _write_in_pause,
    (Stage.PAUSED, Showed): _show_in_pause,
    (Stage.PAUSED, Pointed): _point_in_pause,
    (Stage.PAUSED, Missed): _resume,
}
