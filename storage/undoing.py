"""Changes that can be taken back for some minutes: what was done, by whom, and what stood there before."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storage.driver import Row
from storage.stamps import moment, stamp
from storage.tx import Rows, Tx

_OF_ONE = "id = :id AND made_on = :made_on AND person_id = :person"


@dataclass(frozen=True, slots=True)
class Change:
    """One change; `kind` and `subject` are the audit's, `detail` is what the way back needs."""

    id: int
    person_id: int
    city: str
    kind: str
    subject: str
    detail: dict[str, Any]
    made_on: datetime
    is_undone: bool


def add(tx: Tx, person_id: int, city: str, kind: str, subject: str, detail: dict[str, Any], now: datetime) -> int:
    """Keep a change; its id."""
    return tx.add(
        "INSERT INTO undo (person_id, city, kind, subject, detail, made_on)"
        " VALUES (:person, :city, :kind, :subject, :detail, :now) RETURNING id",
        person=person_id,
        city=city,
        kind=kind,
        subject=subject,
        detail=json.dumps(detail),
        now=stamp(now),
    )


def by_id(rows: Rows, change_id: int, made_on: str, person_id: int) -> Change | None:
    """The change this person made at that moment; None where it is forgotten or another's."""
    row = rows.one(f"SELECT * FROM undo WHERE {_OF_ONE}", id=change_id, made_on=made_on, person=person_id)
    return None if row is None else _change(row)


def undone(tx: Tx, change_id: int, now: datetime) -> bool:
    """It is taken back; False where it was before."""
    changed = tx.run(
        "UPDATE undo SET undone_on = :now WHERE id = :id AND undone_on IS NULL", now=stamp(now), id=change_id
    )
    return changed == 1


def forget_before(tx: Tx, moment_on: datetime) -> None:
    """Drop what is far too old to be taken back."""
    tx.run("DELETE FROM undo WHERE made_on < :before", before=stamp(moment_on))


def _change(row: Row) -> Change:
    return Change(
        id=row["id"],
        person_id=row["person_id"],
        city=row["city"],
        kind=row["kind"],
        subject=row["subject"],
        detail=json.loads(row["detail"]),
        made_on=moment(row["made_on"]),
        is_undone=row["undone_on"] is not None,
    )
