"""Opens the files of databases, plain or encrypted, for writing, for reading or to put something aside."""

import os
import secrets
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep

from storage.driver import CAN_ENCRYPT, Connection, DatabaseError, connect, connect_plain, quoted
from storage.troubles import Trouble, trouble_of

APPLICATION_ID = 0x54455255
"""'TERU' in the file's header, so that `file` and we know whose it is."""

_PLAIN = b"SQLite format 3\0"
_PAGE = 4096
BUSY_AFTER = 5000
"""Milliseconds after which a lock that somebody else holds is told."""
_LOOK_AGAIN_AFTER = 0.01
"""Seconds."""
_NAMELESS_KEPT = 4096
"""KiB of what is put aside that stay in memory."""


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


class WrongKey(Exception):
    """The file is encrypted and the key is another or not there, or there is a key and the file is plain."""


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
        key = secrets.token_hex(32) if CAN_ENCRYPT else None
        connection = connect(f"{path.as_uri()}?mode=rw", key)
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
    connection = connect_plain(plain.resolve().as_uri())
    try:
        connection.execute(f"ATTACH ? AS encrypted KEY {quoted(target.key or '')}", (str(target.path),))
        connection.execute("SELECT sqlcipher_export('encrypted')")
        for mark, value in marks.items():
            connection.execute(f"PRAGMA encrypted.{mark}={value}")
    finally:
        connection.close()


def _connect(where: Where, mode: str) -> Connection:
    database = database_at(where)
    connection = connect(f"{database.path.resolve().as_uri()}?mode={mode}", database.key)
    try:
        connection.execute(f"PRAGMA busy_timeout={BUSY_AFTER}")
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except DatabaseError as error:
        connection.close()
        if trouble_of(error) is Trouble.FOREIGN:
            _tell_misfit(database)
        raise
    return connection


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
