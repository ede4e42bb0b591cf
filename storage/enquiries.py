"""What participants ask who coordinates: that they did, and when, never in which words."""

from dataclasses import dataclass
from datetime import datetime

from storage.stamps import stamp
from storage.tx import Rows, Tx


@dataclass(frozen=True, slots=True)
class Enquiry:
    """One question to who coordinates a city; `answered_by` is None while nobody answered."""

    id: int
    person_id: int
    city: str
    answered_by: int | None


def add(tx: Tx, person_id: int, city: str, now: datetime) -> int:
    """Somebody asks something; the enquiry's id."""
    return tx.add(
        "INSERT INTO enquiry (person_id, city, asked_on) VALUES (:person, :city, :now) RETURNING id",
        person=person_id,
        city=city,
        now=stamp(now),
    )


def by_id(rows: Rows, enquiry_id: int) -> Enquiry | None:
    """The enquiry with this id."""
    row = rows.one("SELECT id, person_id, city, answered_by FROM enquiry WHERE id = :id", id=enquiry_id)
    return None if row is None else Enquiry(row["id"], row["person_id"], row["city"], row["answered_by"])


def asked_since(rows: Rows, person_id: int, since: datetime) -> int:
    """How often this person asked something lately."""
    row = rows.one(
        "SELECT count(*) AS n FROM enquiry WHERE person_id = :person AND asked_on > :since",
        person=person_id,
        since=stamp(since),
    )
    return 0 if row is None else int(row["n"])


def answered(tx: Tx, enquiry_id: int, by: int, now: datetime) -> bool:
    """Somebody answers; False where another was first."""
    changed = tx.run(
        "UPDATE enquiry SET answered_on = :now, answered_by = :by WHERE id = :id AND answered_on IS NULL",
        now=stamp(now),
        by=by,
        id=enquiry_id,
    )
    return changed == 1


def forget(tx: Tx, person_id: int) -> None:
    """Nothing is kept of what this person asked."""
    tx.run("DELETE FROM enquiry WHERE person_id = :person", person=person_id)
