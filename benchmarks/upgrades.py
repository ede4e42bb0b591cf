"""Kills an upgrade from every earlier schema at every statement, and within the statements, and counts the kills.

Run with `.venv/bin/python -m benchmarks.upgrades`; `--operations 20` kills after every twenty operations of SQLite's
machine instead of at the beginning of every statement.
"""

import argparse
import tempfile
from pathlib import Path
from time import perf_counter

from storage.connection import Database
from storage.migrate import migrate, steps
from tests.storage.earlier import earlier_database
from tests.storage.upgrading import kept_in, kill_everywhere, lay_down

_EVERY_ONE = 100_000


def main() -> None:
    """One line for each earlier schema; stops where something was lost."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--operations", type=int, default=0)
    wanted = asked.parse_args()
    for version in range(len(steps())):
        began = perf_counter()
        with tempfile.TemporaryDirectory() as folder:
            kills = _killed_everywhere(Path(folder), version, wanted.operations)
        print(f"from schema {version}: {kills} kills, nothing lost, {perf_counter() - began:.0f} s", flush=True)


def _killed_everywhere(folder: Path, version: int, operations: int) -> int:
    old = earlier_database(folder / "old.db", version).path if version else None
    undisturbed = Database(folder / "undisturbed.db")
    lay_down(old, undisturbed.path)
    migrate(undisturbed)
    return kill_everywhere(old, Database(folder / "t.db"), kept_in(undisturbed), operations, _EVERY_ONE)


if __name__ == "__main__":
    main()
