"""The example workbook in the documents is what the program writes today."""

import zipfile
from pathlib import Path

from benchmarks.sample import SAMPLE, write


def inside(path: Path) -> dict[str, bytes]:
    """The parts of the file; how tightly they are packed differs from machine to machine."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_sample_is_what_would_be_written_now_and_always_the_same_bytes(tmp_path: Path, update: bool) -> None:
    first, second = tmp_path / "first.xlsx", tmp_path / "second.xlsx"
    write(first)
    write(second)
    assert first.read_bytes() == second.read_bytes()
    if update:
        SAMPLE.write_bytes(first.read_bytes())
    assert inside(SAMPLE) == inside(first), "write it anew with --update"
