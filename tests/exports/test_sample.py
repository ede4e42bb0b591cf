"""The example workbook in the documents is like what the program writes today."""

from pathlib import Path

from openpyxl import load_workbook

from benchmarks.sample import SAMPLE, write


def test_the_sample_has_the_sheets_that_would_be_written_now_and_always_the_same_bytes(tmp_path: Path) -> None:
    first, second = tmp_path / "first.xlsx", tmp_path / "second.xlsx"
    write(first)
    write(second)
    assert first.read_bytes() == second.read_bytes()
    assert load_workbook(SAMPLE).sheetnames == load_workbook(first).sheetnames
