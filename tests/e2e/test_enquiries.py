"""/vraag on real phones: the words reach people, and no file, log or copy."""

import logging

from pytest import LogCaptureFixture

from bot.sandbox import sample_photo, sample_voice
from tests.e2e.test_erasing import bytes_of, erase, stands_in
from tests.e2e.test_own_copy import copies, kept
from tests.e2e.town import Town, local, say, tap

QUESTION, ANSWER, LATE = "Draakvruchtmarkering?", "Kwikstaartmarkering.", "Egelmarkering?"
TEXT_ONLY = "Ik geef alleen getypte woorden door"


async def test_a_question_and_its_answer_reach_people_and_stand_nowhere_else(
    town: Town, caplog: LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    amina, bram, olga = await town.fieldworker(), await town.coordinator(), await town.coordinator("Olga")
    code = town.code("Amina")
    await say(amina, "/vraag", "Wat wil je vragen aan je coördinator?")
    amina.send_voice(sample_voice(), 3)
    await amina.wait_for(TEXT_ONLY)
    await say(amina, QUESTION, "Je vraag is naar je coördinator.")
    amina.send_photo(sample_photo(), f"/vraag {QUESTION}")
    await amina.wait_for(TEXT_ONLY)
    put = await bram.wait_for(f"Vraag van {code} in Utrecht:\n\n{QUESTION}")
    await olga.wait_for(QUESTION)
    bram.reply(ANSWER, put)
    await bram.wait_for(f"Je antwoord gaat naar {code}.")
    await amina.wait_for(f"Antwoord van je coördinator:\n\n{ANSWER}")
    await tap(olga, "Antwoorden", f"De vraag van {code} is beantwoord door Bram.")
    await town.settled()
    said = b"".join(str(tuple(row)).encode() for row in town.rows("SELECT * FROM outbox"))
    assert not stands_in(said, QUESTION) and not stands_in(said, ANSWER)
    assert town.rows("SELECT 1 FROM inbox WHERE raw IS NOT NULL") == []
    (archive,) = await copies(amina)
    mine = kept(archive)
    assert [one["city"] for one in mine["questions_to_coordinators"]] == ["utrecht"]
    contents = b"".join(archive.read(name) for name in archive.namelist())
    assert not stands_in(contents, QUESTION) and not stands_in(contents, ANSWER)
    assert "We bewaren alleen wanneer je iets vroeg, niet wat." in contents.decode(errors="replace")
    await town.play.forward_to(local(18, 23))
    await say(amina, f"/vraag {LATE}", "Je coördinator krijgt je vraag donderdag 19 november om 08:30.")
    assert stands_in(bytes_of(town), LATE)
    await erase(amina)
    await town.settled()
    after = bytes_of(town)
    assert not any(stands_in(after, words) for words in (QUESTION, ANSWER, LATE))
    await town.play.forward_to(local(19, 9))
    assert not any(LATE in message.text for message in bram.messages)
    own = ("bot", "handlers", "storage", "exports", "fieldwork")
    told = [record.getMessage() for record in caplog.records if record.name.startswith(own)]
    assert not any(words in line for line in told for words in (QUESTION, ANSWER, LATE))
