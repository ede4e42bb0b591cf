"""Everything that is kept about one person, as they may have it: their own rows and nobody else's."""

import json
from collections.abc import Sequence
from typing import Any

from storage import consents, exported
from storage.driver import Row
from storage.stamps import stamp
from storage.tx import Rows

Copy = dict[str, Any]
"""What becomes JSON."""


def everything(rows: Rows, person_id: int) -> Copy:
    """Who the person is here, what they agreed to, what they told, and where it went. Raises KeyError."""
    person = rows.one(
        "SELECT p.code, p.language, p.ask_when, p.standing, p.media_allowed, p.quotes_allowed, p.joined_on,"
        " p.paused_on, p.left_on, p.tidies, p.consent_asked, p.told_inactive_on, c.name, c.email, a.urn, a.reachable,"
        " a.changed_on AS address_changed_on"
        " FROM person p LEFT JOIN contact c ON c.person_id = p.id"
        " LEFT JOIN address a ON a.person_id = p.id WHERE p.id = :person",
        person=person_id,
    )
    if person is None:
        raise KeyError(person_id)
    return {
        "person": dict(person),
        "roles": _plain(
            rows,
            "SELECT role, city, line, granted_on, deactivated_on FROM role_grant WHERE person_id = :person",
            person_id,
        ),
        "consents": [_consent(one) for one in consents.proofs(rows, person_id)],
        "workshops": _plain(rows, _WORKSHOPS, person_id),
        "reflections": [_reflection(rows, row) for row in rows.all(_SESSIONS, person=person_id)],
        "questions_to_coordinators": _plain(
            rows, "SELECT city, asked_on, answered_on FROM enquiry WHERE person_id = :person ORDER BY id", person_id
        ),
        "files_given_away": [
            {"file": one.file, "sha256": one.sha256, "made_on": stamp(one.made_on), "readers": list(one.readers)}
            for one in exported.holding(rows, str(person["code"]))
        ],
        "acts": _plain(
            rows, "SELECT done_on, verb, city, subject FROM audit WHERE person_id = :person ORDER BY id", person_id
        ),
        "erasure": _plain(rows, "SELECT receipt, asked_on FROM erasure WHERE person_id = :person", person_id),
        "waited_for": _plain(
            rows,
            # Not all of it: a code that goes to an e-mail address proves that the address is one's own.
            "SELECT kind, asked_on, json_extract(detail, '$.words') AS words,"
            " json_extract(detail, '$.address') AS address FROM pending WHERE person_id = :person",
            person_id,
        ),
        "work": {name: _plain(rows, sql, person_id) for name, sql in _WORK.items()},
        "messages_waiting": _plain(
            rows,
            "SELECT i.received_on, i.state, i.raw FROM inbox i JOIN address a ON a.urn = i.chat"
            " WHERE a.person_id = :person AND i.raw IS NOT NULL ORDER BY i.id",
            person_id,
        ),
        "messages_sent_to_you": _plain(
            rows,
            "SELECT o.written_on, o.sent_on, o.state FROM outbox o JOIN address a ON a.urn = o.urn"
            " WHERE a.person_id = :person ORDER BY o.id",
            person_id,
        ),
    }


def media_files(rows: Rows, person_id: int) -> list[str]:
    """The names of the photos and recordings that are kept of the person."""
    found = rows.all(
        "SELECT m.file FROM media m JOIN session s ON s.id = m.session_id"
        " WHERE s.person_id = :person AND m.state = 'kept' ORDER BY m.id",
        person=person_id,
    )
    return [row["file"] for row in found]


_WORK = {
    "came_in_by": "SELECT role, city, line, made_on, used_on FROM invitation WHERE used_by = :person ORDER BY id",
    "invited": "SELECT role, city, line, made_on, used_on, revoked_on FROM invitation"
    " WHERE made_by = :person ORDER BY id",
    "links_tried": "SELECT f.failed_on FROM invitation_failure f JOIN address a ON a.urn = f.urn"
    " WHERE a.person_id = :person ORDER BY f.failed_on",
    "planned": "SELECT id, city, title, planned_on FROM workshop WHERE planned_by = :person ORDER BY id",
    "published": "SELECT form_id, version, published_on FROM form WHERE published_by = :person ORDER BY published_on",
    "questions_answered": "SELECT id, city, answered_on FROM enquiry WHERE answered_by = :person ORDER BY id",
    "quotes_decided": "SELECT answer_id, verdict, line, decided_on FROM quote WHERE decided_by = :person ORDER BY id",
    "changed": "SELECT kind, subject, city, made_on, undone_on FROM undo WHERE person_id = :person ORDER BY id",
    "files_received": "SELECT e.file, e.sha256, r.given_on FROM export_reader r JOIN export e ON e.id = r.export_id"
    " WHERE r.person_id = :person ORDER BY r.given_on",
    "under_way": "SELECT kind, state, made_on, ended_on FROM job"
    " WHERE json_extract(detail, '$.person') = :person ORDER BY id",
    "teams": "SELECT w.id, w.city, w.title, w.starts_on FROM team t JOIN workshop w ON w.id = t.workshop_id"
    " WHERE t.person_id = :person ORDER BY w.starts_on, w.id",
}
"""What somebody did here for others, or has others do: never the words or the names of anybody else."""
_WORKSHOPS = """SELECT w.id, w.city, w.neighbourhood, w.title, w.starts_on, w.ends_on, p.state, p.asked_on, p.opened_on,
    p.ended_on, p.reminders, p.snoozes FROM prompt p JOIN workshop w ON w.id = p.workshop_id
    WHERE p.person_id = :person ORDER BY w.starts_on, w.id"""
_SESSIONS = """SELECT s.id, s.instance_id, s.form_hash, f.form_id, f.version, s.state, s.language, s.consent_version,
    s.started_on, s.touched_on, s.completed_on, s.tidied_on, s.active_seconds, s.is_late, s.stuck, s.cared, s.hidden,
    s.frozen, p.workshop_id
    FROM session s JOIN form f ON f.hash = s.form_hash LEFT JOIN prompt p ON p.id = s.prompt_id
    WHERE s.person_id = :person ORDER BY s.id"""


def _reflection(rows: Rows, session: Row) -> Copy:
    """One session with every revision of every answer, and what is a draft still."""
    answers = rows.all(
        "SELECT id, path, revision, outcome, value, way, language, said_on, after_sending, replaced_on FROM answer"
        " WHERE session_id = :id ORDER BY path, revision",
        id=session["id"],
    )
    parts = rows.all(
        "SELECT t.answer_id, t.path, t.kind, t.text, t.said_on, m.file, m.seconds, m.bytes, m.mime, m.sha256"
        " FROM part t"
        " LEFT JOIN media m ON m.id = t.media_id WHERE t.session_id = :id ORDER BY t.answer_id, t.position, t.id",
        id=session["id"],
    )
    ticked = rows.all("SELECT path, choices FROM ticked WHERE session_id = :id", id=session["id"])
    quoted = rows.all(
        "SELECT a.path, a.revision, q.verdict AS may_be_quoted, q.words, q.line, q.decided_on FROM quote q"
        " JOIN answer a ON a.id = q.answer_id WHERE q.session_id = :id ORDER BY q.id",
        id=session["id"],
    )
    pointed_out = rows.all(
        "SELECT a.path, a.revision, g.sort, g.left_on FROM flag g JOIN answer a ON a.id = g.answer_id"
        " WHERE g.session_id = :id ORDER BY a.id, g.sort",
        id=session["id"],
    )
    sent_together = rows.all("SELECT path, came FROM album WHERE session_id = :id ORDER BY album", id=session["id"])
    kept = {name: value for name, value in dict(session).items() if name not in ("id", "hidden", "frozen")}
    return {
        **kept,
        "filled_in_beforehand": json.loads(session["hidden"]),
        "filled_in_by_the_form": json.loads(session["frozen"]),
        "answers": [{**_without(row, "id"), "messages": _messages(parts, row["id"])} for row in answers],
        "quotes": [dict(row) for row in quoted],
        "pointed_out": [dict(row) for row in pointed_out],
        "sent_together": [dict(row) for row in sent_together],
        "drafts": [*_messages(parts, None), *(dict(row) for row in ticked)],
    }


def _messages(parts: Sequence[Row], answer_id: int | None) -> list[Copy]:
    return [_without(part, "answer_id") for part in parts if part["answer_id"] == answer_id]


def _consent(one: consents.Proof) -> Copy:
    return {
        "kind": one.kind,
        "answer": one.answer,
        "version": one.version,
        "language": one.language,
        "given_on": stamp(one.given_on),
        "words_sha256": one.text_hash,
        "words": one.words,
    }


def _plain(rows: Rows, sql: str, person_id: int) -> list[Copy]:
    return [dict(row) for row in rows.all(sql, person=person_id)]


def _without(row: Row, name: str) -> Copy:
    return {key: value for key, value in dict(row).items() if key != name}
