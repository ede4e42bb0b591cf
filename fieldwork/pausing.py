"""The moves in a pause: what comes in it may answer what waits, and ends it."""

from dataclasses import replace

from fieldwork.answering import point, show, write
from fieldwork.asking import progress
from fieldwork.conversation import Conversation, Event, Stage, Turn, Voice, Wrote
from fieldwork.recognise import Way, way
from fieldwork.turns import take_up, without_buttons
from fieldwork.ways import overview
from forms.question import Kind


def resume(talk: Conversation, event: Event, voice: Voice) -> Turn:
    """Verder, after a pause."""
    i, n = progress(talk, talk.path)
    return take_up(talk, voice, "" if talk.path is None else voice.say("resume.done", i=i, n=n))


def write_in_pause(talk: Conversation, event: Event, voice: Voice) -> Turn:
    """Words in a pause answer what waits, where they can; else the question is put again."""
    assert isinstance(event, Wrote)
    if way(event.text) is Way.OVERVIEW:
        return overview(talk, voice)
    if talk.path is None or way(event.text) is not None or not talk.walk.is_relevant(talk.path):
        return resume(talk, event, voice)
    turn = write(replace(talk, stage=Stage.ASKING), event, voice)
    is_taken = turn.record is not None or turn.conversation.parts != talk.parts
    return _woken(talk, turn, voice) if is_taken else resume(talk, event, voice)


def show_in_pause(talk: Conversation, event: Event, voice: Voice) -> Turn:
    """A recording or a picture in a pause is an answer to what waits."""
    return _woken(talk, show(replace(talk, stage=Stage.ASKING), event, voice), voice)


def point_in_pause(talk: Conversation, event: Event, voice: Voice) -> Turn:
    """A place in a pause answers what waits, where that asks for one; else the question is put again."""
    if talk.path is None or not talk.walk.is_relevant(talk.path) or talk.question.kind is not Kind.GEOPOINT:
        return resume(talk, event, voice)
    return _woken(talk, point(replace(talk, stage=Stage.ASKING), event, voice), voice)


def _woken(talk: Conversation, turn: Turn, voice: Voice) -> Turn:
    """The pause is over: its button goes."""
    return replace(turn, speeches=(*without_buttons(talk, voice), *turn.speeches))
