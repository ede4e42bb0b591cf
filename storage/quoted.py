"""What others were shown of somebody's words: it is taken out of what is kept, and out of what can still be changed."""

import json
from dataclasses import dataclass

from fieldwork.envelope import dump, load
from fieldwork.messages import Say
from fieldwork.quotes import MARK, told
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
    """Whether others may have words of the person where they stay: a question that was passed on, or a quote.

    To be asked before their prompts go. Who decides about quotes reads them first, and which ones is not kept.
    """
    row = rows.one(
        "SELECT EXISTS (SELECT 1 FROM enquiry WHERE person_id = :person) OR ("
        " EXISTS (SELECT 1 FROM consent WHERE person_id = :person AND kind = 'quotes' AND answer = 'yes')"
        " AND EXISTS (SELECT 1 FROM audit WHERE verb = 'quotes_seen' AND city IN ("
        " SELECT w.city FROM prompt p JOIN workshop w ON w.id = p.workshop_id WHERE p.person_id = :person))"
        ") AS found",
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
    quoted = tx.all(
        f"SELECT words FROM quote WHERE words <> '' AND session_id IN {_SESSIONS}"
        f" UNION SELECT told FROM quote WHERE told IS NOT NULL AND session_id IN {_SESSIONS}",
        person=person_id,
    )
    changed: dict[int, Told] = {}
    for row in quoted:
        changed |= {one.row: one for one in take_out_words(tx, row["words"])}
    return list(changed.values())


def take_out_words(tx: Tx, words: str) -> tuple[Told, ...]:
    """Take one quote out of summaries, as it was approved; a short one may be a word of any other message."""
    found = tx.all(
        "UPDATE outbox SET body = replace(body, :words, :mark) WHERE instr(body, :words) > 0 AND session_id IS NULL"
        f" RETURNING id, urn, body, {_ARRIVED} AS arrived",
        words=json.dumps(told(words))[1:-1],
        mark=json.dumps(told(MARK))[1:-1],
    )
    arrived = ((row, load(row["body"])) for row in found if row["arrived"])
    return tuple(Told(row["id"], row["urn"], said) for row, said in arrived if isinstance(said, Say))
