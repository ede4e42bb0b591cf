"""The bot cut off at every moment at which disk or channel changed, and started again from what was there then."""

import hashlib
import sqlite3
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from threading import RLock as Lock

import storage.database
from bot.clock import MovableClock
from bot.rehearsal import rehearsal
from bot.sandbox import ChatMessage, Phone, Sandbox
from bot.sandbox.calls import Call, CallLog
from bot.sandbox.updates import Update
from bot.telegram.channel import TelegramChannel
from storage.connection import open_for_writing
from storage.database import Writer, snapshot
from storage.driver import Connection
from tests.e2e.town import Town, lay_down, tap
from tests.reliability.instead import instead
from tests.telegram.telegram_parts import QUICK

_GRACE = timedelta(minutes=31)
"""Longer than the bot ever waits to say something again."""


@dataclass(frozen=True)
class Image:
    """Everything that outlives the bot, at one moment."""

    database: bytes
    pending: OrderedDict[int, Update]
    messages: dict[int, ChatMessage]
    did: tuple[str, ...]
    """What the person had done by then."""
    on: datetime

    @property
    def mark(self) -> tuple[object, ...]:
        """The same for moments between which nothing changed that a new start would notice."""
        return hashlib.sha256(self.database).digest(), tuple(self.pending), tuple(self.messages), self.did


@dataclass
class Play:
    """One person at question 3, who types an answer, skips the next, and whose messages come twice."""

    town: Town
    sandbox: Sandbox
    phone: Phone
    did: list[str] = field(default_factory=list)
    acting: Lock = field(default_factory=Lock)
    """Held while something is done and noted, so that no moment lies in between."""
    _broken: list[str] = field(default_factory=list)
    """What was wrong before everything came once more, which may mend it."""

    async def go_on(self) -> None:
        """Do what was not done yet, each once what it is about has come."""
        for name, act in (("typed", self._type), ("tapped", self._skip), ("again", self._again)):
            await self.settle()
            if name not in self.did:
                if name == "again":
                    self._broken = self.wrong()
                with self.acting:
                    self.did.append(name)
                    act()
        await self.settle()

    def _type(self) -> None:
        self.phone.say("4")

    def _skip(self) -> None:
        question = self._newest("Vraag 4 van")
        if question is not None:
            self.phone.tap("Overslaan", question)

    def _again(self) -> None:
        """Telegram numbers its updates anew and brings everything once more."""
        for update in list(self.sandbox.world.updates._delivered):
            if update.kind != "my_chat_member":
                self.sandbox.world.updates.put(update.kind, update.body, update.chat_id)

    async def settle(self) -> None:
        """Until nothing happens any more, however long that takes."""
        for _ in range(2):
            await self.town.settled()
            await self.town.play.jump_to(self.town.play.clock.now() + _GRACE)
        await self.town.settled()

    def wrong(self) -> list[str]:
        """Which promises were broken."""
        answers = [(row["path"].rpartition("/")[2], row["value"] or row["outcome"]) for row in self._rows(_ANSWERS)]
        found = list(self._broken)
        if answers != [("influence", "4"), ("moment", "skipped")]:
            found.append(f"answers: {answers}")
        if self._rows("SELECT 1 FROM part"):
            found.append("words are told twice")
        if self._rows("SELECT 1 FROM outbox WHERE body LIKE '%kruisten%'"):
            found.append("words were asked for again")
        if not (self._saw("Vraag 4 van") and self._saw("Vraag 5 van")):
            found.append("a question never came")
        if self._rows("SELECT 1 FROM inbox WHERE state <> 'done'") or self._rows(_UNSAID):
            found.append("something waits for ever or was set aside")
        if self._rows("SELECT 1 FROM inbox GROUP BY substr(update_key, 1, 9) HAVING count(*) > 1"):
            found.append("an update is kept twice")
        return found

    def _rows(self, sql: str) -> list[sqlite3.Row]:
        with snapshot(self.town.play.program.place.database) as rows:
            return rows.all(sql)

    def _saw(self, words: str) -> bool:
        return any(words in message.text for message in self.phone.messages if not message.mine)

    def _newest(self, words: str) -> ChatMessage | None:
        """The newest message with these words that can be tapped; a bug may leave none."""
        return next((one for one in reversed(self.phone.messages) if words in one.text and one.buttons), None)


_ANSWERS = "SELECT path, outcome, value FROM answer WHERE path LIKE '%influence' OR path LIKE '%moment' ORDER BY id"
_UNSAID = "SELECT 1 FROM outbox WHERE state IN ('queued', 'sending', 'uncertain', 'dead')"


class Crashes:
    """Plays the story once and keeps an image of every moment; then goes on from any of them.

    A `bug` is planted before the part of the story that is watched, and stays.
    """

    def __init__(self, folder: Path, bug: Callable[[ExitStack], object] | None, planted: ExitStack) -> None:
        self._folder = folder
        self._bug = bug
        self._planted = planted
        self._images: list[Image] = []
        self._play: Play | None = None

    async def played(self, sandbox: Sandbox, clock: MovableClock) -> list[Image]:
        """The whole story without a crash; its images. Raises AssertionError where it breaks a promise by itself."""
        async with _town(self._folder, sandbox, clock) as place:
            phone = await place.fieldworker()
            await place.asked(phone, "Amina")
            await tap(phone, "1", "Vraag 2 van")
            await tap(phone, "Overslaan", "Vraag 3 van")
            await place.settled()
            self._play = Play(place, sandbox, phone)
        if self._bug is not None:
            self._bug(self._planted)
        with _watched(self._note, sandbox):
            async with _town(self._folder, sandbox, clock) as place:
                self._play.town = place
                await self._play.go_on()
        return list({image.mark: image for image in self._images}.values())

    def wrong(self) -> list[str]:
        """What the story broke without a crash."""
        assert self._play is not None
        return self._play.wrong()

    async def resumed(self, image: Image, number: int, sandbox: Sandbox, clock: MovableClock) -> list[str]:
        """Start from an image and go on; which promises were broken."""
        assert self._play is not None
        folder = self._folder / f"image{number}"
        folder.mkdir()
        (folder / "terugblik.db").write_bytes(image.database)
        sandbox.world.updates._pending = OrderedDict(image.pending)
        phone = self._play.phone
        phone.chat.messages.clear()
        phone.chat.messages.update(image.messages)
        clock._ahead += image.on - clock.now()  # no operator's clock goes back
        async with _town(folder, sandbox, clock) as place:
            play = Play(place, sandbox, phone, list(image.did))
            await play.go_on()
            return play.wrong()

    def _note(self) -> None:
        assert self._play is not None
        updates, phone = self._play.sandbox.world.updates, self._play.phone
        path = self._folder / "terugblik.db"
        if not self._play.did:
            return
        with self._play.acting:
            now, pending = self._play.town.play.clock.now(), OrderedDict(updates._pending)
            self._images.append(Image(_on_disk(path), pending, dict(phone.chat.messages), tuple(self._play.did), now))


def _on_disk(path: Path) -> bytes:
    """What another process would find there now."""
    source = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    try:
        copy = sqlite3.connect(":memory:")
        source.backup(copy)
        return copy.serialize()
    finally:
        source.close()


@asynccontextmanager
async def _town(folder: Path, sandbox: Sandbox, clock: MovableClock) -> AsyncIterator[Town]:
    def connected(sandbox: Sandbox, random: Random) -> TelegramChannel:
        return TelegramChannel(sandbox.token, sandbox.url, random=random, patience=QUICK)

    lay_down(folder / "terugblik.db")
    async with rehearsal(folder, clock, on=sandbox, connected=connected) as play:
        yield Town(play)


@contextmanager
def _watched(note: Callable[[], None], sandbox: Sandbox) -> Iterator[None]:
    """Note every moment at which the disk has changed, and every call that was answered."""

    def open_watched(path: Path) -> Connection:
        connection = open_for_writing(path)
        connection.set_trace_callback(lambda sql: note() if sql.startswith("BEGIN") else None)
        return connection

    class Log(CallLog):
        def add(self, call: Call) -> None:
            super().add(call)
            if call.method in ("getUpdates", "sendMessage"):
                note()

    updates, forget = sandbox.world.updates, sandbox.world.updates._forget

    def confirm(offset: int) -> None:
        forget(offset)
        note()

    recovered = Writer._note_recovery

    def committed(self: Writer) -> None:
        recovered(self)
        note()

    usual, sandbox.world.calls = sandbox.world.calls, Log()
    with (
        instead(storage.database, "open_for_writing", open_watched),
        instead(Writer, "_note_recovery", committed),
        instead(updates, "_forget", confirm),
    ):
        yield
    sandbox.world.calls = usual
