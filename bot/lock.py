"""A lock beside the database: one bot a file."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class AlreadyRunning(Exception):
    """Another bot works on this database; two would say everything twice."""


def is_running(database: Path) -> bool:
    """Whether a bot works on this database now."""
    try:
        with only_bot_on(database):
            return False
    except AlreadyRunning:
        return True


@contextmanager
def only_bot_on(database: Path) -> Iterator[None]:
    """Hold the lock for as long as the block lasts; the system frees it when the process dies."""
    with database.with_name(f"{database.name}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(f"another bot is running on {database}; stop it first") from None
        yield
