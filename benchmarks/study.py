"""A study for the benchmarks: people who were all at one workshop that just ended, and nothing asked yet."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.replies import FIRST_PERSON
from bot.firststudy import first_study_file
from bot.program import Program, catalogue, configured, prepare
from handlers.desk import Desk
from storage import people
from storage.database import transaction
from storage.tx import Tx
from tests.reliability.fieldworkers import asked_at_once, quiet_far_from_now, taking_part, were_at

CITY = "utrecht"


def settle(folder: Path, crowd: int, **settings: str) -> Program:
    """Everything a bot needs to start in this folder."""
    wanted = {"QUIET_HOURS": quiet_far_from_now(), "UPDATES_PER_MINUTE": "100000", **settings}
    (folder / ".env").write_text("".join(f"{name}={value}\n" for name, value in wanted.items()))
    (folder / "study.toml").write_text(first_study_file(catalogue(), datetime(2031, 1, 1, tzinfo=UTC).date()))
    _, program = configured(folder)
    forms = prepare(program)
    with transaction(program.place.database) as tx:
        _fill(tx, program.desk(forms, ""), crowd)
    return program


def _fill(tx: Tx, desk: Desk, crowd: int) -> None:
    codes = [_person(tx, desk, number) for number in range(crowd)]
    were_at(tx, desk, desk.city(CITY), desk.now - timedelta(minutes=20), ("Overvecht", "Groen"), codes)
    asked_at_once(tx)


def _person(tx: Tx, desk: Desk, number: int) -> str:
    code = f"F{number:05d}"
    people.set_media_allowed(tx, taking_part(tx, desk, code, f"P{number}", FIRST_PERSON + number, CITY), False)
    return code
