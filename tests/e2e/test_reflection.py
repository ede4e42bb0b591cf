"""A fieldworker answers the questionnaire in the chat."""

from bot.sandbox import sample_photo, sample_voice
from tests.e2e.town import Town, local, say, tap


async def test_a_reflection_is_answered_by_taps_and_sent(town: Town) -> None:
    amina = await town.fieldworker()
    await town.asked(amina, "Amina")
    await tap(amina, "1", "Vraag 2 van 11")
    await tap(amina, "3", "Gekozen: Sociaal werk")
    await tap(amina, "Klaar", "Vraag 3 van 11")
    await tap(amina, "5", "Vraag 4 van 11")
    for number in range(5, 12):
        await tap(amina, "Overslaan", f"Vraag {number} van 11")
    await tap(amina, "Geen foto", "Klopt alles?")
    await tap(amina, "Ja, versturen", "Verstuurd. Dank je wel, Amina.")
    assert town.answers()["held"] == "as_planned"
    assert town.answers()["present"] == "social_work"
    assert town.answers()["influence"] == "5"
    assert town.answers()["photo"] == "skipped"
    assert [row["state"] for row in town.rows("SELECT state FROM session")] == ["completed"]


async def test_typing_gives_the_same_answers_as_tapping(town: Town) -> None:
    amina = await town.fieldworker()
    await town.asked(amina, "Amina")
    await say(amina, "Ja, zoals gepland", "Vraag 2 van 11")
    await say(amina, "1 en 3", "Vraag 3 van 11")
    await say(amina, "vijf", "Vraag 4 van 11")
    await say(amina, "terug", "eerdere antwoord was: 5")
    await say(amina, "houden", "Vraag 4 van 11")
    assert town.answers() == {"held": "as_planned", "present": "residents social_work", "influence": "5"}


async def test_not_having_been_there_ends_the_questions(town: Town) -> None:
    amina = await town.fieldworker()
    await town.asked(amina, "Amina")
    await tap(amina, "4", "Klopt alles?")
    await tap(amina, "Ja, versturen", "Verstuurd.")
    assert [row["state"] for row in town.rows("SELECT state FROM prompt")] == ["absent"]


async def test_text_voice_and_photo_are_one_answer_until_klaar(town: Town) -> None:
    amina = await town.fieldworker()
    await town.asked(amina, "Amina")
    await tap(amina, "1", "Vraag 2 van 11")
    await tap(amina, "Overslaan", "Vraag 3 van 11")
    await tap(amina, "Overslaan", "Vraag 4 van 11")
    await say(amina, "Er was veel te doen.", "Ik heb je bericht.")
    amina.send_voice(sample_voice(), 7)
    await amina.wait_for("Ik heb 2 berichten")
    amina.send_photo(sample_photo(), "De flap")
    await amina.wait_for("Ik heb 3 berichten")
    assert "moment" not in town.answers()
    await tap(amina, "Klaar", "Vraag 5 van 11")
    assert town.answers()["moment"] == "Er was veel te doen.\n[voice-1.ogg]\n[photo-2.jpg]\nDe flap"
    await town.play.app.at_rest()
    kept = town.rows("SELECT file, state, seconds, sha256 FROM media ORDER BY id")
    assert [(row["state"], row["seconds"]) for row in kept] == [("kept", 7), ("kept", None)]
    for row in kept:
        assert (town.play.program.media / row["file"]).stat().st_mode & 0o777 == 0o600
    picture = (town.play.program.media / "photo-2.jpg").read_bytes()
    assert b"Exif" in sample_photo()
    assert b"Exif" not in picture


async def test_an_edited_message_corrects_the_answer_and_keeps_both_revisions(town: Town) -> None:
    amina = await town.fieldworker()
    await town.asked(amina, "Amina")
    await tap(amina, "1", "Vraag 2 van 11")
    await tap(amina, "Overslaan", "Vraag 3 van 11")
    message = amina.say("2")
    await amina.wait_for("Vraag 4 van 11")
    amina.edit(message, "4")
    await amina.wait_for("Je antwoord op vraag 3 is nu: 4")
    amina.edit(message, "heel veel")
    await amina.wait_for("Je oude antwoord blijft staan: 4")
    values = town.rows("SELECT value FROM answer WHERE path LIKE '%influence' ORDER BY revision")
    assert [row["value"] for row in values] == ["2", "4"]


async def test_a_changed_answer_changes_the_path_and_hides_what_no_longer_applies(town: Town) -> None:
    amina = await town.fieldworker()
    await town.asked(amina, "Amina")
    await tap(amina, "1", "Vraag 2 van 11")
    for number in range(3, 9):
        await tap(amina, "Overslaan", f"Vraag {number} van 11")
    await tap(amina, "2", "Vraag 9 van 12")
    await say(amina, "Ik heb niets doorgegeven.", "Ik heb je bericht.")
    await tap(amina, "Klaar", "Vraag 10 van 12")
    await tap(amina, "Terug", "eerdere antwoord was: Ik heb niets")
    await tap(amina, "Terug", "eerdere antwoord was: Helpen of handhaven")
    await tap(amina, "1", "Vraag 9 van 11")
    for number in (10, 11):
        await tap(amina, "Overslaan", f"Vraag {number} van 11")
    await tap(amina, "Geen foto", "Klopt alles?")
    assert "Ik heb niets doorgegeven" not in amina.last.text
    assert town.answers()["friction_story"] == "Ik heb niets doorgegeven."


async def test_after_a_pause_and_a_restart_the_same_question_comes_back(town: Town) -> None:
    amina = await town.fieldworker()
    await town.asked(amina, "Amina")
    await tap(amina, "1", "Vraag 2 van 11")
    await tap(amina, "Pauze", "Pauze. Je antwoorden zijn bewaard.")
    await town.play.forward(hours=5)
    await tap(amina, "Verder", "We gaan verder bij vraag 2 van 11.")
    assert amina.last.buttons


async def test_an_answer_can_be_changed_after_sending_until_the_lock(town: Town) -> None:
    amina = await town.fieldworker()
    await town.asked(amina, "Amina")
    await tap(amina, "3", "Klopt alles?")
    await tap(amina, "Ja, versturen", "Verstuurd.")
    await say(amina, "/antwoorden", "Welk antwoord wil je wijzigen?")
    await tap(amina, "1", "Je eerdere antwoord was: Ging niet door")
    await tap(amina, "4", "Je antwoorden zijn bewaard.")
    changed = town.rows("SELECT value, after_sending FROM answer ORDER BY revision")
    assert [(row["value"], row["after_sending"]) for row in changed] == [("not_held", 0), ("absent", 1)]
    await town.play.forward(days=8)
    await say(amina, "/antwoorden", "Er zijn nu geen antwoorden die je kunt wijzigen.")


async def test_the_intention_comes_back_in_the_next_reflection(town: Town) -> None:
    amina = await town.fieldworker()
    await town.asked(amina, "Amina")
    await tap(amina, "1", "Vraag 2 van 11")
    for number in range(3, 11):
        await tap(amina, "Overslaan", f"Vraag {number} van 11")
    await say(amina, "Ik bel de corporatie.", "Ik heb je bericht.")
    await tap(amina, "Klaar", "Vraag 11 van 11")
    await tap(amina, "Geen foto", "Klopt alles?")
    await tap(amina, "Ja, versturen", "Verstuurd.")
    await town.asked(amina, "Amina", ends_on=local(25, 16))
    amina.tap("1")
    await amina.wait_for("Ik bel de corporatie.")
    assert "Vraag 2 van 12" in amina.last.text
