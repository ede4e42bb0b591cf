"""What is to be said, from the commit that wanted it until it arrived or is known not to."""

from dataclasses import dataclass, replace
from datetime import datetime

from fieldwork.envelope import dump, dump_data, load
from fieldwork.messages import Outgoing, Say
from fieldwork.pieces import pieces, shortened
from storage.driver import Row
from storage.stamps import moment_or_none, stamp
from storage.tx import Rows, Tx

AT_ONCE = ""
"""Sorts before every time, so that a clock set back delays nothing."""
OPEN = "state IN ('queued', 'sending', 'uncertain')"
"""What the index of open rows holds: SQLite takes it only where a query says exactly this."""


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
    frame = _Frame(urn, priority, session_id, asking, stamp(not_before_on) if not_before_on else AT_ONCE)
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


_TARGET = """
    SELECT target.id, target.urn, target.body, target.state, (
        SELECT edit.id FROM outbox edit WHERE edit.edit_of = target.id AND edit.state = 'queued'
    ) AS unsent
    FROM outbox target WHERE"""


def change_question(tx: Tx, session_id: int, asking: int, outgoing: Outgoing, *, now: datetime) -> None:
    """Change the message that put this question, as `write` does; nothing where it was never put."""
    target = tx.one(
        f"{_TARGET} target.session_id = :session AND target.asking = :asking AND target.edit_of IS NULL",
        session=session_id,
        asking=asking,
    )
    if target is not None:
        _change(tx, _Frame(target["urn"], 0, None, None, AT_ONCE), outgoing, target, now)


def _write_edit(tx: Tx, frame: _Frame, outgoing: Outgoing, edit_of: int, now: datetime) -> int:
    target = tx.one(
        f"{_TARGET} target.id = (SELECT coalesce(edit_of, id) FROM outbox WHERE id = :id)",
        id=edit_of,
    )
    if target is None:
        raise ValueError(f"outbox row {edit_of} is not a message that can be changed")
    return _change(tx, frame, outgoing, target, now)


def _change(tx: Tx, frame: _Frame, outgoing: Outgoing, target: Row, now: datetime) -> int:
    original = load(target["body"])
    match original, outgoing:
        case Say(), Say():
            changed = shortened(replace(outgoing, attachment=original.attachment))
        case _:
            raise ValueError(f"outbox row {target['id']} is not a message that can be changed")
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


def proven_by_tap(tx: Tx, urn: str, message: str, data: str, now: datetime) -> bool:
    """A tap on `message` sent `data`: what may have arrived with that button did. True when we did not know yet."""
    return (
        tx.run(
            f"""
        UPDATE outbox SET state = 'sent', message = nullif(:message, ''), sent_on = :now, error = NULL
        WHERE id = (
                SELECT max(id) FROM outbox WHERE urn = :urn AND {OPEN} AND state <> 'queued' AND edit_of IS NULL
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
