"""Twenty people answer at once: one shared commit against a commit each, on this disk and on a slow one.

Run with `python -m benchmarks.group_commit`. The slow disk is this one with ten milliseconds more for every COMMIT,
slept in the thread that commits, which is what a slow sync does to it. That a single answer waits for nobody is
measured against the same statements on a bare connection.
"""

import argparse
import asyncio
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path
from time import perf_counter, sleep
from typing import Any, cast

import aiosqlite

import storage.database
from benchmarks.figures import Figure, figure, tell, with_file
from storage.connection import Where, open_for_writing
from storage.database import Writer
from storage.driver import Connection
from storage.tx import Tx
from tests.reliability.instead import instead

PEOPLE = 20
ROUNDS = 5
SLOW = 0.010
"""Seconds."""
_FAST_ANSWERS, _SLOW_ANSWERS, _LONELY_ANSWERS = 25, 4, 15
_TABLE = "CREATE TABLE said (id INTEGER PRIMARY KEY, words TEXT NOT NULL) STRICT"
_SAY = "INSERT INTO said (words) VALUES (:words)"

Answer = Callable[[str], Awaitable[object]]
Opener = Callable[[Where], Connection]
Side = Callable[[Path, Opener, int], Awaitable[float]]


async def main() -> None:
    """Measure all sides in turns and print how many answers a second each kept."""
    given = with_file(argparse.ArgumentParser(description=__doc__)).parse_args()
    with tempfile.TemporaryDirectory() as folder:
        here = await compared(Path(folder), "this disk", open_for_writing, _FAST_ANSWERS)
        slow = await compared(Path(folder), f"{SLOW * 1000:.0f} ms more", _open_slow, _SLOW_ANSWERS)
        alone = await _lonely(Path(folder))
    tell([*here, *slow, *alone], given.json)


async def compared(folder: Path, disk: str, opener: Opener, answers: int) -> list[Figure]:
    """The answers a second of each side, and how many times as many as where each has a commit of its own."""
    sides: dict[str, Side] = {"shared commits": _shared, "a commit each": _each, "aiosqlite, a commit each": _aiosqlite}
    found: dict[str, list[float]] = {name: [] for name in sides}
    for number in range(ROUNDS):
        for name, side in sides.items():
            found[name].append(await side(folder / f"{disk} {number} {name}.db", opener, answers))
    base = found["a commit each"]
    return [
        figure(
            f"{name}, {disk}",
            "answers/s",
            rates,
            against=None if rates is base else base,
            note="" if rates is base else "to a commit each",
        )
        for name, rates in found.items()
    ]


async def _shared(path: Path, opener: Opener, answers: int) -> float:
    async with _saying(path, opener) as say:
        return await _rate(say, answers)


async def _each(path: Path, opener: Opener, answers: int) -> float:
    """With one in the writer's hands at a time, nobody has anybody to share with."""
    async with _saying(path, opener) as say:
        turn = asyncio.Lock()

        async def alone(words: str) -> None:
            async with turn:
                await say(words)

        return await _rate(alone, answers)


async def _aiosqlite(path: Path, opener: Opener, answers: int) -> float:
    """As it is usually done: a lock, and a commit behind every statement."""
    async with aiosqlite.Connection(lambda: opener(path), 64) as connection:
        await connection.execute(_TABLE)
        turn = asyncio.Lock()

        async def say(words: str) -> None:
            async with turn:
                await connection.execute("BEGIN IMMEDIATE")
                await connection.execute(_SAY, {"words": words})
                await connection.execute("COMMIT")

        return await _rate(say, answers)


async def _lonely(folder: Path) -> list[Figure]:
    """How long one answer takes while nobody else answers."""
    bare: list[float] = []
    ours: list[float] = []
    with closing(_open_slow(folder / "bare.db")) as connection:
        connection.execute(_TABLE)
        async with _saying(folder / "alone.db", _open_slow) as say:
            for number in range(_LONELY_ANSWERS * ROUNDS):
                began = perf_counter()
                connection.execute("BEGIN IMMEDIATE")
                connection.execute(_SAY, {"words": f"answer {number}"})
                connection.execute("COMMIT")
                between = perf_counter()
                await say(f"answer {number}")
                bare.append(1000 * (between - began))
                ours.append(1000 * (perf_counter() - between))
    return [
        figure("one alone on a bare connection", "ms", bare),
        figure("one alone with shared commits", "ms", ours, against=bare, note="to the bare connection"),
    ]


@asynccontextmanager
async def _saying(path: Path, opener: Opener) -> AsyncIterator[Answer]:
    with instead(storage.database, "open_for_writing", opener):
        async with Writer(path) as writer:
            await writer.run(lambda tx: tx.run(_TABLE))

            def said(words: str) -> Callable[[Tx], int]:
                return lambda tx: tx.run(_SAY, words=words)

            yield lambda words: writer.run(said(words))


async def _rate(say: Answer, answers: int) -> float:
    """Answers a second when everyone answers as soon as their last one is kept."""

    async def person() -> None:
        for number in range(answers):
            await say(f"answer {number}")

    began = perf_counter()
    await asyncio.gather(*(person() for _ in range(PEOPLE)))
    return PEOPLE * answers / (perf_counter() - began)


def _open_slow(where: Where) -> Connection:
    return cast(Connection, _Slow(open_for_writing(where)))


class _Slow:
    """A connection on a disk that takes its time to sync."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def execute(self, sql: str, values: Any = ()) -> Any:
        if sql == "COMMIT":
            sleep(SLOW)
        return self._connection.execute(sql, values)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


if __name__ == "__main__":
    asyncio.run(main())
