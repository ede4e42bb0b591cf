"""The comparison of turns still runs, and counts what it says it counts."""

import json
import shutil
from pathlib import Path

import pytest

from benchmarks.bots import RAISED, Failed, Ours, Peer, play
from benchmarks.figures import tell
from benchmarks.replies import Manner
from benchmarks.server import Order
from benchmarks.turns import asked_far_of, asked_of, figures_of, rounds_of

_TURNS = 16
"""Twelve questions, three of them with Klaar after the words, and the summary that is confirmed."""


async def test_three_people_type_a_questionnaire_and_every_turn_of_theirs_is_counted(tmp_path: Path) -> None:
    bots = {"typing": Ours("Terugblik, typing", Manner.TYPING, RAISED)}
    found = await rounds_of(bots, Order(3, 0, Manner.ECHO), 1, tmp_path)
    (played,) = found["typing"]
    assert played.turns == 3 * _TURNS
    assert played.seen.calls["sendMessage"] == played.turns
    assert 0 < played.processor < 10
    assert 20 < played.memory < 500
    figures = figures_of(bots, found)
    tell(figures, tmp_path / "figures.json")
    told = [json.loads(line) for line in (tmp_path / "figures.json").read_text("utf-8").splitlines()]
    by_name = {line["name"]: line["value"]["median"] for line in told}
    assert by_name["Terugblik, typing: sendMessage a turn"] == 1
    assert asked_of(bots, found) == []
    assert [one.name.rpartition(": ")[2] for one in asked_far_of(bots, found)] == ["calls", "wait of 99 in 100"]


async def test_a_bot_that_ends_is_told_with_its_code_and_not_waited_for(tmp_path: Path) -> None:
    ending = shutil.which("false")
    assert ending is not None
    with pytest.raises(Failed, match="it ended with 1"):
        await play(Peer("an echo", "ptb_echo.py", Path(ending)), Order(1, 1, Manner.ECHO), tmp_path)
