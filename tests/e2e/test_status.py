"""How far a city is: week by week, workshop by workshop, and who gets a reminder."""

from fieldwork.people import Grant, Role
from storage import people
from tests.e2e.town import Town, local, offers, reply, say, tap


async def test_status_turns_to_other_weeks_in_the_same_message(town: Town) -> None:
    bram = await town.coordinator()
    await town.fieldworker()
    town.workshop("Amina", ends_on=local(18, 16), title="Groen")
    town.workshop("Amina", ends_on=local(25, 16), title="Koffie")
    await say(bram, "/status", "Utrecht, week 47. Workshops: 1.")
    assert "Groen, woensdag 18 november\ngepland 1" in bram.last.text
    first = bram.last.id
    await tap(bram, "Week 48 ▶", "Utrecht, week 48. Workshops: 1.")
    assert "Koffie" in bram.last.text and "Groen" not in bram.last.text and bram.last.id == first
    await tap(bram, "◀ Week 47", "Groen")
    await tap(bram, "◀ Week 46", "Utrecht, week 46. Workshops: 0.")
    assert bram.last.id == first
    for typed, told in (
        ("/status week 48", "Utrecht, week 48."),
        ("/status Utrecht week 48", "Utrecht, week 48."),
        ("/status week 48 utrecht", "Utrecht, week 48."),
        ("/status 2026-W45", "Utrecht, week 45."),
        ("/status week 2", "Utrecht, week 2."),
        ("/status week 60", "Week 60 bestaat niet."),
        ("/status Urk", "Urk is geen stad van dit onderzoek."),
        ("/missing week 46", "In Utrecht staat er niets open."),
    ):
        assert (await reply(bram, typed)).startswith(told), typed
    for arg in ("status 2026-W99", "status x", "status 2026-W46 >", "missing 2026-W47 9"):
        bram.catch_up()
        bram.tap_data(f"d:{town.person('Bram')}:4:page:{arg}", bram.last)
    await town.settled()
    assert town.rows("SELECT 1 FROM inbox WHERE state <> 'done'") == []


async def test_who_not_yet_stands_behind_a_button_and_belongs_to_the_week_shown(town: Town) -> None:
    bram = await town.coordinator()
    await town.fieldworker()
    await town.fieldworker("Bilal")
    town.workshop("Amina", "Bilal", ends_on=local(18, 16))
    await town.play.forward_to(local(18, 17))
    await say(bram, "/status", "gevraagd 2")
    assert town.code("Amina") not in bram.last.text
    shown = bram.last.id
    await tap(bram, "Wie nog niet?", f"{town.code('Amina')} – Groen: nog niet begonnen")
    assert bram.last.id > shown, "the figures stay"
    await say(bram, "/status week 46", "week 46")
    await tap(bram, "Wie nog niet?", "In Utrecht staat er niets open.")


async def test_many_workshops_and_people_stay_within_a_message(town: Town) -> None:
    bram = await town.coordinator()
    await town.fieldworker()
    for hour in range(13):
        town.workshop("Amina", ends_on=local(19, 8 + hour), title=f"{hour} " + "Groen " * 12)
    await say(bram, "/status", "Pagina 1 van 2")
    await tap(bram, "Volgende ▶", "Pagina 2 van 2")
    assert "12 Groen" in bram.last.text and offers("◀ Week 46", bram.last)
    with town.play.in_transaction() as tx:
        for number in range(60):
            person = people.add(tx, f"0{number:03d}", "nl", town.play.clock.now())
            people.name(tx, person, "Noor")
            people.grant(tx, person, Grant(Role.FIELDWORKER, "utrecht"), town.play.clock.now())
            people.reach_at(tx, person, f"telegram:9{number:03d}", town.play.clock.now())
            people.set_standing(tx, person, "taking_part")
            workshop, now = town.rows("SELECT id FROM workshop")[0]["id"], "2026-11-18T09:00:00.000Z"
            tx.run(
                "INSERT INTO prompt (workshop_id, person_id, state, asked_on, closes_on)"
                " VALUES (:workshop, :person, 'asked', :now, :now)",
                workshop=workshop,
                person=person,
                now=now,
            )
    told = await reply(bram, "/remind")
    assert told.count("Noor: 0 Groen") == 40 and "En nog 20." in told
    await tap(bram, "Versturen", "Klaar. Herinnering verstuurd aan 60 veldwerkers.")


async def test_nobody_is_reminded_more_than_twice_and_who_is_held_is_told_in_the_morning(town: Town) -> None:
    bram, amina = await town.coordinator(), await town.fieldworker()
    await town.fieldworker("Bilal")
    town.workshop("Amina", "Bilal", ends_on=local(18, 16))
    await town.play.forward_to(local(18, 17))
    town.run("UPDATE prompt SET reminders = 2 WHERE person_id = :id", id=town.person("Bilal"))
    told = await reply(bram, "/remind")
    assert f"Kregen er al 2, dus nu geen: {town.code('Bilal')}." in told
    await town.play.forward_to(local(18, 23))
    await say(bram, "/remind", "voor 1 veldwerker. Nu zijn het stille uren.")
    await tap(bram, "Versturen", "✓ Versturen")
    await bram.wait_for("Pas donderdag 19 november om 08:30 voor 1 veldwerker.")
    assert not any("staan nog open" in message.text for message in amina.messages)
    await town.play.forward_to(local(19, 9))
    await amina.wait_for("staan nog open")
