"""Who belongs to a city, with what its coordinators may see of them: never what they answered."""

from dataclasses import dataclass
from datetime import datetime

from fieldwork.people import Role
from storage.driver import Row
from storage.stamps import moment_or_none
from storage.tx import Rows

_MEMBER = """
    SELECT n.id, n.code, n.standing, n.paused_on, coalesce(c.name, '') AS name, coalesce(a.reachable, 0) AS reachable,
        (SELECT group_concat(g.role) FROM role_grant g
            WHERE g.person_id = n.id AND g.city = :city AND g.deactivated_on IS NULL) AS roles,
        (SELECT group_concat(g.role) FROM role_grant g
            WHERE g.person_id = n.id AND g.city = :city AND g.deactivated_on IS NOT NULL) AS resting,
        (SELECT max(s.completed_on) FROM session s
            WHERE s.person_id = n.id AND s.state = 'completed' AND s.is_test = 0) AS answered_on
    FROM person n LEFT JOIN contact c ON c.person_id = n.id LEFT JOIN address a ON a.person_id = n.id
    WHERE n.id IN (SELECT person_id FROM role_grant WHERE role IN ('fieldworker', 'coordinator') AND city = :city)
        AND n.erased_on IS NULL"""


@dataclass(frozen=True, slots=True)
class Member:
    """A fieldworker or coordinator of a city, as its coordinators know them."""

    id: int
    code: str
    name: str
    """As they were invited; '' where nobody said."""
    roles: frozenset[Role]
    """In this city."""
    resting: frozenset[Role]
    """Taken away for the time being."""
    standing: str
    is_paused: bool
    is_reachable: bool
    answered_on: datetime | None
    """When they last sent a reflection; None: never."""

    @property
    def is_asked(self) -> bool:
        """Whether they are to be asked about this city's workshops, as far as they can be reached."""
        return Role.FIELDWORKER in self.roles and self.standing == "taking_part" and not self.is_paused


def of_city(rows: Rows, city: str) -> list[Member]:
    """Everybody of this city, by code; who is deactivated too, who was erased not."""
    return [_member(row) for row in rows.all(f"{_MEMBER} ORDER BY n.code", city=city)]


def unreachable_of(rows: Rows, city: str) -> list[Member]:
    """Those of this city who cannot be written to, by code."""
    return [_member(row) for row in rows.all(f"{_MEMBER} AND coalesce(a.reachable, 0) = 0 ORDER BY n.code", city=city)]


def by_code(rows: Rows, city: str, code: str) -> Member | None:
    """The one of this city with this code."""
    row = rows.one(f"{_MEMBER} AND n.code = :code", city=city, code=code.upper())
    return None if row is None else _member(row)


def _member(row: Row) -> Member:
    return Member(
        id=row["id"],
        code=row["code"],
        name=row["name"],
        roles=_roles(row["roles"]),
        resting=_roles(row["resting"]),
        standing=row["standing"],
        is_paused=row["paused_on"] is not None,
        is_reachable=bool(row["reachable"]),
        answered_on=moment_or_none(row["answered_on"]),
    )


def _roles(names: str | None) -> frozenset[Role]:
    return frozenset(Role(name) for name in (names or "").split(",") if name)
