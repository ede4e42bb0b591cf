"""What nobody should send: a clear sentence, nothing changed, and everybody else goes on."""

import random
from functools import partial

import pytest

from bot.sandbox import Phone, sample_photo, sample_voice
from tests.e2e.town import Town, data_under, local, planning_midway, reply, say, tap

STALE = "Deze knop hoort bij een oude vraag. Kijk onderaan voor de nieuwste vraag."
KEPT = (
    *("person", "role_grant", "consent", "workshop", "team", "prompt", "session", "answer", "part", "ticked"),
    *("media", "job", "invitation", "ledger"),
)


async def at_the_open_question(place: Town, phone: Phone, name: str) -> None:
    """The person waits at question 4, which takes words, a recording or a picture."""
    await place.asked(phone, name)
    await tap(phone, "1", "Vraag 2 van 11")
    await tap(phone, "Overslaan", "Vraag 3 van 11")
    await tap(phone, "Overslaan", "Vraag 4 van 11")


async def at_the_photo_question(place: Town, phone: Phone, name: str) -> None:
    """The person waits at the last question, which takes a picture."""
    await at_the_open_question(place, phone, name)
    for number in range(5, 12):
        await tap(phone, "Overslaan", f"Vraag {number} van 11")


async def test_a_sticker_and_a_point_on_the_map_are_refused_kindly(town: Town) -> None:
    amina = await town.fieldworker()
    await town.asked(amina, "Amina")
    before = town.count(*KEPT)
    amina.send_sticker()
    await amina.wait_for("Leuk. Maar met een sticker kan ik niets.")
    amina.send_location()
    await amina.wait_for("Je stuurde een locatie.")
    assert town.count(*KEPT) == before
    await tap(amina, "1", "Vraag 2 van 11")


async def test_a_sticker_without_a_questionnaire_is_refused_too(town: Town) -> None:
    amina = await town.fieldworker()
    amina.send_sticker()
    await amina.wait_for("Leuk. Maar met een sticker kan ik niets.")


async def test_words_without_a_questionnaire_are_not_kept_and_the_next_workshop_is_named(town: Town) -> None:
    amina = await town.fieldworker()
    assert "Je volgende workshop is nog niet gepland." in await reply(amina, "Ik wil iets kwijt")
    town.workshop("Amina", ends_on=local(20, 16))
    before = town.count(*KEPT)
    assert "Je volgende workshop is vrijdag 20 november om 14:30." in await reply(amina, "Ik wil iets kwijt")
    amina.send_photo(sample_photo())
    await amina.wait_for("Er staat nu geen vragenlijst open.")
    assert town.count(*KEPT) == before


async def test_in_a_group_nothing_is_taken_or_told(town: Town) -> None:
    amina, bram = await town.fieldworker(), await town.coordinator()
    await town.asked(amina, "Amina")
    before = town.count(*KEPT)
    group = town.play.sandbox.group("Wijkteam", amina)
    private = len(amina.messages), len(bram.messages)
    amina.say("1", group)
    bram.say("/export", group)
    await town.settled()
    said = {message.text for message in group.messages if not message.mine}
    assert said == {
        "Ik werk alleen in een gesprek met één persoon. In een groep lezen anderen mee. Stuur me een privébericht."
    }
    assert (len(amina.messages), len(bram.messages)) == private
    assert town.count(*KEPT) == before


async def test_a_text_of_five_thousand_characters_is_kept_whole(town: Town) -> None:
    amina = await town.fieldworker()
    await at_the_open_question(town, amina, "Amina")
    words = "bewoner " * 625
    amina.say(words)
    await amina.wait_for("Ik heb 2 berichten van je gekregen.")
    await tap(amina, "Klaar", "Vraag 5 van 11")
    assert town.answers()["moment"].replace("\n", "").replace(" ", "") == words.replace(" ", "")


async def test_a_text_of_thirty_thousand_characters_is_refused_where_it_gets_too_long(town: Town) -> None:
    amina = await town.fieldworker()
    await at_the_open_question(town, amina, "Amina")
    amina.say("x" * 30_000)
    await town.settled()
    refused = [message.text for message in amina.messages if "Dat is een lang antwoord" in message.text]
    assert refused[0].startswith("Dat is een lang antwoord: 20.484 tekens. Ik kan er 20.000 bewaren.")
    assert "answer" not in town.answers()
    await tap(amina, "Klaar", "Vraag 5 van 11")
    assert 16_000 < len(town.answers()["moment"]) <= 20_000


async def test_a_huge_text_at_a_question_with_choices_is_not_recognised(town: Town) -> None:
    amina = await town.fieldworker()
    await town.asked(amina, "Amina")
    amina.say("ja " * 3000)
    await amina.wait_for("Dat antwoord herken ik niet.")
    assert town.answers() == {}


async def test_a_huge_text_of_somebody_unknown_and_of_a_planner_do_no_harm(town: Town) -> None:
    stranger, bram = town.play.phone("Vreemde"), await town.coordinator()
    stranger.say("x" * 30_000)
    await stranger.wait_for("Deze bot is alleen voor veldwerkers")
    await say(bram, "/plan", "Stuur één regel per workshop")
    bram.say("x" * 4000)
    await bram.wait_for("Regel 1 snap ik niet")
    await town.settled()
    assert town.count("person", "workshop") == [1, 0]
    assert town.count("inbox") == [len(town.rows("SELECT 1 FROM inbox WHERE state = 'done' AND raw IS NULL"))]


async def test_without_permission_for_media_a_photo_and_a_recording_are_not_kept(town: Town) -> None:
    amina = await town.fieldworker(with_media=False)
    await at_the_open_question(town, amina, "Amina")
    amina.send_photo(sample_photo(), "De flap")
    await amina.wait_for("Bij deze vraag heb ik tekst nodig. De foto bewaar ik niet.")
    amina.send_voice(sample_voice(), 4)
    await amina.wait_for("Ik kan hier geen spraakbericht bewaren.")
    assert town.count("media", "part", "job") == [0, 0, 0]
    assert list(town.play.program.media.iterdir()) == []


async def test_a_photo_at_a_question_with_choices_is_not_kept(town: Town) -> None:
    amina = await town.fieldworker()
    await town.asked(amina, "Amina")
    amina.send_photo(sample_photo())
    await amina.wait_for("De foto bewaar ik niet.")
    assert town.count("media", "job") == [0, 0]


async def test_words_where_a_photo_belongs_are_refused(town: Town) -> None:
    amina = await town.fieldworker()
    await at_the_photo_question(town, amina, "Amina")
    await say(amina, "Ik heb er geen", "Hier past een foto. Heb je er geen? Tik op Geen foto.")
    assert "photo" not in town.answers()


@pytest.mark.parametrize("number", ["0", "7", "-1", "99999999999999999999", "3,5", "²", "1e3"])
async def test_a_number_outside_the_scale_is_refused(town: Town, number: str) -> None:
    amina = await town.fieldworker()
    await town.asked(amina, "Amina")
    await tap(amina, "1", "Vraag 2 van 11")
    await tap(amina, "Overslaan", "Vraag 3 van 11")
    is_whole = number.lstrip("-").isdecimal()
    refused = f"Je stuurde {number}. Dat kan niet. Stuur een getal van 1 tot en met 5. Bijvoorbeeld: 1"
    assert (await reply(amina, number)).startswith(refused if is_whole else "Dat antwoord herken ik niet.")
    assert "influence" not in town.answers()


async def test_a_document_is_refused(town: Town) -> None:
    amina = await town.fieldworker()
    await at_the_photo_question(town, amina, "Amina")
    amina.send_document(b"%PDF-1.7", "verslag.pdf", "application/pdf")
    await amina.wait_for("Je stuurde een bestand. Hier past een foto. Bijvoorbeeld: een jpg of png.")
    assert town.count("media", "job") == [0, 0]


async def test_a_recording_over_twenty_megabytes_is_refused_before_it_is_fetched(town: Town) -> None:
    amina = await town.fieldworker()
    await at_the_open_question(town, amina, "Amina")
    amina.send_voice(bytes(20 * 1024 * 1024 + 1), 3600)
    await amina.wait_for("Dit bestand is te groot. Ik kan bestanden tot 20 MB bewaren.")
    assert town.count("media", "job") == [0, 0]
    assert town.play.sandbox.calls.of("getFile") == []


async def test_buttons_that_were_never_made_change_nothing(town: Town) -> None:
    amina = await town.fieldworker()
    await town.asked(amina, "Amina")
    before = town.count(*KEPT)
    chance = random.Random(7)
    mad = ["", ":", "s:1:2", "s:-1:0:choose:0", "s:999999999999999999:0:choose:0", "x:1:1:a:b", "s:1:1:choose:٣"]
    mad += [
        f"s:1:{turn}:{act}:{arg}" for turn in (0, 1, 9) for act in ("choose", "jump", "send") for arg in ("99", "x")
    ]
    mad += [
        "u:1:0:language:xx",
        "u:1:0:timing:never",
        "u:1:0:media:perhaps",
        "u:1:0:stop:everything",
        "u:1:0:stop_surely:yes",
    ]
    mad += ["d:1:99:city:export", "d:1:3:city:export", "d:1:3:export:all", "d:1:3:plan:s", "d:1:0:digest:L1"]
    mad += ["d:1:3:cancel:1", "d:1:3:move:1", "d:1:3:workshop:99999999999999999999", "d:1:3:remind:send"]
    mad += ["".join(chr(chance.randrange(32, 0x2FF)) for _ in range(20)) for _ in range(40)]
    for data in mad:
        amina.tap_data(data, amina.last)
    await town.settled()
    assert town.count(*KEPT) == before
    assert town.rows("SELECT 1 FROM inbox WHERE state <> 'done'") == []
    await tap(amina, "1", "Vraag 2 van 11")


async def test_a_button_of_somebody_else_changes_nothing(town: Town) -> None:
    amina, bilal, bram = await town.fieldworker(), await town.fieldworker("Bilal"), await town.coordinator()
    other = await town.coordinator("Olaf", "leiden")
    town.workshop("Amina", "Bilal", ends_on=local(18, 16))
    await town.play.forward_to(local(18, 16, 15))
    start, _ = data_under(bilal, "Start")
    await tap(bilal, "Start", "Vraag 1 van 11")
    choose, _ = data_under(bilal, "1")
    await say(bram, "/export", "Welke periode?")
    export, _ = data_under(bram, "Alles")
    await say(bram, "/workshops", "Groen")
    workshop, _ = data_under(bram, "1")
    before = town.count(*KEPT)
    for data in (start, choose, export, workshop, f"u:{town.person('Bilal')}:0:stop:keep"):
        for phone in (amina, other):
            phone.tap_data(data, phone.last)
    await town.settled()
    assert town.count(*KEPT) == before
    assert town.answers() == {}
    assert [row["standing"] for row in town.rows("SELECT standing FROM person WHERE standing = 'withdrawn'")] == []
    assert STALE in amina.toasts
    assert not any(message.document for phone in (amina, other) for message in phone.messages)


async def test_a_coordinator_cannot_reach_another_city_by_a_changed_button(town: Town) -> None:
    await town.fieldworker("Lea", "leiden")
    town.workshop("Lea", ends_on=local(20, 16), city="leiden")
    bram = await town.coordinator()
    before = town.count(*KEPT)
    me, leiden = town.person("Bram"), 4
    assert town.play.program.study.cities[leiden].code == "leiden"
    for act in ("export:all", "cancel:1", "move:1", "workshop:1", "remind:send", "city:export", "city:people"):
        bram.tap_data(f"d:{me}:{leiden}:{act}", bram.last)
    for act in ("cancel:1", "move:1", "workshop:1"):
        bram.tap_data(f"d:{me}:3:{act}", bram.last)
    await town.settled()
    assert town.count(*KEPT) == before
    assert not any("Lea" in message.text or message.document for message in bram.messages)


async def test_somebody_unknown_gets_one_polite_answer_an_hour_whatever_they_do(town: Town) -> None:
    stranger = town.play.phone("Vreemde", language="de")
    stranger.say("Hallo")
    await stranger.wait_for("Deze bot is alleen voor veldwerkers van Crafting Resilience.")
    photo = sample_photo()
    tapped = partial(stranger.tap_data, "s:1:1:choose:0", stranger.last)
    for send in (partial(stranger.say, "Hallo?"), stranger.send_sticker, partial(stranger.send_photo, photo), tapped):
        send()
        await town.settled()
    assert len([message for message in stranger.messages if not message.mine]) == 1
    await town.play.forward(minutes=61)
    await say(stranger, "Hallo", "Deze bot is alleen voor veldwerkers van Crafting Resilience.")
    assert town.count("person", "address", "media") == [0, 0, 0]


async def test_an_english_stranger_is_answered_in_english(town: Town) -> None:
    assert "This bot is only for fieldworkers" in await reply(town.play.phone("Stranger", language="en"), "Hi")


async def test_an_update_that_fails_three_times_is_set_aside_and_the_person_reads_so(town: Town) -> None:
    amina, bilal = await town.fieldworker(), await town.fieldworker("Bilal")
    town.workshop("Amina", "Bilal", ends_on=local(18, 16))
    await town.play.forward_to(local(18, 16, 15))
    for phone in (amina, bilal):
        await tap(phone, "Start", "Vraag 1 van 11")
        phone.catch_up()
    town.run("UPDATE session SET path = '/gone/from/the/form' WHERE person_id = :person", person=town.person("Amina"))
    amina.say("1")
    bilal.say("1")
    await bilal.wait_for("Vraag 2 van 11")
    apology = await amina.wait_for("Er ging iets mis bij mij. Je antwoorden tot nu toe zijn bewaard.")
    await town.settled()
    (aside,) = town.rows("SELECT state, tries, error, raw, chat FROM inbox WHERE state = 'dead'")
    assert (aside["tries"], aside["chat"]) == (3, f"telegram:{amina.id}")
    assert aside["raw"] is not None, "it can be handled later"
    assert sum(message.text == apology.text for message in amina.messages) == 1
    await say(amina, "/help", "Dit kun je doen:")
    await tap(bilal, "Overslaan", "Vraag 3 van 11")


async def test_an_edit_of_what_was_no_answer_changes_nothing(town: Town) -> None:
    amina = await town.fieldworker()
    message = amina.say("/help")
    await amina.wait_for("Dit kun je doen:")
    seen = len(amina.messages)
    amina.edit(message, "/stop")
    await town.settled()
    assert len(amina.messages) == seen


async def test_a_fieldworker_who_also_coordinates_answers_and_plans_side_by_side(town: Town) -> None:
    amina = await planning_midway(town)
    await say(amina, "1", "Vraag 2 van 11")
    await say(amina, f"20-11 10:00–11:00 | Overvecht | Groen | {town.code('Amina')}", "Controleer dit:")
    await say(amina, "1 en 3", "Vraag 3 van 11")
    await tap(amina, "Opslaan", "Opgeslagen: 1")
    assert town.answers() == {"held": "as_planned", "present": "residents social_work"}


async def test_a_button_that_was_never_under_a_message_takes_nothing_away_from_it(town: Town) -> None:
    amina = await town.fieldworker()
    await town.asked(amina, "Amina")
    question = amina.last
    person = town.person("Amina")
    amina.tap_data(f"u:{person}:0:timing:morning", question)
    await town.settled()
    assert (amina.chat.messages[question.id].text, amina.chat.messages[question.id].labels) == (
        question.text,
        question.labels,
    )
    await tap(amina, "1", "Vraag 2 van 11")
