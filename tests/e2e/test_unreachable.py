"""Who blocked the bot or left the messenger: noticed, left alone, shown to the coordinator, welcomed back."""

from functools import partial

from bot.sandbox import Phone
from tests.e2e.town import Town, local, offers, reply, say, tap

WELCOME = "Fijn dat je er weer bent. Ik kan je weer berichten sturen."


async def blocked(town: Town, phone: Phone) -> None:
    phone.block()
    await town.settled()


async def back(town: Town, phone: Phone) -> list[str]:
    """What the bot says to somebody who lets it in again, oldest first."""
    seen = len(phone.messages)
    phone.unblock()
    await town.settled()
    return [message.text for message in phone.messages[seen:]]


async def test_the_open_session_comes_back_at_its_question_without_what_was_missed(town: Town) -> None:
    amina = await town.fieldworker()
    await town.asked(amina, "Amina")
    await tap(amina, "1", "Vraag 2 van 11")
    await blocked(town, amina)
    for hour, title in ((12, "Twee"), (14, "Drie")):
        town.workshop("Amina", ends_on=local(19, hour), title=title)
    await town.play.forward_to(local(19, 16, 30))
    assert [row["reminders"] for row in town.rows("SELECT reminders FROM prompt ORDER BY id")] == [0, 0, 0]
    welcome, question = await back(town, amina)
    assert welcome == WELCOME
    assert question.startswith("Vraag 2 van 11")
    await tap(amina, "1", "Gekozen: Bewoners")
    seen = len(amina.messages)
    await town.play.forward(minutes=90)
    assert len(amina.messages) == seen
    await town.play.forward(minutes=45)
    assert [message.text.partition(".")[0] for message in amina.messages[seen:]] == ["Hallo Amina"]
    assert "workshop Twee" in amina.last.text
    await town.play.forward(hours=2)
    assert "workshop Drie" in amina.last.text


async def test_a_prompt_that_never_arrived_is_put_again_once(town: Town) -> None:
    amina = await town.fieldworker()
    town.workshop("Amina", ends_on=local(18, 16))
    amina.chat.turn("blocked")
    await town.play.forward_to(local(20, 12))
    assert [(row["state"], row["reminders"]) for row in town.rows("SELECT state, reminders FROM prompt")] == [
        ("asked", 0)
    ]
    welcome, prompt = await back(town, amina)
    assert (welcome, "Je was bij de workshop Groen" in prompt) == (WELCOME, True)
    await tap(amina, "Start", "Vraag 1 van 11")


async def test_what_became_due_meanwhile_is_asked_now_and_not_twice(town: Town) -> None:
    amina = await town.fieldworker()
    await blocked(town, amina)
    town.workshop("Amina", ends_on=local(18, 16))
    await town.play.forward_to(local(18, 18, 1))
    assert await back(town, amina) == [WELCOME]
    await town.play.forward(minutes=1)
    assert "Je was bij de workshop Groen" in amina.last.text
    seen = len(amina.messages)
    await town.play.forward(hours=20)
    assert len(amina.messages) == seen


async def test_what_somebody_put_off_comes_when_they_said(town: Town) -> None:
    amina = await town.fieldworker()
    town.workshop("Amina", ends_on=local(18, 16))
    await town.play.forward_to(local(18, 16, 15))
    await tap(amina, "Later", "Wanneer zal ik het weer vragen?")
    await tap(amina, "Morgen 08:30", "Ik vraag het je")
    await blocked(town, amina)
    assert await back(town, amina) == [WELCOME]
    seen = len(amina.messages)
    await town.play.forward_to(local(19, 8, 29))
    assert len(amina.messages) == seen
    await town.play.forward_to(local(19, 8, 31))
    assert "Je was bij de workshop Groen" in amina.last.text


async def test_blocking_and_unblocking_with_nothing_open_gives_one_line_each_time(town: Town) -> None:
    amina = await town.fieldworker()
    for _ in range(2):
        await town.play.forward(minutes=1)
        await blocked(town, amina)
        assert await back(town, amina) == [WELCOME]
    await town.play.forward(minutes=1)
    amina.unblock()
    await town.settled()
    assert [message.text for message in amina.messages].count(WELCOME) == 2


async def test_the_coordinator_sees_who_is_unreachable_and_another_way(town: Town) -> None:
    amina, bilal, bram = await town.fieldworker(), await town.fieldworker("Bilal"), await town.coordinator()
    await blocked(town, amina)
    bilal.deactivate()
    town.workshop("Bilal", ends_on=local(18, 16))
    await town.play.forward_to(local(18, 17))
    codes = ", ".join(sorted((town.code("Amina"), town.code("Bilal"))))
    await say(bram, "/status", f"Niet bereikbaar: {codes}.\nZij blokkeerden de bot")
    assert any("Niet bereikbaar: 2" in message.text for message in bram.messages)
    await say(bram, "/people", "nieuwe uitnodiging nodig: /invite.")
    calls = len(town.play.sandbox.calls.of("sendMessage", bilal.id))
    await town.play.forward_to(local(21, 12))
    assert len(town.play.sandbox.calls.of("sendMessage", bilal.id)) == calls
    await back(town, amina)
    await say(bram, "/status", f"Niet bereikbaar: {town.code('Bilal')}.")
    town.workshop("Bilal", ends_on=local(21, 16))
    await town.play.forward_to(local(25, 12))
    ended = town.rows("SELECT state, undeliverable FROM prompt ORDER BY id")
    assert [(row["state"], row["undeliverable"]) for row in ended] == [("expired", 1), ("missed", 1)]


async def test_who_stopped_and_unblocks_hears_nothing(town: Town) -> None:
    amina = await town.fieldworker()
    amina.say("/stop")
    await amina.wait_for(partial(offers, "Stoppen en bewaren"))
    await tap(amina, "Stoppen en bewaren", "Je doet niet meer mee.")
    await blocked(town, amina)
    assert await back(town, amina) == []


async def test_who_writes_again_is_answered_and_the_rest_comes_later(town: Town) -> None:
    amina = await town.fieldworker()
    town.workshop("Amina", ends_on=local(18, 16))
    amina.chat.turn("deactivated")
    await town.play.forward_to(local(19, 12))
    amina.chat.turn("open")
    assert "Dit kun je doen" in await reply(amina, "/help")
    await say(amina, "ja", "Vraag 1 van 11")
