"""What one person told: their own reflections, to give back to them."""

from dataclasses import dataclass
from datetime import datetime

from storage.driver import Row
from storage.stamps import moment, moment_or_none
from storage.tx import Rows


@dataclass(frozen=True, slots=True)
class OwnReflection:
    """A session of this person that is no test, sent or not."""

    id: int
    instance_id: str
    state: str
    form_hash: str
    hidden: str
    """JSON, as the session keeps it."""
    frozen: str
    """JSON, as the session keeps it."""
    language: str
    """In which it was put."""
    title: str
    neighbourhood: str
    city: str
    workshop_on: datetime
    started_on: datetime
    sent_on: datetime | None
    ended_on: datetime


@dataclass(frozen=True, slots=True)
class OwnPart:
    """One message of an answer that counts."""

    path: str
    kind: str
    text: str
    file: str
    """Its name in the media folder; '' for words."""
    seconds: int | None
    is_kept: bool
    """Whether the file lies in the media folder."""


def reflections_of(rows: Rows, person_id: int) -> list[OwnReflection]:
    """Everything the person told, the latest workshop first."""
    found = rows.all(
        "SELECT s.id, s.instance_id, s.state, s.form_hash, s.hidden, s.frozen, s.language, s.started_on,"
        " s.completed_on, coalesce(s.completed_on, p.ended_on, s.touched_on) AS ended_on,"
        " w.title, w.neighbourhood, w.city, w.starts_on"
        " FROM session s JOIN prompt p ON p.id = s.prompt_id JOIN workshop w ON w.id = p.workshop_id"
        " WHERE s.person_id = :person AND s.is_test = 0"
        " AND EXISTS (SELECT 1 FROM answer a WHERE a.session_id = s.id AND a.outcome = 'answered')"
        " ORDER BY w.starts_on DESC, s.id DESC",
        person=person_id,
    )
    return [_reflection(row) for row in found]


def parts_of(rows: Rows, session_id: int) -> list[OwnPart]:
    """The messages of the answers that count, in order."""
    found = rows.all(
        "SELECT a.path, t.kind, t.text, m.file, m.seconds, m.state FROM answer a JOIN part t ON t.answer_id = a.id"
        " LEFT JOIN media m ON m.id = t.media_id WHERE a.session_id = :id AND a.revision ="
        " (SELECT max(b.revision) FROM answer b WHERE b.session_id = a.session_id AND b.path = a.path)"
        " ORDER BY a.id, t.position, t.id",
        id=session_id,
    )
    return [
        OwnPart(row["path"], row["kind"], row["text"], row["file"] or "", row["seconds"], row["state"] == "kept")
        for row in found
    ]


def _reflection(row: Row) -> OwnReflection:
    return OwnReflection(
        id=row["id"],
        instance_id=row["instance_id"],
        state=row["state"],
        form_hash=row["form_hash"],
        hidden=row["hidden"],
        frozen=row["frozen"],
        language=row["language"],
        title=row["title"],
        neighbourhood=row["neighbourhood"],
        city=row["city"],
        workshop_on=moment(row["starts_on"]),
        started_on=moment(row["started_on"]),
        sent_on=moment_or_none(row["completed_on"]),
        ended_on=moment(row["ended_on"]),
    )
