"""What coordinators and investigators do at the desk: remind, look, name a city, ask for files."""

import shutil
from functools import partial

from bot.sandbox import Phone
from fieldwork.people import Grant, Role
from storage.jobs import MOST_TRIES
from tests.e2e.town import Town, data_under, local, offers, reply, say, tap

STALE = "Deze knop hoort bij een oude vraag."
OVER = "Deze knop is al gebruikt, of niet meer nodig."
REMINDER = "De vragen over"


async def asked(place: Town, *names: str) -> list[Phone]:
    """These people are asked about a workshop, and nobody has begun."""
    phones = [await place.fieldworker(name) for name in names]
    place.workshop(*names, ends_on=local(18, 16))
    await place.play.forward_to(local(18, 17))
    return phones


def reminders(phone: Phone) -> int:
    return sum(REMINDER in message.text for message in phone.messages)


async def test_a_double_tap_on_versturen_reminds_once(town: Town) -> None:
    amina, bilal = await asked(town, "Amina", "Bilal")
    bram = await town.coordinator()
    await say(bram, "/remind", "Versturen?")
    data, message = data_under(bram, "Versturen")
    bram.tap_data(data, message)
    bram.tap_data(data, message)
    await bram.wait_for("Klaar. Herinnering verstuurd aan 2 veldwerkers.")
    await bram.wait_for(OVER)
    await town.settled()
    assert (reminders(amina), reminders(bilal)) == (1, 1)
    assert [row["reminders"] for row in town.rows("SELECT reminders FROM prompt")] == [1, 1]


async def test_niet_doen_reminds_nobody_and_takes_the_buttons_away(town: Town) -> None:
    (amina,) = await asked(town, "Amina")
    bram = await town.coordinator()
    await say(bram, "/remind", "Versturen?")
    data, message = data_under(bram, "Versturen")
    bram.tap("Niet doen")
    bram.tap_data(data, message)
    await bram.wait_for(OVER)
    await town.settled()
    assert reminders(amina) == 0
    assert not any(offers("Versturen", one) for one in bram.messages)


async def test_a_reminder_counts_people_and_not_their_workshops(town: Town) -> None:
    amina = await town.fieldworker()
    town.workshop("Amina", ends_on=local(18, 16), title="Een")
    town.workshop("Amina", ends_on=local(18, 16, 5), title="Twee")
    await town.play.forward_to(local(18, 17))
    bram = await town.coordinator()
    await say(bram, "/remind", "Versturen?")
    assert f"\n{town.code('Amina')} Amina: Een, Twee\n\nVersturen?" in bram.last.text
    await tap(bram, "Versturen", "Klaar. Herinnering verstuurd aan 1 veldwerker.")
    await town.settled()
    assert reminders(amina) == 2


async def test_the_quiet_hours_are_told_only_where_they_hold_somebody(town: Town) -> None:
    await asked(town, "Amina", "Bilal")
    bram = await town.coordinator()
    await say(bram, "/remind", "Versturen?")
    assert "stille uren" not in bram.last.text
    await town.play.forward_to(local(18, 23))
    await say(bram, "/remind", "Versturen?")
    assert "Pas donderdag 19 november om 08:30 voor 2 veldwerkers." in bram.last.text


async def test_who_cannot_be_told_is_not_counted_as_reminded(town: Town) -> None:
    amina, bilal, cora = await asked(town, "Amina", "Bilal", "Cora")
    bram = await town.coordinator()
    await say(bram, "/remind", "Versturen?")
    assert all(f"{town.code(name)} {name}: Groen" in bram.last.text for name in ("Amina", "Bilal", "Cora"))
    bilal.block()
    cora.say("/stop")
    await cora.wait_for(partial(offers, "Stoppen en bewaren"))
    cora.tap("Stoppen en bewaren")
    await town.settled()
    await tap(bram, "Versturen", "Klaar. Herinnering verstuurd aan 1 veldwerker.")
    assert reminders(amina) == 1
    told = await reply(bram, "/remind")
    assert f"{town.code('Amina')} Amina: Groen" in told and f"Niet bereikbaar: {town.code('Bilal')}." in told
    assert town.code("Cora") not in told
    amina.block()
    await town.settled()
    await say(bram, "/remind", "Wie nog niet klaar is in Utrecht, kan ik niet bereiken.")


async def test_the_percentage_is_of_those_who_had_something_to_tell(town: Town) -> None:
    _, bilal, _ = await asked(town, "Amina", "Bilal", "Cora")
    town.run("UPDATE prompt SET state = 'completed' WHERE person_id = :id", id=town.person("Amina"))
    town.run("UPDATE prompt SET state = 'not_held' WHERE person_id = :id", id=town.person("Cora"))
    await tap(bilal, "Ik was er niet bij", "Ik noteer dat je er niet bij was.")
    bram = await town.coordinator()
    told = await reply(bram, "/status")
    assert "Klaar: 1 van 1 (100%)." in told
    assert "Groen, woensdag 18 november\nklaar 1, ging niet door 1, niet aanwezig 1\n" in told


async def test_a_far_date_is_refused_and_the_year_of_a_next_one_is_shown(town: Town) -> None:
    await town.fieldworker()
    bram, code = await town.coordinator(), town.code("Amina")
    rest = f"19:00–20:30 | Overvecht | Groen | {code}"
    for day in ("31-12-9999", "25-11-2206"):
        told = await reply(bram, f"/plan {day} {rest}")
        assert told.startswith(f"Regel 1 snap ik niet: {day} is meer dan twee jaar vooruit. Kijk het jaar na.")
    await say(bram, f"/plan 25-11-2027 {rest}", "donderdag 25 november 2027, 19:00 tot 20:30")
    await tap(bram, "Opslaan", "Opgeslagen: 1")
    assert "donderdag 25 november 2027" in await reply(bram, "/workshops")
    await say(bram, f"/plan 25-11 {rest}", "woensdag 25 november, 19:00 tot 20:30")
    assert town.rows("SELECT 1 FROM inbox WHERE state <> 'done'") == []


async def test_a_forged_workshop_number_is_an_old_button(town: Town) -> None:
    bram = await town.coordinator()
    bram.tap_data(f"d:{town.person('Bram')}:3:workshop:²", bram.last)
    await bram.wait_for(STALE)


async def test_the_name_behind_invite_is_kept_while_the_city_is_picked(town: Town) -> None:
    bram = await town.coordinator("Bram", "utrecht", "leiden")
    await say(bram, "/invite Karim", "Voor welke stad?")
    data, message = data_under(bram, "Leiden")
    await tap(bram, "Leiden", "Uitnodiging voor Karim: veldwerker in Leiden")
    (made,) = town.rows("SELECT name, city FROM invitation WHERE role = 'fieldworker'")
    assert (made["name"], made["city"]) == ("Karim", "leiden")
    bram.tap_data(data, message)
    await bram.wait_for(STALE)
    assert len(town.rows("SELECT 1 FROM invitation WHERE role = 'fieldworker'")) == 1


async def test_the_lines_behind_plan_are_kept_while_the_city_is_picked(town: Town) -> None:
    await town.fieldworker()
    bram, code = await town.coordinator("Bram", "utrecht", "leiden"), town.code("Amina")
    await say(bram, f"/plan 25-11 19:00–20:30 | Overvecht | Groen | {code}", "Voor welke stad?")
    assert all(len(data_under(bram, city)[0].encode()) <= 64 for city in ("Utrecht", "Leiden"))
    await tap(bram, "Utrecht", "Controleer dit:")
    assert "Groen\nwoensdag 25 november" in bram.last.text


async def test_a_city_may_stand_on_a_line_of_its_own(town: Town) -> None:
    await town.fieldworker()
    bram, code = await town.coordinator("Bram", "utrecht", "leiden"), town.code("Amina")
    await say(bram, f"/plan Utrecht\n25-11 19:00–20:30 | Overvecht | Groen | {code}", "Controleer dit:")
    await tap(bram, "Opslaan", "Opgeslagen: 1")
    assert [row["city"] for row in town.rows("SELECT city FROM workshop")] == ["utrecht"]


async def test_words_for_a_city_do_not_outlive_the_next_question(town: Town) -> None:
    bram = await town.coordinator("Bram", "utrecht", "leiden")
    await say(bram, "/invite Karim", "Voor welke stad?")
    data, message = data_under(bram, "Utrecht")
    await say(bram, "/plan Leiden", "Stuur één regel per workshop")
    bram.tap_data(data, message)
    await bram.wait_for(STALE)
    assert town.rows("SELECT 1 FROM invitation WHERE role = 'fieldworker'") == []


def spoil_exports(place: Town) -> None:
    """A file stands where the exports folder should be."""
    exports = place.play.program.place.exports
    shutil.rmtree(exports)
    exports.write_text("in the way")


async def test_an_export_that_fails_for_good_is_told_to_who_asked(town: Town) -> None:
    amina = await town.fieldworker()
    await town.reflected(amina, "Amina")
    bram, olga = await town.coordinator(), await town.coordinator("Olga")
    spoil_exports(town)
    await say(bram, "/export", "Welke periode?")
    bram.tap("Alles")
    await bram.wait_for("Ik maak het bestand.")
    await town.play.forward(hours=2)
    await bram.wait_for("Het is niet gelukt om het bestand te maken. Vraag het later opnieuw: stuur /export.")
    assert not any("niet gelukt" in message.text for message in olga.messages)
    (job,) = town.rows("SELECT state, tries FROM job WHERE kind = 'export'")
    assert (job["state"], job["tries"]) == ("failed", MOST_TRIES)


async def test_a_digest_that_fails_for_good_is_told_to_who_asked(town: Town) -> None:
    for name in ("Amina", "Bilal", "Cora"):
        await town.reflected(await town.fieldworker(name), name)
    await town.play.forward_to(local(24, 10))
    carla = await town.investigator()
    spoil_exports(town)
    await say(carla, "/digest", "Ik maak het weekbericht.")
    await town.play.forward(hours=2)
    await carla.wait_for("Het is niet gelukt om het weekbericht van week 47 te maken.")


async def test_digest_for_a_line_that_left_the_study_is_answered(town: Town) -> None:
    carla = await town.investigator()
    town.run("UPDATE role_grant SET line = 'L9' WHERE role = 'investigator'")
    assert (await reply(carla, "/digest")).startswith("Jouw onderzoekslijn staat niet meer in dit onderzoek.")
    carla.tap_data(f"d:{town.person('Carla')}:0:digest:L9", carla.last)
    await carla.wait_for("Jouw onderzoekslijn staat niet meer in dit onderzoek.")
    assert town.rows("SELECT 1 FROM job WHERE kind = 'digest'") == []
    town.run("UPDATE role_grant SET line = 'L1' WHERE role = 'investigator'")
    await say(carla, "/digest", "Ik maak het weekbericht.")


async def test_a_digest_ordered_before_its_line_left_is_given_up_in_words(town: Town) -> None:
    carla = await town.investigator()
    await town.invited(carla, Grant(Role.INVESTIGATOR, line="L2"))
    await town.settled()
    person = town.person("Carla")
    town.run(
        "INSERT INTO job (kind, detail, due_on, made_on, tries) VALUES ('digest', :detail, '2026', '2026', :tries)",
        detail=f'{{"line": "L9", "week": "2026-W46", "people": [{person}]}}',
        tries=MOST_TRIES - 1,
    )
    await town.play.forward(minutes=1)
    await carla.wait_for("Het is niet gelukt om het weekbericht van week 46 te maken.")
