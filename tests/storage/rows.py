"""Rows that tests of storage begin with, made by the product's own functions."""

from datetime import UTC, datetime, timedelta
from itertools import count

from fieldwork.people import Grant, Role
from storage import forms, people, prompts, sessions, workshops
from storage.driver import Row
from storage.sessions import Beginning, Session
from storage.tx import Tx

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
_NUMBERS = count(1)


def after(**length: float) -> datetime:
    """So much later than NOW, in words of `timedelta`."""
    return NOW + timedelta(**length)


def a_person(tx: Tx, code: str = "", city: str = "leiden", role: Role = Role.FIELDWORKER) -> int:
    """Somebody with a role and an address."""
    number = next(_NUMBERS)
    person = people.add(tx, code or f"P{number:03d}", "nl", NOW)
    people.grant(tx, person, Grant(role, city), NOW)
    people.reach_at(tx, person, f"telegram:{number}", NOW)
    return person


def a_form(tx: Tx, form_hash: str = "f" * 64) -> str:
    """A form of which nothing is read here."""
    forms.add(tx, form_hash, "wijkwerkplaats", "1", "Wijkwerkplaats", "<xform/>", b"", None, NOW)
    return form_hash


def a_workshop(tx: Tx, city: str = "leiden", starts_on: datetime = NOW, title: str = "Koffie") -> int:
    """A workshop of two hours."""
    return workshops.add(tx, city, "Noord", title, starts_on, starts_on + timedelta(hours=2), a_form(tx), None, NOW)


def a_prompt(tx: Tx, person: int, workshop: int | None = None, due_on: datetime = NOW) -> int:
    """Somebody is to be asked; the prompt's id."""
    place = workshop or a_workshop(tx)
    prompts.plan(tx, place, person, due_on)
    return next(prompt.id for prompt in prompts.of_workshop(tx, place) if prompt.person_id == person)


def a_session(tx: Tx, person: int | None = None, prompt: int | None = None, now: datetime = NOW) -> Session:
    """Somebody begins with a questionnaire."""
    number = next(_NUMBERS)
    who = person or a_person(tx)
    beginning = Beginning(f"uuid:{number}", who, a_form(tx), "nl", prompt, "1", {"completed_count": "3"})
    return read(tx, sessions.begin(tx, beginning, now))


def read(tx: Tx, session_id: int) -> Session:
    """The session as it is kept now."""
    session = sessions.by_id(tx, session_id)
    assert session is not None
    return session


def only(rows: list[Row]) -> Row:
    """The one row there is."""
    (row,) = rows
    return row
