"""Plays a reflection, and whatever else the bot calls, once for every fault in every phase; tells what ends otherwise.

Run with `.venv/bin/python -m benchmarks.faults`; `--only 40 --seed 3` takes so many at random;
`--strange` lets the bot talk to a server that says everything differently.
"""

import argparse
import asyncio
import logging
import tempfile
from collections.abc import Callable
from pathlib import Path
from random import Random
from time import perf_counter

from bot.sandbox import Sandbox
from tests.reliability.besides import BESIDES
from tests.reliability.matrix import Address, Cell, Outcome, cells, differences, itself, played
from tests.reliability.reflecting import Stuck
from tests.reliability.strange import strange_server


async def main() -> None:
    """The matrix; print what differs and the sums."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--only", type=int, default=0)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--match", default="")
    asked.add_argument("--strange", action="store_true")
    wanted = asked.parse_args()
    logging.disable()
    began = perf_counter()
    usual, besides = await fresh(None), await fresh(None, pushed=True)
    server = strange_server if wanted.strange else itself
    # What is pushed does not come by way of the other server.
    every = [*cells(usual.calls), *([] if wanted.strange else cells(besides.calls))]
    chosen = [cell for cell in every if wanted.match in str(cell)]
    if wanted.only:
        chosen = Random(wanted.seed).sample(chosen, wanted.only)
    different = nudges = twice = 0
    for cell in chosen:
        try:
            found = await fresh(cell, on=server)
        except (Stuck, TimeoutError) as error:
            wrong = [f"{type(error).__name__}: {error}"]
        else:
            wrong = differences(besides if cell.phase in BESIDES else usual, found, cell)
            nudges += found.nudges
            twice += found.said_twice
        if wrong:
            different += 1
            print(f"{cell}:", *wrong, sep="\n    ", flush=True)
    print(f"{len(chosen)} cells, {different} that end differently, {twice} messages said twice,", end=" ")
    print(f"{nudges} times somebody had to write, {perf_counter() - began:.0f} s")


async def fresh(cell: Cell | None, *, pushed: bool = False, on: Callable[[Sandbox], Address] = itself) -> Outcome:
    """One story in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        async with asyncio.timeout(60):
            return await played(Path(folder), cell, pushed=pushed, on=on)


if __name__ == "__main__":
    asyncio.run(main())
