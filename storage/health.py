"""How the bot is doing, in figures that hold nothing of what anybody said."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from storage import letters
from storage.driver import Row
from storage.stamps import moment_or_none, stamp
from storage.tx import Rows, Tx

UNFINISHED_AFTER = timedelta(hours=3)
"""Weekly work that was begun so long ago and is not done is missed, until it is."""

WAITING = """
SELECT (SELECT count(*) FROM inbox WHERE state = 'new') AS updates_waiting,
    (SELECT min(received_on) FROM inbox WHERE state = 'new') AS oldest_update_on,
    (SELECT max(handled_on) FROM inbox WHERE state = 'done') AS last_handled_on,
    (SELECT count(*) FROM inbox WHERE state = 'dead') AS updates_set_aside,
    (SELECT count(*) FROM outbox WHERE state IN ('queued', 'sending', 'uncertain')) AS messages_waiting,
    (SELECT min(written_on) FROM outbox WHERE state IN ('queued', 'sending', 'uncertain')
        AND not_before_on <= :now) AS oldest_message_on,
    (SELECT count(*) FROM outbox WHERE state = 'dead') AS messages_refused,
    (SELECT count(*) FROM job WHERE state = 'open' AND due_on <= :now) AS jobs_waiting,
    (SELECT min(made_on) FROM job WHERE state = 'open' AND due_on <= :now) AS oldest_job_on,
    (SELECT count(*) FROM job WHERE state = 'open' AND error IS NOT NULL) AS jobs_tried_again,
    (SELECT count(*) FROM job WHERE state = 'failed') AS jobs_given_up,
    (SELECT count(*) FROM prompt WHERE error IS NOT NULL) AS prompts_set_aside,
    (SELECT max(finished_on) FROM ledger) AS last_weekly_work_on,
    (SELECT felt_on FROM pulse WHERE what = 'poll') AS last_poll_on,
    (SELECT felt_on FROM pulse WHERE what = 'commit') AS last_commit_on,
    (SELECT felt_on FROM pulse WHERE what = 'backup') AS last_backup_on
"""
"""One row; takes `now`. Every part of it is found by an index or in a small table."""

TOTALS = f"""
SELECT (SELECT count(*) FROM answer) AS answers,
    ({letters.SAID_TWICE}) AS messages_said_again
"""
"""One row; reads whole tables, so not for a handler."""

_MISSED = """
SELECT work, city, week FROM ledger late WHERE finished_on IS NULL AND claimed_on < :before
    AND week > (SELECT min(week) FROM ledger first WHERE first.work = late.work AND first.city = late.city)
ORDER BY week, work, city
"""


@dataclass(frozen=True, slots=True)
class Missed:
    """Weekly work that was claimed long ago and is not done; `scope` is a city or a research line."""

    work: str
    scope: str
    week: str


def feel(tx: Tx, what: str, now: datetime) -> None:
    """Note that the running bot just did this."""
    tx.run(
        "INSERT INTO pulse (what, felt_on) VALUES (:what, :now)"
        " ON CONFLICT (what) DO UPDATE SET felt_on = excluded.felt_on",
        what=what,
        now=stamp(now),
    )


def counts(row: Row) -> dict[str, int]:
    """The counts of a row that WAITING or TOTALS gave."""
    return {name: row[name] for name in dict(row) if not name.endswith("_on")}


def times(row: Row) -> dict[str, datetime | None]:
    """The times of a row that WAITING gave; None where it never happened, or nothing waits."""
    return {name: moment_or_none(row[name]) for name in dict(row) if name.endswith("_on")}


def waiting(rows: Rows, now: datetime) -> Row:
    """The row that WAITING gives."""
    row = rows.one(WAITING, now=stamp(now))
    assert row is not None
    return row


def missed_work(rows: Rows, now: datetime) -> list[Missed]:
    """Weekly work that should have been done by now. The week a study begins with is claimed and never done."""
    found = rows.all(_MISSED, before=stamp(now - UNFINISHED_AFTER))
    return [Missed(row["work"], row["city"], row["week"]) for row in found]


def raise_once(tx: Tx, thing: str, now: datetime) -> bool:
    """Whether the operator is to be told of this now; from then on it was told."""
    changed = tx.run(
        "INSERT INTO alarm (thing, raised_on) VALUES (:thing, :now) ON CONFLICT (thing) DO NOTHING",
        thing=thing,
        now=stamp(now),
    )
    return changed == 1
