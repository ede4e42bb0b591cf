"""Who can act hears what went wrong: once of each thing, without a word of what anybody said."""

from datetime import timedelta

import pytest

from bot.sandbox import Phone
from bot.sandbox.faults import Fault
from bot.sandbox.refusals import bad_request
from fieldwork.people import Grant, Role
from handlers import operating
from handlers.reflecting.talks import Talk
from handlers.setaside import replay, set_aside
from tests.e2e.conftest import town
from tests.e2e.town import Town, local, reply, say, tap

__all__ = ["town"]

WRONG = "Dit ging mis en wacht op jou:"


async def operator(town: Town, name: str = "Otto") -> Phone:
    phone = town.play.phone(name)
    await town.invited(phone, Grant(Role.OPERATOR), name)
    await phone.wait_for("hoe het met de bot gaat")
    return phone


def alarms(phone: Phone) -> list[str]:
    return [message.text for message in phone.messages if message.text.startswith(WRONG)]


class Stumbles(Exception):
    """A bug, with words in it that must go nowhere."""


def stumble(*_: object) -> None:
    raise Stumbles("KANARIE")


async def test_the_operator_hears_once_of_what_was_set_aside_and_status_lists_it(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    otto, amina = await operator(town), await town.fieldworker()
    told = await reply(otto, "/status Utrecht")
    assert "Nog te lezen: 0. Oudste: –.\n" in told
    assert told.endswith("Er is niets opzij gezet.")
    await town.asked(amina, "Amina")
    with monkeypatch.context() as broken:
        broken.setattr(Talk, "take", stumble)
        amina.say("KANARIE 1")
        await amina.wait_for("iets mis")
    town.play.sandbox.fail("sendMessage", Fault(refusal=bad_request("can't parse")), chat=amina.id)
    amina.say("/help")
    await town.settled()
    for _ in range(3):
        await town.play.forward(minutes=1)
    (update, message) = town.rows(
        "SELECT 'update-' || id AS name FROM inbox WHERE state = 'dead'"
        " UNION ALL SELECT 'message-' || id FROM outbox WHERE state = 'dead'"
    )
    expected = f"{WRONG}\n{update['name']}: Stumbles\n{message['name']}: bad request\nStuur /status voor het overzicht."
    assert alarms(otto) == [expected]
    await town.play.forward(hours=2)
    told = await reply(otto, "/status")
    assert "Opzij gezet: 2." in told
    assert f"{update['name']}: Stumbles, 2 uur geleden" in told
    assert "Laatst opgehaald:" in told
    assert alarms(otto) == [expected]
    assert "KANARIE" not in told + expected
    assert "Amina" not in told + expected
    assert amina.messages[-1].text != expected


async def test_a_refused_word_to_the_operator_raises_no_further_alarm(town: Town) -> None:
    otto = await operator(town)
    town.play.sandbox.fail("sendMessage", Fault(refusal=bad_request("can't parse")), chat=otto.id)
    otto.say("/help")
    await town.settled()
    for _ in range(3):
        await town.play.app.tick()
    await town.settled()
    assert alarms(otto) == []
    assert "Opzij gezet: 1." in await reply(otto, "/status")


async def test_what_waited_before_there_was_an_operator_is_told_when_there_is_one(town: Town) -> None:
    amina = await town.fieldworker()
    town.play.sandbox.fail("sendMessage", Fault(refusal=bad_request("can't parse")), chat=amina.id)
    amina.say("/help")
    await town.settled()
    await town.play.app.tick()
    otto = await operator(town)
    await town.play.app.tick()
    await otto.wait_for(WRONG)


async def test_at_night_an_alarm_waits_for_the_morning(town: Town) -> None:
    otto, amina = await operator(town), await town.fieldworker()
    await town.play.forward_to(local(18, 23))
    town.play.sandbox.fail("sendMessage", Fault(refusal=bad_request("can't parse")), chat=amina.id)
    amina.say("/help")
    await town.settled()
    await town.play.forward_to(local(19, 8))
    assert alarms(otto) == []
    await town.play.forward_to(local(19, 9))
    assert len(alarms(otto)) == 1


async def test_a_monday_that_is_given_up_is_told_to_the_coordinator_and_the_operator_and_can_be_made_good(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    otto, bram, amina = await operator(town), await town.coordinator(), await town.fieldworker()
    await town.reflected(amina, "Amina")
    with monkeypatch.context() as broken:
        broken.setattr("handlers.delivery.exportfiles.write_file", stumble)
        await town.play.forward_to(local(23, 12))
        await bram.wait_for("Het weekbestand van Utrecht, week 47, is niet gelukt.")
    told = "\n".join(alarms(otto))
    assert "workbook: Stumbles" in told
    assert "delivery: NotYet" in told
    assert "delivery utrecht 2026-W47" in told
    assert "KANARIE" not in told
    with town.play.in_transaction() as tx:
        for one in set_aside(tx):
            assert replay(tx, one.id, town.play.clock.now())
    for _ in range(2):
        await town.play.forward(minutes=1)
    await bram.wait_for(lambda message: message.document is not None)
    assert "Er is niets opzij gezet." in await reply(otto, "/status")


async def test_after_a_quarter_of_an_hour_without_fetching_the_operator_hears_once(town: Town) -> None:
    otto, desk = await operator(town), town.play.app.desk
    for minutes in (14, 15, 16, 17):
        with town.play.in_transaction() as tx:
            operating.raise_alarms(tx, desk(), timedelta(minutes=minutes))
    await otto.wait_for("Er is een kwartier of langer niets opgehaald.")
    await town.settled()
    assert len(alarms(otto)) == 1


async def test_who_coordinates_and_operates_reads_both(town: Town) -> None:
    bram = await town.coordinator()
    await town.invited(bram, Grant(Role.OPERATOR), "Bram")
    await bram.wait_for("beheerder")
    await town.settled()
    assert [command.name for command in bram.commands].count("status") == 1
    bram.catch_up()
    await say(bram, "/status", "Zo gaat het met de bot:")
    await bram.wait_for("Utrecht")


async def test_nobody_else_reads_how_the_bot_is(town: Town) -> None:
    for phone in (await town.fieldworker(), await town.investigator()):
        assert "Zo gaat het" not in await reply(phone, "/status")


async def test_a_replay_of_everything_tells_nothing_anew(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    otto, amina = await operator(town), await town.fieldworker()
    await town.asked(amina, "Amina")
    with monkeypatch.context() as broken:
        broken.setattr(Talk, "take", stumble)
        amina.say("1")
        await amina.wait_for("iets mis")
        await town.play.app.tick()
        await otto.wait_for(WRONG)
    await tap(amina, "1", "Vraag 2 van 11")
    await town.play.app.tick()
    assert len(alarms(otto)) == 1
