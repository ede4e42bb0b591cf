"""The drivers of SQLite, the plain one and the encrypting one; the one module that names them."""

import sqlite3
from enum import IntEnum
from types import ModuleType
from typing import cast

try:
    from sqlcipher3 import dbapi2
except ImportError:
    _cipher: ModuleType | None = None
else:
    _cipher = dbapi2

Row = sqlite3.Row
Value = str | int | float | bytes | None
Connection = sqlite3.Connection
DatabaseError: tuple[type[sqlite3.Error], ...] = (sqlite3.Error, *([_cipher.Error] if _cipher else []))
"""What a driver raises, for `except`; sqlcipher3 has classes of its own, with the same codes and words."""
CAN_ENCRYPT = _cipher is not None
"""Whether sqlcipher3 is installed."""
is_whole = sqlite3.complete_statement
"""Whether a text ends where a statement ends, not inside a string, a comment or a trigger."""


class Code(IntEnum):
    """SQLite's numbers of what went wrong, as far as we tell them apart."""

    PERM = sqlite3.SQLITE_PERM
    BUSY = sqlite3.SQLITE_BUSY
    LOCKED = sqlite3.SQLITE_LOCKED
    NOMEM = sqlite3.SQLITE_NOMEM
    READONLY = sqlite3.SQLITE_READONLY
    IOERR = sqlite3.SQLITE_IOERR
    CORRUPT = sqlite3.SQLITE_CORRUPT
    FULL = sqlite3.SQLITE_FULL
    CANTOPEN = sqlite3.SQLITE_CANTOPEN
    PROTOCOL = sqlite3.SQLITE_PROTOCOL
    NOTADB = sqlite3.SQLITE_NOTADB


def version_for(key: str | None) -> str:
    """Which SQLite opens a file that has this key, or none: sqlcipher3 brings one of its own."""
    return str(sqlite3.sqlite_version if key is None or _cipher is None else _cipher.sqlite_version)


def connect(address: str, key: str | None) -> Connection:
    """A connection to the file at this `file:` address, encrypted where there is a key; nothing of it is read yet."""
    if key is None:
        connection = sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False)
        connection.row_factory = sqlite3.Row
        return connection
    connection = connect_plain(address)
    # A wrong key is told by us, not by SQLCipher on standard error.
    connection.execute("PRAGMA cipher_log_level=NONE")
    connection.execute(f"PRAGMA key={quoted(key)}")
    return connection


def connect_plain(address: str) -> Connection:
    """A connection to a plain file, by the driver that can attach an encrypted one to it."""
    assert _cipher is not None, "sqlcipher3 is not installed"
    made = _cipher.connect(address, uri=True, isolation_level=None, check_same_thread=False)
    connection = cast(Connection, made)
    connection.row_factory = _cipher.Row
    return connection


def quoted(key: str) -> str:
    """The key as it is, 256 bits drawn at random: nothing that would have to be stretched on every opening."""
    return f"\"x'{key}'\""
