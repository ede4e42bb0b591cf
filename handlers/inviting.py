"""Invitations: a link that makes who opens it first somebody to the study."""

from fieldwork.people import Grant, Role, new_token
from fieldwork.study import City
from handlers.desk import Caller, Desk, tell
from storage import audit, invitations
from storage.connection import Tx

_LONGEST_NAME = 60


def invite(tx: Tx, desk: Desk, caller: Caller, city: City, rest: str) -> None:
    """/invite NAME: a link for a fieldworker of the coordinator's city."""
    name = rest[:_LONGEST_NAME]
    link = new_link(tx, desk, Grant(Role.FIELDWORKER, city.code), name, caller.person.id)
    days = desk.study.rhythm.invitation_after.days
    tell(tx, desk, caller, "invite.link", link=link, city=city.name, days=days)


def new_link(tx: Tx, desk: Desk, grant: Grant, name: str, made_by: int | None) -> str:
    """Make an invitation and the link that uses it."""
    token = new_token(desk.random)
    expires_on = desk.now + desk.study.rhythm.invitation_after
    invitations.add(tx, token, grant, name, made_by, desk.now, expires_on)
    audit.note(tx, made_by, "invited", grant.city, grant.role, desk.now)
    return f"https://t.me/{desk.bot_name}?start={token}"
