"""A study with people who are all asked at once, on a sandbox in this process and a bot in another."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from bot.clock import system_now
from bot.program import Program, catalogue, configured, prepare
from bot.sandbox import Sandbox
from bot.studyfile import first_study_file
from fieldwork.people import Grant, Role
from fieldwork.planning import PlannedWorkshop, Span
from forms.form import Form
from handlers.desk import Desk
from handlers.planning import save
from storage import consents, people
from storage.connection import Tx
from storage.database import transaction
from tests.reliability.crowd import Answering
from tests.reliability.lives import Lives, lives

FIRST_PERSON = 510_000_001
CITY = "utrecht"


@dataclass(frozen=True)
class Scene:
    """Everything a test looks at."""

    sandbox: Sandbox
    program: Program
    forms: dict[str, Form]
    lives: Lives
    crowd: list[Answering]


@asynccontextmanager
async def scene(
    folder: Path, crowd: int, chance: Random, hesitation: float = 0.0, **settings: str
) -> AsyncIterator[Scene]:
    """People who were at a workshop that just ended; no bot runs yet.

    Before each reply they hesitate up to so many seconds.
    """
    async with Sandbox(system_now) as sandbox:
        wanted = {
            "TELEGRAM_BOT_TOKEN": sandbox.token,
            "TELEGRAM_API_URL": sandbox.url,
            "QUIET_HOURS": _far_from_now(),
            "REPEAT_AFTER": "1",
            "MESSAGES_PER_SECOND": "1000",
            "MESSAGES_PER_SECOND_TO_ONE": "100",
            **settings,
        }
        (folder / "study.toml").write_text(first_study_file(catalogue(), datetime(2031, 1, 1, tzinfo=UTC).date()))
        async with lives(folder, wanted) as bots:
            _, program = configured(folder)
            forms = dict(prepare(program))
            with transaction(program.place.database) as tx:
                _fill(tx, program.desk(forms, ""), crowd)
            yield Scene(sandbox, program, forms, bots, _phones(sandbox, program, crowd, chance, hesitation))


def _phones(sandbox: Sandbox, program: Program, crowd: int, chance: Random, hesitation: float) -> list[Answering]:
    phones = [sandbox.phone(f"P{number}", telegram_id=FIRST_PERSON + number) for number in range(crowd)]
    for phone in phones:
        phone.chat.standing = "open"
    crossed = program.texts.say("err.crossed", "nl")
    return [Answering(phone, Random(chance.random()), hesitation, crossed, "Verstuurd.") for phone in phones]


def _fill(tx: Tx, desk: Desk, crowd: int) -> None:
    codes = tuple(_person(tx, desk, number) for number in range(crowd))
    ends_on = desk.now - timedelta(minutes=20)
    span = Span(ends_on - timedelta(minutes=90), ends_on)
    save(tx, desk, desk.city(CITY), PlannedWorkshop(span, "Overvecht", "Groen", codes), None)
    tx.run("UPDATE prompt SET due_on = '2026-01-01T00:00:00.000Z'")


def _person(tx: Tx, desk: Desk, number: int) -> str:
    code = f"F{number:04d}"
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
