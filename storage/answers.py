"""Answers as revisions that are only ever added to, and what is said or ticked before one is made."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from fieldwork.conversation import Part, Record
from storage.driver import Row
from storage.stamps import stamp
from storage.tx import Rows, Tx


@dataclass(frozen=True, slots=True)
class Current:
    """The latest revision of one answer."""

    path: str
    outcome: str
    value: str
    shown: int


@dataclass(frozen=True, slots=True)
class Spoken:
    """Where the words of a message went: which session and question, and whether an answer was made of them."""

    session_id: int
    path: str
    answer_id: int | None
    text: str


def add(tx: Tx, session_id: int, record: Record, language: str, said_on: datetime, after_sending: bool) -> int:
    """Keep a revision; the parts it was made of become its own. The id of its row."""
    answer_id = tx.add(
        "INSERT INTO answer (session_id, path, revision, outcome, value, way, language, source, shown, said_on,"
        " after_sending)"
        " SELECT :session, :path, coalesce(max(revision), 0) + 1, :outcome, :value, :way, :language, :source,"
        " :shown, :said_on, :after_sending FROM answer WHERE session_id = :session AND path = :path RETURNING id",
        session=session_id,
        path=record.path,
        outcome=record.outcome,
        value=record.value,
        way=record.way,
        language=language,
        source=record.source,
        shown=record.shown,
        said_on=stamp(said_on),
        after_sending=int(after_sending),
    )
    for position, part in enumerate(record.parts):
        _add_part(tx, session_id, record.path, answer_id, position, part, said_on)
    return answer_id


def current(rows: Rows, session_id: int) -> dict[str, Current]:
    """Every answer's latest revision, by path."""
    found = rows.all(
        "SELECT a.path, a.outcome, a.value, a.shown FROM answer a WHERE a.session_id = :id AND a.revision ="
        " (SELECT max(b.revision) FROM answer b WHERE b.session_id = a.session_id AND b.path = a.path)",
        id=session_id,
    )
    return {row["path"]: Current(row["path"], row["outcome"], row["value"], row["shown"]) for row in found}


def keep_draft(
    tx: Tx, session_id: int, path: str | None, ticked: Sequence[str], parts: Sequence[Part], now: datetime
) -> None:
    """Keep what is ticked and said so far for the question that waits, and no other draft."""
    tx.run("DELETE FROM ticked WHERE session_id = :id", id=session_id)
    tx.run("DELETE FROM part WHERE session_id = :id AND answer_id IS NULL", id=session_id)
    if path is None:
        return
    if ticked:
        tx.run(
            "INSERT INTO ticked (session_id, path, choices) VALUES (:id, :path, :choices)",
            id=session_id,
            path=path,
            choices=" ".join(ticked),
        )
    for position, part in enumerate(parts):
        _add_part(tx, session_id, path, None, position, part, now)


def draft_parts(rows: Rows, session_id: int) -> tuple[Part, ...]:
    """What was said so far to the question that waits."""
    return _parts(rows, "p.session_id = :id AND p.answer_id IS NULL", session_id)


def parts_of(rows: Rows, answer_id: int) -> tuple[Part, ...]:
    """The messages a revision was made of."""
    return _parts(rows, "p.answer_id = :id", answer_id)


def spoken_in(rows: Rows, source: str) -> Spoken | None:
    """What was last made of this message: a part of an answer or of a draft, or a whole answer."""
    part = rows.one(
        "SELECT session_id, path, answer_id, text FROM part WHERE source = :source ORDER BY id DESC LIMIT 1",
        source=source,
    )
    if part is not None:
        return Spoken(part["session_id"], part["path"], part["answer_id"], part["text"])
    answer = rows.one(
        "SELECT session_id, path, id, value FROM answer WHERE source = :source ORDER BY id DESC LIMIT 1", source=source
    )
    return None if answer is None else Spoken(answer["session_id"], answer["path"], None, answer["value"])


def sources(rows: Rows, session_id: int, path: str) -> frozenset[str]:
    """The messages from which the latest revision of an answer was made."""
    row = rows.one(
        "SELECT id, source FROM answer WHERE session_id = :id AND path = :path ORDER BY revision DESC LIMIT 1",
        id=session_id,
        path=path,
    )
    if row is None:
        return frozenset()
    return frozenset({row["source"], *(part.source for part in parts_of(rows, row["id"]))} - {None})


@dataclass(frozen=True, slots=True)
class Told:
    """An open answer that was told in messages; `shown` is the count of the message that asked for it."""

    id: int
    path: str
    shown: int


def last_told(rows: Rows, session_id: int) -> Told | None:
    """The answer that was given last of all, if it was told in messages."""
    row = rows.one(
        "SELECT id, path, shown, (SELECT count(*) FROM part p WHERE p.answer_id = a.id) AS parts FROM answer a"
        " WHERE session_id = :id ORDER BY id DESC LIMIT 1",
        id=session_id,
    )
    return None if row is None or not row["parts"] else Told(row["id"], row["path"], row["shown"])


def _parts(rows: Rows, where: str, row_id: int) -> tuple[Part, ...]:
    found = rows.all(
        "SELECT p.kind, p.text, p.source, p.media_id, coalesce(m.file, '') AS file FROM part p"
        f" LEFT JOIN media m ON m.id = p.media_id WHERE {where} ORDER BY p.position",
        id=row_id,
    )
    return tuple(_part(row) for row in found)


def _part(row: Row) -> Part:
    return Part(row["kind"], row["text"], row["source"], row["media_id"], row["file"])


def _add_part(
    tx: Tx, session_id: int, path: str, answer_id: int | None, position: int, part: Part, now: datetime
) -> None:
    tx.run(
        "INSERT INTO part (session_id, path, answer_id, position, kind, text, media_id, source, said_on)"
        " VALUES (:session, :path, :answer, :position, :kind, :text, :media, :source, :now)",
        session=session_id,
        path=path,
        answer=answer_id,
        position=position,
        kind=part.kind,
        text=part.text,
        media=part.media,
        source=part.source,
        now=stamp(now),
    )
