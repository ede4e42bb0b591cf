"""One writer, whole transactions: what returns is on disk, what fails leaves nothing, what must wait waits."""

import asyncio
import errno
import resource
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from random import Random

import pytest
import pytest_asyncio

import storage.database
from storage.connection import Database, open_for_writing
from storage.database import Closed, Writer, reading, snapshot, transaction
from storage.driver import Connection, DatabaseError
from storage.tx import Tx
from tests.reliability.instead import instead


class Wake:
    """Counts how often the writer says that rows changed."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> None:
        self.times += 1


@pytest.fixture
def path(tmp_path: Path, key: str | None) -> Database:
    """A database with one table."""
    file = Database(tmp_path / "small.db", key)
    with transaction(file) as tx:
        tx.run("CREATE TABLE word (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT")
        tx.run("CREATE TABLE ballast (bytes BLOB NOT NULL) STRICT")
    return file


@pytest.fixture
def wake() -> Wake:
    return Wake()


@pytest_asyncio.fixture
async def writer(path: Database, wake: Wake) -> AsyncIterator[Writer]:
    with instead(storage.database, "_PAUSE_AFTER_FAULT", 0.005):
        async with Writer(path, wake) as writer:
            yield writer


def say(text: str) -> Callable[[Tx], int]:
    """A transaction function that keeps a word; its id."""
    return lambda tx: tx.add("INSERT INTO word (text) VALUES (:text) RETURNING id", text=text)


def words(path: Database) -> list[str]:
    """What another connection sees."""
    with snapshot(path) as rows:
        return [row["text"] for row in rows.all("SELECT text FROM word ORDER BY id")]


@contextmanager
def locked(path: Database) -> Iterator[Connection]:
    """Another program holds the write lock for as long as the block lasts."""
    connection = open_for_writing(path)
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield connection
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        connection.close()


async def until(holds: Callable[[], bool]) -> None:
    """Return once it holds."""
    async with asyncio.timeout(30):
        while True:
            if holds():
                return
            await asyncio.sleep(0.002)


async def impatient(writer: Writer) -> None:
    """Let a lock be told after ten milliseconds instead of five seconds."""
    await writer.run(lambda tx: tx.one("PRAGMA busy_timeout=10"))


async def test_what_returns_is_seen_by_everyone(path: Database, writer: Writer) -> None:
    assert await writer.run(say("koffie")) == 1
    assert words(path) == ["koffie"]


async def test_nothing_returns_before_the_commit(path: Database, writer: Writer) -> None:
    with locked(path):
        running = asyncio.create_task(writer.run(say("koffie")))
        await asyncio.wait([running], timeout=0.05)
        assert not running.done()
        assert words(path) == []
    assert await running == 1


async def test_a_failing_function_leaves_nothing_and_its_failure_comes_back(path: Database, writer: Writer) -> None:
    def fail(tx: Tx) -> None:
        say("half")(tx)
        raise ZeroDivisionError("on purpose")

    with pytest.raises(ZeroDivisionError, match="on purpose"):
        await writer.run(fail)
    with pytest.raises(DatabaseError, match="UNIQUE"):
        await writer.run(lambda tx: (say("twice")(tx), say("twice")(tx)))
    assert words(path) == []
    assert writer.fault is None
    assert await writer.run(say("whole")) == 1


async def test_those_that_wait_together_share_a_commit_and_one_failure_is_its_own(
    path: Database, writer: Writer, wake: Wake
) -> None:
    def fail(tx: Tx) -> int:
        say("half")(tx)
        raise ZeroDivisionError

    with locked(path):
        held = asyncio.create_task(writer.run(say("held")))
        await asyncio.wait([held], timeout=0.05)
        others = [asyncio.create_task(writer.run(work)) for work in (say("first"), fail, say("last"))]
        await asyncio.wait(others, timeout=0.05)
    await held
    first, failure, last = await asyncio.gather(*others, return_exceptions=True)
    assert (first, last) == (2, 3)
    assert isinstance(failure, ZeroDivisionError)
    assert words(path) == ["held", "first", "last"]
    # One commit for who came first and one for the others; fewer where the thread came late.
    assert wake.times <= 2


async def test_one_alone_is_committed_at_once_and_a_crowd_with_one_commit(
    path: Database, writer: Writer, wake: Wake
) -> None:
    for number in range(1, 4):
        await writer.run(say(f"alone {number}"))
        assert len(words(path)) == number, "nobody had to come for it to be kept"
    begun, may_end = threading.Event(), threading.Event()

    def hold(tx: Tx) -> None:
        say("held")(tx)
        begun.set()
        may_end.wait(30)

    held = asyncio.create_task(writer.run(hold))
    await asyncio.to_thread(begun.wait, 30)
    crowd = [asyncio.create_task(writer.run(say(f"word {number}"))) for number in range(100)]
    await asyncio.sleep(0)
    may_end.set()
    await asyncio.gather(held, *crowd)
    commits = await writer.run(lambda tx: wake.times)
    assert (commits, len(words(path))) == (3 + 1 + 1, 3 + 1 + 100)


async def test_many_at_once_are_all_kept_once_in_their_order(path: Database, writer: Writer) -> None:
    ids = await asyncio.gather(*(writer.run(say(f"word {number}")) for number in range(500)))
    assert ids == list(range(1, 501))
    assert words(path) == [f"word {number}" for number in range(500)]


async def test_callers_cancelled_at_any_moment_leave_whole_work_or_none_and_never_a_wedged_writer(
    path: Database, writer: Writer
) -> None:
    def twice(number: int) -> Callable[[Tx], int]:
        return lambda tx: say(f"{number} a")(tx) + say(f"{number} b")(tx)

    random = Random(7)
    results: list[int | BaseException] = []
    for round_ in range(10):
        tasks = [asyncio.create_task(writer.run(twice(round_ * 150 + number))) for number in range(150)]
        for task in random.sample(tasks, len(tasks)):
            if random.random() < 0.5:
                task.cancel()
            if random.random() < 0.2:
                await asyncio.sleep(random.choice((0, 0, 0.001)))
        results += await asyncio.gather(*tasks, return_exceptions=True)
        async with asyncio.timeout(30):
            await writer.run(lambda tx: tx.all("SELECT 1 FROM word"))
    cancelled = [isinstance(result, asyncio.CancelledError) for result in results]
    assert 50 < sum(cancelled) < len(results)
    found = words(path)
    assert {word[:-2] for word in found if word.endswith("a")} == {word[:-2] for word in found if word.endswith("b")}
    assert {str(number) for number, result in enumerate(results) if isinstance(result, int)} <= {
        word[:-2] for word in found
    }


async def test_a_locked_database_is_waited_out_and_is_nobodys_failure(path: Database, writer: Writer) -> None:
    calls = []

    def count(tx: Tx) -> int:
        calls.append(1)
        return say("koffie")(tx)

    await impatient(writer)
    with locked(path):
        running = asyncio.create_task(writer.run(count))
        await until(lambda: writer.fault is not None)
        assert "locked" in (writer.fault or "")
        assert not running.done()
    assert await running == 1
    assert (len(calls), writer.fault) == (1, None)


async def test_a_full_disk_is_waited_out_until_there_is_room(path: Database, writer: Writer) -> None:
    with transaction(path) as tx:
        tx.run("INSERT INTO ballast (bytes) VALUES (zeroblob(1000000))")

    def full(tx: Tx) -> None:
        pages = tx.one("PRAGMA page_count")
        assert pages is not None
        tx.one(f"PRAGMA max_page_count={pages[0]}")

    await writer.run(full)
    running = asyncio.create_task(writer.run(say("x" * 500_000)))
    await until(lambda: writer.fault is not None)
    assert "full" in (writer.fault or "")
    with transaction(path) as tx:
        tx.run("DELETE FROM ballast")
    assert await running == 1
    assert (len(words(path)), writer.fault) == (1, None)


@contextmanager
def no_file_grows_beyond(size: int) -> Iterator[None]:
    """The system refuses to write behind this place of any file, as it does where a disk is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


async def test_a_disk_that_takes_no_more_in_the_middle_of_a_commit_is_waited_out(
    path: Database, writer: Writer
) -> None:
    said = [f"{number} " * 1500 for number in range(9)]
    await writer.run(say("before"))
    log = path.path.with_name("small.db-wal")
    with no_file_grows_beyond(log.stat().st_size + 3 * 4096):
        tasks = [asyncio.create_task(writer.run(say(text))) for text in said]
        await until(lambda: writer.fault is not None)
        assert not tasks[-1].done()
    await asyncio.gather(*tasks)
    assert words(path) == ["before", *said]
    assert writer.fault is None


async def test_a_file_that_a_function_cannot_write_for_want_of_room_is_waited_out_and_nothing_is_done_twice(
    path: Database, writer: Writer
) -> None:
    left = [errno.ENOSPC, errno.EIO, errno.EMFILE]

    def beside_a_file(tx: Tx) -> int:
        kept = say("with a file")(tx)
        if left:
            raise OSError(left.pop(), "made to fail")
        return kept

    first, other = asyncio.create_task(writer.run(beside_a_file)), asyncio.create_task(writer.run(say("beside it")))
    await until(lambda: writer.fault is not None)
    assert (await first, await other) == (1, 2)
    assert words(path) == ["with a file", "beside it"]
    assert (left, writer.fault) == ([], None)
    with pytest.raises(FileNotFoundError):
        await writer.run(lambda tx: (say("half")(tx), Path("/nowhere/at/all").read_bytes()))
    assert await writer.run(say("goes on")) == 3


async def test_a_transaction_that_cannot_even_be_undone_is_begun_anew(path: Database, writer: Writer) -> None:
    opened: list[Connection] = []
    await writer.run(lambda tx: opened.append(tx._connection))
    opened[0].execute("BEGIN")
    opened[0].execute("INSERT INTO word (text) VALUES ('left behind')")
    assert await writer.run(say("anew")) == 1
    assert words(path) == ["anew"]


async def test_a_file_that_turns_read_only_is_waited_out(path: Database, writer: Writer) -> None:
    opened: list[Connection] = []

    def turn(tx: Tx) -> None:
        opened.append(tx._connection)
        tx.one("PRAGMA query_only=ON")

    await writer.run(turn)
    running = asyncio.create_task(writer.run(say("meanwhile")))
    await until(lambda: writer.fault is not None)
    assert "readonly" in (writer.fault or "")
    assert words(path) == []
    opened[0].execute("PRAGMA query_only=OFF")
    assert await running == 1
    assert (words(path), writer.fault) == (["meanwhile"], None)


async def test_after_closing_everything_is_refused_and_what_was_asked_before_is_kept(path: Database) -> None:
    async with Writer(path) as writer:
        running = [asyncio.create_task(writer.run(say(f"word {number}"))) for number in range(50)]
        await asyncio.sleep(0)
    assert await asyncio.gather(*running) == list(range(1, 51))
    with pytest.raises(Closed):
        await writer.run(say("late"))
    assert len(words(path)) == 50


async def test_closing_while_nothing_can_be_committed_refuses_what_waits(path: Database) -> None:
    with ExitStack() as lock:
        async with Writer(path) as writer:
            await impatient(writer)
            lock.enter_context(locked(path))
            waiting = asyncio.create_task(writer.run(say("koffie")))
            await until(lambda: writer.fault is not None)
        with pytest.raises(Closed):
            await waiting
    assert words(path) == []


async def test_changed_rows_are_told_once_per_commit_and_nothing_else_is(writer: Writer, wake: Wake) -> None:
    await writer.run(lambda tx: tx.run("DELETE FROM word"))
    with suppress(ZeroDivisionError):
        await writer.run(lambda tx: say("half")(tx) / 0)
    await writer.run(lambda tx: tx.all("SELECT * FROM word"))
    assert wake.times == 0
    await writer.run(say("koffie"))
    await writer.run(lambda tx: tx.all("SELECT * FROM word"))
    assert wake.times == 1


async def test_readers_see_what_is_committed_and_cannot_write(path: Database, writer: Writer) -> None:
    async with reading(path) as reader:
        assert await reader.one("SELECT text FROM word") is None
        await writer.run(say("koffie"))
        row = await reader.one("SELECT text FROM word WHERE id = :id", id=1)
        assert row is not None
        assert row["text"] == "koffie"
        with pytest.raises(DatabaseError, match="readonly"):
            await reader.all("DELETE FROM word")
    with snapshot(path) as rows, pytest.raises(DatabaseError, match="readonly"):
        rows.run("DELETE FROM word")
    assert words(path) == ["koffie"]


async def test_a_snapshot_stays_as_it_was(path: Database, writer: Writer) -> None:
    await writer.run(say("before"))
    with snapshot(path) as rows:
        assert len(rows.all("SELECT * FROM word")) == 1
        await writer.run(say("meanwhile"))
        assert len(rows.all("SELECT * FROM word")) == 1
    assert words(path) == ["before", "meanwhile"]


async def test_a_short_command_writes_beside_the_running_writer(path: Database, writer: Writer) -> None:
    await writer.run(say("bot"))
    with transaction(path) as tx:
        say("command")(tx)
    await writer.run(say("bot again"))
    assert words(path) == ["bot", "command", "bot again"]


def test_a_short_command_that_fails_leaves_nothing(path: Database) -> None:
    with pytest.raises(ZeroDivisionError), transaction(path) as tx:
        say("half")(tx)
        raise ZeroDivisionError
    assert words(path) == []


async def test_a_closed_writer_leaves_no_log_beside_the_file(path: Database) -> None:
    async with Writer(path) as writer:
        await writer.run(say("koffie"))
    log = path.path.with_name("small.db-wal")
    assert not log.exists() or log.stat().st_size == 0


async def test_a_writer_that_cannot_open_its_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match="unable to open"):
        async with Writer(tmp_path / "nowhere" / "small.db") as writer:
            async with asyncio.timeout(30):
                await writer.run(say("koffie"))
