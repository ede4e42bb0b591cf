"""Keeps rows through the product's writer in a process of its own, and says on standard output which are kept.

Run with `python -m tests.reliability.keeper PATH KEY SYNCHRONOUS FIRST COUNT`; an empty KEY for a plain database.
"""

import asyncio
import os
import sys
from collections.abc import Callable
from pathlib import Path

from storage import database
from storage.connection import Database, Where, open_for_writing
from storage.database import Writer
from storage.driver import Connection
from storage.tx import Tx

AT_ONCE = 4
_PAGES_BEFORE_CHECKPOINT = 40


async def keep(kept: Database, first: int, count: int) -> None:
    """So many transactions, some of them waiting together; each is told when it is on disk."""
    async with Writer(kept) as writer:
        await writer.run(lambda tx: tx.one(f"PRAGMA wal_autocheckpoint={_PAGES_BEFORE_CHECKPOINT}"))

        async def one(number: int) -> None:
            await writer.run(row_twice(number))
            os.write(1, f"{number}\n".encode())

        for start in range(first, first + count, AT_ONCE):
            await asyncio.gather(*(one(number) for number in range(start, start + AT_ONCE)))


def row_twice(number: int) -> Callable[[Tx], None]:
    """Two rows that belong together, of another length every time."""

    def work(tx: Tx) -> None:
        for verb in ("first", "second"):
            tx.run(
                "INSERT INTO audit (done_on, verb, city, subject) VALUES (:on, :verb, :pad, :number)",
                on="2026",
                verb=verb,
                pad="x" * (number * 997 % 5000),
                number=str(number),
            )

    return work


def _weakened(synchronous: str) -> Callable[[Where], Connection]:
    """Opens as the product does, but syncs less: what the search must find."""

    def opened(where: Where) -> Connection:
        connection = open_for_writing(where)
        connection.execute(f"PRAGMA synchronous={synchronous}")
        return connection

    return opened


if __name__ == "__main__":
    path, key, synchronous, first, count = sys.argv[1:]
    if synchronous != "FULL":
        vars(database)["open_for_writing"] = _weakened(synchronous)
    asyncio.run(keep(Database(Path(path), key or None), int(first), int(count)))
