"""Picking a team: a button for each fieldworker that shows and switches whether they are in it, a page at a time."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from fieldwork.messages import Button, Rows
from fieldwork.people import Person, Role
from fieldwork.planning import Unplanned
from fieldwork.recognise import plain
from fieldwork.study import City
from fieldwork.taps import Key, button
from storage import people
from storage.tx import Rows as Reads

A_PAGE = 8
_LONGEST_LABEL = 24
_LEFT = ("withdrawn", "declined")


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who can be in the team, and their name as the coordinator gave it."""

    person: Person
    name: str


def candidates(reads: Reads, city: City, wanted: Sequence[str] = ()) -> list[Candidate]:
    """The city's fieldworkers who did not stop, by name; who is wanted already is there in any case."""
    found = [
        Candidate(one, people.name_of(reads, one.id))
        for one in people.with_role(reads, Role.FIELDWORKER, city.code)
        if one.standing not in _LEFT or one.code in wanted
    ]
    return sorted(found, key=lambda one: (one.name.casefold(), one.person.code))


def rows(
    found: Sequence[Candidate], chosen: Sequence[str], page: int, labels: tuple[str, str], key: Callable[[str], Key]
) -> Rows:
    """The buttons of a page; each carries the state it asks for. `labels` are those of the pages before and after."""
    page = min(page, max(len(found) - 1, 0) // A_PAGE)
    shown = found[page * A_PAGE : (page + 1) * A_PAGE]
    switches = tuple((_switch(one, one.person.code in chosen, key),) for one in shown)
    before, after = labels
    turns = tuple(
        button(label, key(f"p{number}"))
        for label, number in ((before, page - 1), (after, page + 1))
        if 0 <= number * A_PAGE < len(found)
    )
    return (*switches, turns) if turns else switches


def switched(chosen: Sequence[str], asked: str) -> tuple[str, ...]:
    """The team after `+K7M4` or `-K7M4`."""
    others = tuple(code for code in chosen if code != asked[1:])
    return (*others, asked[1:]) if asked[:1] == "+" else others


def read_people(text: str, found: Sequence[Candidate], city: City) -> tuple[str, ...]:
    """The codes of the people who were typed by code or by name. Raises Unplanned."""
    by_word = {one.person.code.casefold(): one.person.code for one in found}
    for one in found:
        if one.name:
            # Two of the same name are told apart by their codes only.
            known = by_word.get(plain(one.name))
            by_word[plain(one.name)] = one.person.code if known is None else ""
    codes: list[str] = []
    for words in re.split(r"[,;\n]|\s+(?:en|and|&)\s+", text):
        pieces = [words] if by_word.get(plain(words)) else words.split()
        meant = [by_word.get(plain(piece), "") for piece in pieces]
        if not all(meant):
            unknown = pieces[meant.index("")] if any(meant) else " ".join(pieces)
            raise Unplanned("plan.unknown_person", found=unknown, city=city.name)
        codes += meant
    if not codes:
        raise Unplanned("plan.people")
    return tuple(dict.fromkeys(codes))


def _switch(one: Candidate, is_chosen: bool, key: Callable[[str], Key]) -> Button:
    mark = "✓ " if is_chosen else ""
    label = f"{mark}{one.person.code} {one.name}".strip()
    return button(label[:_LONGEST_LABEL], key(("-" if is_chosen else "+") + one.person.code))
