"""Follows all ways through a pattern at once, so that time grows with the text only."""

from __future__ import annotations

from dataclasses import dataclass, field

from forms.xpath.characters import Test, is_word

MAX_WORK = 3_000_000


class TooMuchWork(RuntimeError):
    """The text is too long for a pattern of this size."""


@dataclass(slots=True)
class State:
    """Where a match may stand: the characters it takes from here, or where it goes without taking one."""

    test: Test | None = None
    following: list[int] = field(default_factory=list)
    edge: str = ""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern ready to match."""

    _states: tuple[State, ...]

    def matches(self, text: str) -> bool:
        """Whether the pattern fits the text from its first to its last character. Raises TooMuchWork."""
        if len(self._states) * (len(text) + 1) > MAX_WORK:
            raise TooMuchWork(f"{len(text)} characters against {len(self._states)} states")
        last = len(self._states) - 1
        standing = self._reached([0], text, 0)
        for place, character in enumerate(text, start=1):
            taken = [
                way
                for state in standing
                if (test := self._states[state].test) is not None and test(character)
                for way in self._states[state].following
            ]
            standing = self._reached(taken, text, place)
            if not standing:
                return False
        return last in standing

    def _reached(self, starts: list[int], text: str, place: int) -> set[int]:
        reached: set[int] = set()
        waiting = list(starts)
        while waiting:
            number = waiting.pop()
            state = self._states[number]
            if number in reached or not _holds(state.edge, text, place):
                continue
            reached.add(number)
            if state.test is None:
                waiting.extend(state.following)
        return reached


def _holds(edge: str, text: str, place: int) -> bool:
    match edge:
        case "^":
            return place == 0
        case "$":
            return place == len(text)
        case "b" | "B":
            before = place > 0 and is_word(text[place - 1])
            after = place < len(text) and is_word(text[place])
            return (before != after) == (edge == "b")
    return True
