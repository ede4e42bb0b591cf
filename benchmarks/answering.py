"""Somebody who answers a questionnaire through the bot's own transactions, without a network in between."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from bot.program import Program
from fieldwork.messages import Button, Command, Incoming, Say, Tap, Text, What
from forms.form import Form
from handlers.desk import Desk
from handlers.receive import receive
from storage import inbox, sending
from storage.database import Reader, Writer
from storage.inbox import Arrival
from storage.tx import Tx

_BETWEEN = timedelta(seconds=5)
_MOST = 200
_WORDS = "De bewoners spraken over het groen en de speeltuin, en een oudere man vroeg wie het gaat doen."
REFLECTION: tuple[str, ...] = ("1", "Overslaan", "5", _WORDS, "Klaar", *("Overslaan",) * 6, "Geen foto")
"""What is tapped, or written where no button reads so, from the first question to the last."""
SENDING = "Ja, versturen"


class Clock:
    """Shows the time that it was set to."""

    def __init__(self, shows: datetime) -> None:
        self.shows = shows

    def now(self) -> datetime:
        return self.shows


@dataclass(frozen=True, slots=True)
class Shown:
    """A message as it looks now."""

    urn: str
    message: str
    said: Say


@dataclass
class Bot:
    """The parts of the bot between the network on one side and the network on the other."""

    program: Program
    forms: Mapping[str, Form]
    clock: Clock
    writer: Writer
    reader: Reader
    updates: int = 0
    messages: int = 0

    def desk(self) -> Desk:
        return self.program.desk(self.forms, "")

    async def turn(self, urn: str, what: What, message: str | None = None) -> list[Shown]:
        """Store an update, handle it, and send what comes of it."""
        self.updates, self.clock.shows = self.updates + 1, self.clock.shows + _BETWEEN
        now, key = self.clock.shows, f"u{self.updates}"
        raw = f'{{"update_id": {self.updates}, "message": {"x" * 500!r}}}'
        await self.writer.run(lambda tx: inbox.store(tx, "telegram", [Arrival(key, urn, raw)], now))
        incoming = Incoming(f"{urn}#{key}", urn, what, now, message or key)
        for row in await inbox.waiting(self.reader, _MOST):
            await self.writer.run(partial(receive, desk=self.desk(), row=row.id, incoming=incoming))
        return await self.deliver()

    async def deliver(self) -> list[Shown]:
        """Send all that waits."""
        shown: list[Shown] = []
        while rows := await sending.sendable(self.reader, self.clock.shows, _MOST):
            marked = await self.writer.run(partial(sending.mark_sending, ids=[row for row, _ in rows]))
            for ready in marked.ready:
                self.messages += 1
                message = ready.edit_message or f"m{self.messages}"
                await self.writer.run(partial(sending.record_sent, id=ready.id, message=message, now=self.clock.shows))
                if isinstance(ready.outgoing, Say):
                    shown.append(Shown(ready.urn, message, ready.outgoing))
        return shown

    async def timed(self, work: Callable[[Tx], object], clock: Callable[[], float]) -> float:
        """Seconds that `work` takes in its transaction, without the way there and the commit."""

        def run(tx: Tx) -> float:
            began = clock()
            work(tx)
            return clock() - began

        return await self.writer.run(run)


@dataclass
class Person:
    """Somebody's chat: its messages with their buttons, by id, the newest last."""

    bot: Bot
    urn: str
    chat: dict[str, Say] = field(default_factory=dict)
    turns: int = 0

    async def hear(self) -> None:
        """Get what the clock wants to be said."""
        self._read(await self.bot.deliver())

    async def do(self, words: str) -> None:
        """Tap the newest button that reads so, or write it."""
        found = self._button(words)
        message, what = (None, Text(words)) if found is None else (found[0], Tap(found[1].data))
        await self._act(what, message)

    async def command(self, name: str) -> None:
        await self._act(Command(name), None)

    async def reflect(self) -> None:
        """Answer every question and send it. What was asked is under the newest buttons."""
        for words in (self.bot.program.texts.buttons("prompt.ask", "nl")[0], *REFLECTION, SENDING):
            await self.do(words)
        if "Verstuurd." not in self._newest.text:
            raise RuntimeError(f"the reflection was not sent; the bot said {self._newest.text!r}")

    @property
    def _newest(self) -> Say:
        return list(self.chat.values())[-1]

    async def _act(self, what: What, message: str | None) -> None:
        self.turns += 1
        self._read(await self.bot.turn(self.urn, what, message))

    def _read(self, shown: list[Shown]) -> None:
        self.chat.update((one.message, one.said) for one in shown if one.urn == self.urn)

    def _button(self, label: str) -> tuple[str, Button] | None:
        for message, said in reversed(self.chat.items()):
            for button in (one for row in said.buttons for one in row):
                if button.label == label:
                    return message, button
        return None
