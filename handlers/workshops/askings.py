"""How far the asking of people is, kept so that a change which ended it can be taken back."""

from collections.abc import Iterable, Mapping

from handlers.desk import Desk
from storage import prompts, sessions
from storage.prompts import Prompt
from storage.stamps import moment, stamp
from storage.tx import Tx

Asking = dict[str, str | None]
"""A prompt's state, when the clock looks at it, and the question that waits."""


def as_they_are(tx: Tx, found: Iterable[Prompt]) -> dict[str, Asking]:
    """Each prompt as it stands now, by its id."""
    return {str(prompt.id): _asking(tx, prompt) for prompt in found}


def take_up(tx: Tx, desk: Desk, before: Mapping[str, Asking]) -> None:
    """Who was being asked is asked again, and goes on where they were; who was not yet is asked at their time."""
    for id, asking in before.items():
        if asking["state"] in prompts.OPEN:
            prompts.taken_up(tx, int(id), "snoozed", desk.now)
            session = sessions.of_prompt(tx, int(id))
            if session is not None:
                sessions.taken_up(tx, session.id, asking["path"])
        elif asking["state"] == "planned" and asking["due_on"] is not None:
            prompts.taken_up(tx, int(id), "planned", moment(asking["due_on"]))


def _asking(tx: Tx, prompt: Prompt) -> Asking:
    session = sessions.of_prompt(tx, prompt.id)
    return {
        "state": prompt.state,
        "due_on": None if prompt.due_on is None else stamp(prompt.due_on),
        "path": None if session is None else session.path,
    }
