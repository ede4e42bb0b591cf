"""What became of messages: refused and tried once more, said twice, old enough to be forgotten."""

from dataclasses import dataclass
from datetime import datetime

from storage.stamps import moment, stamp
from storage.tx import Rows, Tx


@dataclass(frozen=True, slots=True)
class Undeliverable:
    """A row the channel will never take; `error` is the kind of refusal."""

    id: int
    urn: str
    error: str
    written_on: datetime


def dead(rows: Rows) -> list[Undeliverable]:
    """Everything the channel refused for good, oldest first."""
    found = rows.all("SELECT id, urn, error, written_on FROM outbox WHERE state = 'dead' ORDER BY id")
    return [Undeliverable(row["id"], row["urn"], row["error"] or "", moment(row["written_on"])) for row in found]


def replay(tx: Tx, id: int) -> bool:
    """Try once more to send what the channel refused; False where there is none under this id."""
    changed = tx.run(
        "UPDATE outbox SET state = 'queued', tries = 0, not_before_on = '', error = NULL"
        " WHERE id = :id AND state = 'dead'",
        id=id,
    )
    return changed == 1


def settled(tx: Tx, session_id: int, asking: int) -> None:
    """Something else is put now: what may have arrived of this question is not said again."""
    tx.run(
        "UPDATE outbox SET state = 'dropped' WHERE session_id = :id AND asking = :asking AND edit_of IS NULL"
        " AND state = 'uncertain'",
        id=session_id,
        asking=asking,
    )


def not_done(tx: Tx, id: int, reason: str) -> None:
    """It was not done and will not be tried again."""
    tx.run(
        "UPDATE outbox SET state = 'dropped', error = :reason WHERE id = :id AND state = 'sending'",
        id=id,
        reason=reason,
    )


def listen_first(tx: Tx, until: datetime) -> None:
    """Say nothing again before this moment that may have arrived."""
    tx.run(
        "UPDATE outbox SET not_before_on = :until WHERE state IN ('queued', 'sending', 'uncertain')"
        " AND state = 'uncertain' AND not_before_on < :until",
        until=stamp(until),
    )


SAID_TWICE = "SELECT coalesce(sum(said_again), 0) AS n FROM outbox WHERE said_again > 0"


def said_twice(rows: Rows) -> int:
    """How often something was said again that may have arrived before."""
    row = rows.one(SAID_TWICE)
    return 0 if row is None else int(row["n"])


def forget_words(tx: Tx, before: datetime, most: int) -> int:
    """Delete what was sent or dropped before this moment and nothing points at, at most so many; how many went."""
    return tx.run(
        """
        DELETE FROM outbox WHERE id IN (
            SELECT o.id FROM outbox o WHERE o.state = 'sent' AND o.sent_on < :before
                AND NOT EXISTS (SELECT 1 FROM outbox edit WHERE edit.edit_of = o.id)
            UNION ALL
            SELECT o.id FROM outbox o WHERE o.state = 'dropped' AND o.written_on < :before
                AND NOT EXISTS (SELECT 1 FROM outbox edit WHERE edit.edit_of = o.id)
            LIMIT :most
        )
        """,
        before=stamp(before),
        most=most,
    )
