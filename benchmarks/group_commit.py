"""Twenty people answer at once: one shared commit against a commit each.

Run with `.venv/bin/python -m benchmarks.group_commit`.
"""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from time import perf_counter

import aiosqlite

from storage.connection import Tx
from storage.database import Writer

PEOPLE = 20
ANSWERS = 100
_TABLE = "CREATE TABLE said (id INTEGER PRIMARY KEY, words TEXT NOT NULL) STRICT"
_SAY = "INSERT INTO said (words) VALUES (:words)"

Answer = Callable[[str], Awaitable[object]]


async def main() -> None:
    """Measure both on the same disk and print how many answers a second each kept."""
    with tempfile.TemporaryDirectory() as folder:
        shared = await _with_writer(Path(folder) / "shared.db")
        alone = await _one_by_one(Path(folder) / "alone.db")
    print(f"one writer, shared commits: {shared:,.0f} answers/s")
    print(f"aiosqlite, a commit each:   {alone:,.0f} answers/s")
    print(f"ratio: {shared / alone:.1f}")


async def _with_writer(path: Path) -> float:
    async with Writer(path) as writer:
        await writer.run(lambda tx: tx.run(_TABLE))

        def said(words: str) -> Callable[[Tx], int]:
            return lambda tx: tx.run(_SAY, words=words)

        return await _rate(lambda words: writer.run(said(words)))


async def _one_by_one(path: Path) -> float:
    async with aiosqlite.connect(path) as connection:
        for pragma in ("journal_mode=WAL", "synchronous=FULL"):
            await connection.execute(f"PRAGMA {pragma}")
        await connection.execute(_TABLE)
        turn = asyncio.Lock()

        async def say(words: str) -> None:
            async with turn:
                await connection.execute(_SAY, {"words": words})
                await connection.commit()

        return await _rate(say)


async def _rate(say: Answer) -> float:
    """Answers a second when everyone answers as soon as their last one is kept."""

    async def person() -> None:
        for number in range(ANSWERS):
            await say(f"answer {number}")

    began = perf_counter()
    await asyncio.gather(*(person() for _ in range(PEOPLE)))
    return PEOPLE * ANSWERS / (perf_counter() - began)


if __name__ == "__main__":
    asyncio.run(main())
