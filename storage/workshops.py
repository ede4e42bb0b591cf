"""Workshops and who was in their team."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from storage.driver import Row
from storage.stamps import moment, stamp
from storage.tx import Rows, Tx

_COLUMNS = "w.id, w.city, w.neighbourhood, w.title, w.starts_on, w.ends_on, w.form_hash, w.state, w.held"
_WORKSHOP = f"SELECT {_COLUMNS} FROM workshop w"


@dataclass(frozen=True, slots=True)
class Workshop:
    """A neighbourhood workshop as it is planned."""

    id: int
    city: str
    neighbourhood: str
    title: str
    starts_on: datetime
    ends_on: datetime
    form_hash: str
    state: str
    held: str = ""
    """`held` or `not_held` where people disagreed and the coordinator settled it."""


def add(
    tx: Tx,
    city: str,
    neighbourhood: str,
    title: str,
    starts_on: datetime,
    ends_on: datetime,
    form_hash: str,
    planned_by: int | None,
    now: datetime,
) -> int:
    """Plan a workshop; its id."""
    return tx.add(
        "INSERT INTO workshop (city, neighbourhood, title, starts_on, ends_on, form_hash, planned_by, planned_on)"
        " VALUES (:city, :neighbourhood, :title, :starts_on, :ends_on, :form_hash, :planned_by, :now) RETURNING id",
        city=city,
        neighbourhood=neighbourhood,
        title=title,
        starts_on=stamp(starts_on),
        ends_on=stamp(ends_on),
        form_hash=form_hash,
        planned_by=planned_by,
        now=stamp(now),
    )


def put_in_team(tx: Tx, workshop_id: int, people: Iterable[int]) -> None:
    """These people are in the team."""
    for person_id in people:
        tx.run(
            "INSERT INTO team (workshop_id, person_id) VALUES (:workshop, :person)"
            " ON CONFLICT (workshop_id, person_id) DO NOTHING",
            workshop=workshop_id,
            person=person_id,
        )


def team(rows: Rows, workshop_id: int) -> list[int]:
    """Who is in the team, by id."""
    found = rows.all("SELECT person_id FROM team WHERE workshop_id = :id ORDER BY person_id", id=workshop_id)
    return [row["person_id"] for row in found]


def by_id(rows: Rows, workshop_id: int) -> Workshop | None:
    """The workshop with this id."""
    row = rows.one(f"{_WORKSHOP} WHERE w.id = :id", id=workshop_id)
    return None if row is None else _workshop(row)


def of_city(rows: Rows, city: str, since: datetime) -> list[Workshop]:
    """The city's planned workshops that end after `since`, the first ones first."""
    found = rows.all(
        f"{_WORKSHOP} WHERE w.city = :city AND w.ends_on > :since AND w.state = 'planned' ORDER BY w.starts_on, w.id",
        city=city,
        since=stamp(since),
    )
    return [_workshop(row) for row in found]


def lately(rows: Rows, city: str, limit: int) -> list[Workshop]:
    """The city's workshops that begin last, the last one first."""
    found = rows.all(
        f"{_WORKSHOP} WHERE w.city = :city AND w.unplanned_on IS NULL"
        " ORDER BY w.starts_on DESC, w.id DESC LIMIT :limit",
        city=city,
        limit=limit,
    )
    return [_workshop(row) for row in found]


def between(rows: Rows, city: str, start: datetime, end: datetime) -> list[Workshop]:
    """The city's planned workshops that start in the period, the first ones first."""
    found = rows.all(
        f"{_WORKSHOP} WHERE w.city = :city AND w.starts_on >= :start AND w.starts_on < :end"
        " AND w.state = 'planned' ORDER BY w.starts_on, w.id",
        city=city,
        start=stamp(start),
        end=stamp(end),
    )
    return [_workshop(row) for row in found]


def next_of(rows: Rows, person_id: int, now: datetime) -> Workshop | None:
    """The next workshop the person is in the team of."""
    row = rows.one(
        f"{_WORKSHOP} JOIN team t ON t.workshop_id = w.id WHERE t.person_id = :person"
        " AND w.starts_on > :now AND w.state = 'planned' ORDER BY w.starts_on LIMIT 1",
        person=person_id,
        now=stamp(now),
    )
    return None if row is None else _workshop(row)


def coming_of(rows: Rows, person_id: int, city: str, now: datetime) -> list[Workshop]:
    """The city's workshops still to end that the person is in the team of."""
    found = rows.all(
        f"{_WORKSHOP} JOIN team t ON t.workshop_id = w.id WHERE t.person_id = :person AND w.city = :city"
        " AND w.ends_on > :now AND w.state = 'planned' ORDER BY w.starts_on, w.id",
        person=person_id,
        city=city,
        now=stamp(now),
    )
    return [_workshop(row) for row in found]


def is_planned(rows: Rows, city: str, title: str, starts_on: datetime) -> bool:
    """Whether a workshop of this name is planned in the city at that time."""
    row = rows.one(
        "SELECT 1 FROM workshop WHERE city = :city AND starts_on = :starts_on AND lower(title) = lower(:title)"
        " AND state = 'planned'",
        city=city,
        starts_on=stamp(starts_on),
        title=title,
    )
    return row is not None


def cities(rows: Rows) -> list[str]:
    """The cities that workshops were ever planned in, by code."""
    return [row["city"] for row in rows.all("SELECT DISTINCT city FROM workshop ORDER BY city")]


def take_out_of_team(tx: Tx, workshop_id: int, people: Iterable[int]) -> None:
    """These people are no longer in the team."""
    for person_id in people:
        tx.run(
            "DELETE FROM team WHERE workshop_id = :workshop AND person_id = :person",
            workshop=workshop_id,
            person=person_id,
        )


def move(tx: Tx, workshop_id: int, starts_on: datetime, ends_on: datetime) -> None:
    """The workshop is at another time."""
    tx.run(
        "UPDATE workshop SET starts_on = :starts_on, ends_on = :ends_on WHERE id = :id",
        starts_on=stamp(starts_on),
        ends_on=stamp(ends_on),
        id=workshop_id,
    )


def settle(tx: Tx, workshop_id: int, held: str) -> None:
    """Whether it took place, as the coordinator says; '' is that nobody says."""
    tx.run("UPDATE workshop SET held = :held WHERE id = :id", held=held or None, id=workshop_id)


def disputed(tx: Tx, workshop_id: int, now: datetime) -> bool:
    """The coordinators are told that people disagree; False where they were before."""
    changed = tx.run(
        "UPDATE workshop SET disputed_on = :now WHERE id = :id AND disputed_on IS NULL", now=stamp(now), id=workshop_id
    )
    return changed == 1


def cancel(tx: Tx, workshop_id: int) -> None:
    """The workshop is off."""
    tx.run("UPDATE workshop SET state = 'cancelled' WHERE id = :id", id=workshop_id)


def uncancel(tx: Tx, workshop_id: int) -> None:
    """The workshop is on after all."""
    tx.run("UPDATE workshop SET state = 'planned' WHERE id = :id", id=workshop_id)


def unplan(tx: Tx, workshop_id: int, now: datetime) -> None:
    """The workshop was planned by a slip and nobody was asked about it: it never was, and has no team."""
    tx.run("DELETE FROM prompt WHERE workshop_id = :id", id=workshop_id)
    tx.run("DELETE FROM team WHERE workshop_id = :id", id=workshop_id)
    # The row stays, so that its id, which stands in the audit and under old buttons, is never another's.
    tx.run(
        "UPDATE workshop SET state = 'cancelled', unplanned_on = :now WHERE id = :id", now=stamp(now), id=workshop_id
    )


def _workshop(row: Row) -> Workshop:
    return Workshop(
        id=row["id"],
        city=row["city"],
        neighbourhood=row["neighbourhood"],
        title=row["title"],
        starts_on=moment(row["starts_on"]),
        ends_on=moment(row["ends_on"]),
        form_hash=row["form_hash"],
        state=row["state"],
        held=row["held"] or "",
    )
