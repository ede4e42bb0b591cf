"""Copies of the database that are whole and consistent, made beside a running bot, and the way back."""

import re
import shlex
import shutil
import subprocess
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from storage.connection import APPLICATION_ID, DatabaseError, open_for_reading
from storage.files import write_whole
from storage.migrate import NotOurs, TooNew, steps

_NAME = re.compile(r"terugblik-\d{8}T\d{6}Z\.db")


class NotWhole(Exception):
    """The copy is damaged, or cannot be read as a database."""


class WouldOverwrite(Exception):
    """There is a database already where the copy should go."""


class CommandFailed(Exception):
    """The command that should encrypt the copy did not end well."""


def name_at(now: datetime) -> str:
    """What a copy made at this moment is called; names sort by time."""
    return f"terugblik-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}.db"


def back_up(database: Path, target: Path, through: str = "") -> None:
    """Write a checked copy to `target`, whole or not at all, mode 0600.

    `through` is a command that reads the copy on its standard input and writes what is to be kept. Raises
    NotWhole or CommandFailed.
    """
    if not through:
        write_whole(target, lambda aside: _copy(database, aside))
        return
    plain = target.with_name(f".{target.name}.plain")
    try:
        write_whole(plain, lambda aside: _copy(database, aside))
        write_whole(target, lambda aside: _pass_through(through, plain, aside))
    finally:
        plain.unlink(missing_ok=True)


def restore(copy: Path, database: Path, *, overwrite: bool = False) -> None:
    """Put a copy in the place of the database, after checking it; no bot may be running.

    Raises NotWhole, NotOurs, TooNew, or WouldOverwrite unless told to.
    """
    check(copy)
    if database.exists() and not overwrite:
        raise WouldOverwrite(f"{database} is there already; nothing was changed")
    database.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    aside = database.with_name(f".{database.name}.restored")
    write_whole(aside, lambda part: shutil.copyfile(copy, part))
    for ending in ("-wal", "-shm"):
        # What stands there belongs to the file that goes; it would be read into the new one.
        database.with_name(database.name + ending).unlink(missing_ok=True)
    aside.replace(database)


def check(copy: Path) -> None:
    """Read the whole copy. Raises NotWhole, NotOurs or TooNew."""
    try:
        with closing(open_for_reading(copy)) as connection:
            owner = connection.execute("PRAGMA application_id").fetchone()[0]
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            found = connection.execute("PRAGMA integrity_check").fetchone()[0]
    except DatabaseError as error:
        raise NotWhole(f"{copy} cannot be read as a database ({error})") from None
    if found != "ok":
        raise NotWhole(f"{copy} is damaged: {found}")
    if owner != APPLICATION_ID:
        raise NotOurs(f"{copy} is not a database of Terugblik")
    if version > len(steps()):
        raise TooNew(f"{copy} has schema {version}, this program knows up to {len(steps())}")


def kept(folder: Path) -> list[Path]:
    """The copies in the folder, the oldest first."""
    return sorted(path for path in folder.glob("terugblik-*.db") if _NAME.fullmatch(path.name))


def rotate(folder: Path, most: int) -> None:
    """Delete the oldest copies until so many are left."""
    for path in kept(folder)[:-most]:
        path.unlink()


def _copy(database: Path, target: Path) -> None:
    # Not by copying the file: what is committed may still stand in the log beside it.
    with closing(open_for_reading(database)) as connection:
        connection.execute("VACUUM INTO ?", (str(target),))
    check(target)


def _pass_through(command: str, source: Path, target: Path) -> None:
    with source.open("rb") as plain, target.open("wb") as kept:
        try:
            ended = subprocess.run(shlex.split(command), stdin=plain, stdout=kept, check=False)
        except OSError as error:
            raise CommandFailed(f"{command}: {error.strerror}") from None
    if ended.returncode != 0:
        raise CommandFailed(f"{command}: ended with {ended.returncode}")
