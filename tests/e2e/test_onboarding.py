"""From an invitation link to taking part, and out again."""

import hashlib
import re
from datetime import timedelta
from functools import partial
from pathlib import Path

from bot.sandbox import Phone
from fieldwork.people import Grant, Role
from storage.stamps import stamp
from tests.e2e.town import Town, data_under, local, offers, reply, say, tap, town

FIELDWORKER = Grant(Role.FIELDWORKER, "utrecht")
UNKNOWN = (
    "Hallo. Deze bot is alleen voor veldwerkers van Crafting Resilience.\n"
    "Heb je een uitnodiging? Open dan de link in die uitnodiging.\n"
    "Geen uitnodiging? Vraag het aan je coördinator: Sanne Jansen, sanne@example.org."
)

DEAD_LINK = (
    "Deze link werkt niet of niet meer. Een link werkt één keer en 14 dagen lang.\n"
    "Vraag je coördinator om een nieuwe: Sanne Jansen, sanne@example.org."
)

IN_ENGLISH = ["answers", "pause", "myreflections", "question", "stop", "language", "mydata", "privacy", "help"]
"""A fieldworker's menu."""


def names(phone: Phone) -> list[str]:
    return [command.name for command in phone.commands]


async def asked_for_consent(place: Town, name: str = "Amina", language: str = "nl") -> Phone:
    phone = place.play.phone(name, language=language)
    await place.invited(phone, FIELDWORKER, name)
    await phone.wait_for(partial(offers, place.play.program.texts.buttons("consent.ask", language)[0]))
    return phone


async def test_a_link_lets_in_who_opens_it_first_and_nobody_after(town: Town) -> None:
    amina, bilal = town.play.phone("Amina"), town.play.phone("Bilal")
    token = await town.play.invite(FIELDWORKER)
    amina.start(token)
    bilal.start(token)
    await town.settled()
    lost, won = sorted((amina, bilal), key=lambda phone: len(phone.messages))
    assert lost.last.text == DEAD_LINK
    assert "Voordat we beginnen" in won.last.text
    assert await reply(bilal if lost is bilal else amina, f"/start {token}") == DEAD_LINK
    assert town.count("person", "role_grant") == [1, 1]


async def test_wrong_used_expired_and_missing_links_get_the_same_answer_and_change_nothing(town: Town) -> None:
    used, expired = await town.play.invite(FIELDWORKER), await town.play.invite(FIELDWORKER)
    amina = town.play.phone("Amina")
    amina.start(used)
    await amina.wait_for("Voordat we beginnen")
    await town.play.jump_to(town.play.clock.now() + timedelta(days=14))
    before = town.count("person", "address", "role_grant", "consent")
    for number, text in enumerate((f"/start {used}", f"/start {expired}", "/start 0123abcd")):
        assert await reply(town.play.phone(f"Vreemde {number}"), text) == DEAD_LINK
    for text in ("/start", "Hallo?"):
        assert await reply(town.play.phone("Vreemde"), text) == UNKNOWN
    assert town.count("person", "address", "role_grant", "consent") == before


async def test_the_link_of_somebody_known_that_is_wrong_gets_the_same_answer(town: Town) -> None:
    bram = await town.coordinator()
    assert await reply(bram, "/start 0123abcd") == DEAD_LINK
    assert town.count("role_grant") == [1]


async def test_a_link_opened_by_who_made_it_or_by_a_colleague_stays_whole_for_whom_it_is(town: Town) -> None:
    bram, amina, zoe = await town.coordinator(), await town.fieldworker(), town.play.phone("Zoë")
    token = (await reply(bram, "/invite Zoë")).split("start=")[1].split("\n")[0]
    for phone in (bram, amina):
        assert (await reply(phone, f"/start {token}")).startswith("Deze link is niet voor jou.")
    zoe.start(token)
    await zoe.wait_for("Hallo Zoë.")
    assert town.count("role_grant") == [3]


async def test_after_five_wrong_links_no_link_works_for_an_hour(town: Town) -> None:
    amina = town.play.phone("Amina")
    for number in range(5):
        amina.say(f"/start wrong{number}")
        await town.settled()
    token = await town.play.invite(FIELDWORKER, "Amina")
    amina.say(f"/start {token}")
    await town.settled()
    assert [message.text for message in amina.messages if not message.mine] == [DEAD_LINK] * 5
    assert town.count("person") == [0]
    await town.play.forward(minutes=61)
    await say(amina, f"/start {token}", "Voordat we beginnen")


async def test_the_token_is_kept_as_a_hash_only(town: Town) -> None:
    token = await town.play.invite(FIELDWORKER)
    (row,) = town.rows("SELECT * FROM invitation")
    assert token not in map(str, tuple(row))
    assert row["token_hash"] == hashlib.sha256(token.encode()).hexdigest()


async def test_an_invitation_to_another_role_joins_the_menus(town: Town) -> None:
    bram = await town.coordinator()
    assert names(bram) == [
        *("plan", "workshops", "status", "remind", "export", "quotes", "invite", "people", "forms"),
        *("taal", "mijngegevens", "privacy", "help"),
    ]
    await town.invited(bram, Grant(Role.INVESTIGATOR, line="L2"))
    await bram.wait_for("Je bent aangemeld als onderzoeker van de lijn")
    assert names(bram) == [
        *(
            "plan",
            "workshops",
            "status",
            "remind",
            "export",
            "quotes",
            "invite",
            "people",
            "forms",
            "digest",
            "email",
            "taal",
            "mijngegevens",
            "privacy",
            "help",
        )
    ]
    await town.invited(bram, FIELDWORKER)
    await bram.wait_for("Voordat we beginnen")
    await town.settled()
    of_who_takes_part = {"antwoorden", "pauze", "mijnreflecties"}
    assert {"plan", "digest", "vraag", "stop"} <= set(names(bram)) and not of_who_takes_part & set(names(bram))
    assert town.count("person", "role_grant") == [1, 3]
    await tap(bram, "Ja, ik doe mee", "Wanneer wil je dat bericht krijgen?")
    await town.settled()
    assert of_who_takes_part < set(names(bram))
    await say(bram, "/stop", "Wil je stoppen")
    await tap(bram, "Stoppen en bewaren", "Je doet niet meer mee.")
    await town.settled()
    assert of_who_takes_part & set(names(bram)) == {"mijnreflecties"}
    told = await reply(bram, "/help")
    assert "/pauze" not in told and "/plan" in told
    assert (await reply(bram, "hallo")).startswith("Dat snap ik niet.")


async def test_consent_is_kept_with_the_words_that_were_shown(town: Town) -> None:
    amina = await asked_for_consent(town)
    shown = amina.last.text
    assert "Meedoen is vrijwillig" in shown
    assert "31 december" not in shown and "2031" in shown
    await tap(amina, "Ja, ik doe mee", "Wanneer wil je dat bericht krijgen?")
    (row,) = town.rows("SELECT * FROM consent")
    assert (row["person_id"], row["kind"], row["answer"], row["version"], row["language"], row["given_on"]) == (
        town.person("Amina"),
        "study",
        "yes",
        "1",
        "nl",
        stamp(town.play.clock.now()),
    )
    assert row["text_hash"] == hashlib.sha256(shown.encode()).hexdigest()


async def test_consent_is_kept_in_the_language_it_was_read_in(town: Town) -> None:
    amina = await asked_for_consent(town)
    shown = amina.last
    await say(amina, "/taal", "Welke taal wil je?")
    await tap(amina, "English", "We continue in English.")
    amina.tap("Ja, ik doe mee", shown)
    await amina.wait_for("You are taking part.")
    (row,) = town.rows("SELECT language, text_hash FROM consent")
    assert row["language"] == "nl"
    assert row["text_hash"] == hashlib.sha256(shown.text.encode()).hexdigest()


async def test_a_yes_under_other_words_is_no_consent(town: Town) -> None:
    amina = await asked_for_consent(town)
    yes, _ = data_under(amina, "Ja, ik doe mee")
    await say(amina, "/help", "Dit kun je doen:")
    amina.tap_data(yes, amina.last)
    await amina.wait_for("Voordat we beginnen")
    assert town.count("consent") == [0]


async def test_without_consent_nobody_is_asked(town: Town) -> None:
    amina = await asked_for_consent(town)
    town.workshop("Amina", ends_on=local(18, 16))
    await town.settled()
    amina.catch_up()
    seen = len(amina.messages)
    await town.play.forward_to(local(19, 12))
    assert len(amina.messages) == seen
    assert [row["asked_on"] for row in town.rows("SELECT asked_on FROM prompt")] == [None]


async def test_no_is_kept_too_and_start_changes_ones_mind(town: Town) -> None:
    amina = await asked_for_consent(town)
    await tap(amina, "Nee", "Je krijgt geen vragen van mij.")
    town.workshop("Amina", ends_on=local(18, 16))
    seen = len(amina.messages)
    await town.play.forward_to(local(18, 18))
    assert len(amina.messages) == seen
    amina.start()
    await amina.wait_for("Voordat we beginnen")
    await tap(amina, "Ja, ik doe mee", "Wanneer wil je dat bericht krijgen?")
    assert [row["answer"] for row in town.rows("SELECT answer FROM consent ORDER BY id")] == ["no", "yes"]
    town.workshop("Amina", ends_on=local(19, 16))
    await town.play.forward_to(local(19, 17))
    await amina.wait_for("Je was bij de workshop Groen")


async def test_a_question_about_consent_names_whom_to_ask_and_decides_nothing(town: Town) -> None:
    amina = await asked_for_consent(town)
    await tap(amina, "Ik heb een vraag", "Stel je vraag aan Sanne Jansen")
    assert town.count("consent") == [0]


async def test_a_code_has_nothing_of_the_telegram_id_or_the_city(tmp_path: Path) -> None:
    codes = set()
    for number in (1001, 2002):
        async with town(tmp_path / str(number)) as place:
            phone = place.play.sandbox.phone("Amina", telegram_id=number)
            await place.invited(phone, Grant(Role.FIELDWORKER, "utrecht" if number == 1001 else "leiden"), "Amina")
            await phone.wait_for("Voordat we beginnen")
            codes.add(place.code("Amina"))
    assert len(codes) == 1, "the same chance gives the same code, whoever and wherever the person is"
    assert re.fullmatch(r"[B-DF-HJ-NP-TV-Z2-9]{4}", codes.pop())


async def test_an_english_phone_is_spoken_to_in_english(town: Town) -> None:
    amina = await town.fieldworker(language="en")
    assert names(amina) == IN_ENGLISH
    consent = next(row for row in town.rows("SELECT language, text_hash FROM consent WHERE kind = 'study'"))
    assert consent["language"] == "en"
    town.workshop("Amina", ends_on=local(18, 16))
    await town.play.forward_to(local(18, 17))
    await amina.wait_for("You were at the workshop Groen in Overvecht.")


async def test_taal_changes_the_texts_and_the_menu(town: Town) -> None:
    amina = await town.fieldworker()
    assert names(amina) == [
        "antwoorden",
        "pauze",
        "mijnreflecties",
        "vraag",
        "stop",
        "taal",
        "mijngegevens",
        "privacy",
        "help",
    ]
    await say(amina, "/taal", "Welke taal wil je?")
    await tap(amina, "English", "We continue in English.")
    await town.settled()
    assert names(amina) == IN_ENGLISH
    await say(amina, "/language", "Which language would you like?")
    await tap(amina, "Nederlands", "We gaan verder in het Nederlands.")


async def test_privacy_says_what_is_kept_and_whom_to_ask(town: Town) -> None:
    amina = await asked_for_consent(town)
    privacy = await reply(amina, "/privacy")
    assert privacy.startswith("Dit bewaren we van Crafting Resilience:")
    assert f"In het onderzoek staat je code: {town.code('Amina')}." in privacy
    assert "Sanne Jansen, sanne@example.org" in privacy
    assert town.count("consent") == [0]


async def test_stop_keeps_the_answers_and_ends_all_asking(town: Town) -> None:
    amina = await town.fieldworker()
    await town.asked(amina, "Amina")
    await tap(amina, "1", "Vraag 2 van 11")
    town.workshop("Amina", ends_on=local(19, 16))
    await say(amina, "/stop", "Je bent bezig met een vragenlijst (vraag 2 van 11).")
    await tap(amina, "Stoppen", "Wil je stoppen")
    await tap(amina, "Stoppen en bewaren", "Je doet niet meer mee.")
    assert town.answers() == {"held": "as_planned"}
    assert [row["state"] for row in town.rows("SELECT state FROM prompt")] == ["cancelled", "cancelled"]
    seen = len(amina.messages)
    await town.play.forward_to(local(23, 12))
    assert len(amina.messages) == seen


async def test_not_stopping_after_all_changes_nothing(town: Town) -> None:
    amina = await town.fieldworker()
    await town.asked(amina, "Amina")
    await say(amina, "/stop", "Je bent bezig met een vragenlijst (vraag 1 van 11).")
    amina.tap("Stoppen")
    await amina.wait_for(partial(offers, "Toch niet stoppen"))
    amina.tap("Toch niet stoppen")
    await town.settled()
    await tap(amina, "1", "Vraag 2 van 11")
    assert [row["standing"] for row in town.rows("SELECT standing FROM person")] == ["taking_part"]
