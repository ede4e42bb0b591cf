"""The rule of the talk: what is waited for, and what each thing a person does then comes to.

A pair of stage and event that the table does not hold changes nothing: the person is told that the button
is old or the words were not understood, and what waits keeps waiting.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Literal

from fieldwork.asking import progress, put_list, put_pause, put_question, put_receipt
from fieldwork.conversation import (
    Chose,
    Confirmed,
    Conversation,
    Doubted,
    Event,
    Jumped,
    Missed,
    Part,
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
from fieldwork.corrections import correct, correct_draft, correct_parts
from fieldwork.messages import Say
from fieldwork.recognise import Way, is_no, is_yes, plain, way
from fieldwork.turns import (
    answered,
    ask_again,
    go_on,
    put,
    return_to,
    take_up,
    told,
    too_long,
    with_answer,
    with_notes_read,
    without_buttons,
)
from fieldwork.typed import is_choice, meant
from forms.form import Kind
from forms.walk import Reason, Refused

__all__ = [
    "MOVES",
    "ask_again",
    "begin",
    "correct",
    "correct_draft",
    "correct_parts",
    "overview",
    "step",
    "takes",
    "with_notes_read",
    "without_buttons",
]

_PATIENCE = 3
_WHOLE_ANSWERS = {(Kind.IMAGE, "photo"), (Kind.AUDIO, "voice")}
_OUR_WORDS = {
    Reason.EXCLUSIVE: "err.exclusive",
    Reason.NOT_A_NUMBER: "err.not_number",
    Reason.NOT_WHOLE: "err.not_number",
}

Move = Callable[[Conversation, Event, Voice], Turn]


def begin(talk: Conversation, voice: Voice) -> Turn:
    """Put the first question."""
    return go_on(talk, None, voice, ())


def step(talk: Conversation, event: Event, voice: Voice) -> Turn:
    """What the event comes to."""
    move = MOVES.get((talk.stage, type(event)))
    return move(talk, event, voice) if move else Turn(talk, toast=voice.say("err.stale_button"))


def overview(talk: Conversation, voice: Voice) -> Turn:
    """List the answers, to change one of them."""
    choosing = replace(talk, stage=Stage.CHOOSING)
    return put(talk, choosing, put_list, voice)


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
    wanted = way(event.text)
    if wanted is not None and not is_choice(talk, event.text, voice):
        return _go(talk, Went(wanted), voice)
    question = talk.question
    if question.kind is Kind.TEXT:
        return _add_part(talk, Part("text", event.text, event.source), voice)
    if question.kind.is_media:
        return _unfit(talk, voice.say("err.text_for_photo"), voice)
    value = meant(talk, question, event.text, voice)
    if value is None:
        key = "err.not_number" if question.kind.is_number else "err.no_match"
        return _unfit(talk, voice.say(key), voice)
    return _answer(talk, value, "typed", event.source, voice)


def takes(talk: Conversation, kind: str) -> bool:
    """Whether what waits can take a recording or a picture."""
    if talk.stage not in (Stage.ASKING, Stage.PAUSED) or talk.path is None:
        return False
    return talk.question.kind is Kind.TEXT or (talk.question.kind, kind) in _WHOLE_ANSWERS


def _show(talk: Conversation, event: Event, voice: Voice) -> Turn:
    """A recording or a picture: a part of an open answer, or the whole answer where one is asked for."""
    assert isinstance(event, Showed)
    part = event.part
    if talk.question.kind is Kind.TEXT:
        return _add_part(talk, part, voice)
    return _answer(talk, part.file, "parts", part.source, voice, (part,))


def _add_part(talk: Conversation, part: Part, voice: Voice) -> Turn:
    """Keep one message of an open answer and ask whether there is more."""
    parts = (*talk.parts, part)
    if not part.words().strip():
        return _unfit(talk, voice.say("err.nothing_yet"), voice)
    if refusal := too_long(parts, voice):
        return Turn(talk, (refusal,))
    fresh = replace(talk, parts=parts, asking=talk.asking + 1, misses=0)
    return Turn(fresh, (*without_buttons(talk, voice), Speech(put_receipt(fresh, voice), asking=fresh.asking)))


def _go(talk: Conversation, event: Event, voice: Voice) -> Turn:
    assert isinstance(event, Went)
    return WAYS[event.way](talk, voice)


def _done(talk: Conversation, voice: Voice) -> Turn:
    """Klaar: what was ticked, or told in parts, becomes the answer."""
    question = talk.question
    if question.kind is Kind.SELECT_MULTIPLE and talk.ticked:
        return _answer(talk, " ".join(talk.ticked), "tap", None, voice)
    if question.kind is Kind.TEXT and talk.parts:
        return _answer(talk, told(talk.parts), "parts", talk.parts[0].source, voice, talk.parts)
    return Turn(talk, (Speech(Say(voice.say("err.nothing_yet"))),))


def _back(talk: Conversation, voice: Voice) -> Turn:
    earlier = talk.walk.preceding(talk.path)
    if earlier is None:
        return Turn(talk, (Speech(Say(voice.say("back.first"))),))
    return return_to(talk, earlier, voice)


def _skip(talk: Conversation, voice: Voice) -> Turn:
    """Pass the question over; what was told to it already is not thrown away by that."""
    if talk.parts:
        return Turn(talk, (Speech(Say(voice.say("err.told_already"))),))
    try:
        walk = talk.walk.skip(talk.question.path)
    except Refused as refused:
        return Turn(talk, (Speech(Say(_own_words(talk, refused, voice) or voice.say("skip.required"))),))
    return answered(talk, walk, Record(talk.question.path, "skipped", "", "tap"), voice)


def _pause(talk: Conversation, voice: Voice) -> Turn:
    return put(talk, replace(talk, stage=Stage.PAUSED), put_pause, voice)


def _keep(talk: Conversation, voice: Voice) -> Turn:
    """Houden: the answer stays, the talk goes on where it was."""
    if not talk.walk.is_done(talk.question.path):
        return Turn(talk, (Speech(Say(voice.say("err.nothing_yet"))),))
    return go_on(talk, talk.path, voice, with_answer(talk, talk, voice))


def _same(talk: Conversation, voice: Voice) -> Turn:
    return ask_again(talk, voice)


def _resume(talk: Conversation, event: Event, voice: Voice) -> Turn:
    """Verder, after a pause."""
    i, n = progress(talk, talk.path)
    return take_up(talk, voice, "" if talk.path is None else voice.say("resume.done", i=i, n=n))


def _write_in_pause(talk: Conversation, event: Event, voice: Voice) -> Turn:
    """Words in a pause answer what waits, where they can; else the question is put again."""
    assert isinstance(event, Wrote)
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
    told = voice.say(key, first_name=voice.first_name, amend_until=voice.amend_until)
    return Turn(ended, (*without_buttons(talk, voice), Speech(Say(told))))


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
    return {Way.BACK: _back, Way.PAUSE: _pause}.get(event.way, _same)(talk, voice)


def _write_at_summary(talk: Conversation, event: Event, voice: Voice) -> Turn:
    assert isinstance(event, Wrote)
    if is_yes(event.text):
        return _send(talk, event, voice)
    if is_no(event.text):
        return overview(talk, voice)
    wanted = way(event.text)
    if wanted in (Way.BACK, Way.PAUSE):
        return _go_at_summary(talk, Went(wanted), voice)
    return Turn(talk, (Speech(Say(voice.say("err.no_match"))),))


def _write_at_list(talk: Conversation, event: Event, voice: Voice) -> Turn:
    assert isinstance(event, Wrote)
    if is_no(event.text) or way(event.text) in (Way.BACK, Way.KEEP) or plain(event.text) == plain(_nothing(voice)):
        return take_up(talk, voice)
    questions = talk.walk.items()
    number = event.text.strip()
    if number.isascii() and number.isdigit() and 0 < int(number[:4]) <= len(questions):
        question = questions[int(number[:4]) - 1]
        if talk.walk.is_done(question.path):
            return return_to(talk, question, voice, "jump.done")
    return Turn(talk, (Speech(Say(voice.say("err.no_match"))),))


def _nothing(voice: Voice) -> str:
    """The label that leaves the list as it is."""
    return voice.labels("done.choose")[0]


def _leave_list(talk: Conversation, event: Event, voice: Voice) -> Turn:
    """Nothing has to change after all."""
    return take_up(talk, voice)


def _miss(talk: Conversation, event: Event, voice: Voice) -> Turn:
    """Something came that no question can take."""
    assert isinstance(event, Missed)
    return _unfit(talk, voice.say(event.key), voice)


def _unfit(talk: Conversation, words: str, voice: Voice) -> Turn:
    """Say what does not fit; the third time in a row let the question go, where that may be."""
    missed = replace(talk, misses=talk.misses + 1)
    if missed.misses < _PATIENCE or not _can_let_go(talk):
        return Turn(missed, (Speech(Say(words)),))
    walk = talk.walk.skip(talk.question.path)
    turn = answered(talk, walk, Record(talk.question.path, "given_up", "", "typed"), voice)
    return replace(turn, speeches=(Speech(Say(voice.say("err.third_time"))), *turn.speeches))


def _can_let_go(talk: Conversation) -> bool:
    """Whether the question may go unanswered: it may be skipped, and nothing was told or ticked yet."""
    if talk.stage is not Stage.ASKING or talk.parts or talk.ticked:
        return False
    return not talk.walk.is_required(talk.question.path)


def _answer(
    talk: Conversation,
    value: str,
    by: Literal["tap", "typed", "parts"],
    source: str | None,
    voice: Voice,
    parts: tuple[Part, ...] = (),
) -> Turn:
    """Take a whole answer, or say why it does not fit; what was told in parts is then to be told anew."""
    path = talk.question.path
    try:
        walk = talk.walk.answer(path, value)
    except Refused as refused:
        return _refused(replace(talk, parts=()), refused, voice)
    if path not in walk.values:
        return _unfit(talk, voice.say("err.nothing_yet"), voice)
    return answered(talk, walk, Record(path, "answered", walk.values[path], by, source, parts), voice)


def _refused(talk: Conversation, refused: Refused, voice: Voice) -> Turn:
    """The form's own words about the answer where it has them, else the nearest of ours."""
    own = _own_words(talk, refused, voice)
    limits = refused.question.range
    if not own and limits is not None:
        own = voice.say("err.range", value=refused.value, min=limits.start, max=limits.end)
    return _unfit(talk, own or voice.say(_OUR_WORDS.get(refused.reason, "err.no_match")), voice)


def _own_words(talk: Conversation, refused: Refused, voice: Voice) -> str:
    """What the form itself says about the answer, in its default language where it lacks the person's."""
    messages = refused.messages
    return messages.get(voice.language) or messages.get(talk.walk.form.default_language, "")


WAYS: dict[Way, Callable[[Conversation, Voice], Turn]] = {
    Way.BACK: _back,
    Way.SKIP: _skip,
    Way.PAUSE: _pause,
    Way.DONE: _done,
    Way.KEEP: _keep,
    Way.CONTINUE: _same,
}

MOVES: dict[tuple[Stage, type[Event]], Move] = {
    (Stage.ASKING, Chose): _choose,
    (Stage.ASKING, Ticked): _tick,
    (Stage.ASKING, Wrote): _write,
    (Stage.ASKING, Showed): _show,
    (Stage.ASKING, Went): _go,
    (Stage.ASKING, Missed): _miss,
    (Stage.SUMMARY, Confirmed): _send,
    (Stage.SUMMARY, Doubted): _doubt,
    (Stage.SUMMARY, Wrote): _write_at_summary,
    (Stage.SUMMARY, Went): _go_at_summary,
    (Stage.SUMMARY, Missed): _miss,
    (Stage.CHOOSING, Jumped): _jump,
    (Stage.CHOOSING, Wrote): _write_at_list,
    (Stage.CHOOSING, Went): _leave_list,
    (Stage.CHOOSING, Missed): _miss,
    (Stage.PAUSED, Went): _resume,
    (Stage.PAUSED, Wrote): _write_in_pause,
    (Stage.PAUSED, Showed): _show_in_pause,
    (Stage.PAUSED, Missed): _resume,
}
