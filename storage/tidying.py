"""Which messages of a questionnaire stand in somebody's chat: the bot's questions, and what was sent in answer."""

from dataclasses import dataclass
from datetime import datetime

from storage.stamps import moment, stamp
from storage.tx import Rows, Tx


@dataclass(frozen=True, slots=True)
class Standing:
    """A message in the chat, by the channel's id; `said_on` is by the channel's time."""

    message: str
    said_on: datetime


def messages(rows: Rows, session_id: int, urn: str) -> list[Standing]:
    """What this session left in this chat since it was last tidied up, the oldest first.

    What may have arrived under an id we never learned is not among it, nor are changes, which are no messages.
    """
    found = rows.all(
        """
        SELECT message, min(said_on) AS said_on FROM (
            SELECT message, sent_on AS said_on FROM outbox
            WHERE session_id = :id AND urn = :urn AND edit_of IS NULL AND message IS NOT NULL AND sent_on IS NOT NULL
            UNION ALL SELECT substr(source, length(:urn) + 2), said_on FROM answer
            WHERE session_id = :id AND substr(source, 1, length(:urn) + 1) = :urn || '#'
            UNION ALL SELECT substr(source, length(:urn) + 2), said_on FROM part
            WHERE session_id = :id AND substr(source, 1, length(:urn) + 1) = :urn || '#'
        ) standing
        WHERE said_on > coalesce((SELECT tidied_on FROM session WHERE id = :id), '')
        GROUP BY message ORDER BY 2, 1
        """,
        id=session_id,
        urn=urn,
    )
    return [Standing(row["message"], moment(row["said_on"])) for row in found if row["message"]]


def done(tx: Tx, session_id: int, now: datetime) -> None:
    """What stood there until now is taken care of."""
    tx.run("UPDATE session SET tidied_on = :now WHERE id = :id", id=session_id, now=stamp(now))


def wish(tx: Tx, person_id: int, tidies: bool) -> None:
    """Whether this person wants it."""
    tx.run("UPDATE person SET tidies = :tidies WHERE id = :id", id=person_id, tidies=int(tidies))
