"""An event loop whose clock runs ten times as fast while nothing is done."""

import asyncio
import selectors
from collections.abc import Coroutine
from typing import TypeVar

T = TypeVar("T")
_STEP = 0.02
"""Seconds by which the clock goes on at most before it is looked whether a thread came back with something."""
_HURRY = 10


class _Selector(selectors.DefaultSelector):
    ahead = 0.0
    """By how much our clock has run away from the system's."""

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Wait a tenth of what was to be waited, a little at a time; the whole of it counts as waited."""
        step = _STEP if timeout is None else max(0.0, min(timeout, _STEP))
        found = super().select(step / _HURRY)
        if not found:
            self.ahead += step
        return found


class _Loop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._hurried = _Selector()
        super().__init__(self._hurried)

    def time(self) -> float:
        """Seconds on the hurried clock."""
        return super().time() + self._hurried.ahead


def run_hurried(story: Coroutine[object, object, T]) -> T:
    """Run it to its end."""
    with asyncio.Runner(loop_factory=_Loop) as runner:
        return runner.run(story)
