"""A study for the benchmarks: people who were all at one workshop that just ended, and nothing asked yet."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.replies import FIRST_PERSON
from bot.program import Program, catalogue, configured, prepare
from bot.studyfile import first_study_file
from fieldwork.people import Grant, Role
from fieldwork.planning import PlannedWorkshop, Span
from handlers.desk import Desk
from handlers.planning import save
from storage import consents, people
from storage.connection import Tx
from storage.database import transaction

CITY = "utrecht"


def settle(folder: Path, crowd: int, **settings: str) -> Program:
    """Everything a bot needs to start in this folder."""
    wanted = {"QUIET_HOURS": _far_from_now(), "UPDATES_PER_MINUTE": "100000", **settings}
    (folder / ".env").write_text("".join(f"{name}={value}\n" for name, value in wanted.items()))
    (folder / "study.toml").write_text(first_study_file(catalogue(), datetime(2031, 1, 1, tzinfo=UTC).date()))
    _, program = configured(folder)
    forms = prepare(program)
    with transaction(program.place.database) as tx:
        _fill(tx, program.desk(forms, ""), crowd)
    return program


def _fill(tx: Tx, desk: Desk, crowd: int) -> None:
    codes = tuple(_person(tx, desk, number) for number in range(crowd))
    ends_on = desk.now - timedelta(minutes=20)
    span = Span(ends_on - timedelta(minutes=90), ends_on)
    save(tx, desk, desk.city(CITY), PlannedWorkshop(span, "Overvecht", "Groen", codes), None)
    tx.run("UPDATE prompt SET due_on = '2026-01-01T00:00:00.000Z'")


def _person(tx: Tx, desk: Desk, number: int) -> str:
    code = f"F{number:05d}"
    person = people.add(tx, code, "nl", desk.now)
    people.name(tx, person, f"P{number}")
    people.reach_at(tx, person, f"telegram:{FIRST_PERSON + number}", desk.now)
    people.grant(tx, person, Grant(Role.FIELDWORKER, CITY), desk.now)
    people.set_standing(tx, person, "taking_part")
    people.set_media_allowed(tx, person, False)
    consents.add(tx, person, "study", "yes", desk.study.consent.version, "", "nl", desk.now)
    return code


def _far_from_now() -> str:
    """Quiet hours of a minute, half a day from now."""
    start = datetime.now(UTC) + timedelta(hours=12)
    return f"{start:%H:%M}-{start + timedelta(minutes=1):%H:%M}"
