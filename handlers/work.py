"""Slow work: done in a thread, from a snapshot, and said afterwards what is to be kept and sent."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from exports.formats import Format
from exports.sheets import MOST_ROWS
from handlers.delivery.largefiles import MOST_SENT
from handlers.desk import Desk
from storage import jobs
from storage.connection import Database
from storage.tx import Tx

Finish = Callable[[Tx, Desk], None]
"""What is to be kept and said, in the transaction that closes the job."""


class NotYet(Exception):
    """What this work needs is still being made; it is tried again."""


class Failed(Exception):
    """Work came to nothing, for a reason that may stand in the operator's list: it holds nothing of anybody."""

    most_tries = jobs.MOST_TRIES


class Hopeless(Failed):
    """Trying again changes nothing."""

    most_tries = 1


@dataclass(frozen=True, slots=True)
class Place:
    """Where the work finds rows and leaves files, the program's version, and what goes out every week."""

    database: Database
    exports: Path
    version: str
    weekly: tuple[Format, ...] = (Format.WORKBOOK,)
    """What Monday's delivery holds."""
    line_end: str = "\n"
    """In the texts of REFI-QDA projects."""
    most_sent: int = MOST_SENT
    """Bytes; a larger file is announced and not sent."""
    most_rows: int = MOST_ROWS
    """Of a sheet of a workbook."""
