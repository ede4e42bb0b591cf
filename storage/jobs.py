"""Slow work as rows: taken with a lease, tried again, done once."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from storage.database import Reader
from storage.driver import Row
from storage.stamps import moment, stamp
from storage.tx import Rows, Tx

LEASE = timedelta(minutes=10)
MOST_TRIES = 8
MOST_CUT_OFF = 30
"""After this many ends of the program, hours of them, work is given up that was in hand each time."""
_CUT_OFF_WITHOUT_REST = 3


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of work; `detail` is what its kind needs."""

    id: int
    kind: str
    detail: Mapping[str, Any]
    tries: int


def add(
    tx: Tx,
    kind: str,
    detail: Mapping[str, Any],
    now: datetime,
    *,
    once_key: str | None = None,
    due_on: datetime | None = None,
) -> int | None:
    """Ask for work, now or from `due_on`; asking twice with one key is asking once. Its id; None the second time."""
    row = tx.one(
        "INSERT INTO job (kind, detail, once_key, due_on, made_on) VALUES (:kind, :detail, :key, :due_on, :now)"
        " ON CONFLICT (once_key) DO NOTHING RETURNING id",
        kind=kind,
        detail=json.dumps(dict(detail), ensure_ascii=False),
        key=once_key,
        due_on=stamp(due_on or now),
        now=stamp(now),
    )
    return None if row is None else int(row["id"])


async def is_any_due(reader: Reader, now: datetime) -> bool:
    """Whether there is a job to take."""
    sql = "SELECT 1 FROM job WHERE state = 'open' AND due_on <= :now LIMIT 1"
    return await reader.one(sql, now=stamp(now)) is not None


def take(tx: Tx, now: datetime) -> Job | None:
    """The next job that is due; while its lease runs nobody else gets it."""
    row = tx.one(
        "UPDATE job SET due_on = :lease, tries = tries + 1, error = NULL WHERE id ="
        " (SELECT id FROM job WHERE state = 'open' AND due_on <= :now ORDER BY due_on, id LIMIT 1)"
        " RETURNING id, kind, detail, tries",
        now=stamp(now),
        lease=stamp(now + LEASE),
    )
    return None if row is None else _job(row)


def _job(row: Row) -> Job:
    return Job(row["id"], row["kind"], json.loads(row["detail"]), row["tries"])


def done(tx: Tx, job_id: int, now: datetime) -> None:
    """The work is done."""
    tx.run("UPDATE job SET state = 'done', error = NULL, ended_on = :now WHERE id = :id", now=stamp(now), id=job_id)


def wanted(rows: Rows, job_id: int) -> Job | None:
    """The work under this id, where it is still to be done."""
    row = rows.one("SELECT id, kind, detail, tries FROM job WHERE id = :id AND state = 'open'", id=job_id)
    return None if row is None else _job(row)


def goes_on(tx: Tx, job_id: int, now: datetime) -> bool:
    """Renew the lease of long work; False where it is no longer to be done."""
    sql = "UPDATE job SET due_on = :lease WHERE id = :id AND state = 'open'"
    return tx.run(sql, id=job_id, lease=stamp(now + LEASE)) == 1


def cancel(tx: Tx, job_id: int, now: datetime) -> None:
    """It is no longer wanted; who does it sees so."""
    tx.run(
        "UPDATE job SET state = 'done', error = 'cancelled', ended_on = :now WHERE id = :id AND state = 'open'",
        now=stamp(now),
        id=job_id,
    )


def failed(tx: Tx, job: Job, error: str, now: datetime, most_tries: int = MOST_TRIES) -> bool:
    """It did not work: again later, twice as late each time, or never after too many tries; whether never."""
    state = "open" if job.tries < most_tries else "failed"
    tx.run(
        "UPDATE job SET state = :state, error = :error, due_on = :due_on WHERE id = :id",
        state=state,
        error=error,
        due_on=stamp(now + timedelta(seconds=10 * 2**job.tries)),
        id=job.id,
    )
    return state == "failed"


def put_back(tx: Tx, job: Job, error: str, due_on: datetime) -> None:
    """The disk was to blame: again at this time, and it does not count as a try."""
    tx.run(
        "UPDATE job SET error = :error, due_on = :due_on, tries = tries - 1 WHERE id = :id",
        error=error,
        due_on=stamp(due_on),
        id=job.id,
    )


def is_under_way(rows: Rows, once_key: str) -> bool:
    """Whether the work that was asked for under this key is still to be done."""
    return rows.one("SELECT 1 FROM job WHERE once_key = :key AND state = 'open'", key=once_key) is not None


def replay(tx: Tx, job_id: int, now: datetime) -> bool:
    """Do work that was given up once more; False where there is none under this id."""
    changed = tx.run(
        "UPDATE job SET state = 'open', tries = 0, cut_off = 0, due_on = :now WHERE id = :id AND state = 'failed'",
        id=job_id,
        now=stamp(now),
    )
    return changed == 1


@dataclass(frozen=True, slots=True)
class Failing:
    """Work that failed: for good, or it will be tried again."""

    id: int
    kind: str
    error: str
    tries: int
    is_given_up: bool
    made_on: datetime


def failing(rows: Rows) -> list[Failing]:
    """All work that failed and was not done since, oldest first."""
    found = rows.all(
        "SELECT id, kind, error, tries, state, made_on FROM job WHERE state = 'failed'"
        " UNION ALL SELECT id, kind, error, tries, state, made_on FROM job WHERE state = 'open' AND error IS NOT NULL"
        " ORDER BY id"
    )
    return [
        Failing(
            row["id"], row["kind"], row["error"] or "", row["tries"], row["state"] == "failed", moment(row["made_on"])
        )
        for row in found
    ]


def release_all(tx: Tx, now: datetime) -> list[Job]:
    """At the start of the program nobody works: what was in hand was cut off, which is not its own failure.

    It is due again at once; from the fourth time on a while later, so that work that ends the program does not
    keep it from everything else, and given up in the end. Gives what was given up.
    """
    rows = tx.all(
        "SELECT id, kind, detail, tries, cut_off FROM job WHERE state = 'open' AND tries > 0 AND error IS NULL"
    )
    for row in rows:
        tx.run(
            "UPDATE job SET state = :state, error = 'cut off', tries = tries - 1, cut_off = cut_off + 1,"
            " due_on = :due_on WHERE id = :id",
            state="failed" if row["cut_off"] + 1 >= MOST_CUT_OFF else "open",
            due_on=stamp(now + _rest(row["cut_off"] + 1)),
            id=row["id"],
        )
    return [_job(row) for row in rows if row["cut_off"] + 1 >= MOST_CUT_OFF]


def _rest(cut_off: int) -> timedelta:
    """None at first, then ten seconds, doubling to five minutes."""
    if cut_off <= _CUT_OFF_WITHOUT_REST:
        return timedelta(0)
    return min(timedelta(seconds=10) * (1 << min(cut_off - _CUT_OFF_WITHOUT_REST - 1, 10)), timedelta(minutes=5))
