"""Invitations: used once, before they expire; the token is kept as a hash only."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from fieldwork.people import Grant, Role
from storage.driver import Row
from storage.stamps import moment, stamp
from storage.tx import Rows, Tx


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a link gives to who opens it first."""

    id: int
    grant: Grant
    name: str
    """'' where the inviter gave none."""
    made_by: int | None = None
    """None: made on the command line."""


@dataclass(frozen=True, slots=True)
class Open:
    """An invitation that nobody used, and that was not taken back; it may have expired."""

    id: int
    grant: Grant
    name: str
    made_on: datetime
    expires_on: datetime


def add(tx: Tx, token: str, grant: Grant, name: str, made_by: int | None, now: datetime, expires_on: datetime) -> int:
    """Keep an invitation, and get its id; the token itself is known to the link alone."""
    return tx.add(
        "INSERT INTO invitation (token_hash, role, city, line, name, made_by, made_on, expires_on)"
        " VALUES (:hash, :role, :city, :line, :name, :made_by, :now, :expires_on) RETURNING id",
        hash=_hash(token),
        role=grant.role,
        city=grant.city,
        line=grant.line,
        name=name,
        made_by=made_by,
        now=stamp(now),
        expires_on=stamp(expires_on),
    )


def opened(rows: Rows, token: str, now: datetime) -> Invitation | None:
    """The invitation a link leads to, if it still works; it is not used up by looking."""
    row = rows.one(
        "SELECT id, role, city, line, name, made_by FROM invitation"
        " WHERE token_hash = :hash AND used_on IS NULL AND revoked_on IS NULL AND expires_on > :now",
        hash=_hash(token),
        now=stamp(now),
    )
    if row is None:
        return None
    return Invitation(row["id"], Grant(Role(row["role"]), row["city"], row["line"]), row["name"], row["made_by"])


def claim(tx: Tx, token: str, now: datetime) -> Invitation | None:
    """Use an invitation up: of two who open it only one gets it, and nobody after it expired."""
    row = tx.one(
        "UPDATE invitation SET used_on = :now WHERE token_hash = :hash AND used_on IS NULL"
        " AND revoked_on IS NULL AND expires_on > :now"
        " RETURNING id, role, city, line, name",
        hash=_hash(token),
        now=stamp(now),
    )
    if row is None:
        return None
    return Invitation(row["id"], Grant(Role(row["role"]), row["city"], row["line"]), row["name"])


_OPEN = "SELECT id, role, city, line, name, made_on, expires_on FROM invitation"
_IS_OPEN = "used_on IS NULL AND revoked_on IS NULL"


def open_in(rows: Rows, city: str) -> list[Open]:
    """The city's open invitations ('' is every city's, and those of no city), the oldest first."""
    found = rows.all(f"{_OPEN} WHERE {_IS_OPEN} AND (:city = '' OR city = :city) ORDER BY id", city=city)
    return [_open(row) for row in found]


def by_id(rows: Rows, invitation_id: int) -> Open | None:
    """The invitation with this id, while it is open."""
    row = rows.one(f"{_OPEN} WHERE id = :id AND {_IS_OPEN}", id=invitation_id)
    return None if row is None else _open(row)


def renew(tx: Tx, invitation_id: int, token: str, expires_on: datetime) -> bool:
    """Another token for an open invitation, so that its earlier link no longer works; False where it is not open."""
    changed = tx.run(
        f"UPDATE invitation SET token_hash = :hash, expires_on = :expires_on WHERE id = :id AND {_IS_OPEN}",
        hash=_hash(token),
        expires_on=stamp(expires_on),
        id=invitation_id,
    )
    return changed == 1


def revoke(tx: Tx, invitation_id: int, now: datetime) -> bool:
    """Take an open invitation back; False where it is not open."""
    changed = tx.run(
        f"UPDATE invitation SET revoked_on = :now WHERE id = :id AND {_IS_OPEN}", now=stamp(now), id=invitation_id
    )
    return changed == 1


def unrevoke(tx: Tx, invitation_id: int) -> bool:
    """It was taken back and is open again; False where it was not."""
    return (
        tx.run("UPDATE invitation SET revoked_on = NULL WHERE id = :id AND revoked_on IS NOT NULL", id=invitation_id)
        == 1
    )


def used_by(tx: Tx, invitation_id: int, person_id: int) -> None:
    """Note who came in by it; the name it held moves to the person and is blanked here."""
    tx.run(
        "UPDATE invitation SET used_by = :person, name = '' WHERE id = :id",
        person=person_id,
        id=invitation_id,
    )


def note_failure(tx: Tx, urn: str, now: datetime) -> None:
    """Somebody opened a link that is wrong, used or expired."""
    tx.run("INSERT INTO invitation_failure (urn, failed_on) VALUES (:urn, :now)", urn=urn, now=stamp(now))


def failures_since(rows: Rows, urn: str, since: datetime) -> int:
    """How often that happened from this address lately."""
    row = rows.one(
        "SELECT count(*) AS n FROM invitation_failure WHERE urn = :urn AND failed_on > :since",
        urn=urn,
        since=stamp(since),
    )
    return 0 if row is None else int(row["n"])


def forget_failures(tx: Tx, before: datetime) -> None:
    """The addresses of strangers are kept no longer than they are needed to slow down guessing."""
    tx.run("DELETE FROM invitation_failure WHERE failed_on < :before", before=stamp(before))


def _open(row: Row) -> Open:
    grant = Grant(Role(row["role"]), row["city"], row["line"])
    return Open(row["id"], grant, row["name"], moment(row["made_on"]), moment(row["expires_on"]))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
