"""Questions that were closed and are answered after all."""

from datetime import datetime

from fieldwork.messages import Rows
from fieldwork.people import Person
from fieldwork.taps import Key
from handlers.desk import Caller, Desk, settle, tell
from handlers.reflecting import reflection
from handlers.reflecting.oneatatime import busy_elsewhere, finish_first
from handlers.reflecting.promptwords import prompt_button, workshop_of
from storage import prompts
from storage.prompts import Prompt
from storage.tx import Tx


def late_until(desk: Desk, prompt: Prompt) -> datetime | None:
    """Until when closed questions can still be answered, late; None where they no longer or not yet can."""
    if prompt.state != "expired" or prompt.asked_on is None:
        return None
    until = prompt.asked_on + desk.study.rhythm.close_after + desk.study.rhythm.amend_after
    return until if desk.now < until else None


def late_rows(tx: Tx, desk: Desk, person: Person, prompt_id: int) -> Rows:
    """The button under the words that questions are closed, as long as they can be answered late."""
    prompt = prompts.by_id(tx, prompt_id)
    if prompt is None or late_until(desk, prompt) is None:
        return ()
    (label,) = desk.texts.buttons("expire.late", person.language)
    return ((prompt_button(prompt, label, "late"),),)


def open_late(tx: Tx, desk: Desk, caller: Caller, prompt: Prompt, key: Key) -> None:
    """Closed questions are answered after all: what was given stays, and the rest is marked late."""
    busy = busy_elsewhere(tx, desk, caller, prompt)
    if busy is not None:
        finish_first(tx, desk, caller, busy)
        return
    settle(tx, desk, caller, str(key))
    let_in_late(tx, desk, caller, prompt)


def let_in_late(tx: Tx, desk: Desk, caller: Caller, prompt: Prompt) -> bool:
    """Put closed questions again, where late answers are taken and nothing else is being answered; whether so."""
    until = late_until(desk, prompt)
    if until is None or busy_elsewhere(tx, desk, caller, prompt) is not None:
        return False
    deadline = desk.when(until, workshop_of(tx, prompt).city, caller.language)
    tell(tx, desk, caller, "prompt.late", deadline=deadline)
    prompts.opened_late(tx, prompt.id, desk.now, until)
    reopened = prompts.by_id(tx, prompt.id)
    assert reopened is not None
    reflection.open_late(tx, desk, caller, reopened)
    return True
