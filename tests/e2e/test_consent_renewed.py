"""The consent text changes, more than once, while people are in the middle of something: nothing they do is lost."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from bot.sandbox import Phone, sample_voice
from fieldwork.study import Study
from tests.e2e.test_consent import sandboxed
from tests.e2e.town import Town, offers, say, stopped_clock, tap, town

REMEMBERED = "Ik onthoud waarop je tikte, hooguit 7 dagen. Zeg je ja? Dan ga ik daarmee verder."
CHANGED_AGAIN = "De uitleg over je gegevens is nog een keer veranderd."


def version(number: int) -> Callable[[Study], Study]:
    """The study with its consent text in this version."""

    def changed(study: Study) -> Study:
        texts = {"nl": f"Tekst {number}. Doe je mee?", "en": f"Text {number}. Will you take part?"}
        return replace(study, consent=replace(study.consent, version=str(number), texts=texts))

    return changed


async def at_question_three(town: Town, phone: Phone, name: str) -> None:
    await town.asked(phone, name, ends_on=town.play.clock.now())
    for number in (2, 3):
        await tap(phone, {2: "1", 3: "Overslaan"}[number], f"Vraag {number} van 11")


def count(phone: Phone, words: str) -> int:
    return sum(words in one.text for one in phone.messages)


def held(town: Town) -> int:
    return len(town.rows("SELECT 1 FROM inbox WHERE held_on IS NOT NULL"))


async def test_taps_before_choosing_are_carried_out_after_the_yes_also_when_the_text_changes_twice(
    tmp_path: Path,
) -> None:
    clock = stopped_clock()
    async with sandboxed(clock) as sandbox:
        async with town(tmp_path, clock, sandbox) as first:
            amina, noor = await first.fieldworker(), await first.fieldworker("Noor", language="en")
            first.workshop("Amina", "Noor", ends_on=clock.now())
            await first.play.forward(minutes=15)
            await tap(noor, "Start", "Question 1 of 11")
            for number, label in ((2, "1"), (3, "Skip"), (4, "5")):
                await tap(noor, label, f"Question {number} of 11")
            await say(noor, "The room fell silent.", "I have your message.")
            await amina.wait_for(partial(offers, "Start"))
        async with town(tmp_path, clock, sandbox, chance=2, changed=version(2)) as second:
            await tap(amina, "Start", REMEMBERED)
            await amina.wait_for("Tekst 2.")
            await tap(amina, "Start", "Dit bewaar ik ook. Kies eerst hierboven: ja of nee.")
            await tap(amina, "Ja, ik doe mee", "Dank je. Wat ik voor je bewaarde, neem ik nu mee.")
            await amina.wait_for("Vraag 1 van 11")
            await tap(amina, "1", "Vraag 2 van 11")
            assert count(amina, "Vraag 1 van 11") == 1, "two taps on Start are one"
            await second.play.forward(minutes=5)
            await noor.wait_for("Text 2.")
            assert count(noor, "Finished? Then tap Done.") == 0, "no question before the new text is read"
            await tap(noor, "Done", "I remember what you tapped, at most 7 days. If you say yes, I go on with it.")
            noor.send_voice(sample_voice(), 3)
            await noor.wait_for("I hold this, too. First choose above: yes or no.")
            await say(noor, "Mail jan@example.org.", "I hold this, too. First choose above: yes or no.")
        async with town(tmp_path, clock, sandbox, chance=3, changed=version(3)) as third:
            await say(noor, "yes", "The text about your data has changed once more.")
            assert (await noor.wait_for("Text 3.")).labels
            assert held(third) == 3 and count(noor, "✓ Yes, I take part") == 1
            await say(noor, "Yes, I take part", "Thank you. I now take what I held for you.")
            await noor.wait_for("I added your message to your answer to question 4.")
            assert count(noor, "Question 5 of 11") == 1
            (*_, moment) = third.rows("SELECT value FROM answer WHERE path LIKE '%/moment' ORDER BY revision")
            assert moment["value"] == "The room fell silent.\n[voice-1.ogg]\nMail jan@example.org."
            await noor.wait_for("What you wrote may say something about somebody else:")
            await tap(amina, "1", REMEMBERED)
            for label in ("2", "2", "Klaar"):
                await tap(amina, label, "Dit bewaar ik ook.")
            await say(amina, "/stop", "Wil je stoppen")
        async with town(tmp_path, clock, sandbox, chance=4, changed=version(4)) as fourth:
            await say(amina, "ja", CHANGED_AGAIN)
            await amina.wait_for("Tekst 4.")
            assert held(fourth) == 3, "a yes to other words is no answer, and a switch tapped twice is one"
            await tap(amina, "Toch niet stoppen", "Er verandert niets.")
            await say(amina, "ja", "Dank je. Wat ik voor je bewaarde, neem ik nu mee.")
            await amina.wait_for("Vraag 3 van 11")
            await fourth.settled()
            assert len(fourth.answers()["present"].split()) == 2


async def test_a_held_tap_is_taken_late_comes_to_nothing_in_words_or_goes_on_when_the_old_text_is_back(
    tmp_path: Path,
) -> None:
    clock = stopped_clock()
    async with sandboxed(clock) as sandbox:
        async with town(tmp_path, clock, sandbox) as first:
            amina, bilal, cora = [await first.fieldworker(name) for name in ("Amina", "Bilal", "Cora")]
            for phone, name in ((amina, "Amina"), (bilal, "Bilal"), (cora, "Cora")):
                await at_question_three(first, phone, name)
        async with town(tmp_path, clock, sandbox, chance=2, changed=version(2)) as second:
            await tap(amina, "4", REMEMBERED)
            await say(bilal, "4", "Ik bewaar je bericht tot je hebt gekozen")
            await tap(bilal, "5", "Dit bewaar ik ook.")
            await tap(cora, "2", REMEMBERED)
            await tap(cora, "4", "Dit bewaar ik ook.")
            await say(cora, "3", "Dit bewaar ik ook.")
            await tap(bilal, "Ja, ik doe mee", "neem ik nu mee")
            await bilal.wait_for("Je tikte eerder op een knop. Die vraag wacht nu niet meer.")
            await bilal.wait_for("Vraag 4 van 11")
            await second.play.forward(hours=80)
            await amina.wait_for("zijn gesloten")
            await tap(amina, "Ja, ik doe mee", "neem ik nu mee")
            await amina.wait_for("We noteren dat je later antwoordde.")
            await amina.wait_for("Vraag 4 van 11")
        async with town(tmp_path, clock, sandbox, chance=3) as third:
            await third.play.forward(minutes=1)
            await cora.wait_for("We noteren dat je later antwoordde.")
            await cora.wait_for("Vraag 4 van 11")
            await third.settled()
            given = third.rows("SELECT value FROM answer WHERE path LIKE '%/influence' ORDER BY session_id, revision")
            assert [row["value"] for row in given] == ["4", "4", "4", "3"], "of Cora's the one she typed last counts"
            assert held(third) == 0
            assert third.rows("SELECT 1 FROM inbox WHERE raw IS NOT NULL") == []
