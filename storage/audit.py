"""Who did what, when, to which city; never what somebody said. Only added to, each entry sealed to the one before."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from storage.driver import Row, Value
from storage.stamps import moment, stamp
from storage.tx import Rows, Tx

_BATCH = 1000
_SHORT_HASH = 32
_ENTRY = (
    "SELECT a.id, a.done_on, coalesce(p.code, '') AS code, a.verb, a.city, a.subject"
    " FROM audit a LEFT JOIN person p ON p.id = a.person_id"
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One act; `code` is '' where the program itself or the command line did it."""

    id: int
    done_on: datetime
    code: str
    verb: str
    city: str
    subject: str


@dataclass(frozen=True, slots=True)
class Only:
    """Which entries are meant; '' is every one."""

    city: str = ""
    code: str = ""
    verb: str = ""


@dataclass(frozen=True, slots=True)
class Seal:
    """How many entries there are, and the hash of the last one: whoever writes it down can prove a later loss.

    The beginning of a hash will do.
    """

    entries: int
    hash: str

    def __str__(self) -> str:
        return f"{self.entries}:{self.hash}"

    @property
    def short(self) -> str:
        """As people read it in a chat: no two chains share half of a hash."""
        return f"{self.entries}:{self.hash[:_SHORT_HASH]}"


def chained(*pieces: Value) -> str:
    """SHA-256 (hex) over these values, each told apart from the next."""
    return hashlib.sha256(json.dumps(pieces).encode()).hexdigest()


def note(tx: Tx, person_id: int | None, verb: str, city: str, subject: str, now: datetime) -> None:
    """Write down an act; None is the program itself or the command line."""
    before = seal(tx)
    row = tx.one("SELECT coalesce(max(id), 0) + 1 AS id FROM audit")
    assert row is not None
    values: dict[str, Value] = {
        "id": row["id"],
        "done_on": stamp(now),
        "person": person_id,
        "verb": verb,
        "city": city,
        "subject": subject,
    }
    sealed = chained(before.hash, *values.values())
    tx.run(
        "INSERT INTO audit (id, done_on, person_id, verb, city, subject, hash)"
        " VALUES (:id, :done_on, :person, :verb, :city, :subject, :hash)",
        **values,
        hash=sealed,
    )
    tx.run("UPDATE audit_head SET entries = entries + 1, hash = :hash", hash=sealed)


def seal(rows: Rows) -> Seal:
    """Where the chain ends, as it was kept apart from the entries."""
    row = rows.one("SELECT entries, hash FROM audit_head")
    return Seal(0, "") if row is None else Seal(row["entries"], row["hash"])


_ONLY = "(:city = '' OR a.city = :city) AND (:verb = '' OR a.verb = :verb) AND (:code = '' OR p.code = :code)"


def page(rows: Rows, only: Only, before: int | None, most: int, start: int = 0) -> list[Entry]:
    """The newest entries, or those before an id, from the `start`th on; the newest first."""
    found = rows.all(
        f"{_ENTRY} WHERE a.id < :before AND {_ONLY} ORDER BY a.id DESC LIMIT :most OFFSET :start",
        before=2**62 if before is None else before,
        city=only.city,
        code=only.code,
        verb=only.verb,
        most=most,
        start=start,
    )
    return [_entry(row) for row in found]


def count(rows: Rows, only: Only, after: int = 0) -> int:
    """How many entries there are with a higher id than `after`."""
    row = rows.one(
        f"SELECT count(*) AS n FROM audit a LEFT JOIN person p ON p.id = a.person_id WHERE a.id > :after AND {_ONLY}",
        after=after,
        city=only.city,
        code=only.code,
        verb=only.verb,
    )
    return 0 if row is None else int(row["n"])


def faults(rows: Rows, expected: Seal | None = None) -> Iterator[str]:
    """What was tampered with, in words, the oldest first; nothing where all is as it was written.

    `expected` is a seal that somebody wrote down earlier: the chain must still run through it.
    """
    count, previous, found_expected = 0, "", expected is None or expected.entries == 0
    for row in _in_order(rows):
        if row["id"] != count + 1:
            yield f"entry {count + 1} is missing: found {row['id']} in its place"
            return
        previous = chained(
            previous, row["id"], row["done_on"], row["person_id"], row["verb"], row["city"], row["subject"]
        )
        if row["hash"] != previous:
            yield f"entry {row['id']} is not as it was written, or stands in another place"
            return
        count += 1
        found_expected |= expected is not None and expected.entries == count and previous.startswith(expected.hash)
    kept = seal(rows)
    if kept != Seal(count, previous):
        yield f"the chain ends after {count} entries, expected {kept.entries}"
    elif not found_expected and expected is not None:
        yield f"the chain does not run through {expected.entries}:{expected.hash[:8]}…, the seal that was given"


def _in_order(rows: Rows) -> Iterator[Row]:
    after = 0
    while batch := rows.all("SELECT * FROM audit WHERE id > :after ORDER BY id LIMIT :most", after=after, most=_BATCH):
        yield from batch
        after = batch[-1]["id"]


def _entry(row: Row) -> Entry:
    return Entry(row["id"], moment(row["done_on"]), row["code"], row["verb"], row["city"], row["subject"])
