"""A bot that is cut off at any moment keeps its promises, and one with a planted bug is caught: tests are tested."""

import os
from contextlib import ExitStack
from pathlib import Path
from random import Random

import pytest

from bot.sandbox import Sandbox
from tests.e2e.town import stopped_clock
from tests.reliability.crashes import Crashes
from tests.reliability.plants import PLANTS, Plant, disk_trouble

_MOMENTS = int(os.environ.get("CRASH_MOMENTS", "6"))
"""At how many moments the healthy bot is cut off; there are about thirty."""


async def broken(folder: Path, most: int, bug: Plant | None = None) -> tuple[list[str], int]:
    """The first promises broken, and at how many moments the bot was cut off until then."""
    clock = stopped_clock()
    async with Sandbox(clock.now) as sandbox:
        with ExitStack() as planted:
            crashes = Crashes(folder, bug, planted)
            images = await crashes.played(sandbox, clock)
            if wrong := crashes.wrong():
                return wrong, 0
            drawn = Random(5).sample(list(enumerate(images)), min(most, len(images)))
            for tried, (number, image) in enumerate(drawn, 1):
                if wrong := await crashes.resumed(image, number, sandbox, clock):
                    return wrong, tried
    return [], len(drawn)


async def test_a_bot_that_is_cut_off_at_any_moment_keeps_its_promises(tmp_path: Path) -> None:
    wrong, moments = await broken(tmp_path, _MOMENTS)
    assert wrong == []
    assert moments >= min(_MOMENTS, 20)


async def test_trouble_with_the_disk_alone_breaks_nothing(tmp_path: Path) -> None:
    assert await broken(tmp_path, 0, lambda bug: bug.enter_context(disk_trouble())) == ([], 0)


@pytest.mark.parametrize("bug", PLANTS, ids=lambda bug: bug.__name__)
async def test_a_planted_bug_is_caught(tmp_path: Path, bug: Plant) -> None:
    wrong, _ = await broken(tmp_path, 1000, bug)
    assert wrong
