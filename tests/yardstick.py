"""How long work takes on a machine that may be busy with other things, or slow."""

from collections.abc import Callable
from time import process_time

_USUAL = 0.06
"""Seconds the yardstick takes on an ordinary machine that does nothing else."""


def cpu_seconds(work: Callable[[], object], enough: float = 0.0) -> float:
    """Seconds of a processor for the work, on an ordinary machine: where a fixed piece of work is slow, less.

    Work of at most `enough` seconds is not compared, for it would only become less.
    """
    began = process_time()
    work()
    spent = process_time() - began
    return spent if spent <= enough else spent * min(1.0, _USUAL / _yardstick())


def _yardstick() -> float:
    began = process_time()
    sum(number * number % 7 for number in range(1_000_000))
    return process_time() - began
