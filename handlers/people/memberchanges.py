"""Changing what somebody is to a city: their role, their city, or nothing for the time being; and taking that back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from fieldwork.messages import Say
from fieldwork.people import Grant, Person, Role, Verb, may
from fieldwork.study import City
from handlers import menus
from handlers.desk import Caller, Desk, send
from handlers.reflecting import prompting
from handlers.rights import consenting
from handlers.undoing import TooLate
from handlers.workshops import askings, replanning
from storage import audit, members, people, prompts, workshops
from storage.members import Member
from storage.tx import Tx
from storage.undoing import Change

OF_CITY = frozenset({Role.FIELDWORKER, Role.COORDINATOR})
Held = dict[str, list[str]]
"""Somebody's roles in a city: those they hold, and those taken away for the time being."""
_KINDS = {
    "role": "role_changed",
    "city": "city_changed",
    "off": "deactivated",
    "on": "reactivated",
}


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody is to become; `roles` and `city` are those they hold afterwards."""

    what: Literal["role", "city", "off", "on"]
    roles: frozenset[Role] = frozenset()
    city: City | None = None
    """Another city; None for the same."""

    @property
    def kind(self) -> str:
        """The audit's word for it."""
        return _KINDS[self.what]


def change(tx: Tx, desk: Desk, city: City, member: Member, wish: Wish, made_by: int | None) -> dict[str, Any]:
    """Do as wished and tell the person what they are now; what it takes to take it back."""
    where = wish.city or city
    before = _held(tx, member.code, city, where)
    asked = {} if _goes_on(wish) else _end_asking(tx, desk, city, member.id, only_planned=wish.what == "city")
    _put(tx, desk, city, member.id, wish)
    if wish.what == "on":
        replanning.plan_what_comes(tx, desk, city.code, people.by_id(tx, member.id))
    audit.note(tx, made_by, wish.kind, city.code, member.code, desk.now)
    _tell(tx, desk, people.by_id(tx, member.id), where, before[where.code]["roles"])
    return {
        "code": member.code,
        "person": member.id,
        "city": city.code,
        "before": before,
        "after": _held(tx, member.code, city, where),
        "prompts": asked,
    }


def back(tx: Tx, desk: Desk, caller: Caller, made: Change) -> str:
    """They are what they were, and are asked what they were asked. Raises TooLate."""
    detail: Mapping[str, Any] = made.detail
    cities = [desk.city(code) for code in detail["after"]]
    for city in cities:
        if not may(caller.person, Verb.INVITE, city.code):
            raise TooLate("co.denied", city=city.name)
    if _held(tx, detail["code"], *cities) != detail["after"]:
        raise TooLate("undo.member", code=detail["code"])
    for code, held in detail["before"].items():
        _give(tx, desk, detail["person"], code, held)
    city = desk.city(detail["city"])
    if made.kind == _KINDS["on"]:
        _end_asking(tx, desk, city, detail["person"], only_planned=False)
    askings.take_up(tx, desk, detail["prompts"])
    _tell(tx, desk, people.by_id(tx, detail["person"]), city, detail["after"][city.code]["roles"])
    return ""


def _give(tx: Tx, desk: Desk, person_id: int, city: str, held: Held) -> None:
    """These roles in the city, and no others."""
    for role in OF_CITY:
        people.withdraw_grant(tx, person_id, Grant(role, city))
    for name in held["roles"] + held["resting"]:
        people.grant(tx, person_id, Grant(Role(name), city), desk.now)
    for name in held["resting"]:
        people.deactivate(tx, person_id, Role(name), city, desk.now)


def _goes_on(wish: Wish) -> bool:
    """Whether the person goes on being asked about the same workshops."""
    return wish.what == "on" or (wish.what == "role" and Role.FIELDWORKER in wish.roles)


def _put(tx: Tx, desk: Desk, city: City, person_id: int, wish: Wish) -> None:
    if wish.what == "off":
        for role in OF_CITY:
            people.deactivate(tx, person_id, role, city.code, desk.now)
        return
    where = (wish.city or city).code
    for role in OF_CITY:
        if where != city.code or role not in wish.roles:
            people.withdraw_grant(tx, person_id, Grant(role, city.code))
    for role in wish.roles:
        people.grant(tx, person_id, Grant(role, where), desk.now)


def _end_asking(tx: Tx, desk: Desk, city: City, person_id: int, *, only_planned: bool) -> dict[str, askings.Asking]:
    """Nobody waits for their answers about this city's workshops any more; how far the asking was.

    Who moves to another city finishes what they were asked in the old one.
    """
    person = people.by_id(tx, person_id)
    found = [
        prompt
        for prompt in prompts.unfinished_of(tx, person_id)
        if _is_in(tx, prompt.workshop_id, city) and (prompt.state == "planned" or not only_planned)
    ]
    before = askings.as_they_are(tx, found)
    for prompt in found:
        prompting.put_down(tx, desk, person, prompt)
        prompting.take_buttons_away(tx, desk, person, prompt)
        prompts.ended(tx, prompt.id, "cancelled", desk.now)
    return before


def _is_in(tx: Tx, workshop_id: int, city: City) -> bool:
    workshop = workshops.by_id(tx, workshop_id)
    return workshop is not None and workshop.city == city.code


def _held(tx: Tx, code: str, *cities: City) -> dict[str, Held]:
    """What somebody is in these cities."""
    found = {city.code: members.by_code(tx, city.code, code) for city in cities}
    return {
        city: {"roles": sorted(one.roles) if one else [], "resting": sorted(one.resting) if one else []}
        for city, one in found.items()
    }


def _tell(tx: Tx, desk: Desk, person: Person, city: City, before: Sequence[str]) -> None:
    """Who can act reads what they are now, has the menu for it, and is asked for consent where that is new."""
    menus.show(tx, desk, person)
    held = [grant.role for grant in person.grants if grant.city == city.code and grant.role in OF_CITY]
    if not held:
        return
    role = ", ".join(desk.texts.say(f"role.{one}", person.language, where=city.name) for one in sorted(held)[::-1])
    send(tx, desk, person.id, Say(desk.texts.say("member.now", person.language, role=role)))
    if Role.FIELDWORKER in held and person.standing == "invited" and Role.FIELDWORKER not in before:
        send(tx, desk, person.id, consenting.question(desk, person))
