"""Open answers that were begun and then left: when to ask whether they are finished."""

from datetime import datetime

from storage.stamps import stamp
from storage.tx import Rows, Tx


def ask_on(tx: Tx, session_id: int, moment: datetime | None) -> None:
    """Ask at this moment whether the answer is finished; None for never."""
    tx.run(
        "UPDATE session SET nudge_on = :moment WHERE id = :id",
        moment=None if moment is None else stamp(moment),
        id=session_id,
    )


def due(rows: Rows, now: datetime, limit: int) -> list[int]:
    """The sessions to ask in now, the longest due first."""
    found = rows.all(
        "SELECT id FROM session WHERE nudge_on IS NOT NULL AND nudge_on <= :now ORDER BY nudge_on, id LIMIT :limit",
        now=stamp(now),
        limit=limit,
    )
    return [row["id"] for row in found]
