"""The words that set one group of reflections apart from the others; a hint where to read, not a finding."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import log
from typing import Protocol

from exports.smallcells import is_small
from fieldwork.study import LANGUAGES

_MOST = 3
_FEWEST_PEOPLE = 2
_TELLING = 6.63
"""Log-likelihood above which chance would give such a difference once in a hundred words at most."""
_WORD = re.compile(r"[^\W\d_]{3,}")


@dataclass(frozen=True, slots=True)
class Told:
    """What one person told in one reflection."""

    group: str
    """What is compared: a city."""
    person: str
    text: str


@dataclass(slots=True)
class _Use:
    """How one word is used in one group."""

    times: int = 0
    reflections: int = 0
    people: set[str] = field(default_factory=set)
    spelled: Counter[str] = field(default_factory=Counter)

    @property
    def is_shared(self) -> bool:
        """Whether so many said it that it points at nobody."""
        return not is_small(self.reflections) and len(self.people) >= _FEWEST_PEOPLE


class Lexicon(Protocol):
    """What is known of words; `Words` is the usual one."""

    def base(self, word: str) -> str:
        """The word as a dictionary lists it."""

    def is_empty(self, word: str) -> bool:
        """Whether the word says nothing by itself: the, of, and."""


def themes(told: Iterable[Told], words: Lexicon) -> dict[str, tuple[str, ...]]:
    """Each group's most telling words against all other groups, the most telling first, as they are mostly spelled.

    Only words of three or more reflections by two or more people count, and only those that are written without a
    capital at least as often as with one: the others are names, also where somebody forgot it. The measure is
    Dunning's log-likelihood (Rayson and Garside, 2000).
    """
    uses = _uses(told, words)
    sizes = {group: sum(use.times for use in found.values()) for group, found in uses.items()}
    return {group: _telling(group, uses, sizes) for group in uses}


def _uses(told: Iterable[Told], words: Lexicon) -> dict[str, dict[str, _Use]]:
    uses: dict[str, dict[str, _Use]] = {}
    for one in told:
        group = uses.setdefault(one.group, {})
        seen = set()
        for spelled in _WORD.findall(one.text):
            if words.is_empty(spelled.casefold()):
                continue
            base = words.base(spelled.casefold())
            use = group.setdefault(base, _Use())
            use.times += 1
            use.reflections += base not in seen
            use.people.add(one.person)
            use.spelled[spelled] += 1
            seen.add(base)
    return uses


def _telling(group: str, uses: Mapping[str, Mapping[str, _Use]], sizes: Mapping[str, int]) -> tuple[str, ...]:
    others = [found for name, found in uses.items() if name != group]
    here, there = sizes[group], sum(sizes.values()) - sizes[group]
    found = []
    for base, use in uses[group].items():
        lower = {word: times for word, times in use.spelled.items() if word == word.lower()}
        elsewhere = sum(other[base].times for other in others if base in other)
        score = keyness(use.times, here, elsewhere, there)
        is_name = 2 * sum(lower.values()) < use.times
        if use.is_shared and not is_name and score >= _TELLING:
            found.append((-score, _commonest(lower)))
    return tuple(word for _, word in sorted(found)[:_MOST])


def _commonest(spelled: Mapping[str, int]) -> str:
    return min(spelled, key=lambda word: (-spelled[word], word))


def keyness(times: int, size: int, times_elsewhere: int, size_elsewhere: int) -> float:
    """Log-likelihood of a word's `times` in `size` words against the others; 0 where it is not commoner here."""
    if not size or not size_elsewhere or times * size_elsewhere <= times_elsewhere * size:
        return 0.0
    share = (times + times_elsewhere) / (size + size_elsewhere)
    pairs: Sequence[tuple[int, int]] = ((times, size), (times_elsewhere, size_elsewhere))
    return 2 * sum(seen * log(seen / (of * share)) for seen, of in pairs if seen)


class Words:
    """Dutch and English; loads its word lists when it is made, some tens of MB, so only while a digest is."""

    def __init__(self) -> None:
        import simplemma
        from stopwordsiso import stopwords

        self._lemmatize = simplemma.lemmatize
        self._empty = frozenset(stopwords(LANGUAGES))

    def base(self, word: str) -> str:
        """The word as a dictionary lists it."""
        return str(self._lemmatize(word, lang=LANGUAGES))

    def is_empty(self, word: str) -> bool:
        """Whether the word says nothing by itself."""
        return word in self._empty
