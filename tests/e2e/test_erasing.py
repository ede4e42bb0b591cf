"""Who asks for it is gone: from the rows, from the bytes, and from every copy that is put back."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from bot.program import prepare
from bot.sandbox import Phone, sample_photo, sample_voice
from fieldwork.people import Grant, Role
from fieldwork.study import Study
from storage import audit, erasurelog
from storage.backup import back_up, restore
from storage.database import snapshot
from storage.driver import CAN_ENCRYPT
from tests.drivers import KEY
from tests.e2e.town import Town, local, say, stopped_clock, tap
from tests.e2e.town import town as town_in

NAME = "Zwaantjesmarker"
WORDS = ("Draakvruchtmarkering", "Kwikstaartmarkering é", "Egelmarkering", "Walrusmarkering")
KEPT = "Blijfmarkering"
PAGE, RESERVED = 4096, 80
"""Bytes of a page of SQLCipher 4, and of what stands behind its content: the vector it begins with and a checksum."""


def bytes_of(town: Town) -> bytes:
    """Everything that the database, its log and the media folder hold."""
    database = town.play.program.place.database.path
    paths = [database, database.with_name(f"{database.name}-wal"), *town.play.program.media.glob("*")]
    return b"".join(path.read_bytes() for path in paths if path.is_file())


def stands_in(content: bytes, word: str) -> bool:
    """Whether the word stands there, plain or as JSON writes it."""
    return word.encode() in content or word.encode("unicode-escape") in content


async def everything_told(town: Town, phone: Phone) -> None:
    """A sent reflection with a correction, a voice message and a photo, and another one begun."""
    await town.asked(phone, NAME)
    for number, label in ((2, "1"), (3, "Overslaan"), (4, "5")):
        await tap(phone, label, f"Vraag {number} van 11")
    message = phone.say(WORDS[0])
    await phone.wait_for("Ik heb je bericht.")
    phone.send_voice(sample_voice(), 3)
    await phone.wait_for("Ik heb 2 berichten van je gekregen.")
    await tap(phone, "Klaar", "Vraag 5 van 11")
    phone.edit(message, WORDS[1])
    await phone.wait_for("Je antwoord op vraag 4 is nu:")
    for number in range(6, 12):
        await tap(phone, "Overslaan", f"Vraag {number} van 11")
    phone.send_photo(sample_photo(), WORDS[2])
    await phone.wait_for("Klopt alles?")
    await tap(phone, "Ja, versturen", "Verstuurd.")
    await town.asked(phone, NAME, ends_on=local(19, 16))
    for number, label in ((2, "1"), (3, "Overslaan"), (4, "5")):
        await tap(phone, label, f"Vraag {number} van 11")
    await say(phone, WORDS[3], "Ik heb je bericht.")
    for _ in range(2):
        phone.send_photo(sample_photo(), album="a1")
    await phone.wait_for("Ik heb 3 berichten van je gekregen.")
    await town.settled()


async def erase_midway(phone: Phone) -> str:
    """The person has themselves erased in the middle of a questionnaire; the receipt number."""
    await say(phone, "/stop", "Wat wil je doen?")
    await tap(phone, "Stoppen", "Wil je stoppen")
    return await erased(phone)


async def erase(phone: Phone) -> str:
    """The person has themselves erased; the receipt number."""
    await say(phone, "/stop", "Wil je stoppen")
    return await erased(phone)


async def erased(phone: Phone) -> str:
    await tap(phone, "Stoppen en wissen", "Weet je het zeker?")
    phone.tap("Ja, alles wissen")
    told = await phone.wait_for("Je bewijsnummer is")
    return told.text.partition("Je bewijsnummer is ")[2][:8]


async def test_nothing_of_who_was_erased_is_left_in_any_byte_while_others_go_on(town: Town) -> None:
    gone, stays = await town.fieldworker(NAME), await town.fieldworker("Bilal")
    bram, steward = await town.coordinator("Bram", "utrecht", "leiden"), town.play.phone("Dana")
    await town.invited(steward, Grant(Role.STEWARD))
    await steward.wait_for("/erasures")
    await everything_told(town, gone)
    await town.reflected(stays, "Bilal", ends_on=local(20, 16), words=KEPT)
    await say(bram, "/people Utrecht", NAME)
    await say(bram, "/export Utrecht", "Welke periode?")
    await tap(bram, "Alles", "Export klaar:")
    await say(bram, f"/invite {NAME}", "Voor welke stad?")
    code, urn, files = town.code(NAME), f"telegram:{gone.id}", list(town.play.program.media.iterdir())
    before = bytes_of(town)
    assert all(stands_in(before, word) for word in (*WORDS, NAME, urn, KEPT))
    assert len(files) == 4

    async def others() -> None:
        for _ in range(8):
            await say(stays, "/privacy", "Dit bewaren we")

    talking = asyncio.create_task(others())
    receipt = await erase_midway(gone)
    await talking
    await town.settled()
    assert not any("reservekopieën" in one.text for one in gone.messages), "none are made here"

    after = bytes_of(town)
    assert [word for word in (*WORDS, NAME, urn) if stands_in(after, word)] == []
    assert stands_in(after, KEPT)
    assert [path for path in files if path.exists()] == []
    (row,) = town.rows("SELECT * FROM erasure")
    assert (row["receipt"], row["code"], row["urn"], row["elsewhere"]) == (receipt, code, None, 0)
    assert row["wiped_on"] is not None and row["files"] == 4
    (tombstone,) = town.rows("SELECT standing, erased_on, media_allowed FROM person WHERE code = :code", code=code)
    assert tombstone["standing"] == "withdrawn" and tombstone["erased_on"] and tombstone["media_allowed"] is None
    assert town.count("session", "contact", "address") == [1, 3, 3]

    told = await steward.wait_for("Iemand heeft zich laten wissen.")
    assert "Bestanden om terug te halen: 1." in told.text
    await say(steward, "/erasures", f"Bewijsnummer {receipt}, code {code}")
    assert town.code("Bram") in steward.last.text and "gewist en nagekeken" in steward.last.text
    await tap(steward, "Teruggehaald", "✓ Teruggehaald")
    await say(gone, "/start", "Deze bot is alleen voor veldwerkers")
    with snapshot(town.play.program.place.database) as rows:
        assert list(audit.faults(rows)) == []
        assert "erased" in [entry.verb for entry in audit.page(rows, audit.Only(), None, 50)]


@pytest.mark.skipif(not CAN_ENCRYPT, reason="sqlcipher3 is not installed")
async def test_the_pages_of_an_encrypted_database_hold_none_of_the_words_once_they_are_decrypted(
    tmp_path: Path,
) -> None:
    async with town_in(tmp_path, key=KEY) as place:
        gone, stays = await place.fieldworker(NAME), await place.fieldworker("Bilal")
        bram = await place.coordinator()
        await everything_told(place, gone)
        await place.reflected(stays, "Bilal", ends_on=local(20, 16), words=KEPT)
        await say(bram, "/quotes", WORDS[1].split()[0])
        await tap(bram, "Mag", "Mag dit in het weekbericht?")
        path = place.play.program.place.database.path
        before = decrypted(path)
        assert all(stands_in(before, word) for word in (*WORDS, NAME, KEPT))
        assert not any(stands_in(bytes_of(place), word) for word in (*WORDS, NAME, KEPT))
        await erase_midway(gone)
        await place.settled()
        after = decrypted(path)
        assert [word for word in (*WORDS, NAME, f"telegram:{gone.id}") if stands_in(after, word)] == []
        assert stands_in(after, KEPT)
        assert place.count("quote", "flag", "erasure") == [0, 0, 1]


def decrypted(path: Path) -> bytes:
    """Every page of the file and of its log as it reads with the key, free pages too: AES-256 in SQLCipher's layout."""
    whole, wal = path.read_bytes(), path.with_name(f"{path.name}-wal")
    log = wal.read_bytes()[32:] if wal.exists() else b""
    pages = [(whole[start : start + PAGE], 16 if start == 0 else 0) for start in range(0, len(whole), PAGE)]
    for start in range(0, len(log), 24 + PAGE):
        is_first = log[start : start + 4] == b"\0\0\0\1"
        pages.append((log[start + 24 : start + 24 + PAGE], 16 if is_first else 0))
    return b"".join(_decrypted_page(page, salt) for page, salt in pages if len(page) == PAGE)


def _decrypted_page(page: bytes, salt: int) -> bytes:
    end = PAGE - RESERVED
    cipher = Cipher(algorithms.AES(bytes.fromhex(KEY)), modes.CBC(page[end : end + 16])).decryptor()
    return cipher.update(page[salt:end]) + cipher.finalize()


async def test_who_does_not_mean_it_loses_nothing(town: Town) -> None:
    amina = await town.fieldworker()
    await town.reflected(amina, "Amina", words=KEPT)
    await say(amina, "/stop", "Wil je stoppen")
    await tap(amina, "Stoppen en wissen", "Weet je het zeker?")
    await tap(amina, "Nee", "Er verandert niets.")
    amina.tap_data(f"u:{town.person('Amina')}:0:stop_surely:yes", amina.last)
    await amina.wait_for("Deze knop hoort bij een oude vraag.")
    await say(amina, "/stop", "Wil je stoppen")
    await tap(amina, "Stoppen en wissen", "Weet je het zeker?")
    confirm = amina.last
    await town.play.forward(hours=13)
    amina.tap("Ja, alles wissen", confirm)
    await amina.wait_for("Deze knop hoort bij een oude vraag.")
    await town.settled()
    assert town.count("erasure", "session") == [0, 1]


async def test_the_ways_to_stop_can_be_typed(town: Town) -> None:
    amina, noor = await town.fieldworker(), await town.fieldworker("Noor", language="en")
    await say(amina, "/stop", "Wil je stoppen")
    await say(amina, "stoppen en wissen", "Weet je het zeker?")
    await say(amina, "1", "Er staat nu geen vragenlijst open.")
    await say(amina, "ja, alles wissen", "Je bewijsnummer is")
    await say(noor, "/stop", "Do you want to stop")
    await say(noor, "2", "You no longer take part.")
    await town.settled()
    assert [row["code"] for row in town.rows("SELECT code FROM erasure")] != [town.code("Noor")]


async def test_a_break_asks_nothing_until_it_is_over(town: Town) -> None:
    amina = await town.fieldworker()
    await say(amina, "/stop", "Wil je stoppen")
    await tap(amina, "Pauze nemen", "Je hebt pauze.")
    town.workshop("Amina", ends_on=local(18, 16))
    await town.play.forward_to(local(19, 12))
    assert [row["state"] for row in town.rows("SELECT state FROM prompt")] == ["cancelled"]
    await say(amina, "/start", "Fijn dat je er weer bent.")
    town.workshop("Amina", ends_on=local(19, 16))
    await town.play.forward_to(local(19, 16, 15))
    await amina.wait_for("Je was bij de workshop Groen")


async def test_who_is_also_a_coordinator_goes_on_as_such_under_another_code(town: Town) -> None:
    phone = await town.coordinator(NAME)
    await town.invited(phone, Grant(Role.FIELDWORKER, "utrecht"), NAME)
    await phone.wait_for("Doe je mee?")
    await tap(phone, "Ja, ik doe mee", "Wanneer wil je dat bericht krijgen?")
    code = town.code(NAME)
    await erase(phone)
    await town.settled()
    assert town.code(NAME) != code
    assert "stop" not in [command.name for command in phone.commands]
    assert town.rows("SELECT 1 FROM role_grant g JOIN person p ON p.id = g.person_id WHERE p.code = :c", c=code) == []
    await say(phone, "/workshops", "Er zijn geen workshops")
    await say(phone, "/stop", "Dit commando hoort niet bij jouw rol.")


async def test_a_copy_of_before_that_is_put_back_brings_nobody_back(tmp_path: Path) -> None:
    clock, copy = stopped_clock(), tmp_path / "copy.db"

    def copied_daily(study: Study) -> Study:
        return replace(study, retention=replace(study.retention, backups_after=timedelta(days=14)))

    async with town_in(tmp_path, clock, changed=copied_daily) as place:
        gone, _ = await place.fieldworker(NAME), await place.fieldworker("Bilal")
        await everything_told(place, gone)
        program, code = place.play.program, place.code(NAME)
        await asyncio.to_thread(back_up, program.place.database, copy)
        receipt = await erase_midway(gone)
        await place.settled()
        assert any("In reservekopieën staan je gegevens nog tot 4 december 2026." in one.text for one in gone.messages)
    assert [line.receipt for line in erasurelog.read(erasurelog.beside(program.place.database.path))] == [receipt]
    restore(copy, program.place.database, overwrite=True)
    prepare(program)
    with snapshot(program.place.database) as rows:
        assert rows.all("SELECT 1 FROM contact WHERE name = :name", name=NAME) == []
        (row,) = rows.all("SELECT receipt, deleted_on FROM erasure")
        assert row["receipt"] == receipt and row["deleted_on"]
    async with town_in(tmp_path, clock) as place:
        await place.settled()
        assert [word for word in (*WORDS, NAME) if stands_in(bytes_of(place), word)] == []
        assert place.code("Bilal")
        assert [row["code"] for row in place.rows("SELECT code FROM person WHERE erased_on IS NOT NULL")] == [code]
