"""A study with people who are all asked at once, on a sandbox in this process and a bot in another."""

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from PIL import Image

from bot.firststudy import first_study_file
from bot.program import Program, catalogue, configured, prepare
from bot.sandbox import Phone, Sandbox
from fieldwork.people import Grant, Role
from fieldwork.schedule import SENT_AT, Week
from forms.form import Form
from handlers.desk import Desk
from storage import ledger, people
from storage.database import snapshot, transaction
from storage.tx import Tx
from tests.reliability.cradle import CLOCK
from tests.reliability.crowd import Answering
from tests.reliability.fieldworkers import asked_at_once, quiet_far_from_now, taking_part, were_at
from tests.reliability.lives import Lives, lives
from tests.reliability.ordering import Ordering
from tests.reliability.shared_clock import SharedClock

FIRST_PERSON = 510_000_001
COORDINATOR = 520_000_001
CITY = "utrecht"
GRACE = 120
"""Seconds before something is said again that may not have arrived, as it is where nobody sets it."""
WEEKS_OWED = 3
"""How many weekly exports and summaries are owed at the first start, where there are files."""
_WAITING = """
SELECT (SELECT count(*) FROM inbox WHERE state <> 'done')
    + (SELECT count(*) FROM outbox WHERE state NOT IN ('sent', 'dropped'))
    + (SELECT count(*) FROM job WHERE state <> 'done') AS n
"""
_SENT_AFTER = timedelta(hours=SENT_AT.hour, minutes=SENT_AT.minute)
"""Since Monday began."""


@dataclass(frozen=True)
class Scene:
    """Everything a test looks at."""

    sandbox: Sandbox
    program: Program
    forms: dict[str, Form]
    lives: Lives
    clock: SharedClock
    crowd: list[Answering]
    coordinators: list[Ordering] = field(default_factory=list)

    @property
    def everyone(self) -> list[Answering | Ordering]:
        """All who are in a closed loop with the bot."""
        return [*self.crowd, *self.coordinators]

    @property
    def is_over(self) -> bool:
        """Whether everybody has what they wanted."""
        return all(one.is_done for one in self.everyone)

    @property
    def revision(self) -> int:
        """Grows with whatever appears on a phone."""
        return sum(phone.chat.revision for phone in self.sandbox.phones)

    @property
    def waiting(self) -> int:
        """How much is still to be handled, said or done."""
        with snapshot(self.program.place.database) as rows:
            row = rows.one(_WAITING)
        assert row is not None
        return int(row["n"])


@asynccontextmanager
async def scene(
    folder: Path, crowd: int, chance: Random, hesitation: float = 0.0, orders: int = 0, **settings: str
) -> AsyncIterator[Scene]:
    """People who were at a workshop that just ended; no bot runs yet.

    Before each reply they hesitate up to so many seconds. With `orders` they also send photos, a coordinator
    orders so many workbooks, and some weeks of exports and summaries are owed.
    """
    clock = SharedClock(folder / CLOCK)
    async with Sandbox(clock.now) as sandbox:
        wanted = {
            "TELEGRAM_BOT_TOKEN": sandbox.token,
            "TELEGRAM_API_URL": sandbox.url,
            "QUIET_HOURS": quiet_far_from_now(),
            "REPEAT_AFTER": str(GRACE),
            "MESSAGES_PER_SECOND": "1000",
            "MESSAGES_PER_SECOND_TO_ONE": "100",
            "UPDATES_PER_MINUTE": "100000",
            **settings,
        }
        (folder / "study.toml").write_text(first_study_file(catalogue(), datetime(2031, 1, 1, tzinfo=UTC).date()))
        async with lives(folder, wanted) as bots:
            _, program = configured(folder)
            forms = dict(prepare(program))
            with transaction(program.place.database) as tx:
                desk = program.desk(forms, "")
                _pass_monday_morning(clock, desk.study.timezone)
                _fill(tx, replace(desk, now=clock.now()), crowd, with_files=orders > 0)
            people = _phones(sandbox, program, crowd, chance, hesitation)
            ordering = [Ordering(_phone(sandbox, "Bram", COORDINATOR), orders)] if orders else []
            for number, person in enumerate(people):
                person.photo = _picture(number) if orders else b""
            yield Scene(sandbox, program, forms, bots, clock, people, ordering)


def _phones(sandbox: Sandbox, program: Program, crowd: int, chance: Random, hesitation: float) -> list[Answering]:
    phones = [_phone(sandbox, f"P{number}", FIRST_PERSON + number) for number in range(crowd)]
    crossed = program.texts.say("err.crossed", "nl")
    return [Answering(phone, Random(chance.random()), hesitation, crossed, "Verstuurd.") for phone in phones]


def _phone(sandbox: Sandbox, name: str, telegram_id: int) -> Phone:
    phone = sandbox.phone(name, telegram_id=telegram_id)
    phone.chat.standing = "open"
    return phone


def _picture(number: int) -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (40 + number, 30), "#336699").save(content, "JPEG")
    return content.getvalue()


def _fill(tx: Tx, desk: Desk, crowd: int, *, with_files: bool) -> None:
    codes = tuple(_person(tx, desk, number, with_media=with_files) for number in range(crowd))
    if with_files:
        _coordinate(tx, desk)
        _owe_weeks(tx, desk)
        _workshop(tx, desk, codes[:1], desk.now - timedelta(weeks=1), "Eerder")
    _workshop(tx, desk, codes, desk.now - timedelta(minutes=20), "Groen")
    asked_at_once(tx)


def _workshop(tx: Tx, desk: Desk, codes: tuple[str, ...], ends_on: datetime, title: str) -> None:
    were_at(tx, desk, desk.city(CITY), ends_on, ("Overvecht", title), codes)


def _coordinate(tx: Tx, desk: Desk) -> None:
    person = people.add(tx, "C0000", "nl", desk.now)
    people.reach_at(tx, person, f"telegram:{COORDINATOR}", desk.now)
    people.grant(tx, person, Grant(Role.COORDINATOR, CITY), desk.now)


def _pass_monday_morning(clock: SharedClock, zone: ZoneInfo) -> None:
    """While workbooks are made that are sent only later, a week is owed by halves."""
    now = clock.now().astimezone(zone)
    later = now.replace(hour=SENT_AT.hour, minute=SENT_AT.minute + 1)
    if now.weekday() == 0 and timedelta() < later - now < timedelta(hours=2):
        clock.forward((later - now).total_seconds())


def _owe_weeks(tx: Tx, desk: Desk) -> None:
    """As if the bot had last worked some weeks ago."""
    zone = desk.study.timezone
    # On a Monday the week before is not over until the hour of this work.
    week = Week.of(desk.now - _SENT_AFTER, zone).plus(-1 - WEEKS_OWED)
    for city in desk.study.cities:
        ledger.claim(tx, "workbook", city.code, week, desk.now)
        ledger.claim(tx, "delivery", city.code, week, desk.now)
    for line in desk.study.lines:
        ledger.claim(tx, "digest", line.code, week, desk.now)


def _person(tx: Tx, desk: Desk, number: int, *, with_media: bool) -> str:
    code = f"F{number:04d}"
    person = taking_part(tx, desk, code, f"P{number}", FIRST_PERSON + number, CITY)
    people.set_media_allowed(tx, person, with_media)
    return code
