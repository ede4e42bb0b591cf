"""Takes updates from the inbox to their handlers: chats side by side, in order within a chat."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from itertools import groupby

from bot.channel import Messenger
from bot.pace import Allowance
from fieldwork.messages import Incoming
from handlers.desk import Desk
from handlers.dispatch import ask_for_patience
from handlers.receive import Toast, receive, set_aside
from storage import inbox
from storage.database import Closed, Reader, Writer
from storage.inbox import Waiting

log = logging.getLogger(__name__)

_MOST_AT_ONCE = 500
_LOOK_AGAIN_AFTER = 1.0


class Worker:
    """Handles what waits in the inbox until cancelled."""

    def __init__(
        self,
        writer: Writer,
        reader: Reader,
        messenger: Messenger,
        desk: Callable[[], Desk],
        allowance: Allowance,
    ) -> None:
        self._allowance = allowance
        self._writer = writer
        self._reader = reader
        self._messenger = messenger
        self._desk = desk
        self._woken = asyncio.Event()
        self._toasts: set[asyncio.Task[None]] = set()

    def wake(self) -> None:
        """There may be something in the inbox."""
        self._woken.set()

    async def run(self) -> None:
        """Handle until cancelled; what is in hand is finished first."""
        while True:
            self._woken.clear()
            rows = await inbox.waiting(self._reader, _MOST_AT_ONCE, self._allowance.spent())
            by_chat = groupby(sorted(rows, key=lambda row: row.chat), key=lambda row: row.chat)
            await asyncio.gather(*(self._chat(list(chat)) for _, chat in by_chat))
            if not rows:
                # Not wait_for: Python 3.11's loses a cancellation that comes together with the wake.
                with suppress(TimeoutError):
                    async with asyncio.timeout(_LOOK_AGAIN_AFTER):
                        await self._woken.wait()

    async def _chat(self, rows: list[Waiting]) -> None:
        """One chat's updates, the oldest first; what fails or comes too fast leaves the rest for another round."""
        for row in rows:
            if not self._allowance.take(row.chat):
                await self._ask_for_patience(row.chat)
                return
            if not await self._handle(row):
                return

    async def _ask_for_patience(self, chat: str) -> None:
        if self._allowance.may_tell(chat):
            log.warning("somebody sends more than is handled at once; it waits its turn")
            await self._writer.run(lambda tx: ask_for_patience(tx, self._desk(), chat))

    async def _handle(self, row: Waiting) -> bool:
        """Whether the update is handled."""
        incoming: Incoming | None = None
        try:
            incoming = self._messenger.read(row.raw, row.received_on)
            toast = await self._writer.run(lambda tx: receive(tx, self._desk(), row.id, incoming))
        except Closed:
            raise
        except Exception as failure:
            kind = type(failure).__name__
            log.warning("update %s could not be handled: %s", row.id, kind)
            await self._writer.run(lambda tx: set_aside(tx, self._desk(), row.id, kind, incoming, row.chat))
            return False
        if toast is not None:
            self._answer(toast)
        return True

    def _answer(self, toast: Toast) -> None:
        """The one thing that is said outside the outbox; nobody waits for it and it is never tried again."""
        task = asyncio.create_task(self._messenger.answer_tap(toast.key, toast.text))
        self._toasts.add(task)
        task.add_done_callback(self._toasts.discard)
