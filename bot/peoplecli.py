"""Who takes part, on the command line: inviting, seeing and changing people, how far they are, reminding."""

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from bot.doctor import bot_name
from bot.program import Program, prepare
from bot.settings import Settings
from bot.telling import BAD_CONFIGURATION, configured_or_told, file_told, folder_told, stop, tell, told, way_back
from exports.qr import in_blocks, write_picture
from fieldwork.people import OWN_CITY, Grant, Role, new_token
from fieldwork.schedule import Week
from fieldwork.study import City, UnknownCity
from handlers import inviting, memberchanges, members, reminding, status
from handlers.desk import Desk
from handlers.memberchanges import Wish
from storage import audit, invitations
from storage import members as member_rows
from storage.connection import Tx
from storage.database import snapshot, transaction
from storage.members import Member

Folder = Annotated[Path, typer.Option("--folder", help="Where .env and study.toml are.", file_okay=False)]
CityName = Annotated[str, typer.Option("--city", help="The city.")]
HERE = Path()
_LANGUAGE = "en"
_ROLES = {
    "fieldworker": frozenset({Role.FIELDWORKER}),
    "coordinator": frozenset({Role.COORDINATOR}),
    "both": memberchanges.OF_CITY,
}


def invite(
    role: Annotated[Role, typer.Option(help="What the person will be.")],
    city: Annotated[str, typer.Option(help="The city, for a fieldworker or coordinator.")] = "",
    line: Annotated[str, typer.Option(help="The research line, for an investigator.")] = "",
    name: Annotated[str, typer.Option(help="What the person is called.")] = "",
    names: Annotated[
        str, typer.Option(help="A file with more names, a line each; - is standard input. For one city.")
    ] = "",
    qr: Annotated[
        str, typer.Option("--qr", help="'terminal' draws the link; a .png file, or a folder for --names, keeps it.")
    ] = "",
    folder: Folder = HERE,
) -> None:
    """Make an invitation, or one for each name of a list, and print its link; also beside a running bot."""
    settings, program = configured_or_told(folder)
    grant = _grant(program, role, city, line)
    if names and not grant.city:
        stop(f"--names: found the role {role}, expected one that is of a city")
    with told(program):
        prepare(program)
        username = bot_name(settings)
        with transaction(program.place.database) as tx:
            desk = program.desk({}, username)
            people, wrong = _names(tx, desk.city(grant.city), names) if names else ([name], [])
            links = [(one, *inviting.new_invitation(tx, desk, grant, one, None)) for one in people]
    for number, (one, invitation_id, link) in enumerate(links, start=1):
        typer.echo(f"{one}\t{link}" if names else link)
        _draw(link, qr, f"invitation-{number}.png" if names else "")
        tell(
            f"Invitation {invitation_id} was made: {one or 'no name'}, {grant.role}, {grant.city or grant.line or '-'}."
        )
        way_back(folder, "invitations", "--revoke", str(invitation_id))
    for fault in wrong:
        tell(f"{names}, line {fault.number}: {program.texts.say(fault.key, _LANGUAGE, **fault.values)}")
    if wrong:
        raise typer.Exit(1)


def open_invitations(
    city: Annotated[str, typer.Option("--city", help="Only of this city.")] = "",
    renew: Annotated[int, typer.Option(help="Give the invitation with this number a new link, and print it.")] = 0,
    revoke: Annotated[int, typer.Option(help="Take the invitation with this number back.")] = 0,
    qr: Annotated[str, typer.Option("--qr", help="'terminal' draws a new link; a .png file keeps it.")] = "",
    folder: Folder = HERE,
) -> None:
    """Print the invitations that nobody used yet, one a line with tabs between; renew one, or take it back."""
    settings, program = configured_or_told(folder)
    if renew and revoke:
        stop("--renew: found it with --revoke, expected one of them", BAD_CONFIGURATION)
    with told(program):
        prepare(program)
        if renew:
            _renew(settings, program, renew, qr)
            tell(f"Invitation {renew} has a new link; the earlier one no longer works, and nothing brings it back.")
        elif revoke:
            _revoke(program, revoke)
            tell("Nothing brings the link back; terugblik invite makes a new invitation.")
        else:
            code = _city(program, city).code if city else ""
            with snapshot(program.place.database) as rows:
                found = invitations.open_in(rows, code)
            for one in found:
                state = "open" if one.expires_on > program.now() else "expired"
                where = one.grant.city or one.grant.line or "-"
                pieces = (str(one.id), state, one.grant.role, where, one.name or "-", f"{one.expires_on:%Y-%m-%d}")
                typer.echo("\t".join(pieces))


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
    place = _city(program, city)
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


def figures(
    city: CityName,
    week: Annotated[str, typer.Option(help="The ISO week, such as 2026-W47; left out: this week.")] = "",
    folder: Folder = HERE,
) -> None:
    """Print a city's week: of each workshop how many people are how far, in the words of the workbook."""
    _, program = configured_or_told(folder)
    place = _city(program, city)
    try:
        wanted = Week.parse(week) if week else Week.of(program.now(), program.study.timezone)
    except ValueError as error:
        stop(f"--week: {error}", BAD_CONFIGURATION)
    with told(program):
        forms = prepare(program)
        with transaction(program.place.database) as tx:
            found = status.read(tx, program.desk(forms, ""), place, wanted)
    typer.echo(f"{place.name}\t{found.week}\t{found.total.done} of {found.total.due}")
    for workshop in found.workshops:
        day = workshop.starts_on.astimezone(place.timezone)
        told_of = status.in_words(found.counts[workshop.id], _LANGUAGE)
        typer.echo(f"{workshop.id}\t{day:%Y-%m-%d}\t{workshop.title}\t{told_of}")


def remind(
    city: CityName,
    yes: Annotated[bool, typer.Option("--yes", help="Send them; without it you only see who would get one.")] = False,
    folder: Folder = HERE,
) -> None:
    """Remind who has not finished, as coordinators do; without --yes nothing is sent."""
    _, program = configured_or_told(folder)
    place = _city(program, city)
    with told(program):
        desk = program.desk(prepare(program), "")
        with transaction(program.place.database) as tx:
            found = reminding.remind_all(tx, desk, place, None) if yes else reminding.would_get(tx, desk, place)
            shown = reminding.told(tx, desk, place, found, _LANGUAGE)
    if not found.wanted:
        stop(f"Nobody in {place.name} would get a reminder.")
    if yes:
        typer.echo(shown)
        tell(reminding.result(desk, place, found, _LANGUAGE))
        tell("What was sent cannot be taken back.")
    else:
        typer.echo(shown)
        tell("Nothing was sent; --yes sends them.")


def _names(tx: Tx, city: City, source: str) -> tuple[list[str], list[inviting.WrongName]]:
    with file_told("--names", Path(source), "a file with a name on each line"):
        text = sys.stdin.read() if source == "-" else Path(source).read_text(encoding="utf-8")
    return inviting.sorted_names(tx, city, text.splitlines())


def _draw(link: str, qr: str, name: str) -> None:
    """The link's picture: in the terminal, in a file, or under a name in a folder."""
    if qr == "terminal":
        typer.echo(in_blocks(link))
    elif qr:
        target = Path(qr) / name if name else Path(qr)
        with folder_told("--qr", target):
            target.parent.mkdir(parents=True, exist_ok=True)
            write_picture(link, target)
        tell(f"{target} holds the code.")


def _renew(settings: Settings, program: Program, invitation_id: int, qr: str) -> None:
    username = bot_name(settings)
    desk = program.desk({}, username)
    token = new_token(desk.random)
    with transaction(program.place.database) as tx:
        found = invitations.by_id(tx, invitation_id)
        if found is None or not invitations.renew(tx, found.id, token, desk.now + desk.study.rhythm.invitation_after):
            stop(f"--renew: found {invitation_id}, expected the number of an open invitation")
        audit.note(tx, None, "invitation_renewed", found.grant.city, str(found.id), desk.now)
    link = inviting.link_of(desk, token)
    typer.echo(link)
    _draw(link, qr, "")


def _revoke(program: Program, invitation_id: int) -> None:
    with transaction(program.place.database) as tx:
        found = invitations.by_id(tx, invitation_id)
        if found is None or not invitations.revoke(tx, found.id, program.now()):
            stop(f"--revoke: found {invitation_id}, expected the number of an open invitation")
        audit.note(tx, None, "invitation_revoked", found.grant.city, str(found.id), program.now())
    tell(f"The link of invitation {invitation_id} no longer works.")


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
        return Wish("city", member.roles, _city(program, to))
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
        members.standing(desk, _LANGUAGE, member),
        "reachable" if member.is_reachable else "unreachable",
        "-" if answered is None else f"{answered.astimezone(program.study.timezone):%Y-%m-%d}",
    )
    return "\t".join(pieces)


def _city(program: Program, name: str) -> City:
    try:
        return program.study.city(name)
    except UnknownCity as error:
        stop(f"--city: {error}")


def _grant(program: Program, role: Role, city: str, line: str) -> Grant:
    """The role with the city or line it needs, and none that it does not."""
    lines = [one.code for one in program.study.lines]
    if (role in OWN_CITY) != bool(city):
        expected = "a city" if role in OWN_CITY else "none"
        stop(f"--city: found {city or 'nothing'}, expected {expected} for the role {role}")
    if (role is Role.INVESTIGATOR) != bool(line) or (line and line not in lines):
        expected = f"one of {', '.join(lines)}" if role is Role.INVESTIGATOR else "none"
        stop(f"--line: found {line or 'nothing'}, expected {expected} for the role {role}")
    return Grant(role, _city(program, city).code if city else "", line)
