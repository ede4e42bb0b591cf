"""What others were shown of somebody's words: it is taken out of what is kept, and out of what can still be changed."""

import json
from dataclasses import dataclass

from fieldwork.envelope import dump, load
from fieldwork.messages import Say
from fieldwork.quotes import MARK
from storage.tx import Rows, Tx

_SESSIONS = "(SELECT id FROM session WHERE person_id = :person)"
_ARRIVED = "edit_of IS NULL AND message IS NOT NULL"


@dataclass(frozen=True, slots=True)
class Told:
    """A message that somebody else has, by its row, and what it says without the words; None: they were all it said."""

    row: int
    urn: str
    rest: Say | None


def is_elsewhere(rows: Rows, person_id: int) -> bool:
    """Whether others may have read words of the person in a chat: a question that was passed on, or a quote."""
    row = rows.one(
        "SELECT EXISTS (SELECT 1 FROM enquiry WHERE person_id = :person)"
        f" OR EXISTS (SELECT 1 FROM quote WHERE session_id IN {_SESSIONS}) AS found",
        person=person_id,
    )
    return row is not None and bool(row["found"])


def take_out(tx: Tx, person_id: int, urn: str) -> tuple[Told, ...]:
    """Take the person's words out of messages to others; those of them that others have in their chat.

    `urn` is the person's own address. To be done before their sessions go.
    """
    return (*_take_out_shown(tx, person_id, urn), *_take_out_quotes(tx, person_id))


def _take_out_shown(tx: Tx, person_id: int, urn: str) -> list[Told]:
    """What was put to coordinators to decide about: nothing of it is left."""
    found = tx.all(
        f"SELECT id, urn FROM outbox WHERE session_id IN {_SESSIONS} AND urn <> :urn AND {_ARRIVED}",
        person=person_id,
        urn=urn,
    )
    for row in found:
        tx.run("DELETE FROM outbox WHERE edit_of = :id", id=row["id"])
        tx.run("UPDATE outbox SET body = :body, session_id = NULL WHERE id = :id", body=dump(Say(MARK)), id=row["id"])
    return [Told(row["id"], row["urn"], None) for row in found]


def _take_out_quotes(tx: Tx, person_id: int) -> list[Told]:
    """What was quoted in summaries: a mark stands there instead."""
    quoted = tx.all(f"SELECT words FROM quote WHERE words <> '' AND session_id IN {_SESSIONS}", person=person_id)
    changed: dict[int, Told] = {}
    for words in (json.dumps(row["words"])[1:-1] for row in quoted):
        found = tx.all(
            "UPDATE outbox SET body = replace(body, :words, :mark) WHERE instr(body, :words) > 0"
            f" RETURNING id, urn, body, {_ARRIVED} AS arrived",
            words=words,
            mark=json.dumps(MARK)[1:-1],
        )
        for row in found:
            said = load(row["body"])
            if row["arrived"] and isinstance(said, Say):
                changed[row["id"]] = Told(row["id"], row["urn"], said)
    return list(changed.values())
