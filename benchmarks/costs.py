"""What something costs: processor time, memory at the peak, and how late an event loop wakes meanwhile."""

import asyncio
import gc
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass

_BEAT = 0.001
"""Seconds the event loop sleeps between two looks at how late it wakes."""
_IDLE = 5
"""Seconds."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one side took."""

    seconds: float
    """Of the processor."""
    mebibytes: float
    """More at the peak."""
    lag: float = 0
    """Milliseconds the event loop woke late at most, while a thread worked."""
    idle: float = 0
    """The same while nothing was done: what is the machine's own."""

    def __str__(self) -> str:
        """Four figures, each with two words behind it; see `read`."""
        return (
            f"{self.seconds:.2f} seconds taken, {self.mebibytes:.1f} MiB more,"
            f" {self.lag:.1f} ms late, {self.idle:.1f} ms idle"
        )

    @classmethod
    def read(cls, told: str) -> "Cost":
        """From the words of `str`, with which a process ends what it says."""
        return cls(*(float(figure) for figure in told.split()[-12::3]))


def cost_of(first: Callable[[], object], measured: Callable[[], object], *, with_lag: bool) -> Cost:
    """What `measured` takes in this process, beyond what it holds after `first`, a small one of the same kind."""
    # As the bot does when it has started.
    gc.freeze()
    first()
    before = _peak()
    begun = time.process_time()
    measured()
    took, peak = time.process_time() - begun, _peak() - before
    # Who looks takes time: that is a run of its own.
    idle, lag = asyncio.run(_lags(measured)) if with_lag else (0.0, 0.0)
    return Cost(took, peak, lag, idle)


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


async def _lags(measured: Callable[[], object]) -> tuple[float, float]:
    """How late the event loop wakes at most, idle and while a thread works."""
    idle = await _lag(asyncio.create_task(asyncio.sleep(_IDLE)))
    return idle, await _lag(asyncio.create_task(asyncio.to_thread(measured)))


async def _lag(during: asyncio.Task[object]) -> float:
    """How late, in milliseconds, the event loop wakes at most until this is done."""
    worst = 0.0
    while not during.done():
        asked = time.perf_counter()
        await asyncio.sleep(_BEAT)
        worst = max(worst, time.perf_counter() - asked - _BEAT)
    await during
    return worst * 1000
