"""Opens SQLite files, plain or encrypted; the one module that names the drivers."""

import errno
import hashlib
import json
import os
import secrets
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum, auto
from pathlib import Path
from time import monotonic, sleep
from types import ModuleType
from typing import Protocol, cast

try:
    from sqlcipher3 import dbapi2
except ImportError:
    _cipher: ModuleType | None = None
else:
    _cipher = dbapi2

APPLICATION_ID = 0x54455255
"""'TERU' in the file's header, so that `file` and we know whose it is."""

Row = sqlite3.Row
Value = str | int | float | bytes | None
Connection = sqlite3.Connection
DatabaseError: tuple[type[sqlite3.Error], ...] = (sqlite3.Error, *([_cipher.Error] if _cipher else []))
"""What a driver raises, for `except`; sqlcipher3 has classes of its own, with the same codes and words."""
CAN_ENCRYPT = _cipher is not None
"""Whether sqlcipher3 is installed."""
is_whole = sqlite3.complete_statement
"""Whether a text ends where a statement ends, not inside a string, a comment or a trigger."""
_PLAIN = b"SQLite format 3\0"
_PAGE = 4096
BUSY_AFTER = 5000
"""Milliseconds after which a lock that somebody else holds is told."""
_LOOK_AGAIN_AFTER = 0.01
"""Seconds."""
_NAMELESS_KEPT = 4096
"""KiB of what is put aside that stay in memory."""

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


@dataclass(frozen=True, slots=True)
class Database:
    """Where everything is kept, and the key of 64 hexadecimal digits it is encrypted with."""

    path: Path
    key: str | None = field(default=None, repr=False)
    """None: the file is plain."""

    def __str__(self) -> str:
        return str(self.path)


Where = Database | Path
"""A path alone names a plain file."""


def database_at(where: Where) -> Database:
    """A path alone, as the plain database it names."""
    return where if isinstance(where, Database) else Database(where)


def version_for(database: Database) -> str:
    """Which SQLite opens it: sqlcipher3 brings one of its own."""
    return str(sqlite3.sqlite_version if database.key is None or _cipher is None else _cipher.sqlite_version)


class WrongKey(Exception):
    """The file is encrypted and the key is another or not there, or there is a key and the file is plain."""


class Trouble(Enum):
    """What an operator can do something about."""

    FULL = auto()
    LOCKED = auto()
    READ_ONLY = auto()
    UNREACHABLE = auto()
    DAMAGED = auto()
    """Some of it is not what SQLite wrote there."""
    FOREIGN = auto()
    """It is no database at all."""
    OTHER = auto()


_TROUBLES = {
    sqlite3.SQLITE_FULL: Trouble.FULL,
    sqlite3.SQLITE_BUSY: Trouble.LOCKED,
    sqlite3.SQLITE_LOCKED: Trouble.LOCKED,
    sqlite3.SQLITE_READONLY: Trouble.READ_ONLY,
    sqlite3.SQLITE_PERM: Trouble.READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: Trouble.UNREACHABLE,
    sqlite3.SQLITE_CORRUPT: Trouble.DAMAGED,
    sqlite3.SQLITE_NOTADB: Trouble.FOREIGN,
}


class Rows(Protocol):
    """Something that answers a SELECT with named parameters."""

    def all(self, sql: str, **values: Value) -> Sequence[Row]: ...

    def one(self, sql: str, **values: Value) -> Row | None: ...

    def each(self, sql: str, **values: Value) -> Iterator[Row]: ...


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

    def each(self, sql: str, **values: Value) -> Iterator[Row]:
        """The rows of a query one after another; they are never all in memory."""
        yield from self._connection.execute(sql, values)

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
    return isinstance(error, DatabaseError) and _code(error) in _FAULTS


def trouble_of(error: BaseException) -> Trouble:
    """What is the matter with the file, as far as SQLite tells."""
    return _TROUBLES.get(_code(error), Trouble.OTHER)


def fault_name(error: BaseException) -> str:
    """What SQLite or the system calls this storage fault; nothing of a statement or a row."""
    if isinstance(error, OSError) and error.errno is not None:
        return os.strerror(error.errno)
    return str(error) if is_storage_fault(error) else type(error).__name__


def _code(error: BaseException) -> int:
    """SQLite's number of the error without its details; 0 where it is none of SQLite's."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


def open_for_writing(where: Where, *, checkpoints: bool = True) -> Connection:
    """A connection that commits durably; transactions are begun by hand.

    Without `checkpoints` it leaves the write-ahead log to the connection that owns it. Raises WrongKey.
    """
    connection = _connect(where, "rwc")
    try:
        _keep_a_log(connection)
        for pragma in ("synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
            connection.execute(f"PRAGMA {pragma}")
        if not checkpoints:
            connection.execute("PRAGMA wal_autocheckpoint=0")
    except DatabaseError:
        connection.close()
        raise
    return connection


def _keep_a_log(connection: Connection) -> None:
    """Have a write-ahead log. Of several that open a new file at once SQLite refuses all but one without waiting."""
    until = monotonic() + BUSY_AFTER / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except DatabaseError as error:
            if trouble_of(error) is not Trouble.LOCKED or monotonic() > until:
                raise
            sleep(_LOOK_AGAIN_AFTER)
        else:
            return


def open_for_reading(where: Where) -> Connection:
    """A connection that cannot change the file. Raises WrongKey."""
    return _connect(where, "ro")


def open_nameless() -> Connection:
    """A database for what is put aside, in a transaction that never ends.

    Its first megabytes stay in memory. The rest is in a file in the temporary folder that lost its name before anything
    was in it: it goes with the connection, even by a crash. With sqlcipher3, so wherever the study's own database is
    encrypted, it is encrypted with a key that nobody but this connection ever has.
    """
    handle, name = tempfile.mkstemp(prefix="terugblik-")
    os.close(handle)
    path = Path(name)
    try:
        database = Database(path, secrets.token_hex(32) if CAN_ENCRYPT else None)
        connection = _with_driver(database, f"{path.as_uri()}?mode=rw")
        for pragma in (
            "locking_mode=EXCLUSIVE",
            "journal_mode=OFF",
            "synchronous=OFF",
            f"cache_size=-{_NAMELESS_KEPT}",
        ):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("BEGIN EXCLUSIVE")
    finally:
        path.unlink()
    return connection


def is_plain(path: Path) -> bool:
    """Whether everybody can read this SQLite file, or it is empty still.

    Never of a file that this process has open: closing what is read here would let go of SQLite's locks on it.
    """
    with path.open("rb") as file:
        return file.read(len(_PLAIN)) in (_PLAIN, b"")


def encrypt(plain: Path, target: Database) -> None:
    """Write what a plain file holds to an encrypted one that is not there yet, with its marks."""
    connection = _connect(plain, "ro")
    try:
        marks = {
            mark: connection.execute(f"PRAGMA {mark}").fetchone()[0] for mark in ("application_id", "user_version")
        }
    finally:
        connection.close()
    assert _cipher is not None
    connection = cast(Connection, _cipher.connect(plain, isolation_level=None))
    try:
        connection.execute(f"ATTACH ? AS encrypted KEY {_quoted(target.key or '')}", (str(target.path),))
        connection.execute("SELECT sqlcipher_export('encrypted')")
        for mark, value in marks.items():
            connection.execute(f"PRAGMA encrypted.{mark}={value}")
    finally:
        connection.close()


def _connect(where: Where, mode: str) -> Connection:
    database = database_at(where)
    connection = _with_driver(database, f"{database.path.resolve().as_uri()}?mode={mode}")
    try:
        connection.execute(f"PRAGMA busy_timeout={BUSY_AFTER}")
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except DatabaseError as error:
        connection.close()
        if trouble_of(error) is Trouble.FOREIGN:
            _tell_misfit(database)
        raise
    return connection


def _with_driver(database: Database, address: str) -> Connection:
    if database.key is None:
        connection = sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False)
        connection.row_factory = sqlite3.Row
        return connection
    assert _cipher is not None, "sqlcipher3 is not installed"
    made = _cipher.connect(address, uri=True, isolation_level=None, check_same_thread=False)
    connection = cast(Connection, made)
    connection.row_factory = _cipher.Row
    # A wrong key is told by us, not by SQLCipher on standard error.
    connection.execute("PRAGMA cipher_log_level=NONE")
    connection.execute(f"PRAGMA key={_quoted(database.key)}")
    return connection


def _quoted(key: str) -> str:
    """The key as it is, 256 bits drawn at random: nothing that would have to be stretched on every opening."""
    return f"\"x'{key}'\""


def _tell_misfit(database: Database) -> None:
    """Raise WrongKey where a key, or the lack of one, may be why the file could not be read."""
    path, is_readable = database.path, is_plain(database.path)
    if database.key is None and not is_readable and path.stat().st_size % _PAGE == 0:
        # Pages of noise: an encrypted file says nothing about itself.
        raise WrongKey(
            f"{path} is encrypted or damaged: set DATABASE_KEY or DATABASE_KEY_FILE to its key, or put a copy back"
        )
    if database.key is not None and is_readable:
        raise WrongKey(
            f"{path} is not encrypted, and DATABASE_KEY is set: `terugblik encrypt` encrypts it, or take the key away"
        )
    if database.key is not None:
        raise WrongKey(
            f"{path} cannot be read with DATABASE_KEY: set the key it was encrypted with;"
            " if it is that one, the file is damaged, and a copy has to be put back"
        )


def chained(*pieces: Value) -> str:
    """SHA-256 (hex) over these values, each told apart from the next."""
    return hashlib.sha256(json.dumps(pieces).encode()).hexdigest()


def stamp(moment: datetime) -> str:
    """A time as it is stored: UTC, to the millisecond, sorting as text."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def moment(text: str) -> datetime:
    """A stored time, aware UTC."""
    return datetime.fromisoformat(text)


def moment_or_none(text: str | None) -> datetime | None:
    """A stored time that may be missing."""
    return None if text is None else moment(text)
