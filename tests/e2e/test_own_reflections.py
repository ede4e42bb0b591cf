"""/mijnreflecties: a person gets back what they told, as a page to read, and nobody else's."""

import io
import re
import zipfile
from functools import partial

from lxml import html

from bot.sandbox import Phone, sample_photo, sample_voice
from bot.sandbox.messages import ChatMessage
from tests.e2e.town import Town, local, offers, say, tap

MOMENT = "Welk moment is je het meest bijgebleven? Wie deed wat, en wat deed, dacht en voelde jij?"


def is_page(message: ChatMessage) -> bool:
    return message.document is not None and message.document.name.endswith(".html")


def is_archive(message: ChatMessage) -> bool:
    return message.document is not None and message.document.name.endswith(".zip")


async def page(phone: Phone, command: str = "/mijnreflecties") -> tuple[str, html.HtmlElement]:
    """The page that somebody gets: its text with single spaces, and its elements."""
    phone.say(command)
    message = await phone.wait_for(is_page)
    assert message.document is not None
    root = html.document_fromstring(message.document.content.decode("utf-8"))
    (body,) = root.iter("body")
    return " ".join("".join(map(str, body.itertext())).split()), root


async def told_with_media(town: Town, phone: Phone) -> None:
    """A reflection with words, a recording and two pictures."""
    await town.asked(phone, "Amina")
    await tap(phone, "1", "Vraag 2 van 11")
    await tap(phone, "3", "Gekozen: Sociaal werk")
    await tap(phone, "Klaar", "Vraag 3 van 11")
    await tap(phone, "Overslaan", "Vraag 4 van 11")
    await say(phone, "Er werd <hard> gelachen & gepraat.", "Ik heb je bericht.")
    phone.send_voice(sample_voice(), 7)
    await phone.wait_for("Ik heb 2 berichten")
    phone.send_photo(sample_photo(), "De flap")
    await phone.wait_for("Ik heb 3 berichten")
    await tap(phone, "Klaar", "Vraag 5 van 11")
    for number in range(6, 12):
        await tap(phone, "Overslaan", f"Vraag {number} van 11")
    phone.send_photo(sample_photo())
    await phone.wait_for("Klopt alles?")
    await tap(phone, "Ja, versturen", "Verstuurd.")
    await town.play.app.at_rest()


async def test_the_page_holds_what_was_told_with_pictures_recordings_and_an_archive_of_both(town: Town) -> None:
    amina, bilal = await town.fieldworker(), await town.fieldworker("Bilal")
    await told_with_media(town, amina)
    text, root = await page(amina)
    assert root.get("lang") == "nl"
    assert [one.text_content() for one in root.iter("h1")] == ["Mijn reflecties"]
    assert [one.text_content() for one in root.iter("h2")] == ["Groen, Overvecht"]
    assert "woensdag 18 november 2026" in text
    assert "Er werd <hard> gelachen & gepraat." in text
    assert "Wie zaten er aan tafel? Sociaal werk" in text
    assert "voice-1.ogg, 7 seconden" in text
    assert "Overgeslagen: 7 vragen." in text
    pictures = list(root.iter("img"))
    assert [one.get("alt") for one in pictures] == [
        f"Foto bij de vraag: {MOMENT} De flap",
        "Foto bij de vraag: Wil je een foto toevoegen (flap, kaart, ruimte)? Zonder herkenbare mensen.",
    ]
    assert all(one.get("src", "").startswith("data:image/jpeg;base64,") for one in pictures)
    assert not re.search(r"https?://", html.tostring(root).decode())
    message = await amina.wait_for(is_archive)
    assert message.document is not None
    with zipfile.ZipFile(io.BytesIO(message.document.content)) as archive:
        assert sorted(archive.namelist()) == ["photo-2.jpg", "photo-3.jpg", "voice-1.ogg"]
        assert archive.read("voice-1.ogg") == sample_voice()
    assert not any(map(is_page, bilal.messages))
    await say(bilal, "/mijnreflecties", "Je hebt nog niets verteld.")
    kept = [path.stat().st_mode & 0o777 for path in (town.play.program.place.exports / "own").iterdir()]
    assert kept == [0o600, 0o600]
    await town.play.forward(days=3)
    assert list((town.play.program.place.exports / "own").iterdir()) == []


async def test_it_speaks_the_persons_language_and_comes_after_stopping_too(town: Town) -> None:
    amina = await town.fieldworker()
    await town.reflected(amina, "Amina", words="Het was druk.")
    amina.say("/stop")
    await amina.wait_for(partial(offers, "Stoppen en bewaren"))
    await tap(amina, "Stoppen en bewaren", "Je doet niet meer mee.")
    amina.say("/taal")
    await amina.wait_for(partial(offers, "English"))
    await tap(amina, "English", "We continue in English.")
    text, root = await page(amina, "/myreflections")
    assert root.get("lang") == "en"
    assert "My reflections" in text
    assert "Wednesday 18 November 2026" in text
    assert "How much influence did residents have" in text
    assert "Het was druk." in text
    assert not any(map(is_archive, amina.messages))


async def test_erasing_takes_the_page_along(town: Town) -> None:
    amina = await town.fieldworker()
    await town.reflected(amina, "Amina", words="Het was druk.")
    await page(amina)
    own = town.play.program.place.exports / "own"
    assert len(list(own.iterdir())) == 1
    amina.say("/stop")
    await amina.wait_for(partial(offers, "Stoppen en wissen"))
    await tap(amina, "Stoppen en wissen", "Weet je het zeker?")
    await tap(amina, "Ja, alles wissen", "bewijsnummer")
    await town.play.app.at_rest()
    assert list(own.iterdir()) == []


async def test_what_is_not_sent_or_closed_halfway_says_so_and_others_words_are_not_there(town: Town) -> None:
    amina, bilal = await town.fieldworker(), await town.fieldworker("Bilal")
    await town.reflected(bilal, "Bilal", words="Woorden van Bilal.")
    await town.asked(amina, "Amina", ends_on=local(19, 16))
    await tap(amina, "1", "Vraag 2 van 11")
    await town.play.forward(days=4)
    await town.asked(amina, "Amina", ends_on=local(24, 16))
    await tap(amina, "2", "Vraag 2 van 11")
    text, root = await page(amina)
    assert [one.text_content() for one in root.iter("h2")] == ["Groen, Overvecht", "Groen, Overvecht"]
    assert text.index("Nog niet verstuurd") < text.index("Gesloten voordat je het verstuurde")
    assert "Bilal" not in text
    await town.settled()
    assert amina.last.text.startswith("Vraag 2 van 11"), "what waits stands below the file"


async def test_a_coordinator_who_tells_nothing_has_no_such_page(town: Town) -> None:
    bram = await town.coordinator()
    await say(bram, "/mijnreflecties", "Dit commando hoort niet bij jouw rol.")
