"""A row of the outbox on its way: taken, sent, in doubt, refused, or put back."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from fieldwork.envelope import NotAnEnvelope, is_harmless_twice, load
from fieldwork.messages import Clear, Menu, Outgoing
from storage.database import Reader
from storage.driver import Row
from storage.outbox import AT_ONCE, OPEN
from storage.stamps import stamp
from storage.tx import Tx


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


async def sendable(reader: Reader, now: datetime, limit: int) -> list[tuple[int, str]]:
    """Ids and addresses of what may be sent now, chats with a waiting reply first.

    The messages of a chat go one after another, the earliest first, and those behind one wait while it is retried.
    Changes of messages that were sent before go beside the first message that follows them, so that the next question
    does not wait until the last one has lost its buttons; what follows that message waits for it. Only what was
    planned for later and was never tried lets others pass.
    """
    # Open rows are told by the words of their index; by others SQLite would read all that was ever said.
    rows = await reader.all(
        """
        SELECT o.id, o.urn FROM outbox o JOIN (
            SELECT urn, min(id) FILTER (WHERE edit_of IS NULL) AS message, max(id) AS last, min(priority) AS urgency
            FROM outbox
            WHERE state IN ('queued', 'sending', 'uncertain')
                AND NOT (state = 'queued' AND tries = 0 AND not_before_on > :now)
            GROUP BY urn
        ) chat ON o.urn = chat.urn AND o.id <= coalesce(chat.message, chat.last)
        WHERE o.state IN ('queued', 'sending', 'uncertain') AND o.state <> 'sending' AND o.not_before_on <= :now
            AND NOT EXISTS (
                SELECT 1 FROM outbox earlier WHERE earlier.edit_of = o.edit_of AND earlier.id < o.id
                    AND earlier.state IN ('queued', 'sending', 'uncertain')
            )
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
        ORDER BY o.id
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
        f"UPDATE outbox SET urn = :new WHERE urn = :old AND {OPEN} AND state <> 'sending'",
        new=new_urn,
        old=ready.urn,
    )


def recover(tx: Tx, again_on: datetime) -> int:
    """After a stop: what was being sent may have arrived, and goes again at `again_on`; how many rows.

    What is harmless twice goes again at once.
    """
    rows = tx.all(f"SELECT id, edit_of, body FROM outbox WHERE {OPEN} AND state = 'sending'")
    for row in rows:
        repeat = row["edit_of"] is not None or is_harmless_twice(row["body"])
        tx.run(
            "UPDATE outbox SET state = :state, tries = tries + 1, not_before_on = :again WHERE id = :id",
            id=row["id"],
            state="queued" if repeat else "uncertain",
            again=AT_ONCE if repeat else stamp(again_on),
        )
    return len(rows)
