"""How the prompts of a city stand, for a coordinator: never what was answered."""

from dataclasses import dataclass
from datetime import datetime

from storage.stamps import moment, stamp
from storage.tx import Rows


@dataclass(frozen=True, slots=True)
class Standing:
    """How one person's prompt stands, for a coordinator: never what was answered."""

    code: str
    workshop_id: int
    title: str
    starts_on: datetime
    state: str
    reachable: bool
    stuck: bool = False
    """Some question was asked in vain three times."""


def in_city(rows: Rows, city: str, start: datetime, end: datetime) -> list[Standing]:
    """Every prompt about the city's workshops that start in the period."""
    found = rows.all(
        "SELECT n.code, w.id, w.title, w.starts_on, p.state, coalesce(a.reachable, 0) AS reachable,"
        " coalesce(s.stuck, 0) AS stuck FROM prompt p LEFT JOIN session s ON s.prompt_id = p.id"
        " JOIN workshop w ON w.id = p.workshop_id JOIN person n ON n.id = p.person_id"
        " LEFT JOIN address a ON a.person_id = n.id"
        " WHERE w.city = :city AND w.starts_on >= :start AND w.starts_on < :end AND p.state <> 'cancelled'"
        " ORDER BY w.starts_on, w.id, n.code",
        city=city,
        start=stamp(start),
        end=stamp(end),
    )
    return [
        Standing(
            row["code"],
            row["id"],
            row["title"],
            moment(row["starts_on"]),
            row["state"],
            bool(row["reachable"]),
            bool(row["stuck"]),
        )
        for row in found
    ]
