"""The rule of the talk: what is waited for, and what each thing a person does then comes to.

A pair of stage and event that the table does not hold changes nothing: the person is told that the button
is old or the words were not understood, and what waits keeps waiting.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Literal

from fieldwork.asking import (
    acknowledged,
    closed,
    in_words,
    progress,
    put_list,
    put_pause,
    put_question,
    put_receipt,
    put_summary,
)
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
from fieldwork.messages import Say
from fieldwork.recognise import Way, is_yes, one, options, several, way
from forms.answers import Unparsed, parse
from forms.form import Kind, Question
from forms.walk import Reason, Refused, Walk

LONGEST_ANSWER = 20_000
"""Characters of one open answer; more is refused with the count."""
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
    return _go_on(talk, None, voice, ())


def step(talk: Conversation, event: Event, voice: Voice) -> Turn:
    """What the event comes to."""
    move = MOVES.get((talk.stage, type(event)))
    return move(talk, event, voice) if move else Turn(talk, toast=voice.say("err.stale_button"))


def ask_again(talk: Conversation, voice: Voice, lead: str = "") -> Turn:
    """Put what waits once more, at the bottom of the chat."""
    fresh = replace(talk, asking=talk.asking + 1)
    match talk.stage:
        case Stage.ASKING:
            fresh = replace(fresh, shown=fresh.asking)
            say = put_question(fresh, voice, lead, keep=talk.walk.is_done(talk.question.path))
        case Stage.SUMMARY:
            say = put_summary(fresh, voice)
        case Stage.CHOOSING:
            say = put_list(fresh, voice)
        case _:
            say = put_pause(fresh, voice)
    return Turn(fresh, (*_without_buttons(talk, voice), Speech(say, asking=fresh.asking)))


def overview(talk: Conversation, voice: Voice) -> Turn:
    """List the answers, to change one of them."""
    choosing = replace(talk, stage=Stage.CHOOSING)
    return _put(talk, choosing, put_list, voice)


def with_notes_read(walk: Walk, path: str | None) -> Walk:
    """The walk as it was when `path` was put: the notes before it count as read, as notes leave no answer."""
    end = len(walk.form.questions) if path is None else walk.form.place(path)
    for question in walk.form.questions[:end]:
        if question.kind is Kind.NOTE and walk.is_relevant(question.path):
            walk = walk.skip(question.path)
    return walk


def correct(talk: Conversation, path: str, text: str, source: str, voice: Voice) -> Turn:
    """A typed answer was edited: a new revision, or the old answer stays and the person reads why."""
    question = talk.walk.form.question(path)
    value = _read(talk, question, text, voice)
    try:
        walk = None if value is None else talk.walk.answer(path, value)
    except Refused:
        walk = None
    if walk is None:
        return Turn(talk, (_corrected(talk, question, voice, "edit.invalid"),))
    return _rerouted(talk, walk, Record(path, "answered", walk.values[path], "edit", source), voice)


def correct_parts(talk: Conversation, path: str, parts: tuple[Part, ...], source: str, voice: Voice) -> Turn:
    """One message of an open answer was edited: the answer is put together again."""
    walk = talk.walk.answer(path, _told(parts))
    return _rerouted(talk, walk, Record(path, "answered", walk.values[path], "edit", source, parts), voice)


def correct_draft(talk: Conversation, part: Part, voice: Voice) -> Turn:
    """A message was edited before Klaar: its new words take its place."""
    parts = tuple(part if old.source == part.source else old for old in talk.parts)
    return Turn(replace(talk, parts=parts), (Speech(Say(voice.say("edit.draft"))),))


def _rerouted(talk: Conversation, walk: Walk, record: Record, voice: Voice) -> Turn:
    """Confirm a corrected answer, and go on elsewhere where it changed what has to be asked."""
    changed = replace(talk, walk=walk)
    told = _corrected(changed, walk.form.question(record.path), voice, "edit.applied")
    asks_in_vain = talk.stage is Stage.ASKING and not walk.is_relevant(talk.question.path)
    asks_too_little = talk.stage is Stage.SUMMARY and walk.following(None) is not None
    if not asks_in_vain and not asks_too_little:
        return Turn(changed, (told,), record)
    turn = _go_on(changed, talk.path, voice, (told, *_without_buttons(talk, voice)))
    return replace(turn, record=record)


def _corrected(talk: Conversation, question: Question, voice: Voice, key: str) -> Speech:
    i, _ = progress(talk, question.path)
    return Speech(Say(voice.say(key, i=i, answer=in_words(talk, question, voice))))


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
    if wanted is not None and not _is_choice(talk, event.text, voice):
        return _go(talk, Went(wanted), voice)
    question = talk.question
    if question.kind is Kind.TEXT:
        return _add_part(talk, Part("text", event.text, event.source), voice)
    if question.kind.is_media:
        return _miss(talk, Missed("err.text_for_photo"), voice)
    value = _read(talk, question, event.text, voice)
    if value is None:
        key = "err.not_number" if question.kind.is_number else "err.no_match"
        return _miss(talk, Missed(key), voice)
    return _answer(talk, value, "typed", event.source, voice)


def _is_choice(talk: Conversation, text: str, voice: Voice) -> bool:
    """Whether the words are one of the answers offered, which then goes before a way of the same name."""
    labels = [talk.walk.choice_label(talk.question, c.name, voice.language) for c in talk.question.choices]
    return one(text, options(talk.question, labels)) is not None


def _read(talk: Conversation, question: Question, text: str, voice: Voice) -> str | None:
    """The value that typed words stand for; None where they stand for none."""
    if not question.kind.is_select:
        try:
            return parse(question, text)
        except Unparsed:
            return None
    labels = [talk.walk.choice_label(question, c.name, voice.language) for c in question.choices]
    offered = options(question, labels)
    if question.kind is Kind.SELECT_ONE:
        return one(text, offered)
    codes = several(text, offered)
    return None if codes is None else " ".join(codes)


def takes(talk: Conversation, kind: str) -> bool:
    """Whether what waits can take a recording or a picture."""
    if talk.stage is not Stage.ASKING:
        return False
    return talk.question.kind is Kind.TEXT or (talk.question.kind, kind) in _WHOLE_ANSWERS


def _show(talk: Conversation, event: Event, voice: Voice) -> Turn:
    """A recording or a picture: a part of an open answer, or the whole answer where one is asked for."""
    assert isinstance(event, Showed)
    part, path = event.part, talk.question.path
    if talk.question.kind is Kind.TEXT:
        return _add_part(talk, part, voice)
    record = Record(path, "answered", part.file, "parts", part.source, (part,))
    return _answered(talk, talk.walk.answer(path, part.file), record, voice)


def _add_part(talk: Conversation, part: Part, voice: Voice) -> Turn:
    """Keep one message of an open answer and ask whether there is more."""
    parts = (*talk.parts, part)
    told = len(_told(parts))
    if told > LONGEST_ANSWER:
        text = voice.say("err.too_long", chars=told, max=LONGEST_ANSWER)
        return Turn(talk, (Speech(Say(text)),))
    fresh = replace(talk, parts=parts, asking=talk.asking + 1, misses=0)
    return Turn(fresh, (*_without_buttons(talk, voice), Speech(put_receipt(fresh, voice), asking=fresh.asking)))


def _told(parts: tuple[Part, ...]) -> str:
    return "\n".join(part.words() for part in parts)


def _go(talk: Conversation, event: Event, voice: Voice) -> Turn:
    assert isinstance(event, Went)
    return WAYS[event.way](talk, voice)


def _done(talk: Conversation, voice: Voice) -> Turn:
    """Klaar: what was ticked, or told in parts, becomes the answer."""
    question = talk.question
    if question.kind is Kind.SELECT_MULTIPLE and talk.ticked:
        return _answer(talk, " ".join(talk.ticked), "tap", None, voice)
    if question.kind is Kind.TEXT and talk.parts:
        walk = talk.walk.answer(question.path, _told(talk.parts))
        source = talk.parts[0].source
        record = Record(question.path, "answered", walk.values[question.path], "parts", source, talk.parts)
        return _answered(talk, walk, record, voice)
    return Turn(talk, (Speech(Say(voice.say("err.nothing_yet"))),))


def _back(talk: Conversation, voice: Voice) -> Turn:
    earlier = talk.walk.preceding(talk.path)
    if earlier is None:
        return Turn(talk, (Speech(Say(voice.say("back.first"))),))
    return _return_to(talk, earlier, voice)


def _return_to(talk: Conversation, question: Question, voice: Voice) -> Turn:
    """Put an earlier question again, with the answer it has."""
    lead = voice.say("back.done", answer=in_words(talk, question, voice))
    ticked = tuple(talk.walk.values.get(question.path, "").split())
    fresh = _waiting_at(talk, question, ticked if question.kind is Kind.SELECT_MULTIPLE else ())
    say = put_question(fresh, voice, lead, keep=talk.walk.is_done(question.path))
    return Turn(fresh, (*_without_buttons(talk, voice), Speech(say, asking=fresh.asking)))


def _skip(talk: Conversation, voice: Voice) -> Turn:
    try:
        walk = talk.walk.skip(talk.question.path)
    except Refused:
        return Turn(talk, (Speech(Say(voice.say("skip.required"))),))
    return _answered(talk, walk, Record(talk.question.path, "skipped", "", "tap"), voice)


def _pause(talk: Conversation, voice: Voice) -> Turn:
    return _put(talk, replace(talk, stage=Stage.PAUSED), put_pause, voice)


def _keep(talk: Conversation, voice: Voice) -> Turn:
    """Houden: the answer stays, the talk goes on where it was."""
    if not talk.walk.is_done(talk.question.path):
        return Turn(talk, (Speech(Say(voice.say("err.nothing_yet"))),))
    told = acknowledged(talk, talk.question, voice, in_words(talk, talk.question, voice))
    return _go_on(talk, talk.path, voice, (Speech(told, edits=talk.shown),))


def _same(talk: Conversation, voice: Voice) -> Turn:
    return ask_again(talk, voice)


def _resume(talk: Conversation, event: Event, voice: Voice) -> Turn:
    """Verder, or any words, after a pause."""
    if talk.path is None:
        return ask_again(replace(talk, stage=Stage.SUMMARY), voice)
    i, n = progress(talk, talk.path)
    asking = replace(talk, stage=Stage.ASKING)
    turn = ask_again(asking, voice, lead=voice.say("resume.done", i=i, n=n))
    return replace(turn, speeches=turn.speeches[-1:])


def _send(talk: Conversation, event: Event, voice: Voice) -> Turn:
    """The person sends their answers."""
    ended = replace(talk, stage=Stage.ENDED, path=None, sent=True)
    told = voice.say("done.sent", first_name=voice.first_name, amend_until=voice.amend_until)
    return Turn(ended, (*_without_buttons(talk, voice), Speech(Say(told))))


def _doubt(talk: Conversation, event: Event, voice: Voice) -> Turn:
    return overview(talk, voice)


def _jump(talk: Conversation, event: Event, voice: Voice) -> Turn:
    assert isinstance(event, Jumped)
    return _return_to(talk, talk.walk.form.question(event.path), voice)


def _write_at_summary(talk: Conversation, event: Event, voice: Voice) -> Turn:
    assert isinstance(event, Wrote)
    if is_yes(event.text):
        return _send(talk, event, voice)
    if way(event.text) is Way.BACK:
        return _back(talk, voice)
    return Turn(talk, (Speech(Say(voice.say("err.no_match"))),))


def _write_at_list(talk: Conversation, event: Event, voice: Voice) -> Turn:
    assert isinstance(event, Wrote)
    questions = talk.walk.items()
    number = event.text.strip()
    if number.isascii() and number.isdigit() and 0 < int(number[:4]) <= len(questions):
        question = questions[int(number[:4]) - 1]
        if talk.walk.is_done(question.path):
            return _return_to(talk, question, voice)
    return Turn(talk, (Speech(Say(voice.say("err.no_match"))),))


def _leave_list(talk: Conversation, event: Event, voice: Voice) -> Turn:
    """Nothing has to change after all."""
    return _go_on(talk, None, voice, tuple(_without_buttons(talk, voice)))


def _miss(talk: Conversation, event: Event, voice: Voice) -> Turn:
    """Say what does not fit; the third time in a row let the question go, where that may be."""
    assert isinstance(event, Missed)
    missed = replace(talk, misses=talk.misses + 1)
    waits = talk.stage is Stage.ASKING
    if missed.misses < _PATIENCE or not waits or talk.walk.is_required(talk.question.path):
        return Turn(missed, (Speech(Say(voice.say(event.key))),))
    walk = talk.walk.skip(talk.question.path)
    turn = _answered(talk, walk, Record(talk.question.path, "given_up", "", "typed"), voice)
    told = Speech(Say(voice.say("err.third_time")))
    return replace(turn, speeches=(told, *turn.speeches))


def _answer(talk: Conversation, value: str, by: Literal["tap", "typed"], source: str | None, voice: Voice) -> Turn:
    """Take a whole answer, or say why it does not fit."""
    path = talk.question.path
    try:
        walk = talk.walk.answer(path, value)
    except Refused as refused:
        return _refused(talk, refused, voice)
    return _answered(talk, walk, Record(path, "answered", walk.values[path], by, source), voice)


def _refused(talk: Conversation, refused: Refused, voice: Voice) -> Turn:
    """The form's own words about the answer where it has them, else the nearest of ours."""
    own = refused.messages.get(voice.language)
    limits = refused.question.range
    if own is None and limits is not None:
        own = voice.say("err.range", value=refused.value, min=limits.start, max=limits.end)
    if own is None:
        return _miss(talk, Missed(_OUR_WORDS.get(refused.reason, "err.no_match")), voice)
    return Turn(replace(talk, misses=talk.misses + 1), (Speech(Say(own)),))


def _answered(talk: Conversation, walk: Walk, record: Record, voice: Voice) -> Turn:
    """Show the answer in its question's message and put what comes next."""
    answered = replace(talk, walk=walk)
    answer = in_words(answered, talk.question, voice)
    told = [Speech(acknowledged(talk, talk.question, voice, answer), edits=talk.shown)]
    if talk.asking != talk.shown:
        told += _without_buttons(talk, voice)
    turn = _go_on(answered, talk.path, voice, tuple(told))
    return replace(turn, record=record)


def _go_on(talk: Conversation, after: str | None, voice: Voice, said: tuple[Speech, ...]) -> Turn:
    """Put the next question, reading out the notes on the way; the summary where none is left."""
    walk, notes = talk.walk, list(said)
    following = walk.following(after)
    while following is not None and following.kind is Kind.NOTE:
        notes.append(Speech(Say(walk.label(following, voice.language))))
        walk = walk.skip(following.path)
        following = walk.following(following.path)
    moved = replace(talk, walk=walk)
    if following is not None:
        fresh = _waiting_at(moved, following, ())
        return Turn(fresh, (*notes, Speech(put_question(fresh, voice), asking=fresh.asking)))
    return _finish(moved, voice, tuple(notes))


def _finish(talk: Conversation, voice: Voice, said: tuple[Speech, ...]) -> Turn:
    """All questions are done: show the summary, or, after a change to what was sent, say that it is kept."""
    rest = replace(talk, path=None, ticked=(), parts=(), misses=0)
    if talk.sent:
        told = voice.say("done.amended", amend_until=voice.amend_until)
        return Turn(replace(rest, stage=Stage.ENDED), (*said, Speech(Say(told))))
    summing = replace(rest, stage=Stage.SUMMARY, asking=talk.asking + 1)
    return Turn(summing, (*said, Speech(put_summary(summing, voice), asking=summing.asking)))


def _waiting_at(talk: Conversation, question: Question, ticked: tuple[str, ...]) -> Conversation:
    return replace(
        talk,
        stage=Stage.ASKING,
        path=question.path,
        asking=talk.asking + 1,
        shown=talk.asking + 1,
        ticked=ticked,
        parts=(),
        misses=0,
    )


def _put(before: Conversation, now: Conversation, put: Callable[[Conversation, Voice], Say], voice: Voice) -> Turn:
    """Put something else than a question, and take the buttons off what waited before it."""
    fresh = replace(now, asking=now.asking + 1)
    return Turn(fresh, (*_without_buttons(before, voice), Speech(put(fresh, voice), asking=fresh.asking)))


def _without_buttons(talk: Conversation, voice: Voice) -> tuple[Speech, ...]:
    """What waited loses its buttons, so that the chat shows one place to tap."""
    if talk.stage is Stage.ASKING and talk.path is not None:
        if talk.asking != talk.shown:
            return (Speech(Say(voice.say("parts.kept")), edits=talk.asking),)
        return (Speech(closed(talk, voice), edits=talk.asking),)
    if talk.stage is Stage.SUMMARY:
        return (Speech(Say(put_summary(talk, voice).text), edits=talk.asking),)
    if talk.stage is Stage.CHOOSING:
        return (Speech(Say(voice.say("done.choose")), edits=talk.asking),)
    return ()


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
    (Stage.SUMMARY, Missed): _miss,
    (Stage.CHOOSING, Jumped): _jump,
    (Stage.CHOOSING, Wrote): _write_at_list,
    (Stage.CHOOSING, Went): _leave_list,
    (Stage.CHOOSING, Missed): _miss,
    (Stage.PAUSED, Went): _resume,
    (Stage.PAUSED, Wrote): _resume,
    (Stage.PAUSED, Missed): _resume,
}
