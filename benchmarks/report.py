"""Runs the benchmarks one after the other, and writes what they found into docs/performance.md.

Run with `make bench`, which is short and writes nothing, or `make bench-full`. `python -m benchmarks.report --full`
with `--only pacing footprint` measures those anew and leaves the tables of the others as they are.
"""

import argparse
import json
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from benchmarks.bots import PROJECT
from benchmarks.figures import Figure, Spread
from benchmarks.machine import facts

DOCUMENT = PROJECT / "docs" / "performance.md"
_RESULTS = PROJECT / "data" / "benchmarks"
_TABLE = re.compile(r"(<!-- measured: (?P<name>[a-z_]+) -->\n)(?P<text>.*?)(<!-- end -->)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A module that measures, and how its figures' names are taken apart for a table."""

    name: str
    full: tuple[str, ...] = ("--full",)
    column_first: str = ""
    """What stands in a name between its column and its row."""
    column_last: str = ""
    """Or between its row and its column."""

    def place(self, name: str) -> tuple[str, str] | None:
        """The row and the column of a figure; None for one that has a line of its own."""
        if self.column_first and self.column_first in name:
            column, _, row = name.partition(self.column_first)
            return row, column
        if self.column_last and self.column_last in name:
            row, _, column = name.rpartition(self.column_last)
            return row, column
        return None


BENCHMARKS = (
    Benchmark("turns", column_first=": "),
    Benchmark("pacing"),
    Benchmark("footprint", column_last=", "),
    Benchmark("growth", ("--full", "--picture"), column_last=", "),
    Benchmark("group_commit", (), column_last=", "),
)
MACHINE = "machine"


def main() -> None:
    """Run what is wanted; ends with 1 where something is not as asked."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--full", action="store_true", help="long, and written into the document")
    words.add_argument("--write", action="store_true", help="into the document, also what was short")
    words.add_argument("--only", nargs="+", choices=[one.name for one in BENCHMARKS], help="leave the others out")
    words.add_argument("--results", type=Path, default=_RESULTS, help="the folder for what is measured")
    given = words.parse_args()
    given.results.mkdir(parents=True, exist_ok=True)
    about = facts()
    wanted = [one for one in BENCHMARKS if not given.only or one.name in given.only]
    failed = [one.name for one in wanted if not _run(one, given.results, is_full=given.full)]
    if given.full or given.write:
        when = f"Commit {about.pop('commit')}, {about.pop('measured')}{'' if given.full else '; a short run'}.\n\n"
        found = {one.name: when + table_of(one, read(given.results / f"{one.name}.json")) for one in wanted}
        text = DOCUMENT.read_text(encoding="utf-8")
        DOCUMENT.write_text(renewed(text, {MACHINE: facts_table(about), **found}), encoding="utf-8")
    if failed:
        print(f"not as asked: {', '.join(failed)}")
        sys.exit(1)


def _run(benchmark: Benchmark, results: Path, *, is_full: bool) -> bool:
    """Whether everything was as asked."""
    print(f"\n{benchmark.name}", flush=True)
    target = results / f"{benchmark.name}.json"
    target.unlink(missing_ok=True)
    more = benchmark.full if is_full else ()
    command = [sys.executable, "-m", f"benchmarks.{benchmark.name}", *more, "--json", str(target)]
    return subprocess.run(command, cwd=PROJECT, check=False).returncode == 0


def read(file: Path) -> list[Figure]:
    """The figures that a benchmark added to a file; none where it got to none."""
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return [_figure(json.loads(line)) for line in lines]


def _figure(line: dict[str, Any]) -> Figure:
    ratio = line["ratio"]
    value = Spread(**line["value"])
    return Figure(line["name"], line["unit"], value, None if ratio is None else Spread(**ratio), line["note"])


def renewed(text: str, tables: Mapping[str, str]) -> str:
    """The document with these tables in their places; a place for which there is none stays as it is."""
    return _TABLE.sub(lambda place: place[1] + (tables.get(place["name"]) or place["text"]) + place[4], text)


def facts_table(about: Mapping[str, str]) -> str:
    """What it ran on."""
    return _table(("", ""), about.items())


def table_of(benchmark: Benchmark, figures: Iterable[Figure]) -> str:
    """The figures as tables: those with a column side by side, the others a line each."""
    parts = [
        _side_by_side(benchmark, list(some)) if has_column else _one_by_one(some)
        for has_column, some in groupby(figures, lambda one: benchmark.place(one.name) is not None)
    ]
    return "\n".join(parts)


def _one_by_one(figures: Iterable[Figure]) -> str:
    return _table(("", "", "times", ""), ((one.name, _value(one), str(one.ratio or ""), one.note) for one in figures))


def _side_by_side(benchmark: Benchmark, figures: Sequence[Figure]) -> str:
    places = {place: one for one in figures if (place := benchmark.place(one.name)) is not None}
    rows, columns = (list(dict.fromkeys(place[at] for place in places)) for at in (0, 1))
    cells = ((row, *(_cell(places.get((row, column))) for column in columns)) for row in rows)
    return _table(("", *columns), cells)


def _cell(one: Figure | None) -> str:
    if one is None:
        return ""
    return f"{_value(one)} × {one.ratio}" if one.ratio else _value(one)


def _value(one: Figure) -> str:
    is_single = one.value.low == one.value.high
    number = str(one.value).partition(" ")[0] if is_single else str(one.value)
    return f"{number} {one.unit}"


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


if __name__ == "__main__":
    main()
