"""The ways through the questions besides answering: back, skip, pause, done, overview and the like."""

from collections.abc import Callable
from dataclasses import replace

from fieldwork.answerwords import suggestion
from fieldwork.conversation import AGAIN, POINTED, Conversation, Part, Record, Speech, Stage, Turn, Voice
from fieldwork.listing import put_list
from fieldwork.messages import Say
from fieldwork.misses import give_up, offer_unknown, refused, unfit
from fieldwork.pointing import put_again, put_pointed, sorts_in
from fieldwork.receipts import put_pause
from fieldwork.recognise import Way
from fieldwork.turns import answered, ask_again, go_on, put, return_to, told, with_answer
from forms.question import Kind
from forms.walk import Refused


def overview(talk: Conversation, voice: Voice) -> Turn:
    """List the answers, to change one of them."""
    return put(talk, replace(talk, stage=Stage.CHOOSING), put_list, voice)


def take(talk: Conversation, value: str, record: Record, voice: Voice, parts: tuple[Part, ...] = ()) -> Turn:
    """Take a whole answer, or say why it does not fit; what was told in parts is then to be told anew."""
    try:
        walk = talk.walk.answer(record.path, value)
    except Refused as refusal:
        return refused(replace(talk, parts=()), refusal, voice)
    if record.path not in walk.values:
        return unfit(talk, voice.say("err.nothing_yet"), voice)
    return answered(talk, walk, replace(record, value=walk.values[record.path], parts=parts), voice)


def back(talk: Conversation, voice: Voice) -> Turn:
    """To the question before this one, with the answer it has."""
    earlier = talk.walk.preceding(talk.path)
    if earlier is None:
        return Turn(talk, (Speech(Say(voice.say("back.first"))),))
    return return_to(talk, earlier, voice)


def pause(talk: Conversation, voice: Voice) -> Turn:
    """Rest; everything is kept."""
    return put(talk, replace(talk, stage=Stage.PAUSED), put_pause, voice)


def same(talk: Conversation, voice: Voice) -> Turn:
    """What waits once more."""
    return ask_again(talk, voice)


def _done(talk: Conversation, voice: Voice) -> Turn:
    """Klaar: what was ticked, or told in parts, becomes the answer."""
    question = talk.question
    if question.kind is Kind.SELECT_MULTIPLE and talk.ticked:
        return take(talk, " ".join(talk.ticked), Record(question.path, "answered", "", "tap"), voice)
    if question.kind is Kind.TEXT and talk.parts:
        return take_told(talk, voice)
    return Turn(talk, (Speech(Say(voice.say("err.nothing_yet"))),))


def take_told(talk: Conversation, voice: Voice) -> Turn:
    """What was told becomes the answer, once what tells of others in it was pointed out; till then it is a draft."""
    if voice.points_out and sorts_in(talk.parts):
        return put(talk, replace(talk, offered=POINTED), put_pointed, voice)
    return _leave(talk, voice)


def _leave(talk: Conversation, voice: Voice) -> Turn:
    """Zo laten: what was told becomes the answer as it is."""
    if talk.question.kind is not Kind.TEXT or not talk.parts:
        return ask_again(talk, voice)
    is_left = talk.offered in (POINTED, AGAIN)
    record = Record(talk.question.path, "answered", "", "parts", talk.parts[0].source, left=is_left)
    return take(talk, told(talk.parts), record, voice, talk.parts)


def _reword(talk: Conversation, voice: Voice) -> Turn:
    """Aanpassen: what comes next takes the place of the words in which something was found; till then they stay."""
    if talk.offered != POINTED:
        return ask_again(talk, voice)
    return put(talk, replace(talk, offered=AGAIN), put_again, voice)


def _skip(talk: Conversation, voice: Voice) -> Turn:
    """Pass the question over; what was told to it already is not thrown away by that."""
    if talk.parts:
        return Turn(talk, (Speech(Say(voice.say("err.told_already"))),))
    try:
        walk = talk.walk.skip(talk.question.path)
    except Refused:
        return offer_unknown(talk, voice)
    return answered(talk, walk, Record(talk.question.path, "skipped", "", "tap"), voice)


def _keep(talk: Conversation, voice: Voice) -> Turn:
    """Houden: the answer stays, or what is suggested becomes it; the talk goes on where it was."""
    question = talk.question
    if not talk.walk.is_done(question.path):
        offered = suggestion(talk, question)
        if offered and not talk.parts:
            return take(talk, offered, Record(question.path, "answered", "", "tap"), voice)
        return Turn(talk, (Speech(Say(voice.say("err.nothing_yet"))),))
    return go_on(talk, talk.path, voice, with_answer(talk, talk, voice))


def _explain(talk: Conversation, voice: Voice) -> Turn:
    """Tell the longer words that go with the question; what waits keeps waiting."""
    told = talk.walk.guidance(talk.question, voice.language)
    return Turn(talk, (Speech(Say(told or voice.say("q.no_guidance"))),))


def _more(talk: Conversation, voice: Voice) -> Turn:
    """Nog niet: there is more to tell."""
    return Turn(talk, (Speech(Say(voice.say("parts.more"))),)) if talk.parts else ask_again(talk, voice)


def _unknown(talk: Conversation, voice: Voice) -> Turn:
    """Weet ik niet: the form's own choice, else on without an answer."""
    if talk.parts:
        return Turn(talk, (Speech(Say(voice.say("err.told_already"))),))
    wanted = give_up(talk, voice)
    if isinstance(wanted, Turn):
        return wanted
    return take(talk, wanted.code, Record(talk.question.path, "answered", "", "tap"), voice)


WAYS: dict[Way, Callable[[Conversation, Voice], Turn]] = {
    Way.BACK: back,
    Way.SKIP: _skip,
    Way.PAUSE: pause,
    Way.LATER: pause,
    Way.DONE: _done,
    Way.KEEP: _keep,
    Way.CONTINUE: same,
    Way.OVERVIEW: overview,
    Way.EXPLAIN: _explain,
    Way.MORE: _more,
    Way.UNKNOWN: _unknown,
    Way.REWORD: _reword,
    Way.LEAVE: _leave,
}
