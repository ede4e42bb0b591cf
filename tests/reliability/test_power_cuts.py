"""A power cut loses nothing that was told to be kept; `benchmarks.powercuts` makes ten thousand."""

import os
from pathlib import Path

import pytest

from tests.drivers import DRIVERS, key_for
from tests.reliability.cutting import Damage, cut_again_and_again
from tests.reliability.disktrace import may_trace

_IMAGES = int(os.environ.get("POWER_CUTS", "50"))
"""Of a plain database; of an encrypted one half as many."""
pytestmark = pytest.mark.skipif(not may_trace(), reason="strace is not installed, or may not watch a process here")


@pytest.mark.parametrize("driver", DRIVERS)
def test_what_was_told_to_be_kept_is_there_after_a_power_cut(tmp_path: Path, driver: str) -> None:
    images = _IMAGES if driver == "plain" else _IMAGES // 2
    damage = cut_again_and_again(tmp_path, images, 3, transactions=80, key=key_for(driver))
    assert damage.kept > 10 * images
    assert damage == Damage(images, 0, 0, 0, damage.kept)


@pytest.mark.parametrize("synchronous", ["NORMAL", "OFF"])
def test_the_search_finds_what_syncing_less_would_lose(tmp_path: Path, synchronous: str) -> None:
    damage = cut_again_and_again(tmp_path, 30, 3, transactions=24, synchronous=synchronous)
    assert damage.lost + damage.torn + damage.unusable > 5
