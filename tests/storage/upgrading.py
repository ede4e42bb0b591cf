"""Upgrades databases in processes that are killed on the way, or that race each other, and compares what comes of it.

Run with `python -m tests.storage.upgrading kill FOLDER MOST OLD ...`, or `race FOLDER PROCESSES OLD KEY`. OLD is a
database in an earlier schema, or empty for none. Prints how often each was killed, or how the racers ended.
"""

import os
import shutil
import signal
import sys
from pathlib import Path

from storage import migrate as migration
from storage.connection import Database, Where, open_for_writing
from storage.database import snapshot
from storage.driver import Connection
from storage.migrate import migrate

Kept = dict[str, list[tuple[object, ...]]]


def kept_in(database: Database) -> Kept:
    """Every row of every table, the schema, and the file's marks."""
    with snapshot(database) as rows:
        tables = [str(row["name"]) for row in rows.all("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        asked = {name: f"SELECT * FROM {name} ORDER BY 1, 2" for name in tables}
        asked["schema"] = "SELECT type, name, sql FROM sqlite_schema ORDER BY name"
        asked |= {mark: f"PRAGMA {mark}" for mark in ("user_version", "application_id", "foreign_key_check")}
        return {name: [tuple(row) for row in rows.all(sql)] for name, sql in asked.items()}


def lay_down(old: Path | None, work: Path) -> None:
    """Put the earlier database, or nothing, in the place of the one to upgrade."""
    for ending in ("", "-wal", "-shm"):
        work.with_name(work.name + ending).unlink(missing_ok=True)
    if old is not None:
        shutil.copyfile(old, work)


class Moments:
    """Counts the moments of an upgrade, and ends the process at one of them."""

    def __init__(self, operations: int, last: int = 0) -> None:
        self._operations = operations
        self._last = last
        self.passed = 0

    def open(self, where: Where) -> Connection:
        """A connection whose moments are counted."""
        connection = open_for_writing(where)
        if self._operations:
            connection.set_progress_handler(self._pass, self._operations)
        else:
            connection.set_trace_callback(self._pass)
        return connection

    def _pass(self, *_: str) -> int:
        self.passed += 1
        if self.passed == self._last:
            os.kill(os.getpid(), signal.SIGKILL)
        return 0


def kill_everywhere(old: Path | None, database: Database, expected: Kept, operations: int, most: int) -> int:
    """Kill an upgrade at every moment, or at so many that lie evenly; how many there were.

    A moment is the beginning of a statement, or with `operations` the end of so many operations of SQLite's machine.
    """
    lay_down(old, database.path)
    moments = Moments(operations)
    vars(migration)["open_for_writing"] = moments.open
    migrate(database)
    vars(migration)["open_for_writing"] = open_for_writing
    wanted = sorted({1 + (2 * number + 1) * moments.passed // (2 * most) for number in range(most)})
    for moment in wanted:
        lay_down(old, database.path)
        assert _killed_at(Moments(operations, moment), database)
        migrate(database)
        assert kept_in(database) == expected, f"killed at {moment}"
    return len(wanted)


def _killed_at(moments: Moments, database: Database) -> bool:
    child = os.fork()
    if child == 0:
        vars(migration)["open_for_writing"] = moments.open
        migrate(database)
        os._exit(0)
    return _ended(child) == -signal.SIGKILL


def race(database: Database, processes: int) -> list[int]:
    """Upgrade in so many processes that begin at the same moment; how each ended."""
    hold, release = os.pipe()
    children = [_racer(database, hold, release) for _ in range(processes)]
    os.close(release)
    os.close(hold)
    return [_ended(child) for child in children]


def _racer(database: Database, hold: int, release: int) -> int:
    child = os.fork()
    if child == 0:
        os.close(release)
        # Returns when the other end is let go: the starting shot.
        os.read(hold, 1)
        migrate(database)
        os._exit(0)
    return child


def _ended(child: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def main() -> None:
    """Compare with what an undisturbed upgrade gives."""
    what, folder, number, *words = sys.argv[1:]
    if what == "kill":
        found = [_killed(Path(folder), Path(old) if old else None, int(number)) for old in words]
    else:
        old, key = words
        database, expected = _undisturbed(Path(folder), Path(old) if old else None, key or None)
        found = race(database, int(number))
        assert kept_in(database) == expected
    sys.stdout.write(f"{found}\n")


def _killed(folder: Path, old: Path | None, most: int) -> int:
    database, expected = _undisturbed(folder, old, None)
    return kill_everywhere(old, database, expected, 0, most)


def _undisturbed(folder: Path, old: Path | None, key: str | None) -> tuple[Database, Kept]:
    """A database to upgrade, and what an undisturbed upgrade makes of it."""
    undisturbed, database = (Database(folder / name, key) for name in ("undisturbed.db", "terugblik.db"))
    lay_down(old, undisturbed.path)
    migrate(undisturbed)
    lay_down(old, database.path)
    return database, kept_in(undisturbed)


if __name__ == "__main__":
    main()
