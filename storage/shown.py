"""What stands in a chat now, with all its changes."""

from collections.abc import Iterator
from datetime import datetime

from fieldwork.envelope import load
from fieldwork.messages import Say
from storage.connection import Rows, stamp

_LOOKED_THROUGH = 10


def newest_with_buttons(rows: Rows, urn: str, moment_on: datetime) -> tuple[str, Say] | None:
    """The newest message with buttons that had arrived by this moment, as it looks now, and the channel's id of it."""
    return next(((message, said) for _, message, said in _with_buttons(rows, urn, moment_on)), None)


def with_buttons(rows: Rows, urn: str, moment_on: datetime) -> list[tuple[int, Say]]:
    """The latest messages that have buttons, as they look now, newest first, and the row of each."""
    return [(row, said) for row, _, said in _with_buttons(rows, urn, moment_on)]


def _with_buttons(rows: Rows, urn: str, moment_on: datetime) -> Iterator[tuple[int, str, Say]]:
    found = rows.all(
        """
        SELECT id, message, coalesce(
            (SELECT edit.body FROM outbox edit WHERE edit.edit_of = o.id ORDER BY edit.id DESC LIMIT 1), body) AS body
        FROM outbox o WHERE urn = :urn AND edit_of IS NULL AND message IS NOT NULL AND sent_on <= :moment
        ORDER BY id DESC LIMIT :most
        """,
        urn=urn,
        moment=stamp(moment_on),
        most=_LOOKED_THROUGH,
    )
    looks = ((row["id"], row["message"], load(row["body"])) for row in found)
    return ((row, message, said) for row, message, said in looks if isinstance(said, Say) and said.buttons)
