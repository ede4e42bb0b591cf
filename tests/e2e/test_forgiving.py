"""A conversation that forgives: whatever a person sends, when and in whatever order, there is a way on."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.sandbox import Phone, Sandbox, sample_photo, sample_voice
from bot.sandbox.oddities import ODDITIES
from tests.e2e.test_prompts import told
from tests.e2e.town import Town, data_under, local, offers, reply, say, stopped_clock, tap, town

NAMES = {
    "animation": "een GIF",
    "dice": "een dobbelsteen",
    "poll": "een peiling",
    "contact": "een contactkaart",
    "game": "een spel",
    "story": "een verhaal uit de app",
    "forwarded": "een doorgestuurd bericht",
    "via_bot": "een bericht van een andere bot",
}


async def at_the_moment(place: Town, phone: Phone) -> None:
    """Amina waits at question 4, which takes words, a recording or a picture."""
    await place.asked(phone, "Amina")
    await tap(phone, "1", "Vraag 2 van 11")
    await tap(phone, "Overslaan", "Vraag 3 van 11")
    await tap(phone, "Overslaan", "Vraag 4 van 11")


async def at_the_photo(place: Town, phone: Phone) -> None:
    """Amina waits at the last question."""
    await at_the_moment(place, phone)
    for number in range(5, 12):
        await tap(phone, "Overslaan", f"Vraag {number} van 11")


async def test_every_odd_thing_is_named_with_what_is_needed_and_an_example(town: Town) -> None:
    amina = await town.fieldworker()
    await at_the_moment(town, amina)
    await tap(amina, "Terug", "eerdere antwoord")
    for kind in ODDITIES:
        amina.catch_up()
        amina.send_odd(kind, "Dit schreef iemand anders")
        said = (await amina.wait_for("\nKies een van de antwoorden hierboven. Bijvoorbeeld: 1")).text
        assert f"Je stuurde {NAMES[kind]}." in said if kind in NAMES else said
        await tap(amina, "Houden", "Vraag 4 van 11")
        await tap(amina, "Terug", "eerdere antwoord")
    before = amina.last
    amina.react(before)
    await amina.wait_for("Je stuurde een reactie.")
    seen = len(amina.messages)
    amina.react(before, "")
    await town.settled()
    assert len(amina.messages) == seen, "taking a reaction away asks for nothing"
    assert town.answers() == {"held": "as_planned", "present": "skipped", "influence": "skipped"}


async def test_the_third_time_the_question_is_let_go_and_the_coordinator_sees_so(town: Town) -> None:
    amina, bram = await town.fieldworker(), await town.coordinator()
    await at_the_moment(town, amina)
    assert "Liep vast op een vraag" not in await reply(bram, "/status")
    amina.send_sticker()
    amina.send_odd("dice")
    amina.send_odd("contact")
    await amina.wait_for("Ik sla deze vraag over en vertel het je coördinator.")
    await amina.wait_for("Vraag 5 van 11")
    assert town.answers()["moment"] == "given_up"
    assert f"Liep vast op een vraag: {town.code('Amina')}" in await reply(bram, "/status")


async def test_an_album_where_one_photo_belongs_is_one_photo(town: Town) -> None:
    amina = await town.fieldworker()
    await at_the_photo(town, amina)
    for number in range(4):
        amina.send_photo(sample_photo(), f"foto {number}", album="a1")
    await amina.wait_for("Klopt alles?")
    await town.settled()
    assert len(told(amina, "Ik kreeg meer foto's. Hier past er één.")) == 1
    assert town.answers()["photo"] == "photo-1.jpg"
    assert town.count("media") == [1]


async def test_an_album_where_no_photo_belongs_is_refused_once_and_an_open_answer_takes_it_whole(town: Town) -> None:
    amina = await town.fieldworker()
    await town.asked(amina, "Amina")
    for _ in range(4):
        amina.send_photo(sample_photo(), album="a1")
    await town.settled()
    assert len(told(amina, "Hier past geen foto.")) == 1
    await tap(amina, "1", "Vraag 2 van 11")
    await tap(amina, "Overslaan", "Vraag 3 van 11")
    await tap(amina, "Overslaan", "Vraag 4 van 11")
    for _ in range(3):
        amina.send_photo(sample_photo(), album="a2")
    await amina.wait_for("Ik heb 3 berichten van je gekregen.")


async def test_after_three_quiet_minutes_the_bot_asks_once_and_a_restart_changes_nothing(tmp_path: Path) -> None:
    clock = stopped_clock()
    async with Sandbox(clock.now) as sandbox:
        async with town(tmp_path, clock, sandbox) as before:
            amina = await before.fieldworker()
            await at_the_moment(before, amina)
            await say(amina, "De zaal werd stil.", "Ik heb je bericht.")
            await before.play.forward(minutes=2)
            amina.send_voice(sample_voice(), 3)
            await amina.wait_for("Ik heb 2 berichten")
            await before.play.forward(minutes=2)
            assert told(amina, "Klaar met vertellen? Tik") == []
        async with town(tmp_path, clock, sandbox) as after:
            await after.play.forward(minutes=2)
            await amina.wait_for("Klaar met vertellen? Tik dan op Klaar.")
            await after.play.forward(minutes=30)
            assert len(told(amina, "Klaar met vertellen? Tik")) == 1
            assert [message.labels[0] for message in amina.messages if message.buttons][-1] == ["Klaar", "Nog niet"]
            await say(amina, "Klaar", "Vraag 5 van 11")
            assert after.answers()["moment"].startswith("De zaal werd stil.\n[voice-")


async def test_what_was_written_before_klaar_and_came_after_it_belongs_to_the_same_answer(town: Town) -> None:
    amina = await town.fieldworker()
    await at_the_moment(town, amina)
    await say(amina, "De zaal werd stil.", "Ik heb je bericht.")
    await tap(amina, "Klaar", "Vraag 5 van 11")
    await town.settled()
    # As if question 5 reached the phone only a minute after the words had left it.
    town.run(
        "UPDATE outbox SET sent_on = strftime('%Y-%m-%dT%H:%M:%fZ', sent_on, '+60 seconds')"
        " WHERE asking = (SELECT asking FROM session)"
    )
    await say(amina, "Daarna lachte iemand.", "toegevoegd aan je antwoord op vraag 4")
    amina.send_photo(sample_photo(), "De flap")
    await town.settled()
    assert town.answers()["moment"] == "De zaal werd stil.\nDaarna lachte iemand.\n[photo-1.jpg]\nDe flap"
    assert "moment_domain" not in town.answers()
    assert [row["n"] for row in town.rows("SELECT count(*) AS n FROM answer WHERE path LIKE '%/moment'")] == [3]


async def test_a_command_that_only_shows_something_is_answered_and_the_question_comes_again(town: Town) -> None:
    amina = await town.fieldworker()
    await at_the_moment(town, amina)
    await say(amina, "De zaal werd stil.", "Ik heb je bericht.")
    for command, answer in (("/help", "Dit kun je doen:"), ("/privacy", "Dit bewaren we")):
        await say(amina, command, answer)
        await town.settled()
        assert amina.last.text.startswith("Vraag 4 van 11")
    await tap(amina, "Klaar", "Vraag 5 van 11")
    assert town.answers()["moment"] == "De zaal werd stil."


async def test_a_command_that_changes_something_asks_first_and_each_way_works_by_typing(town: Town) -> None:
    amina = await town.fieldworker()
    await town.asked(amina, "Amina")
    asked = "Je bent bezig met een vragenlijst (vraag 1 van 11). Wat wil je doen?"
    await say(amina, "/stop", asked)
    await say(amina, "verder", "Vraag 1 van 11")
    assert not offers("Stoppen", amina.last)
    await say(amina, "/stop", asked)
    stop, under = data_under(amina, "Stoppen")
    await say(amina, "Pauze", "Pauze. Je antwoorden zijn bewaard.")
    amina.tap_data(stop, under)
    await amina.until(lambda: bool(amina.toasts))
    assert amina.toasts[-1].startswith("Deze knop hoort bij een oude vraag.")
    await say(amina, "verder", "Vraag 1 van 11")
    await say(amina, "/stop", asked)
    await say(amina, "stoppen", "Wil je stoppen met het onderzoek?")
    amina.say("toch niet stoppen")
    await town.settled()
    await tap(amina, "1", "Vraag 2 van 11")
    assert [row["standing"] for row in town.rows("SELECT standing FROM person")] == ["taking_part"]


async def test_of_two_workshops_the_oldest_goes_first_and_the_next_follows_by_itself(town: Town) -> None:
    amina = await town.fieldworker()
    town.workshop("Amina", ends_on=local(18, 16), title="Eerste")
    town.workshop("Amina", ends_on=local(18, 18), title="Tweede")
    await town.play.forward_to(local(18, 18, 15))
    await tap(amina, "Start", "Eerst de vragen over Eerste. Daarna komen deze.")
    await amina.wait_for("Vraag 1 van 11")
    assert "Eerste" in town.rows("SELECT w.title FROM session s JOIN prompt p ON p.id = s.prompt_id"
                                 " JOIN workshop w ON w.id = p.workshop_id")[0]["title"]  # fmt: skip
    await tap(amina, "3", "Klopt alles?")
    amina.catch_up()
    await tap(amina, "Ja, versturen", "Verstuurd.")
    await town.play.forward(seconds=10)
    await amina.wait_for("Je was bij de workshop Tweede")
    await tap(amina, "Start", "Vraag 1 van 11")
    assert [row["reminders"] for row in town.rows("SELECT reminders FROM prompt ORDER BY id")] == [0, 0]
    assert town.count("session") == [2]


async def test_later_is_the_persons_own_choice_by_typing_too(town: Town) -> None:
    amina = await town.fieldworker()
    await town.asked(amina, "Amina")
    await say(amina, "later", "Wanneer zal ik het weer vragen?")
    await say(amina, "over 1 uur", "Ik vraag het je woensdag 18 november om 17:15.")
    await town.play.forward_to(local(18, 17, 15))
    await amina.wait_for("Je bent al bij vraag 1 van 11.")
    await tap(amina, "Later", "Wanneer zal ik het weer vragen?")
    await tap(amina, "Deze sla ik over", "Je krijgt geen vragen over Groen.")
    await town.play.forward_to(local(23, 12))
    assert told(amina, "staan nog open") == told(amina, "zijn gesloten") == []
    assert [row["state"] for row in town.rows("SELECT state FROM prompt")] == ["declined"]


async def test_a_skipped_workshop_can_be_answered_after_all(town: Town) -> None:
    amina = await town.fieldworker()
    town.workshop("Amina", ends_on=local(18, 16))
    await town.play.forward_to(local(18, 16, 15))
    await tap(amina, "Later", "Wanneer zal ik het weer vragen?")
    snooze, under = data_under(amina, "Over 1 uur")
    toasts = len(amina.toasts)
    amina.tap_data(snooze.rpartition(":")[0] + ":someday", under)
    await amina.until(lambda: len(amina.toasts) > toasts)
    assert offers("Over 1 uur", amina.message(under)), "an argument that nobody made takes no buttons away"
    await tap(amina, "Deze sla ik over", "Je krijgt geen vragen over Groen.")
    await tap(amina, "Toch antwoorden", "Je was bij de workshop Groen")
    await tap(amina, "Start", "Vraag 1 van 11")


async def test_a_reminder_held_until_the_morning_falls_away_when_it_was_answered_meanwhile(town: Town) -> None:
    amina, bilal, bram = await town.fieldworker(), await town.fieldworker("Bilal"), await town.coordinator()
    town.workshop("Amina", "Bilal", ends_on=local(18, 16))
    await town.play.forward_to(local(18, 23))
    await say(bram, "/remind", "Pas donderdag 19 november om 08:30")
    await tap(bram, "Versturen", "Pas donderdag 19 november om 08:30")
    amina.tap("Start")
    await amina.wait_for("Vraag 1 van 11")
    await tap(amina, "3", "Klopt alles?")
    await tap(amina, "Ja, versturen", "Verstuurd.")
    await town.play.forward_to(local(19, 12))
    assert told(amina, "staan nog open") == []
    assert told(bilal, "staan nog open") == [local(19, 8, 30)]
    await town.play.forward_to(local(22, 12))
    assert len(told(bilal, "staan nog open")) == 2, "it counts as one of the two"


async def test_closed_questions_can_be_answered_late_and_are_marked_so(town: Town) -> None:
    amina = await town.fieldworker()
    await town.asked(amina, "Amina")
    await tap(amina, "1", "Vraag 2 van 11")
    await town.play.forward_to(local(22, 12))
    await tap(amina, "Alsnog antwoorden", "Dit kan nog tot zaterdag 28 november om 16:15.")
    await amina.wait_for("Vraag 2 van 11")
    await town.play.forward_to(local(24, 12))
    assert len(told(amina, "Je bent al bij vraag")) == 2, "nobody is reminded of what is late"
    await tap(amina, "Terug", "eerdere antwoord was: Ja, zoals gepland")
    await tap(amina, "3", "Klopt alles?")
    await tap(amina, "Ja, versturen", "Verstuurd.")
    assert [tuple(row) for row in town.rows("SELECT state, is_late FROM session")] == [("completed", 1)]
    assert [row["state"] for row in town.rows("SELECT state FROM prompt")] == ["not_held"]


async def test_who_opens_closed_questions_first_is_late_and_the_second_closing_is_final(town: Town) -> None:
    amina = await town.fieldworker()
    town.workshop("Amina", ends_on=local(18, 16))
    await town.play.forward_to(local(22, 12))
    await say(amina, "alsnog antwoorden", "Vraag 1 van 11")
    assert [row["is_late"] for row in town.rows("SELECT is_late FROM session")] == [1]
    await town.play.forward_to(local(29, 12))
    closed = await amina.wait_for("zijn gesloten")
    assert closed.buttons == ()


async def test_what_only_lacked_the_last_tap_is_kept_as_sent(town: Town) -> None:
    amina = await town.fieldworker()
    await town.asked(amina, "Amina")
    await tap(amina, "3", "Klopt alles?")
    await town.play.forward_to(local(21, 16, 15))
    await amina.wait_for("Je had nog niet op Versturen getikt. Ik heb je antwoorden nu bewaard.")
    assert [row["state"] for row in town.rows("SELECT state FROM session")] == ["completed"]
    assert [row["state"] for row in town.rows("SELECT state FROM prompt")] == ["not_held"]
    await say(amina, "/antwoorden", "Welk antwoord wil je wijzigen?")
    await tap(amina, "1", "Je eerdere antwoord was: Ging niet door")
    await tap(amina, "4", "Je antwoorden zijn bewaard.")
    assert town.answers()["held"] == "absent"


async def test_an_edit_of_an_answer_given_anew_since_is_told_so_and_one_that_changes_nothing_is_not(town: Town) -> None:
    amina = await town.fieldworker()
    await at_the_moment(town, amina)
    await tap(amina, "Terug", "eerdere antwoord")
    first = amina.say("zeven")
    await amina.wait_for("Je stuurde 7. Dat kan niet.")
    amina.edit(first, "nog meer")
    await town.settled()
    amina.edit(first, "2")
    await amina.wait_for("Vraag 4 van 11")
    amina.edit(first, "2")
    amina.edit(first, "twee")
    await town.settled()
    assert told(amina, "Ik zie dat je je bericht") == []
    await tap(amina, "Terug", "eerdere antwoord was: 2")
    await say(amina, "5", "Vraag 4 van 11")
    amina.edit(first, "1")
    await amina.wait_for("Je had dit antwoord al veranderd. Je laatste antwoord blijft staan.")
    assert town.answers()["influence"] == "5"
    revisions = town.rows("SELECT value, said_on FROM answer WHERE path LIKE '%/influence' ORDER BY revision")
    assert [row["value"] for row in revisions] == ["", "2", "5"]
    assert all(row["said_on"] for row in revisions)


async def test_a_caption_and_one_of_several_messages_are_edited_after_sending_until_the_lock(town: Town) -> None:
    amina = await town.fieldworker()
    await at_the_moment(town, amina)
    first = amina.say("Een vader sprak.")
    picture = amina.send_photo(sample_photo(), "De flap")
    await amina.wait_for("Ik heb 2 berichten")
    await tap(amina, "Klaar", "Vraag 5 van 11")
    for number in range(6, 12):
        await tap(amina, "Overslaan", f"Vraag {number} van 11")
    await tap(amina, "Geen foto", "Klopt alles?")
    await tap(amina, "Ja, versturen", "Verstuurd.")
    amina.edit(first, "Een moeder sprak.")
    await amina.wait_for("Je antwoord op vraag 4 is nu: Een moeder sprak.")
    amina.edit(picture, "De kaart")
    await amina.wait_for("De kaart")
    assert town.answers()["moment"] == "Een moeder sprak.\n[photo-1.jpg]\nDe kaart"
    await town.play.forward(days=7, minutes=1)
    amina.edit(first, "Niemand sprak.")
    await amina.wait_for("Je aanpassing is niet opgeslagen.")
    assert town.answers()["moment"].startswith("Een moeder")


async def test_who_sent_what_cannot_be_read_hears_so_and_goes_on(town: Town) -> None:
    amina = await town.fieldworker()
    await town.asked(amina, "Amina")
    broken = {"message_id": "?", "date": 0, "chat": {"id": amina.id, "type": "private"}, "text": "1"}
    town.play.sandbox.world.updates.put("message", broken, amina.id)
    await amina.wait_for("Ik kon je bericht niet lezen.")
    await tap(amina, "1", "Vraag 2 van 11")


async def test_words_that_the_study_watches_for_are_answered_once_and_kept_like_any_others(town: Town) -> None:
    amina = await town.fieldworker()
    await at_the_moment(town, amina)
    await say(amina, "Iemand had het over zelfdoding.", "Ik heb je bericht.")
    assert told(amina, "Dit klinkt heftig.") == [], "off, unless the study names words"
    careful = replace(town.play.program.study, care_words=("zelfdoding", "dood willen"), care_contact="Noor, 06-1")
    object.__setattr__(town.play.program, "study", careful)
    await say(amina, "Hij zei: dood willen.", "Dit klinkt heftig.")
    await say(amina, "Zelfdoding dus.", "Ik heb 3 berichten")
    assert len(told(amina, "Bel Noor, 06-1.")) == 1
    await tap(amina, "Klaar", "Vraag 5 van 11")
    assert town.answers()["moment"].count("\n") == 2


async def test_the_deadline_of_a_pause_goes_by_the_clocks_of_the_city(town: Town) -> None:
    study = town.play.program.study
    elsewhere = tuple(replace(city, timezone=ZoneInfo("America/Curacao")) for city in study.cities)
    object.__setattr__(town.play.program, "study", replace(study, cities=elsewhere))
    amina = await town.fieldworker()
    await town.asked(amina, "Amina")
    await tap(amina, "Pauze", "Verder gaan kan tot zaterdag 21 november om 11:15.")


@pytest.mark.parametrize("language", ["nl", "en"])
async def test_the_newest_question_is_at_the_bottom_and_the_answered_ones_show_their_answers(
    town: Town, language: str
) -> None:
    amina = await town.fieldworker(language=language)
    town.workshop("Amina", ends_on=local(18, 16))
    await town.play.forward_to(local(18, 16) + timedelta(minutes=15))
    await tap(amina, "Start", "1 van 11" if language == "nl" else "1 of 11")
    amina.tap("1")
    await amina.wait_for(partial(offers, "Klaar" if language == "nl" else "Done"))
    amina.say("1 3")
    await amina.wait_for(partial(offers, "5"))
    await town.settled()
    mark = "✓ Jouw antwoord: " if language == "nl" else "✓ Your answer: "
    frame = "Vraag " if language == "nl" else "Question "
    questions = [message for message in amina.messages if message.text.startswith(frame)]
    assert [(mark in message.text, bool(message.buttons)) for message in questions] == [
        (True, False),
        (True, False),
        (False, True),
    ]
    assert questions[-1].id == amina.last.id


async def test_questions_put_off_halfway_go_on_though_an_earlier_workshop_was_asked_about_since(town: Town) -> None:
    amina = await town.fieldworker()
    await town.asked(amina, "Amina")
    await say(amina, "later", "Wanneer zal ik het weer vragen?")
    await tap(amina, "Over 1 uur", "Eerder beginnen mag ook")
    start, under = data_under(amina, "Start")
    town.workshop("Amina", ends_on=local(18, 15), title="Grijs")
    await town.play.forward(minutes=1)
    await amina.wait_for("Grijs")
    amina.tap_data(start, under)
    await amina.wait_for("Vraag 1 van 11")
    assert [row["stage"] for row in town.rows("SELECT stage FROM session")] == ["asking"]
