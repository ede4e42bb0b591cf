"""Brings a database file to the schema of this program: forward only, one transaction a step."""

from collections.abc import Iterator
from contextlib import closing
from importlib.resources import files

from storage.audit import chained
from storage.connection import APPLICATION_ID, Where, database_at, open_for_reading, open_for_writing
from storage.driver import Connection, DatabaseError, is_whole
from storage.troubles import Trouble, trouble_of


class NotOurs(Exception):
    """The file is there, but is not a database of Terugblik."""


class TooNew(Exception):
    """The file was written by a newer Terugblik; this one would harm it."""


def migrate(where: Where) -> int:
    """Create or upgrade the file; the version it has afterwards.

    Raises NotOurs, TooNew or WrongKey, and then the file is untouched.
    """
    if _holds_something(where):
        _check_owner(where)
    connection = open_for_writing(where)
    connection.create_function("chained", -1, chained, deterministic=True)
    try:
        for version, script in enumerate(steps(), start=1):
            _take(connection, version, script)
        return _version(connection)
    finally:
        connection.close()


def needs_upgrade(where: Where) -> bool:
    """Whether the file holds something in an older schema. Raises NotOurs, TooNew or WrongKey."""
    if not _holds_something(where):
        return False
    _check_owner(where)
    with closing(open_for_reading(where)) as connection:
        return 0 < _version(connection) < len(steps())


def steps() -> list[str]:
    """The migrations in order; the position of the last is the schema's version."""
    scripts = [entry for entry in files("storage.migrations").iterdir() if entry.name.endswith(".sql")]
    return [script.read_text(encoding="utf-8") for script in sorted(scripts, key=lambda entry: entry.name)]


def _holds_something(where: Where) -> bool:
    path = database_at(where).path
    return path.exists() and path.stat().st_size > 0


def _check_owner(where: Where) -> None:
    try:
        with closing(open_for_reading(where)) as connection:
            # One look at the file: another process may be at its first step.
            connection.execute("BEGIN")
            _expect_ours(connection, where)
    except DatabaseError as error:
        if trouble_of(error) is not Trouble.FOREIGN:
            raise
        raise NotOurs(f"{where} is not a database of Terugblik ({error})") from error


def _expect_ours(connection: Connection, where: Where) -> None:
    owner = connection.execute("PRAGMA application_id").fetchone()[0]
    version = _version(connection)
    # The making of a new file may have been cut short before its first step.
    is_bare = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0] == 0
    if owner != APPLICATION_ID and not (is_bare and owner == version == 0):
        raise NotOurs(f"{where} is not a database of Terugblik (application id {owner:#x})")
    if version > len(steps()):
        raise TooNew(f"{where} has schema {version}, this program knows up to {len(steps())}: install the newer one")


def _version(connection: Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _take(connection: Connection, version: int, script: str) -> None:
    """One step, whole or not at all; nothing where the file has it already."""
    if _version(connection) >= version:
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Asked again: another process may have taken the step while this one waited for its turn.
        if _version(connection) < version:
            for statement in _statements(script):
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version={version}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _statements(script: str) -> Iterator[str]:
    """The statements one by one; running a whole script at once would first commit what was begun."""
    statement = ""
    for piece in script.split(";"):
        statement += piece + ";"
        if is_whole(statement):
            yield statement
            statement = ""
