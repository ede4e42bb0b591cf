"""Recordings, pictures, films and other files: rows here, bytes in the media folder under names of our own."""

from dataclasses import dataclass
from datetime import datetime

from storage.driver import Row
from storage.stamps import stamp
from storage.tx import Rows, Tx


@dataclass(frozen=True, slots=True)
class Media:
    """A file that was sent."""

    id: int
    kind: str
    ref: str
    state: str
    file: str


BY_ID = "SELECT id, kind, ref, state, file FROM media WHERE id = :id"


def add(tx: Tx, session_id: int, kind: str, ref: str, seconds: int | None, ending: str, now: datetime) -> Media:
    """Note that a file was sent; it is fetched later. Its name is the kind and our own number."""
    media_id = tx.add(
        "INSERT INTO media (session_id, kind, ref, file, seconds, sent_on)"
        " VALUES (:session, :kind, :ref, '', :seconds, :now) RETURNING id",
        session=session_id,
        kind=kind,
        ref=ref,
        seconds=seconds,
        now=stamp(now),
    )
    file = f"{kind}-{media_id}.{ending}"
    tx.run("UPDATE media SET file = :file WHERE id = :id", file=file, id=media_id)
    return Media(media_id, kind, ref, "wanted", file)


def read(row: Row | None) -> Media | None:
    """The file of a row that BY_ID gave."""
    return None if row is None else Media(row["id"], row["kind"], row["ref"], row["state"], row["file"])


def kept(tx: Tx, media_id: int, size: int, sha256: str, mime: str | None) -> bool:
    """The file lies in the media folder, so many bytes; `mime` as its first bytes tell.

    False where it is no longer wanted there.
    """
    changed = tx.run(
        "UPDATE media SET state = 'kept', ref = '', bytes = :size, sha256 = :sha256, mime = :mime WHERE id = :id",
        size=size,
        sha256=sha256,
        mime=mime,
        id=media_id,
    )
    return changed == 1


def lost(tx: Tx, media_id: int) -> None:
    """The file cannot be had any more."""
    tx.run("UPDATE media SET state = 'lost', ref = '' WHERE id = :id", id=media_id)


@dataclass(frozen=True, slots=True)
class Place:
    """The answer that a file belongs to."""

    session_id: int
    path: str


def place_of(rows: Rows, media_id: int) -> Place | None:
    """Where the file was sent; None where nothing was made of it."""
    row = rows.one(
        "SELECT p.session_id, p.path FROM media m JOIN part p ON p.session_id = m.session_id AND p.media_id = m.id"
        " WHERE m.id = :id ORDER BY p.id DESC LIMIT 1",
        id=media_id,
    )
    return None if row is None else Place(row["session_id"], row["path"])
