"""Words of one person to another that pass through the outbox: they are blanked once they arrived."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from fieldwork.envelope import dump, load
from fieldwork.messages import Say
from storage.driver import Row
from storage.stamps import stamp
from storage.tx import Tx

BLANK = "…"


def mark(tx: Tx, row: int, person_id: int) -> None:
    """What this row of the outbox says are the words of this person."""
    tx.run("UPDATE outbox SET words_of = :person WHERE id = :row", person=person_id, row=row)


def blank_arrived(tx: Tx) -> None:
    """Forget the words of what arrived or will never be sent."""
    _blank(tx, tx.all("SELECT id, body FROM outbox WHERE words_of IS NOT NULL AND state IN ('sent', 'dropped')"))


def blank_refused(tx: Tx, before: datetime) -> None:
    """Forget the words of what was refused and not tried again since this moment."""
    found = tx.all(
        "SELECT id, body FROM outbox WHERE words_of IS NOT NULL AND state = 'dead' AND written_on < :before",
        before=stamp(before),
    )
    _blank(tx, found)


def forget(tx: Tx, person_id: int) -> None:
    """What this person said to others and has not arrived never will."""
    tx.run(
        "UPDATE outbox SET state = 'dropped', error = 'erased' WHERE words_of = :person AND state <> 'sent'",
        person=person_id,
    )
    blank_arrived(tx)


def _blank(tx: Tx, found: Iterable[Row]) -> None:
    """The buttons stay, so that an answer still finds what it answers."""
    for row in found:
        said = load(row["body"])
        if isinstance(said, Say):
            blanked = dump(replace(said, text=BLANK))
            tx.run("UPDATE outbox SET body = :body, words_of = NULL WHERE id = :id", body=blanked, id=row["id"])
