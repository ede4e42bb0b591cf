"""What is said when something does not fit, and how a question is let go that will not be answered."""

from dataclasses import replace

from fieldwork.asking import own_words
from fieldwork.conversation import UNKNOWN, Chose, Conversation, Missed, Record, Speech, Stage, Turn, Voice
from fieldwork.messages import Say
from fieldwork.needs import needed
from fieldwork.receipts import put_offer
from fieldwork.recognise import plain
from fieldwork.turns import answered, put
from forms.walk import Reason, Refused

ARRIVALS = (
    *("sticker", "animation", "dice", "poll", "contact", "location", "game", "story"),
    *("photo", "voice", "video", "file"),
    *("forwarded", "via_bot", "reaction", "other"),
)
"""What may come that is no answer to anything, each with a name in the catalogue."""
_PATIENCE = 3
_OUR_WORDS = {
    Reason.EXCLUSIVE: "err.exclusive",
    Reason.NOT_A_NUMBER: "err.not_number",
    Reason.NOT_WHOLE: "err.not_number",
    Reason.NOT_A_DATE: "err.not_date",
    Reason.NOT_A_PLACE: "err.not_place",
    Reason.CONSTRAINT: "err.constraint",
}
_SAY_WHAT_IS_NEEDED = (
    *("err.not_number", "err.text_for_photo", "err.photo_for_text", "err.nothing_yet", "err.exclusive"),
    *("err.text_for_file", "err.not_image", "err.not_audio", "err.not_video", "err.not_place", "err.constraint"),
)
"""Texts that hold what is needed and an example already."""


def missed(talk: Conversation, event: Missed, voice: Voice) -> Turn:
    """Something came that nothing here can take: what it was, and what is needed instead."""
    what = voice.say(f"arrived.{event.what}") if event.what else ""
    return unfit(talk, _with_need(talk, event.key, voice.say(event.key, what=what), voice), voice)


def misread(talk: Conversation, key: str, voice: Voice) -> Turn:
    """Typed words that mean nothing here."""
    return unfit(talk, _with_need(talk, key, voice.say(key), voice), voice)


def refused(talk: Conversation, refusal: Refused, voice: Voice) -> Turn:
    """The form's own words about the answer where it has them, else the nearest of ours."""
    own = own_words(talk, refusal.messages, voice)
    if own:
        return unfit(talk, own, voice)
    limits = refusal.question.range
    if limits is not None and refusal.reason not in _OUR_WORDS:
        return out_of_range(talk, (refusal.value, limits.start, limits.end), voice)
    return misread(talk, _OUR_WORDS.get(refusal.reason, "err.no_match"), voice)


def out_of_range(talk: Conversation, found: tuple[object, object, object], voice: Voice) -> Turn:
    """A number below the lowest or above the highest: `found` holds it and these two."""
    value, low, high = found
    return unfit(talk, voice.say("err.range", value=value, min=low, max=high), voice)


def unfit(talk: Conversation, words: str, voice: Voice) -> Turn:
    """Say what does not fit; the third time in a row let the question go, or offer to, and remember that."""
    now = replace(talk, misses=talk.misses + 1)
    if now.misses < _PATIENCE or talk.stage is not Stage.ASKING or talk.parts or talk.ticked:
        return Turn(now, (Speech(Say(words)),))
    stuck = replace(now, stuck=True)
    if talk.walk.is_required(talk.question.path):
        return offer_unknown(stuck, voice)
    turn = _let_go(stuck, voice)
    return replace(turn, speeches=(Speech(Say(voice.say("err.third_time"))), *turn.speeches))


def offer_unknown(talk: Conversation, voice: Voice) -> Turn:
    """A required question that cannot be answered: there is a way on all the same."""
    offering = replace(talk, offered=UNKNOWN, misses=0)
    return put(talk, offering, put_offer, voice)


def give_up(talk: Conversation, voice: Voice) -> Turn | Chose:
    """Not known: the form's own choice that says so, else the question goes unanswered."""
    (wanted,) = voice.labels("skip.required")
    for choice in talk.question.choices:
        if plain(talk.walk.choice_label(talk.question, choice.name, voice.language)) == plain(wanted):
            return Chose(choice.name)
    return _let_go(talk, voice)


def _let_go(talk: Conversation, voice: Voice) -> Turn:
    path = talk.question.path
    return answered(talk, talk.walk.let_go(path), Record(path, "given_up", "", "typed"), voice)


def _with_need(talk: Conversation, key: str, words: str, voice: Voice) -> str:
    need = "" if key in _SAY_WHAT_IS_NEEDED else needed(talk, voice)
    return "\n".join(piece for piece in (words, need) if piece)
