"""Invitations: used once, before they expire; the token is kept as a hash only."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from fieldwork.people import Grant, Role
from storage.connection import Rows, Tx, stamp


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a link gives to who opens it first."""

    id: int
    grant: Grant
    name: str
    """'' where the inviter gave none."""
    made_by: int | None = None
    """None: made on the command line."""


def add(tx: Tx, token: str, grant: Grant, name: str, made_by: int | None, now: datetime, expires_on: datetime) -> None:
    """Keep an invitation; the token itself is known to the link alone."""
    tx.run(
        "INSERT INTO invitation (token_hash, role, city, line, name, made_by, made_on, expires_on)"
        " VALUES (:hash, :role, :city, :line, :name, :made_by, :now, :expires_on)",
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
        " WHERE token_hash = :hash AND used_on IS NULL AND expires_on > :now",
        hash=_hash(token),
        now=stamp(now),
    )
    if row is None:
        return None
    return Invitation(row["id"], Grant(Role(row["role"]), row["city"], row["line"]), row["name"], row["made_by"])


def claim(tx: Tx, token: str, now: datetime) -> Invitation | None:
    """Use an invitation up: of two who open it only one gets it, and nobody after it expired."""
    row = tx.one(
        "UPDATE invitation SET used_on = :now WHERE token_hash = :hash AND used_on IS NULL AND expires_on > :now"
        " RETURNING id, role, city, line, name",
        hash=_hash(token),
        now=stamp(now),
    )
    if row is None:
        return None
    return Invitation(row["id"], Grant(Role(row["role"]), row["city"], row["line"]), row["name"])


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


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
