"""What the tests of the Telegram channel share: a clock, a database, a post office, a way to wait."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Never

from bot.channel import Channel, Delivered, Unsure
from bot.pace import Pace, Rate
from bot.sandbox.server import Sandbox
from bot.sender import Patience, Sender
from bot.telegram import fetch
from bot.telegram.channel import TelegramChannel
from fieldwork.messages import Outgoing, Say
from storage import inbox, outbox
from storage.database import Reader, Writer, reading
from storage.driver import Row
from storage.inbox import Waiting
from storage.tx import Tx
from tests.e2e.town import lay_down

PATIENCE = 30.0
"""Seconds until something that must happen counts as never; only a test that fails waits so long."""
UNHURRIED = Rate(per_second=1e6, burst=1e6)
ANNA, BRAM = "telegram:1001", "telegram:1002"


class Clock:
    """A wall clock that the test sets."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time

    def forward(self, **by: float) -> None:
        """Let time pass, in words of `timedelta`."""
        self.time += timedelta(**by)


@dataclass(frozen=True)
class Database:
    """A real file with its writer and a reader."""

    path: Path
    writer: Writer
    reader: Reader

    async def say(self, urn: str, text: str, now: datetime, priority: int = 0) -> int:
        """Something in the outbox; its row."""
        return await self.writer.run(lambda tx: outbox.write(tx, urn, Say(text), now=now, priority=priority))

    async def change(self, row: int, text: str, now: datetime) -> int:
        """An edit in the outbox; its row."""
        return await self.writer.run(lambda tx: outbox.write(tx, "", Say(text), now=now, edit_of=row))

    async def row(self, id: int) -> Row:
        """An outbox row as it is on disk."""
        row = await self.reader.one("SELECT * FROM outbox WHERE id = :id", id=id)
        assert row is not None
        return row

    async def states(self) -> list[str]:
        """The state of every outbox row, in order."""
        return [row["state"] for row in await self.reader.all("SELECT state FROM outbox ORDER BY id")]


@asynccontextmanager
async def database(folder: Path) -> AsyncIterator[Database]:
    """A migrated database for as long as the block lasts."""
    path = folder / "terugblik.db"
    lay_down(path)
    async with Writer(path) as writer, reading(path) as reader:
        yield Database(path, writer, reader)


class ArrivedAfterAll(Unsure):
    """It was carried, and then the answer got lost."""


@dataclass
class PostOffice:
    """A channel that notes what it carries, and meets the failures a test plans for an address."""

    carried: list[tuple[str, str, str | None]] = field(default_factory=list)
    """Address, text and the edited message's id."""
    failures: dict[str, deque[Exception | None]] = field(default_factory=dict)
    held: set[str] = field(default_factory=set)
    """Addresses to which sending never ends."""
    held_changes: bool = False
    """Whether changing a message never ends."""
    at: list[float] = field(default_factory=list)
    most_at_once: int = 0
    _now: int = 0

    async def send(self, urn: str, outgoing: Outgoing, edit_message: str | None) -> Delivered:
        """Carry it, or fail as planned."""
        self._now += 1
        self.most_at_once = max(self.most_at_once, self._now)
        try:
            await asyncio.sleep(0)
            return await self._carry(urn, outgoing, edit_message)
        finally:
            self._now -= 1

    async def _carry(self, urn: str, outgoing: Outgoing, edit_message: str | None) -> Delivered:
        planned = self.failures.get(urn)
        failure = planned.popleft() if planned else None
        if failure is not None and not isinstance(failure, ArrivedAfterAll):
            raise failure
        text = outgoing.text if isinstance(outgoing, Say) else "menu"
        self.carried.append((urn, text, edit_message))
        self.at.append(asyncio.get_running_loop().time())
        if urn in self.held or (self.held_changes and edit_message is not None):
            await asyncio.Event().wait()
        if failure is not None:
            raise failure
        return Delivered(edit_message or str(len(self.carried)))

    def texts(self, urn: str) -> list[str]:
        """What this address was sent, in order."""
        return [text for to, text, _ in self.carried if to == urn]


@dataclass
class Gone:
    """Addresses reported as unreachable."""

    urns: list[str] = field(default_factory=list)

    def __call__(self, tx: Tx, urn: str, now: datetime) -> None:
        self.urns.append(urn)


def a_sender(
    kept: Database,
    post: Channel,
    clock: Clock,
    pace: Pace | None = None,
    gone: Callable[[Tx, str, datetime], None] | None = None,
    finish_after: timedelta = timedelta(seconds=2),
) -> Sender:
    """A sender that is not at work yet."""
    return Sender(
        kept.writer,
        kept.reader,
        post,
        pace or Pace(UNHURRIED, UNHURRIED),
        clock,
        unreachable=gone or Gone(),
        random=Random(7),
        patience=Patience(finish_after=finish_after),
        not_cleared=lambda tx, urn, clear: None,
    )


@asynccontextmanager
async def sending(sender: Sender) -> AsyncIterator[Sender]:
    """A sender at work; the block's end cancels it, as the program's end does."""
    task = asyncio.create_task(sender.run())
    try:
        yield sender
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def until(condition: Callable[[], bool], within: float = PATIENCE) -> None:
    """Return once it holds."""

    async def holds() -> bool:
        return condition()

    await _until(holds, within)


async def until_states(kept: Database, *wanted: str) -> None:
    """Return once the outbox rows have these states, in order."""

    async def has_them() -> bool:
        return await kept.states() == list(wanted)

    await _until(has_them, PATIENCE)


async def _until(holds: Callable[[], Awaitable[bool]], within: float) -> None:
    async with asyncio.timeout(within):
        while True:
            if await holds():
                return
            await asyncio.sleep(0.002)


QUICK = fetch.Patience(
    poll_after=timedelta(seconds=5),
    first_backoff=timedelta(milliseconds=5),
    longest_backoff=timedelta(milliseconds=20),
    breath=timedelta(milliseconds=5),
)


def a_channel(
    sandbox: Sandbox, token: str | None = None, answer_after: timedelta = timedelta(seconds=5)
) -> TelegramChannel:
    """The real channel against a sandbox."""
    return TelegramChannel(
        token or sandbox.token, sandbox.url, random=Random(7), patience=QUICK, answer_after=answer_after
    )


@asynccontextmanager
async def fetching(channel: TelegramChannel, kept: Database, clock: Clock) -> AsyncIterator[asyncio.Task[Never]]:
    """A channel that fetches for as long as the block lasts."""
    task = asyncio.create_task(channel.fetch(kept.writer, lambda: None, clock))
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until_waiting(kept: Database, count: int) -> list[Waiting]:
    """The inbox once so many updates wait in it."""
    found: list[Waiting] = []

    async def are_there() -> bool:
        found[:] = await inbox.waiting(kept.reader, 1000)
        return len(found) >= count

    await _until(are_there, PATIENCE)
    return found
