"""A week of two thousand people in all cities, in minutes: does the bot grow, and is its work done in the end?

Run with `TICK_AFTER=1 .venv/bin/python -m benchmarks.soak --people 2000 --days 7 --pause 4`.
"""

import argparse
import asyncio
import tempfile
from pathlib import Path
from time import perf_counter

from tests.reliability.soaking import Weight, soak


def told(weight: Weight) -> None:
    """One line for every six hours."""
    if weight.hour % 6 == 0:
        print(weight, flush=True)


async def main() -> None:
    """Soak; print what the bot held as time went by."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--people", type=int, default=2000)
    asked.add_argument("--days", type=int, default=7)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--pause", type=float, default=4.0)
    wanted = asked.parse_args()
    began = perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        weights = await soak(Path(folder), wanted.people, wanted.days * 24, wanted.seed, wanted.pause, 1.0, told)
    print(weights[-1])
    print(f"{perf_counter() - began:.0f} s")


if __name__ == "__main__":
    asyncio.run(main())
