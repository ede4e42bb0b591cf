"""What people agreed to or refused: which words, when, in which language."""

from datetime import datetime
from typing import Literal

from storage.connection import Rows, Tx, stamp

Kind = Literal["study", "media"]


def add(
    tx: Tx,
    person_id: int,
    kind: Kind,
    answer: Literal["yes", "no"],
    version: str,
    text_hash: str,
    language: str,
    now: datetime,
) -> None:
    """Keep one answer; an earlier one stays beside it."""
    tx.run(
        "INSERT INTO consent (person_id, kind, answer, version, text_hash, language, given_on)"
        " VALUES (:person, :kind, :answer, :version, :text_hash, :language, :now)",
        person=person_id,
        kind=kind,
        answer=answer,
        version=version,
        text_hash=text_hash,
        language=language,
        now=stamp(now),
    )


def version_agreed(rows: Rows, person_id: int) -> str | None:
    """The version of the study's text the person last said yes to; None where the last answer is no."""
    row = rows.one(
        "SELECT answer, version FROM consent WHERE person_id = :person AND kind = 'study' ORDER BY id DESC LIMIT 1",
        person=person_id,
    )
    return str(row["version"]) if row is not None and row["answer"] == "yes" else None
