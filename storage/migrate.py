"""Brings a database file to the schema of this program: forward only, one transaction a step."""

from contextlib import closing
from importlib.resources import files
from pathlib import Path

from storage.connection import (
    APPLICATION_ID,
    Connection,
    DatabaseError,
    chained,
    is_damage,
    is_storage_fault,
    open_for_reading,
    open_for_writing,
)


class NotOurs(Exception):
    """The file is there, but is not a database of Terugblik."""


class TooNew(Exception):
    """The file was written by a newer Terugblik; this one would harm it."""


def migrate(path: Path) -> int:
    """Create or upgrade the file; the version it has afterwards.

    Raises NotOurs or TooNew, and then the file is untouched.
    """
    existed = path.exists() and path.stat().st_size > 0
    if existed:
        _check_owner(path)
    connection = open_for_writing(path)
    connection.create_function("chained", -1, chained, deterministic=True)
    try:
        for version, script in enumerate(steps(), start=1):
            _take(connection, version, script)
        return _version(connection)
    finally:
        connection.close()


def needs_upgrade(path: Path) -> bool:
    """Whether the file holds something in an older schema. Raises NotOurs or TooNew."""
    if not path.exists() or path.stat().st_size == 0:
        return False
    _check_owner(path)
    with closing(open_for_reading(path)) as connection:
        return 0 < _version(connection) < len(steps())


def steps() -> list[str]:
    """The migrations in order; the position of the last is the schema's version."""
    scripts = [entry for entry in files("storage.migrations").iterdir() if entry.name.endswith(".sql")]
    return [script.read_text(encoding="utf-8") for script in sorted(scripts, key=lambda entry: entry.name)]


def _check_owner(path: Path) -> None:
    connection = open_for_reading(path)
    try:
        owner = connection.execute("PRAGMA application_id").fetchone()[0]
        version = _version(connection)
        # The making of a new file may have been cut short before its first step.
        is_bare = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0] == 0
    except DatabaseError as error:
        if is_storage_fault(error) and not is_damage(error):
            raise
        raise NotOurs(f"{path} is not a database of Terugblik ({error})") from error
    finally:
        connection.close()
    if owner != APPLICATION_ID and not (is_bare and owner == version == 0):
        raise NotOurs(f"{path} is not a database of Terugblik (application id {owner:#x})")
    if version > len(steps()):
        raise TooNew(f"{path} has schema {version}, this program knows up to {len(steps())}: install the newer one")


def _version(connection: Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _take(connection: Connection, version: int, script: str) -> None:
    """One step, whole or not at all; nothing where the file has it already."""
    if _version(connection) >= version:
        return
    marks = f"PRAGMA application_id={APPLICATION_ID};\nPRAGMA user_version={version};"
    connection.executescript(f"BEGIN IMMEDIATE;\n{script}\n{marks}\nCOMMIT;")
