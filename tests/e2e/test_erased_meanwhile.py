"""Somebody is erased while a file is made in which they stand: it does not go out, and nothing of it stays."""

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

import pytest

from bot.erasing import Eraser
from bot.jobs import Jobs
from exports.course import untold
from fieldwork.schedule import Week
from handlers import ownfiles, ownreflections, work
from handlers.work import Finish, NotYet
from storage import erasing, jobs
from storage.connection import Tx
from storage.database import Writer
from storage.jobs import Job
from tests.e2e.test_erasing import NAME, erase, everything_told
from tests.e2e.test_exports import asked_of, writer_of
from tests.e2e.town import Town

WORDS = "Spreeuwmarkering"
WEEK = Week(2026, 47)
T = TypeVar("T")


def exports(town: Town) -> list[Path]:
    return [path for path in town.play.program.place.exports.rglob("*") if path.is_file()]


def kept(town: Town, finish: Finish) -> None:
    with town.play.in_transaction() as tx:
        finish(tx, town.play.app.desk())


async def test_a_file_that_was_being_made_is_made_again_without_them(town: Town) -> None:
    amina, bram = await town.fieldworker(), await town.coordinator()
    await town.reflected(amina, "Amina", words=WORDS)
    job, place, desk = await asked_of(town, "Bram"), town.play.program.place, town.play.app.desk()
    week = Job(0, "delivery", {"city": "utrecht", "week": str(WEEK)}, 1)
    begun = [
        await asyncio.to_thread(work.export, place, desk, job, untold),
        await asyncio.to_thread(work.make_weekly_workbooks, place, desk, week, untold),
    ]
    assert len(exports(town)) == 2
    await erase(amina)
    for finish in begun:
        with pytest.raises(NotYet):
            kept(town, finish)
    assert exports(town) == [] and town.count("export") == [0]
    kept(town, await asyncio.to_thread(work.export, place, desk, job, untold))
    town.play.app.wake()
    await bram.wait_for("0 reflecties,")


async def test_a_copy_for_who_was_erased_while_it_was_made_does_not_stay(town: Town) -> None:
    amina = await town.fieldworker()
    await town.reflected(amina, "Amina", words=WORDS)
    program, desk = town.play.program, town.play.app.desk
    with town.play.in_transaction() as tx:
        jobs.add(tx, ownreflections.KIND, {"person": town.person("Amina")}, desk().now)
        job = jobs.take(tx, desk().now)
    assert job is not None
    made: list[bytes] = []

    async def make(job: Job) -> Finish:
        finish = await asyncio.to_thread(ownreflections.make, program.media, program.place, desk(), job)
        made.extend(path.read_bytes() for path in exports(town))
        await erase(amina)
        await town.settled()
        (program.place.exports / "own" / f"{job.detail['person']}-{job.id}.html").write_bytes(made[0])
        return finish

    async with writer_of(town) as writer:
        await Jobs(writer, desk, {job.kind: make}, partial(ownfiles.clear, program.place)).do(job)
    assert WORDS.encode() in made[0]
    assert exports(town) == []


class Killed(Exception):
    """The program ends here."""


class KilledBehindFirst(Writer):
    """A writer that ends the program behind its first commit."""

    async def run(self, work: Callable[[Tx], T]) -> T:
        """Commit, and be killed."""
        await super().run(work)
        raise Killed


async def test_who_is_killed_behind_the_deleting_leaves_no_file_behind(town: Town) -> None:
    amina = await town.fieldworker(NAME)
    await everything_told(town, amina)
    program, desk = town.play.program, town.play.app.desk()
    with town.play.in_transaction() as tx:
        erasure = erasing.ask(tx, town.person(NAME), "RECEIPT1", "utrecht", desk.now)
    assert list(program.media.iterdir())
    async with KilledBehindFirst(program.place.database, lambda: None) as writer:
        with pytest.raises(Killed):
            await Eraser(program, writer).erase(desk, Job(0, "erase", {"erasure": erasure}, 1))
    assert town.count("session", "media") == [0, 0]
    assert list(program.media.iterdir()) == []
