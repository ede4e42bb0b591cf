"""What people agree to is a text with a version: a new one is put to them before anything else is asked."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

from bot.clock import MovableClock
from bot.sandbox import Phone, Sandbox, sample_voice
from fieldwork.people import Grant, Role
from fieldwork.study import Study, words_hash
from storage import consents
from storage.database import snapshot
from tests.e2e.test_erasing import bytes_of, stands_in
from tests.e2e.town import Town, local, offers, say, stopped_clock, tap
from tests.e2e.town import town as town_in

NEW_TEXT = "Nieuw: we bewaren je antwoorden langer. Doe je mee?"
CHANGED = "De uitleg over je gegevens is veranderd."


def second_version(study: Study) -> Study:
    """The study with another consent text."""
    return replace(study, consent=replace(study.consent, version="2", texts={"nl": NEW_TEXT, "en": "New. Take part?"}))


@asynccontextmanager
async def sandboxed(clock: MovableClock) -> AsyncIterator[Sandbox]:
    async with Sandbox(clock.now, 0) as sandbox:
        yield sandbox


async def question_two(town: Town, phone: Phone) -> None:
    await town.asked(phone, "Amina")
    await tap(phone, "1", "Vraag 2 van 11")


async def test_a_new_version_is_put_to_people_before_anything_else_is_asked(tmp_path: Path) -> None:
    clock = stopped_clock()
    async with sandboxed(clock) as sandbox:
        async with town_in(tmp_path, clock, sandbox) as town:
            amina, bilal = await town.fieldworker(), await town.fieldworker("Bilal")
            bram = await town.coordinator()
            await question_two(town, amina)
            town.workshop("Bilal", ends_on=local(19, 16))
        async with town_in(tmp_path, clock, sandbox, chance=2, changed=second_version) as town:
            for phone in (amina, bilal, bram):
                phone.catch_up()
            await say(bram, "/remind", "Amina")
            await tap(bram, "Versturen", "Herinnering verstuurd")
            await amina.wait_for(NEW_TEXT)
            assert not any("Vraag 2" in one.text for one in amina.messages[-2:])
            await say(amina, "/antwoorden", CHANGED)
            await amina.wait_for(NEW_TEXT)
            await say(amina, "/mijnreflecties", "Alleen jij krijgt dit bestand.")
            await say(amina, "/help", "/privacy")
            await town.settled()
            assert "Vraag 2" not in amina.last.text
            assert set(town.answers()) == {"held"}
            await tap(amina, "Ja, ik doe mee", "We gaan verder.")
            await amina.wait_for(partial(offers, "Overslaan"))
            await tap(amina, "Overslaan", "Vraag 3 van 11")
            await town.play.forward_to(local(19, 16, 15))
            await bilal.wait_for(NEW_TEXT)
            await town.play.forward_to(local(19, 19))
            assert [message.text for message in bilal.messages].count(NEW_TEXT) == 1
            assert not any("Je was bij de workshop" in message.text for message in bilal.messages)
            await say(bilal, "ja", "Dank je. Is er een vraag voor je? Dan krijg je een bericht.")
            await town.play.forward(minutes=1)
            await bilal.wait_for("Je was bij de workshop Groen")
            await tap(bilal, "Start", "Vraag 1 van 11")
            assert [row["consent_version"] for row in town.rows("SELECT consent_version FROM session")] == ["1", "2"]


async def test_what_is_said_before_choosing_is_held_and_answers_the_question_of_then_after_a_yes(
    tmp_path: Path,
) -> None:
    clock = stopped_clock()
    async with sandboxed(clock) as sandbox:
        async with town_in(tmp_path, clock, sandbox) as town:
            amina, noor = await town.fieldworker(), await town.fieldworker("Noor")
            for phone, name in ((noor, "Noor"), (amina, "Amina")):
                await town.asked(phone, name, ends_on=town.play.clock.now())
                for number, label in ((2, "1"), (3, "Overslaan"), (4, "5")):
                    await tap(phone, label, f"Vraag {number} van 11")
        async with town_in(tmp_path, clock, sandbox, chance=2, changed=second_version) as town:
            await say(amina, "/stop", "Wil je stoppen")
            for _ in range(3):
                noor.send_sticker()
                await noor.wait_for(NEW_TEXT)
            for phone in (amina, noor):
                await say(phone, "De zaal werd stil.", "Ik bewaar je bericht tot je hebt gekozen, hooguit 7 dagen.")
                await phone.wait_for(NEW_TEXT)
                phone.send_voice(sample_voice(), 3)
                await phone.wait_for("Dit bewaar ik ook.")
        async with town_in(tmp_path, clock, sandbox, chance=3, changed=second_version) as town:
            assert town.count("part", "media") == [0, 0]
            await tap(amina, "Ja, ik doe mee", "Dank je. Wat ik voor je bewaarde, neem ik nu mee.")
            await amina.wait_for("Ik heb 2 berichten van je gekregen.")
            assert sum("Vraag 4 van 11" in one.text for one in amina.messages) == 1
            await tap(amina, "Klaar", "Vraag 5 van 11")
            assert town.answers()["moment"] == "De zaal werd stil.\n[voice-1.ogg]"
            assert town.count("media") == [1]
            await town.play.forward(hours=80)
            await noor.wait_for("De vragen over Groen zijn gesloten.")
            await tap(noor, "Ja, ik doe mee", "Dank je. Wat ik voor je bewaarde, neem ik nu mee.")
            await noor.wait_for("We noteren dat je later antwoordde.")
            await noor.wait_for("Ik heb 2 berichten van je gekregen.")
            await town.settled()
            assert town.rows("SELECT 1 FROM inbox WHERE raw IS NOT NULL") == []


async def test_who_says_no_to_the_new_version_has_stopped_and_can_still_be_erased(tmp_path: Path) -> None:
    clock = stopped_clock()
    async with sandboxed(clock) as sandbox:
        async with town_in(tmp_path, clock, sandbox) as town:
            amina, bilal, cora, dina = [await town.fieldworker(name) for name in ("Amina", "Bilal", "Cora", "Dina")]
            for phone, name in ((dina, "Dina"), (bilal, "Bilal"), (cora, "Cora")):
                await town.asked(phone, name, ends_on=town.play.clock.now())
            await question_two(town, amina)
        async with town_in(tmp_path, clock, sandbox, chance=2, changed=second_version) as town:
            for phone in (amina, bilal, cora, dina):
                await say(phone, "Weigermarkering", "Ik bewaar je bericht tot je hebt gekozen, hooguit 7 dagen.")
            await say(amina, "/mijngegevens", "Dit is alles wat we van je bewaren.")
            await say(amina, "/privacy", "Dit bewaren we")
            await say(amina, "/start", NEW_TEXT)
            assert len(town.rows("SELECT 1 FROM inbox WHERE instr(raw, 'Weigermarkering')")) == 4
            await say(dina, "/stop", "Wil je stoppen")
            await tap(dina, "Pauze nemen", "Je hebt pauze.")
            await say(cora, "/stop", "Wil je stoppen")
            await tap(cora, "Stoppen en wissen", "Weet je het zeker?")
            await tap(cora, "Ja, alles wissen", "Je bewijsnummer is")
            await tap(amina, "Nee", "Wat ik tot je keuze bewaarde, heb ik gewist.")
            await amina.wait_for("Wat je eerder vertelde, blijft bewaard.")
            assert len(town.rows("SELECT 1 FROM inbox WHERE instr(raw, 'Weigermarkering')")) == 2
            assert town.answers() == {"held": "as_planned"}
            assert [row["state"] for row in town.rows("SELECT state FROM prompt ORDER BY id DESC")] == [
                "cancelled",
                "cancelled",
                "opened",
                "opened",
            ]
            seen = len(amina.messages)
            await town.play.forward_to(local(23, 12))
            assert len(amina.messages) == seen
            await town.play.jump_to(local(26, 12))
            assert town.rows("SELECT 1 FROM inbox WHERE raw IS NOT NULL") == [], "nobody chose for a week"
            await bilal.wait_for("Wat ik voor je bewaarde, heb ik nu gewist.")
            assert bilal.last.text == NEW_TEXT and bilal.last.labels
            await dina.wait_for("Wat ik tot je keuze bewaarde, heb ik gewist.")
            assert dina.last.text != NEW_TEXT, "who takes a break is asked nothing"
            await say(amina, "/stop", "Wil je dat ik alles wis?")
            await tap(amina, "Alles wissen", "Weet je het zeker?")
            await tap(amina, "Ja, alles wissen", "Je bewijsnummer is")
            await town.settled()
            assert not stands_in(bytes_of(town), "Weigermarkering")


async def test_who_stopped_and_comes_back_is_asked_about_what_still_comes(town: Town) -> None:
    amina = await town.fieldworker()
    town.workshop("Amina", ends_on=local(20, 16))
    await say(amina, "/stop", "Wil je stoppen")
    await tap(amina, "Stoppen en bewaren", "Je doet niet meer mee.")
    await say(amina, "/start", "Doe je mee?")
    await say(amina, "ja", "Na je volgende workshop krijg je een bericht van mij.")
    await tap(amina, "Meteen na afloop", "Ik vraag het je meteen na afloop.")
    await town.play.forward_to(local(20, 16, 15))
    await amina.wait_for("Je was bij de workshop Groen")


async def test_media_and_quotes_are_asked_apart_and_can_be_changed(town: Town) -> None:
    amina = await town.fieldworker()
    await say(amina, "/privacy", "Dit bewaren we")
    await tap(amina, "Citaten", "Mogen we een zin van je aanhalen")
    await tap(amina, "Nee, geen citaten", "We halen geen zinnen van je aan.")
    await say(amina, "/privacy", "Dit bewaren we")
    amina.tap("Foto's en spraak")
    await amina.wait_for(partial(offers, "Nee, alleen tekst"))
    await tap(amina, "Nee, alleen tekst", town.play.program.texts.say("media.no", "nl"))
    await town.settled()
    (row,) = town.rows("SELECT media_allowed, quotes_allowed FROM person")
    assert (row["media_allowed"], row["quotes_allowed"]) == (0, 0)
    with snapshot(town.play.program.place.database) as rows:
        proofs = consents.proofs(rows, town.person("Amina"))
    assert [(one.kind, one.answer) for one in proofs] == [
        ("study", "yes"),
        ("media", "yes"),
        ("quotes", "yes"),
        ("quotes", "no"),
        ("media", "no"),
    ]
    assert all(one.words and words_hash(one.words) == one.text_hash for one in proofs)


async def test_privacy_says_what_the_study_set(tmp_path: Path) -> None:
    def kept_shortly(study: Study) -> Study:
        retention = replace(
            study.retention,
            contact_after=timedelta(days=11),
            media_after=timedelta(days=22),
            answers_after=timedelta(days=33),
            backups_after=timedelta(),
        )
        return replace(
            study, retention=retention, kept_at={"nl": "een kast in Leiden", "en": "a cupboard"}, store="de gele map"
        )

    async with town_in(tmp_path, changed=kept_shortly) as town:
        amina = await town.fieldworker()
        await say(amina, "/privacy", "Dit bewaren we")
        for words in (
            "11 dagen",
            "22 dagen",
            "33 dagen",
            "Reservekopieën: die maak ik niet.",
            "een kast in Leiden",
            "de gele map",
        ):
            assert words in amina.last.text, words
        assert town.code("Amina") in amina.last.text
        await say(amina, "/taal", "Welke taal wil je?")
        amina.tap("English")
        await town.settled()
        await say(amina, "/privacy", "On a cupboard.")
        assert "Backup copies: I make none." in amina.last.text


async def test_the_steward_sees_the_proof_and_seeing_it_is_noted(town: Town) -> None:
    await town.fieldworker()
    dana = town.play.phone("Dana")
    await town.invited(dana, Grant(Role.STEWARD))
    await dana.wait_for("/consent")
    await say(dana, "/consent XXXX", "Onder deze code staat geen toestemming.")
    await say(dana, f"/consent {town.code('Amina').lower()}", f"Toestemming van {town.code('Amina')}:")
    assert "• meedoen: ja, woensdag 18 november 10:00, 1 nl, SHA-256" in dana.last.text
    assert "Amina" not in dana.last.text
    assert len(town.rows("SELECT 1 FROM audit WHERE verb = 'consent_shown'")) == 1
