"""What a workbook of many reflections costs: this project's rows against bare openpyxl's, on the same cells.

Run with `python -m benchmarks.workbook`; `--rows 1000000` for more. Each side runs in a process of its own, so that its
peak of memory is its own.
"""

import argparse
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from exports.sheets import Absent, Block, Cell, Column, Row, Sheet, Style, Tally

_COLUMNS = 30
_SENTENCE = "De bewoners spraken over het groen & de speeltuin, en een oudere man vroeg wie het <gaat> doen."


def main() -> None:
    """Measure both sides and print the ratio; or, in a process of its own, measure one."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--rows", type=int, default=100_000)
    words.add_argument("--side", choices=[*_SIDES])
    given = words.parse_args()
    if given.side:
        _measure(given.side, given.rows)
        return
    seconds = {side: _apart(side, given.rows) for side in _SIDES}
    print(f"{given.rows} rows of {_COLUMNS} columns: {seconds['ours'] / seconds['openpyxl']:.2f} of openpyxl's time")


def _apart(side: str, rows: int) -> float:
    command = [sys.executable, "-m", "benchmarks.workbook", "--side", side, "--rows", str(rows)]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    print(told, end="")
    return float(told.split()[1])


def _measure(side: str, rows: int) -> None:
    with TemporaryDirectory() as folder:
        _SIDES[side](Path(folder) / "small.xlsx", 10)
        before = _peak()
        begun = time.perf_counter()
        _SIDES[side](Path(folder) / "large.xlsx", rows)
        took = time.perf_counter() - begun
        size = (Path(folder) / "large.xlsx").stat().st_size
    print(f"{side:<9}{took:8.2f} s {_peak() - before:8.1f} MiB more at the peak, file {size / 2**20:6.1f} MiB")


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _rows(count: int) -> Iterator[Row]:
    """Rows as the sheet of codes has them: codes, words, moments, numbers, missing ones and some open text."""
    chance = Random(1)
    start = datetime.fromisoformat("2026-11-16T10:00")
    for place in range(count):
        row: list[Cell] = [f"r{place:08}", start + timedelta(minutes=place % 10_000), "Utrecht", "Overvecht"]
        row += [chance.randint(1, 5) for _ in range(10)]
        row += [chance.choice((-77, -88, 0, 1)) for _ in range(8)]
        row += [f"{_SENTENCE} {place}", Absent("overgeslagen"), None, 12.5, "ja_helemaal", "bewoners gemeente"]
        row += [chance.random(), "nl"]
        yield row


def _ours(target: Path, count: int) -> None:
    from exports.rendering import Properties, render

    columns = [Column(f"kolom_{place}", Style.TEXT, 14) for place in range(_COLUMNS)]
    sheet = Sheet("Codes", [Block("codes", columns, _rows(count))], frozen_columns=2)
    render([sheet], Properties("", "", "", "nl", None, ""), target, Tally())


def _openpyxl(target: Path, count: int) -> None:
    from openpyxl import Workbook

    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("Codes")
    sheet.append([f"kolom_{place}" for place in range(_COLUMNS)])
    for row in _rows(count):
        sheet.append(row)
    workbook.save(target)


_SIDES = {"ours": _ours, "openpyxl": _openpyxl}

if __name__ == "__main__":
    main()
