"""How long work takes on a machine that may be busy with other things, or slow."""

from collections.abc import Callable
from time import process_time

_USUAL = 0.06
"""Seconds the yardstick takes on an ordinary machine that does nothing else."""


def cpu_seconds(work: Callable[[], object]) -> float:
    """Seconds of a processor for the work, on an ordinary machine: where a fixed piece of work is slow, less."""
    before = _yardstick()
    began = process_time()
    work()
    spent = process_time() - began
    return spent * min(1.0, _USUAL / max(before, _yardstick()))


def _yardstick() -> float:
    began = process_time()
    sum(number * number % 7 for number in range(1_000_000))
    return process_time() - began
