"""Who can no longer be written to is left alone; who is back gets the one thing that waits, never all they missed."""

from datetime import timedelta

from fieldwork.messages import Incoming
from fieldwork.people import Person
from fieldwork.schedule import first_asked_on, next_look
from handlers.desk import Caller, Desk, tell
from handlers.reflecting.resuming import put_again
from storage import people, prompts, sending, workshops
from storage.prompts import Prompt
from storage.tx import Tx

_BETWEEN = timedelta(hours=2)
"""What was missed comes one by one, this far apart."""


def reach(tx: Tx, desk: Desk, incoming: Incoming, reachable: bool) -> None:
    """The channel tells that somebody blocked the bot, or let it in again."""
    changed = people.set_reachable(tx, incoming.urn, reachable, desk.now)
    person = people.by_urn(tx, incoming.urn)
    if not reachable:
        sending.record_gone(tx, incoming.urn)
    elif changed and person is not None and person.standing not in ("declined", "withdrawn"):
        _welcome(tx, desk, Caller(person, incoming.urn, incoming))


def wrote_again(tx: Tx, desk: Desk, person: Person, urn: str) -> None:
    """Whoever writes can be written to, also where the channel never said that they came back."""
    if people.set_reachable(tx, urn, True, desk.now):
        _spread(tx, desk, person, is_busy=True)


def _welcome(tx: Tx, desk: Desk, caller: Caller) -> None:
    tell(tx, desk, caller, "back.welcome")
    _spread(tx, desk, caller.person, is_busy=put_again(tx, desk, caller))


def _spread(tx: Tx, desk: Desk, person: Person, is_busy: bool) -> None:
    """Reminders begin anew; of what was never asked one thing comes now, unless `is_busy`, and the rest later."""
    moment = desk.now + (_BETWEEN if is_busy else timedelta())
    for prompt in prompts.unfinished_of(tx, person.id):
        if prompt.state == "planned":
            if _was_missed(tx, desk, person, prompt):
                prompts.look_again(tx, prompt.id, moment)
                moment += _BETWEEN
        elif prompt.state != "snoozed" and prompt.due_on is not None and prompt.due_on <= desk.now + _BETWEEN:
            _begin_reminders_anew(tx, desk, prompt)


def _was_missed(tx: Tx, desk: Desk, person: Person, prompt: Prompt) -> bool:
    workshop = workshops.by_id(tx, prompt.workshop_id)
    assert workshop is not None, "a prompt's workshop is never deleted"
    zone = desk.city(workshop.city).timezone
    return first_asked_on(workshop.ends_on, person.ask_when, desk.study.rhythm, zone) <= desk.now


def _begin_reminders_anew(tx: Tx, desk: Desk, prompt: Prompt) -> None:
    assert prompt.asked_on is not None
    workshop = workshops.by_id(tx, prompt.workshop_id)
    assert workshop is not None, "a prompt's workshop is never deleted"
    zone = desk.city(workshop.city).timezone
    prompts.asked_again(tx, prompt.id, next_look(prompt.asked_on, desk.now, desk.study.rhythm, zone))
