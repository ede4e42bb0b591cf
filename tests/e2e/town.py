"""A city of the study to play in: its people on phones, its workshops, and a clock to put forward."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from bot.clock import MovableClock
from bot.rehearsal import Rehearsal, rehearsal
from bot.sandbox import Phone
from bot.sandbox.messages import ChatMessage
from fieldwork.people import Grant, Role
from fieldwork.planning import PlannedWorkshop, Span
from handlers.planning import save
from storage import people
from storage.connection import Row, Value

BEGINS_ON = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
"""A Wednesday, ten in the morning in the Netherlands."""


def local(day: int, hour: int, minute: int = 0) -> datetime:
    """A time on Dutch clocks in November 2026, which are one hour ahead of UTC."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC) - timedelta(hours=1)


class Town:
    """What a test does and sees; every phone speaks Dutch unless it says otherwise."""

    def __init__(self, play: Rehearsal) -> None:
        self.play = play

    async def coordinator(self, name: str = "Bram", city: str = "utrecht") -> Phone:
        """A coordinator who opened the invitation."""
        phone = self.play.phone(name)
        phone.start(await self.play.invite(Grant(Role.COORDINATOR, city), name))
        await phone.wait_for("/export")
        return phone

    async def investigator(self, name: str = "Carla", line: str = "L1") -> Phone:
        """A principal investigator who opened the invitation."""
        phone = self.play.phone(name)
        phone.start(await self.play.invite(Grant(Role.INVESTIGATOR, line=line), name))
        await phone.wait_for("/digest")
        return phone

    async def fieldworker(self, name: str = "Amina", city: str = "utrecht", language: str = "nl") -> Phone:
        """A fieldworker who takes part, is asked right after workshops, and allows photos and recordings."""
        phone = self.play.phone(name, language=language)
        phone.start(await self.play.invite(Grant(Role.FIELDWORKER, city), name))
        for key in ("consent.ask", "consent.yes", "consent.media"):
            label = self.play.program.texts.buttons(key, language)[0]
            await phone.wait_for(partial(offers, label))
            phone.tap(label)
        await phone.wait_for(self.play.program.texts.say("media.yes", language))
        return phone

    def code(self, name: str) -> str:
        """The code of the person who was invited under this name."""
        rows = self.rows(
            "SELECT p.code FROM person p JOIN contact c ON c.person_id = p.id WHERE c.name = :name", name=name
        )
        return str(rows[-1]["code"])

    def workshop(self, *names: str, ends_on: datetime, title: str = "Groen", city: str = "utrecht") -> int:
        """Plan a workshop of ninety minutes with these people; its id."""
        desk = self.play.app.desk()
        codes = tuple(self.code(name) for name in names)
        span = Span(ends_on - timedelta(minutes=90), ends_on)
        with self.play.in_transaction() as tx:
            return save(tx, desk, desk.city(city), PlannedWorkshop(span, "Overvecht", title, codes), None)

    async def asked(self, phone: Phone, name: str, *, ends_on: datetime = local(18, 16)) -> None:
        """The person is asked about a workshop that just ended, and starts."""
        self.workshop(name, ends_on=ends_on)
        await self.play.forward_to(ends_on + timedelta(minutes=15))
        phone.tap(self.play.program.texts.buttons("prompt.ask", "nl")[0])
        await phone.wait_for("Vraag 1 van")

    def rows(self, sql: str, **values: Value) -> list[Row]:
        """What the database holds now."""
        with self.play.in_transaction() as tx:
            return tx.all(sql, **values)

    def answers(self) -> dict[str, str]:
        """The latest answers of the newest session, by question."""
        found = self.rows(
            "SELECT path, outcome, value FROM answer WHERE session_id = (SELECT max(id) FROM session) ORDER BY revision"
        )
        return {row["path"].rpartition("/")[2]: row["value"] or row["outcome"] for row in found}

    def person(self, name: str) -> int:
        """The id of the person with this name."""
        with self.play.in_transaction() as tx:
            found = people.by_code(tx, self.code(name))
        assert found is not None
        return found.id


@asynccontextmanager
async def town(folder: Path) -> AsyncIterator[Town]:
    """A town on a fresh database, or on the one that the folder holds."""
    started = datetime.now(UTC)
    async with rehearsal(folder, MovableClock(lambda: started, BEGINS_ON)) as play:
        yield Town(play)


def offers(label: str, message: ChatMessage) -> bool:
    """Whether the message has a button with this label."""
    return any(label in row for row in message.labels)


async def tap(phone: Phone, label: str, expected: str) -> None:
    """Tap, and see what is expected."""
    phone.tap(label)
    await phone.wait_for(expected)


async def say(phone: Phone, text: str, expected: str) -> None:
    """Type, and see what is expected."""
    phone.say(text)
    await phone.wait_for(expected)
