"""/stop: a participant stops, and their answers stay until the study's end."""

from fieldwork import wording
from fieldwork.messages import Rows
from fieldwork.taps import About, Key, button
from handlers.desk import Caller, Desk, settle, tell
from handlers.talks import talk_of
from storage import audit, people, prompts, sessions
from storage.connection import Tx


def ask(tx: Tx, desk: Desk, caller: Caller) -> None:
    """/stop: make sure."""
    labels = desk.texts.buttons("stop.ask", caller.language)
    acts = ("keep", "not")
    rows: Rows = tuple(
        (button(label, Key(About.PERSON, caller.person.id, 0, "stop", act)),)
        for label, act in zip(labels, acts, strict=True)
    )
    tell(tx, desk, caller, "stop.ask", rows, contact=desk.study.contact)


def decide(tx: Tx, desk: Desk, caller: Caller, key: Key) -> None:
    """[Stoppen en bewaren] or [Toch niet stoppen]."""
    if key.arg not in ("keep", "not"):
        return
    settle(tx, desk, caller, str(key))
    if key.arg != "keep" or not caller.person.is_taking_part:
        return
    for session in sessions.all_active_of(tx, caller.person.id):
        talk_of(tx, desk, caller.person, session).leave()
    people.set_standing(tx, caller.person.id, "withdrawn")
    for prompt in prompts.unfinished_of(tx, caller.person.id):
        prompts.ended(tx, prompt.id, "cancelled", desk.now)
    audit.note(tx, caller.person.id, "withdrawn_keeping", "", caller.person.code, desk.now)
    until = wording.date_in_words(desk.study.retention_date, caller.language)
    tell(tx, desk, caller, "stop.kept", retention_date=until)
