"""The updates that wait for the bot, handed out by long polling."""

import asyncio
import contextlib
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from bot.sandbox.refusals import conflict
from bot.sandbox.signals import Signal

KEPT_FOR = timedelta(hours=24)
# Telegram ignores an offset this far beyond the next id: it forgets nothing and reads from the head.
OFFSET_SLACK = 10
NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})

OTHER_POLLER = "terminated by other getUpdates request; make sure that only one bot instance is running"


@dataclass(frozen=True, slots=True)
class Update:
    """One update; `serial` counts arrivals and never restarts, unlike `id`."""

    serial: int
    id: int
    kind: str
    body: dict[str, object]
    chat_id: int
    on: datetime
    restarts: int

    def as_json(self) -> dict[str, object]:
        """The Bot API's Update object."""
        return {"update_id": self.id, self.kind: self.body}


class UpdateQueue:
    """Updates in order of arrival, kept until the bot confirms them or 24 hours have passed."""

    def __init__(self, now: Callable[[], datetime], first_id: int) -> None:
        self.changes = Signal()
        self.allowed: frozenset[str] = frozenset()
        self.twice = False
        self.held = 0
        """How many polls wait for an update."""
        self._now = now
        self._next_id = first_id
        self._restarts = 0
        self._serial = 0
        self._pending: OrderedDict[int, Update] = OrderedDict()
        self._delivered: deque[Update] = deque(maxlen=100)
        self._again: deque[Update] = deque()
        self._poller = 0
        self._ended_by = ""
        self._closed = False

    def __len__(self) -> int:
        return len(self._pending)

    def put(self, kind: str, body: dict[str, object], chat_id: int) -> None:
        """Adds an update, unless the bot did not ask for this kind."""
        wanted = kind in self.allowed if self.allowed else kind not in NOT_BY_DEFAULT
        if not wanted:
            return
        self._serial += 1
        self._pending[self._serial] = Update(
            self._serial, self._next_id, kind, body, chat_id, self._now(), self._restarts
        )
        self._next_id += 1
        self.changes.fire()

    def restart_ids(self, at: int) -> None:
        """Numbers the next updates from `at`, as Telegram does at random after a quiet week."""
        self._next_id = at
        self._restarts += 1

    def redeliver(self, last: int) -> int:
        """Hands out the `last` delivered updates once more, confirmed or not; returns how many there are."""
        repeated = list(self._delivered)[-last:] if last > 0 else []
        self._again.extend(repeated)
        self.changes.fire()
        return len(repeated)

    async def poll(self, offset: int, limit: int, seconds: float) -> list[Update]:
        """Up to `limit` updates, waiting up to `seconds` for one.

        Forgets what `offset` confirms. Refuses with a conflict when another poller comes after this one.
        """
        mine = self._take_turn(OTHER_POLLER)
        self._forget(offset)
        batch = self._hand_out(limit)
        self.held += 1
        try:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    while not batch and seconds > 0:
                        await self._next_change(mine)
                        batch = self._hand_out(limit)
        finally:
            self.held -= 1
        return batch

    def end_polling(self, reason: str) -> None:
        """Refuses the poller that waits, if there is one, with a conflict that gives `reason`."""
        self._take_turn(reason)

    def close(self) -> None:
        """Releases the poller that waits; it gets a ConnectionAbortedError."""
        self._closed = True
        self.changes.fire()

    def waiting(self) -> Iterator[Update]:
        """Everything that is not confirmed, oldest first, and what is to be delivered again."""
        self._forget_old()
        yield from self._again
        yield from self._pending.values()

    def confirm(self, update: Update) -> None:
        """Forgets one update, delivered by push."""
        if update in self._again:
            self._again.remove(update)
        elif self._pending.pop(update.serial, None):
            self._remember(update)
        self.changes.fire()

    def clear(self) -> None:
        """Forgets everything that waits."""
        self._pending.clear()
        self._again.clear()

    def _take_turn(self, reason: str) -> int:
        self._poller += 1
        self._ended_by = reason
        self.changes.fire()
        return self._poller

    async def _next_change(self, poller: int) -> None:
        await self.changes.beyond(self.changes.count)
        if self._closed:
            raise ConnectionAbortedError("the sandbox is closing")
        if self._poller != poller:
            raise conflict(self._ended_by)

    def _forget(self, offset: int) -> None:
        self._forget_old()
        if offset < 0:
            for serial in list(islice(self._pending, max(0, len(self._pending) + offset))):
                del self._pending[serial]
        while self._pending and self._confirmed(next(iter(self._pending.values())), offset):
            self._pending.popitem(last=False)

    def _confirmed(self, update: Update, offset: int) -> bool:
        beyond = offset > self._next_id + OFFSET_SLACK
        return update.id < offset and not (beyond and update.restarts == self._restarts)

    def _forget_old(self) -> None:
        oldest = self._now() - KEPT_FOR
        while self._pending and next(iter(self._pending.values())).on < oldest:
            self._pending.popitem(last=False)

    def _hand_out(self, limit: int) -> list[Update]:
        batch = [self._again.popleft() for _ in range(min(limit, len(self._again)))]
        fresh = list(islice(self._pending.values(), limit - len(batch)))
        for update in fresh:
            self._remember(update)
        return batch + fresh

    def _remember(self, update: Update) -> None:
        if self._delivered and update.serial <= self._delivered[-1].serial:
            return
        self._delivered.append(update)
        if self.twice:
            self._again.append(update)
