"""A person changes the language at any question and goes on in it."""

import io
from dataclasses import replace
from functools import partial
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from bot.sandbox import Phone
from exports.period import everything
from fieldwork.people import Grant, Role
from fieldwork.study import Study
from handlers.delivery.exportfiles import make_files
from tests.e2e.test_every_type import asked
from tests.e2e.town import Town, data_under, local, offers, say, tap
from tests.e2e.town import town as town_in
from tests.kitchen import row, workbook

SCENE = local(18, 16)


async def speak(phone: Phone, command: str, label: str, done: str) -> None:
    phone.say(command)
    await phone.wait_for(partial(offers, label))
    await tap(phone, label, done)


async def put(phone: Phone, words: str) -> None:
    """Wait for the message that can be answered, not for the old one that loses its buttons."""
    await phone.wait_for(lambda message: words in message.text and bool(message.buttons))


async def english(phone: Phone) -> None:
    """The person chooses English."""
    await speak(phone, "/taal", "English", "We continue in English.")


async def test_the_open_question_is_put_again_in_the_new_language_and_old_buttons_say_so(town: Town) -> None:
    amina = await town.fieldworker()
    await town.asked(amina, "Amina")
    await tap(amina, "1", "Vraag 2 van 11")
    await tap(amina, "3", "Gekozen: Sociaal werk")
    old, message = data_under(amina, "Klaar")
    await english(amina)
    await put(amina, "Question 2 of 11\nWho was at the table?")
    assert "Chosen: Social work" in amina.last.text
    amina.tap_data(old, message)
    await amina.until(lambda: any("belongs to an old question" in toast for toast in amina.toasts))
    assert not town.answers().get("present")
    await tap(amina, "Done", "Question 3 of 11")
    await speak(amina, "/language", "Nederlands", "We gaan verder in het Nederlands.")
    await put(amina, "Vraag 3 van 11")
    await tap(amina, "4", "Vraag 4 van 11")
    given = town.rows("SELECT value, language FROM answer ORDER BY id")
    assert [tuple(row) for row in given] == [("as_planned", "nl"), ("social_work", "en"), ("4", "nl")]


async def test_what_is_being_told_a_summary_and_a_pause_stay_what_they_are(town: Town) -> None:
    amina = await town.fieldworker()
    await town.asked(amina, "Amina")
    await tap(amina, "1", "Vraag 2 van 11")
    for number in (3, 4):
        await tap(amina, "Overslaan", f"Vraag {number} van 11")
    await say(amina, "Het was druk.", "Ik heb je bericht.")
    await english(amina)
    await put(amina, "Question 4 of 11")
    await say(amina, "And loud.", "I got 2 messages from you.")
    await tap(amina, "Done", "Question 5 of 11")
    assert town.answers()["moment"] == "Het was druk.\nAnd loud."
    await tap(amina, "Pause", "Paused.")
    await speak(amina, "/taal", "Nederlands", "We gaan verder in het Nederlands.")
    await put(amina, "Pauze. Je antwoorden zijn bewaard.")
    await tap(amina, "Verder", "We gaan verder bij vraag 5 van 11.")
    await tap(amina, "Terug", "We gaan een vraag terug.")
    await say(amina, "/antwoorden", "Welk antwoord wil je wijzigen?")
    await english(amina)
    await put(amina, "Which answer would you like to change?")


async def test_the_question_whether_to_begin_and_the_one_for_consent_are_put_again_too(town: Town) -> None:
    amina, bilal = await town.fieldworker(), town.play.phone("Bilal")
    town.workshop("Amina", ends_on=SCENE)
    await town.play.forward_to(local(18, 16, 15))
    old, message = data_under(amina, "Start")
    await english(amina)
    await amina.wait_for("You were at the workshop Groen in Overvecht.\nI have 11 short questions.")
    assert "You can answer until Saturday 21 November at 16:15." in amina.last.text
    amina.tap_data(old, message)
    await amina.wait_for("Question 1 of 11")
    bilal.start(await town.play.invite(Grant(Role.FIELDWORKER, "utrecht"), "Bilal"))
    await bilal.wait_for("Doe je mee?")
    await english(bilal)
    await bilal.wait_for("Will you take part?")
    await tap(bilal, "Yes, I take part", "When would you like to get that message?")


async def test_a_session_in_two_languages_that_was_closed_halfway_is_exported_with_both(town: Town) -> None:
    amina = await town.fieldworker()
    await town.asked(amina, "Amina")
    await tap(amina, "1", "Vraag 2 van 11")
    await english(amina)
    await put(amina, "Question 2 of 11")
    for number in (3, 4):
        await tap(amina, "Skip", f"Question {number} of 11")
    await say(amina, "It was loud.", "I have your message.")
    await tap(amina, "Done", "Question 5 of 11")
    await town.play.forward(days=4)
    await amina.wait_for("You answered 2 of 11 questions.")
    place, desk = town.play.program.place, town.play.app.desk()
    (made,) = make_files(place, desk, desk.city("utrecht"), everything(), "nl")
    sheets = load_workbook(place.exports / made.file)
    codes, told, words = sheets["Codes"], sheets["Open antwoorden"], sheets["Reflecties"]
    assert column(codes, "language") == ["nl en"]
    assert column(codes, "held") == ["as_planned"]
    assert column(codes, "state") == ["expired"]
    assert (column(told, "text"), column(told, "language")) == (["It was loud."], ["en"])
    assert "Nederlands; Engels" in [cell.value for cell in words[3]]


async def test_what_the_form_works_out_speaks_the_new_language_in_the_chat_and_in_the_file(town: Town) -> None:
    amina = await town.fieldworker()
    questions = (
        row("select_one place", "place", "Waar was het?", "Where was it?"),
        row("calculate", "named", "", "", calculation="jr:choice-name(${place}, '${place}')"),
        row("calculate", "day", "", "", calculation="format-date(today(), '%a')"),
        row("text", "why", "Waarom '${named}', op ${day}?", "Why '${named}', on ${day}?"),
    )
    await asked(town, amina, workbook(questions))
    await amina.wait_for("Waar was het?")
    await tap(amina, "Op het plein", "Waarom 'Op het plein', op wo?")
    await english(amina)
    await put(amina, "Why 'On the square', on Wed?")
    await tap(amina, "Skip", "Is everything correct?")
    await tap(amina, "Yes, send", "Sent.")
    await speak(amina, "/language", "Nederlands", "We gaan verder in het Nederlands.")
    place, desk = town.play.program.place, town.play.app.desk()
    (made,) = make_files(place, desk, desk.city("utrecht"), everything(), "nl")
    codes = load_workbook(place.exports / made.file)["Codes"]
    assert [column(codes, name) for name in ("named", "day")] == [["On the square"], ["Wed"]]


async def test_a_weekly_workbook_is_in_its_citys_language_and_export_in_the_askers(tmp_path: Path) -> None:
    def in_english(study: Study) -> Study:
        return replace(study, cities=tuple(replace(city, language="en") for city in study.cities))

    async with town_in(tmp_path, changed=in_english) as town:
        amina, bram = await town.fieldworker(), await town.coordinator()
        await town.reflected(amina, "Amina")
        await town.play.forward_to(local(23, 8, 30))
        await say(bram, "/export", "Welke periode?")
        await tap(bram, "Vorige week", "Export klaar:")
        weekly, asked = [message.document.content for message in bram.messages if message.document]
        assert load_workbook(io.BytesIO(weekly)).sheetnames[0] == "Overview"
        assert load_workbook(io.BytesIO(asked)).sheetnames[0] == "Overzicht"


def column(sheet: Worksheet, name: str) -> list[object]:
    """The values under a header."""
    place = [cell.value for cell in sheet[1]].index(name)
    return [row[place].value for row in sheet.iter_rows(min_row=2)]
