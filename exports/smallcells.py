"""Counts so small that they could point at a person are not shown, nor can they be worked out from a total."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

K = 3
"""Counts below this are hidden inside the study."""
PUBLISHED_K = 10
"""Counts below this are hidden in what is published."""

Key = TypeVar("Key", bound=Hashable)


def is_small(count: int, k: int = K) -> bool:
    """Whether this count must not be shown; none at all counts as small."""
    return count < k


@dataclass(frozen=True, slots=True)
class Concealed(Generic[Key]):
    """What is not shown: keys with a small count, and keys that would give such a count away."""

    small: frozenset[Key]
    beside: frozenset[Key]

    def __contains__(self, key: object) -> bool:
        return key in self.small or key in self.beside


def concealed(counts: Mapping[Key, tuple[int, ...]], k: int = K) -> Concealed[Key]:
    """The keys to hide when each column's total is shown beside the rest.

    First every key with a small count; then, smallest first, as many more as it takes until the total
    minus what is shown is a small count in no column and belongs to more than one key.
    """
    small = {key for key, row in counts.items() if any(is_small(count, k) for count in row)}
    beside: set[Key] = set()
    rest = sorted((key for key in counts if key not in small), key=lambda key: sum(counts[key]))
    while rest and _can_be_worked_out([row for key, row in counts.items() if key in small | beside], k):
        beside.add(rest.pop(0))
    return Concealed(frozenset(small), frozenset(beside))


def _can_be_worked_out(rows: list[tuple[int, ...]], k: int) -> bool:
    """Whether the total minus what is shown would give one of these counts, or a small sum of them."""
    filled = [row for row in rows if any(row)]
    if not filled:
        return False
    return len(filled) == 1 or any(is_small(sum(column), k) for column in zip(*filled, strict=True))
