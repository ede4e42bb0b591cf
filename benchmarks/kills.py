"""Kills the bot at random moments while fifty people answer it, and counts what was lost or doubled.

Run with `.venv/bin/python -m benchmarks.kills --kills 1000 --seed 1`. `--politely` sends SIGTERM instead, `--files` has
workbooks made and photos fetched meanwhile, `--webhook` has updates pushed, `--hesitation 0.2` makes people answer in
bursts.
"""

import argparse
import asyncio
import socket
import tempfile
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from time import perf_counter

from tests.reliability.killing import kill_again_and_again


async def main() -> None:
    """Rounds of fresh people until the bot was killed often enough; print the sums."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--kills", type=int, default=1000)
    asked.add_argument("--people", type=int, default=50)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--hesitation", type=float, default=4.0)
    asked.add_argument("--politely", action="store_true")
    asked.add_argument("--files", action="store_true")
    asked.add_argument("--webhook", action="store_true")
    wanted = asked.parse_args()
    total: Counter[str] = Counter()
    seed, began = wanted.seed, perf_counter()
    while total["kills"] < wanted.kills:
        with tempfile.TemporaryDirectory() as folder:
            verdict, kills = await kill_again_and_again(
                Path(folder),
                wanted.people,
                wanted.kills - total["kills"],
                seed,
                politely=wanted.politely,
                hesitation=wanted.hesitation,
                orders=30 if wanted.files else 0,
                settings=pushed() if wanted.webhook else {},
            )
        total += Counter({"kills": kills, **asdict(verdict)})
        seed += 1
        print(f"seed {seed - 1}: {kills} kills, {verdict}", flush=True)
    print({name: total[name] for name in ("kills", *asdict(verdict))})
    print(f"seeds {wanted.seed} to {seed - 1}, {perf_counter() - began:.0f} s")


def pushed() -> dict[str, str]:
    """Settings with which updates are pushed to a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    return {
        "WEBHOOK_URL": f"http://127.0.0.1:{port}/hook",
        "WEBHOOK_PORT": str(port),
        "WEBHOOK_SECRET": "a-word-of-enough-letters",
    }


if __name__ == "__main__":
    asyncio.run(main())
