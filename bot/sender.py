"""Carries the outbox to a channel: mark, send, record; paced, in order within a chat, honest about doubt."""

import asyncio
import logging
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from random import Random

from bot.channel import Channel, Delivered, Gone, Moved, NotDelivered, Refused, Unsure
from bot.pace import Pace
from fieldwork.messages import Clear
from storage import letters, passing, sending
from storage.database import Reader, Writer
from storage.sending import Ready
from storage.tx import Tx

log = logging.getLogger(__name__)

_LOOK_AGAIN_AFTER = 1.0
"""Seconds; short commands write rows beside us and cannot wake us."""
_MOST_AT_A_LOOK = 200
_FIRST_BACKOFF = timedelta(seconds=1)
_LONGEST_BACKOFF = timedelta(minutes=5)
_SEVERAL_CHATS = 2
_CLOCKS_DIFFER_LESS = timedelta(days=1)
"""A channel that tells a time further away tells nonsense."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the sender waits for what."""

    grace_after: timedelta = timedelta(minutes=2)
    """Before something that may have arrived is said again."""
    longest_grace_after: timedelta = timedelta(minutes=30)
    listen_after: timedelta = timedelta(seconds=10)
    """At the start nothing is said again before this long: answers that wait with the channel may prove it arrived."""
    finish_after: timedelta = timedelta(seconds=8)
    """What is still under way this long after the end is left, and is uncertain at the next start."""


@dataclass(slots=True)
class Counts:
    """What happened since the start."""

    sent: int = 0
    retried: int = 0
    uncertain: int = 0
    said_again: int = 0
    """Sent though it may have arrived before: the most that can have been shown twice."""
    refused: int = 0
    gone: int = 0


@dataclass(slots=True)
class _Limited:
    """Which chats the channel slowed down, and until when."""

    until: dict[str, datetime] = field(default_factory=dict)

    def add(self, urn: str, until: datetime, now: datetime) -> int:
        """How many chats are slowed down now."""
        self.until = {chat: end for chat, end in self.until.items() if end > now}
        self.until[urn] = until
        return len(self.until)


class Sender:
    """Sends until it is closed or cancelled. One per channel and database."""

    def __init__(
        self,
        writer: Writer,
        reader: Reader,
        channel: Channel,
        pace: Pace,
        now: Callable[[], datetime],
        *,
        unreachable: Callable[[Tx, str, datetime], object],
        random: Random,
        patience: Patience | None = None,
        not_cleared: Callable[[Tx, str, Clear], object],
    ) -> None:
        self._writer = writer
        self._reader = reader
        self._channel = channel
        self._pace = pace
        self._now = now
        self._unreachable = unreachable
        self._not_cleared = not_cleared
        self._random = random
        self._patience = patience or Patience()
        self._limited = _Limited()
        self._under_way: dict[int, asyncio.Task[None]] = {}
        self._failure: BaseException | None = None
        self._woken = asyncio.Event()
        self._closed = False
        self.counts = Counts()

    def wake(self) -> None:
        """There may be something to send; called in the loop's own thread."""
        self._woken.set()

    def close(self) -> None:
        """Begin nothing new; `run` returns when what is under way has ended."""
        self._closed = True
        self._woken.set()

    async def run(self) -> None:
        """Send until closed or cancelled; what is under way then gets some seconds to end."""
        now = self._now()
        await self._writer.run(partial(sending.recover, again_on=now + self._patience.grace_after))
        await self._writer.run(partial(letters.listen_first, until=now + self._patience.listen_after))
        try:
            while not self._closed:
                self._woken.clear()
                await self._wait(await self._begin())
                if self._failure is not None:
                    raise self._failure
        finally:
            await self._finish()

    async def _begin(self) -> float:
        """Begin whatever may go now; in how many seconds it is worth looking again."""
        chosen, wait = self._choose(await sending.sendable(self._reader, self._now(), _MOST_AT_A_LOOK))
        if chosen:
            marked = await self._writer.run(partial(sending.mark_sending, ids=chosen))
            for ready in marked.ready:
                task = asyncio.create_task(self._send(ready), name="send")
                self._under_way[ready.id] = task
                task.add_done_callback(partial(self._ended, ready.id))
            for row in marked.refused:
                self._note_refused(row, "its words cannot be read")
        return wait

    def _choose(self, sendable: Iterable[tuple[int, str]]) -> tuple[list[int], float]:
        """The rows that may go by the pace, which counts them, and how long until another may."""
        chosen, waits = [], [_LOOK_AGAIN_AFTER]
        for row, urn in sendable:
            if row in self._under_way:
                continue
            if delay := self._pace.delay(urn):
                waits.append(delay)
                continue
            self._pace.take(urn, row)
            chosen.append(row)
        return chosen, min(waits)

    async def _wait(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._woken.wait()

    def _ended(self, row: int, task: asyncio.Task[None]) -> None:
        del self._under_way[row]
        if not task.cancelled() and task.exception() is not None:
            self._failure = task.exception()
        self._woken.set()

    async def _finish(self) -> None:
        tasks = list(self._under_way.values())
        if not tasks:
            return
        _, late = await asyncio.wait(tasks, timeout=self._patience.finish_after.total_seconds())
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def _send(self, ready: Ready) -> None:
        """One row that is marked (commit): send, record (commit)."""
        self.counts.said_again += ready.in_doubt
        try:
            delivered = await self._say(ready)
        except NotDelivered as failure:
            await self._put_back(ready, failure.retry_after)
        except Unsure:
            await self._doubt(ready)
        except Gone:
            await self._give_up_on(ready.urn)
        except Moved as failure:
            await self._writer.run(partial(sending.record_moved, ready=ready, new_urn=failure.new_urn))
            log.warning("outbox %d: the chat has another address now", ready.id)
        except Refused as failure:
            if isinstance(ready.outgoing, Clear):
                await self._writer.run(partial(self._record_not_cleared, ready=ready, clear=ready.outgoing))
            else:
                await self._refuse(ready.id, failure.reason)
        except Exception as error:
            log.exception("outbox %d: our own fault while sending", ready.id)
            await self._refuse(ready.id, type(error).__name__)
        else:
            self.counts.sent += 1
            await self._writer.run(partial(self._record_sent, ready=ready, delivered=delivered))

    def _record_sent(self, tx: Tx, ready: Ready, delivered: Delivered) -> None:
        if sending.record_sent(tx, ready.id, delivered.message, self._sent_on(delivered)):
            passing.blank_arrived(tx)

    def _sent_on(self, delivered: Delivered) -> datetime:
        """By the channel's clock, so that a wrong one of ours does not put answers before their questions."""
        now = self._now()
        is_likely = delivered.on is not None and abs(delivered.on - now) < _CLOCKS_DIFFER_LESS
        return delivered.on if delivered.on is not None and is_likely else now

    async def _say(self, ready: Ready) -> Delivered:
        try:
            return await self._channel.send(ready.urn, ready.outgoing, ready.edit_message)
        finally:
            self._pace.landed(ready.urn, ready.id)

    async def _put_back(self, ready: Ready, retry_after: timedelta | None) -> None:
        self.counts.retried += 1
        now = self._now()
        if retry_after is None:
            wait = self._backoff(ready.tries)
        else:
            wait = retry_after * self._random.uniform(1.0, 1.1)
            self._slow_down(ready.urn, wait, now)
        await self._writer.run(partial(sending.record_not_delivered, ready=ready, not_before_on=now + wait))

    def _slow_down(self, urn: str, wait: timedelta, now: datetime) -> None:
        """One chat is slowed down by its own row; when several are, it is the limit of us all."""
        if self._limited.add(urn, now + wait, now) >= _SEVERAL_CHATS:
            self._pace.pause(wait.total_seconds())

    def _backoff(self, tries: int) -> timedelta:
        """Doubling to five minutes, a random half of it off so that chats do not come back together."""
        wait = min(_FIRST_BACKOFF * (1 << min(tries, 10)), _LONGEST_BACKOFF)
        return wait * self._random.uniform(0.5, 1.0)

    async def _doubt(self, ready: Ready) -> None:
        if ready.is_harmless_twice:
            await self._put_back(ready, None)
            return
        self.counts.uncertain += 1
        grace = self._patience.grace_after * (1 << min(ready.tries, 10))
        again_on = self._now() + min(grace, self._patience.longest_grace_after)
        await self._writer.run(partial(sending.record_uncertain, id=ready.id, again_on=again_on))

    async def _give_up_on(self, urn: str) -> None:
        self.counts.gone += 1
        await self._writer.run(partial(self._record_gone, urn=urn, now=self._now()))

    def _record_gone(self, tx: Tx, urn: str, now: datetime) -> None:
        sending.record_gone(tx, urn)
        self._unreachable(tx, urn, now)

    def _record_not_cleared(self, tx: Tx, ready: Ready, clear: Clear) -> None:
        """Messages that the channel does not delete are no fault of ours: the person reads so, nobody is alarmed."""
        letters.not_done(tx, ready.id, "not cleared")
        self._not_cleared(tx, ready.urn, clear)

    async def _refuse(self, row: int, reason: str) -> None:
        self._note_refused(row, reason)
        await self._writer.run(partial(sending.record_refused, id=row, reason=reason))

    def _note_refused(self, row: int, reason: str) -> None:
        self.counts.refused += 1
        log.error("outbox %d will never be taken: %s", row, reason)
