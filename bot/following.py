"""Follows long work in its thread: says how far it is, keeps its lease, and stops it when nobody wants it any more."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from exports.course import Told, Unwanted
from handlers.delivery.course import tell_course
from handlers.desk import Desk
from handlers.work import Finish
from storage.database import Closed, Writer
from storage.jobs import Job
from storage.tx import Tx

SAID_EVERY = 2.0
"""Seconds between two words about how far it is."""


class _Between:
    """What the thread and the loop tell one another."""

    def __init__(self) -> None:
        self.stopped = threading.Event()
        self.course = (0, 0)
        self.said_at: float | None = None
        """When the message about the work was last changed, on the loop's own clock."""

    def note(self, done: int, total: int) -> None:
        """In the thread: so far. Raises Unwanted when it is to stop."""
        if self.stopped.is_set():
            raise Unwanted
        self.course = (done, total)


async def followed(
    work: Callable[[Told], Finish], job: Job, writer: Writer, desk: Callable[[], Desk], said_every: float = SAID_EVERY
) -> Finish:
    """Do the work in a thread. Raises Unwanted when it was stopped; a cancelled caller stops it, too.

    What was done a moment after the last word about it is handed on when that has stood for `said_every`: its last
    words change the same message.
    """
    between = _Between()
    teller = asyncio.create_task(_tell(between, job, writer, desk, said_every))
    try:
        finish = await asyncio.to_thread(work, between.note)
        teller.cancel()
        if between.said_at is not None:
            await asyncio.sleep(between.said_at + said_every - asyncio.get_running_loop().time())
        return finish
    finally:
        between.stopped.set()
        teller.cancel()


async def _tell(between: _Between, job: Job, writer: Writer, desk: Callable[[], Desk], said_every: float) -> None:
    with suppress(Closed):
        while await asyncio.sleep(said_every, True):
            done, total = between.course
            if total and "said" in job.detail:
                between.said_at = asyncio.get_running_loop().time()
            if not await writer.run(partial(_told, desk, job, done, total)):
                between.stopped.set()
                return


def _told(desk: Callable[[], Desk], job: Job, done: int, total: int, tx: Tx) -> bool:
    return tell_course(tx, desk(), job, done, total)
