"""People who do anything at any moment lose no answer and come to an end; and what would break that is noticed."""

import os
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from fieldwork.taps import Key
from handlers.desk import Caller, Desk
from handlers.reflecting import prompting, reflection
from storage import answers, sessions
from storage.tx import Tx
from tests.crowd.life import lived, shortened, steps
from tests.reliability.instead import instead

_LIVES = int(os.environ.get("RANDOM_LIVES", "2"))
_STEPS = int(os.environ.get("RANDOM_STEPS", "110"))
_SEED = int(os.environ.get("RANDOM_SEED", "3"))
_UNTIL_CAUGHT = 80


@pytest.mark.parametrize("seed", range(_SEED, _SEED + _LIVES))
async def test_whatever_people_do_no_answer_is_lost_or_doubled_and_there_is_a_way_on(tmp_path: Path, seed: int) -> None:
    chosen = steps(seed, _STEPS)
    wrong = await lived(tmp_path / "first", chosen)
    if wrong:
        fewer = await shortened(tmp_path, chosen)
        pytest.fail("\n".join(["after fewer steps:", *map(str, fewer), f"seed {seed}, all steps:", *wrong]))


def old_buttons_count(bug: ExitStack) -> None:
    """A button under an earlier question is taken for one under the question that waits."""
    tapped = reflection.tapped

    def taken(tx: Tx, desk: Desk, caller: Caller, key: Key) -> str:
        session = sessions.by_id(tx, key.id)
        return tapped(tx, desk, caller, key if session is None else replace(key, turn=session.asking))

    bug.enter_context(instead(reflection, "tapped", taken))


def a_second_answer_is_lost(bug: ExitStack) -> None:
    """An answer that was given before is shown as changed and is not."""
    add = answers.add

    def add_once(tx: Tx, session_id: int, record: Any, *rest: Any) -> None:
        if record.path not in answers.current(tx, session_id):
            add(tx, session_id, record, *rest)

    bug.enter_context(instead(answers, "add", add_once))


def two_workshops_at_once(bug: ExitStack) -> None:
    """Questions about another workshop begin while some wait already."""
    bug.enter_context(instead(prompting, "busy_elsewhere", lambda *_: None))


PLANTS = ((old_buttons_count, 10), (a_second_answer_is_lost, 3), (two_workshops_at_once, 2))
"""Each with a seed that comes upon it soon."""


@pytest.mark.parametrize(("plant", "seed"), PLANTS)
async def test_a_planted_bug_is_noticed(tmp_path: Path, plant: Callable[[ExitStack], None], seed: int) -> None:
    with ExitStack() as bug:
        plant(bug)
        assert await lived(tmp_path, steps(seed, _UNTIL_CAUGHT))
