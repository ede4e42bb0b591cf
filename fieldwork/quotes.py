"""Quoting somebody: leaving words out and marking where, and never adding one."""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from fieldwork.people import CODE_SIGNS
from fieldwork.thirdparty import found_in

MARK = "[…]"
"""Stands where words were left out."""
LONGEST = 500
"""Characters of a quote; a longer answer has to be shortened first."""
Kept = tuple[tuple[int, int], ...]
"""The runs of words that remain: each from its first word up to, not including, its end."""

_CODE = re.compile(rf"(?<!\w)[{CODE_SIGNS}]{{4}}(?!\w)")
_SHORTEST_NAME = 3


def told(words: str) -> str:
    """A quote as summaries tell it."""
    return f"‘{words}’"


def on_one_line(text: str) -> str:
    """The text with one space wherever there was any space or a new line."""
    return " ".join(text.split())


def codes_in(text: str) -> frozenset[str]:
    """What looks like somebody's code."""
    return frozenset(_CODE.findall(text))


def without(text: str, words: Iterable[str]) -> str:
    """The text with the mark wherever one of these words or names stood as a whole word."""
    wanted = sorted({word for word in words if len(word) >= _SHORTEST_NAME}, key=len, reverse=True)
    if not wanted:
        return text
    any_of = "|".join(re.escape(word) for word in wanted)
    return re.sub(rf"(?<!\w)(?:{any_of})(?!\w)", MARK, text)


def without_findings(text: str) -> str:
    """The text with the mark wherever something tells of somebody by its form."""
    for one in reversed(found_in(text)):
        text = f"{text[: one.start]}{MARK}{text[one.end :]}"
    return text


def names_within(name: str) -> tuple[str, ...]:
    """A name and the words of it that begin with a capital."""
    return (name, *(word for word in name.split() if word[0].isupper()))


def left_of(original: str, shortened: str) -> Kept | None:
    """Which words of the original the shortened text keeps.

    None where it has a word that the original lacks, another order, or no word at all. Marks and punctuation in the
    shortened text say nothing: where words are missing is found here.
    """
    have, want = [_bare(word) for word in original.split()], [_bare(word) for word in shortened.split()]
    want = [word for word in want if word]
    places = _places(have, want, whole_runs=True) or _places(have, want, whole_runs=False)
    return _runs(have, places) if places else None


def cut_down(original: str, kept: Kept) -> str:
    """The words that are kept, with the mark at each place where some were left out."""
    words = original.split()
    edges = [(0, 0), *kept, (len(words), len(words))]
    pieces: list[str] = []
    for (_, end), (begin, after) in pairwise(edges):
        if any(_bare(word) or word == MARK for word in words[end:begin]):
            pieces.append(MARK)
        pieces.extend(words[begin:after])
    return _joined(pieces)


def _joined(pieces: Sequence[str]) -> str:
    """With spaces; marks beside each other are one."""
    told = [piece for place, piece in enumerate(pieces) if piece != MARK or place == 0 or pieces[place - 1] != MARK]
    return " ".join(told)


def _bare(word: str) -> str:
    """The letters and figures of a word, in small letters; '' for a mark or a dash."""
    return "".join(sign for sign in word.casefold() if sign.isalnum())


def _places(have: Sequence[str], want: Sequence[str], *, whole_runs: bool) -> list[int]:
    """Where the wanted words stand, in order; none where they do not.

    With `whole_runs` each next run of words is looked for as long as it can be, which keeps together what was.
    """
    found: list[int] = []
    while len(found) < len(want):
        rest, after = want[len(found) :], found[-1] + 1 if found else 0
        begins = [place for place in range(after, len(have)) if have[place] == rest[0]]
        if not begins:
            return []
        begin = max(begins, key=lambda place: _run(have, place, rest)) if whole_runs else begins[0]
        found.extend(range(begin, begin + (_run(have, begin, rest) if whole_runs else 1)))
    return found


def _run(have: Sequence[str], begin: int, want: Sequence[str]) -> int:
    """How many of the wanted words stand one after the other from here."""
    length = 0
    while length < len(want) and begin + length < len(have) and have[begin + length] == want[length]:
        length += 1
    return length


def _runs(have: Sequence[str], places: Sequence[int]) -> Kept:
    """The places as runs; a dash or a mark between two words that are kept stays with them."""
    runs = [(places[0], places[0] + 1)]
    for place in places[1:]:
        begin, end = runs[-1]
        if any(have[end:place]):
            runs.append((place, place + 1))
        else:
            runs[-1] = (begin, place + 1)
    return tuple(runs)
