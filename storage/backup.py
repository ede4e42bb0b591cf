"""Copies of the database that are whole and consistent, made beside a running bot, and the way back."""

import re
import shlex
import shutil
import subprocess
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from storage.connection import APPLICATION_ID, Database, Where, database_at, encrypt, is_plain, open_for_reading
from storage.driver import DatabaseError
from storage.files import sha256_of, sync, write_whole
from storage.migrate import NotOurs, TooNew, steps

_CACHE = 1000
"""KiB."""
_NAME = re.compile(r"terugblik-\d{8}T\d{6}Z\.db(\.encrypted)?")


class NotWhole(Exception):
    """The copy is damaged, or cannot be read as a database."""


class WouldOverwrite(Exception):
    """There is a database already where the copy should go."""


class AlreadyEncrypted(Exception):
    """The database is encrypted already; nothing was changed."""


class CommandFailed(Exception):
    """The command that should encrypt or decrypt the copy did not end well."""


def name_at(now: datetime, through: str = "") -> str:
    """What a copy made at this moment, through this command, is called; names sort by time."""
    return f"terugblik-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}.db{'.encrypted' if through else ''}"


def back_up(where: Where, target: Path, through: str = "") -> None:
    """Write a checked copy to `target`, whole or not at all, mode 0600, and beside it its SHA-256.

    The copy of an encrypted database is encrypted with the same key. `through` is a command that reads the copy on
    its standard input and writes what is to be kept. Raises NotWhole, CommandFailed or WrongKey.
    """
    if not through:
        write_whole(target, lambda aside: _copy(where, aside))
    else:
        plain = target.with_name(f".{target.name}.plain")
        try:
            write_whole(plain, lambda aside: _copy(where, aside))
            write_whole(target, lambda aside: _pass_through(through, plain, aside))
        finally:
            plain.unlink(missing_ok=True)
    line = f"{sha256_of(target)}  {target.name}\n"
    write_whole(hash_file(target), lambda aside: aside.write_text(line, encoding="utf-8"))


def restore(copy: Path, where: Where, *, overwrite: bool = False, through: str = "") -> None:
    """Put a copy in the place of the database, after checking all of it; no bot may be running.

    `through` is the command that decrypts what `back_up` wrote. A plain copy is encrypted where the database has a
    key. Raises NotWhole, NotOurs, TooNew, WrongKey, CommandFailed, or WouldOverwrite unless told to, and then nothing
    is changed.
    """
    database = database_at(where)
    if database.path.exists() and not overwrite:
        raise WouldOverwrite(f"{database} is there already; nothing was changed")
    _expect_hash(copy)
    database.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    aside = Database(database.path.with_name(f".{database.path.name}.restored"), database.key)
    try:
        write_whole(aside.path, lambda part: _unpack(copy, part, through))
        _check_and_encrypt(aside, copy)
        _put_in_place(aside, database.path)
    finally:
        _remove_with_logs(aside.path)


def encrypt_in_place(database: Database) -> None:
    """Encrypt a plain database with its key; no bot may be running.

    Raises NotWhole, NotOurs, TooNew or AlreadyEncrypted, and then nothing is changed.
    """
    if not is_plain(database.path):
        raise AlreadyEncrypted(f"{database} is not plain: it is encrypted already; nothing was changed")
    check(database.path)
    aside = Database(database.path.with_name(f".{database.path.name}.restored"), database.key)
    try:
        write_whole(aside.path, lambda part: encrypt(database.path, Database(part, database.key)))
        check(aside)
        _put_in_place(aside, database.path)
    finally:
        _remove_with_logs(aside.path)


def check(where: Where, name: str = "") -> None:
    """Read the whole copy, and tell of it by this name. Raises NotWhole, NotOurs, TooNew or WrongKey."""
    told = name or str(where)
    try:
        with closing(open_for_reading(where)) as connection:
            owner = connection.execute("PRAGMA application_id").fetchone()[0]
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            found = connection.execute("PRAGMA integrity_check").fetchone()[0]
    except DatabaseError as error:
        raise NotWhole(f"{told} cannot be read as a database ({error})") from None
    if found != "ok":
        raise NotWhole(f"{told} is damaged: {found}")
    if owner != APPLICATION_ID:
        raise NotOurs(f"{told} is not a database of Terugblik")
    if version > len(steps()):
        raise TooNew(f"{told} has schema {version}, this program knows up to {len(steps())}")


def kept(folder: Path) -> list[Path]:
    """The copies in the folder, the oldest first."""
    return sorted(path for path in folder.glob("terugblik-*.db*") if _NAME.fullmatch(path.name))


def rotate(folder: Path, most: int) -> None:
    """Delete the oldest copies until so many are left."""
    for path in kept(folder)[:-most]:
        path.unlink()
        hash_file(path).unlink(missing_ok=True)


def hash_file(copy: Path) -> Path:
    """Where the copy's SHA-256 stands, as `sha256sum --check` reads it."""
    return copy.with_name(f"{copy.name}.sha256")


def _copy(where: Where, target: Path) -> None:
    # Not by copying the file: what is committed may still stand in the log beside it.
    with closing(open_for_reading(where)) as connection:
        # With SQLite's usual cache the process would hold 30 MiB more from then on.
        connection.execute(f"PRAGMA cache_size={-_CACHE}")
        connection.execute("VACUUM INTO ?", (str(target),))
    check(Database(target, database_at(where).key))


def _expect_hash(copy: Path) -> None:
    """A copy that went through somebody's disk, cloud or hands is the one that was made, where its hash came along."""
    written = hash_file(copy)
    if written.exists() and written.read_text(encoding="utf-8").split()[:1] != [sha256_of(copy)]:
        raise NotWhole(f"{copy} is not what was made: its SHA-256 is not the one in {written.name}")


def _unpack(copy: Path, target: Path, through: str) -> None:
    if through:
        _pass_through(through, copy, target)
    else:
        shutil.copyfile(copy, target)


def _check_and_encrypt(aside: Database, copy: Path) -> None:
    """See that what was unpacked is whole, and encrypt it where it should be and is not."""
    if aside.key is None or not is_plain(aside.path):
        check(aside, str(copy))
        return
    check(aside.path, str(copy))
    plain = aside.path.replace(aside.path.with_name(f"{aside.path.name}.plain"))
    try:
        write_whole(aside.path, lambda part: encrypt(plain, Database(part, aside.key)))
    finally:
        _remove_with_logs(plain)
    check(aside, str(copy))


def _put_in_place(aside: Database, path: Path) -> None:
    # What stands beside the old file belongs to it; it would be read into the new one.
    _remove_logs(path)
    aside.path.replace(path)
    sync(path.parent)


def _remove_with_logs(path: Path) -> None:
    path.unlink(missing_ok=True)
    _remove_logs(path)


def _remove_logs(path: Path) -> None:
    for ending in ("-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)


def _pass_through(command: str, source: Path, target: Path) -> None:
    with source.open("rb") as read, target.open("wb") as written:
        try:
            ended = subprocess.run(shlex.split(command), stdin=read, stdout=written, check=False)
        except (OSError, ValueError) as error:
            raise CommandFailed(f"{command}: {getattr(error, 'strerror', None) or error}") from None
    if ended.returncode != 0:
        raise CommandFailed(f"{command}: ended with {ended.returncode}")
