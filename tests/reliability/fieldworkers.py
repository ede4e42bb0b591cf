"""People of a study who said yes and were at a workshop, for tests and benchmarks that play many of them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from fieldwork.people import Grant, Role
from fieldwork.planning import PlannedWorkshop, Span
from fieldwork.study import City
from handlers.desk import Desk
from handlers.workshops.planning import save
from storage import consents, people
from storage.tx import Tx


def taking_part(tx: Tx, desk: Desk, code: str, name: str, telegram_id: int, city: str) -> int:
    """Somebody who can be written to and said yes to the study; the id of their row."""
    person = people.add(tx, code, "nl", desk.now)
    people.name(tx, person, name)
    people.reach_at(tx, person, f"telegram:{telegram_id}", desk.now)
    people.grant(tx, person, Grant(Role.FIELDWORKER, city), desk.now)
    people.set_standing(tx, person, "taking_part")
    consents.add(tx, person, "study", "yes", desk.study.consent.version, "", "nl", desk.now)
    return person


def were_at(tx: Tx, desk: Desk, city: City, ends_on: datetime, where: tuple[str, str], codes: Sequence[str]) -> None:
    """Plan a workshop of an hour and a half for them; `where` is its neighbourhood and its title."""
    span = Span(ends_on - timedelta(minutes=90), ends_on)
    save(tx, desk, city, PlannedWorkshop(span, *where, tuple(codes)), None)


def asked_at_once(tx: Tx) -> None:
    """Everybody who is to be asked is due now."""
    tx.run("UPDATE prompt SET due_on = '2026-01-01T00:00:00.000Z'")


def quiet_far_from_now() -> str:
    """Quiet hours of a minute, half a day from now."""
    start = datetime.now(UTC) + timedelta(hours=12)
    return f"{start:%H:%M}-{start + timedelta(minutes=1):%H:%M}"
