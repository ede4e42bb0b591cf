"""Opens SQLite files; the one module that names the driver."""

import errno
import hashlib
import json
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

APPLICATION_ID = 0x54455255
"""'TERU' in the file's header, so that `file` and we know whose it is."""

Row = sqlite3.Row
Value = str | int | float | bytes | None
Connection = sqlite3.Connection
DatabaseError = sqlite3.Error
VERSION = sqlite3.sqlite_version

_FAULTS = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_PROTOCOL,
}
_DISK_FAULTS = {errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS, errno.EMFILE, errno.ENFILE}


class Rows(Protocol):
    """Something that answers a SELECT with named parameters."""

    def all(self, sql: str, **values: Value) -> Sequence[Row]: ...

    def one(self, sql: str, **values: Value) -> Row | None: ...


class Tx:
    """A transaction under way, or a snapshot to read: SQL in, rows out. It cannot commit."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self, sql: str, **values: Value) -> list[Row]:
        """Every row of a query."""
        rows: list[Row] = self._connection.execute(sql, values).fetchall()
        return rows

    def one(self, sql: str, **values: Value) -> Row | None:
        """The first row of a query, or None."""
        row: Row | None = self._connection.execute(sql, values).fetchone()
        return row

    def run(self, sql: str, **values: Value) -> int:
        """Carry out a statement; the number of rows it changed."""
        return self._connection.execute(sql, values).rowcount

    @contextmanager
    def part(self) -> Iterator[None]:
        """A part of the transaction that is undone by itself when it raises."""
        self._connection.execute("SAVEPOINT part")
        try:
            yield
        except Exception:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK TO part")
                self._connection.execute("RELEASE part")
            raise
        self._connection.execute("RELEASE part")

    def add(self, sql: str, **values: Value) -> int:
        """Carry out an `INSERT … RETURNING id`; the new row's id."""
        row = self._connection.execute(sql, values).fetchone()
        return int(row[0])


def is_storage_fault(error: BaseException) -> bool:
    """Whether the disk or a lock is to blame, not the work: worth doing again unchanged."""
    if isinstance(error, OSError):
        return error.errno in _DISK_FAULTS
    code = getattr(error, "sqlite_errorcode", None)
    return isinstance(error, sqlite3.DatabaseError) and code is not None and (code & 0xFF) in _FAULTS


def is_damage(error: DatabaseError) -> bool:
    """Whether what the file holds is not what SQLite wrote there: waiting will not mend it."""
    code = getattr(error, "sqlite_errorcode", None)
    return code is not None and (code & 0xFF) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def is_refused_write(error: DatabaseError) -> bool:
    """Whether somebody tried to write where it may only be read."""
    return (getattr(error, "sqlite_errorcode", 0) & 0xFF) == sqlite3.SQLITE_READONLY


def fault_name(error: BaseException) -> str:
    """What SQLite or the system calls this storage fault; nothing of a statement or a row."""
    if isinstance(error, OSError) and error.errno is not None:
        return os.strerror(error.errno)
    return str(error) if is_storage_fault(error) else type(error).__name__


def open_for_writing(path: Path, *, checkpoints: bool = True) -> Connection:
    """A connection that commits durably; transactions are begun by hand.

    Without `checkpoints` it leaves the write-ahead log to the connection that owns it.
    """
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",
        "busy_timeout=5000",
    ):
        connection.execute(f"PRAGMA {pragma}")
    if not checkpoints:
        connection.execute("PRAGMA wal_autocheckpoint=0")
    return connection


def open_for_reading(path: Path) -> Connection:
    """A connection that cannot change the file."""
    connection = sqlite3.connect(readonly_uri(path), uri=True, isolation_level=None)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA busy_timeout=5000")
    return connection


def readonly_uri(path: Path) -> str:
    """The address under which SQLite opens the file without the right to change it."""
    return f"{path.resolve().as_uri()}?mode=ro"


def chained(*pieces: Value) -> str:
    """SHA-256 (hex) over these values, each told apart from the next."""
    return hashlib.sha256(json.dumps(pieces).encode()).hexdigest()


def stamp(moment: datetime) -> str:
    """A time as it is stored: UTC, to the millisecond, sorting as text."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def moment(text: str) -> datetime:
    """A stored time, aware UTC."""
    return datetime.fromisoformat(text)


def moment_or_none(text: str | None) -> datetime | None:
    """A stored time that may be missing."""
    return None if text is None else moment(text)
