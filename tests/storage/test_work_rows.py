"""Slow work is taken by one, tried again later and done once; weekly work is claimed once."""

import asyncio
from datetime import timedelta
from itertools import pairwise

import pytest

from fieldwork.schedule import Week
from storage import jobs, ledger
from storage.backlog import Backlog, backlog
from storage.connection import Database
from storage.database import Writer, reading
from storage.jobs import LEASE, MOST_TRIES, Job
from storage.ledger import Made
from storage.stamps import moment, moment_or_none, stamp
from storage.tx import Tx
from tests.storage.rows import NOW, after

WEEK = Week(2026, 47)


def take(tx: Tx, **length: float) -> Job:
    job = jobs.take(tx, after(**length))
    assert job is not None
    return job


def test_a_job_is_taken_by_one_until_its_lease_runs_out(tx: Tx) -> None:
    jobs.add(tx, "export", {"city": "leiden", "name": "Één"}, NOW)
    job = take(tx)
    assert (job.kind, job.detail, job.tries) == ("export", {"city": "leiden", "name": "Één"}, 1)
    assert jobs.take(tx, NOW + LEASE / 2) is None
    again = jobs.take(tx, NOW + LEASE)
    assert again is not None
    assert (again.id, again.tries) == (job.id, 2)


def test_long_work_renews_its_lease_until_it_is_cancelled(tx: Tx) -> None:
    number = jobs.add(tx, "export", {}, NOW, once_key="once")
    assert jobs.add(tx, "export", {}, NOW, once_key="once") is None
    job = take(tx)
    assert job.id == number
    assert jobs.goes_on(tx, job.id, NOW + LEASE / 2)
    assert jobs.take(tx, NOW + LEASE) is None
    assert jobs.wanted(tx, job.id) == job
    jobs.cancel(tx, job.id, NOW)
    assert not jobs.goes_on(tx, job.id, NOW)
    assert jobs.wanted(tx, job.id) is None
    assert jobs.take(tx, NOW + 2 * LEASE) is None
    assert jobs.failing(tx) == []


def test_jobs_are_taken_the_longest_due_first(tx: Tx) -> None:
    jobs.add(tx, "second", {}, after(seconds=1))
    jobs.add(tx, "first", {}, NOW)
    jobs.add(tx, "later", {}, after(hours=1))
    assert [take(tx, seconds=1).kind for _ in range(2)] == ["first", "second"]
    assert jobs.take(tx, after(seconds=1)) is None


def test_a_job_that_is_done_is_done_once(tx: Tx) -> None:
    jobs.add(tx, "export", {}, NOW, once_key="export:leiden")
    jobs.done(tx, take(tx).id, NOW)
    jobs.add(tx, "export", {}, NOW, once_key="export:leiden")
    assert jobs.take(tx, after(days=1)) is None
    jobs.add(tx, "export", {}, NOW)
    jobs.add(tx, "export", {}, NOW)
    assert take(tx).id != take(tx).id


def test_a_failed_job_is_tried_again_twice_as_late_each_time_and_then_given_up(tx: Tx) -> None:
    jobs.add(tx, "fetch_media", {"media": 7}, NOW)
    now, waits = NOW, []
    for _ in range(MOST_TRIES):
        job = jobs.take(tx, now)
        assert job is not None
        jobs.failed(tx, job, "TimeoutError", now)
        row = tx.one("SELECT due_on FROM job")
        assert row is not None
        waits.append((moment(row["due_on"]) - now).total_seconds())
        assert jobs.take(tx, now) is None
        now = moment(row["due_on"])
    assert all(later == 2 * sooner for sooner, later in pairwise(waits))
    assert jobs.take(tx, after(days=365)) is None
    assert [(one.kind, one.error, one.is_given_up) for one in jobs.failing(tx)] == [
        ("fetch_media", "TimeoutError", True)
    ]


def test_at_the_start_of_the_program_work_left_behind_is_due_at_once(tx: Tx) -> None:
    jobs.add(tx, "left", {}, NOW)
    jobs.add(tx, "later", {}, after(hours=5))
    left = take(tx)
    jobs.release_all(tx, after(seconds=1))
    assert take(tx, seconds=1).id == left.id
    assert jobs.take(tx, after(seconds=1)) is None


def test_work_that_is_cut_off_loses_no_try_rests_a_while_and_is_given_up_in_the_end(tx: Tx) -> None:
    jobs.add(tx, "export", {}, NOW)
    at, rests = NOW, []
    for _ in range(jobs.MOST_CUT_OFF - 1):
        job = jobs.take(tx, at)
        assert job is not None
        assert job.tries == 1
        assert jobs.release_all(tx, at) == []
        row = tx.one("SELECT due_on FROM job")
        assert row is not None
        rests.append(moment(row["due_on"]) - at)
        at = moment(row["due_on"])
    assert rests[:5] == [timedelta(seconds=seconds) for seconds in (0, 0, 0, 10, 20)]
    assert rests[-1] == timedelta(minutes=5)
    assert jobs.take(tx, at)
    assert [job.kind for job in jobs.release_all(tx, at)] == ["export"]
    assert jobs.take(tx, at + timedelta(days=1)) is None


async def test_a_job_is_never_taken_twice_at_once(path: Database) -> None:
    async with Writer(path) as writer:
        for _ in range(5):
            await writer.run(lambda tx: jobs.add(tx, "export", {}, NOW))
        taken = await asyncio.gather(*(writer.run(lambda tx: jobs.take(tx, NOW)) for _ in range(12)))
    ids = [job.id for job in taken if job]
    assert len(ids) == len(set(ids)) == 5


def test_weekly_work_is_claimed_once_for_each_city_and_week(tx: Tx) -> None:
    assert ledger.last(tx, "workbook", "leiden") is None
    assert ledger.claim(tx, "workbook", "leiden", WEEK, NOW)
    assert not ledger.claim(tx, "workbook", "leiden", WEEK, after(days=1))
    assert ledger.claim(tx, "workbook", "utrecht", WEEK, NOW)
    assert ledger.claim(tx, "delivery", "leiden", WEEK, NOW)
    assert ledger.claim(tx, "workbook", "leiden", WEEK.plus(1), NOW)
    assert ledger.last(tx, "workbook", "leiden") == Week(2026, 48)


def test_the_last_week_is_the_latest_one_over_the_turn_of_the_year(tx: Tx) -> None:
    for week in (Week(2027, 1), Week(2026, 53), Week(2026, 9)):
        ledger.claim(tx, "workbook", "leiden", week, NOW)
    assert ledger.last(tx, "workbook", "leiden") == Week(2027, 1)


def test_finished_work_tells_what_came_of_it(tx: Tx) -> None:
    made = (Made("leiden_2026-W47.xlsx", "0" * 64, 12, 4, 3),)
    ledger.claim(tx, "workbook", "leiden", WEEK, NOW)
    assert ledger.made(tx, "workbook", "leiden", WEEK) is None
    ledger.finish(tx, "workbook", "leiden", WEEK, made, after(minutes=1))
    assert ledger.made(tx, "workbook", "leiden", WEEK) == made
    ledger.claim(tx, "digest", "L1", WEEK, NOW)
    ledger.finish(tx, "digest", "L1", WEEK, (), NOW)
    assert ledger.made(tx, "digest", "L1", WEEK) == ()
    assert ledger.made(tx, "digest", "L9", WEEK) is None


async def test_work_waits_until_it_is_done_or_has_failed(path: Database) -> None:
    async with Writer(path) as writer, reading(path) as reader:
        assert (await backlog(reader, NOW)).is_empty
        await writer.run(lambda tx: jobs.add(tx, "export", {}, after(hours=1)))
        assert (await backlog(reader, NOW)).is_empty
        assert await backlog(reader, after(hours=1)) == Backlog(0, 0, 1)
        job = await writer.run(lambda tx: take(tx, hours=1))
        assert await backlog(reader, after(hours=1)) == Backlog(0, 0, 1)
        await writer.run(lambda tx: jobs.failed(tx, job, "TimeoutError", after(hours=1)))
        assert (await backlog(reader, after(hours=1))).is_empty


@pytest.mark.parametrize("text", ["2026-11-20T15:00:00.000Z", "2026-03-29T01:59:59.999Z"])
def test_a_stored_time_is_read_back(text: str) -> None:
    assert stamp(moment(text)) == text
    assert moment_or_none(None) is None
    assert moment_or_none(text) == moment(text)
