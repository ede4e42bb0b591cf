"""What a person does with their questionnaire: begin, tap, type, point at a place, look back."""

from fieldwork import dialogue, turns, ways
from fieldwork.conversation import Missed, Part, Pointed, Stage, Went, Wrote
from fieldwork.messages import Located
from fieldwork.people import Person
from fieldwork.pressed import event_of
from fieldwork.recognise import Way, holds_any
from fieldwork.schedule import next_look
from fieldwork.taps import Key
from forms.points import point
from handlers.desk import Caller, Desk, tell
from handlers.reflecting import talks
from handlers.reflecting.crossing import add_late, crossed
from handlers.reflecting.pointing import point_out
from handlers.reflecting.talks import Talk, active_talk, talk_of
from storage import prompts, sessions, workshops
from storage.prompts import Prompt
from storage.tx import Tx


def open_for(tx: Tx, desk: Desk, caller: Caller, prompt: Prompt) -> None:
    """Begin the questions of a prompt, or go on with them where they were left, also by who wanted none any more."""
    session = sessions.of_prompt(tx, prompt.id)
    if session is not None and session.state != "interrupted":
        repeat(caller, talk_of(tx, desk, caller.person, session))
        return
    workshop = workshops.by_id(tx, prompt.workshop_id)
    assert workshop is not None, "a prompt's workshop is never deleted"
    assert prompt.asked_on is not None, "only what was asked can be opened"
    zone = desk.city(workshop.city).timezone
    prompts.opened(tx, prompt.id, desk.now, next_look(prompt.asked_on, desk.now, desk.study.rhythm, zone))
    if session is None:
        talk = talks.begin(tx, desk, caller.person, prompt, workshop.form_hash)
    else:
        sessions.taken_up(tx, session.id, None)
        resting = sessions.by_id(tx, session.id)
        assert resting is not None
        talk = talk_of(tx, desk, caller.person, resting)
    talk.keep(dialogue.begin(talk.now, talk.voice), caller.incoming.said_on)


def open_late(tx: Tx, desk: Desk, caller: Caller, prompt: Prompt) -> None:
    """Begin the questions of a prompt that was closed, or go on behind what was answered."""
    session = sessions.of_prompt(tx, prompt.id)
    workshop = workshops.by_id(tx, prompt.workshop_id)
    assert workshop is not None, "a prompt's workshop is never deleted"
    if session is None:
        talk = talks.begin(tx, desk, caller.person, prompt, workshop.form_hash)
    else:
        sessions.reopened(tx, session.id)
        session = sessions.by_id(tx, session.id)
        assert session is not None
        talk = talk_of(tx, desk, caller.person, session)
    talk.keep(dialogue.begin(talk.now, talk.voice), caller.incoming.said_on)


def repeat(caller: Caller, talk: Talk) -> None:
    """Put what waits once more, at the bottom of the chat."""
    if talk.now.stage is Stage.PAUSED:
        talk.take(Went(Way.CONTINUE), caller.incoming.said_on)
    else:
        talk.keep(turns.ask_again(talk.now, talk.voice), caller.incoming.said_on)


def tapped(tx: Tx, desk: Desk, caller: Caller, key: Key) -> str:
    """A button under a question; what to say beside it."""
    session = sessions.by_id(tx, key.id)
    stale = desk.texts.say("err.stale_button", caller.language)
    if session is None or session.person_id != caller.person.id:
        return stale
    talk = talk_of(tx, desk, caller.person, session)
    if key.turn != talk.now.asking or not talk.is_open:
        return stale
    event = event_of(talk.now, key)
    return stale if event is None else talk.take(event, caller.incoming.said_on)


def wrote(tx: Tx, desk: Desk, caller: Caller, talk: Talk, text: str) -> None:
    """Typed words answer the question that had arrived when they were written; in doubt the bot asks."""
    said_on = caller.incoming.said_on
    if caller.incoming.not_own or not crossed(talk, said_on):
        take_words(tx, desk, caller, talk, text)
    elif add_late(talk, Part("text", text, source_of(caller)), said_on):
        point_out(tx, desk, caller, talk, source_of(caller))
    else:
        talk.keep(turns.ask_again(talk.now, talk.voice, talk.voice.say("err.crossed")), said_on)


def take_words(tx: Tx, desk: Desk, caller: Caller, talk: Talk, text: str) -> None:
    """Typed words answer the question that waits, if they are the person's own."""
    said_on = caller.incoming.said_on
    if caller.incoming.not_own:
        talk.take(Missed("err.not_own", caller.incoming.not_own), said_on)
    else:
        care(tx, desk, caller, talk, text)
        talk.take(Wrote(text, source_of(caller)), said_on)


def located(caller: Caller, talk: Talk, place: Located) -> None:
    """A point on the map answers the question that had arrived when it was sent; in doubt the bot asks."""
    said_on = caller.incoming.said_on
    if crossed(talk, said_on):
        talk.keep(turns.ask_again(talk.now, talk.voice, talk.voice.say("err.crossed")), said_on)
    else:
        value = point(place.latitude, place.longitude, place.accuracy)
        talk.take(Pointed(value, source_of(caller)), said_on)


def care(tx: Tx, desk: Desk, caller: Caller, talk: Talk, text: str) -> None:
    """Where the study asks for it: whom to call, said once; the answer is kept like any other."""
    session = sessions.by_id(tx, talk.session.id)
    if session is not None and not session.cared and holds_any(text, desk.study.care_words):
        sessions.cared_for(tx, session.id)
        tell(tx, desk, caller, "err.distress", contact=desk.study.care_contact)


def overview(tx: Tx, desk: Desk, caller: Caller) -> None:
    """/antwoorden: the answers of what is being filled, or of what was sent last, to change one."""
    talk = active_talk(tx, desk, caller.person) or _last_sent(tx, desk, caller.person)
    if talk is None or not talk.is_open:
        tell(tx, desk, caller, "answers.none")
    else:
        talk.keep(ways.overview(talk.now, talk.voice), caller.incoming.said_on)


def can_be_changed(tx: Tx, desk: Desk, person: Person) -> bool:
    """Whether answers were sent that can still be changed."""
    talk = _last_sent(tx, desk, person)
    return talk is not None and talk.is_open


def source_of(caller: Caller) -> str:
    """The message somebody wrote, under a name that is the same when it is edited."""
    return f"{caller.urn}#{caller.incoming.message}"


def _last_sent(tx: Tx, desk: Desk, person: Person) -> Talk | None:
    session = sessions.last_completed(tx, person.id)
    return None if session is None else talk_of(tx, desk, person, session)
