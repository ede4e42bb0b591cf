"""How far an export is, told while it is made; who is told may stop it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")
_ASKED_EVERY = 400

Told = Callable[[int, int], None]
"""Takes how many reflections are done and how many there are; what it raises stops the export."""


class Unwanted(Exception):
    """Nobody waits for this export any more."""


def untold(done: int, total: int) -> None:
    """For who does not want to know."""


@dataclass(slots=True)
class Course:
    """Counts the reflections that go by. Each goes by several times, and is done when it went by for the last time."""

    told: Told
    total: int
    times: int
    """How often all of them will go by."""
    _passed: int = 0

    def passed(self, count: int) -> None:
        """So many more went by."""
        self._passed += count
        self.told(min(self.total, self._passed // self.times), self.total)


@dataclass(frozen=True, slots=True)
class Watched(Generic[T]):
    """Rows that do not count, during which who is told can stop the export all the same."""

    rows: Iterable[T]
    course: Course

    def __iter__(self) -> Iterator[T]:
        for place, row in enumerate(self.rows):
            if place % _ASKED_EVERY == 0:
                self.course.passed(0)
            yield row
