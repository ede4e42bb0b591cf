"""Somebody is erased while a file is made in which they stand: it does not go out, and nothing of it stays."""

import asyncio
from collections.abc import Callable
from email.headerregistry import Address
from functools import partial
from pathlib import Path
from typing import TypeVar

import pytest

from bot.erasing import Eraser
from bot.exporting import make
from bot.jobs import Jobs
from exports.course import untold
from exports.formats import Format
from exports.period import everything
from fieldwork.schedule import Week
from handlers.delivery import exporting, mailing, summarising, weekly
from handlers.delivery.mailing import Envelope
from handlers.rights import ownfiles, ownreflections
from handlers.work import Finish, NotYet
from storage import erasing, jobs, ledger, receipts
from storage.database import Writer
from storage.jobs import Job
from storage.tx import Tx
from tests.e2e.test_erasing import NAME, erase, everything_told
from tests.e2e.test_exports import asked_of, writer_of
from tests.e2e.town import Town

WORDS = "Spreeuwmarkering"
WEEK = Week(2026, 47)
T = TypeVar("T")


def exports(town: Town) -> list[Path]:
    return [path for path in town.play.program.place.exports.rglob("*") if path.is_file()]


def workbooks(town: Town) -> list[Path]:
    return [path for path in exports(town) if path.suffix == ".xlsx"]


def kept(town: Town, finish: Finish) -> None:
    with town.play.in_transaction() as tx:
        finish(tx, town.play.app.desk())


async def test_what_was_being_made_is_made_again_without_them(town: Town) -> None:
    amina, bram, _ = await town.fieldworker(), await town.coordinator(), await town.investigator()
    town.run("UPDATE contact SET email = 'carla@example.org' WHERE name = 'Carla'")
    await town.reflected(amina, "Amina", words=WORDS)
    job, place, desk = await asked_of(town, "Bram"), town.play.program.place, town.play.app.desk()
    city, line, carla = {"city": "utrecht", "week": str(WEEK)}, {"line": "L1", "week": str(WEEK)}, town.person("Carla")
    delivery, letter = Job(0, "delivery", city, 1), Job(0, "letter", {**line, "person": carla}, 1)
    with town.play.in_transaction() as tx:
        ledger.claim(tx, "workbook", "utrecht", WEEK, desk.now)
    kept(town, await asyncio.to_thread(weekly.make_weekly_workbooks, place, desk, delivery, untold))
    begun = [
        await asyncio.to_thread(exporting.export, place, desk, job, untold),
        await asyncio.to_thread(weekly.make_weekly_workbooks, place, desk, delivery, untold),
        await asyncio.to_thread(weekly.deliver, place, desk, delivery, untold),
        await asyncio.to_thread(summarising.digest, place, desk, Job(0, "digest", {**line, "people": [carla]}, 1)),
    ]
    envelope = Envelope(Address("Terugblik", "bot", "example.org"))
    ready = await asyncio.to_thread(partial(mailing.write, place, desk, envelope, letter, encloses=False))
    assert ready is not None and len(workbooks(town)) == 2
    await erase(amina)
    for finish in begun:
        with pytest.raises(NotYet):
            kept(town, finish)
    with pytest.raises(NotYet):
        mailing.hold_back(place, ready)
    assert workbooks(town) == []
    assert not any("Export klaar:" in message.text for message in bram.messages)
    kept(town, await asyncio.to_thread(exporting.export, place, desk, job, untold))
    town.play.app.wake()
    await bram.wait_for("0 reflecties,")


async def test_a_file_of_the_command_line_is_gone_with_who_was_erased_while_it_was_made(town: Town) -> None:
    amina = await town.fieldworker()
    await town.reflected(amina, "Amina", words=WORDS)
    program, desk, person = town.play.program, town.play.app.desk(), town.person("Amina")
    asked: list[int] = []

    def erased(done: int, total: int) -> None:
        if not asked:
            with town.play.in_transaction() as tx:
                asked.append(receipts.ask(tx, person, "RECEIPT1", "utrecht", desk.now))
                erasing.delete(tx, receipts.by_id(tx, asked[0]), "ZZZZ", desk.now)

    made = partial(make, program, desk, desk.city("utrecht"), everything(), "nl", Format.WORKBOOK, erased)
    with pytest.raises(NotYet):
        await asyncio.to_thread(made)
    assert asked and exports(town) == [] and town.count("export") == [0]


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
        await Jobs(writer, town.play.app.reader, desk, {job.kind: make}, partial(ownfiles.clear, program.place)).do(job)
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
        erasure = receipts.ask(tx, town.person(NAME), "RECEIPT1", "utrecht", desk.now)
    assert list(program.media.iterdir())
    async with KilledBehindFirst(program.place.database, lambda: None) as writer:
        with pytest.raises(Killed):
            await Eraser(program, writer).erase(desk, Job(0, "erase", {"erasure": erasure}, 1))
    assert town.count("session", "media") == [0, 0]
    assert list(program.media.iterdir()) == []
