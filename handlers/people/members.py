"""/people: a city's fieldworkers and coordinators, and changing what they are to the study."""

from collections.abc import Iterable, Sequence

from fieldwork import wording
from fieldwork.messages import Button, Rows, Say
from fieldwork.people import Role, Verb, may
from fieldwork.study import City
from fieldwork.taps import Key, button, is_count
from handlers import paging, undoing
from handlers.cities import city_key, picked
from handlers.desk import Caller, Desk, settle, tell
from handlers.paging import Listed
from handlers.people import memberchanges
from handlers.people.memberchanges import Wish
from handlers.people.status import unreachable, with_second_route
from storage import members, outbox, workshops
from storage.members import Member
from storage.tx import Tx

_ROLES = {"f": frozenset({Role.FIELDWORKER}), "c": frozenset({Role.COORDINATOR}), "b": memberchanges.OF_CITY}
"""What one may become, as it stands under buttons and in their order."""
_MOST_TOLD = 10


def show(tx: Tx, desk: Desk, caller: Caller, city: City, rest: str) -> None:
    """/people: everybody of the city, a button each."""
    found = members.of_city(tx, city.code)
    if not found:
        tell(tx, desk, caller, "people.none", city=city.name)
        return

    def frame(lines: str) -> str:
        text = desk.texts.say("people.list", caller.language, city=city.name, lines=lines)
        return with_second_route(desk, caller, text, unreachable(tx, city))

    def keys(shown: Sequence[tuple[int, Member]]) -> Rows:
        return paging.numbered([button(str(number), _key(desk, caller, city, one.code)) for number, one in shown])

    listed: Listed[Member] = Listed(
        "people", city, line=lambda one, number: line(desk, caller.language, city, one, number), frame=frame, rows=keys
    )
    paging.show(tx, desk, caller, listed, paging.found_in(found, lambda one: one.code), rest)


def line(desk: Desk, language: str, city: City, member: Member, number: int) -> str:
    """`3. K7M4 – Amina: doet mee, laatste antwoord 18 november`."""
    pieces = []
    if Role.FIELDWORKER in member.roles or not member.roles:
        pieces.append(standing(desk, language, member))
    if Role.COORDINATOR in member.roles:
        pieces.append(_roles(desk, language, city, [Role.COORDINATOR]))
    if member.roles and not member.is_reachable:
        pieces.append(desk.texts.say("standing.unreachable", language))
    if member.answered_on is not None:
        day = wording.day(member.answered_on, city.timezone, language, desk.now)
        pieces.append(desk.texts.say("member.answered", language, day=day))
    return f"{number}. {member.code} – {_name(desk, language, member)}: {', '.join(pieces)}"


def standing(desk: Desk, language: str, member: Member) -> str:
    """Whether somebody takes part, in a few words."""
    if not member.roles:
        return desk.texts.say("member.inactive", language)
    if Role.FIELDWORKER not in member.roles:
        return desk.texts.say("member.not_asked", language)
    if member.standing == "taking_part" and member.is_paused:
        return desk.texts.say("member.paused", language)
    return desk.texts.say(f"standing.{member.standing}", language)


def tapped(tx: Tx, desk: Desk, caller: Caller, key: Key) -> None:
    """A number of the list; a button of somebody's card; or the answer to whether it is meant."""
    city = picked(desk, caller, Verb.SEE_PEOPLE, key)
    code, *rest = key.arg.split(" ")
    member = None if city is None else members.by_code(tx, city.code, code)
    if city is None or member is None:
        tell(tx, desk, caller, "err.stale_button")
        return
    match rest:
        case []:
            _card(tx, desk, caller, city, member)
        case ["role"] if _may_change(caller, city, member):
            _ask_role(tx, desk, caller, city, member)
        case ["city"] if _may_change(caller, city, member):
            _ask_city(tx, desk, caller, city, member)
        case ["no", *_]:
            settle(tx, desk, caller, str(key))
        case [way, what] if (wish := _wish(desk, caller, city, member, what)) is not None:
            if way == "ask":
                _ask_surely(tx, desk, caller, city, member, what, wish)
            else:
                settle(tx, desk, caller, str(key))
                _carry_out(tx, desk, caller, city, member, wish)
        case _:
            tell(tx, desk, caller, "err.stale_button")


def _carry_out(tx: Tx, desk: Desk, caller: Caller, city: City, member: Member, wish: Wish) -> None:
    """Change it, and offer to take that back."""
    detail = memberchanges.change(tx, desk, city, member, wish, caller.person.id)
    rows = undoing.offer(tx, desk, caller, city.code, wish.kind, member.code, detail)
    changed = members.by_code(tx, wish.city.code if wish.city else city.code, member.code)
    assert changed is not None, "who was changed is still there"
    where = wish.city or city
    pieces = [
        desk.texts.say("member.changed", caller.language, line=_summary(desk, caller.language, where, changed)),
        _still_planned(tx, desk, caller.language, city, member, wish),
    ]
    outbox.write(tx, caller.urn, Say("\n\n".join(filter(None, pieces)), rows), now=desk.now)


def _still_planned(tx: Tx, desk: Desk, language: str, city: City, member: Member, wish: Wish) -> str:
    """The workshops of the city in whose team somebody stands who is no longer asked there; '' for none."""
    if Role.FIELDWORKER not in member.roles or wish.what == "on":
        return ""
    if wish.what == "role" and Role.FIELDWORKER in wish.roles:
        return ""
    titles = [
        f"{one.title} ({wording.day(one.starts_on, city.timezone, language, desk.now)})"
        for one in workshops.coming_of(tx, member.id, city.code, desk.now)[:_MOST_TOLD]
    ]
    return desk.texts.say("member.still_planned", language, workshops="; ".join(titles)) if titles else ""


def _card(tx: Tx, desk: Desk, caller: Caller, city: City, member: Member) -> None:
    """What a coordinator may know of somebody, and what they can change."""
    rows: list[tuple[Button, ...]] = []
    if _may_change(caller, city, member):
        names = ("role", "city", "off", "on")
        labels = dict(zip(names, desk.texts.buttons("member.card", caller.language), strict=True))
        acts = ["role", "city"] if member.roles and _elsewhere(desk, caller, city) else ["role"] if member.roles else []
        if acts:
            rows.append(tuple(button(labels[act], _key(desk, caller, city, member.code, act)) for act in acts))
        act = "off" if member.roles else "on"
        rows.append((button(labels[act], _key(desk, caller, city, member.code, "ask", act)),))
    text = _summary(desk, caller.language, city, member)
    if member.is_asked and not member.is_reachable:
        text = with_second_route(desk, caller, text, [member.code])
    outbox.write(tx, caller.urn, Say(text, tuple(rows)), now=desk.now)


def _name(desk: Desk, language: str, member: Member) -> str:
    """As the coordinator gave it; that it is gone where it was too old to be kept."""
    return member.name or desk.texts.say("member.no_name", language)


def _summary(desk: Desk, language: str, city: City, member: Member) -> str:
    answered = member.answered_on
    return desk.texts.say(
        "member.card",
        language,
        code=member.code,
        name=_name(desk, language, member),
        role=_role(desk, language, city, member),
        standing=standing(desk, language, member),
        reachable=desk.texts.say("answered.yes" if member.is_reachable else "answered.no", language),
        last="–" if answered is None else wording.day(answered, city.timezone, language, desk.now),
    )


def _role(desk: Desk, language: str, city: City, member: Member) -> str:
    return _roles(desk, language, city, member.roles or member.resting)


def _roles(desk: Desk, language: str, city: City, roles: Iterable[Role]) -> str:
    """`veldwerker in Utrecht, coördinator van Utrecht`."""
    return ", ".join(desk.texts.say(f"role.{role}", language, where=city.name) for role in sorted(roles, reverse=True))


def _ask_role(tx: Tx, desk: Desk, caller: Caller, city: City, member: Member) -> None:
    labels = desk.texts.buttons("member.role", caller.language)
    row = tuple(
        button(label, _key(desk, caller, city, member.code, "ask", what))
        for label, (what, roles) in zip(labels, _ROLES.items(), strict=True)
        if roles != member.roles
    )
    tell(tx, desk, caller, "member.role", (row,), code=member.code, city=city.name)


def _ask_city(tx: Tx, desk: Desk, caller: Caller, city: City, member: Member) -> None:
    rows = tuple(
        (button(other.name, _key(desk, caller, city, member.code, "ask", str(desk.study.cities.index(other)))),)
        for other in _elsewhere(desk, caller, city)
    )
    tell(tx, desk, caller, "member.city", rows, code=member.code)


def _ask_surely(tx: Tx, desk: Desk, caller: Caller, city: City, member: Member, what: str, wish: Wish) -> None:
    """Nothing changes before [Ja]."""
    yes, no = desk.texts.buttons("member.surely", caller.language)
    row = (
        button(yes, _key(desk, caller, city, member.code, "do", what)),
        button(no, _key(desk, caller, city, member.code, "no", what)),
    )
    becomes = _roles(desk, caller.language, wish.city or city, wish.roles)
    means = desk.texts.say(f"means.{wish.what}", caller.language, becomes=becomes)
    tell(
        tx,
        desk,
        caller,
        "member.surely",
        (row,),
        code=member.code,
        name=_name(desk, caller.language, member),
        means=means,
    )


def _wish(desk: Desk, caller: Caller, city: City, member: Member, what: str) -> Wish | None:
    """What a button asks for; None where it is no longer possible, or never was."""
    if not _may_change(caller, city, member):
        return None
    if what in _ROLES and member.roles not in (frozenset(), _ROLES[what]):
        return Wish("role", _ROLES[what])
    if what == "off" and member.roles:
        return Wish("off")
    if what == "on" and member.resting and not member.roles:
        return Wish("on", member.resting)
    if is_count(what) and int(what) < len(desk.study.cities) and member.roles:
        other = desk.study.cities[int(what)]
        return Wish("city", member.roles, other) if other in _elsewhere(desk, caller, city) else None
    return None


def _may_change(caller: Caller, city: City, member: Member) -> bool:
    """Coordinators change everybody of their city but themselves, so that a city keeps one."""
    return member.id != caller.person.id and may(caller.person, Verb.INVITE, city.code)


def _elsewhere(desk: Desk, caller: Caller, city: City) -> list[City]:
    """Where the caller may also invite people."""
    return [one for one in desk.study.cities if one != city and may(caller.person, Verb.INVITE, one.code)]


def _key(desk: Desk, caller: Caller, city: City, *words: str) -> Key:
    return city_key(desk, caller, city, "member", " ".join(words))
