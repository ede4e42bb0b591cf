"""What must be so before the bot begins: room on the disk, and a database that is whole and can be written."""

import logging
import shutil
from contextlib import closing
from pathlib import Path

from bot.program import Program
from storage.connection import Database, open_for_writing
from storage.database import snapshot
from storage.migrate import needs_upgrade

log = logging.getLogger(__name__)

LEAST_FREE = 64 * 1024 * 1024
"""Bytes: room for a busy week's answers and a copy of a small database."""


class NearlyFull(Exception):
    """There is hardly room on a disk; the bot would soon keep nothing."""


class Damaged(Exception):
    """Something in the database file is not what SQLite wrote there."""


def expect_usable(program: Program) -> None:
    """Look at the disk and at the database that is there, before anything is changed in it.

    Raises NearlyFull, NotOurs, TooNew, WrongKey, Damaged, or what SQLite says of a file that cannot be written.
    """
    database = program.place.database
    for setting, folder in (("DATABASE", database.path.parent), ("BACKUP_DIR", program.backups)):
        _expect_room(setting, folder)
    if database.path.exists():
        _keep_to_ourselves(database.path)
        needs_upgrade(database)
        _expect_whole(database)
        _expect_writable(database)


def _expect_room(setting: str, folder: Path) -> None:
    free = shutil.disk_usage(folder).free
    if free < LEAST_FREE:
        wanted = LEAST_FREE // 1024**2
        raise NearlyFull(
            f"{setting}: the disk of {folder} has {free // 1024**2} MB left, expected {wanted} MB or more;"
            " make room, and start again"
        )


def _keep_to_ourselves(path: Path) -> None:
    """Names and answers are for this account alone, however the file came here."""
    if path.stat().st_mode & 0o077:
        path.chmod(0o600)
        log.warning("%s could be read by other accounts; it is mode 0600 now", path)


def _expect_whole(database: Database) -> None:
    with snapshot(database) as rows:
        found = rows.one("PRAGMA quick_check(1)")
    reason = str(found[0]) if found else "nothing to read"
    if reason != "ok":
        raise Damaged(
            f"DATABASE: {database} is damaged ({', '.join(reason.splitlines())});"
            " keep it aside and put a copy back: terugblik restore COPY --overwrite"
        )


def _expect_writable(database: Database) -> None:
    with closing(open_for_writing(database, checkpoints=False)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        # A file that may only be read lets a transaction begin; it is the first change that it refuses.
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        connection.execute(f"PRAGMA user_version={version}")
        connection.execute("ROLLBACK")
