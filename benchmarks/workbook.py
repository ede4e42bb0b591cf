"""What a workbook of many reflections costs: this project's, with tables and charts, against bare openpyxl's rows.

Run with `python -m benchmarks.workbook`; `--rows 1000000` for more, `--picture` to draw the cost of 1,000 to 1,000,000
rows into the documents. Each measurement runs in a process of its own, so that its peak of memory is its own: the
resident set, beyond what the process held after it wrote a workbook of ten rows. Time is the processor's, which other
programs on the machine do not lengthen. `benchmarks.export` measures the whole export, from the database on.
"""

import argparse
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from benchmarks.costs import Cost, cost_of
from exports.sheets import Absent, Block, Cell, Chart, Column, Row, Sheet, Style, Tally

_COLUMNS = 30
_SENTENCE = "De bewoners spraken over het groen & de speeltuin, en een oudere man vroeg wie het <gaat> doen."
_STEPS = (1_000, 10_000, 100_000, 1_000_000)
_MOST_DRAWN = {"ours": _STEPS[-1], "openpyxl": _STEPS[-2]}
_PICTURE = Path("docs/pictures/workbook-cost.svg")
MOST_TIME, MOST_MEMORY, MOST_LAG = 0.40, 64, 50
"""Of openpyxl's time; MiB; milliseconds."""


def main() -> None:
    """Measure both sides and print the ratio; or, in a process of its own, measure one."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--rows", type=int, default=100_000)
    words.add_argument("--side", choices=[*_SIDES])
    words.add_argument("--lag", action="store_true")
    words.add_argument("--picture", action="store_true")
    given = words.parse_args()
    if given.side:
        _measure(given.side, given.rows, given.lag)
    elif given.picture:
        _draw({side: [_apart(side, rows) for rows in _STEPS if rows <= most] for side, most in _MOST_DRAWN.items()})
    else:
        costs = {side: _apart(side, given.rows, with_lag=side == "ours") for side in _SIDES}
        _tell(costs["ours"], costs["openpyxl"], given.rows)


def _tell(ours: Cost, theirs: Cost, rows: int) -> None:
    print(f"{rows} rows of {_COLUMNS} columns:")
    for name, value, most in (
        ("of openpyxl's time", ours.seconds / theirs.seconds, MOST_TIME),
        ("MiB more at the peak", ours.mebibytes, MOST_MEMORY),
        ("ms late at most", ours.lag, MOST_LAG),
    ):
        print(f"  {value:8.2f} {name:<22} at most {most}: {'kept' if value <= most else 'NOT KEPT'}")
    print(f"  {ours.idle:8.2f} ms late at most while idle, which is the machine's own")


def _apart(side: str, rows: int, *, with_lag: bool = False) -> Cost:
    words = ["--side", side, "--rows", str(rows), *(["--lag"] if with_lag else [])]
    command = [sys.executable, "-m", "benchmarks.workbook", *words]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    print(f"{side:<9} {rows:>8} rows: {told}", end="", flush=True)
    return Cost.read(told)


def _measure(side: str, rows: int, with_lag: bool) -> None:
    """Print what a side costs."""
    with TemporaryDirectory() as folder:
        small, large = Path(folder) / "small.xlsx", Path(folder) / "large.xlsx"
        write = _SIDES[side]
        print(cost_of(lambda: write(small, 10), lambda: write(large, rows), with_lag=with_lag))


def _draw(costs: Mapping[str, Sequence[Cost]]) -> None:
    """Time and memory over the number of rows, both sides, as a picture for the documents."""
    import matplotlib as mpl
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 3.6), layout="constrained")
    time_axes, memory_axes = figure.subplots(1, 2)
    looks = {"ours": ("Terugblik, with tables and charts", "#1F4E5F"), "openpyxl": ("openpyxl, bare rows", "#C98B2B")}
    for side, (label, color) in looks.items():
        rows = _STEPS[: len(costs[side])]
        time_axes.plot(rows, [each.seconds for each in costs[side]], "o-", color=color, label=label)
        memory_axes.plot(rows, [each.mebibytes for each in costs[side]], "o-", color=color, label=label)
    memory_axes.axhline(MOST_MEMORY, color="#B5534C", linestyle="--", linewidth=1)
    memory_axes.set_ylim(0, MOST_MEMORY * 1.15)
    time_axes.set_yscale("log")
    for axes, title in (
        (time_axes, "Processor seconds"),
        (memory_axes, f"MiB more at the peak (at most {MOST_MEMORY})"),
    ):
        axes.set_xscale("log")
        axes.set_xticks(_STEPS, [f"{rows:,}" for rows in _STEPS])
        axes.set_title(title, fontsize=10)
        axes.set_xlabel(f"rows of {_COLUMNS} columns", fontsize=9)
        axes.spines[["top", "right"]].set_visible(False)
        axes.grid(axis="y", color="#D9E1E4")
    time_axes.legend(frameon=False, fontsize=9)
    with mpl.rc_context({"svg.hashsalt": "terugblik", "svg.fonttype": "none", "font.family": "sans-serif"}):
        FigureCanvasSVG(figure).print_svg(_PICTURE, metadata={"Date": None})  # type: ignore[no-untyped-call]
    print(_PICTURE)


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

    weeks: list[Row] = [[f"2026-W{week}", week, week - 3] for week in range(40, 48)]
    figures = [Column("week"), Column("due", Style.WHOLE), Column("done", Style.WHOLE)]
    charts = [
        Chart("bars", "weeks", 0, (1, 2), "Response by week", "Bars"),
        Chart("lines", "weeks", 0, (1,), "Due by week", "A line"),
        Chart("shares", "weeks", 0, (1, 2), "Parts by week", "Parts of a whole"),
    ]
    columns = [Column(f"kolom_{place}", Style.CODE, 14) for place in range(_COLUMNS)]
    sheets = [
        Sheet("Overview", [Block("weeks", figures, weeks)], charts=charts),
        Sheet("Codes", [Block("codes", columns, _rows(count))], frozen_columns=2),
    ]
    render(sheets, Properties("", "", "", "nl", None, ""), target, Tally())


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
