"""What people agreed to or refused: which words, when, in which language."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from storage.stamps import moment, stamp
from storage.tx import Rows, Tx

Kind = Literal["study", "media", "quotes"]


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


def keep_text(tx: Tx, words_hash: str, kind: Kind, version: str, language: str, words: str, now: datetime) -> None:
    """Keep the words that people are asked to agree to, once."""
    tx.run(
        "INSERT INTO consent_text (hash, kind, version, language, words, since_on)"
        " VALUES (:hash, :kind, :version, :language, :words, :now) ON CONFLICT (hash) DO NOTHING",
        hash=words_hash,
        kind=kind,
        version=version,
        language=language,
        words=words,
        now=stamp(now),
    )


def texts_kept(rows: Rows) -> frozenset[str]:
    """The hashes of every text that is kept."""
    return frozenset(row["hash"] for row in rows.all("SELECT hash FROM consent_text"))


@dataclass(frozen=True, slots=True)
class Proof:
    """What somebody answered, when, and to which words; `words` is '' where they were not kept."""

    kind: str
    answer: str
    version: str
    text_hash: str
    language: str
    given_on: datetime
    words: str


def proofs(rows: Rows, person_id: int) -> list[Proof]:
    """Every answer the person gave, the oldest first."""
    found = rows.all(
        "SELECT c.kind, c.answer, c.version, c.text_hash, c.language, c.given_on, coalesce(t.words, '') AS words"
        " FROM consent c LEFT JOIN consent_text t ON t.hash = c.text_hash WHERE c.person_id = :person ORDER BY c.id",
        person=person_id,
    )
    return [
        Proof(
            row["kind"],
            row["answer"],
            row["version"],
            row["text_hash"],
            row["language"],
            moment(row["given_on"]),
            row["words"],
        )
        for row in found
    ]


def asked(tx: Tx, person_id: int, version: str) -> None:
    """This version was put to the person anew."""
    tx.run("UPDATE person SET consent_asked = :version WHERE id = :person", version=version, person=person_id)


def asked_version(rows: Rows, person_id: int) -> str | None:
    """The version last put to the person anew; None where none was."""
    row = rows.one("SELECT consent_asked FROM person WHERE id = :person", person=person_id)
    return None if row is None else row["consent_asked"]
