"""The people of a city on the command line: seeing and changing them."""

from typing import Annotated, Literal

import typer

from bot.options import HERE, LANGUAGE, CityName, Folder, city_named
from bot.program import Program, prepare
from bot.telling import BAD_CONFIGURATION, configured_or_told, stop, tell, told, way_back
from fieldwork.people import Role
from fieldwork.study import City
from handlers.desk import Desk
from handlers.people import memberchanges, members
from handlers.people.memberchanges import Wish
from storage import members as member_rows
from storage.database import snapshot, transaction
from storage.members import Member
from storage.tx import Tx

_ROLES = {
    "fieldworker": frozenset({Role.FIELDWORKER}),
    "coordinator": frozenset({Role.COORDINATOR}),
    "both": memberchanges.OF_CITY,
}


def people(
    city: CityName,
    code: Annotated[str, typer.Option(help="Change the person with this code.")] = "",
    role: Annotated[
        Literal["fieldworker", "coordinator", "both", ""], typer.Option(help="What they become in the city.")
    ] = "",
    to: Annotated[str, typer.Option(help="Another city for them.")] = "",
    deactivate: Annotated[
        bool, typer.Option("--deactivate", help="Ask them nothing, and let them do nothing.")
    ] = False,
    activate: Annotated[bool, typer.Option("--activate", help="Let them take part again.")] = False,
    folder: Folder = HERE,
) -> None:
    """Print who belongs to a city: code, name, role, standing, reachable, last answer; or change somebody."""
    _, program = configured_or_told(folder)
    place = city_named(program, city)
    wishes = [bool(role), bool(to), deactivate, activate]
    if sum(wishes) != (1 if code else 0):
        stop(
            "--code: expected it with one change, and a change with it: --role, --to, --deactivate or --activate",
            BAD_CONFIGURATION,
        )
    with told(program):
        desk, changed = program.desk(prepare(program), ""), None
        if code:
            with transaction(program.place.database) as tx:
                changed = _change(program, tx, desk, place, code, (role, to, deactivate))
        now = (changed[1].city if changed else None) or place
        with snapshot(program.place.database) as rows:
            found = member_rows.of_city(rows, now.code)
    for one in found:
        if code.upper() in ("", one.code):
            typer.echo(_member(program, one))
    if not found:
        tell(f"Nobody belongs to {now.name} yet; terugblik invite makes an invitation.")
    if changed:
        _tell_change(*changed, place, now)
        way_back(folder, "people", "--city", now.code, "--code", changed[0].code, *_back(*changed, place))


def _change(
    program: Program, tx: Tx, desk: Desk, city: City, code: str, wished: tuple[str, str, bool]
) -> tuple[Member, Wish]:
    """Change somebody; who they were, and what was wished."""
    member = member_rows.by_code(tx, city.code, code)
    if member is None:
        stop(f"--code: found {code!r}, expected the code of somebody in {city.name}, such as K7M4")
    wish = _wish(program, member, *wished)
    memberchanges.change(tx, desk, city, member, wish, None)
    return member, wish


def _wish(program: Program, member: Member, role: str, to: str, deactivate: bool) -> Wish:
    if not member.roles and (role or to or deactivate):
        stop(f"{member.code} is not active; expected --activate first")
    if role:
        return Wish("role", _ROLES[role])
    if to:
        return Wish("city", member.roles, city_named(program, to))
    return Wish("off") if deactivate else Wish("on", member.roles | member.resting)


def _tell_change(member: Member, wish: Wish, before: City, now: City) -> None:
    """What the person was, and what they are now."""
    had, has = ("+".join(sorted(roles)) or "not active" for roles in (member.roles, wish.roles))
    tell(f"{member.code} was {had} in {before.name}, and is {has} in {now.name}.")
    if wish.city is not None:
        tell(f"What was planned for them in {before.name} is off, also when they go back.")


def _back(member: Member, wish: Wish, before: City) -> tuple[str, ...]:
    match wish.what:
        case "role":
            name = next(name for name, roles in _ROLES.items() if roles == member.roles)
            return ("--role", name)
        case "city":
            return ("--to", before.code)
        case "off":
            return ("--activate",)
        case "on":
            return ("--deactivate",)


def _member(program: Program, member: Member) -> str:
    """`K7M4  Amina  fieldworker  takes part  reachable  2026-11-18`, with tabs."""
    desk = program.desk({}, "")
    answered = member.answered_on
    pieces = (
        member.code,
        member.name or "-",
        "+".join(sorted(member.roles)) or "-",
        members.standing(desk, LANGUAGE, member),
        "reachable" if member.is_reachable else "unreachable",
        "-" if answered is None else f"{answered.astimezone(program.study.timezone):%Y-%m-%d}",
    )
    return "\t".join(pieces)
