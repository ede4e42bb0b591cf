"""Invitations on the command line: making, seeing, renewing and taking them back."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.doctor import bot_name
from bot.options import HERE, LANGUAGE, Folder, city_named
from bot.program import Program, prepare
from bot.settings import Settings
from bot.telling import BAD_CONFIGURATION, configured_or_told, file_told, folder_told, stop, tell, told, way_back
from exports.qr import in_blocks, write_picture
from fieldwork.people import OWN_CITY, Grant, Role, new_token
from handlers.people import inviting
from storage import audit, invitations
from storage.database import snapshot, transaction
from storage.invitations import Open


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
    # Whoever types the names may take a while: nothing waits for them, and no lock is held.
    lines = _lines(names) if names else []
    with told(program):
        prepare(program)
        username = bot_name(settings)
        with transaction(program.place.database) as tx:
            desk = program.desk({}, username)
            people, wrong = inviting.sorted_names(tx, desk.city(grant.city), lines) if names else ([name], [])
            links = [(one, *inviting.new_invitation(tx, desk, grant, one, None)) for one in people]
    for number, (one, invitation_id, link) in enumerate(links, start=1):
        typer.echo(f"{one}\t{link}" if names else link)
        _draw(link, qr, f"invitation-{number}.png" if names else "")
        tell(
            f"Invitation {invitation_id} was made: {one or 'no name'}, {grant.role}, {grant.city or grant.line or '-'}."
        )
        way_back(folder, "invitations", "--revoke", str(invitation_id))
    for fault in wrong:
        tell(f"{names}, line {fault.number}: {program.texts.say(fault.key, LANGUAGE, **fault.values)}")
    if wrong:
        raise typer.Exit(1)


def open_invitations(
    city: Annotated[str, typer.Option("--city", help="Only of this city.")] = "",
    renew: Annotated[int, typer.Option(help="Give the invitation with this number a new link, and print it.")] = 0,
    revoke: Annotated[int, typer.Option(help="Take the invitation with this number back.")] = 0,
    restore: Annotated[int, typer.Option(help="Let the link that was taken back under this number work again.")] = 0,
    qr: Annotated[str, typer.Option("--qr", help="'terminal' draws a new link; a .png file keeps it.")] = "",
    folder: Folder = HERE,
) -> None:
    """Print the invitations that nobody used yet, one a line with tabs between; renew one, end one, or undo that."""
    settings, program = configured_or_told(folder)
    if renew and revoke:
        stop("--renew: found it with --revoke, expected one of them", BAD_CONFIGURATION)
    with told(program):
        prepare(program)
        if renew:
            who = _renew(settings, program, renew, qr)
            tell(f"Invitation {renew} ({who}) has a new link.")
            tell("The earlier link no longer works, and nothing brings it back. The new one can be ended:")
            way_back(folder, "invitations", "--revoke", str(renew))
        elif revoke:
            who = _revoke(program, revoke)
            tell(f"The link of invitation {revoke} ({who}) no longer works.")
            way_back(folder, "invitations", "--restore", str(revoke))
        elif restore:
            who = _restore(program, restore)
            tell(f"The link of invitation {restore} ({who}) works again.")
            way_back(folder, "invitations", "--revoke", str(restore))
        else:
            code = city_named(program, city).code if city else ""
            with snapshot(program.place.database) as rows:
                found = invitations.open_in(rows, code)
            for one in found:
                state = "open" if one.expires_on > program.now() else "expired"
                where = one.grant.city or one.grant.line or "-"
                pieces = (str(one.id), state, one.grant.role, where, one.name or "-", f"{one.expires_on:%Y-%m-%d}")
                typer.echo("\t".join(pieces))


def _lines(source: str) -> list[str]:
    """What stands in the list of names."""
    with file_told("--names", Path(source), "a file with a name on each line"):
        text = sys.stdin.read() if source == "-" else Path(source).read_text(encoding="utf-8")
    return text.splitlines()


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


def _renew(settings: Settings, program: Program, invitation_id: int, qr: str) -> str:
    """Print a new link; for whom it is."""
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
    return _whose(found)


def _revoke(program: Program, invitation_id: int) -> str:
    """End a link; whose it was."""
    with transaction(program.place.database) as tx:
        found = invitations.by_id(tx, invitation_id)
        if found is None or not invitations.revoke(tx, found.id, program.now()):
            stop(f"--revoke: found {invitation_id}, expected the number of an open invitation")
        audit.note(tx, None, "invitation_revoked", found.grant.city, str(found.id), program.now())
    return _whose(found)


def _restore(program: Program, invitation_id: int) -> str:
    """Let a link that was ended work again; whose it is."""
    with transaction(program.place.database) as tx:
        found = invitations.by_id(tx, invitation_id) if invitations.unrevoke(tx, invitation_id) else None
        if found is None or found.expires_on <= program.now():
            stop(f"--restore: found {invitation_id}, expected the number of an invitation whose link --revoke ended")
        audit.note(tx, None, "undone", found.grant.city, f"invitation_revoked {found.id}", program.now())
    return _whose(found)


def _whose(one: Open) -> str:
    return f"{one.name or 'no name'}, {one.grant.role}, {one.grant.city or one.grant.line or '-'}"


def _grant(program: Program, role: Role, city: str, line: str) -> Grant:
    """The role with the city or line it needs, and none that it does not."""
    lines = [one.code for one in program.study.lines]
    if (role in OWN_CITY) != bool(city):
        expected = "a city" if role in OWN_CITY else "none"
        stop(f"--city: found {city or 'nothing'}, expected {expected} for the role {role}")
    if (role is Role.INVESTIGATOR) != bool(line) or (line and line not in lines):
        expected = f"one of {', '.join(lines)}" if role is Role.INVESTIGATOR else "none"
        stop(f"--line: found {line or 'nothing'}, expected {expected} for the role {role}")
    return Grant(role, city_named(program, city).code if city else "", line)
