"""For which city a command is meant: the only one, the one that was named, or the one that is picked."""

from collections.abc import Callable

from fieldwork.messages import Command, Rows
from fieldwork.people import Verb, cities_for
from fieldwork.study import City, UnknownCity
from fieldwork.taps import About, Key, button
from handlers.desk import Caller, Desk, settle, tell
from storage import pending
from storage.stamps import stamp
from storage.tx import Tx

CityCommand = Callable[[Tx, Desk, Caller, City, str], None]
"""Carries a command out for a city; the last argument is what was typed behind it."""


def in_city(
    tx: Tx, desk: Desk, caller: Caller, verb: Verb, command: str, rest: str, act: CityCommand, also: Rows = ()
) -> None:
    """Carry the command out where the person may, or ask for which city, or say why not.

    `also` stands under the cities that are asked for.
    """
    named, words = _named(desk, rest)
    allowed = cities_for(caller.person, verb, tuple(city.code for city in desk.study.cities))
    if named is not None and named.code not in allowed:
        tell(tx, desk, caller, "co.denied", city=named.name)
    elif named is not None:
        act(tx, desk, caller, named, words)
    elif not allowed:
        tell(tx, desk, caller, "denied.role")
    elif len(allowed) == 1:
        act(tx, desk, caller, desk.city(allowed[0]), rest)
    else:
        _ask(tx, desk, caller, command, allowed, rest, also)


def picked(desk: Desk, caller: Caller, verb: Verb, key: Key) -> City | None:
    """The city of a tapped button; None where the person may not, whatever the button says."""
    if key.turn >= len(desk.study.cities):
        return None
    city = desk.study.cities[key.turn]
    return city if city.code in cities_for(caller.person, verb, (city.code,)) else None


def city_key(desk: Desk, caller: Caller, city: City, act: str, arg: str) -> Key:
    """What goes under a button that is about a city."""
    return Key(About.DESK, caller.person.id, desk.study.cities.index(city), act, arg)


def asked_for(tx: Tx, desk: Desk, caller: Caller, key: Key) -> Command | None:
    """The command of a tapped city, with the words that waited for it; None where they no longer wait."""
    name, _, made_on = key.arg.partition("@")
    code = desk.study.cities[key.turn].code
    if not made_on:
        return Command(name, code)
    waiting = pending.waiting_for(tx, caller.person.id, desk.now)
    if waiting is None or waiting.kind != "city_words" or waiting.detail["made_on"] != made_on:
        return None
    settle(tx, desk, caller, str(key))
    pending.done(tx, caller.person.id)
    return Command(name, f"{code} {waiting.detail['words']}")


def known_or_told(tx: Tx, desk: Desk, caller: Caller, name: str) -> City | None:
    """The city of this name; the person is told where there is none."""
    try:
        return desk.study.city(name)
    except UnknownCity:
        cities = ", ".join(city.name for city in desk.study.cities)
        tell(tx, desk, caller, "city.unknown", found=name, cities=cities)
        return None


def _named(desk: Desk, rest: str) -> tuple[City | None, str]:
    """A city named at the start of the words, and the words behind it."""
    for city in desk.study.cities:
        for name in (city.name, city.code):
            beginning, behind = rest[: len(name)], rest[len(name) :]
            if beginning.casefold() == name.casefold() and (not behind or behind[0].isspace()):
                return city, behind.strip()
    return None, rest


def _ask(tx: Tx, desk: Desk, caller: Caller, command: str, allowed: tuple[str, ...], rest: str, also: Rows) -> None:
    """The buttons name the command; words typed behind it wait in a row, for they do not fit under a button."""
    arg = command
    if rest:
        made_on = stamp(desk.now)
        arg = f"{command}@{made_on}"
        pending.wait_for(tx, caller.person.id, "city_words", {"made_on": made_on, "words": rest}, desk.now)
    cities = [desk.city(code) for code in allowed]
    rows = tuple((button(city.name, city_key(desk, caller, city, "city", arg)),) for city in cities)
    tell(tx, desk, caller, "city.ask", (*rows, *also))
