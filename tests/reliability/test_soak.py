"""Days of many people leave nothing behind in memory, open files or waiting rows; `benchmarks.soak` does a week."""

import os
from pathlib import Path

import pytest

from tests.reliability.soaking import soak

_HOURS = int(os.environ.get("SOAK_HOURS", "6"))
"""Within which workshops end; the last are asked about the morning after."""
_CONNECTIONS = 64
"""How many the channel keeps to the Bot API server at most."""


async def test_a_day_of_some_people_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TICK_AFTER", "0.2")
    weights = await soak(tmp_path, 16, _HOURS, 1, 0.2, 0.05, lambda weight: None)
    last = weights[-1]
    assert (last.answered, last.waiting) == (16, 0)
    assert last.files <= weights[0].files + _CONNECTIONS
    assert last.megabytes - weights[len(weights) // 2].megabytes < 60
