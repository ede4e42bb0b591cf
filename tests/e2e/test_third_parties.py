"""What in an answer may tell of somebody else is pointed out before it is kept, and flagged where it stays."""

import io
from dataclasses import replace
from pathlib import Path

from openpyxl import load_workbook

from bot.sandbox import Phone, sample_photo, sample_voice
from fieldwork.people import Grant, Role
from tests.e2e.town import Town, reply, say, stopped_clock, tap, town

FOUND = "Mevrouw Jansen gaf mij 06-12345678"
CLEAN = "Een oudere bewoner gaf mij haar nummer"
ASKED = "In wat je schreef, staat misschien iets over een ander:"


def kept(town: Town) -> list[str]:
    """Every text of an answer that the database holds, drafts too."""
    found = town.rows("SELECT value FROM answer UNION ALL SELECT text FROM part UNION ALL SELECT raw FROM inbox")
    return [row["value"] for row in found if row["value"]]


def flagged(town: Town) -> list[tuple[str, bool]]:
    found = town.rows("SELECT sort, left_on FROM flag ORDER BY answer_id, sort")
    return [(row["sort"], row["left_on"] is not None) for row in found]


def holds(town: Town, words: str) -> bool:
    return any(words in text for text in kept(town))


async def at_moment(town: Town, name: str = "Amina") -> Phone:
    """Somebody to whom the question for the moment was put."""
    phone = await town.fieldworker(name)
    await town.asked(phone, name)
    for number, label in ((2, "1"), (3, "Overslaan"), (4, "5")):
        await tap(phone, label, f"Vraag {number} van 11")
    return phone


async def to_the_end(phone: Phone, begin: int = 6) -> None:
    for number in range(begin, 12):
        await tap(phone, "Overslaan", f"Vraag {number} van 11")
    await tap(phone, "Geen foto", "Klopt alles?")
    await tap(phone, "Ja, versturen", "Verstuurd.")


async def test_new_words_take_the_place_of_the_old_which_stay_until_then(town: Town) -> None:
    amina = await at_moment(town)
    await say(amina, "Het was druk.", "Ik heb je bericht.")
    await say(amina, FOUND, "Ik heb 2 berichten van je gekregen.")
    await tap(amina, "Klaar", ASKED)
    assert amina.last.text == (
        f"{ASKED}\n• naam: Mevr…\n• telefoonnummer: 06-1…\n\nWil je dat aanpassen? Je bericht is bewaard."
    )
    assert holds(town, FOUND)
    await town.play.forward(minutes=10)
    assert amina.last.text.startswith(ASKED)
    await tap(amina, "Aanpassen", "Stuur je bericht opnieuw, zonder die gegevens.")
    assert holds(town, FOUND)
    await say(amina, CLEAN, "Ik heb 2 berichten van je gekregen.")
    assert not holds(town, "Jansen")
    await tap(amina, "Klaar", "Vraag 5 van 11")
    assert town.answers()["moment"] == f"Het was druk.\n{CLEAN}"
    assert flagged(town) == [] and not holds(town, "12345678")


async def test_what_is_left_is_flagged_without_its_words_for_the_steward_and_in_the_workbook(town: Town) -> None:
    amina = await at_moment(town)
    await say(amina, FOUND, "Ik heb je bericht.")
    await tap(amina, "Klaar", ASKED)
    await say(amina, "zo laten", "Vraag 5 van 11")
    assert town.answers()["moment"] == FOUND
    assert flagged(town) == [("name", True), ("phone", True)]
    await to_the_end(amina)
    dana, bram = town.play.phone("Dana"), await town.coordinator()
    await town.invited(dana, Grant(Role.STEWARD), "Dana")
    await dana.wait_for("/erasures")
    told = await reply(dana, "/flags")
    (row,) = town.rows("SELECT instance_id FROM session")
    assert f"Utrecht · moment · naam, telefoonnummer · {row['instance_id'][5:13]} · zo gelaten" in told
    assert "Jansen" not in told and "0612" not in told and "06-1" not in told
    assert "niets gevonden" in await reply(dana, "/flags Leiden")
    assert await reply(bram, "/flags") == town.play.program.texts.say("denied.role", "nl")
    await say(bram, "/export", "Welke periode?")
    await tap(bram, "Alles", "Export klaar:")
    content = next(message.document.content for message in reversed(bram.messages) if message.document)
    header, line = load_workbook(io.BytesIO(content), read_only=True)["Codes"].iter_rows(values_only=True)
    assert dict(zip(header, line, strict=True))["flags"] == "third_party"


async def test_who_never_presses_a_button_keeps_the_answer_and_it_is_flagged(town: Town) -> None:
    amina = await at_moment(town)
    await say(amina, FOUND, "Ik heb je bericht.")
    await tap(amina, "Klaar", ASKED)
    await town.play.forward(days=4)
    assert town.answers()["moment"] == FOUND
    assert flagged(town) == [("name", False), ("phone", False)]


async def test_an_edit_that_takes_it_out_goes_on_and_one_that_brings_it_in_is_asked_about(town: Town) -> None:
    amina = await at_moment(town)
    message = amina.say(FOUND)
    await amina.wait_for("Ik heb je bericht.")
    await tap(amina, "Klaar", ASKED)
    amina.edit(message, CLEAN)
    await amina.wait_for("Vraag 5 van 11")
    assert town.answers()["moment"] == CLEAN and not holds(town, "Jansen")
    await tap(amina, "1", "Vraag 6 van 11")
    amina.edit(message, f"{CLEAN}, op 3512 AB 14")
    await amina.wait_for("• postcode met huisnummer: 3512…")
    assert flagged(town) == [("address", False)]
    amina.edit(message, f"{CLEAN}, in haar huis")
    await amina.wait_for(lambda one: one.text.endswith(f"vraag 4 is nu: {CLEAN}, in haar huis"))
    assert flagged(town) == [] and not holds(town, "3512")
    (row,) = town.rows("SELECT outcome, value FROM answer WHERE replaced_on IS NOT NULL")
    assert (row["outcome"], row["value"]) == ("answered", "")

    amina.edit(message, "mail a@example.org")
    await amina.wait_for("• e-mailadres: a@ex…")
    await tap(amina, "Aanpassen", "Stuur je bericht opnieuw")
    await say(amina, CLEAN, "Ik heb je bericht.")
    await tap(amina, "Klaar", "Vraag 6 van 11")
    assert flagged(town) == [] and not holds(town, "example.org")
    amina.edit(message, "nog eens a@example.org")
    await town.settled()
    amina.edit(next(one.id for one in reversed(amina.messages) if one.text == CLEAN), "bsn 843646974")
    await amina.wait_for("• burgerservicenummer: 8436…")
    await tap(amina, "Zo laten", "Het blijft zo staan.")
    assert flagged(town) == [("bsn", True)]


async def test_captions_are_looked_at_and_recordings_and_pictures_are_not(town: Town) -> None:
    amina = await at_moment(town)
    amina.send_voice(sample_voice(), 3)
    await amina.wait_for("Ik heb je bericht.")
    amina.send_photo(sample_photo(), "Mevrouw Jansen")
    await amina.wait_for("Ik heb 2 berichten van je gekregen.")
    await tap(amina, "Klaar", ASKED)
    await tap(amina, "Aanpassen", "Stuur je bericht opnieuw")
    await say(amina, CLEAN, "Ik heb 3 berichten van je gekregen.")
    await tap(amina, "Klaar", "Vraag 5 van 11")
    assert not holds(town, "Jansen")
    assert [row["kind"] for row in town.rows("SELECT kind FROM part ORDER BY position")] == ["voice", "photo", "text"]
    for number in range(6, 12):
        await tap(amina, "Overslaan", f"Vraag {number} van 11")
    amina.send_photo(sample_photo(), "Meneer Bakker")
    await amina.wait_for("• naam: Mene…")
    await tap(amina, "Aanpassen", "Houd je bericht ingedrukt")
    assert flagged(town) == [("name", False)]


async def test_a_study_may_do_without(tmp_path: Path) -> None:
    async with town(tmp_path, stopped_clock(), changed=lambda study: replace(study, points_out=False)) as place:
        amina = await at_moment(place)
        await say(amina, FOUND, "Ik heb je bericht.")
        await tap(amina, "Klaar", "Vraag 5 van 11")
        assert flagged(place) == []


async def test_erasing_takes_the_flags_along(town: Town) -> None:
    amina = await at_moment(town)
    await say(amina, FOUND, "Ik heb je bericht.")
    await tap(amina, "Klaar", ASKED)
    await tap(amina, "Zo laten", "Vraag 5 van 11")
    await say(amina, "/stop", "Wat wil je doen?")
    await tap(amina, "Stoppen", "Wil je stoppen")
    await tap(amina, "Stoppen en wissen", "Weet je het zeker?")
    await tap(amina, "Ja, alles wissen", "Je bewijsnummer is")
    await town.play.forward(minutes=5)
    assert town.count("flag", "answer") == [0, 0]
