"""The channel stumbles and the bot is stopped at bad moments: nothing is lost, nothing is doubled."""

import asyncio
from datetime import timedelta
from functools import partial
from pathlib import Path
from random import Random

import pytest

from bot.app import opened
from bot.channel import TokenRevoked
from bot.pace import Pace
from bot.program import prepare
from bot.rehearsal import UNHURRIED, rehearsed_program
from bot.sandbox import Fault, Phone, Sandbox
from bot.sandbox.messages import ChatMessage
from bot.sandbox.refusals import Refusal
from bot.telegram.channel import TelegramChannel
from tests.e2e.town import Town, local, offers, say, stopped_clock, tap, town

STEPS = [("1", 2), ("Overslaan", 3), ("4", 4), *(("Overslaan", number) for number in range(5, 12))]
"""What is tapped, and the number of the question that comes then."""
METHODS = ["sendMessage", "editMessageText"] * 4 + ["getUpdates", "answerCallbackQuery"]
"""Which call goes wrong after which tap."""


def puts(number: int, message: ChatMessage) -> bool:
    """Whether the message puts this question, rather than showing its answer."""
    return message.text.startswith(f"Vraag {number} van 11") and bool(message.buttons)


def times_put(phone: Phone, number: int) -> int:
    return sum(not message.mine and message.text.startswith(f"Vraag {number} van 11") for message in phone.messages)


async def answer_to_the_end(phone: Phone) -> None:
    for label, following in STEPS:
        phone.tap(label)
        await phone.wait_for(partial(puts, following), within=20)
    phone.tap("Geen foto")
    await phone.wait_for(partial(offers, "Ja, versturen"), within=20)
    phone.tap("Ja, versturen")
    await phone.wait_for("Verstuurd.", within=20)


async def put_in_the_end(place: Town, phone: Phone, number: int) -> None:
    """Let minutes pass until the question is there."""
    for _ in range(10):
        await place.settled()
        if any(puts(number, message) for message in phone.messages):
            return
        await place.play.forward(minutes=3)
    raise AssertionError(phone.transcript())


def expect_whole(place: Town) -> None:
    """Eleven answers, each once, sent."""
    assert place.count("session", "answer") == [1, 11]
    assert [row["n"] for row in place.rows("SELECT count(*) AS n FROM answer GROUP BY path")] == [1] * 11
    assert [row["state"] for row in place.rows("SELECT state FROM session")] == ["completed"]
    assert place.rows("SELECT 1 FROM inbox WHERE state <> 'done'") == []
    assert place.rows("SELECT 1 FROM outbox WHERE state IN ('dead', 'queued', 'sending')") == []


async def test_a_bot_that_is_stopped_after_every_tap_loses_and_doubles_nothing(tmp_path: Path) -> None:
    clock, chance = stopped_clock(), Random(11)
    async with Sandbox(clock.now) as sandbox:
        async with town(tmp_path, clock, sandbox) as place:
            amina = await place.fieldworker()
            await place.asked(amina, "Amina")
        for label, following in STEPS:
            amina.tap(label)
            async with town(tmp_path, clock, sandbox):
                for _ in range(chance.randrange(12)):
                    await asyncio.sleep(0)
            async with town(tmp_path, clock, sandbox):
                await amina.wait_for(partial(puts, following))
        async with town(tmp_path, clock, sandbox) as place:
            await tap(amina, "Geen foto", "Klopt alles?")
            await tap(amina, "Ja, versturen", "Verstuurd.")
            await place.settled()
            expect_whole(place)
        assert [times_put(amina, number) for number in range(1, 12)] == [1] * 11


async def test_what_is_said_while_the_bot_is_off_is_answered_when_it_is_back(tmp_path: Path) -> None:
    clock = stopped_clock()
    async with Sandbox(clock.now) as sandbox:
        async with town(tmp_path, clock, sandbox) as place:
            amina = await place.fieldworker()
            await place.asked(amina, "Amina")
            await tap(amina, "1", "Vraag 2 van 11")
            await tap(amina, "Overslaan", "Vraag 3 van 11")
            await tap(amina, "Overslaan", "Vraag 4 van 11")
            await place.settled()
        clock.forward_to(clock.now() + timedelta(minutes=10))
        amina.say("Een bewoner nam het woord.")
        amina.say("Ik luisterde.")
        async with town(tmp_path, clock, sandbox) as place:
            await amina.wait_for("Ik heb 2 berichten van je gekregen.")
            await tap(amina, "Klaar", "Vraag 5 van 11")
            assert place.answers()["moment"] == "Een bewoner nam het woord.\nIk luisterde."


async def test_a_message_that_was_under_way_at_a_crash_is_not_lost(tmp_path: Path) -> None:
    clock = stopped_clock()
    async with Sandbox(clock.now) as sandbox:
        async with town(tmp_path, clock, sandbox) as place:
            amina = await place.fieldworker()
            await place.asked(amina, "Amina")
            await place.settled()
            place.run("UPDATE outbox SET state = 'sending', message = NULL WHERE asking = 1")
        async with town(tmp_path, clock, sandbox) as place:
            await place.play.forward(minutes=3)
            assert times_put(amina, 1) == 2
            await answer_to_the_end(amina)
            await place.settled()
            expect_whole(place)


async def test_a_tap_proves_that_what_was_under_way_arrived(tmp_path: Path) -> None:
    clock = stopped_clock()
    async with Sandbox(clock.now) as sandbox:
        async with town(tmp_path, clock, sandbox) as place:
            amina = await place.fieldworker()
            await place.asked(amina, "Amina")
            await place.settled()
            place.run("UPDATE outbox SET state = 'sending', message = NULL WHERE asking = 1")
        async with town(tmp_path, clock, sandbox) as place:
            await answer_to_the_end(amina)
            await place.play.forward(minutes=10)
            assert times_put(amina, 1) == 1
            expect_whole(place)


@pytest.mark.parametrize(
    "fault",
    [Fault.server_error(500), Fault.server_error(502), Fault.too_many_requests(1), Fault.dropped_before()],
    ids=["500", "502", "429", "dropped before"],
)
async def test_a_call_that_fails_is_made_again(town: Town, fault: Fault) -> None:
    amina, bilal = await town.fieldworker(), await town.fieldworker("Bilal")
    town.workshop("Amina", "Bilal", ends_on=local(18, 16))
    await town.play.forward_to(local(18, 16, 15))
    for phone in (amina, bilal):
        await tap(phone, "Start", "Vraag 1 van 11")
    await town.settled()
    town.play.sandbox.fail("sendMessage", fault, chat=amina.id)
    amina.tap("1")
    await tap(bilal, "1", "Vraag 2 van 11")
    await town.settled()
    await put_in_the_end(town, amina, 2)
    await tap(amina, "Overslaan", "Vraag 3 van 11")
    assert times_put(amina, 2) == 1


async def test_a_reflection_comes_to_its_end_whatever_the_channel_does(town: Town) -> None:
    amina = await town.fieldworker()
    await town.asked(amina, "Amina")
    await town.settled()
    faults = [
        Fault.server_error(500),
        Fault.too_many_requests(1),
        Fault.dropped_after(),
        Fault.dropped_before(),
        Fault.server_error(503),
    ]
    for number, (label, following) in enumerate(STEPS):
        method = METHODS[number]
        town.play.sandbox.fail(method, faults[number % len(faults)])
        amina.tap(label)
        await put_in_the_end(town, amina, following)
    town.play.sandbox.world.faults.clear()
    await tap(amina, "Geen foto", "Klopt alles?")
    await tap(amina, "Ja, versturen", "Verstuurd.")
    await town.settled()
    await town.play.forward(minutes=40)
    expect_whole(town)


async def test_a_message_that_arrived_without_an_answer_is_repeated_once_at_most(town: Town) -> None:
    amina = await town.fieldworker()
    await town.asked(amina, "Amina")
    await town.settled()
    town.play.sandbox.fail("sendMessage", Fault.dropped_after())
    await tap(amina, "1", "Vraag 2 van 11")
    await town.settled()
    await town.play.forward(hours=1)
    assert times_put(amina, 2) == 2
    await tap(amina, "Overslaan", "Vraag 3 van 11")
    assert town.answers() == {"held": "as_planned", "present": "skipped"}


async def test_an_album_and_an_edit_that_come_twice_are_handled_once(town: Town) -> None:
    amina = await town.fieldworker()
    await town.asked(amina, "Amina")
    for label, following in STEPS[:3]:
        await tap(amina, label, f"Vraag {following} van 11")
    message = amina.say("eerst")
    await amina.wait_for("Ik heb je bericht.")
    amina.edit(message, "later")
    await amina.wait_for("Ik bewaar de nieuwe tekst.")
    seen = len(amina.messages)
    town.play.sandbox.redeliver(4)
    await say(amina, "nog iets", "Ik heb 2 berichten van je gekregen.")
    await town.settled()
    assert len(amina.messages) == seen + 2
    assert [row["text"] for row in town.rows("SELECT text FROM part ORDER BY position")] == ["later", "nog iets"]


async def test_update_ids_that_start_anew_are_new_updates(town: Town) -> None:
    amina = await town.fieldworker()
    await town.asked(amina, "Amina")
    town.play.sandbox.restart_update_ids(5)
    await tap(amina, "1", "Vraag 2 van 11")
    await tap(amina, "Overslaan", "Vraag 3 van 11")


async def test_a_revoked_token_ends_serving(tmp_path: Path) -> None:
    clock = stopped_clock()
    program = rehearsed_program(tmp_path, clock.now, Random(1))
    forms = prepare(program)
    async with (
        Sandbox(clock.now) as sandbox,
        TelegramChannel(sandbox.token, sandbox.url, random=program.random) as channel,
        opened(program, forms, channel, Pace(UNHURRIED, UNHURRIED)) as app,
    ):
        serving = asyncio.create_task(app.serve())
        phone = sandbox.phone("Amina")
        phone.start()
        await phone.wait_for("Deze bot is alleen voor veldwerkers")
        sandbox.fail("*", Fault(refusal=Refusal(401, "Unauthorized")), times=10)
        phone.say("Hallo?")
        with pytest.raises(TokenRevoked, match="BotFather"):
            await asyncio.wait_for(serving, 10)


async def test_serving_ends_when_it_is_cancelled_at_the_very_moment_something_comes_in(tmp_path: Path) -> None:
    clock = stopped_clock()
    program = rehearsed_program(tmp_path, clock.now, Random(1))
    forms = prepare(program)
    async with (
        Sandbox(clock.now) as sandbox,
        TelegramChannel(sandbox.token, sandbox.url, random=program.random) as channel,
        opened(program, forms, channel, Pace(UNHURRIED, UNHURRIED)) as app,
    ):
        for turns in range(6):
            serving = asyncio.create_task(app.serve())
            phone = sandbox.phone(f"Vreemde {turns}")
            phone.start()
            await phone.wait_for("Deze bot is alleen voor veldwerkers")
            for _ in range(5):
                # Every look at the database queues behind those of the parts, which then wait to be woken.
                await app.at_rest()
            app.wake()
            for _ in range(turns):
                await asyncio.sleep(0)
            serving.cancel()
            _, unfinished = await asyncio.wait([serving], timeout=5)
            assert not unfinished
            assert serving.cancelled()


async def test_a_message_that_comes_again_under_another_update_id_is_handled_once(town: Town) -> None:
    amina = await town.fieldworker()
    await town.asked(amina, "Amina")
    message = amina.say("1")
    await amina.wait_for("Vraag 2 van 11")
    seen = len(amina.messages)
    again = amina.chat.message_json(amina.message(message))
    town.play.sandbox.world.updates.put("message", again, amina.id)
    await town.settled()
    assert len(amina.messages) == seen
    assert town.answers() == {"held": "as_planned"}
