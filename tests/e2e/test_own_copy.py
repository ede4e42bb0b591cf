"""/mijngegevens: a person gets everything that is kept about them, and nothing of anybody else."""

import io
import json
import zipfile
from typing import Any

from lxml import html

from bot.sandbox import Phone, sample_voice
from tests.e2e.test_erasing import erase
from tests.e2e.town import Town, local, say, tap

OWN, OTHER = "Draakvruchtmarkering <b>&amp;</b>", "Walrusmarkering"


async def copies(phone: Phone, command: str = "/mijngegevens") -> list[zipfile.ZipFile]:
    """The archives the phone gets."""
    phone.catch_up()
    phone.say(command)
    last = await phone.wait_for(lambda message: message.document is not None)
    assert last.document is not None
    return [zipfile.ZipFile(io.BytesIO(last.document.content))]


def kept(archive: zipfile.ZipFile) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(archive.read("gegevens.json"))
    return found


async def told(town: Town, phone: Phone, name: str, words: str) -> None:
    """A sent reflection with words, a recording and a change."""
    await town.asked(phone, name)
    for number, label in ((2, "1"), (3, "Overslaan"), (4, "5")):
        await tap(phone, label, f"Vraag {number} van 11")
    await say(phone, words, "Ik heb je bericht.")
    phone.send_voice(sample_voice(), 3)
    await phone.wait_for("Ik heb 2 berichten van je gekregen.")
    await tap(phone, "Klaar", "Vraag 5 van 11")
    for number in range(6, 12):
        await tap(phone, "Overslaan", f"Vraag {number} van 11")
    await tap(phone, "Geen foto", "Klopt alles?")
    await tap(phone, "Ja, versturen", "Verstuurd.")


async def test_everything_of_ones_own_and_nothing_of_anybody_else(town: Town) -> None:
    amina, bilal = await town.fieldworker("Aminamarker"), await town.fieldworker("Bilalmarker")
    bram = await town.coordinator()
    await told(town, amina, "Aminamarker", OWN)
    await town.reflected(bilal, "Bilalmarker", ends_on=local(19, 16), words=OTHER)
    await say(bram, "/export", "Welke periode?")
    await tap(bram, "Alles", "Export klaar:")
    town.run("INSERT INTO flag (session_id, answer_id, sort) SELECT session_id, min(id), 'phone' FROM answer")
    (archive,) = await copies(amina)
    contents = b"".join(archive.read(name) for name in archive.namelist())
    for other in (OTHER, "Bilalmarker", town.code("Bilalmarker"), str(bilal.id)):
        assert other.encode() not in contents, other
    mine = kept(archive)
    assert (mine["person"]["name"], mine["person"]["code"]) == ("Aminamarker", town.code("Aminamarker"))
    assert mine["person"]["urn"] == f"telegram:{amina.id}"
    assert [(one["kind"], one["answer"]) for one in mine["consents"]] == [
        ("study", "yes"),
        ("media", "yes"),
        ("quotes", "yes"),
    ]
    assert "Doe je mee?" in mine["consents"][0]["words"]
    (reflection,) = mine["reflections"]
    moment = next(answer for answer in reflection["answers"] if answer["path"].endswith("/moment"))
    assert [message["kind"] for message in moment["messages"]] == ["text", "voice"]
    assert moment["messages"][0]["text"] == OWN
    assert len(mine["files_given_away"]) == 1 and mine["files_given_away"][0]["readers"] == [town.code("Bram")]
    (voice,) = (name for name in archive.namelist() if name.startswith("media/"))
    assert archive.read(voice) == sample_voice()
    page = html.fromstring(archive.read("gegevens.html"))
    text = str(page.xpath("string(.)"))
    assert OWN in text and "Welk moment is je het meest bijgebleven?" in text and "Ja, zoals gepland" in text
    assert "Foto's en spraak bewaren magja" in text and "Wanneer je een bericht krijgtmeteen na afloop" in text
    assert (
        "Rollenveldwerker in Utrecht" in text and "18 november 2026, 10:00 · meedoen: ja · versie 1 · SHA-256" in text
    )
    assert "2026-11-18T" not in text, "times are told in words"
    assert "Antwoorden die over een ander kunnen gaan" in text and "telefoonnummer" in text
    assert not page.xpath("//b | //script | //@src | //link")
    assert text.index("Ging de wijkwerkplaats door") < text.index("Wie zaten er aan tafel?"), "as they were asked"
    assert "Wat je hier deed" in text and "je zei ja tegen meedoen" in text and "consent_yes" not in text
    assert (
        "Aan jou, hooguit dertig dagen" in text
        and "Workshops waar je bij hoorde" in text
        and "De uitnodiging waarmee je binnenkwam" in text
    )
    (archive,) = await copies(bram)
    text = str(html.fromstring(archive.read("gegevens.html")).xpath("string(.)"))
    assert "je kreeg een bestand · Utrecht" in text and "Bestanden die je van de bot kreeg" in text


async def test_it_works_in_english_for_any_role_and_after_stopping_and_goes_when_one_is_erased(town: Town) -> None:
    noor, bram = await town.fieldworker("Noor", language="en"), await town.coordinator()
    await say(noor, "/stop", "Do you want to stop")
    await tap(noor, "Stop and keep", "You no longer take part.")
    (archive,) = await copies(noor, "/mydata")
    assert kept(archive)["person"]["standing"] == "withdrawn"
    text = str(html.fromstring(archive.read("gegevens.html")).xpath("string(.)"))
    assert "What you did here" in text and "you stopped and your answers stayed" in text
    (archive,) = await copies(bram)
    assert [one["role"] for one in kept(archive)["roles"]] == ["coordinator"]
    folder = town.play.program.place.exports / "own"
    assert len(list(folder.iterdir())) == 2
    amina = await town.fieldworker()
    await copies(amina)
    assert len(list(folder.iterdir())) == 3
    await erase(amina)
    await town.settled()
    assert len(list(folder.iterdir())) == 2
    await town.play.forward(hours=25)
    assert list(folder.iterdir()) == []
