"""When people are asked, asked later, reminded and let go; and that an old button or a second tap harms nothing."""

from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from bot.sandbox import Fault, Phone, Sandbox
from bot.sandbox.messages import ChatMessage
from tests.e2e.town import Town, data_under, local, offers, reply, say, stopped_clock, tap, town

SKIP = "Deze sla ik over"
ASKED = "Je was bij de workshop Groen"
STALE = "Deze knop hoort bij een oude vraag. Kijk onderaan voor de nieuwste vraag."


def told(phone: Phone, words: str) -> list[datetime]:
    """When the bot said this."""
    return [message.date for message in phone.messages if not message.mine and words in message.text]


def choices(message: ChatMessage) -> list[str]:
    return [label for row in message.labels for label in row]


async def test_who_wants_it_right_after_is_asked_a_quarter_of_an_hour_after_the_end(town: Town) -> None:
    amina = await town.fieldworker()
    town.workshop("Amina", ends_on=local(18, 16))
    await town.play.forward_to(local(19, 12))
    assert told(amina, ASKED) == [local(18, 16, 15)]
    asked = next(message for message in amina.messages if ASKED in message.text)
    assert asked.text == (
        "Hallo Amina. Je was bij de workshop Groen in Overvecht.\n"
        "Ik heb 11 korte vragen. Dat kost ongeveer 5 minuten.\n"
        "Je kunt antwoorden tot zaterdag 21 november om 16:15."
    )
    assert choices(asked) == ["Start", "Later", "Ik was er niet bij"]


async def test_who_prefers_the_morning_is_asked_at_half_past_eight(town: Town) -> None:
    amina = await town.fieldworker(in_the_morning=True)
    town.workshop("Amina", ends_on=local(18, 16))
    await town.play.forward_to(local(19, 12))
    assert told(amina, ASKED) == [local(19, 8, 30)]


@pytest.mark.parametrize(
    ("ends_on", "asked_on"),
    [
        (local(18, 21, 40), local(18, 21, 55)),
        (local(18, 21, 45), local(18, 22)),
        (local(18, 21, 50), local(19, 8, 30)),
        (local(19, 2), local(19, 8, 30)),
    ],
)
async def test_late_workshops_are_asked_about_until_ten_and_then_in_the_morning(
    town: Town, ends_on: datetime, asked_on: datetime
) -> None:
    amina = await town.fieldworker()
    town.workshop("Amina", ends_on=ends_on)
    await town.play.forward_to(local(19, 12))
    assert told(amina, ASKED) == [asked_on]


@pytest.mark.parametrize(
    ("ends_on", "offered"),
    [
        (local(18, 16), ["Over 1 uur", "Vanavond 20:00", "Morgen 08:30", SKIP]),
        (local(18, 18, 45), ["Over 1 uur", "Morgen 08:30", SKIP]),
        (local(18, 19, 44), ["Over 1 uur", "Vanavond 20:00", "Morgen 08:30", SKIP]),
        (local(18, 20), ["Morgen 08:30", SKIP]),
        (local(18, 21, 40), ["Morgen 08:30", SKIP]),
    ],
)
async def test_later_offers_no_time_in_quiet_hours_and_none_twice(
    town: Town, ends_on: datetime, offered: list[str]
) -> None:
    amina = await town.fieldworker()
    town.workshop("Amina", ends_on=ends_on)
    await town.play.forward_to(ends_on + timedelta(minutes=15))
    await tap(amina, "Later", "Wanneer zal ik het weer vragen?")
    assert choices(amina.last) == offered


async def test_a_postponed_question_survives_a_restart(tmp_path: Path) -> None:
    clock = stopped_clock()
    async with Sandbox(clock.now) as sandbox:
        async with town(tmp_path, clock, sandbox) as before:
            amina = await before.fieldworker()
            before.workshop("Amina", ends_on=local(18, 16))
            await before.play.forward_to(local(18, 16, 15))
            await tap(amina, "Later", "Wanneer zal ik het weer vragen?")
            await tap(amina, "Over 1 uur", "Ik vraag het je woensdag 18 november om 17:15.")
        async with town(tmp_path, clock, sandbox) as after:
            await after.play.forward_to(local(18, 20))
            assert told(amina, ASKED) == [local(18, 16, 15), local(18, 17, 15)]
            await tap(amina, "Start", "Vraag 1 van 11")


async def test_not_having_been_there_can_be_taken_back(town: Town) -> None:
    amina = await town.fieldworker()
    town.workshop("Amina", ends_on=local(18, 16))
    await town.play.forward_to(local(18, 16, 15))
    await tap(amina, "Ik was er niet bij", "Ik noteer dat je er niet bij was.")
    assert [row["state"] for row in town.rows("SELECT state FROM prompt")] == ["absent"]
    await tap(amina, "Ik was er wel", ASKED)
    await tap(amina, "Start", "Vraag 1 van 11")
    assert [row["state"] for row in town.rows("SELECT state FROM prompt")] == ["opened"]


async def test_who_was_not_there_is_not_reminded(town: Town) -> None:
    amina = await town.fieldworker()
    town.workshop("Amina", ends_on=local(18, 16))
    await town.play.forward_to(local(18, 16, 15))
    await tap(amina, "Ik was er niet bij", "Ik noteer dat je er niet bij was.")
    seen = len(amina.messages)
    await town.play.forward_to(local(22, 12))
    assert len(amina.messages) == seen


async def test_who_did_not_begin_is_reminded_twice_and_then_let_go(town: Town) -> None:
    amina = await town.fieldworker()
    town.workshop("Amina", ends_on=local(18, 16))
    await town.play.forward_to(local(25, 12))
    assert told(amina, ASKED) == [local(18, 16, 15)]
    assert told(amina, "De vragen over Groen staan nog open.") == [local(19, 16, 15), local(20, 16, 15)]
    assert told(amina, "De vragen over Groen zijn gesloten. Dat geeft niet.") == [local(21, 16, 15)]
    assert [row["state"] for row in town.rows("SELECT state FROM prompt")] == ["expired"]


async def test_reminders_go_on_with_the_session_and_closing_keeps_what_was_answered(town: Town) -> None:
    amina = await town.fieldworker()
    await town.asked(amina, "Amina")
    await tap(amina, "1", "Vraag 2 van 11")
    await town.play.forward_to(local(19, 16, 15))
    await amina.wait_for("Je bent al bij vraag 2 van 11. Nog 10 te gaan.")
    amina.tap("Verder")
    await amina.wait_for(partial(offers, "Overslaan"))
    await tap(amina, "Overslaan", "Vraag 3 van 11")
    question = amina.last
    await town.play.forward_to(local(25, 12))
    assert told(amina, "Je bent al bij vraag") == [local(19, 16, 15), local(20, 16, 15)]
    assert told(amina, "Je had 1 van de 11 vragen beantwoord. Die antwoorden bewaren we.") == [local(21, 16, 15)]
    assert town.answers() == {"held": "as_planned", "present": "skipped"}
    assert town.count("session") == [1]
    assert [row["state"] for row in town.rows("SELECT state FROM session")] == ["expired"]
    assert amina.message(question).buttons == ()


async def test_a_button_of_closed_questions_says_so(town: Town) -> None:
    amina = await town.fieldworker()
    await town.asked(amina, "Amina")
    choose, message = data_under(amina, "1")
    await town.play.forward_to(local(29, 12))
    toasts = len(amina.toasts)
    amina.tap_data(choose, message)
    await amina.until(lambda: len(amina.toasts) > toasts)
    assert amina.toasts[-1] == STALE
    await tap(amina, "Verder", "Deze vragen zijn gesloten.")
    assert town.answers() == {}


async def test_reminders_and_closing_stay_out_of_the_quiet_hours(town: Town) -> None:
    amina = await town.fieldworker()
    town.workshop("Amina", ends_on=local(18, 21, 40))
    await town.play.forward_to(local(25, 12))
    assert told(amina, ASKED) == [local(18, 21, 55)]
    assert told(amina, "staan nog open") == [local(20, 8, 30), local(21, 8, 30)]
    assert told(amina, "zijn gesloten") == [local(22, 8, 30)]


async def test_after_a_night_off_nobody_is_written_to_before_the_morning(town: Town) -> None:
    amina = await town.fieldworker()
    town.workshop("Amina", ends_on=local(18, 16))
    await town.play.jump_to(local(19, 2))
    assert told(amina, ASKED) == []
    await town.play.forward_to(local(19, 12))
    assert told(amina, ASKED) == [local(19, 8, 30)]


async def test_after_days_off_each_reminder_is_sent_once_at_most(town: Town) -> None:
    amina = await town.fieldworker()
    town.workshop("Amina", ends_on=local(18, 16))
    await town.play.forward_to(local(18, 16, 15))
    await town.play.jump_to(local(20, 23))
    await town.play.forward_to(local(21, 12))
    assert told(amina, "staan nog open") == [local(21, 8, 30)]


async def test_what_is_over_when_the_bot_comes_back_is_not_asked_any_more(town: Town) -> None:
    amina = await town.fieldworker()
    town.workshop("Amina", ends_on=local(18, 16))
    seen = len(amina.messages)
    await town.play.jump_to(local(22, 12))
    assert len(amina.messages) == seen
    assert [row["state"] for row in town.rows("SELECT state FROM prompt")] == ["missed"]


async def test_a_second_workshop_waits_until_the_first_is_finished(town: Town) -> None:
    amina = await town.fieldworker()
    town.workshop("Amina", ends_on=local(18, 18), title="Tweede")
    await town.asked(amina, "Amina")
    await town.play.forward_to(local(18, 18, 15))
    second = await amina.wait_for("Je was bij de workshop Tweede")
    amina.tap("Start", second)
    await amina.wait_for("Je bent nog bezig met de vragen over Groen.")
    await amina.wait_for(partial(offers, "3"))
    assert town.count("session") == [1]
    await tap(amina, "3", "Klopt alles?")
    await tap(amina, "Ja, versturen", "Verstuurd.")
    amina.tap("Start", second)
    await amina.wait_for("Vraag 1 van 11")
    assert town.count("session") == [2]


async def test_an_old_button_changes_nothing_and_says_so(town: Town) -> None:
    amina = await town.fieldworker()
    await town.asked(amina, "Amina")
    choose, message = data_under(amina, "2")
    await tap(amina, "1", "Vraag 2 van 11")
    toasts = len(amina.toasts)
    amina.tap_data(choose, message)
    await amina.until(lambda: len(amina.toasts) > toasts)
    assert amina.toasts[-1] == STALE
    assert town.answers() == {"held": "as_planned"}


async def test_a_double_tap_counts_once(town: Town) -> None:
    amina = await town.fieldworker()
    await town.asked(amina, "Amina")
    choose, message = data_under(amina, "1")
    amina.tap_data(choose, message)
    amina.tap_data(choose, message)
    await amina.wait_for("Vraag 2 van 11")
    tick, several = data_under(amina, "3")
    amina.tap_data(tick, several)
    amina.tap_data(tick, several)
    await amina.wait_for("Gekozen: Sociaal werk")
    await town.settled()
    await tap(amina, "Klaar", "Vraag 3 van 11")
    assert town.answers() == {"held": "as_planned", "present": "social_work"}
    assert town.count("answer") == [2]


async def test_start_tapped_twice_begins_once(town: Town) -> None:
    amina = await town.fieldworker()
    town.workshop("Amina", ends_on=local(18, 16))
    await town.play.forward_to(local(18, 16, 15))
    start, message = data_under(amina, "Start")
    amina.tap_data(start, message)
    amina.tap_data(start, message)
    await town.settled()
    await tap(amina, "1", "Vraag 2 van 11")
    assert town.count("session", "answer") == [1, 1]


async def test_what_is_delivered_twice_is_handled_once(town: Town) -> None:
    amina = await town.fieldworker()
    await town.asked(amina, "Amina")
    town.play.sandbox.deliver_twice()
    await tap(amina, "1", "Vraag 2 van 11")
    await say(amina, "1 en 3", "Vraag 3 van 11")
    await tap(amina, "5", "Vraag 4 van 11")
    await say(amina, "Het was druk.", "Ik heb je bericht.")
    await tap(amina, "Klaar", "Vraag 5 van 11")
    await town.settled()
    assert town.count("answer", "part") == [4, 1]
    for number in range(2, 6):
        assert len(told(amina, f"Vraag {number} van 11")) == 1


async def test_who_blocks_the_bot_is_unreachable_until_unblocking(town: Town) -> None:
    amina, bram = await town.fieldworker(), await town.coordinator()
    town.workshop("Amina", ends_on=local(18, 16))
    amina.block()
    await town.settled()
    await town.play.forward_to(local(18, 17))
    assert f"Niet bereikbaar: {town.code('Amina')}." in await reply(bram, "/status")
    assert f"{town.code('Amina')} – Amina: doet mee, niet bereikbaar" in await reply(bram, "/people")
    amina.unblock()
    await town.settled()
    assert "Niet bereikbaar" not in await reply(bram, "/status")
    await town.play.forward_to(local(19, 17))
    await tap(amina, "Start", "Vraag 1 van 11")


async def test_a_block_that_shows_only_in_a_refused_message_is_noted_too(town: Town) -> None:
    amina, bram = await town.fieldworker(), await town.coordinator()
    town.workshop("Amina", ends_on=local(18, 16))
    town.play.sandbox.fail("sendMessage", Fault.forbidden(), chat=amina.id)
    await town.play.forward_to(local(18, 17))
    assert f"Niet bereikbaar: {town.code('Amina')}." in await reply(bram, "/status")
    calls = len(town.play.sandbox.calls.of("sendMessage", amina.id))
    await town.play.forward_to(local(22, 12))
    assert len(town.play.sandbox.calls.of("sendMessage", amina.id)) == calls
    assert offers("Wie nog niet?", bram.last)


@pytest.mark.parametrize("away", ["Deze sla ik over", "Ik was er niet bij"])
async def test_who_passes_halfway_and_answers_after_all_goes_on_behind_what_was_told(town: Town, away: str) -> None:
    amina = await town.fieldworker()
    await town.asked(amina, "Amina")
    prompt = next(message for message in amina.messages if "Je was bij de workshop" in message.text)
    await tap(amina, "1", "Vraag 2 van 11")
    if away == "Deze sla ik over":
        await say(amina, "later", "Wanneer zal ik het weer vragen?")
        await tap(amina, away, "Je krijgt geen vragen over")
    else:
        # A phone that was out of reach still showed the button.
        amina.tap_data(f"p:{town.rows('SELECT id FROM prompt')[0]['id']}:0:absent:", prompt)
        await amina.wait_for("Ik noteer dat je er niet bij was.")
    await tap(amina, "Toch antwoorden" if away == "Deze sla ik over" else "Ik was er wel", "Je was bij de workshop")
    await tap(amina, "Start", "Vraag 2 van 11")
    await tap(amina, "1", "Gekozen: Bewoners")
    await tap(amina, "Klaar", "Vraag 3 van 11")
    assert [row["state"] for row in town.rows("SELECT state FROM prompt")] == ["opened"]
    assert [row["state"] for row in town.rows("SELECT state FROM session")] == ["waiting"]


async def test_who_passed_halfway_and_let_it_close_after_all_can_still_answer_late(town: Town) -> None:
    amina = await town.fieldworker()
    await town.asked(amina, "Amina")
    await tap(amina, "1", "Vraag 2 van 11")
    await say(amina, "later", "Wanneer zal ik het weer vragen?")
    await tap(amina, "Deze sla ik over", "Je krijgt geen vragen over")
    await tap(amina, "Toch antwoorden", "Je was bij de workshop")
    await town.play.forward(days=4)
    await tap(amina, "Alsnog antwoorden", "Vraag 2 van 11")
    await tap(amina, "Overslaan", "Vraag 3 van 11")
