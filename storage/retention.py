"""What is too old to be kept: found, counted per city, and deleted some at a time."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from storage import erasing
from storage.driver import Row, Value
from storage.stamps import moment, stamp
from storage.tx import Rows, Tx

_CITY_OF_PERSON = """coalesce((SELECT min(g.city) FROM role_grant g
    WHERE g.person_id = p.id AND g.role = 'fieldworker'), '')"""
_CITY_OF_SESSION = """coalesce((SELECT w.city FROM prompt q JOIN workshop w ON w.id = q.workshop_id
    WHERE q.id = s.prompt_id), '')"""


def _contacts(are_old: str) -> str:
    """Fieldworkers, and nothing else, of whom a name or an address is kept."""
    return f"""SELECT p.id, {_CITY_OF_PERSON} AS city, p.code AS name FROM person p
        WHERE {are_old}
            AND (EXISTS (SELECT 1 FROM contact c WHERE c.person_id = p.id)
                OR EXISTS (SELECT 1 FROM address a WHERE a.person_id = p.id))
            AND EXISTS (SELECT 1 FROM role_grant g WHERE g.person_id = p.id AND g.role = 'fieldworker')
            AND NOT EXISTS (SELECT 1 FROM role_grant g WHERE g.person_id = p.id AND g.role <> 'fieldworker')
        ORDER BY p.joined_on"""


_EVERYBODY = _contacts("1")
_KINDS: dict[str, str] = {
    "contact": _contacts("(p.left_on < :contact OR (p.standing = 'invited' AND p.joined_on < :contact))"),
    "invitation": """SELECT i.id, i.city, '' AS name FROM invitation i WHERE i.name <> '' AND i.expires_on < :contact
        ORDER BY i.expires_on""",
    "media": f"""SELECT m.id, {_CITY_OF_SESSION} AS city, m.file AS name FROM media m
        JOIN session s ON s.id = m.session_id WHERE m.state = 'kept' AND m.sent_on < :media ORDER BY m.sent_on""",
    "answers": f"""SELECT s.id, {_CITY_OF_SESSION} AS city, '' AS name FROM session s
        WHERE s.touched_on < :answers AND s.state <> 'waiting' AND s.is_test = 0 ORDER BY s.touched_on""",
    "set_aside": """SELECT i.id, '' AS city, 'inbox' AS name FROM inbox i
            WHERE i.state = 'dead' AND i.received_on < :answers
        UNION ALL SELECT o.id, '' AS city, 'outbox' AS name FROM outbox o
            WHERE o.state = 'dead' AND o.written_on < :answers""",
    "export": """SELECT e.id, e.city, e.file AS name FROM export e
        WHERE e.made_on < :exports AND EXISTS (SELECT 1 FROM export_person x WHERE x.export_id = e.id)
        ORDER BY e.made_on""",
}
"""Each kind of thing with the rows of it that are too old, the oldest first; the clock asks for them all day."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What is older than this is kept no longer; None: that kind is not too old yet."""

    contact_before: datetime
    media_before: datetime
    answers_before: datetime | None
    exports_before: datetime | None
    """Our own copies of files with answers; never while they may still be on their way."""
    is_over: bool
    """The study's own date has passed: nobody's name is needed any more."""

    def values(self) -> Mapping[str, Value]:
        """The parameters that every query here takes."""
        return {
            "contact": stamp(self.contact_before),
            "media": stamp(self.media_before),
            "answers": "" if self.answers_before is None else stamp(self.answers_before),
            "exports": "" if self.exports_before is None else stamp(self.exports_before),
        }


@dataclass(slots=True)
class Forgotten:
    """What went: how much of each kind in each city, and the files that have to go with it."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    media: list[str] = field(default_factory=list)
    exports: list[str] = field(default_factory=list)


def note_end(tx: Tx, day: date, now: datetime) -> None:
    """Note that the study's last day is this one, the first time it is read."""
    tx.run(
        "INSERT INTO end_date (day, seen_on) VALUES (:day, :now) ON CONFLICT (day) DO NOTHING",
        day=day.isoformat(),
        now=stamp(now),
    )


def end_first_seen(rows: Rows, day: date) -> datetime | None:
    """When this day was first read as the study's last one; None where it never was."""
    row = rows.one("SELECT seen_on FROM end_date WHERE day = :day", day=day.isoformat())
    return None if row is None else moment(row["seen_on"])


def is_due(rows: Rows, limits: Limits) -> bool:
    """Whether anything at all is too old."""
    return any(_found(rows, kind, limits, 1) for kind in _KINDS)


def counts(rows: Rows, limits: Limits) -> dict[tuple[str, str], int]:
    """How much of each kind in each city is too old; nothing is changed."""
    found = Counter((kind, row["city"]) for kind in _KINDS for row in _found(rows, kind, limits, -1))
    return dict(sorted(found.items()))


def forget(tx: Tx, limits: Limits, most: int) -> Forgotten:
    """Delete at most so many things of each kind; a kind waits until the one before it is done.

    Else a session would take files along that were to be counted.
    """
    gone = Forgotten()
    for kind, delete in _DELETE.items():
        found = _found(tx, kind, limits, most)
        for row in found:
            delete(tx, row, gone)
            gone.counts[kind, row["city"]] += 1
        if len(found) == most:
            break
    return gone


def _found(rows: Rows, kind: str, limits: Limits, most: int) -> list[Row]:
    sql = _EVERYBODY if kind == "contact" and limits.is_over else _KINDS[kind]
    wanted = {name: value for name, value in limits.values().items() if f":{name}" in sql}
    return list(rows.all(f"{sql} LIMIT :most", most=most, **wanted))


def _delete_contact(tx: Tx, row: Row, gone: Forgotten) -> None:
    erasing.forget_who(tx, row["id"])


def _delete_invitation(tx: Tx, row: Row, gone: Forgotten) -> None:
    tx.run("UPDATE invitation SET name = '' WHERE id = :id", id=row["id"])


def _delete_media(tx: Tx, row: Row, gone: Forgotten) -> None:
    gone.media.append(row["name"])
    tx.run("UPDATE media SET state = 'lost', bytes = NULL, sha256 = NULL WHERE id = :id", id=row["id"])


def _delete_session(tx: Tx, row: Row, gone: Forgotten) -> None:
    gone.media += erasing.delete_session(tx, row["id"])


def _delete_set_aside(tx: Tx, row: Row, gone: Forgotten) -> None:
    if row["name"] == "outbox":
        tx.run("DELETE FROM outbox WHERE edit_of = :id", id=row["id"])
        tx.run("DELETE FROM outbox WHERE id = :id", id=row["id"])
    else:
        tx.run("DELETE FROM inbox WHERE id = :id", id=row["id"])


def _delete_export(tx: Tx, row: Row, gone: Forgotten) -> None:
    gone.exports.append(row["name"])
    tx.run("DELETE FROM export_person WHERE export_id = :id", id=row["id"])


_DELETE = {
    "contact": _delete_contact,
    "invitation": _delete_invitation,
    "media": _delete_media,
    "answers": _delete_session,
    "set_aside": _delete_set_aside,
    "export": _delete_export,
}
