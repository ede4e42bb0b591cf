"""One thread writes, and lets those who wait together share a commit; readers see committed rows only."""

import asyncio
import logging
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar, cast

import aiosqlite

from storage.connection import Where, open_for_reading, open_for_writing
from storage.driver import Connection, DatabaseError, Row, Value
from storage.troubles import Trouble, fault_name, is_storage_fault, trouble_of
from storage.tx import Tx

log = logging.getLogger(__name__)

T = TypeVar("T")
_ENOUGH_FOR_ONE_COMMIT = 200
_PAUSE_AFTER_FAULT = 0.5
_ROWS_AT_ONCE = 64


class Closed(Exception):
    """The database was closed before this could be committed; nothing of it is kept."""


class Busy(Exception):
    """Somebody still reads what was there before."""


class _Wish(Generic[T]):
    """One transaction function, waiting for its turn and then for its commit."""

    def __init__(self, work: Callable[[Tx], T], future: asyncio.Future[T]) -> None:
        self.work = work
        self.future = future
        self.changed = False
        """Whether rows were changed that are not undone."""
        self._outcome: T | None = None
        self._failure: Exception | None = None

    def carry_out(self, connection: Connection) -> None:
        """Run inside a savepoint: a failure of the work undoes the work alone."""
        self._failure, self.changed = None, False
        before = connection.total_changes
        connection.execute("SAVEPOINT wish")
        try:
            self._outcome = self.work(Tx(connection))
            self.changed = connection.total_changes != before
        except Exception as failure:
            if is_storage_fault(failure) or not connection.in_transaction:
                raise
            connection.execute("ROLLBACK TO wish")
            self._failure = failure
        connection.execute("RELEASE wish")

    def settle(self) -> None:
        """Tell who waits; only after the commit."""
        _settle(self.future, self._failure, cast(T, self._outcome))


class _Compaction:
    """The file is to be written anew, between two commits."""

    def __init__(self, future: asyncio.Future[None]) -> None:
        self.future = future
        self._failure: Exception | None = None

    def carry_out(self, connection: Connection) -> None:
        try:
            connection.execute("VACUUM")
            if connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
                self._failure = Busy()
        except Exception as failure:
            self._failure = failure

    def settle(self) -> None:
        _settle(self.future, self._failure, None)


def _settle(future: asyncio.Future[T], failure: Exception | None, outcome: T) -> None:
    """Tell who waits, if they still do; in the loop's thread."""
    if future.done():
        return
    if failure is not None:
        future.set_exception(failure)
    else:
        future.set_result(outcome)


class Writer:
    """Owns the only connection that writes while the bot runs.

    `after_commit` is called in the loop when rows changed, after those who waited for them were told.
    """

    def __init__(self, where: Where, after_commit: Callable[[], None] = lambda: None) -> None:
        self._where = where
        self._after_commit = after_commit
        self._gathered: list[_Wish[object]] = []
        """What was wished for in this turn of the loop."""
        self._orders: SimpleQueue[list[_Wish[object]] | _Compaction | None] = SimpleQueue()
        self._closing = threading.Event()
        self.fault: str | None = None
        """Why nothing can be committed just now; None while all is well."""

    async def __aenter__(self) -> "Writer":
        self._loop = asyncio.get_running_loop()
        connection = await asyncio.to_thread(open_for_writing, self._where)
        self._thread = threading.Thread(target=self._serve, args=(connection,), name="writer")
        self._thread.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._closing.set()
        self._hand_over()
        self._orders.put(None)
        await asyncio.to_thread(self._thread.join)

    async def run(self, work: Callable[[Tx], T]) -> T:
        """Do `work` in a transaction and return when it is on disk.

        What `work` raises comes back here and leaves nothing behind. A full disk or a lock is waited out.
        A cancelled caller changes nothing: the work still runs whole or not at all.
        """
        if self._closing.is_set():
            raise Closed
        future: asyncio.Future[T] = self._loop.create_future()
        if not self._gathered:
            self._loop.call_soon(self._hand_over)
        self._gathered.append(cast("_Wish[object]", _Wish(work, future)))
        return await future

    def _hand_over(self) -> None:
        """Once in a turn of the loop, or the thread would begin a commit for who came first alone."""
        if self._gathered:
            self._orders.put(self._gathered)
            self._gathered = []

    async def compact(self) -> None:
        """Write the file anew without what was deleted, and empty the log beside it.

        Raises Busy where a reader still holds on to what was; try again later.
        """
        if self._closing.is_set():
            raise Closed
        order = _Compaction(self._loop.create_future())
        self._hand_over()
        self._orders.put(order)
        await order.future

    def _serve(self, connection: Connection) -> None:
        try:
            while (batch := self._next_batch()) is not None:
                if isinstance(batch, _Compaction):
                    batch.carry_out(connection)
                    self._loop.call_soon_threadsafe(batch.settle)
                else:
                    self._commit(connection, batch)
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            connection.close()

    def _next_batch(self) -> "list[_Wish[object]] | _Compaction | None":
        """Wait for wishes and take those that queue behind them; None when closed and empty."""
        first = self._orders.get()
        if first is None or isinstance(first, _Compaction):
            return first
        batch = first
        while len(batch) < _ENOUGH_FOR_ONE_COMMIT:
            try:
                more = self._orders.get_nowait()
            except Empty:
                break
            if more is None or isinstance(more, _Compaction):
                self._orders.put(more)
                break
            batch.extend(more)
        return batch

    def _commit(self, connection: Connection, batch: list[_Wish[object]]) -> None:
        """Try until the batch is on disk; give up only when the database closes meanwhile."""
        while True:
            try:
                _carry_out_together(connection, batch)
            except Exception as error:
                # SQLite's own, or of a file that the work touched: whichever it is, everything was undone.
                self._note_fault(error)
                if self._closing.wait(_PAUSE_AFTER_FAULT):
                    self._loop.call_soon_threadsafe(_refuse, batch)
                    return
                continue
            self._note_recovery()
            self._loop.call_soon_threadsafe(self._tell, batch)
            return

    def _tell(self, batch: list[_Wish[object]]) -> None:
        """All of them at once: waking the loop costs more than telling one."""
        for wish in batch:
            wish.settle()
        if any(wish.changed for wish in batch):
            self._after_commit()

    def _note_fault(self, error: Exception) -> None:
        if self.fault is None:
            log.error("nothing can be kept just now (%s); waiting, nothing is lost", fault_name(error))
        self.fault = fault_name(error)

    def _note_recovery(self) -> None:
        if self.fault is not None:
            log.warning("the database can be written to again")
        self.fault = None


def _carry_out_together(connection: Connection, batch: list[_Wish[object]]) -> None:
    try:
        if connection.in_transaction:
            # The last one could not even be undone.
            connection.execute("ROLLBACK")
        connection.execute("BEGIN IMMEDIATE")
        for wish in batch:
            wish.carry_out(connection)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _refuse(batch: list[_Wish[object]]) -> None:
    for wish in batch:
        _settle(wish.future, Closed(), None)


class Reader:
    """Committed rows for the event loop, over connections that cannot write."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection

    async def all(self, sql: str, **values: Value) -> list[Row]:
        """Every row of a query. A fault of the disk is waited out."""
        while True:
            try:
                return list(await self._connection.execute_fetchall(sql, values))
            except DatabaseError as error:
                if trouble_of(error) is Trouble.READ_ONLY or not is_storage_fault(error):
                    raise
                fault = fault_name(error)
            log.error("nothing can be read just now (%s); waiting", fault)
            await asyncio.sleep(_PAUSE_AFTER_FAULT)

    async def one(self, sql: str, **values: Value) -> Row | None:
        """The first row of a query, or None."""
        rows = await self.all(sql, **values)
        return rows[0] if rows else None


@asynccontextmanager
async def reading(where: Where) -> AsyncIterator[Reader]:
    """A reader for as long as the block lasts; an unclosed one would keep the process alive."""
    async with aiosqlite.Connection(lambda: open_for_reading(where), _ROWS_AT_ONCE) as connection:
        yield Reader(connection)


@contextmanager
def snapshot(where: Where) -> Iterator[Tx]:
    """One consistent state of the database, for work that reads much and runs in a thread."""
    connection = open_for_reading(where)
    try:
        connection.execute("BEGIN")
        yield Tx(connection)
    finally:
        connection.close()


@contextmanager
def transaction(where: Where) -> Iterator[Tx]:
    """A transaction of a short command, beside a bot that may be running on the same file."""
    connection = open_for_writing(where, checkpoints=False)
    try:
        connection.execute("BEGIN IMMEDIATE")
        yield Tx(connection)
        connection.execute("COMMIT")
    finally:
        connection.close()
