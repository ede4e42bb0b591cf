"""What somebody said under a consent text that is no longer today's: its inbox row keeps the words until they chose."""

from datetime import datetime

from storage.inbox import Meant, keep_meaning
from storage.stamps import stamp
from storage.tx import Rows, Tx

_OF_PERSON = "held_on IS NOT NULL AND chat = (SELECT urn FROM address WHERE person_id = :person)"
_FORGET = "UPDATE inbox SET raw = NULL, held_on = NULL, handled_on = :now"


def hold(tx: Tx, id: int, meant: Meant | None, now: datetime) -> None:
    """Keep the words of this update when it is closed, and the question they were for."""
    tx.run("UPDATE inbox SET held_on = :now WHERE id = :id", id=id, now=stamp(now))
    if meant is not None:
        keep_meaning(tx, id, meant)


def is_any(rows: Rows, person_id: int) -> bool:
    """Whether anything of this person is held."""
    return rows.one(f"SELECT 1 FROM inbox WHERE {_OF_PERSON} LIMIT 1", person=person_id) is not None


def hand_on(tx: Tx, person_id: int) -> bool:
    """Have what is held of this person handled as if it was just said, in its order; whether there was anything."""
    changed = tx.run(
        f"UPDATE inbox SET state = 'new', held_on = NULL, thing_key = NULL, replayed = 1 WHERE {_OF_PERSON}",
        person=person_id,
    )
    return changed > 0


def forget(tx: Tx, person_id: int, now: datetime) -> bool:
    """Erase the words of this person that are held; whether there were any."""
    return tx.run(f"{_FORGET} WHERE {_OF_PERSON}", person=person_id, now=stamp(now)) > 0


def forget_old(tx: Tx, before: datetime, now: datetime) -> None:
    """Erase what has been held since before this moment."""
    tx.run(f"{_FORGET} WHERE held_on < :before", before=stamp(before), now=stamp(now))
