"""Chat hygiene: after sending, questions and answers leave the chat, and what cannot leave is told."""

from dataclasses import replace
from pathlib import Path

from bot.sandbox import Fault, Phone, sample_voice
from bot.sandbox.refusals import bad_request
from tests.e2e.town import Town, local, say, stopped_clock, tap, town

DONE = "Ik wis nu mijn vragen en jouw antwoorden uit dit gesprek."
RECEIPT = "Verstuurd."


def texts(phone: Phone) -> list[str]:
    return [message.text for message in phone.messages]


async def wish(phone: Phone, label: str, told: str) -> None:
    await say(phone, "/privacy", "Dit bewaren we")
    await tap(phone, "Gesprek opruimen", "Zal ik dit gesprek opruimen")
    await tap(phone, label, told)


async def test_questions_and_answers_go_and_the_receipt_and_everything_else_stays(town: Town) -> None:
    amina = await town.fieldworker()
    await wish(amina, "Ja, opruimen", "Na het versturen ruim ik dit gesprek op.")
    before = texts(amina)
    await town.asked(amina, "Amina")
    for number, label in ((2, "1"), (3, "Overslaan"), (4, "5")):
        await tap(amina, label, f"Vraag {number} van 11")
    amina.send_voice(sample_voice(), 3)
    await amina.wait_for("Ik heb je bericht.")
    await say(amina, "Mevrouw Jansen", "Ik heb 2 berichten")
    await tap(amina, "Klaar", "In wat je schreef")
    await tap(amina, "Aanpassen", "Stuur je bericht opnieuw")
    await say(amina, "Een verhaal dat weg moet", "Ik heb 2 berichten")
    await tap(amina, "Klaar", "Vraag 5 van 11")
    for number in range(6, 12):
        await tap(amina, "Overslaan", f"Vraag {number} van 11")
    await tap(amina, "Geen foto", "Klopt alles?")
    await tap(amina, "Ja, versturen", DONE)
    await town.settled()
    left = texts(amina)[len(before) :]
    assert [text.split("\n")[0][:18] for text in left] == ["Hallo Amina. Je wa", "Verstuurd. Dank je", DONE[:18]]
    assert not any(message.voice for message in amina.messages)
    assert town.answers()["moment"].endswith("Een verhaal dat weg moet")
    assert [call.method for call in town.play.sandbox.calls if call.method.startswith("delete")] == [
        "deleteMessages",
        "deleteMessages",
    ]

    await town.play.forward(minutes=1)
    await say(amina, "/antwoorden", "Welk antwoord wil je wijzigen?")
    await tap(amina, "3", "Vraag 3 van 11")
    await tap(amina, "4", "Je antwoorden zijn bewaard.")
    await town.settled()
    assert [text[:12] for text in texts(amina)[-3:]] == ["/antwoorden", "Je antwoorde", "Ik wis nu mi"]
    assert town.answers()["influence"] == "4"
    await wish(amina, "Nee, laat staan", "Ik laat alles in dit gesprek staan.")
    await town.reflected(amina, "Amina", ends_on=local(19, 16), words="Dit blijft staan")
    await town.settled()
    assert "Dit blijft staan" in texts(amina) and RECEIPT in amina.last.text


async def test_what_is_older_than_two_days_is_told_and_stays(tmp_path: Path) -> None:
    async with town(tmp_path, stopped_clock(), changed=lambda study: replace(study, tidies=True)) as place:
        amina = await place.fieldworker()
        await place.asked(amina, "Amina")
        await tap(amina, "1", "Vraag 2 van 11")
        await tap(amina, "Overslaan", "Vraag 3 van 11")
        await place.settled()
        await place.play.forward(hours=50)
        for number in range(4, 12):
            await tap(amina, "Overslaan", f"Vraag {number} van 11")
        await tap(amina, "Geen foto", "Klopt alles?")
        await tap(amina, "Ja, versturen", "Van dit gesprek kan ik 4 berichten niet wissen: ouder dan twee dagen.")
        await place.settled()
        assert sum(text.startswith("Vraag") for text in texts(amina)) == 3


async def test_a_deletion_that_the_channel_refuses_is_told_and_one_in_doubt_is_tried_again(tmp_path: Path) -> None:
    async with town(tmp_path, stopped_clock(), changed=lambda study: replace(study, tidies=True)) as place:
        amina = await place.fieldworker()
        place.play.sandbox.fail("deleteMessages", Fault.dropped_after(), 1)
        await place.reflected(amina, "Amina", words="Weg hiermee")
        await place.settled()
        await place.play.forward(minutes=10)
        await place.settled()
        assert "Weg hiermee" not in texts(amina)
        assert place.rows("SELECT 1 FROM outbox WHERE state NOT IN ('sent', 'dropped')") == []
        amina_chat = len(amina.messages)
        place.play.sandbox.fail("deleteMessages", Fault(bad_request("message can't be deleted")), 1)
        await place.reflected(amina, "Amina", ends_on=local(19, 16), words="Dit blijft")
        await amina.wait_for("Telegram liet mij")
        assert "Dit blijft" in texts(amina) and len(amina.messages) > amina_chat
        assert place.rows("SELECT 1 FROM outbox WHERE state = 'dead'") == []
