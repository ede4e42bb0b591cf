"""What waits for a person is put once more: after something else was said, or when they are back."""

from contextlib import suppress

from fieldwork import turns
from fieldwork.messages import Say
from fieldwork.people import Role
from fieldwork.recognise import Way
from handlers.desk import Caller, Desk
from handlers.reflecting import promptwords, reflection
from handlers.reflecting.talks import active_talk
from handlers.rights import consenting
from storage import outbox, prompts
from storage.tx import Tx


def put_question_again(tx: Tx, desk: Desk, caller: Caller, *, wakes: bool = False) -> bool:
    """Put the question that waits at the bottom of the chat; whether there is any. `wakes` ends a rest.

    Nothing is put to who has to read a new consent text first.
    """
    talk = active_talk(tx, desk, caller.person)
    if talk is None or consenting.is_outdated(tx, desk, caller.person):
        return False
    if wakes:
        reflection.repeat(caller, talk)
    else:
        talk.keep(turns.ask_again(talk.now, talk.voice), caller.incoming.said_on)
    return True


def put_question_after(tx: Tx, desk: Desk, caller: Caller) -> None:
    """Put the question that waits below what was said; one that cannot be read does not stand in the way of that."""
    with suppress(LookupError, ValueError, AssertionError), tx.part():
        put_question_again(tx, desk, caller)


def tell_nothing_open(tx: Tx, desk: Desk, caller: Caller, way: Way) -> None:
    """A way through the questions was asked for, and none is put: what can be done instead, and what waits."""
    keys = ["way.none"]
    if reflection.can_be_changed(tx, desk, caller.person):
        keys.append("way.none.answers")
    if way is Way.PAUSE:
        keys.append("stop.paused" if caller.person.is_paused else "way.none.break")
    words = "\n".join(desk.texts.say(key, caller.language) for key in keys)
    outbox.write(tx, caller.urn, Say(words), now=desk.now)
    put_again(tx, desk, caller)


def waits(tx: Tx, desk: Desk, caller: Caller) -> bool:
    """Whether a question waits for this person, or the question whether to begin."""
    return (
        active_talk(tx, desk, caller.person) is not None
        or prompts.oldest_asked(tx, caller.person.id, desk.now) is not None
    )


def put_again(tx: Tx, desk: Desk, caller: Caller, *, wakes: bool = False) -> bool:
    """Put the one thing that waits at the bottom of the chat; whether there is any.

    A question goes before the question whether to begin; who has not said yes or no yet is asked that.
    What somebody put off comes when they said. `wakes` ends a rest.
    """
    if consenting.is_outdated(tx, desk, caller.person):
        consenting.put_new(tx, desk, caller.person)
        return True
    if put_question_again(tx, desk, caller, wakes=wakes):
        return True
    if Role.FIELDWORKER in caller.person.roles() and caller.person.standing == "invited":
        consenting.ask(tx, desk, caller)
        return True
    prompt = prompts.oldest_asked(tx, caller.person.id, desk.now) if caller.person.is_taking_part else None
    if prompt is None:
        return False
    outbox.write(tx, caller.urn, promptwords.asked_anew(tx, desk, caller.person, prompt), now=desk.now)
    return True
