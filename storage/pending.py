"""What the bot waits for from a person outside a questionnaire: one thing at a time."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from storage.stamps import stamp
from storage.tx import Rows, Tx

FORGOTTEN_AFTER = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Pending:
    """What was asked (`kind`) and what is needed to go on with it."""

    kind: str
    detail: dict[str, Any]


def wait_for(tx: Tx, person_id: int, kind: str, detail: dict[str, Any], now: datetime) -> None:
    """Wait for this, and no longer for what was waited for before."""
    tx.run(
        "INSERT INTO pending (person_id, kind, detail, asked_on) VALUES (:person, :kind, :detail, :now)"
        " ON CONFLICT (person_id) DO UPDATE"
        " SET kind = excluded.kind, detail = excluded.detail, asked_on = excluded.asked_on",
        person=person_id,
        kind=kind,
        detail=json.dumps(detail, ensure_ascii=False),
        now=stamp(now),
    )


def waiting_for(rows: Rows, person_id: int, now: datetime) -> Pending | None:
    """What is waited for, None where nothing is, or where it was asked so long ago that nobody remembers."""
    row = rows.one(
        "SELECT kind, detail FROM pending WHERE person_id = :person AND asked_on > :since",
        person=person_id,
        since=stamp(now - FORGOTTEN_AFTER),
    )
    return None if row is None else Pending(row["kind"], json.loads(row["detail"]))


def forget(tx: Tx, now: datetime) -> None:
    """What nobody remembers is kept no longer either."""
    tx.run("DELETE FROM pending WHERE asked_on <= :until", until=stamp(now - FORGOTTEN_AFTER))


def done(tx: Tx, person_id: int) -> None:
    """Wait no longer."""
    tx.run("DELETE FROM pending WHERE person_id = :person", person=person_id)
