"""Cuts the power ten thousand times while rows are kept, and counts what was lost, torn or made unusable.

Run with `.venv/bin/python -m benchmarks.powercuts --images 10000 --seed 1`; `--encrypted` for an encrypted database,
`--synchronous NORMAL` or `OFF` to see what syncing less would lose. Needs strace.
"""

import argparse
import tempfile
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from time import perf_counter

from tests.drivers import KEY
from tests.reliability.cutting import cut_again_and_again

_IMAGES_OF_ONE_RECORDING = 500
_TRANSACTIONS = 400


def main() -> None:
    """Record after recording until there were images enough; print the sums."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--images", type=int, default=10_000)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--encrypted", action="store_true")
    asked.add_argument("--synchronous", choices=("FULL", "NORMAL", "OFF"), default="FULL")
    wanted = asked.parse_args()
    total: Counter[str] = Counter()
    seed, began = wanted.seed, perf_counter()
    while total["images"] < wanted.images:
        with tempfile.TemporaryDirectory() as folder:
            damage = cut_again_and_again(
                Path(folder).resolve(),
                min(_IMAGES_OF_ONE_RECORDING, wanted.images - total["images"]),
                seed,
                transactions=_TRANSACTIONS,
                key=KEY if wanted.encrypted else None,
                synchronous=wanted.synchronous,
            )
        total += Counter(asdict(damage))
        seed += 1
        print(f"seed {seed - 1}: {damage}", flush=True)
    print({name: total[name] for name in asdict(damage)})
    print(f"seeds {wanted.seed} to {seed - 1}, {perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main()
