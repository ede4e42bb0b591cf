"""Who did what, when, to which city; never what somebody said."""

from datetime import datetime

from storage.connection import Tx, stamp


def note(tx: Tx, person_id: int | None, verb: str, city: str, subject: str, now: datetime) -> None:
    """Write down an act; None is the program itself or the command line."""
    tx.run(
        "INSERT INTO audit (done_on, person_id, verb, city, subject) VALUES (:now, :person, :verb, :city, :subject)",
        now=stamp(now),
        person=person_id,
        verb=verb,
        city=city,
        subject=subject,
    )
