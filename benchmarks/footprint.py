"""How long the bot takes to start, and what it takes of the machine while nobody says anything.

Run with `python -m benchmarks.footprint`; `--full` starts more often, once without compiled modules, and looks at a
whole idle minute. A start is from the command to the first request for updates, on a study that is there already; the
first start of all compiles the questionnaire, too. What is idle has had twenty people tell everything before.
"""

import argparse
import asyncio
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from benchmarks.asked import Asked, judge
from benchmarks.bots import RAISED, TERUGBLIK, Process, made, serving, started
from benchmarks.figures import Figure, figure, tell, with_file
from benchmarks.replies import Manner
from benchmarks.server import TOKEN, Order
from benchmarks.study import CITY, settle
from bot.program import Program
from fieldwork.schedule import Week
from storage import jobs
from storage.database import reading, transaction

START_ASKED, MEMORY_ASKED, IDLE_ASKED = 1.5, 100.0, 1.0
"""Seconds until updates are asked for, MiB in memory, and per cent of a core while idle, at most."""
_STARTS, _FULL_STARTS = 3, 9
_IDLE, _FULL_IDLE = 4.0, 60.0
_PEOPLE = 20
_WITHIN = 120.0
_LOOK_AFTER = 0.2


@dataclass(frozen=True, slots=True)
class Idle:
    """What a process holds, and what it used while nothing was to be done."""

    memory: float
    """MiB that are resident now."""
    processor: float
    """Seconds of it in a minute."""
    threads: int
    files: int


async def main() -> None:
    """Start it, let people tell, wait, have a workbook made, wait again; print what that took."""
    words = with_file(argparse.ArgumentParser(description=__doc__))
    words.add_argument("--full", action="store_true", help="more starts, one of them cold, and a whole idle minute")
    words.add_argument("--folder", type=Path, help="where the studies lie meanwhile")
    given = words.parse_args()
    starts, seconds = (_FULL_STARTS, _FULL_IDLE) if given.full else (_STARTS, _IDLE)
    with TemporaryDirectory(dir=given.folder) as folder:
        quiet = made(folder, "quiet")
        settle(quiet, 0, TELEGRAM_BOT_TOKEN=TOKEN)
        warm = [await started_within(quiet) for _ in range(1 + starts)][1:]
        figures = [figure("from the command to the first request for updates", "s", warm)]
        if given.full:
            caches = {"PYTHONPYCACHEPREFIX": str(made(folder, "compiled"))}
            figures.append(figure("the same, no module compiled before", "s", [await started_within(quiet, caches)]))
        figures.append(figure("the first start of all", "s", [await started_within(unsettled(made(folder, "new")))]))
        before, after = await idle(made(folder, "told"), seconds)
    tell([*figures, *_figures_of("idle", before), *_figures_of("idle, after a workbook was made", after)], given.json)
    judge(
        [
            Asked("from the command to the first request for updates", " s", median(warm), below=START_ASKED),
            Asked("idle, resident memory", " MiB", before.memory, below=MEMORY_ASKED),
            Asked("idle, after a workbook was made, resident memory", " MiB", after.memory, below=MEMORY_ASKED),
            Asked("idle, processor", "% of a core", before.processor / 0.6, below=IDLE_ASKED),
        ]
    )


def unsettled(folder: Path) -> Path:
    """A study's files, and no database yet."""
    settle(folder, 0, TELEGRAM_BOT_TOKEN=TOKEN)
    for file in folder.glob("data/*.db*"):
        file.unlink()
    return folder


async def started_within(folder: Path, environment: Mapping[str, str] | None = None) -> float:
    """Seconds from the command to the first request for updates."""
    order = Order(1, 0, Manner.RUSHED)
    async with serving(order, folder) as server:
        address = {"TELEGRAM_API_URL": f"http://127.0.0.1:{await server.line(_WITHIN)}"}
        began = perf_counter()
        async with _bot(folder, {**address, **(environment or {})}):
            await server.line(_WITHIN)
            return perf_counter() - began


async def idle(folder: Path, seconds: float) -> tuple[Idle, Idle]:
    """What the bot is like when people have told, and when a workbook was made of it besides."""
    async with serving(Order(_PEOPLE, 0, Manner.TAPPING), folder) as server:
        address = f"http://127.0.0.1:{await server.line(_WITHIN)}"
        program = settle(folder, _PEOPLE, TELEGRAM_BOT_TOKEN=TOKEN, TELEGRAM_API_URL=address, **RAISED)
        async with _bot(folder) as bot:
            while not (await server.line(_WITHIN)).startswith("{"):
                pass
            before = await _watch(bot, seconds)
            await _have_workbook_made(program)
            return before, await _watch(bot, seconds)


async def _watch(bot: Process, seconds: float) -> Idle:
    await asyncio.sleep(seconds / 3)
    used = bot.processor()
    await asyncio.sleep(seconds)
    return Idle(bot.memory("VmRSS"), (bot.processor() - used) * 60 / seconds, bot.threads(), bot.files())


async def _have_workbook_made(program: Program) -> None:
    week = Week.of(program.now(), program.study.timezone)
    with transaction(program.place.database) as tx:
        job = jobs.add(tx, "workbook", {"city": CITY, "week": str(week)}, program.now())
    async with reading(program.place.database) as reader:
        for _ in range(int(_WITHIN / _LOOK_AFTER)):
            (row,) = await reader.all("SELECT state FROM job WHERE id = :id", id=job)
            if row["state"] == "done":
                return
            await asyncio.sleep(_LOOK_AFTER)
    raise RuntimeError("the workbook was not made")


def _bot(folder: Path, environment: Mapping[str, str] | None = None) -> AbstractAsyncContextManager[Process]:
    return started([TERUGBLIK, "run", "--folder", str(folder)], folder / "bot.log", environment=environment)


def _figures_of(when: str, found: Idle) -> list[Figure]:
    return [
        figure(f"{when}: resident memory", "MiB", [found.memory], note=f"below {MEMORY_ASKED:g} is asked"),
        figure(f"{when}: processor", "s/min", [found.processor]),
        figure(f"{when}: threads", "threads", [found.threads]),
        figure(f"{when}: open files", "files", [found.files]),
    ]


if __name__ == "__main__":
    asyncio.run(main())
