"""What is to be said, from the commit that wanted it until it arrived or is known not to."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from fieldwork.envelope import NotAnEnvelope, dump, dump_data, is_harmless_twice, load
from fieldwork.messages import Clear, Menu, Outgoing, Say
from fieldwork.pieces import pieces, shortened
from storage.connection import Row, Rows, Tx, moment_or_none, stamp
from storage.database import Reader

_AT_ONCE = ""
"""Sorts before every time, so that a clock set back delays nothing."""
_OPEN = "state IN ('queued', 'sending', 'uncertain')"
"""What the index of open rows holds: SQLite takes it only where a query says exactly this."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A row marked as being sent."""

    id: int
    urn: str
    outgoing: Outgoing
    edit_message: str | None
    """The channel's id of the message to change; None for a message of its own."""
    tries: int
    in_doubt: bool
    """It was sent before and may have arrived."""

    @property
    def is_harmless_twice(self) -> bool:
        """Saying it again changes nothing: an edit, a menu, a deletion."""
        return self.edit_message is not None or isinstance(self.outgoing, Menu | Clear)


@dataclass(frozen=True, slots=True)
class Marked:
    """What came of taking rows to send them."""

    ready: list[Ready]
    refused: list[int]
    """Ids of rows whose words cannot be read."""


def write(
    tx: Tx,
    urn: str,
    outgoing: Outgoing,
    *,
    now: datetime,
    priority: int = 0,
    edit_of: int | None = None,
    session_id: int | None = None,
    asking: int | None = None,
    not_before_on: datetime | None = None,
) -> int:
    """Put something to be said in the queue; the id of its row.

    `edit_of` names the row of the message to change (or of an earlier change of it). A message that has not
    left yet is changed in the queue, and so is an earlier change of it that waits: then the id is theirs.
    `session_id` is the questionnaire it belongs to, and `asking` the question it puts. Priority 0 is a reply, 1
    something nobody waits for. What is too long for one message becomes several; the id is the last one's.
    """
    frame = _Frame(urn, priority, session_id, asking, stamp(not_before_on) if not_before_on else _AT_ONCE)
    if edit_of is not None:
        return _write_edit(tx, frame, outgoing, edit_of, now)
    if not isinstance(outgoing, Say):
        return _add(tx, frame, outgoing, now)
    *earlier, last = pieces(outgoing)
    for piece in earlier:
        _add(tx, replace(frame, asking=None), piece, now)
    return _add(tx, frame, last, now)


def is_kept(rows: Rows, id: int) -> bool:
    """Whether this row is still there; what was said long ago is forgotten."""
    return rows.one("SELECT 1 FROM outbox WHERE id = :id", id=id) is not None


@dataclass(frozen=True, slots=True)
class _Frame:
    urn: str
    priority: int
    session_id: int | None
    asking: int | None
    not_before: str


def _add(
    tx: Tx,
    frame: _Frame,
    outgoing: Outgoing,
    now: datetime,
    edit_of: int | None = None,
    state: str = "queued",
) -> int:
    return tx.add(
        """
        INSERT INTO outbox
            (urn, body, edit_of, priority, session_id, asking, state, not_before_on, written_on)
        VALUES (:urn, :body, :edit_of, :priority, :session_id, :asking, :state, :not_before, :now)
        RETURNING id
        """,
        urn=frame.urn,
        body=dump(outgoing),
        edit_of=edit_of,
        priority=frame.priority,
        session_id=frame.session_id,
        asking=frame.asking,
        state=state,
        not_before=frame.not_before,
        now=stamp(now),
    )


def _write_edit(tx: Tx, frame: _Frame, outgoing: Outgoing, edit_of: int, now: datetime) -> int:
    target = tx.one(
        """
        SELECT target.id, target.urn, target.body, target.state, (
            SELECT edit.id FROM outbox edit WHERE edit.edit_of = target.id AND edit.state = 'queued'
        ) AS unsent
        FROM outbox target WHERE target.id = (SELECT coalesce(edit_of, id) FROM outbox WHERE id = :id)
        """,
        id=edit_of,
    )
    original = load(target["body"]) if target is not None else None
    if target is None or not isinstance(original, Say) or not isinstance(outgoing, Say):
        raise ValueError(f"outbox row {edit_of} is not a message that can be changed")
    changed = shortened(replace(outgoing, attachment=original.attachment))
    unsent = target["id"] if target["unsent"] is None and target["state"] == "queued" else target["unsent"]
    if unsent is not None:
        return _rewrite(tx, unsent, frame, changed)
    state = "dropped" if target["state"] in ("dropped", "dead") else "queued"
    return _add(tx, replace(frame, urn=target["urn"]), changed, now, target["id"], state)


def _rewrite(tx: Tx, id: int, frame: _Frame, outgoing: Outgoing) -> int:
    tx.run(
        """
        UPDATE outbox SET body = :body,
            priority = CASE WHEN priority < :priority THEN priority ELSE :priority END,
            session_id = coalesce(:session_id, session_id), asking = coalesce(:asking, asking)
        WHERE id = :id
        """,
        id=id,
        body=dump(outgoing),
        priority=frame.priority,
        session_id=frame.session_id,
        asking=frame.asking,
    )
    return id


async def sendable(reader: Reader, now: datetime, limit: int) -> list[tuple[int, str]]:
    """Ids and addresses of what may be sent now: at most one a chat, chats with a waiting reply first.

    The earliest open row of a chat goes first, and those behind it wait while it is retried. Only what was
    planned for later and was never tried lets others pass.
    """
    rows = await reader.all(
        """
        SELECT o.id, o.urn FROM outbox o JOIN (
            SELECT min(id) AS first, min(priority) AS urgency FROM outbox
            WHERE state IN ('queued', 'sending', 'uncertain')
                AND NOT (state = 'queued' AND tries = 0 AND not_before_on > :now)
            GROUP BY urn
        ) chat ON chat.first = o.id
        WHERE o.state IN ('queued', 'uncertain') AND o.not_before_on <= :now
        ORDER BY chat.urgency, o.id LIMIT :limit
        """,
        now=stamp(now),
        limit=limit,
    )
    return [(row["id"], row["urn"]) for row in rows]


def mark_sending(tx: Tx, ids: Sequence[int]) -> Marked:
    """Take rows to send them, as they read now; what is not to be sent any more is left out.

    A change of a message that never arrived is dropped, and what cannot be read is dead.
    """
    rows = tx.all(
        """
        SELECT o.id, o.urn, o.body, o.edit_of, o.state, o.tries, target.message AS target_message
        FROM outbox o LEFT JOIN outbox target ON target.id = o.edit_of
        WHERE o.id IN (SELECT value FROM json_each(:ids)) AND o.state IN ('queued', 'uncertain')
        """,
        ids=json.dumps(ids),
    )
    ready, refused = [], []
    for row in rows:
        if row["edit_of"] is not None and row["target_message"] is None:
            tx.run("UPDATE outbox SET state = 'dropped' WHERE id = :id", id=row["id"])
            continue
        try:
            ready.append(_ready(row))
        except NotAnEnvelope as error:
            record_refused(tx, row["id"], type(error).__name__)
            refused.append(row["id"])
    tx.run(
        """
        UPDATE outbox SET said_again = said_again + (state = 'uncertain'), state = 'sending'
        WHERE id IN (SELECT value FROM json_each(:ids))
        """,
        ids=json.dumps([one.id for one in ready]),
    )
    return Marked(ready, refused)


def _ready(row: Row) -> Ready:
    return Ready(
        id=row["id"],
        urn=row["urn"],
        outgoing=load(row["body"]),
        edit_message=row["target_message"],
        tries=row["tries"],
        in_doubt=row["state"] == "uncertain",
    )


def record_sent(tx: Tx, id: int, message: str, now: datetime) -> bool:
    """It arrived; `message` is the channel's id ('' where there is none). Whether it passed somebody's words on."""
    row = tx.one(
        """
        UPDATE outbox SET state = 'sent', sent_on = :now, error = NULL,
            message = CASE WHEN edit_of IS NULL AND :message <> '' THEN :message END
        WHERE id = :id AND state = 'sending' RETURNING words_of
        """,
        id=id,
        message=message,
        now=stamp(now),
    )
    return row is not None and row["words_of"] is not None


def record_not_delivered(tx: Tx, ready: Ready, not_before_on: datetime) -> None:
    """It surely did not arrive this time; again from `not_before_on`, unless a newer change replaces it."""
    newer = _unsent_edit_of_same(tx, ready.id)
    tx.run(
        """
        UPDATE outbox SET state = :state, tries = tries + 1, not_before_on = :not_before,
            error = 'not delivered'
        WHERE id = :id AND state = 'sending'
        """,
        id=ready.id,
        state="dropped" if newer else "uncertain" if ready.in_doubt else "queued",
        not_before=stamp(not_before_on),
    )


def _unsent_edit_of_same(tx: Tx, id: int) -> bool:
    row = tx.one(
        """
        SELECT 1 FROM outbox older JOIN outbox newer ON newer.edit_of = older.edit_of
        WHERE older.id = :id AND newer.id > older.id AND newer.state = 'queued'
        """,
        id=id,
    )
    return row is not None


def record_uncertain(tx: Tx, id: int, again_on: datetime) -> None:
    """It may have arrived; sent again at `again_on` unless a tap proves it before."""
    tx.run(
        """
        UPDATE outbox SET state = 'uncertain', tries = tries + 1, not_before_on = :again, error = 'unsure'
        WHERE id = :id AND state = 'sending'
        """,
        id=id,
        again=stamp(again_on),
    )


def record_refused(tx: Tx, id: int, reason: str) -> None:
    """It will never be taken: kept as dead, and what would change it is dropped."""
    tx.run(
        """
        UPDATE outbox SET state = 'dead', tries = tries + 1, error = :reason
        WHERE id = :id AND state IN ('queued', 'sending', 'uncertain')
        """,
        id=id,
        reason=reason,
    )
    tx.run("UPDATE outbox SET state = 'dropped' WHERE edit_of = :id AND state = 'queued'", id=id)


def record_gone(tx: Tx, urn: str) -> None:
    """Nothing can be said at this address: everything that waits for it is dropped."""
    tx.run(
        """
        UPDATE outbox SET state = 'dropped', error = 'gone'
        WHERE urn = :urn AND state IN ('queued', 'sending', 'uncertain')
        """,
        urn=urn,
    )


def record_moved(tx: Tx, ready: Ready, new_urn: str) -> None:
    """The chat has another address: this row and all behind it go there."""
    tx.run(
        "UPDATE outbox SET state = :state WHERE id = :id AND state = 'sending'",
        id=ready.id,
        state="uncertain" if ready.in_doubt else "queued",
    )
    tx.run(
        f"UPDATE outbox SET urn = :new WHERE urn = :old AND {_OPEN} AND state <> 'sending'",
        new=new_urn,
        old=ready.urn,
    )


def arrived(tx: Tx, urn: str, message: str, session_id: int, asking: int, now: datetime) -> bool:
    """A tap on `message` ('' where the channel does not tell) had this question's buttons: it arrived under that id.

    True when we did not know yet. Call it before handling the tap, so that edits find the message.
    """
    return (
        tx.run(
            """
        UPDATE outbox SET state = 'sent', message = nullif(:message, ''), sent_on = :now, error = NULL
        WHERE urn = :urn AND session_id = :session_id AND asking = :asking AND edit_of IS NULL
            AND state IN ('sending', 'uncertain')
            AND NOT EXISTS (SELECT 1 FROM outbox known WHERE known.urn = :urn AND known.message = :message)
        """,
            urn=urn,
            message=message,
            session_id=session_id,
            asking=asking,
            now=stamp(now),
        )
        > 0
    )


def proven_by_tap(tx: Tx, urn: str, message: str, data: str, now: datetime) -> bool:
    """A tap on `message` sent `data`: what may have arrived with that button did. True when we did not know yet."""
    return (
        tx.run(
            f"""
        UPDATE outbox SET state = 'sent', message = nullif(:message, ''), sent_on = :now, error = NULL
        WHERE id = (
                SELECT max(id) FROM outbox WHERE urn = :urn AND {_OPEN} AND state <> 'queued' AND edit_of IS NULL
                    AND instr(body, :data) > 0
            )
            AND NOT EXISTS (SELECT 1 FROM outbox known WHERE known.urn = :urn AND known.message = :message)
        """,
            urn=urn,
            message=message,
            data=dump_data(data),
            now=stamp(now),
        )
        > 0
    )


def recover(tx: Tx, again_on: datetime) -> int:
    """After a stop: what was being sent may have arrived, and goes again at `again_on`; how many rows.

    What is harmless twice goes again at once.
    """
    rows = tx.all(f"SELECT id, edit_of, body FROM outbox WHERE {_OPEN} AND state = 'sending'")
    for row in rows:
        repeat = row["edit_of"] is not None or is_harmless_twice(row["body"])
        tx.run(
            "UPDATE outbox SET state = :state, tries = tries + 1, not_before_on = :again WHERE id = :id",
            id=row["id"],
            state="queued" if repeat else "uncertain",
            again=_AT_ONCE if repeat else stamp(again_on),
        )
    return len(rows)


def row_of_question(rows: Rows, session_id: int, asking: int) -> int | None:
    """The row of the message that put this question; None where it was never put."""
    row = rows.one(
        "SELECT id FROM outbox WHERE session_id = :id AND asking = :asking AND edit_of IS NULL",
        id=session_id,
        asking=asking,
    )
    return None if row is None else int(row["id"])


def was_there(rows: Rows, session_id: int, asking: int, moment_on: datetime) -> bool:
    """Whether the question had arrived by this moment, so that what was said then can be its answer.

    What may have arrived counts from when it was written: who replies has seen it.
    """
    row = rows.one(
        "SELECT 1 FROM outbox WHERE session_id = :id AND asking = :asking AND edit_of IS NULL"
        " AND (sent_on <= :moment OR (state IN ('sending', 'uncertain') AND written_on <= :moment))",
        id=session_id,
        asking=asking,
        moment=stamp(moment_on),
    )
    return row is not None


def last_written_on(rows: Rows, urn: str) -> datetime | None:
    """When something was last said to this address, sent or still to be sent; None where nothing was."""
    row = rows.one(
        """
        SELECT max(written_on) AS written_on FROM (
            SELECT written_on FROM outbox WHERE urn = :urn AND message IS NOT NULL
            UNION ALL SELECT written_on FROM outbox
                WHERE urn = :urn AND state IN ('queued', 'sending', 'uncertain')
            UNION ALL SELECT written_on FROM outbox WHERE urn = :urn AND state = 'dead'
        )
        """,
        urn=urn,
    )
    return None if row is None else moment_or_none(row["written_on"])


def row_of_message(rows: Rows, urn: str, message: str) -> tuple[int, Outgoing] | None:
    """The row of a message as the channel knows it, and what it said first."""
    row = rows.one("SELECT id, body FROM outbox WHERE urn = :urn AND message = :message", urn=urn, message=message)
    return None if row is None else (int(row["id"]), load(row["body"]))
