"""Answers survive the end of the process, whenever it comes; `benchmarks.kills` does the same a thousand times."""

import os
from pathlib import Path

from benchmarks.kills import pushed
from tests.reliability.killing import kill_again_and_again
from tests.reliability.verdict import Verdict

_KILLS = int(os.environ.get("KILLS", "4"))


async def test_kills_lose_and_double_nothing_and_leave_nobody_stuck(tmp_path: Path) -> None:
    verdict, kills = await kill_again_and_again(tmp_path, crowd=6, kills=_KILLS, seed=2, hesitation=0.25)
    assert kills >= min(_KILLS, 3)
    assert_nothing_happened(verdict)


async def test_stopping_again_and_again_loses_and_doubles_nothing(tmp_path: Path) -> None:
    verdict, stops = await kill_again_and_again(tmp_path, crowd=5, kills=3, seed=5, politely=True, hesitation=0.2)
    assert stops >= 2
    assert_nothing_happened(verdict)
    assert verdict.shown_twice == 0


async def test_pushed_updates_survive_kills_as_fetched_ones_do(tmp_path: Path) -> None:
    verdict, kills = await kill_again_and_again(tmp_path, crowd=4, kills=3, seed=3, hesitation=0.2, settings=pushed())
    assert kills >= 2
    assert_nothing_happened(verdict)


async def test_files_that_are_made_and_fetched_survive_kills(tmp_path: Path) -> None:
    verdict, kills = await kill_again_and_again(tmp_path, crowd=3, kills=4, seed=4, hesitation=0.15, orders=1)
    assert kills >= 3
    assert verdict.files > 0
    assert_nothing_happened(verdict)


def assert_nothing_happened(verdict: Verdict) -> None:
    assert verdict.said > 0
    assert verdict.is_clean, verdict
    assert verdict.shown_twice <= verdict.said_twice, verdict
