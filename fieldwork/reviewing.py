"""The moves at the summary and at the list of answers: send them, or change one."""

from dataclasses import replace

from fieldwork.conversation import Conversation, Event, Jumped, Speech, Stage, Turn, Voice, Went, Wrote
from fieldwork.messages import Say
from fieldwork.misses import misread
from fieldwork.recognise import Way, as_label, is_no, is_yes, plain, way
from fieldwork.turns import ask_again, return_to, take_up, without_buttons
from fieldwork.ways import back, overview, pause


def send(talk: Conversation, event: Event, voice: Voice) -> Turn:
    """The person sends their answers."""
    ended = replace(talk, stage=Stage.ENDED, path=None, sent=True)
    key = "done.test" if voice.is_test else "done.sent"
    told = voice.say(key, first_name=voice.first_name(), amend_until=voice.amend_until())
    return Turn(ended, (*without_buttons(talk, voice, for_good=True), Speech(Say(told))))


def doubt(talk: Conversation, event: Event, voice: Voice) -> Turn:
    """Something has to change: the list, to pick it from."""
    return overview(talk, voice)


def jump(talk: Conversation, event: Event, voice: Voice) -> Turn:
    """Put the picked question again; the list anew where an edit took that question away meanwhile."""
    assert isinstance(event, Jumped)
    question = talk.walk.form.question(event.path)
    if question not in talk.walk.items() or not talk.walk.is_done(event.path):
        return overview(talk, voice)
    return return_to(talk, question, voice, "jump.done")


def go_at_summary(talk: Conversation, event: Event, voice: Voice) -> Turn:
    """Back, a rest or the list; anything else puts the summary again."""
    assert isinstance(event, Went)
    ways = {Way.BACK: back, Way.PAUSE: pause, Way.LATER: pause, Way.OVERVIEW: overview}
    return ways.get(event.way, ask_again)(talk, voice)


def write_at_summary(talk: Conversation, event: Event, voice: Voice) -> Turn:
    """A typed yes sends; a no, or the words on the other button, lead to the list."""
    assert isinstance(event, Wrote)
    if is_yes(event.text):
        return send(talk, event, voice)
    if is_no(event.text):
        return overview(talk, voice)
    wanted = way(event.text)
    if wanted is not None:
        return go_at_summary(talk, Went(wanted), voice)
    yes, change = (as_label(label) for label in voice.labels("done.summary"))
    words = as_label(event.text)
    if words in (yes, yes.rpartition(" ")[2]):
        return send(talk, event, voice)
    return overview(talk, voice) if words in (change, *change.split()) else misread(talk, "err.no_match", voice)


def write_at_list(talk: Conversation, event: Event, voice: Voice) -> Turn:
    """A number picks an answer to change; a no leaves all as it is."""
    assert isinstance(event, Wrote)
    if is_no(event.text) or plain(event.text) == plain(_nothing(voice)):
        return take_up(talk, voice)
    if (wanted := way(event.text)) is not None:
        return go_at_list(talk, Went(wanted), voice)
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


def go_at_list(talk: Conversation, event: Event, voice: Voice) -> Turn:
    """Nothing has to change after all; or a rest, or the list once more."""
    assert isinstance(event, Went)
    if event.way in (Way.PAUSE, Way.LATER) and not talk.sent:
        return pause(talk, voice)
    return overview(talk, voice) if event.way is Way.OVERVIEW else take_up(talk, voice)
