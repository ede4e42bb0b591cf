"""The example workbook in the documents is what the program writes today."""

import zipfile
from pathlib import Path

from benchmarks.sample import SAMPLE, write


def sheets(path: Path) -> dict[str, bytes]:
    """The parts that hold rows; how they are packed differs between machines."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/")}


def test_the_sample_holds_what_would_be_written_now(tmp_path: Path, update: bool) -> None:
    write(SAMPLE if update else tmp_path / "sample.xlsx")
    assert sheets(SAMPLE) == sheets(SAMPLE if update else tmp_path / "sample.xlsx")
