"""An upgrade from every earlier schema keeps every row, whenever it is killed and whoever else upgrades."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from storage.migrate import migrate, steps
from tests.drivers import DRIVERS, key_for
from tests.storage.earlier import KEPT, earlier_database
from tests.storage.upgrading import kept_in

PROJECT = Path(__file__).parents[2]
EARLIER = range(1, len(steps()))
KILLS = int(os.environ.get("UPGRADE_KILLS", "1"))
"""Of each upgrade, spread over its statements; `benchmarks.upgrades` makes one at every moment."""


def upgrading(*words: str) -> str:
    """What came of upgrades in processes of their own."""
    program = [sys.executable, "-m", "tests.storage.upgrading", *words]
    ended = subprocess.run(program, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.strip()


def test_there_are_rows_of_the_first_schema_in_every_table(tmp_path: Path) -> None:
    assert [path.name for path in KEPT.glob("0001.sql")] == ["0001.sql"]
    kept = kept_in(earlier_database(tmp_path / "old.db", 1))
    assert [name for name, rows in kept.items() if not rows] == ["foreign_key_check"]


@pytest.mark.parametrize("version", EARLIER)
def test_an_upgrade_keeps_every_value_that_was_there(tmp_path: Path, version: int) -> None:
    database = earlier_database(tmp_path / "old.db", version)
    before = kept_in(database)
    assert migrate(database) == len(steps())
    after = kept_in(database)
    assert after["foreign_key_check"] == []
    for table in before.keys() - {"schema", "user_version"}:
        # New columns come at the end.
        assert [row[: len(old)] for row, old in zip(after[table], before[table], strict=True)] == before[table]


def test_killed_on_the_way_an_upgrade_is_taken_up_and_nothing_is_lost(tmp_path: Path) -> None:
    earlier = [str(earlier_database(tmp_path / f"{version}.db", version)) for version in EARLIER]
    assert upgrading("kill", str(tmp_path), str(KILLS), "", *earlier) == str([KILLS] * len(steps()))


@pytest.mark.parametrize("driver", DRIVERS)
@pytest.mark.parametrize("version", [0, 1])
def test_of_several_that_upgrade_at_once_each_finds_it_done_once(tmp_path: Path, version: int, driver: str) -> None:
    key = key_for(driver)
    old = str(earlier_database(tmp_path / "old.db", version, key)) if version else ""
    assert upgrading("race", str(tmp_path), "6", old, key or "") == str([0] * 6)
