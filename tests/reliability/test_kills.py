"""Answers survive the end of the process, whenever it comes; `benchmarks.kills` does the same a thousand times."""

import socket
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


async def test_pushed_updates_survive_kills_as_fetched_ones_do(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    pushed = {
        "WEBHOOK_URL": f"http://127.0.0.1:{port}/hook",
        "WEBHOOK_PORT": str(port),
        "WEBHOOK_SECRET": "a-word-of-enough-letters",
    }
    verdict, kills = await kill_again_and_again(tmp_path, crowd=6, kills=5, seed=3, hesitation=0.3, settings=pushed)
    assert kills >= 3
    assert_nothing_happened(verdict)


def assert_nothing_happened(verdict: Verdict) -> None:
    assert verdict.said > 0
    assert (verdict.lost, verdict.doubled, verdict.out_of_order, verdict.stuck) == (0, 0, 0, 0), verdict
