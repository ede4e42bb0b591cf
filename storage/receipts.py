"""Who wanted to be erased: their receipt, and how far it has come."""

from dataclasses import dataclass
from datetime import datetime

from storage import people
from storage.driver import Row
from storage.stamps import moment, moment_or_none, stamp
from storage.tx import Rows, Tx


@dataclass(frozen=True, slots=True)
class Erasure:
    """How it stands with erasing one person."""

    id: int
    receipt: str
    person_id: int
    code: str
    city: str
    urn: str | None
    asked_on: datetime
    deleted_on: datetime | None
    wiped_on: datetime | None
    answers: int
    files: int
    elsewhere: int


def ask(tx: Tx, person_id: int, receipt: str, city: str, now: datetime) -> int:
    """Note that somebody is to be erased; asking twice is asking once. The erasure's id."""
    person = people.by_id(tx, person_id)
    tx.run(
        "INSERT INTO erasure (receipt, person_id, code, city, urn, asked_on)"
        " VALUES (:receipt, :person, :code, :city, :urn, :now) ON CONFLICT (person_id) DO NOTHING",
        receipt=receipt,
        person=person_id,
        code=person.code,
        city=city,
        urn=people.address_of(tx, person_id),
        now=stamp(now),
    )
    row = tx.one("SELECT id FROM erasure WHERE person_id = :person", person=person_id)
    assert row is not None
    return int(row["id"])


def by_id(rows: Rows, erasure_id: int) -> Erasure:
    """The erasure with this id. Raises KeyError."""
    row = rows.one("SELECT * FROM erasure WHERE id = :id", id=erasure_id)
    if row is None:
        raise KeyError(erasure_id)
    return _erasure(row)


def all_asked(rows: Rows) -> list[Erasure]:
    """Every erasure, the newest first."""
    return [_erasure(row) for row in rows.all("SELECT * FROM erasure ORDER BY id DESC")]


def how_many(rows: Rows) -> int:
    """How many people were deleted so far."""
    row = rows.one("SELECT count(*) AS n FROM erasure WHERE deleted_on IS NOT NULL")
    return 0 if row is None else int(row["n"])


def is_back(rows: Rows, person_id: int, code: str) -> bool:
    """Whether somebody who was erased stands in the database as if that had not happened."""
    row = rows.one(
        "SELECT 1 FROM person WHERE id = :person AND code = :code AND erased_on IS NULL", person=person_id, code=code
    )
    return row is not None


def wiped(tx: Tx, erasure_id: int, now: datetime) -> None:
    """The bytes of the file were looked through."""
    tx.run("UPDATE erasure SET wiped_on = :now WHERE id = :id", now=stamp(now), id=erasure_id)


def found_elsewhere(tx: Tx, erasure_id: int, passages: int) -> None:
    """So many more of the person's passages still stand in the file, in what others said."""
    tx.run("UPDATE erasure SET elsewhere = elsewhere + :n WHERE id = :id", n=passages, id=erasure_id)


def recalled(tx: Tx, receipt: str, now: datetime) -> bool:
    """The files given away were reported to be recalled; False where there is no such receipt, or they were."""
    changed = tx.run(
        "UPDATE erasure SET recalled_on = :now WHERE receipt = :receipt AND recalled_on IS NULL",
        now=stamp(now),
        receipt=receipt,
    )
    return changed == 1


def _erasure(row: Row) -> Erasure:
    return Erasure(
        id=row["id"],
        receipt=row["receipt"],
        person_id=row["person_id"],
        code=row["code"],
        city=row["city"],
        urn=row["urn"],
        asked_on=moment(row["asked_on"]),
        deleted_on=moment_or_none(row["deleted_on"]),
        wiped_on=moment_or_none(row["wiped_on"]),
        answers=row["answers"],
        files=row["files"],
        elsewhere=row["elsewhere"],
    )
