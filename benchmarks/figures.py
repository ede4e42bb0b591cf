"""What a benchmark found, with its spread: printed as aligned lines, and added to a file for who writes it down."""

import json
from argparse import ArgumentParser
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median, quantiles


@dataclass(frozen=True, slots=True)
class Spread:
    """Half of the values lie between `low` and `high`, the quartiles."""

    median: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{three_digits(self.median)} ({three_digits(self.low)}–{three_digits(self.high)})"


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing that was measured several times in a run."""

    name: str
    unit: str
    """Such as `ms` or `turns/s`."""
    value: Spread
    ratio: Spread | None = None
    """To what `note` names; None where it is compared with nothing."""
    note: str = ""


def spread(values: Sequence[float]) -> Spread:
    """The median and the quartiles; of a single value it is all three."""
    low, _, high = quantiles(values, n=4, method="inclusive") if len(values) > 1 else (values[0],) * 3
    return Spread(median(values), low, high)


def figure(
    name: str, unit: str, values: Sequence[float], *, against: Sequence[float] | None = None, note: str = ""
) -> Figure:
    """What the values come to.

    `against` are the values they are compared with, measured in turns with them: each pair is a ratio of its own,
    so that what slows the machine for a while slows both.
    """
    ratios = None if against is None else [ours / theirs for ours, theirs in zip(values, against, strict=True)]
    return Figure(name, unit, spread(values), None if ratios is None else spread(ratios), note)


def tell(figures: Iterable[Figure], also_to: Path | None = None) -> None:
    """Print the figures, and add them to a file as a line of JSON each."""
    found = list(figures)
    width = max((len(one.name) for one in found), default=0)
    for one in found:
        ratio = f"  × {one.ratio}" if one.ratio else ""
        print(f"{one.name:<{width}}  {f'{one.value} {one.unit}':<36}{ratio}  {one.note}".rstrip())
    if also_to is not None:
        with also_to.open("a", encoding="utf-8") as file:
            file.writelines(json.dumps(asdict(one), ensure_ascii=False) + "\n" for one in found)


def with_file(words: ArgumentParser) -> ArgumentParser:
    """The option that every benchmark has, for `tell`."""
    words.add_argument("--json", type=Path, metavar="PATH", help="add the figures to this file, a line of JSON each")
    return words


def three_digits(value: float) -> str:
    """About three digits that say something."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
