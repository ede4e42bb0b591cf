"""Takes an answer, or says what does not fit about it."""

from dataclasses import replace
from typing import Literal

from fieldwork.conversation import Conversation, Part, Record, Speech, Stage, Turn, Voice
from fieldwork.messages import Say
from fieldwork.turns import answered
from forms.walk import Reason, Refused

_PATIENCE = 3
_OUR_WORDS = {
    Reason.EXCLUSIVE: "err.exclusive",
    Reason.NOT_A_NUMBER: "err.not_number",
    Reason.NOT_WHOLE: "err.not_number",
    Reason.NOT_A_DATE: "err.not_date",
    Reason.NOT_A_PLACE: "err.not_place",
    Reason.CONSTRAINT: "err.constraint",
}


def unfit(talk: Conversation, words: str, voice: Voice) -> Turn:
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


def take(
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
        return unfit(talk, voice.say("err.nothing_yet"), voice)
    return answered(talk, walk, Record(path, "answered", walk.values[path], by, source, parts), voice)


def _refused(talk: Conversation, refused: Refused, voice: Voice) -> Turn:
    """The form's own words about the answer where it has them, else the nearest of ours."""
    own = own_words(talk, refused, voice)
    limits = refused.question.range
    if not own and limits is not None:
        own = voice.say("err.range", value=refused.value, min=limits.start, max=limits.end)
    return unfit(talk, own or voice.say(_OUR_WORDS.get(refused.reason, "err.no_match")), voice)


def own_words(talk: Conversation, refused: Refused, voice: Voice) -> str:
    """What the form itself says about the answer, in its default language where it lacks the person's."""
    messages = refused.messages
    return messages.get(voice.language) or messages.get(talk.walk.form.default_language, "")
