"""What came in, kept before it is confirmed, until it is handled or set aside."""

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from storage.database import Reader
from storage.stamps import moment, stamp
from storage.tx import Rows, Tx

_MOST_OF_ONE_CHAT = 20
"""So that somebody who sends a thousand messages keeps nobody waiting."""
MOST_TRIES = 3
"""After this many failures an update is set aside."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """An update as the channel brought it."""

    key: str | None
    """The channel's id of the update; None where it has none that can be used."""
    chat: str
    """Order is kept within a chat; '' where it could not be read."""
    raw: str
    fault: str | None = None
    """Why it is set aside unread; None: it is not."""


@dataclass(frozen=True, slots=True)
class Meant:
    """The question that waited when somebody wrote."""

    session_id: int
    asking: int
    path: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """An update to be handled."""

    id: int
    channel: str
    chat: str
    raw: str
    tries: int
    received_on: datetime


@dataclass(frozen=True, slots=True)
class SetAside:
    """An update that could not be handled; `error` is the kind of the last failure."""

    id: int
    channel: str
    error: str
    received_on: datetime


def store(tx: Tx, channel: str, arrivals: Sequence[Arrival], now: datetime) -> int:
    """Keep a batch; how many of it were new. What has no usable id is kept, set aside."""
    return sum(_store(tx, channel, arrival, now) for arrival in arrivals)


def _store(tx: Tx, channel: str, arrival: Arrival, now: datetime) -> int:
    fault = "no update id" if arrival.key is None else arrival.fault
    return tx.run(
        """
        INSERT INTO inbox (channel, update_key, chat, raw, state, error, received_on)
        VALUES (:channel, :key, :chat, :raw, :state, :error, :now)
        ON CONFLICT (channel, update_key) DO NOTHING
        """,
        channel=channel,
        key=_key_of_its_own(arrival.raw) if arrival.key is None else arrival.key,
        chat=arrival.chat,
        raw=arrival.raw,
        state="dead" if fault else "new",
        error=fault,
        now=stamp(now),
    )


def _key_of_its_own(raw: str) -> str:
    """The same shapeless update coming again and again is kept once."""
    return "none:" + hashlib.sha256(raw.encode()).hexdigest()[:32]


async def waiting(reader: Reader, limit: int, without: Collection[str] = ()) -> list[Waiting]:
    """The oldest updates to be handled, in the order in which they came; of one chat only some at a time.

    Chats `without` are passed over. Who fails one leaves the rest of its chat for the next look, so that order
    is kept.
    """
    rows = await reader.all(
        """
        WITH RECURSIVE waits (chat) AS (
            SELECT min(chat) FROM inbox WHERE state = 'new'
            UNION ALL
            SELECT (SELECT min(i.chat) FROM inbox i WHERE i.state = 'new' AND i.chat > waits.chat) FROM waits
            WHERE waits.chat IS NOT NULL
        )
        SELECT id, channel, chat, raw, tries, received_on FROM inbox WHERE id IN (
            SELECT i.id FROM waits JOIN inbox i ON i.id IN (
                SELECT oldest.id FROM inbox oldest WHERE oldest.state = 'new' AND oldest.chat = waits.chat
                ORDER BY oldest.id LIMIT :most
            )
            WHERE waits.chat NOT IN (SELECT value FROM json_each(:without))
            ORDER BY i.id LIMIT :limit
        ) ORDER BY id
        """,
        limit=limit,
        without=json.dumps(list(without)),
        most=_MOST_OF_ONE_CHAT,
    )
    return [
        Waiting(row["id"], row["channel"], row["chat"], row["raw"], row["tries"], moment(row["received_on"]))
        for row in rows
    ]


def seen(tx: Tx, thing_key: str) -> bool:
    """Whether this message or tap was handled before, under whatever update id it came."""
    row = tx.one("SELECT 1 FROM inbox WHERE thing_key = :key AND state = 'done'", key=thing_key)
    return row is not None


def handled(tx: Tx, id: int, thing_key: str | None, now: datetime) -> None:
    """Close an update and forget what it said, unless that is held; its keys stay. No `thing_key` for what was seen."""
    tx.run(
        """
        UPDATE inbox SET state = 'done', thing_key = :key, error = NULL,
            raw = CASE WHEN held_on IS NOT NULL THEN raw END,
            handled_on = CASE WHEN held_on IS NULL THEN :now END
        WHERE id = :id
        """,
        id=id,
        key=thing_key,
        now=stamp(now),
    )


def failed(tx: Tx, id: int, error_kind: str, now: datetime) -> bool:
    """Count a failure; True when it was the last one and the update is now set aside."""
    row = tx.one(
        """
        UPDATE inbox SET tries = tries + 1, error = :error,
            state = CASE WHEN tries + 1 >= :most THEN 'dead' ELSE state END,
            handled_on = CASE WHEN tries + 1 >= :most THEN :now END
        WHERE id = :id AND state = 'new' RETURNING state
        """,
        id=id,
        error=error_kind,
        most=MOST_TRIES,
        now=stamp(now),
    )
    return row is not None and row["state"] == "dead"


def keep_meaning(tx: Tx, id: int, meant: Meant) -> None:
    """Note what a failed update was about, the first time it fails."""
    tx.run(
        """
        UPDATE inbox SET meant_session = :session, meant_asking = :asking, meant_path = :path
        WHERE id = :id AND meant_session IS NULL
        """,
        id=id,
        session=meant.session_id,
        asking=meant.asking,
        path=meant.path,
    )


def meaning(rows: Rows, id: int) -> Meant | None:
    """What an update that is replayed was about; None for any other, or where no question waited."""
    row = rows.one(
        "SELECT meant_session, meant_asking, meant_path FROM inbox"
        " WHERE id = :id AND replayed = 1 AND meant_session IS NOT NULL",
        id=id,
    )
    if row is None:
        return None
    return Meant(row["meant_session"], row["meant_asking"], row["meant_path"])


def replay(tx: Tx, id: int) -> bool:
    """Handle an update that was set aside once more; False where there is none under this id."""
    changed = tx.run(
        "UPDATE inbox SET state = 'new', tries = 0, replayed = 1, handled_on = NULL"
        " WHERE id = :id AND state = 'dead' AND error <> 'no update id'",
        id=id,
    )
    return changed == 1


def forget_handled(tx: Tx, before: datetime, most: int) -> int:
    """Delete what was handled before this moment, at most so many; how many went."""
    return tx.run(
        "DELETE FROM inbox WHERE id IN (SELECT id FROM inbox WHERE state = 'done' AND handled_on < :before"
        " ORDER BY handled_on LIMIT :most)",
        before=stamp(before),
        most=most,
    )


def dead(rows: Rows) -> list[SetAside]:
    """Everything set aside, oldest first."""
    found = rows.all("SELECT id, channel, error, received_on FROM inbox WHERE state = 'dead' ORDER BY id")
    return [SetAside(row["id"], row["channel"], row["error"] or "", moment(row["received_on"])) for row in found]
