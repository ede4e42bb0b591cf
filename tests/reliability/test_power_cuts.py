"""A power cut loses nothing that was told to be kept; `benchmarks.powercuts` makes ten thousand."""

import os
from pathlib import Path

import pytest

from tests.drivers import DRIVERS, key_for
from tests.reliability.cutting import Damage, cut_again_and_again
from tests.reliability.disktrace import Removed, Synced, may_trace, trace

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


def test_no_power_cut_brings_back_a_file_that_was_erased(tmp_path: Path) -> None:
    folder = tmp_path / "media"
    folder.mkdir()
    files = [folder / name for name in ("1-voice.ogg", "2-photo.jpg")]
    for file in files:
        file.write_bytes(b"words")
    words = [str(path) for path in (*files, folder / "3-never-came.ogg")]
    seen = trace(folder, "tests.reliability.removing", words, tmp_path / "log")
    assert seen == [*(Removed(file.name) for file in files), Synced("")]
