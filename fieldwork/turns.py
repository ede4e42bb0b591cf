"""What every step of the talk ends in: the next question, an earlier one, or the summary."""

from collections.abc import Callable
from dataclasses import replace

from fieldwork.asking import acknowledged, closed, in_words, put_note, put_pictures, put_question
from fieldwork.conversation import AGAIN, POINTED, Conversation, Part, Record, Speech, Stage, Turn, Voice
from fieldwork.listing import put_list, put_summary
from fieldwork.messages import Say
from fieldwork.receipts import put_offer, put_pause
from forms.question import Kind, Question
from forms.walk import Refused, Walk

LONGEST_ANSWER = 20_000
"""Characters of one open answer; more is refused with the count."""


def go_on(talk: Conversation, after: str | None, voice: Voice, said: tuple[Speech, ...], lead: str = "") -> Turn:
    """Put the next question, reading out the notes on the way; the summary where none is left."""
    walk, notes = talk.walk, list(said)
    following = walk.following(after)
    while following is not None and following.kind is Kind.NOTE:
        notes.extend(put_pictures(talk, following, voice))
        notes.append(Speech(put_note(replace(talk, walk=walk), following, voice)))
        walk = walk.skip(following.path)
        following = walk.following(following.path)
    moved = replace(talk, walk=walk)
    if following is not None:
        fresh = _waiting_at(moved, following, ())
        notes.extend(put_pictures(fresh, following, voice))
        return Turn(fresh, (*notes, Speech(put_question(fresh, voice, lead), asking=fresh.asking)))
    return _finish(moved, voice, tuple(notes))


def answered(talk: Conversation, walk: Walk, record: Record, voice: Voice) -> Turn:
    """Show the answer in its question's message and put what comes next."""
    moved = replace(talk, walk=walk, shown_at={**talk.shown_at, record.path: talk.shown})
    lead = voice.say("ack.text") if record.parts else ""
    turn = go_on(moved, talk.path, voice, with_answer(talk, moved, voice), lead)
    return replace(turn, record=replace(record, shown=talk.shown))


def ask_again(talk: Conversation, voice: Voice, lead: str = "") -> Turn:
    """Put what waits once more, at the bottom of the chat."""
    fresh = replace(talk, asking=talk.asking + 1, offered=AGAIN if talk.offered == AGAIN else "")
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
    return Turn(fresh, (*without_buttons(talk, voice), Speech(say, asking=fresh.asking)))


def take_up(talk: Conversation, voice: Voice, lead: str = "") -> Turn:
    """After a pause or a list: what waited before it waits again, or what comes next where it no longer can."""
    cleared = without_buttons(talk, voice)
    if talk.path is None or not talk.walk.is_relevant(talk.path):
        return go_on(talk, talk.path, voice, cleared)
    turn = ask_again(replace(talk, stage=Stage.ASKING), voice, lead)
    return replace(turn, speeches=(*cleared, *turn.speeches[-1:]))


def return_to(talk: Conversation, question: Question, voice: Voice, words: str = "back.done") -> Turn:
    """Put an earlier question again, with the answer it has; what was being told is kept as it is."""
    told_till_now, cleared, record = put_away(talk, voice)
    lead = voice.say(words, answer=in_words(told_till_now, question, voice))
    ticked = tuple(told_till_now.walk.values.get(question.path, "").split())
    fresh = _waiting_at(told_till_now, question, ticked if question.kind is Kind.SELECT_MULTIPLE else ())
    say = put_question(fresh, voice, lead, keep=fresh.walk.is_done(question.path))
    before = (*cleared, *put_pictures(fresh, fresh.question, voice))
    return Turn(fresh, (*before, Speech(say, asking=fresh.asking)), record)


def put(before: Conversation, now: Conversation, how: Callable[[Conversation, Voice], Say], voice: Voice) -> Turn:
    """Put something else than a question, and take the buttons off what waited before it."""
    fresh = replace(now, asking=now.asking + 1)
    return Turn(fresh, (*without_buttons(before, voice), Speech(how(fresh, voice), asking=fresh.asking)))


def with_answer(talk: Conversation, answered: Conversation, voice: Voice) -> tuple[Speech, ...]:
    """The question's message shows the answer it has in `answered`; nothing of it can be tapped any more."""
    answer = in_words(answered, talk.question, voice)
    shown = Speech(acknowledged(answered, talk.question, voice, answer), edits=talk.shown)
    return (shown,) if talk.asking == talk.shown else (shown, *without_buttons(talk, voice))


def without_buttons(talk: Conversation, voice: Voice, *, for_good: bool = False) -> tuple[Speech, ...]:
    """What waited loses its buttons, so that the chat shows one place to tap.

    A summary that comes again is not left standing twice; `for_good` leaves it whole, as what was sent.
    """
    match talk.stage:
        case Stage.ASKING if talk.path is None:
            return ()
        case Stage.ASKING if talk.asking != talk.shown:
            is_told = talk.offered in ("", POINTED, AGAIN)
            text = voice.say("parts.kept") if is_told else put_offer(talk, voice).text
        case Stage.ASKING:
            text = closed(talk, voice).text
        case Stage.SUMMARY:
            text = put_summary(talk, voice).text if for_good else voice.say("done.last")
        case Stage.CHOOSING:
            text = voice.say("done.choose")
        case Stage.PAUSED:
            text = put_pause(talk, voice).text
        case _:
            return ()
    return (Speech(Say(text), edits=talk.asking),)


def with_notes_read(walk: Walk, path: str | None) -> Walk:
    """The walk as it was when `path` was put: the notes before it count as read, as notes leave no answer."""
    end = None if path is None else walk.form.order(path)
    for note in (question for question in walk.asked() if question.kind is Kind.NOTE):
        is_before = end is None or walk.form.order(note.path) < end
        if is_before and walk.is_relevant(note.path):
            walk = walk.skip(note.path)
    return walk


def told(parts: tuple[Part, ...]) -> str:
    """The messages of an open answer as one text."""
    return "\n".join(part.words() for part in parts)


def too_long(parts: tuple[Part, ...], voice: Voice) -> Speech | None:
    """The words for an open answer that is too long to keep; None where it is not."""
    chars = len(told(parts))
    return Speech(Say(voice.say("err.too_long", chars=chars, max=LONGEST_ANSWER))) if chars > LONGEST_ANSWER else None


def put_away(
    talk: Conversation, voice: Voice, *, for_good: bool = False
) -> tuple[Conversation, tuple[Speech, ...], Record | None]:
    """What was told or ticked and not finished becomes the answer, and is shown as one; no button is left."""
    kept, record = _kept(talk)
    if record is None:
        return kept, without_buttons(talk, voice, for_good=for_good), None
    return kept, with_answer(talk, kept, voice), record


def _kept(talk: Conversation) -> tuple[Conversation, Record | None]:
    """What was told or ticked without Klaar becomes the answer, where it can be one and is not the same."""
    path = talk.path
    if path is None or not (talk.parts or talk.ticked):
        return talk, None
    if talk.ticked and set(talk.ticked) == set(talk.walk.values.get(path, "").split()):
        return talk, None
    try:
        walk = talk.walk.answer(path, told(talk.parts) if talk.parts else " ".join(talk.ticked))
    except Refused:
        return talk, None
    if talk.parts:
        record = Record(path, "answered", walk.values[path], "parts", talk.parts[0].source, talk.parts, talk.shown)
    else:
        record = Record(path, "answered", walk.values[path], "tap", shown=talk.shown)
    return replace(talk, walk=walk, shown_at={**talk.shown_at, path: talk.shown}), record


def _finish(talk: Conversation, voice: Voice, said: tuple[Speech, ...]) -> Turn:
    """All questions are done: show the summary, or, after a change to what was sent, say that it is kept."""
    rest = replace(talk, path=None, ticked=(), parts=(), misses=0, offered="")
    if talk.sent:
        text = voice.say("done.amended", amend_until=voice.amend_until())
        return Turn(replace(rest, stage=Stage.ENDED), (*said, Speech(Say(text))))
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
        offered="",
    )
