"""A file that is too large for the messenger: who asked reads its number, the operators where it lies."""

from fieldwork.messages import Say
from fieldwork.people import Role
from handlers.desk import Desk, send
from storage import people
from storage.tx import Tx

MOST_SENT = 50_000_000
"""Bytes a bot may send as one file."""
_MEGA = 1_000_000


def megabytes(size: int) -> str:
    """A size for people to read; never nothing at all."""
    return f"{max(1, round(size / _MEGA))} MB"


def announce(tx: Tx, desk: Desk, person_id: int, number: int, path: str, size: int) -> None:
    """Say that the file is there and was not sent."""
    language = people.by_id(tx, person_id).language
    words = {"id": number, "size": megabytes(size)}
    send(tx, desk, person_id, Say(desk.texts.say("export.large", language, contact=desk.study.contact, **words)))
    for operator in people.with_role(tx, Role.OPERATOR):
        send(tx, desk, operator.id, Say(desk.texts.say("op.large", operator.language, path=path, **words)))
