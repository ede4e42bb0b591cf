"""What somebody gets of themselves comes from every table that holds something about a person."""

import json
from typing import Any

from fieldwork.conversation import Part, Record
from fieldwork.messages import Say
from fieldwork.people import Grant, Role
from storage import (
    albums,
    answers,
    audit,
    consents,
    enquiries,
    exported,
    flags,
    invitations,
    jobs,
    media,
    outbox,
    owncopy,
    pending,
    people,
    undoing,
    workshops,
)
from storage.inbox import Arrival, store
from storage.tx import Tx
from tests.storage.rows import NOW, a_person, a_prompt, a_session, a_workshop, after

WHERE = {
    "address": "person.urn",
    "album": "reflections.0.sent_together",
    "answer": "reflections.0.answers",
    "audit": "acts",
    "consent": "consents",
    "contact": "person.name",
    "enquiry": "questions_to_coordinators",
    "erasure": "erasure",
    "export_person": "files_given_away",
    "export_reader": "work.files_received",
    "flag": "reflections.0.pointed_out",
    "form": "work.published",
    "inbox": "messages_waiting",
    "invitation": "work.came_in_by",
    "invitation_failure": "work.links_tried",
    "media": "reflections.0.answers.0.messages.0.sha256",
    "outbox": "messages_sent_to_you",
    "part": "reflections.0.answers.0.messages",
    "pending": "waited_for",
    "prompt": "workshops",
    "quote": "work.quotes_decided",
    "role_grant": "roles",
    "session": "reflections",
    "team": "work.teams",
    "ticked": "reflections.0.drafts",
    "undo": "work.changed",
    "workshop": "work.planned",
}
"""By table, where it stands in the copy."""
ALSO = ("work.invited", "work.questions_answered", "work.under_way", "reflections.0.quotes")
ABOUT_SOMEBODY = ("person", "session", "answer", "media")


def test_every_table_that_holds_something_about_a_person_stands_in_their_copy(tx: Tx) -> None:
    assert {table for table in _tables(tx) if _is_about_somebody(tx, table)} == set(WHERE)
    person = _somebody_in_every_table(tx)
    copy = json.loads(whole := json.dumps(owncopy.everything(tx, person)))
    assert "a@b.nl" in whole and "271828" not in whole, "the code is to come by e-mail alone"
    assert [path for path in (*WHERE.values(), *ALSO) if not _at(copy, path)] == []
    other = a_person(tx)
    empty = owncopy.everything(tx, other)
    assert [path for path in (*WHERE.values(), *ALSO) if _at(empty, path)] == ["person.urn", "roles"]


def _tables(tx: Tx) -> list[str]:
    return [row["name"] for row in tx.all("SELECT name FROM sqlite_schema WHERE type = 'table'")]


def _is_about_somebody(tx: Tx, table: str) -> bool:
    columns = {row["name"] for row in tx.all(f"SELECT name FROM pragma_table_info('{table}')")}
    leads_to = {row["table"] for row in tx.all(f"SELECT * FROM pragma_foreign_key_list('{table}')")}
    is_of_code = table == "export_person"
    return is_of_code or bool(columns & {"person_id", "urn", "chat"} or leads_to & set(ABOUT_SOMEBODY))


def _at(copy: Any, path: str) -> Any:
    for step in path.split("."):
        try:
            copy = copy[int(step)] if step.isdigit() else copy[step]
        except (IndexError, KeyError):
            return None
    return copy


def _somebody_in_every_table(tx: Tx) -> int:
    person = a_person(tx, "K7M4")
    people.name(tx, person, "Amina")
    urn = people.urn_of(tx, person) or ""
    workshop = a_workshop(tx)
    workshops.put_in_team(tx, workshop, [person])
    session = a_session(tx, person, a_prompt(tx, person, workshop))
    photo = media.add(tx, session.id, "photo", "ref", None, "jpg", NOW)
    media.kept(tx, photo.id, 3, "0" * 64, "image/jpeg")
    told = Record("/data/moment", "answered", "x", "parts", parts=(Part("photo", "", "s#1", photo.id, photo.file),))
    answer = answers.add(tx, session.id, told, "nl", NOW, after_sending=False)
    flags.add(tx, session.id, answer, ["name"], None)
    albums.came(tx, session.id, "a1", "/data/moment", True)
    answers.keep_draft(tx, session.id, "/data/which", ("a",), (), NOW)
    consents.add(tx, person, "study", "yes", "1", "h", "nl", NOW)
    audit.note(tx, person, "consent_yes", "", "1", NOW)
    asked = enquiries.add(tx, person, "leiden", NOW)
    enquiries.answered(tx, asked, person, NOW)
    exported.add(tx, "a.xlsx", "0" * 64, "leiden", 1, ["K7M4"], NOW)
    exported.given(tx, "a.xlsx", "0" * 64, person, NOW)
    store(tx, "telegram", [Arrival("1", urn, "raw")], NOW)
    grant = Grant(Role.FIELDWORKER, "leiden")
    invitations.used_by(tx, invitations.add(tx, "t", grant, "Amina", person, NOW, after(days=7)), person)
    invitations.note_failure(tx, urn, NOW)
    outbox.write(tx, urn, Say("Hallo"), now=NOW)
    undoing.add(tx, person, "leiden", "workshop_planned", "1", {}, NOW)
    pending.wait_for(tx, person, "email_code", {"address": "a@b.nl", "code": "271828"}, NOW)
    jobs.add(tx, "export", {"person": person}, NOW)
    tx.run("UPDATE workshop SET planned_by = :person", person=person)
    tx.run("UPDATE form SET published_by = :person", person=person)
    tx.run(
        "INSERT INTO erasure (receipt, person_id, code, city, asked_on) VALUES ('R', :person, 'K7M4', '', '')",
        person=person,
    )
    tx.run(
        "INSERT INTO quote (session_id, answer_id, newest, verdict, words, line, decided_by, decided_on)"
        " VALUES (:session, :answer, :answer, 'yes', 'x', 'G', :person, '')",
        session=session.id,
        answer=answer,
        person=person,
    )
    return person
