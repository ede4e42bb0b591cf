"""Pictures that were sent together, so that what is said about them is said once."""

from dataclasses import dataclass

from storage.tx import Rows, Tx


@dataclass(frozen=True, slots=True)
class Album:
    """What became of its first picture, and how many came so far."""

    path: str
    kept: bool
    came: int


def known(rows: Rows, session_id: int, album: str) -> Album | None:
    """What is known of it; None before its first picture."""
    row = rows.one(
        "SELECT path, kept, came FROM album WHERE session_id = :id AND album = :album", id=session_id, album=album
    )
    return None if row is None else Album(row["path"], bool(row["kept"]), row["came"])


def came(tx: Tx, session_id: int, album: str, path: str, kept: bool) -> None:
    """One more picture of it; the first tells for which question it was and whether it was taken."""
    tx.run(
        "INSERT INTO album (session_id, album, path, kept, came) VALUES (:id, :album, :path, :kept, 1)"
        " ON CONFLICT (session_id, album) DO UPDATE SET came = came + 1",
        id=session_id,
        album=album,
        path=path,
        kept=int(kept),
    )
