"""Answers in which something may tell of somebody else: which, what sort it is, and whether the person left it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from storage.driver import Row
from storage.stamps import moment, stamp
from storage.tx import Rows, Tx

_LATEST = "(SELECT max(b.revision) FROM answer b WHERE b.session_id = a.session_id AND b.path = a.path)"


@dataclass(frozen=True, slots=True)
class Flagged:
    """An answer as it counts now, by what was found in it; none of its words."""

    answer_id: int
    city: str
    response_id: str
    path: str
    sorts: tuple[str, ...]
    is_left: bool
    """Whether the person saw it and left it; else they were not asked, or did not say."""
    said_on: datetime


def add(tx: Tx, session_id: int, answer_id: int, sorts: Iterable[str], left_on: datetime | None) -> None:
    """Note what was found in an answer."""
    for sort in sorts:
        tx.run(
            "INSERT INTO flag (session_id, answer_id, sort, left_on) VALUES (:session, :answer, :sort, :left_on)",
            session=session_id,
            answer=answer_id,
            sort=sort,
            left_on=None if left_on is None else stamp(left_on),
        )


def left(tx: Tx, answer_id: int, now: datetime) -> None:
    """The person saw it and leaves it."""
    tx.run("UPDATE flag SET left_on = :now WHERE answer_id = :id AND left_on IS NULL", id=answer_id, now=stamp(now))


def is_unsettled(rows: Rows, answer_id: int) -> bool:
    """Whether something was found in this answer, which still counts, and the person did not say to leave it."""
    row = rows.one(
        "SELECT 1 FROM flag f JOIN answer a ON a.id = f.answer_id"
        f" WHERE a.id = :id AND f.left_on IS NULL AND a.revision = {_LATEST}",
        id=answer_id,
    )
    return row is not None


def place_of(rows: Rows, answer_id: int) -> tuple[int, str] | None:
    """The session and the question of an answer."""
    row = rows.one("SELECT session_id, path FROM answer WHERE id = :id", id=answer_id)
    return None if row is None else (int(row["session_id"]), str(row["path"]))


def take_out(tx: Tx, session_id: int, path: str, before: int, *, is_text: bool, now: datetime) -> None:
    """Take the words out of the earlier answers to a question in which something was found: they were given anew.

    That there was an answer, and when, stays. `is_text`: the value itself is words, and not the name of a file.
    """
    flagged = tx.all(
        "SELECT DISTINCT a.id FROM answer a JOIN flag f ON f.answer_id = a.id"
        " WHERE a.session_id = :session AND a.path = :path AND a.id < :before",
        session=session_id,
        path=path,
        before=before,
    )
    for row in flagged:
        tx.run("UPDATE part SET text = '' WHERE answer_id = :id", id=row["id"])
        tx.run(
            "UPDATE answer SET replaced_on = :now, value = CASE WHEN :is_text THEN '' ELSE value END WHERE id = :id",
            id=row["id"],
            is_text=int(is_text),
            now=stamp(now),
        )
        tx.run("DELETE FROM flag WHERE answer_id = :id", id=row["id"])


_FROM = (
    "FROM flag f JOIN answer a ON a.id = f.answer_id JOIN session s ON s.id = f.session_id"
    " JOIN prompt p ON p.id = s.prompt_id JOIN workshop w ON w.id = p.workshop_id"
    f" WHERE a.revision = {_LATEST} AND (:city = '' OR w.city = :city)"
)


def count(rows: Rows, city: str, after: int = 0) -> int:
    """In how many answers that count something was found, with ids above `after`; '' is every city."""
    row = rows.one(f"SELECT count(DISTINCT a.id) AS n {_FROM} AND a.id > :after", city=city, after=after)
    return 0 if row is None else int(row["n"])


def listed(rows: Rows, city: str, most: int, start: int = 0) -> list[Flagged]:
    """What was found in the answers that count, the newest first; '' is every city. Tests of a form are no answers."""
    found = rows.all(
        "SELECT a.id, w.city, s.instance_id, a.path, a.said_on, group_concat(f.sort, ' ') AS sorts,"
        f" min(f.left_on IS NOT NULL) AS is_left {_FROM}"
        " GROUP BY a.id, w.city, s.instance_id, a.path, a.said_on ORDER BY a.id DESC LIMIT :most OFFSET :start",
        city=city,
        most=most,
        start=start,
    )
    return [_flagged(row) for row in found]


def _flagged(row: Row) -> Flagged:
    return Flagged(
        answer_id=row["id"],
        city=row["city"],
        response_id=row["instance_id"],
        path=row["path"],
        sorts=tuple(sorted(row["sorts"].split())),
        is_left=bool(row["is_left"]),
        said_on=moment(row["said_on"]),
    )
