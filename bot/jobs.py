"""Does the slow work that waits as rows, beside the loop."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import timedelta

from exports.course import Unwanted
from exports.request import RowsDoNotAddUp
from handlers.desk import Desk
from handlers.givenup import given_up
from handlers.work import Failed, Finish
from storage import jobs
from storage.database import Closed, Reader, Writer
from storage.jobs import Job
from storage.troubles import fault_name, is_storage_fault
from storage.tx import Tx

log = logging.getLogger(__name__)

Work = Callable[[Job], Awaitable[Finish]]
"""Does the work of one job; what it returns is kept in the transaction that closes the job."""

_LOOK_AGAIN_AFTER = 1.0
_AFTER_DISK_FAULT = timedelta(seconds=10)
_SIDE_BY_SIDE = 2


class Jobs:
    """Works until cancelled: some jobs side by side, each taken with a lease."""

    def __init__(
        self,
        writer: Writer,
        reader: Reader,
        desk: Callable[[], Desk],
        kinds: Mapping[str, Work],
        clear: Callable[[Job], None],
    ) -> None:
        """`clear` takes away, in a thread, what was made by work that nobody waits for any more."""
        self._writer = writer
        self._reader = reader
        self._desk = desk
        self._kinds = kinds
        self._clear = clear
        self._woken = asyncio.Event()
        self._looking = asyncio.Lock()
        """One lane looks; the others work or wait for it."""

    def wake(self) -> None:
        """There may be work."""
        self._woken.set()

    async def run(self) -> None:
        """Work until cancelled; a job that is cut off is taken up again at the next start."""
        await self._writer.run(self._release)
        async with asyncio.TaskGroup() as lanes:
            for _ in range(_SIDE_BY_SIDE):
                lanes.create_task(self._lane())

    async def _lane(self) -> None:
        while True:
            async with self._looking:
                job = await self._next()
            await self.do(job)

    async def _next(self) -> Job:
        """The next job, once there is one. Every commit wakes us: the writer is not kept for nothing."""
        while True:
            self._woken.clear()
            if await jobs.is_any_due(self._reader, self._desk().now):
                job = await self._writer.run(lambda tx: jobs.take(tx, self._desk().now))
                if job is not None:
                    return job
            # Not wait_for: Python 3.11's loses a cancellation that comes together with the wake.
            with suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_AGAIN_AFTER):
                    await self._woken.wait()

    async def do(self, job: Job) -> None:
        """Do work that was taken; what comes of it is kept, or that it failed."""
        try:
            finish = await self._kinds[job.kind](job)
            await self._writer.run(lambda tx: self._close(tx, job, finish))
        except Closed:
            raise
        except Unwanted:
            log.info("job %s (%s) was stopped", job.id, job.kind)
            await asyncio.to_thread(self._clear, job)
        except Exception as failure:
            if is_storage_fault(failure):
                await self._put_back(job, fault_name(failure))
                return
            reason, most_tries = _reason(failure)
            log.warning("job %s (%s) failed: %s", job.id, job.kind, reason)
            await self._writer.run(lambda tx: self._fail(tx, job, reason, most_tries))

    def _release(self, tx: Tx) -> None:
        desk = self._desk()
        for job in jobs.release_all(tx, desk.now):
            given_up(tx, desk, job)

    def _fail(self, tx: Tx, job: Job, reason: str, most_tries: int) -> None:
        desk = self._desk()
        if jobs.failed(tx, job, reason, desk.now, most_tries):
            given_up(tx, desk, job)

    async def _put_back(self, job: Job, fault: str) -> None:
        """The disk is to blame, not the job."""
        log.error("job %s (%s) waits for the disk: %s", job.id, job.kind, fault)
        await self._writer.run(lambda tx: jobs.put_back(tx, job, fault, self._desk().now + _AFTER_DISK_FAULT))

    def _close(self, tx: Tx, job: Job, finish: Finish) -> None:
        desk = self._desk()
        if jobs.wanted(tx, job.id) is None:
            raise Unwanted
        finish(tx, desk)
        jobs.done(tx, job.id, desk.now)


def _reason(failure: Exception) -> tuple[str, int]:
    """What is told of a failure, and after how many tries it is given up: of most nothing but its kind."""
    if isinstance(failure, RowsDoNotAddUp):
        # Counts, and nothing that anybody said; and they will not add up the next time.
        return f"{type(failure).__name__}: {failure}", 1
    if isinstance(failure, Failed):
        return str(failure), failure.most_tries
    return type(failure).__name__, jobs.MOST_TRIES
