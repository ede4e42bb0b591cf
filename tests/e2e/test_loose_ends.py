"""Nobody is left with a question that cannot be answered, or with words that nobody keeps."""

from bot.sandbox import Phone, sample_photo
from fieldwork.people import Grant, Role
from tests.e2e.town import Town, data_under, local, reply, say, tap


async def answer_three(town: Town, amina: Phone) -> None:
    """Come as far as the first open question."""
    await town.asked(amina, "Amina")
    await tap(amina, "1", "Vraag 2 van 11")
    await tap(amina, "Overslaan", "Vraag 3 van 11")
    await tap(amina, "Overslaan", "Vraag 4 van 11")


async def test_what_was_told_without_klaar_is_kept_when_the_questions_close(town: Town) -> None:
    amina = await town.fieldworker()
    await answer_three(town, amina)
    await say(amina, "De zaal werd stil.", "Ik heb je bericht.")
    await town.play.forward(hours=73)
    await amina.wait_for("Je had 2 van de 11 vragen beantwoord.")
    assert town.answers()["moment"] == "De zaal werd stil."


async def test_words_typed_in_a_pause_are_an_answer(town: Town) -> None:
    amina = await town.fieldworker()
    await answer_three(town, amina)
    await tap(amina, "Pauze", "Pauze.")
    await say(amina, "De zaal werd stil.", "Ik heb je bericht.")
    await tap(amina, "Klaar", "Vraag 5 van 11")
    assert town.answers()["moment"] == "De zaal werd stil."


async def test_who_stopped_is_asked_nothing_by_old_buttons(town: Town) -> None:
    amina = await town.fieldworker()
    town.workshop("Amina", ends_on=local(18, 16))
    await town.play.forward_to(local(18, 16, 15))
    await tap(amina, "Ik was er niet bij", "Ik noteer dat je er niet bij was.")
    await say(amina, "/stop", "Wil je stoppen")
    await tap(amina, "Stoppen en bewaren", "Je doet niet meer mee.")
    await tap(amina, "Ik was er wel", "Je doet niet mee.")
    assert town.rows("SELECT id FROM session") == []
    assert (await reply(amina, "hallo")).startswith("Je doet niet mee.")
    told = await reply(amina, "/help")
    assert told.startswith("Je doet niet mee.") and "/pauze" not in told and "/mijnreflecties" in told
    await say(amina, "/antwoorden", "Er zijn nu geen antwoorden")


async def test_looking_at_sent_answers_does_not_stand_in_the_way_of_the_next_workshop(town: Town) -> None:
    amina = await town.fieldworker()
    await town.asked(amina, "Amina")
    await tap(amina, "3", "Klopt alles?")
    await tap(amina, "Ja, versturen", "Verstuurd.")
    await say(amina, "/antwoorden", "Welk antwoord wil je wijzigen?")
    await town.asked(amina, "Amina", ends_on=local(19, 16))
    assert "Vraag 1 van 11" in amina.last.text


async def test_after_the_lock_typing_changes_nothing(town: Town) -> None:
    amina = await town.fieldworker()
    await town.asked(amina, "Amina")
    await tap(amina, "3", "Klopt alles?")
    await tap(amina, "Ja, versturen", "Verstuurd.")
    await say(amina, "/antwoorden", "Welk antwoord wil je wijzigen?")
    await tap(amina, "1", "Je eerdere antwoord was: Ging niet door")
    await town.play.forward(days=8)
    await say(amina, "4", "Er staat nu geen vragenlijst open.")
    assert town.answers()["held"] == "not_held"


async def test_a_cancelled_workshop_ends_the_questions_that_were_begun(town: Town) -> None:
    amina, bram = await town.fieldworker(), await town.coordinator()
    await answer_three(town, amina)
    await say(bram, "/workshops", "Workshops in Utrecht")
    await tap(bram, "1", "Wat wil je doen?")
    await tap(bram, "Afzeggen", "is afgezegd")
    await amina.wait_for("De workshop Groen is afgezegd.")
    await say(amina, "hallo", "Er staat nu geen vragenlijst open.")
    assert [row["state"] for row in town.rows("SELECT state FROM prompt")] == ["cancelled"]
    assert [row["state"] for row in town.rows("SELECT state FROM session")] == ["interrupted"]


async def test_a_workshop_moved_after_it_was_asked_about_is_asked_about_later(town: Town) -> None:
    amina, bram = await town.fieldworker(), await town.coordinator()
    town.workshop("Amina", ends_on=local(18, 16))
    await town.play.forward_to(local(18, 16, 15))
    await say(bram, "/workshops", "Workshops in Utrecht")
    await tap(bram, "1", "Wat wil je doen?")
    await tap(bram, "Verplaatsen", "Op welke dag?")
    stale, message = data_under(amina, "Start")
    await say(bram, "20-11 14:00-15:30", "Verplaatsen naar:")
    await tap(bram, "Verplaatsen", "Verplaatst:")
    await amina.wait_for("is verplaatst naar vrijdag 20 november om 14:00")
    await town.settled()
    assert not any(one.buttons for one in amina.messages)
    amina.tap_data(stale, message)
    await amina.wait_for("Deze workshop is nog niet geweest.")
    await town.play.forward_to(local(20, 15, 44))
    assert "Je was bij" not in amina.last.text
    await town.play.forward_to(local(20, 15, 45))
    await amina.wait_for("Je was bij de workshop Groen")


async def test_later_halfway_comes_back_at_the_chosen_time_and_is_no_reminder(town: Town) -> None:
    amina = await town.fieldworker()
    await answer_three(town, amina)
    await town.play.forward_to(local(19, 16, 15))
    await amina.wait_for("Je bent al bij vraag 4 van 11.")
    await tap(amina, "Later", "Wanneer zal ik het weer vragen?")
    await tap(amina, "Over 1 uur", "Ik vraag het je")
    await town.play.forward_to(local(19, 17, 15))
    await amina.wait_for("Je bent al bij vraag 4 van 11.")
    await tap(amina, "Verder", "Vraag 4 van 11")
    assert [row["reminders"] for row in town.rows("SELECT reminders FROM prompt")] == [1]


async def test_a_prompt_can_be_answered_by_typing(town: Town) -> None:
    amina = await town.fieldworker()
    town.workshop("Amina", ends_on=local(18, 16))
    await town.play.forward_to(local(18, 16, 15))
    await say(amina, "hoezo", "Je was bij de workshop Groen")
    await say(amina, "start", "Vraag 1 van 11")


async def test_consent_can_be_given_and_refused_by_typing(town: Town) -> None:
    noor, samir = town.play.phone("Noor"), town.play.phone("Samir")
    for phone, word, told in (
        (noor, "ja ik doe mee", "Je doet mee."),
        (samir, "nee", "Je krijgt geen vragen van mij."),
    ):
        await town.invited(phone, Grant(Role.FIELDWORKER, "utrecht"))
        await say(phone, "wat is dit", "Doe je mee?")
        await say(phone, word, told)
    await say(noor, "na afloop graag", "Bijvoorbeeld: Meteen na afloop")
    await say(noor, "meteen na afloop", "Mag ik ook foto's")
    await say(noor, "nee alleen tekst", "Stuur dan alleen tekst.")
    await say(noor, "hallo", "Er staat nu geen vragenlijst open.")


async def test_taking_back_an_absence_while_busy_leaves_a_start_button(town: Town) -> None:
    amina = await town.fieldworker()
    town.workshop("Amina", ends_on=local(18, 15), title="Eerst")
    await town.play.forward_to(local(18, 15, 15))
    await tap(amina, "Ik was er niet bij", "Ik noteer dat je er niet bij was.")
    await town.asked(amina, "Amina", ends_on=local(18, 16))
    await tap(amina, "Ik was er wel", "Je was bij de workshop Eerst")
    await tap(amina, "Start", "Maak die eerst af.")
    await amina.wait_for("Vraag 1 van 11")


async def test_somebody_who_could_not_be_reached_is_asked_once_they_are_back(town: Town) -> None:
    amina = await town.fieldworker()
    amina.block()
    await town.settled()
    town.workshop("Amina", ends_on=local(18, 16))
    await town.play.forward_to(local(18, 17))
    assert [row["state"] for row in town.rows("SELECT state FROM prompt")] == ["planned"]
    amina.unblock()
    await town.settled()
    await town.play.forward_to(local(18, 19))
    await amina.wait_for("Je was bij de workshop Groen")


async def test_a_corrected_message_after_sending_opens_the_questions_it_leads_to(town: Town) -> None:
    amina = await town.fieldworker()
    await town.asked(amina, "Amina")
    message = amina.say("3")
    await amina.wait_for("Klopt alles?")
    await tap(amina, "Ja, versturen", "Verstuurd.")
    amina.edit(message, "1")
    await amina.wait_for("Je antwoord op vraag 1 is nu: Ja, zoals gepland")
    await amina.wait_for("Vraag 2 van 11")


async def test_a_picture_sent_as_a_file_is_a_picture_and_a_second_one_is_told_to_be_too_many(town: Town) -> None:
    amina = await town.fieldworker()
    await answer_three(town, amina)
    for number in range(5, 12):
        await tap(amina, "Overslaan", f"Vraag {number} van 11")
    amina.send_document(sample_photo(), "flap.jpg")
    await amina.wait_for("Klopt alles?")
    amina.send_photo(sample_photo())
    await amina.wait_for("Hier past geen foto.")
    assert town.answers()["photo"] == "photo-1.jpg"
