"""What somebody said or tapped under a consent text of before: its inbox row keeps it until they chose."""

from datetime import datetime

from storage.inbox import Meant, keep_meaning
from storage.stamps import stamp
from storage.tx import Rows, Tx

_OF_PERSON = "held_on IS NOT NULL AND chat = (SELECT urn FROM address WHERE person_id = :person)"
_FORGET = "UPDATE inbox SET raw = NULL, held_on = NULL, held_tap = NULL, handled_on = :now"


def hold(tx: Tx, id: int, meant: Meant | None, now: datetime, tap: str | None = None) -> None:
    """Keep what this update says when it is closed, and the question it was for; `tap` is what a button was about."""
    tx.run("UPDATE inbox SET held_on = :now, held_tap = :tap WHERE id = :id", id=id, tap=tap, now=stamp(now))
    if meant is not None:
        keep_meaning(tx, id, meant)


def forget_tap(tx: Tx, person_id: int, tap: str, now: datetime) -> None:
    """Erase what this person tapped before about the same: they chose anew."""
    tx.run(f"{_FORGET} WHERE {_OF_PERSON} AND held_tap = :tap", person=person_id, tap=tap, now=stamp(now))


def is_any(rows: Rows, person_id: int) -> bool:
    """Whether anything of this person is held."""
    return rows.one(f"SELECT 1 FROM inbox WHERE {_OF_PERSON} LIMIT 1", person=person_id) is not None


def hand_on(tx: Tx, person_id: int) -> bool:
    """Have what is held of this person handled as if it was just said, in its order; whether there was anything."""
    changed = tx.run(
        "UPDATE inbox SET state = 'new', held_on = NULL, held_tap = NULL, thing_key = NULL, replayed = 1"
        f" WHERE {_OF_PERSON}",
        person=person_id,
    )
    return changed > 0


def people_waiting(rows: Rows) -> list[int]:
    """Of whom something is held."""
    found = rows.all(
        "SELECT DISTINCT a.person_id FROM inbox i JOIN address a ON a.urn = i.chat WHERE i.held_on IS NOT NULL"
    )
    return [row["person_id"] for row in found]


def forget(tx: Tx, person_id: int, now: datetime) -> bool:
    """Erase the words of this person that are held; whether there were any."""
    return tx.run(f"{_FORGET} WHERE {_OF_PERSON}", person=person_id, now=stamp(now)) > 0


def forget_old(tx: Tx, before: datetime, now: datetime) -> list[int]:
    """Erase what has been held since before this moment; of whom."""
    found = tx.all(
        "SELECT DISTINCT a.person_id FROM inbox i JOIN address a ON a.urn = i.chat WHERE i.held_on < :before",
        before=stamp(before),
    )
    tx.run(f"{_FORGET} WHERE held_on < :before", before=stamp(before), now=stamp(now))
    return [row["person_id"] for row in found]
