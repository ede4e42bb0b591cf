"""Coordinators see who belongs to their city, and change what they are to it."""

import re

from bot.sandbox import Phone
from tests.e2e.town import Town, data_under, local, offers, reply, say, tap

STALE = "Deze knop hoort bij een oude vraag."
GONE = "Je krijgt nu geen vragen van"


async def card(town: Town, bram: Phone, name: str) -> str:
    """Bram opens the person's card; what it says."""
    await say(bram, "/people", "Mensen van Utrecht:")
    (number,) = re.findall(rf"^(\d+)\. {town.code(name)} –", bram.last.text, re.MULTILINE)
    await tap(bram, number, f"{town.code(name)} – {name}\n")
    return bram.last.text


async def changed(town: Town, bram: Phone, name: str, *labels: str) -> str:
    """Bram changes something by these buttons of the card and confirms it; what he reads."""
    await card(town, bram, name)
    for label in labels:
        bram.catch_up()
        bram.tap(label)
        await bram.wait_for(lambda message: True)
    await tap(bram, "Ja, doen", "Veranderd:")
    return bram.last.text


def asked(phone: Phone) -> int:
    return sum("korte vragen" in message.text for message in phone.messages[-3:])


async def test_the_list_shows_who_takes_part_and_when_they_last_answered_and_nothing_of_what(town: Town) -> None:
    amina, bram = await town.fieldworker(), await town.coordinator()
    await town.fieldworker("Bilal")
    await town.reflected(amina, "Amina", words="Kwartelmarkering")
    told = await reply(bram, "/people")
    assert f"{town.code('Amina')} – Amina: doet mee, laatste antwoord woensdag 18 november" in told
    assert f"{town.code('Bilal')} – Bilal: doet mee\n" in told
    assert f"{town.code('Bram')} – Bram: coördinator van Utrecht\n" in told
    shown = await card(town, bram, "Amina")
    assert shown.endswith(
        "veldwerker in Utrecht\nStand: doet mee\nBereikbaar: ja\nLaatste antwoord: woensdag 18 november"
    )
    assert not any("Kwartelmarkering" in message.text for message in bram.messages)
    await card(town, bram, "Bram")
    assert not bram.last.buttons


async def test_who_is_deactivated_is_asked_nothing_and_cannot_act_and_comes_back_by_undo(town: Town) -> None:
    amina, bram = await town.fieldworker(), await town.coordinator()
    bilal = await town.fieldworker("Bilal")
    await town.asked(amina, "Amina")
    await tap(amina, "1", "Vraag 2 van")
    town.workshop("Amina", "Bilal", ends_on=local(19, 16), title="Later")
    told = await changed(town, bram, "Amina", "Deactiveren")
    assert "niet actief" in told and offers("Ongedaan maken", bram.last)
    await town.settled()
    assert "Nog niet klaar" not in await reply(bram, "/missing")
    assert "Amina" not in await reply(bram, "/remind")
    amina.catch_up()
    await say(amina, "Hallo", GONE)
    amina.catch_up()
    amina.say("Hallo?")
    amina.say("/antwoorden")
    await say(amina, "/privacy", "Dit bewaren we")
    await tap(amina, "Citaten", "Mogen we een zin")
    await say(amina, "Nee, geen citaten", "We halen geen zinnen van je aan.")
    assert sum(GONE in message.text for message in amina.messages) == 1
    told = await reply(amina, "/help")
    assert "/stop – stoppen met meedoen" in told and "/antwoorden" not in told and "/vraag" not in told
    assert "/mijnreflecties – " in told
    await say(amina, "/mijnreflecties", "Hierin staat 1 reflectie van jou.")
    await tap(bram, "Ongedaan maken", "Ongedaan gemaakt.")
    await amina.wait_for("Je bent nu: veldwerker in Utrecht.")
    await town.play.forward(minutes=1)
    await tap(amina, "Verder" if offers("Verder", amina.last) else "Start", "Vraag 2 van")
    states = town.rows("SELECT state FROM prompt WHERE person_id = :id ORDER BY id", id=town.person("Amina"))
    assert [row["state"] for row in states] == ["opened", "planned"]
    verbs = [row["verb"] for row in town.rows("SELECT verb FROM audit ORDER BY id DESC LIMIT 4")]
    assert verbs == ["undone", "own_reflections", "quotes_no", "deactivated"]
    assert not any(GONE in message.text for message in bilal.messages)


async def test_who_is_activated_again_is_asked_about_what_still_comes(town: Town) -> None:
    amina, bram = await town.fieldworker(), await town.coordinator()
    town.workshop("Amina", ends_on=local(18, 16))
    town.workshop("Amina", ends_on=local(20, 16), title="Later")
    await changed(town, bram, "Amina", "Deactiveren")
    data, message = data_under(bram, "Ongedaan maken")
    await town.play.forward_to(local(19, 16))
    assert asked(amina) == 0
    bram.tap_data(data, message)
    await bram.wait_for("Ongedaan maken kan maar 10 minuten.")
    told = await reply(bram, f"/plan 25-11 19:00–20:30 | Overvecht | Groen | {town.code('Amina')}")
    assert "is geen veldwerker van Utrecht" in told
    assert "Stand: doet mee" in await changed(town, bram, "Amina", "Activeren")
    await town.play.forward_to(local(20, 17))
    await amina.wait_for("Je was bij de workshop Later")
    (status,) = (line for line in (await reply(bram, "/status")).splitlines() if "afgelast" in line)
    assert status == "afgelast 1"


async def test_who_stops_while_deactivated_has_stopped_also_when_activated_again(town: Town) -> None:
    amina, bram = await town.fieldworker(), await town.coordinator()
    await changed(town, bram, "Amina", "Deactiveren")
    await say(amina, "/stop", "Wil je stoppen")
    await tap(amina, "Stoppen en bewaren", "Je doet niet meer mee.")
    assert "/stop – alles laten wissen" in await reply(amina, "/help")
    assert "Stand: gestopt" in await changed(town, bram, "Amina", "Activeren")


async def test_a_role_is_given_and_taken_and_a_fieldworker_who_was_none_is_asked_for_consent(town: Town) -> None:
    amina, bram, bea = await town.fieldworker(), await town.coordinator(), await town.coordinator("Bea")
    assert "coördinator van Utrecht" in await changed(town, bram, "Amina", "Rol wijzigen", "Allebei")
    await amina.wait_for("Je bent nu: veldwerker in Utrecht, coördinator van Utrecht.")
    await say(amina, "/status", "Utrecht, week 47.")
    await tap(bram, "Ongedaan maken", "Ongedaan gemaakt.")
    await say(amina, "/status", "Dit commando hoort niet bij jouw rol.")
    await changed(town, bram, "Bea", "Rol wijzigen", "Veldwerker")
    await bea.wait_for("Doe je mee?")
    await say(bea, "/status", "Dit commando hoort niet bij jouw rol.")
    # What was changed since is not taken back.
    data, message = data_under(bram, "Ongedaan maken")
    await changed(town, bram, "Bea", "Deactiveren")
    bram.tap_data(data, message)
    await bram.wait_for("Dit kan niet meer terug.")


async def test_somebody_moves_only_between_cities_of_the_coordinator_and_finishes_what_was_asked(town: Town) -> None:
    amina, bram = await town.fieldworker(), await town.coordinator()
    await card(town, bram, "Amina")
    assert not offers("Andere stad", bram.last)
    for city in ("leiden", "2", "3"):
        bram.tap_data(f"d:{town.person('Bram')}:3:member:{town.code('Amina')} do {city}", bram.last)
        await bram.wait_for(STALE)
    olga = await town.coordinator("Olga", "utrecht", "leiden")
    await town.asked(amina, "Amina")
    town.workshop("Amina", ends_on=local(19, 16), title="Later")
    await say(olga, "/people Utrecht", "Mensen van Utrecht:")
    (number,) = re.findall(rf"^(\d+)\. {town.code('Amina')} –", olga.last.text, re.MULTILINE)
    await tap(olga, number, "Laatste antwoord: –")
    await tap(olga, "Andere stad", "Naar welke stad gaat")
    await tap(olga, "Leiden", "Gaat verder als veldwerker in Leiden.")
    await tap(olga, "Ja, doen", "Veranderd:")
    assert "Staat nog in het team, maar krijgt er geen vragen over: Later (donderdag 19 november)." in olga.last.text
    assert "Amina" not in await reply(bram, "/people") and "Amina" in await reply(olga, "/people leiden")
    states = "SELECT state FROM prompt ORDER BY id"
    assert [row["state"] for row in town.rows(states)] == ["opened", "cancelled"]
    olga.tap("Ongedaan maken")
    await olga.wait_for("Ongedaan gemaakt.")
    assert [row["state"] for row in town.rows(states)] == ["opened", "planned"]
    assert "Amina" in await reply(bram, "/people")


async def test_nobody_changes_people_of_another_city_or_themselves(town: Town) -> None:
    amina, bram, bea = await town.fieldworker(), await town.coordinator(), await town.coordinator("Bea", "leiden")
    code, own = town.code("Amina"), town.code("Bram")
    turns = [town.play.program.study.cities.index(town.play.app.desk().city(name)) for name in ("utrecht", "leiden")]
    for phone, name in ((bea, "Bea"), (amina, "Amina")):
        for turn in turns:
            phone.catch_up()
            phone.tap_data(f"d:{town.person(name)}:{turn}:member:{code} do off", phone.last)
            await phone.wait_for(STALE)
    for arg in (f"{own} do off", f"{code} do", f"{code} do x", "", " ", f"{code} do off off", f"{code} role x"):
        bram.catch_up()
        bram.tap_data(f"d:{town.person('Bram')}:{turns[0]}:member:{arg}", bram.last)
        await bram.wait_for(STALE)
    assert town.rows("SELECT 1 FROM role_grant WHERE deactivated_on IS NOT NULL") == []
    assert town.rows("SELECT 1 FROM inbox WHERE state <> 'done'") == []
