"""Long lists, a page at a time: [Vorige] and [Volgende] change the message, and a typed number opens that page."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from fieldwork.messages import Button, Rows, Say, Tap
from fieldwork.pieces import split, units
from fieldwork.study import City
from fieldwork.taps import About, Key, button, read_key
from handlers.desk import Caller, Desk
from storage import outbox
from storage.tx import Tx

T = TypeVar("T")

A_PAGE = 10
LONGEST_LINE = 300
"""UTF-16 units; ten of them and what stands around them fit in one message."""
_NEXT, _BEFORE = ">", "<"
_TURN = re.compile(rf"(?:^|\s)([{_NEXT}{_BEFORE}]\S+|\d{{1,3}})$", re.ASCII)


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """What a list holds now, in its order; every thing has a mark that sorts as the list does."""

    count: int
    before: Callable[[str], int]
    """How many things stand before this mark, whether or not the thing itself is still there."""
    part: Callable[[int, int], Sequence[T]]
    """The things from a place on, counting from 0, and at most how many of them."""
    mark: Callable[[T], str]
    """At most 24 signs, without a space."""


@dataclass(frozen=True, slots=True)
class Listed(Generic[T]):
    """How a list is shown: by which command, of which city, in which words."""

    command: str
    city: City | None
    line: Callable[[T, int], str]
    """The thing in words, and its number in the list."""
    frame: Callable[[str], str]
    """The whole text around the lines."""
    rows: Callable[[Sequence[tuple[int, T]]], Rows] = lambda things: ()
    """The list's own buttons under a page, from the numbers and the things on it."""
    words: str = ""
    """What was typed behind the command besides the page, at most 24 signs."""


def found_in(things: Sequence[T], mark: Callable[[T], str]) -> Found[T]:
    """A list that was read whole; it must be in the order of its marks."""
    return Found(
        len(things),
        lambda wanted: sum(mark(thing) < wanted for thing in things),
        lambda start, most: things[start : start + most],
        mark,
    )


def parted(words: str) -> tuple[str, str]:
    """What was typed behind a command, without the page at its end; and that page, '' for the first."""
    turn = _TURN.search(words)
    return (words.strip(), "") if turn is None else (words[: turn.start()].strip(), turn[1])


def show(tx: Tx, desk: Desk, caller: Caller, listed: Listed[T], found: Found[T], turn: str = "") -> None:
    """Show the page that was typed or tapped, the first where none was; a tap changes the tapped message."""
    start = _start(found, turn)
    things = list(enumerate(found.part(start, A_PAGE), start=start + 1))
    text = listed.frame("\n".join(_short(listed.line(thing, number)) for number, thing in things))
    page = 1 + -(-start // A_PAGE)
    pages = page + -(-max(found.count - start - A_PAGE, 0) // A_PAGE)
    if pages > 1:
        told = desk.texts.say("paging.page", caller.language, page=page, pages=pages)
        text = f"{text}\n\n{told}"
    _write(tx, desk, caller, Say(text, (*listed.rows(things), *_ways(desk, caller, listed, found, things))))


def numbered(keys: Sequence[Button]) -> Rows:
    """Buttons with numbers on them, five in a row."""
    return tuple(tuple(keys[start : start + 5]) for start in range(0, len(keys), 5))


def _start(found: Found[T], turn: str) -> int:
    """Where the wanted page begins; behind the last page there is the last page."""
    last = max(found.count - 1, 0) // A_PAGE * A_PAGE
    if turn[:1] == _NEXT:
        start = found.before(turn[1:])
        # The mark is that of the last thing shown, which may be gone by now.
        start += any(found.mark(thing) == turn[1:] for thing in found.part(start, 1))
        return start if start < found.count else last
    if turn[:1] == _BEFORE:
        return max(found.before(turn[1:]) - A_PAGE, 0)
    return min(max(int(turn or "1") - 1, 0) * A_PAGE, last)


def _ways(desk: Desk, caller: Caller, listed: Listed[T], found: Found[T], things: Sequence[tuple[int, T]]) -> Rows:
    """The buttons to the pages before and behind, where there are any."""
    if not things:
        return ()
    (first, first_thing), (last, last_thing) = things[0], things[-1]
    labels = desk.texts.buttons("paging.page", caller.language)
    ways = [
        button(label, key(desk, caller, listed.command, listed.city, listed.words, way + found.mark(thing)))
        for label, way, thing, is_there in zip(
            labels, (_BEFORE, _NEXT), (first_thing, last_thing), (first > 1, last < found.count), strict=True
        )
        if is_there
    ]
    return (tuple(ways),) if ways else ()


def key(desk: Desk, caller: Caller, command: str, city: City | None, *words: str, act: str = "page") -> Key:
    """What shows a list anew: its command with these words; the city is in the place of the turn, 0 is none.

    `page` changes the tapped message, `open` leaves it and says something new.
    """
    turn = 0 if city is None else desk.study.cities.index(city) + 1
    return Key(About.DESK, caller.person.id, turn, act, " ".join(filter(None, (command, *words))))


def _write(tx: Tx, desk: Desk, caller: Caller, said: Say) -> None:
    """In the place of the page that was tapped; else as a new message."""
    what = caller.incoming.what
    tapped = read_key(what.data) if isinstance(what, Tap) else None
    is_turned = tapped is not None and tapped.act == "page"
    shown = outbox.row_of_message(tx, caller.urn, caller.incoming.message or "") if is_turned else None
    outbox.write(tx, caller.urn, said, now=desk.now, edit_of=None if shown is None else shown[0])


def _short(line: str) -> str:
    if units(line) <= LONGEST_LINE:
        return line
    return split(line, LONGEST_LINE - 1)[0] + "…"
