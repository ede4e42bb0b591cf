"""Erasing somebody: what is deleted, what is left, and how far it has come."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from fieldwork.envelope import dump, load
from fieldwork.messages import Say
from fieldwork.people import Role
from storage import enquiries, exported, passing, people, quoted
from storage.driver import Row
from storage.quoted import Told
from storage.stamps import moment, moment_or_none, stamp
from storage.tx import Rows, Tx

_SESSIONS = "(SELECT id FROM session WHERE person_id = :person)"
OF_SESSIONS = ("album", "quote", "flag", "part", "ticked", "answer", "media")
"""Tables that hold something of a session, in the order in which they can be emptied."""
_SHORTEST_NEEDLE = 5
"""Shorter words stand in many places that have nothing to do with anybody."""
_PLACES = (
    f"SELECT value FROM answer WHERE source IS NOT NULL AND session_id IN {_SESSIONS}",
    f"SELECT text FROM part WHERE session_id IN {_SESSIONS}",
    *(
        f"SELECT {piece} FROM contact WHERE person_id = :person AND {piece} IS NOT NULL AND NOT EXISTS"
        " (SELECT 1 FROM role_grant g WHERE g.person_id = :person AND g.role <> 'fieldworker')"
        for piece in ("name", "email")
    ),
)


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
        urn=_address(tx, person_id),
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
    _delete_said(tx, person, erasure.urn, gone)
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
    urn = _address(tx, person_id)
    # Where words came from names the chat.
    tx.run(f"UPDATE answer SET source = NULL WHERE session_id IN {_SESSIONS}", person=person_id)
    tx.run(f"UPDATE part SET source = '' WHERE session_id IN {_SESSIONS}", person=person_id)
    _delete_said(tx, person_id, urn, Deleted(0, (), ()))
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
    _delete_outbox(tx, erasure.urn, erasure.person_id)
    _delete_inbox(tx, erasure.urn)
    return erasure.urn


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


def _delete_said(tx: Tx, person: int, urn: str | None, gone: Deleted) -> None:
    """What was said to the person, what they said and waits, and their name in what was said to others."""
    passing.forget(tx, person)
    enquiries.forget(tx, person)
    _delete_outbox(tx, urn or "", person)
    if urn is not None:
        _delete_inbox(tx, urn)
        tx.run("DELETE FROM invitation_failure WHERE urn = :urn", urn=urn)
    row = tx.one("SELECT c.name, p.code FROM contact c JOIN person p ON p.id = c.person_id WHERE p.id = :p", p=person)
    if row is not None and len(row["name"]) > 1:
        _say_code_for_name(tx, row["name"], row["code"])
        _wait_no_longer_with(tx, row["name"])
        tx.run("UPDATE invitation SET name = '' WHERE name = :name", name=row["name"])
    for file in gone.exports:
        tx.run(
            "UPDATE outbox SET state = 'dropped', error = 'erased' WHERE state IN ('queued', 'uncertain')"
            " AND instr(body, :file) > 0",
            file=json.dumps(file)[1:-1],
        )


def _whole(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")


def _wait_no_longer_with(tx: Tx, name: str) -> None:
    """What others typed with the name in it, behind a command that waits, is forgotten."""
    for row in tx.all("SELECT person_id, detail FROM pending"):
        if _whole(name).search("\n".join(_words_in(json.loads(row["detail"])))):
            tx.run("DELETE FROM pending WHERE person_id = :person", person=row["person_id"])


def _words_in(found: object) -> Iterator[str]:
    """Every piece of text in what JSON holds."""
    if isinstance(found, str):
        yield found
    for one in found.values() if isinstance(found, dict) else found if isinstance(found, list) else ():
        yield from _words_in(one)


def _say_code_for_name(tx: Tx, name: str, code: str) -> None:
    """In messages to others the person's code stands where their name stood."""
    whole = _whole(name)
    for row in tx.all("SELECT id, body FROM outbox WHERE instr(body, :name) > 0", name=json.dumps(name)[1:-1]):
        said = load(row["body"])
        if isinstance(said, Say):
            told = dump(replace(said, text=whole.sub(code, said.text)))
            tx.run("UPDATE outbox SET body = :body WHERE id = :id", body=told, id=row["id"])


def _delete_outbox(tx: Tx, urn: str, person: int) -> None:
    """A changed message and the changes of it stand in rows of their own; the changes go first."""
    mine = f"(urn = :urn OR session_id IN {_SESSIONS})"
    tx.run(
        f"DELETE FROM outbox WHERE edit_of IN (SELECT id FROM outbox WHERE {mine})",
        urn=urn,
        person=person,
    )
    tx.run(f"DELETE FROM outbox WHERE {mine}", urn=urn, person=person)


def _delete_inbox(tx: Tx, urn: str) -> None:
    """Everything handled or set aside; what has just come in is still to be handled."""
    tx.run("DELETE FROM inbox WHERE chat = :urn AND state <> 'new'", urn=urn)


def _delete_answers(tx: Tx, person: int) -> None:
    for table in OF_SESSIONS:
        tx.run(f"DELETE FROM {table} WHERE session_id IN {_SESSIONS}", person=person)
    tx.run(
        f"UPDATE inbox SET meant_session = NULL, meant_asking = NULL, meant_path = NULL"
        f" WHERE meant_session IN {_SESSIONS}",
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
    kept = {row["id"] for row in tx.all("SELECT id FROM media")}
    for row in tx.all("SELECT id, detail FROM job WHERE kind <> 'erase'"):
        detail = json.loads(row["detail"])
        if detail.get("person") == person or ("media" in detail and detail["media"] not in kept):
            tx.run("DELETE FROM job WHERE id = :id", id=row["id"])


def _count(rows: Rows, person: int) -> int:
    row = rows.one(
        f"SELECT count(*) AS n FROM (SELECT DISTINCT session_id, path FROM answer"
        f" WHERE outcome = 'answered' AND session_id IN {_SESSIONS})",
        person=person,
    )
    return 0 if row is None else int(row["n"])


def _media(rows: Rows, person: int) -> tuple[str, ...]:
    found = rows.all(f"SELECT file FROM media WHERE session_id IN {_SESSIONS} ORDER BY id", person=person)
    return tuple(row["file"] for row in found)


def _address(rows: Rows, person_id: int) -> str | None:
    row = rows.one("SELECT urn FROM address WHERE person_id = :person", person=person_id)
    return None if row is None else str(row["urn"])


def _is_known(rows: Rows, urn: str) -> bool:
    """Whether somebody writes from the address: the same human being as a coordinator, or invited anew."""
    return rows.one("SELECT 1 FROM address WHERE urn = :urn", urn=urn) is not None


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
