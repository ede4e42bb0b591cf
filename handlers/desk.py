"""What every handler works with, and how it says something."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import Random

from fieldwork import wording
from fieldwork.messages import Incoming, Outgoing, Rows, Say
from fieldwork.people import Person
from fieldwork.study import City, Study
from fieldwork.texts import Texts
from forms.form import Form
from storage import outbox, people, shown
from storage.inbox import Meant
from storage.tx import Tx


@dataclass(frozen=True, slots=True)
class Desk:
    """The fixed things, the time and the chance of one piece of handling."""

    study: Study
    texts: Texts
    forms: Mapping[str, Form]
    """By hash."""
    now: datetime
    random: Random
    bot_name: str
    """What stands in invitation links."""
    media: Path
    """Where the pictures of forms lie, and what people sent."""
    mails: bool = False
    """Whether there is a mail server to send e-mail through."""

    def city(self, code: str) -> City:
        """The city with this code."""
        return self.study.city(code)

    def when(self, moment: datetime, city: str, language: str) -> str:
        """A moment on the clocks of a city, in words."""
        return wording.when(moment, self.city(city).timezone, language)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is being answered, where, and what they did."""

    person: Person
    urn: str
    incoming: Incoming
    meant: Meant | None = None
    """The question it was about, where it failed before or was held, and is handled once more."""
    row: int | None = None
    """Its row in the inbox; None where it did not come through one."""

    @property
    def language(self) -> str:
        """The language the person reads."""
        return self.person.language


def tell(tx: Tx, desk: Desk, caller: Caller, key: str, rows: Rows = (), **values: object) -> None:
    """Say a text of the catalogue to who called."""
    text = desk.texts.say(key, caller.language, **values)
    outbox.write(tx, caller.urn, Say(text, rows), now=desk.now)


def send(
    tx: Tx,
    desk: Desk,
    person_id: int,
    outgoing: Outgoing,
    *,
    priority: int = 1,
    not_before_on: datetime | None = None,
) -> None:
    """Say something to a person who did not call; nothing where they cannot be reached."""
    urn = people.urn_of(tx, person_id)
    if urn is not None:
        outbox.write(tx, urn, outgoing, now=desk.now, priority=priority, not_before_on=not_before_on)


def settle(tx: Tx, desk: Desk, caller: Caller, data: str, *, shows: bool = True) -> None:
    """The tapped message loses its buttons and shows which one was chosen; one that never had this button does not.

    Where nothing came of the tap it does not show it.
    """
    row, looks = shown.at_message(tx, caller.urn, caller.incoming.message or "") or (None, ())
    for said in looks:
        labels = [button.label for rows in said.buttons for button in rows if button.data == data]
        if labels:
            text = "\n".join((said.text, *(f"✓ {label}" for label in labels if shows)))
            outbox.write(tx, caller.urn, Say(text), now=desk.now, edit_of=row)
            return


def say_over(tx: Tx, desk: Desk, caller: Caller, data: str) -> None:
    """A button of what no longer waits: the message that still has it loses its buttons, and nothing else changes."""
    row, looks = shown.at_message(tx, caller.urn, caller.incoming.message or "") or (None, ())
    if looks and any(button.data == data for rows in looks[0].buttons for button in rows):
        outbox.write(tx, caller.urn, Say(looks[0].text), now=desk.now, edit_of=row)
    tell(tx, desk, caller, "err.button_over")
