"""What stands in a chat now, with all its changes."""

from collections.abc import Sequence
from datetime import datetime

from fieldwork.envelope import load
from fieldwork.messages import Say
from storage.driver import Row
from storage.stamps import stamp
from storage.tx import Rows

_LOOKED_THROUGH = 10
_STALE_WITHIN = 100
_WHENEVER = "~"
"""Sorts after every time: what arrived did so by the channel's clock, which may be ahead of ours."""


def newest_with_buttons(rows: Rows, urn: str, moment_on: datetime) -> tuple[str, Say] | None:
    """The newest message with buttons that had arrived by this moment, as it looks now, and the channel's id of it."""
    looks = ((row["message"], load(row["body"])) for row in _newest(rows, urn, stamp(moment_on), _LOOKED_THROUGH))
    return next(((message, said) for message, said in looks if isinstance(said, Say) and said.buttons), None)


def has_arrived(rows: Rows, row: int) -> bool:
    """Whether what was said in this row is known to stand in the chat."""
    return rows.one("SELECT 1 FROM outbox WHERE id = :id AND message IS NOT NULL", id=row) is not None


def with_buttons(rows: Rows, urn: str) -> list[tuple[int, Say]]:
    """The messages among the newest that have buttons, as they look now, and the row that each was said in."""
    looks = ((row["id"], load(row["body"])) for row in _newest(rows, urn, _WHENEVER, _STALE_WITHIN))
    return [(id, said) for id, said in looks if isinstance(said, Say) and said.buttons]


def message_of_button(rows: Rows, urn: str, data: str) -> str | None:
    """The channel's id of the newest message that has this button now; None where none has."""
    looks = ((row["message"], load(row["body"])) for row in _newest(rows, urn, _WHENEVER, _STALE_WITHIN))
    return next((message for message, said in looks if isinstance(said, Say) and _has(said, data)), None)


def _has(said: Say, data: str) -> bool:
    return any(button.data == data for buttons in said.buttons for button in buttons)


def message_of_question(rows: Rows, session_id: int, asking: int) -> str:
    """The channel's id of the message that put this question; '' where it is not known to have arrived."""
    row = rows.one(
        "SELECT message FROM outbox WHERE session_id = :id AND asking = :asking AND edit_of IS NULL",
        id=session_id,
        asking=asking,
    )
    return "" if row is None else row["message"] or ""


def at_message(rows: Rows, urn: str, message: str) -> tuple[int, tuple[Say, ...]] | None:
    """The row of a message as the channel knows it, and its looks: as it is now, and as it was first."""
    row = rows.one(
        """
        SELECT id, body, (SELECT edit.body FROM outbox edit WHERE edit.edit_of = o.id ORDER BY edit.id DESC LIMIT 1)
            AS changed
        FROM outbox o WHERE urn = :urn AND message = :message
        """,
        urn=urn,
        message=message,
    )
    if row is None:
        return None
    looks = (load(body) for body in (row["changed"], row["body"]) if body is not None)
    return int(row["id"]), tuple(look for look in looks if isinstance(look, Say))


def _newest(rows: Rows, urn: str, moment: str, most: int) -> Sequence[Row]:
    return rows.all(
        """
        SELECT id, message, coalesce(
            (SELECT edit.body FROM outbox edit WHERE edit.edit_of = o.id ORDER BY edit.id DESC LIMIT 1), body) AS body
        FROM outbox o WHERE urn = :urn AND edit_of IS NULL AND message IS NOT NULL AND sent_on <= :moment
        ORDER BY id DESC LIMIT :most
        """,
        urn=urn,
        moment=moment,
        most=most,
    )
