"""What is asked of a figure, and whether it is so."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.figures import three_digits


@dataclass(frozen=True, slots=True)
class Asked:
    """A bound that something measured should keep."""

    name: str
    unit: str
    found: float
    at_least: float | None = None
    below: float | None = None

    @property
    def is_so(self) -> bool:
        """Whether what was found keeps to it."""
        is_enough = self.at_least is None or self.found >= self.at_least
        return is_enough and (self.below is None or self.found < self.below)

    def __str__(self) -> str:
        bound = f"below {self.below:,g}" if self.at_least is None else f"{self.at_least:,g} or more"
        return f"{'yes' if self.is_so else 'NO '}  {self.name}: {three_digits(self.found)}{self.unit}, asked {bound}"


def judge(all_asked: Sequence[Asked]) -> None:
    """Print each with what became of it; the process ends with 1 where anything is not as asked."""
    for one in all_asked:
        print(one)
    if not all(one.is_so for one in all_asked):
        sys.exit(1)
