"""The comparison of commits still runs, and each side keeps every answer."""

from pathlib import Path

from benchmarks.group_commit import compared
from storage.connection import open_for_writing


async def test_every_side_is_measured_beside_a_commit_each(tmp_path: Path) -> None:
    figures = await compared(tmp_path, "this disk", open_for_writing, 1)
    assert [one.name for one in figures if one.ratio is None] == ["a commit each, this disk"]
    assert all(one.value.median > 0 for one in figures)
