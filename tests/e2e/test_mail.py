"""The weekly summary by e-mail: to an address that was proven, with the workbooks, once, whatever the server does."""

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.message import EmailMessage
from pathlib import Path

from msoffcrypto.format.ooxml import OOXMLFile
from openpyxl import load_workbook

from bot.sandbox import Phone
from fieldwork.people import Grant, Role
from storage import jobs, mailboxes, people
from storage.database import transaction
from tests.e2e.test_weekly import FILE, a_week, codes_in
from tests.e2e.town import Town, local, reply, say, tap, town
from tests.mailserver import MailServer, mail_server

ADDRESS = "carla@university.example"
LOCK = "open sesame 47"
MONDAY = local(23, 8, 30)


@asynccontextmanager
async def mailing_town(folder: Path, lock: str = LOCK) -> AsyncIterator[tuple[Town, MailServer]]:
    async with mail_server(folder / "mail") as server, town(folder, post=server.post(workbook_password=lock)) as place:
        yield place, server


async def by_email(place: Town) -> Phone:
    """An investigator whose summaries go by e-mail."""
    carla = await place.investigator()
    with transaction(place.play.program.place.database) as tx:
        mailboxes.set_to(tx, place.person("Carla"), ADDRESS)
    return carla


def plain(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def opened(letter: EmailMessage) -> dict[str, bytes]:
    """The workbooks in a letter, unlocked."""
    found = {}
    for part in letter.iter_attachments():
        file = OOXMLFile(io.BytesIO(part.get_content()))
        file.load_key(password=LOCK)
        file.decrypt(inside := io.BytesIO())
        found[str(part.get_filename())] = inside.getvalue()
    return found


def summaries(phone: Phone) -> list[str]:
    return [one.text for one in phone.messages if one.text.startswith("Weekbericht")]


async def test_an_address_is_proven_by_a_code_and_then_the_summary_goes_there_with_the_workbooks(
    tmp_path: Path,
) -> None:
    async with mailing_town(tmp_path) as (place, server):
        await a_week(place, "Amina", "Bilal", "Cora")
        carla = await place.investigator()
        await say(carla, "/email", "Typ het adres.")
        await say(carla, "carla at university", "Dat is geen e-mailadres.")
        await say(carla, ADDRESS, f"code van zes cijfers naar {ADDRESS}")
        await place.settled()
        code = next(line for line in plain(server.letters[0]).splitlines() if line.isdecimal())
        await say(carla, "000000" if code != "000000" else "111111", "Die code klopt niet.")
        assert place.rows("SELECT email FROM contact WHERE email IS NOT NULL") == []
        await say(carla, f"{code[:3]} {code[3:]}", f"voortaan naar {ADDRESS}")
        assert (await reply(carla, "/email")).startswith(f"Je weekbericht gaat per e-mail naar {ADDRESS}.")
        with transaction(place.play.program.place.database) as tx:
            people.grant(tx, place.person("Carla"), Grant(Role.INVESTIGATOR, line="L3"), place.play.clock.now())
        await place.play.forward_to(MONDAY)
        assert server.recipients == [ADDRESS] * 3
        letter, other = sorted(server.letters[1:], key=lambda one: str(one["Subject"]))
        assert letter["Subject"] == "Weekbericht Crafting Resilience, week 47: Bestuurlijke verhoudingen"
        assert list(other.iter_attachments()) == [], "the workbooks go once"
        assert "werkboeken" not in plain(other)
        assert letter["Date"] == "Mon, 23 Nov 2026 08:30:00 +0100"
        assert plain(letter).startswith("Weekbericht Crafting Resilience, week 47\n")
        assert "Utrecht: 3 van 3 (100%)" in plain(letter)
        assert "met een wachtwoord" in plain(letter)
        pictures = [part.get_content() for part in letter.walk() if part.get_content_type() == "image/png"]
        assert [picture[:4] for picture in pictures] == [b"\x89PNG"] * 2
        books = opened(letter)
        assert list(books) == [FILE]
        assert [row["influence"] for row in codes_in(books[FILE])] == [4, 4, 4]
        assert load_workbook(io.BytesIO(books[FILE])).sheetnames[0] == "Overzicht"
        assert summaries(carla) == [], "by e-mail, so not by chat too"
        subjects = [row["subject"] for row in place.rows("SELECT subject FROM audit WHERE verb = 'mailed'")]
        assert {"L1 2026-W47", "L3 2026-W47"} < set(subjects)
        assert sum(FILE in subject for subject in subjects) == 1
        readers = place.rows("SELECT person_id FROM export_reader")
        assert [row["person_id"] for row in readers] == [place.person("Carla")]
        await say(carla, "/email", "Je weekbericht gaat per e-mail")
        await tap(carla, "Weer in de chat", "Je weekbericht komt weer in deze chat.")
        assert place.rows("SELECT email FROM contact WHERE email IS NOT NULL") == []


async def test_a_letter_that_comes_back_or_gets_lost_on_the_way_is_sent_again_with_the_same_id(tmp_path: Path) -> None:
    async with mailing_town(tmp_path, lock="") as (place, server):
        carla = await by_email(place)
        server.faults.at_recipient.append("450 4.7.1 greylisted, try again in a moment")
        await place.play.forward_to(MONDAY)
        assert server.letters == []
        (job,) = place.rows("SELECT state, error FROM job WHERE kind = 'letter'")
        assert dict(job) == {"state": "open", "error": "the mail server does not take the recipient now (450 4.7.1)"}
        server.faults.drops = 1
        await place.play.forward(hours=1)
        assert len({letter["Message-ID"] for letter in server.letters}) == 1
        assert len(server.letters) == 2, "taken twice: the first time nobody knew"
        assert "er waren geen workshops. De bot werkt." in plain(server.letters[1]), "silence would mean broken"
        assert summaries(carla) == []
        await place.play.forward(days=1)
        assert len(server.letters) == 2


async def test_what_will_never_be_taken_is_listed_with_its_reason_and_comes_by_chat(tmp_path: Path) -> None:
    async with mailing_town(tmp_path) as (place, server):
        carla = await by_email(place)
        server.faults.at_recipient.append(f"550 5.1.1 <{ADDRESS}> unknown")
        await place.play.forward_to(MONDAY)
        (job,) = place.rows("SELECT state, error, detail FROM job WHERE kind = 'letter'")
        assert (job["state"], job["error"]) == ("failed", "the mail server refuses the recipient (550 5.1.1)")
        assert ADDRESS not in job["detail"]
        assert server.letters == []
        assert any("kon niet per e-mail weg" in message.text for message in carla.messages)
        assert len(summaries(carla)) == 1


async def test_workbooks_that_are_too_big_stay_behind_and_the_letter_says_where_they_are(tmp_path: Path) -> None:
    async with mailing_town(tmp_path) as (place, server):
        await a_week(place, "Amina")
        await by_email(place)
        server.faults.at_data.append("552 5.3.4 message too big")
        await place.play.forward_to(local(23, 8))
        # A city that joined this morning has no workbook of last week.
        place.run("UPDATE ledger SET made = NULL WHERE work = 'workbook' AND city = 'leiden'")
        await place.play.forward_to(MONDAY)
        (letter,) = server.letters
        assert list(letter.iter_attachments()) == []
        assert "De werkboeken zijn te groot voor e-mail." in plain(letter)


async def test_a_code_can_be_guessed_five_times_and_asked_for_five_times_a_day(tmp_path: Path) -> None:
    async with mailing_town(tmp_path) as (place, _):
        carla = await place.investigator()
        await say(carla, "/email", "Typ het adres.")
        for _ in range(5):
            await say(carla, ADDRESS, "Ik stuur een code")
        await say(carla, ADDRESS, "Vandaag zijn er al vijf codes verstuurd.")
        await place.settled()
        await place.play.forward(days=1, minutes=1)
        await say(carla, "/email", "Typ het adres.")
        await say(carla, ADDRESS, "Ik stuur een code")
        for _ in range(4):
            await say(carla, "nee", "Die code klopt niet.")
        await say(carla, "nee", "Vijf keer een andere code.")
        assert place.rows("SELECT email FROM contact WHERE email IS NOT NULL") == []


async def test_without_a_mail_server_email_says_that_it_is_off(town: Town) -> None:
    carla = await town.investigator()
    assert (await reply(carla, "/email")).startswith("E-mail staat hier niet aan.")


async def test_an_address_goes_with_the_person_and_stands_in_no_job(tmp_path: Path) -> None:
    async with mailing_town(tmp_path) as (place, server):
        await by_email(place)
        with transaction(place.play.program.place.database) as tx:
            person = place.person("Carla")
            tx.run("UPDATE person SET standing = 'withdrawn' WHERE id = :id", id=person)
            tx.run("DELETE FROM role_grant WHERE person_id = :id", id=person)
            jobs.add(tx, "letter", {"person": person, "line": "L1", "week": "2026-W47"}, place.play.clock.now())
        place.play.app.wake()
        await place.play.app.at_rest()
        assert server.letters == [], "who investigates no more gets nothing"
        assert [row["state"] for row in place.rows("SELECT state FROM job WHERE kind = 'letter'")] == ["done"]
