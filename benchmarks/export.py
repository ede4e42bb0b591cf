"""What a workbook of a real database costs, from the first query to the last byte, with the study's own questionnaire.

Run with `python -m benchmarks.export`; `--answers 1000 1000000` for other sizes, `--lag` to see how late an event loop
wakes meanwhile, `--picture` to draw it into the documents, `--as sav` for another kind of file. An answer is a row of
the table of answers; a reflection has twelve. Each size is measured in a process of its own, on a database that another
process filled; see `benchmarks.costs`.
"""

import argparse
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from benchmarks.costs import Cost, cost_of
from benchmarks.invented import ANSWERS_EACH, fill
from exports.formats import Format, Surroundings, write_file
from exports.period import everything
from exports.request import Request, forms_of
from storage.database import snapshot
from tests.exports.seed import Seed, a_study

_STEPS = (1_000, 10_000, 100_000, 1_000_000)
_SECONDS = (0.1, 1, 10, 100)
_PICTURE = Path("docs/pictures/export-cost.svg")


def main() -> None:
    """Fill a database of each size, and measure what it costs to export all of it."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--answers", type=int, nargs="+", default=_STEPS)
    words.add_argument("--as", dest="kind", type=Format, default=Format.WORKBOOK)
    words.add_argument("--lag", action="store_true")
    words.add_argument("--picture", action="store_true")
    words.add_argument("--fill", action="store_true", help=argparse.SUPPRESS)
    words.add_argument("--from", dest="folder", type=Path, help=argparse.SUPPRESS)
    given = words.parse_args()
    if given.fill:
        _fill(given.folder, given.answers[0])
    elif given.folder:
        _measure(given.folder, given.kind, given.lag)
    else:
        costs = [_apart(answers, given.kind, with_lag=given.lag) for answers in given.answers]
        if given.picture:
            _draw(given.answers, costs)


def _apart(answers: int, kind: Format, *, with_lag: bool) -> Cost:
    with TemporaryDirectory() as folder:
        _run("--fill", "--from", folder, "--answers", str(answers))
        told = _run("--from", folder, "--as", kind.value, *(["--lag"] if with_lag else []))
    print(f"{answers:>8} answers, {told}", end="", flush=True)
    return Cost.read(told)


def _run(*words: str) -> str:
    command = [sys.executable, "-m", "benchmarks.export", *words]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def _fill(folder: Path, answers: int) -> None:
    for name, count in (("small", 10 * ANSWERS_EACH), ("large", answers)):
        with closing(Seed(folder / f"{name}.db")) as seed:
            fill(seed, count, Random(1))


def _measure(folder: Path, kind: Format, with_lag: bool) -> None:
    """Print how large the file is, and what it cost."""
    target = folder / "large.file"
    cost = cost_of(
        lambda: _write(folder / "small.db", kind, folder / "small.file"),
        lambda: _write(folder / "large.db", kind, target),
        with_lag=with_lag,
    )
    print(f"{target.stat().st_size / 1_000_000:.1f} MB: {cost}")


def _write(database: Path, kind: Format, target: Path) -> None:
    study = a_study()
    with snapshot(database) as rows:
        request = Request(study, study.cities[0], forms_of(rows), everything(), "nl", "")
        write_file(rows, request, (kind,), target, Surroundings(database.parent, Random(1)))


def _draw(answers: Sequence[int], costs: Sequence[Cost]) -> None:
    """Time and memory over the number of answers, as a picture for the documents."""
    import matplotlib as mpl
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 3.2), layout="constrained")
    time_axes, memory_axes = figure.subplots(1, 2)
    time_axes.plot(answers, [each.seconds for each in costs], "o-", color="#1F4E5F")
    memory_axes.plot(answers, [each.mebibytes for each in costs], "o-", color="#1F4E5F")
    time_axes.set_yscale("log")
    time_axes.set_yticks(_SECONDS, [f"{each:g}" for each in _SECONDS])
    memory_axes.set_ylim(0, max(64.0, *(each.mebibytes for each in costs)) * 1.1)
    for axes, title in ((time_axes, "Processor seconds"), (memory_axes, "MiB more at the peak")):
        axes.set_xscale("log")
        axes.set_xticks(answers, [f"{each:,}" for each in answers])
        axes.set_title(title, fontsize=10)
        axes.set_xlabel("answers in the database", fontsize=9)
        axes.spines[["top", "right"]].set_visible(False)
        axes.grid(axis="y", color="#D9E1E4")
    with mpl.rc_context({"svg.hashsalt": "terugblik", "svg.fonttype": "none", "font.family": "sans-serif"}):
        FigureCanvasSVG(figure).print_svg(_PICTURE, metadata={"Date": None})  # type: ignore[no-untyped-call]
    print(_PICTURE)


if __name__ == "__main__":
    main()
