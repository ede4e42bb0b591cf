"""Invitations: a link and its picture, one or a list, sent again and taken back."""

import re
from datetime import timedelta
from io import BytesIO

import segno
from PIL import Image

from bot.sandbox import Phone
from fieldwork.people import Grant, Role
from tests.e2e.town import Town, data_under, offers, reply, say, tap

STALE = "Deze uitnodiging staat niet meer open."
STRANGER = "Deze link werkt niet of niet meer."
LINK = re.compile(r"https://t\.me/terugblik_bot\?start=([0-9a-f]{32})\n")


def token(text: str) -> str:
    """What stands behind `?start=` in the link of a caption."""
    found = LINK.search(text)
    assert found is not None
    return found[1]


def scanned(content: bytes) -> tuple[bytearray, ...]:
    """The modules of a QR picture, dark is 1."""
    with Image.open(BytesIO(content)) as picture:
        grey, side = picture.convert("L"), picture.width // 10
        return tuple(
            bytearray(grey.getpixel((10 * x + 5, 10 * y + 5)) == 0 for x in range(4, side - 4))
            for y in range(4, side - 4)
        )


def cards(phone: Phone) -> list[str]:
    return [message.text for message in phone.messages if message.photo is not None]


async def test_an_invitation_comes_as_a_picture_with_its_link_its_end_and_whom_it_is_for(town: Town) -> None:
    bram = await town.coordinator()
    await say(bram, "/invite Amina", "Uitnodiging voor Amina: veldwerker in Utrecht")
    assert "De link werkt één keer, tot en met woensdag 2 december." in bram.last.text
    assert bram.last.photo is not None
    modules = scanned(bram.last.photo.content)
    link = token(bram.last.text)
    assert modules == segno.make_qr(f"https://t.me/terugblik_bot?start={link}", error="m").matrix
    assert not any(link in str(tuple(row)) for row in town.rows("SELECT detail FROM job"))
    amina = town.play.phone("Amina")
    amina.start(link)
    await amina.wait_for("Doe je mee?")
    stranger = town.play.phone("Vreemde")
    stranger.start(link)
    await stranger.wait_for(STRANGER)
    await town.play.forward(days=2)
    assert list((town.play.program.place.exports / "own").glob("*.png")) == []


async def test_of_a_list_what_is_right_is_kept_and_what_is_wrong_is_named_by_its_line(town: Town) -> None:
    bram = await town.coordinator()
    await town.fieldworker("Zoë")
    await say(bram, "/invite", "Wie nodig je uit voor Utrecht?")
    assert not offers("Openstaand", bram.last)
    names = ["Amina", " Bilal  Aydın ", "", "amina", "06-12345678", "zoë", "x" * 61, "12", "Cora"]
    await say(bram, "\n".join(names), "Uitnodigingen: 3. Ze komen hieronder.")
    told = next(message.text for message in bram.messages if message.text.startswith("Uitnodigingen: 3."))
    lines = dict(re.findall(r"^Regel (\d+): (.*)$", told, re.MULTILINE))
    assert sorted(lines) == ["4", "5", "6", "7", "8"]
    assert lines["4"].startswith("amina staat er twee keer.") and lines["6"].startswith("zoë hoort al bij Utrecht.")
    assert "Laat nummers en adressen weg." in lines["5"] and "60 tekens" in lines["7"]
    await town.settled()
    assert [text.partition(":")[0] for text in cards(bram)] == [
        f"Uitnodiging voor {name}" for name in ("Amina", "Bilal Aydın", "Cora")
    ]
    assert len({token(text) for text in cards(bram)}) == 3
    assert (await reply(bram, "/invite " + "\n".join(f"Naam {sign}" for sign in "a" * 31))).startswith("Dat zijn 31")
    assert "Amina heeft al een uitnodiging." in await reply(bram, "/invite Amina\nBo")
    many = "\n".join(f"Mens {first}{second}" for first in "abcde" for second in "vwxyz")
    await say(bram, f"/invite {many}", "Uitnodigingen: 25.")
    await town.settled()
    assert len(cards(bram)) == 29


async def test_an_open_invitation_is_sent_again_and_taken_back(town: Town) -> None:
    bram = await town.coordinator()
    await say(bram, "/invite Amina", "Uitnodiging voor Amina")
    first = token(bram.last.text)
    await say(bram, "/invite", "Wie nodig je uit")
    await tap(bram, "Openstaand", "1. Amina: veldwerker in Utrecht, tot en met woensdag 2 december")
    await town.play.forward(days=15)
    await say(bram, "/uitnodigingen", "1. Amina: veldwerker in Utrecht, verlopen op woensdag 2 december")
    await tap(bram, "1", "Wat wil je doen?")
    bram.catch_up()
    bram.tap("Nieuwe link")
    await bram.wait_for("tot en met donderdag 17 december")
    second = token(bram.last.text)
    phone = town.play.phone("Amina")
    phone.start(first)
    await phone.wait_for(STRANGER)
    data, message = data_under(bram, "Intrekken")
    await tap(bram, "Intrekken", "Ingetrokken: de uitnodiging voor Amina.")
    assert any("Deze link werkt niet meer." in one.text for one in bram.messages if one.photo is not None)
    phone.catch_up()
    await town.play.forward(hours=2)
    phone.start(second)
    await phone.wait_for(STRANGER)
    bram.tap_data(data, message)
    await bram.wait_for(STALE)
    assert await reply(bram, "/uitnodigingen") == "In Utrecht staat geen uitnodiging open. Stuur /invite met een naam."
    verbs = [row["verb"] for row in town.rows("SELECT verb FROM audit WHERE verb LIKE 'invitation_re%' ORDER BY id")]
    assert verbs == ["invitation_renewed", "invitation_refused", "invitation_revoked", "invitation_refused"]


async def test_taking_back_is_undone_and_another_city_has_nothing_to_say(town: Town) -> None:
    bram, bea, amina = await town.coordinator(), await town.coordinator("Bea", "leiden"), await town.fieldworker()
    await say(bram, "/invite Karim", "Uitnodiging voor Karim")
    link, (number,) = token(bram.last.text), re.findall(r"revoke (\d+)", data_under(bram, "Intrekken")[0])
    cities = [city.code for city in town.play.program.study.cities]
    for phone, name in ((bea, "Bea"), (amina, "Amina")):
        for city in ("utrecht", "leiden"):
            for act in ("show", "renew", "revoke", "x"):
                arg = f"{cities.index(city)}:invitation:{act} {number}"
                phone.catch_up()
                phone.tap_data(f"d:{town.person(name)}:{arg}", phone.last)
                await phone.wait_for(STALE)
    await tap(bram, "Intrekken", "Ingetrokken: de uitnodiging voor Karim.")
    await tap(bram, "Ongedaan maken", "Ongedaan gemaakt.\nKarim: veldwerker in Utrecht")
    karim = town.play.phone("Karim")
    karim.start(link)
    await karim.wait_for("Doe je mee?")


async def test_words_are_a_name_only_right_after_they_were_asked_for(town: Town) -> None:
    bram = await town.coordinator()
    await say(bram, "/invite", "Wie nodig je uit")
    await say(bram, "/status", "Utrecht, week 47.")
    await say(bram, "hallo", "Dat snap ik niet.")
    await say(bram, "/invite", "Wie nodig je uit")
    await tap(
        bram,
        "Toch niet",
        "Wie nodig je uit voor Utrecht? Stuur een naam. Of stuur meer namen: één per regel.\n✓ Toch niet",
    )
    await say(bram, "dank je", "Dat snap ik niet.")
    await say(bram, "/invite", "Wie nodig je uit")
    await town.play.forward(minutes=11)
    await say(bram, "dank je", "Wie nodig je uit")
    await town.play.forward(minutes=9)
    await say(bram, "Amina", "Uitnodiging voor Amina")
    await town.settled()
    assert town.count("invitation") == [2]
    assert [one.labels for one in bram.messages if one.text.startswith("Wie nodig je uit")] == [[]] * 4


async def test_words_below_a_newer_question_are_no_names(town: Town) -> None:
    bram = await town.coordinator()
    await town.invited(bram, Grant(Role.FIELDWORKER, "utrecht"), "Bram")
    await bram.wait_for("Doe je mee?")
    await tap(bram, "Ja, ik doe mee", "Wanneer wil je dat bericht krijgen?")
    await tap(bram, "Meteen na afloop", "Mag ik ook foto's")
    await say(bram, "/invite", "Wie nodig je uit")
    town.workshop("Bram", ends_on=town.play.clock.now() - timedelta(minutes=10))
    await town.play.forward(minutes=6)
    await bram.wait_for("Je was bij de workshop Groen")
    await say(bram, "ja", "Vraag 1 van")
    assert town.count("invitation") == [2]
