"""Reads a pattern and lays it out, so that text can be matched against it in bounded time."""

from __future__ import annotations

from functools import lru_cache

from forms.xpath.automaton import Pattern, State
from forms.xpath.characters import CLASSES, ESCAPES, NAMED, Test
from forms.xpath.syntax import Fault

MAX_STATES = 3_000
_MAX_DEPTH = 40
_MAX_PATTERN = 2_000
_SHOWN = 20
"""Characters of a pattern that its author is shown."""


class Unreadable(ValueError):
    """The pattern cannot be matched; `found` is the piece of it that is at fault."""

    def __init__(self, found: str, fault: Fault = Fault.BAD_PATTERN) -> None:
        super().__init__(f"{fault}: {found!r}")
        self.found = found
        self.fault = fault


@lru_cache(maxsize=256)
def compiled(pattern: str) -> Pattern:
    """The pattern, ready to match. Raises Unreadable."""
    if len(pattern) > _MAX_PATTERN:
        raise Unreadable(pattern[:_SHOWN], Fault.LARGE_PATTERN)
    return _Builder(pattern).built()


def matches(text: str, pattern: str) -> bool:
    """Whether the pattern fits the whole text. Raises Unreadable and TooMuchWork."""
    return compiled(pattern).matches(text)


Piece = tuple[int, int]
"""The first state of a part of the pattern and its last, which is left without taking a character."""


class _Builder:
    """Reads a pattern from left to right and lays out its states."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._next = 0
        self._depth = 0
        self._folds = False
        self._states: list[State] = []

    def built(self) -> Pattern:
        start = self._state()
        first, last = self._alternatives()
        if self._next < len(self._pattern):
            raise Unreadable(self._pattern[self._next :][:_SHOWN])
        self._states[start].following.append(first)
        self._states[last].following.append(self._state())
        return Pattern(tuple(self._states))

    def _state(self, test: Test | None = None, edge: str = "") -> int:
        if len(self._states) >= MAX_STATES:
            raise Unreadable(self._pattern[:_SHOWN], Fault.LARGE_PATTERN)
        self._states.append(State(test, [], edge))
        return len(self._states) - 1

    def _peek(self) -> str:
        return self._pattern[self._next : self._next + 1]

    def _take(self) -> str:
        character = self._peek()
        if not character:
            raise Unreadable(self._pattern[-_SHOWN:], Fault.OPEN_PATTERN)
        self._next += 1
        return character

    def _takes(self, text: str) -> bool:
        if self._pattern.startswith(text, self._next):
            self._next += len(text)
            return True
        return False

    def _alternatives(self) -> Piece:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise Unreadable(self._pattern[:_SHOWN], Fault.LARGE_PATTERN)
        pieces = [self._sequence()]
        while self._takes("|"):
            pieces.append(self._sequence())
        self._depth -= 1
        if len(pieces) == 1:
            return pieces[0]
        first, last = self._state(), self._state()
        for start, end in pieces:
            self._states[first].following.append(start)
            self._states[end].following.append(last)
        return first, last

    def _sequence(self) -> Piece:
        first = last = self._state()
        while self._peek() not in ("", "|", ")"):
            start, end = self._repeated()
            self._states[last].following.append(start)
            last = end
        return first, last

    def _repeated(self) -> Piece:
        begin = self._next
        piece = self._single()
        after = self._next
        while (times := self._times()) is not None:
            piece = self._copies(piece, begin, after, *times)
            after = self._next
        return piece

    def _times(self) -> tuple[int, int | None] | None:
        """How often the part before may come; None where nothing says so."""
        if self._peek() in ("*", "+", "?") and self._peek():
            sign = self._take()
            found: tuple[int, int | None] = {"*": (0, None), "+": (1, None), "?": (0, 1)}[sign]
        elif self._peek() == "{":
            found = self._counted()
        else:
            return None
        # Lazy and possessive signs change what is caught, not whether the whole fits.
        if self._peek() in ("?", "+") and self._peek():
            self._take()
        return found

    def _counted(self) -> tuple[int, int | None]:
        end = self._pattern.find("}", self._next)
        least, comma, most = self._pattern[self._next + 1 : max(end, 0)].partition(",")
        is_right = least.isdecimal() and (not most or most.isdecimal()) and len(least + most) < 8
        if end < 0 or not is_right:
            raise Unreadable(self._pattern[self._next :][:_SHOWN])
        self._next = end + 1
        if not comma:
            return int(least), int(least)
        return int(least), int(most) if most else None

    def _copies(self, piece: Piece, begin: int, after: int, least: int, most: int | None) -> Piece:
        first = last = self._state()
        count = max(least, most or 0, 1 if most is None else 0)
        if most is not None and most < least:
            raise Unreadable(self._pattern[begin : self._next][:_SHOWN])
        out = self._state()
        for copy in range(count):
            start, end = piece if copy == 0 else self._again(begin, after)
            self._states[last].following.append(start)
            if copy >= least:
                self._states[last].following.append(out)
            if most is None and copy == count - 1:
                self._states[end].following.append(start)
            last = end
        self._states[last].following.append(out)
        return first, out

    def _again(self, begin: int, after: int) -> Piece:
        """The same part of the pattern laid out once more."""
        here, self._next = self._next, begin
        piece = self._single()
        while self._next < after:
            inner = self._times()
            if inner is None:
                break
            piece = self._copies(piece, begin, self._next, *inner)
        self._next = here
        return piece

    def _single(self) -> Piece:
        character = self._take()
        if character == "(":
            return self._bracketed()
        if character == "[":
            return self._taking(self._set())
        if character == ".":
            return self._taking(lambda c: c not in "\n\r\u0085\u2028\u2029")
        if character in "^$":
            return self._edged(character)
        if character == "\\":
            return self._escaped()
        if character in "*+?{":
            raise Unreadable(self._pattern[self._next - 1 :][:_SHOWN])
        return self._taking(self._exactly(character))

    def _taking(self, test: Test) -> Piece:
        state, after = self._state(test), self._state()
        self._states[state].following.append(after)
        return state, after

    def _edged(self, edge: str) -> Piece:
        state = self._state(edge=edge)
        return state, state

    def _exactly(self, character: str) -> Test:
        if self._folds:
            return lambda c: c.lower() == character.lower()
        return lambda c: c == character

    def _bracketed(self) -> Piece:
        folds = self._folds
        if self._takes("?"):
            if self._takes("i)"):
                self._folds = True
                return self._edged("")
            self._opening()
        piece = self._alternatives()
        if self._take() != ")":
            raise Unreadable(self._pattern[-_SHOWN:], Fault.OPEN_PATTERN)
        self._folds = folds
        return piece

    def _opening(self) -> None:
        if self._takes(":"):
            return
        if self._takes("i:"):
            self._folds = True
            return
        rest = self._pattern[self._next :]
        if rest.startswith(("=", "!", "<=", "<!")):
            raise Unreadable(f"(?{rest}"[:_SHOWN], Fault.LOOKING_PATTERN)
        end = self._pattern.find(">", self._next)
        if not rest.startswith("<") or end < 0:
            raise Unreadable(f"(?{rest}"[:_SHOWN])
        self._next = end + 1

    def _escaped(self) -> Piece:
        letter = self._take()
        if letter in "bB":
            return self._edged(letter)
        if letter in "AzZ":
            return self._edged("^" if letter == "A" else "$")
        if letter.isdecimal() or letter == "k":
            raise Unreadable(f"\\{letter}", Fault.REPEATING_PATTERN)
        if letter in "QEG":
            raise Unreadable(f"\\{letter}")
        return self._taking(self._class(letter) or self._exactly(self._character(letter)))

    def _class(self, letter: str) -> Test | None:
        """What `\\d` and its like stand for; a capital letter turns it round."""
        if letter in "pP":
            test = self._property()
            return (lambda c: not test(c)) if letter == "P" else test
        known = CLASSES.get(letter.lower())
        if known is None or letter.islower():
            return known
        return lambda c: not known(c)

    def _property(self) -> Test:
        name = self._take()
        if name == "{":
            end = self._pattern.find("}", self._next)
            name, self._next = self._pattern[self._next : max(end, 0)], end + 1
        if name not in NAMED:
            raise Unreadable(f"\\p{{{name[:20]}}}")
        return NAMED[name]

    def _character(self, letter: str) -> str:
        if letter in "ux":
            width = 4 if letter == "u" else 2
            digits, self._next = self._pattern[self._next : self._next + width], self._next + width
            try:
                return chr(int(digits, 16))
            except ValueError:
                raise Unreadable(f"\\{letter}{digits}") from None
        if letter.isascii() and letter.isalpha() and letter not in ESCAPES:
            raise Unreadable(f"\\{letter}")
        return ESCAPES.get(letter, letter)

    def _set(self) -> Test:
        """The characters in square brackets."""
        is_other = self._takes("^")
        tests: list[Test] = []
        singles: set[str] = set()
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise Unreadable(self._pattern[:_SHOWN], Fault.LARGE_PATTERN)
        while self._peek() != "]" or not (tests or singles):
            self._member(tests, singles)
        self._depth -= 1
        self._take()
        if self._folds:
            singles |= {c.lower() for c in singles} | {c.upper() for c in singles}
        kept = frozenset(singles)

        def within(character: str) -> bool:
            return (character in kept or any(test(character) for test in tests)) != is_other

        return within

    def _member(self, tests: list[Test], singles: set[str]) -> None:
        character = self._take()
        if character == "[":
            tests.append(self._set())
            return
        if character == "&" and self._peek() == "&":
            raise Unreadable("&&")
        if character == "\\":
            letter = self._take()
            known = self._class(letter)
            if known is not None:
                tests.append(known)
                return
            character = self._character(letter)
        if self._peek() == "-" and self._pattern[self._next + 1 : self._next + 2] not in ("]", "", "["):
            self._take()
            tests.append(self._span(character))
        else:
            singles.add(character)

    def _span(self, low: str) -> Test:
        high = self._take()
        if high == "\\":
            high = self._character(self._take())
        if high < low:
            raise Unreadable(f"{low}-{high}")
        if self._folds:
            return lambda c: low <= c.lower() <= high or low <= c.upper() <= high
        return lambda c: low <= c <= high
