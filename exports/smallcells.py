"""Counts so small that they could point at a person are not shown, nor can they be worked out from what is."""

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Generic, TypeVar

K = 3
"""Counts below this are hidden inside the study."""
K_IN_PUBLIC = 10
"""Counts below this are hidden in what is published."""

Key = TypeVar("Key", bound=Hashable)


def is_small(count: int, k: int = K) -> bool:
    """Whether this count must not be shown; none at all counts as small."""
    return count < k


@dataclass(frozen=True, slots=True)
class Concealed(Generic[Key]):
    """What is not shown: the keys with a small count and those that would give one away, told apart nowhere.

    Who reads why a key is missing knows on which side of the limit it lies, and may work out the rest.
    """

    keys: frozenset[Key]
    hides_total: bool
    """Even with every key hidden the totals would give one away, or are small themselves."""

    def __contains__(self, key: object) -> bool:
        return key in self.keys


def concealed(counts: Mapping[Key, tuple[int, ...]], k: int = K, hidden: Collection[Key] = ()) -> Concealed[Key]:
    """The keys to hide when each column's total is shown beside the rest.

    First every key with a small count, and those that are `hidden` elsewhere; then, smallest first, as many more as
    it takes until the total minus what is shown leaves each of them more than one possible count. A key with nothing
    but zeros is taken for known to be empty.
    """
    filled = {key: row for key, row in counts.items() if any(row)}
    keys = {key for key, row in filled.items() if key in hidden or any(is_small(count, k) for count in row)}
    rest = sorted((key for key in filled if key not in keys), key=lambda key: sum(filled[key]))
    while rest and _can_be_worked_out([filled[key] for key in keys], k):
        keys.add(rest.pop(0))
    totals = [sum(column) for column in zip(*filled.values(), strict=True)]
    hides_total = any(is_small(total, k) for total in totals) or _can_be_worked_out([filled[key] for key in keys], k)
    empty = {key for key in counts if key not in filled}
    return Concealed(frozenset(keys | empty), hides_total)


def _can_be_worked_out(rows: Sequence[tuple[int, ...]], k: int) -> bool:
    """Whether the total minus what is shown would give one of these counts, or a small sum of them."""
    if not rows:
        return False
    sums = [sum(column) for column in zip(*rows, strict=True)]
    # As many as there are keys, each at least one: each is one.
    return len(rows) == 1 or any(is_small(each, k) or each <= len(rows) for each in sums)


Classes = tuple[tuple[int, ...], ...]
"""Neighbouring points of a scale taken together, by their places."""


def classes_of(answers: Sequence[Collection[Key]], k: int = K) -> Classes:
    """The points of a scale in as many classes as may be shown beside their mean; () where that is fewer than two.

    `answers` holds for each point, lowest first, who gave it, a person as often as they did. Every class has k
    answers by k people, and for every point within a class another distribution has the same mean.
    """
    for classes in _ways_to_class(len(answers)):
        told = [[who for place in places for who in answers[place]] for places in classes]
        if all(not is_small(len(set(each)), k) for each in told) and _are_open(
            [len(each) for each in answers], classes
        ):
            return classes
    return ()


def _ways_to_class(points: int) -> list[Classes]:
    """Each point alone; low, middle and high; low and not, high and not."""
    half, odd = divmod(points, 2)
    cuts = [tuple(range(points + 1)), (0, half, half + odd, points), (0, half + odd, points), (0, half, points)]
    ways = [tuple(tuple(range(a, b)) for a, b in pairwise(cut) if a < b) for cut in cuts]
    return [way for way in ways if len(way) > 1]


def _are_open(counts: Sequence[int], classes: Classes) -> bool:
    """Whether each point of a class can be otherwise: one answer moves up within its class, another one down."""
    moves = [(a, b) for places in classes for a in places for b in places if a != b and counts[a]]
    changed = set()
    for a, b in moves:
        for c, d in moves:
            if b - a == c - d and (a, b) != (d, c) and (a != c or counts[a] > 1):
                change = dict.fromkeys((a, b, c, d), 0)
                for place, by in ((a, -1), (b, 1), (c, -1), (d, 1)):
                    change[place] += by
                changed |= {place for place, by in change.items() if by}
    return all(place in changed for places in classes if len(places) > 1 for place in places)
