"""Making a file takes time: how far it is can be read, it can be stopped, and what goes wrong is told."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from threading import Event

import pytest

from bot.following import SAID_EVERY, followed
from bot.sandbox import Phone
from exports.course import Told, Unwanted, untold
from exports.formats import Format
from fieldwork.messages import Command, Incoming
from fieldwork.people import Grant, Role
from handlers.delivery import course, exporting
from handlers.desk import Caller
from handlers.work import Finish
from storage import jobs, people
from storage.database import Writer
from storage.jobs import Job
from tests.e2e.town import Town, say, tap

STOP = "Toch niet maken"


async def asked_of(town: Town, name: str, made_as: Format = Format.WORKBOOK) -> Job:
    """An export that the person asked for and that nobody makes but the test."""
    play, desk = town.play, town.play.app.desk()
    with play.in_transaction() as tx:
        person = people.by_id(tx, town.person(name))
        urn = people.urn_of(tx, person.id) or ""
        incoming = Incoming("asked", urn, Command("export"), play.clock.now())
        course.begin(tx, desk, Caller(person, urn, incoming), {"city": "utrecht", "week": "", "as": made_as})
        job = jobs.take(tx, play.clock.now())
    assert job is not None
    play.app.wake()
    return job


async def made_of(town: Town, job: Job, **limits: int) -> None:
    """Make it where files have these limits, and say what there is to say."""
    place, desk = replace(town.play.program.place, **limits), town.play.app.desk()  # type: ignore[arg-type]  # by name
    finish = await asyncio.to_thread(exporting.export, place, desk, job, untold)
    with town.play.in_transaction() as tx:
        finish(tx, desk)
    town.play.app.wake()


@asynccontextmanager
async def writer_of(town: Town) -> AsyncIterator[Writer]:
    """A writer of the test's own, after whose commits the bot looks at once."""
    loop, app = asyncio.get_running_loop(), town.play.app

    def committed() -> None:
        loop.call_soon_threadsafe(app.wake)

    async with Writer(town.play.program.place.database, committed) as writer:
        yield writer


def labels(phone: Phone) -> list[str]:
    """What can be tapped in the whole chat about an export."""
    return [label for message in phone.messages for row in message.labels for label in row if label == STOP]


class Long:
    """Work that ends only when it is stopped."""

    def __init__(self) -> None:
        self.begun, self.ended = Event(), Event()

    def __call__(self, told: Told) -> Finish:
        self.begun.set()
        try:
            while True:
                told(1, 2)
                time.sleep(0.005)
        finally:
            self.ended.set()


async def test_the_message_says_how_far_it_is_every_two_seconds_and_then_that_it_is_done(town: Town) -> None:
    bram = await town.coordinator()
    job = await asked_of(town, "Bram")
    await bram.wait_for("Ik maak het bestand.")
    before, seen = len(bram.messages), Event()

    def slowly(told: Told) -> Finish:
        for done in range(13):
            told(min(done, 3), 12)
        seen.wait(20)
        return lambda tx, desk: course.end(tx, desk, job)

    edits = "SELECT id FROM outbox WHERE edit_of IS NOT NULL"
    said_before, began = len(town.rows(edits)), time.monotonic()
    async with writer_of(town) as writer:
        making = asyncio.create_task(followed(slowly, job, writer, town.play.app.desk, said_every=0.1))
        await bram.wait_for("Export maken: 3 van 12 vragenlijsten.")
        assert labels(bram) == [STOP]
        seen.set()
        finish = await making
        said = len(town.rows(edits)) - said_before
        assert (said + 1) * 0.1 <= time.monotonic() - began, "its last words come no sooner after the others"
        assert SAID_EVERY == 2
        await writer.run(lambda tx: finish(tx, town.play.app.desk()))
        await bram.wait_for("Het maken is klaar.")
    assert len(bram.messages) == before, "it is one message that changes"
    assert labels(bram) == []


async def test_the_button_stops_the_work_and_leaves_nothing(town: Town) -> None:
    bram = await town.coordinator()
    job = await asked_of(town, "Bram")
    await bram.wait_for("Ik maak het bestand.")
    long = Long()
    async with writer_of(town) as writer:
        making = asyncio.create_task(followed(long, job, writer, town.play.app.desk, said_every=0.02))
        await bram.wait_for("Export maken: 1 van 2")
        await tap(bram, STOP, "Ik ben gestopt. Er is geen bestand gemaakt.")
        with pytest.raises(Unwanted):
            await making
    assert long.ended.is_set()
    (row,) = town.rows("SELECT state, error FROM job WHERE kind = 'export'")
    assert (row["state"], row["error"]) == ("done", "cancelled")
    assert [row["verb"] for row in town.rows("SELECT verb FROM audit WHERE verb LIKE 'export%'")] == ["export_stopped"]
    assert labels(bram) == []


async def test_who_ends_the_bot_ends_the_work(town: Town) -> None:
    await town.coordinator()
    job = await asked_of(town, "Bram")
    long = Long()
    async with writer_of(town) as writer:
        making = asyncio.create_task(followed(long, job, writer, town.play.app.desk))
        await asyncio.to_thread(long.begun.wait, 20)
        making.cancel()
        with pytest.raises(asyncio.CancelledError):
            await making
        assert await asyncio.to_thread(long.ended.wait, 20)


async def test_nobody_stops_what_another_asked_for(town: Town) -> None:
    await town.coordinator()
    olga = await town.coordinator("Olga")
    job = await asked_of(town, "Bram")
    olga.say("/export")
    await olga.wait_for("Welke periode?")
    newest = olga.last
    olga.tap_data(f"d:{town.person('Olga')}:0:{course.STOPPING}:{job.id}", newest)
    await olga.wait_for(town.play.program.texts.say("err.stale_button", "nl"))
    assert [row["state"] for row in town.rows("SELECT state FROM job WHERE id = :id", id=job.id)] == ["open"]


async def test_a_file_that_is_too_large_is_announced_with_its_number_and_its_place(town: Town) -> None:
    amina, bram = await town.fieldworker(), await town.coordinator()
    otto = town.play.phone("Otto")
    await town.invited(otto, Grant(Role.OPERATOR), "Otto")
    await town.reflected(amina, "Amina")
    await made_of(town, await asked_of(town, "Bram"), most_sent=100)
    (row,) = town.rows("SELECT id, file FROM export")
    told = await bram.wait_for("maar te groot om te sturen: 1 MB")
    assert f"Het is bestand {row['id']}." in told.text
    assert not any(message.document for message in bram.messages)
    path = town.play.program.place.exports / row["file"]
    assert path.is_file()
    assert str(path) in (await otto.wait_for("te groot om te sturen")).text


async def test_more_rows_than_a_sheet_holds_are_told_of_or_refused(town: Town) -> None:
    amina, bram = await town.fieldworker(), await town.coordinator()
    await town.reflected(amina, "Amina")
    await made_of(town, await asked_of(town, "Bram"), most_rows=100)
    told = await bram.wait_for("Export klaar: utrecht_all_wijkwerkplaats_reflectie.xlsx")
    assert told.text.endswith("Niet alles past op één blad. De rest staat op Codeboek 2.")

    await made_of(town, await asked_of(town, "Bram", Format.SURVEY), most_rows=1)
    told = await bram.wait_for("Een enquête heeft één blad.")
    assert "Daarop passen 0 reflecties, en het zijn er 1. Vraag een week tegelijk, of kies CSV-pakket." in told.text
    assert not labels(bram) and bram.messages[-2].text.startswith("Ik ben gestopt. Er is geen bestand gemaakt.")
    assert len([one for one in bram.messages if one.document]) == 1
    assert not list(town.play.program.place.exports.rglob("*_survey*"))


async def test_rows_that_do_not_add_up_are_not_delivered_and_the_operator_reads_why(town: Town) -> None:
    amina, bram = await town.fieldworker(), await town.coordinator()
    otto = town.play.phone("Otto")
    await town.invited(otto, Grant(Role.OPERATOR), "Otto")
    await town.reflected(amina, "Amina")
    with closing(sqlite3.connect(town.play.program.place.database.path)) as broken, broken:
        columns = [row[1] for row in broken.execute("PRAGMA table_info(session)") if row[1] not in ("id", "prompt_id")]
        values = ", ".join({"person_id": "999", "instance_id": "'uuid:lost'"}.get(name, name) for name in columns)
        broken.execute(f"INSERT INTO session ({', '.join(columns)}) SELECT {values} FROM session")
    await say(bram, "/export", "Welke periode?")
    await tap(bram, "Alles", "Het is niet gelukt om het bestand te maken.")
    assert not any(message.document for message in bram.messages)
    (row,) = town.rows("SELECT state, tries, error FROM job WHERE kind = 'export'")
    assert (row["state"], row["tries"]) == ("failed", 1)
    assert row["error"].startswith("RowsDoNotAddUp: 2 sessions in the database, 1 in the sheet")
    await town.play.forward(minutes=1)
    assert "RowsDoNotAddUp: 2 sessions" in (await otto.wait_for("Dit ging mis en wacht op jou")).text
    assert not list(town.play.program.place.exports.rglob("*.xlsx*"))
