"""Cuts the power of a process that keeps rows, at every kind of moment, and looks at what is there afterwards."""

import shutil
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from random import Random

from storage.connection import Database, WrongKey
from storage.database import snapshot
from storage.driver import DatabaseError
from storage.migrate import migrate
from storage.tx import Tx
from tests.reliability.disktrace import Event, trace
from tests.reliability.powercut import Disk

LIVES = 2
"""Between them the file is closed: its log is written back and goes."""


_REFUSALS: tuple[type[Exception], ...] = (WrongKey, *DatabaseError)


@dataclass(frozen=True)
class Damage:
    """Of so many images, those in which something is wrong."""

    images: int
    lost: int
    """Something is missing that was told to be kept."""
    torn: int
    """Half of a transaction is there."""
    unusable: int
    """SQLite or its integrity check refuses the file."""
    kept: int
    """Transactions that had been told to be kept, over all images; 0 would show nothing."""


def cut_again_and_again(
    folder: Path, images: int, seed: int, *, transactions: int, key: str | None = None, synchronous: str = "FULL"
) -> Damage:
    """Record a process that keeps so many transactions, and look at so many images of power cuts during it."""
    chance = Random(seed)
    kept = folder / "kept"
    kept.mkdir()
    database = Database(kept / "terugblik.db", key)
    migrate(database)
    disk = Disk(kept)
    events = _record(folder, database, transactions, synchronous)
    found: Counter[str] = Counter()
    done = 0
    for moment in sorted(chance.choices(range(len(events) + 1), k=images)):
        for event in events[done:moment]:
            disk.happen(event)
        done = moment
        found["kept"] += len(disk.told)
        image = folder / "image"
        image.mkdir()
        disk.after_cut(image, chance)
        found[_verdict(Database(image / "terugblik.db", key), disk.told)] += 1
        shutil.rmtree(image)
    return Damage(images, found["lost"], found["torn"], found["unusable"], found["kept"])


def _record(folder: Path, database: Database, transactions: int, synchronous: str) -> list[Event]:
    events: list[Event] = []
    share = transactions // LIVES
    for life in range(LIVES):
        words = [str(database.path), database.key or "", synchronous, str(life * share), str(share)]
        events += trace(database.path.parent, "tests.reliability.keeper", words, folder / "strace.log")
    return events


def _verdict(database: Database, told: list[str]) -> str:
    try:
        with snapshot(database) as tx:
            if [row[0] for row in tx.all("PRAGMA integrity_check")] != ["ok"]:
                return "unusable"
            return _judge(tx, told)
    except _REFUSALS:
        return "unusable"


def _judge(tx: Tx, told: list[str]) -> str:
    rows = tx.all("SELECT subject, count(*) AS halves FROM audit GROUP BY subject")
    if any(row["halves"] != 2 for row in rows):
        return "torn"
    return "whole" if set(told) <= {row["subject"] for row in rows} else "lost"
