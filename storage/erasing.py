"""Erasing somebody: what is deleted, and what is left."""

import json
from dataclasses import dataclass
from datetime import datetime

from fieldwork.people import Role
from storage import exported, people, quoted, traces
from storage.quoted import Told
from storage.receipts import Erasure
from storage.stamps import stamp
from storage.traces import OF_PERSON
from storage.tx import Rows, Tx

OF_SESSIONS = ("album", "quote", "flag", "part", "ticked", "answer", "media")
"""Tables that hold something of a session, in the order in which they can be emptied."""
_SHORTEST_NEEDLE = 5
"""Shorter words stand in many places that have nothing to do with anybody."""
_PLACES = (
    f"SELECT value FROM answer WHERE source IS NOT NULL AND session_id IN {OF_PERSON}",
    f"SELECT text FROM part WHERE session_id IN {OF_PERSON}",
    *(
        f"SELECT {piece} FROM contact WHERE person_id = :person AND {piece} IS NOT NULL AND NOT EXISTS"
        " (SELECT 1 FROM role_grant g WHERE g.person_id = :person AND g.role <> 'fieldworker')"
        for piece in ("name", "email")
    ),
)


@dataclass(frozen=True, slots=True)
class Deleted:
    """What went: how many answers, and the files that have to go with them."""

    answers: int
    media: tuple[str, ...]
    exports: tuple[str, ...]
    told: tuple[Told, ...] = ()
    """The messages in which others have words of the person."""
    is_elsewhere: bool = False
    """Whether others may also have some where they cannot be taken out."""


def needles(rows: Rows, person_id: int) -> frozenset[bytes]:
    """What must not be found in the file afterwards: the person's words and name, as bytes.

    In each form in which the file may hold them; words too short to tell are left out.
    """
    words = {str(row[0]) for sql in _PLACES for row in rows.all(sql, person=person_id)}
    questionnaires = [row["xform"] for row in rows.all("SELECT xform FROM form")]
    telling = {
        word for word in words if len(word) >= _SHORTEST_NEEDLE and not any(word in text for text in questionnaires)
    }
    forms = telling | {json.dumps(word)[1:-1] for word in telling}
    return frozenset(form.encode("utf-8", "surrogatepass") for form in forms)


def delete(tx: Tx, erasure: Erasure, code_for_other_roles: str, now: datetime) -> Deleted:
    """Delete everything about the person but the code, the consents and the audit. Twice is once.

    Who is also a coordinator, say, goes on as such under the code that is given.
    """
    person = erasure.person_id
    gone = Deleted(
        _count(tx, person),
        _media(tx, person),
        tuple(exported.names_holding(tx, erasure.code)),
        quoted.take_out(tx, person, erasure.urn or ""),
        quoted.is_elsewhere(tx, person),
    )
    _split_off_other_roles(tx, person, code_for_other_roles, now)
    traces.delete_said(tx, person, erasure.urn, gone.exports)
    _delete_answers(tx, person)
    _delete_identity(tx, person)
    tx.run(
        "UPDATE person SET standing = 'withdrawn', left_on = coalesce(left_on, :now), erased_on = :now,"
        " paused_on = NULL, media_allowed = NULL, quotes_allowed = NULL, ask_when = 'unsaid' WHERE id = :person",
        now=stamp(now),
        person=person,
    )
    tx.run(
        "UPDATE erasure SET deleted_on = :now, answers = :answers, files = :files WHERE id = :id",
        now=stamp(now),
        answers=gone.answers,
        files=len(gone.media),
        id=erasure.id,
    )
    return gone


def _split_off_other_roles(tx: Tx, person_id: int, code: str, now: datetime) -> None:
    """Another role, with the name and the address, moves to a person with nothing to lead back to this one."""
    row = tx.one(
        "SELECT 1 FROM role_grant WHERE person_id = :person AND role <> :role", person=person_id, role=Role.FIELDWORKER
    )
    if row is None:
        return
    other = people.add(tx, code, people.by_id(tx, person_id).language, now)
    for table in ("contact", "address"):
        tx.run(f"UPDATE {table} SET person_id = :other WHERE person_id = :person", other=other, person=person_id)
    tx.run(
        "UPDATE role_grant SET person_id = :other WHERE person_id = :person AND role <> :role",
        other=other,
        person=person_id,
        role=Role.FIELDWORKER,
    )


def forget_who(tx: Tx, person_id: int) -> None:
    """Delete name, address and messages of who no longer takes part; under their code the answers stay."""
    urn = people.address_of(tx, person_id)
    # Where words came from names the chat.
    tx.run(f"UPDATE answer SET source = NULL WHERE session_id IN {OF_PERSON}", person=person_id)
    tx.run(f"UPDATE part SET source = '' WHERE session_id IN {OF_PERSON}", person=person_id)
    traces.delete_said(tx, person_id, urn)
    for table in ("contact", "address", "pending"):
        tx.run(f"DELETE FROM {table} WHERE person_id = :person", person=person_id)


def delete_session(tx: Tx, session_id: int) -> list[str]:
    """Delete one session with all that was said in it; the files that have to go with it."""
    files = [row["file"] for row in tx.all("SELECT file FROM media WHERE session_id = :id", id=session_id)]
    tx.run(
        "DELETE FROM outbox WHERE edit_of IN (SELECT id FROM outbox WHERE session_id = :id)",
        id=session_id,
    )
    tx.run("DELETE FROM outbox WHERE session_id = :id", id=session_id)
    tx.run(
        "UPDATE inbox SET meant_session = NULL, meant_asking = NULL, meant_path = NULL WHERE meant_session = :id",
        id=session_id,
    )
    for table in OF_SESSIONS:
        tx.run(f"DELETE FROM {table} WHERE session_id = :id", id=session_id)
    tx.run("DELETE FROM session WHERE id = :id", id=session_id)
    return files


def forget_traces(tx: Tx, erasure: Erasure) -> str | None:
    """Delete what was said last to the person, and the address, which must then stand nowhere; None where the
    receipt has not gone out yet, '' where the address is still somebody's.
    """
    if erasure.urn is None:
        return ""
    waits = tx.one(
        "SELECT 1 FROM outbox WHERE urn = :urn AND state IN ('queued', 'sending', 'uncertain')", urn=erasure.urn
    )
    if waits is not None:
        return None
    tx.run("UPDATE erasure SET urn = NULL WHERE id = :id", id=erasure.id)
    if _is_known(tx, erasure.urn):
        return ""
    traces.delete_outbox(tx, erasure.urn, erasure.person_id)
    traces.delete_inbox(tx, erasure.urn)
    return erasure.urn


def _delete_answers(tx: Tx, person: int) -> None:
    for table in OF_SESSIONS:
        tx.run(f"DELETE FROM {table} WHERE session_id IN {OF_PERSON}", person=person)
    tx.run(
        f"UPDATE inbox SET meant_session = NULL, meant_asking = NULL, meant_path = NULL"
        f" WHERE meant_session IN {OF_PERSON}",
        person=person,
    )
    tx.run("DELETE FROM session WHERE person_id = :person", person=person)
    tx.run(
        "UPDATE prompt SET state = CASE WHEN state IN ('planned', 'asked', 'snoozed', 'opened') THEN 'cancelled'"
        " ELSE state END, due_on = NULL, error = NULL WHERE person_id = :person",
        person=person,
    )


def _delete_identity(tx: Tx, person: int) -> None:
    for table in ("contact", "address", "pending", "role_grant"):
        tx.run(f"DELETE FROM {table} WHERE person_id = :person", person=person)
    tx.run(
        "DELETE FROM job WHERE kind <> 'erase' AND (json_extract(detail, '$.person') = :person"
        " OR (json_extract(detail, '$.media') IS NOT NULL"
        " AND NOT EXISTS (SELECT 1 FROM media m WHERE m.id = json_extract(detail, '$.media'))))",
        person=person,
    )


def _count(rows: Rows, person: int) -> int:
    row = rows.one(
        f"SELECT count(*) AS n FROM (SELECT DISTINCT session_id, path FROM answer"
        f" WHERE outcome = 'answered' AND session_id IN {OF_PERSON})",
        person=person,
    )
    return 0 if row is None else int(row["n"])


def _media(rows: Rows, person: int) -> tuple[str, ...]:
    found = rows.all(f"SELECT file FROM media WHERE session_id IN {OF_PERSON} ORDER BY id", person=person)
    return tuple(row["file"] for row in found)


def _is_known(rows: Rows, urn: str) -> bool:
    """Whether somebody writes from the address: the same human being as a coordinator, or invited anew."""
    return rows.one("SELECT 1 FROM address WHERE urn = :urn", urn=urn) is not None
