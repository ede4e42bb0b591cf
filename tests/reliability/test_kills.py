"""Answers survive the end of the process, whenever it comes; `benchmarks.kills` does the same a thousand times."""

from pathlib import Path

from tests.reliability.killing import kill_again_and_again
from tests.reliability.verdict import Verdict


async def test_fifteen_kills_lose_and_double_nothing_and_leave_nobody_stuck(tmp_path: Path) -> None:
    verdict, kills = await kill_again_and_again(tmp_path, crowd=12, kills=15, seed=2)
    assert kills >= 10
    assert_nothing_happened(verdict)


async def test_stopping_again_and_again_loses_and_doubles_nothing(tmp_path: Path) -> None:
    verdict, stops = await kill_again_and_again(tmp_path, crowd=8, kills=6, seed=5, politely=True, hesitation=0.3)
    assert stops >= 3
    assert_nothing_happened(verdict)
    assert verdict.shown_twice == 0


def assert_nothing_happened(verdict: Verdict) -> None:
    assert verdict.said > 0
    assert (verdict.lost, verdict.doubled, verdict.out_of_order, verdict.stuck) == (0, 0, 0, 0), verdict
