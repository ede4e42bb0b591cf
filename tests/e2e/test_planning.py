"""Coordinators plan, move and cancel workshops; everybody else cannot."""

from functools import partial

import pytest

from tests.e2e.town import Town, data_under, local, offers, reply, say, tap

CONSENT = "Je doet mee."
NOT_YOUR_CITY = "Dit mag alleen een coördinator van Leiden."
STALE = "Deze knop hoort bij een oude vraag."
OVER = "Deze knop is al gebruikt, of niet meer nodig."


def line(code: str, *, when: str = "20-11 19:00–20:30", title: str = "Groen") -> str:
    return f"{when} | Overvecht | {title} | {code}"


def titles(place: Town) -> list[str]:
    return [row["title"] for row in place.rows("SELECT title FROM workshop ORDER BY id")]


async def test_a_plan_is_shown_and_kept_only_after_opslaan(town: Town) -> None:
    await town.fieldworker()
    bram, code = await town.coordinator(), town.code("Amina")
    await say(bram, "/plan", "Stuur één regel per workshop")
    await say(bram, line(code), "Controleer dit:")
    assert bram.last.text == (
        "Controleer dit:\n\nGroen\nvrijdag 20 november, 19:00 tot 20:30, Overvecht\n"
        f"Veldwerkers: {code}\nVragenlijst: Wijkwerkplaats, reflectie\n"
        "Bericht aan veldwerkers: vrijdag 20 november om 20:45"
    )
    assert titles(town) == []
    await tap(bram, "Opslaan", "Opgeslagen: 1")
    (kept,) = town.rows("SELECT * FROM workshop")
    assert (kept["city"], kept["neighbourhood"], kept["title"], kept["starts_on"], kept["ends_on"]) == (
        "utrecht",
        "Overvecht",
        "Groen",
        "2026-11-20T18:00:00.000Z",
        "2026-11-20T19:30:00.000Z",
    )
    assert kept["planned_by"] == town.person("Bram")
    assert town.count("team", "prompt") == [1, 1]


async def test_a_plan_can_be_changed_before_it_is_kept(town: Town) -> None:
    await town.fieldworker()
    bram, code = await town.coordinator(), town.code("Amina")
    await say(bram, f"/plan {line(code, title='Groen')}", "Controleer dit:")
    await tap(bram, "Aanpassen", "Stuur één regel per workshop")
    await say(bram, line(code, title="Speelplek"), "Speelplek")
    await tap(bram, "Opslaan", "Opgeslagen: 1")
    assert titles(town) == ["Speelplek"]


async def test_a_plan_can_be_thrown_away(town: Town) -> None:
    await town.fieldworker()
    bram, code = await town.coordinator(), town.code("Amina")
    await say(bram, f"/plan {line(code)}", "Controleer dit:")
    await tap(bram, "Weggooien", "Weggegooid. Er is niets opgeslagen.")
    assert titles(town) == []


async def test_a_wrong_line_is_named_with_its_reason_while_the_others_are_kept(town: Town) -> None:
    await town.fieldworker()
    bram, code = await town.coordinator(), town.code("Amina")
    lines = [line(code, title="Een"), "morgen | Overvecht | Twee", line(code, title="Drie")]
    await say(bram, "/plan " + "\n".join(lines), "Controleer dit:")
    assert any(
        message.text == "Regel 2 snap ik niet: ik verwacht 4 stukken, met | ertussen: datum tijd–tijd | wijk | titel | "
        "veldwerkers. Gevonden: 3. De andere regels zijn goed. Stuur alleen deze regel opnieuw."
        for message in bram.messages
    )
    await tap(bram, "Opslaan", "Opgeslagen: 2")
    assert titles(town) == ["Een", "Drie"]


async def test_the_wrong_line_alone_can_be_sent_again(town: Town) -> None:
    await town.fieldworker()
    bram, code = await town.coordinator(), town.code("Amina")
    await say(bram, f"/plan {line(code, title='Een')}\n{line('ZZZZ', title='Twee')}\nmorgen", "Regel 2 snap ik niet")
    (told,) = (message.text for message in bram.messages if "snap ik niet" in message.text)
    assert "Regel 3 snap ik niet" in told and told.endswith(
        "\n\nDe andere regels zijn goed. Stuur alleen deze regels opnieuw."
    )
    await bram.wait_for("Controleer dit:")
    await say(bram, line("amina", title="Twee"), "Twee")
    await tap(bram, "Opslaan", "Opgeslagen: 2")
    assert titles(town) == ["Een", "Twee"]


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ("17-11-2026 10:00–11:00 | Overvecht | Groen | {code}", "17-11-2026 is al voorbij. Kies een dag die nog komt."),
        ("18-11 08:00–09:30 | Overvecht | Groen | {code}", "18-11-2026 is al voorbij."),
        ("31-02 10:00–11:00 | Overvecht | Groen | {code}", '"31-02" is geen datum.'),
        ("20-11 25:00–26:00 | Overvecht | Groen | {code}", '"25:00" is geen tijd.'),
        ("20-11 | Overvecht | Groen | {code}", '"20-11" is geen datum met tijden.'),
        ("20-11 10:00–09:00 | Overvecht | Groen | {code}", "van 10:00 tot 09:00 is langer dan 14 uur."),
        ("20-11 10:00–11:00 |  | Groen | {code}", "de wijk of de titel is leeg."),
        ("20-11 10:00–11:00 | Overvecht | Groen |", "er staan geen veldwerkers."),
        ("20-11 10:00–11:00 | Overvecht | Groen | ZZZZ", "ZZZZ is geen veldwerker van Utrecht."),
        ("20-11 10:00–11:00 | Overvecht | Groen | {leiden}", "{leiden} is geen veldwerker van Utrecht."),
        ("20-11 10:00–11:00 | Overvecht | Groen | {bram}", "{bram} is geen veldwerker van Utrecht."),
    ],
)
async def test_what_cannot_be_planned_is_said_and_nothing_is_kept(town: Town, wrong: str, reason: str) -> None:
    await town.fieldworker()
    await town.fieldworker("Lea", "leiden")
    bram = await town.coordinator()
    codes = {"code": town.code("Amina"), "leiden": town.code("Lea"), "bram": town.code("Bram")}
    told = await reply(bram, "/plan " + wrong.format(**codes))
    assert told.startswith(f"Regel 1 snap ik niet: {reason.format(**codes)}")
    assert town.count("workshop", "prompt") == [0, 0]
    await say(bram, line(codes["code"]), "Controleer dit:")


async def test_more_than_thirty_lines_are_not_read_and_parts_may_follow(town: Town) -> None:
    await town.fieldworker()
    bram, code = await town.coordinator(), town.code("Amina")
    await say(
        bram,
        "/plan " + "\n".join(line(code, title=f"Groen {number}") for number in range(31)),
        "Dat zijn 31 regels. Ik kan er 30 tegelijk lezen.",
    )
    bram.say("\n".join(line(code, title=f"Groen {number}") for number in range(30)))
    await bram.wait_for(partial(offers, "Opslaan"))
    await tap(bram, "Opslaan", "Opgeslagen: 30")
    assert town.count("workshop") == [30]


async def test_opslaan_pressed_twice_plans_once(town: Town) -> None:
    await town.fieldworker()
    bram, code = await town.coordinator(), town.code("Amina")
    await say(bram, f"/plan {line(code)}", "Controleer dit:")
    save, message = data_under(bram, "Opslaan")
    bram.tap_data(save, message)
    bram.tap_data(save, message)
    await bram.wait_for("Opgeslagen: 1")
    await bram.wait_for(OVER)
    await town.play.forward(minutes=1)
    await say(bram, f"/plan {line(code, title='Later')}", "Controleer dit:")
    bram.tap_data(save, message)
    await bram.wait_for(OVER)
    assert titles(town) == ["Groen"]


async def test_a_moved_workshop_is_asked_about_after_its_new_end_only(town: Town) -> None:
    amina = await town.fieldworker()
    town.workshop("Amina", ends_on=local(18, 16))
    bram = await town.coordinator()
    await say(bram, "/workshops", "1. woensdag 18 november, 14:30–16:00, Overvecht: Groen")
    await tap(bram, "1", "Wat wil je doen?")
    await tap(bram, "Verplaatsen", "Stap 1 van 2\nGroen\nOp welke dag?")
    await say(bram, "gisteren", 'Dat snap ik niet: "gisteren" is geen datum.')
    await say(bram, "17-11-2026 10:00–11:00", "is al voorbij")
    await town.settled()
    await tap(bram, "do 19 nov", "Van hoe laat tot hoe laat?")
    await say(bram, "10:00–11:30", "Bericht aan veldwerkers: donderdag 19 november om 11:45")
    assert town.rows("SELECT due_on FROM prompt")[0]["due_on"] == "2026-11-18T15:15:00.000Z"
    await tap(bram, "Verplaatsen", "Verplaatst: donderdag 19 november, 10:00–11:30")
    seen = len(amina.messages)
    await town.play.forward_to(local(19, 11, 44))
    assert len(amina.messages) == seen
    await town.play.forward_to(local(19, 11, 45))
    await amina.wait_for("Je was bij de workshop Groen")


async def test_moving_a_workshop_says_that_nobody_is_asked_where_all_have_answered(town: Town) -> None:
    amina, bram = await town.fieldworker(), await town.coordinator()
    await town.reflected(amina, "Amina")
    await say(bram, "/workshops", "Kies een nummer.")
    await tap(bram, "1", "Wat wil je doen?")
    await tap(bram, "Verplaatsen", "Op welke dag?")
    await say(
        bram, "20-11 14:00-15:30", f"Bericht aan veldwerkers: niemand\nAl begonnen of klaar: {town.code('Amina')}."
    )
    await tap(bram, "Verplaatsen", "Bericht aan veldwerkers: niemand")


async def test_nobody_is_asked_about_a_cancelled_workshop(town: Town) -> None:
    amina = await town.fieldworker()
    town.workshop("Amina", ends_on=local(18, 16))
    bram = await town.coordinator()
    await say(bram, "/workshops", "Groen")
    await tap(bram, "1", "Wat wil je doen?")
    cancel, message = data_under(bram, "Afzeggen")
    await tap(bram, "Afzeggen", "Groen is afgezegd.")
    seen = len(amina.messages)
    await town.play.forward_to(local(18, 18))
    assert len(amina.messages) == seen
    assert [row["state"] for row in town.rows("SELECT state FROM prompt")] == ["cancelled"]
    bram.tap_data(cancel, message)
    await bram.wait_for(STALE)


async def test_cancelling_closes_what_was_asked_already(town: Town) -> None:
    amina = await town.fieldworker()
    town.workshop("Amina", ends_on=local(18, 16))
    await town.play.forward_to(local(18, 16, 15))
    bram = await town.coordinator()
    await say(bram, "/workshops", "Groen")
    await tap(bram, "1", "Wat wil je doen?")
    stale, message = data_under(amina, "Start")
    await tap(amina, "Later", "Wanneer zal ik het weer vragen?")
    await tap(bram, "Afzeggen", "Groen is afgezegd.")
    await town.settled()
    assert not any(one.buttons for one in amina.messages)
    amina.tap_data(stale, message)
    await amina.wait_for("Deze vragen zijn gesloten.")
    assert town.count("session") == [0]


async def test_a_coordinator_of_two_cities_is_asked_which(town: Town) -> None:
    await town.fieldworker("Lea", "leiden")
    bram, code = await town.coordinator("Bram", "utrecht", "leiden"), town.code("Lea")
    await say(bram, "/plan", "Voor welke stad?")
    assert bram.last.labels == [["Utrecht"], ["Leiden"]]
    await tap(bram, "Leiden", "Stuur één regel per workshop")
    await say(bram, line(code), "Controleer dit:")
    await tap(bram, "Opslaan", "Opgeslagen: 1")
    assert [row["city"] for row in town.rows("SELECT city FROM workshop")] == ["leiden"]
    await say(bram, "/status Leiden", "Leiden, week 47")


async def test_a_city_that_is_not_ones_own_or_is_none_is_refused_in_a_sentence(town: Town) -> None:
    await town.fieldworker("Lea", "leiden")
    bram, code = await town.coordinator(), town.code("Lea")
    assert await reply(bram, f"/plan Leiden {line(code)}") == NOT_YOUR_CITY
    told = await reply(bram, "/export Groningen")
    assert told.startswith("Groningen is geen stad van dit onderzoek. Kies uit: Amsterdam, Rotterdam, Den Haag")
    assert town.count("workshop", "job", "pending") == [0, 0, 0]


async def test_a_command_that_does_not_exist_is_answered(town: Town) -> None:
    amina = await town.fieldworker()
    assert (await reply(amina, "/weg")).startswith("Dat commando ken ik niet.")


async def test_invite_makes_a_link_for_ones_own_city_that_works_once(town: Town) -> None:
    bram = await town.coordinator()
    told = await reply(bram, "/invite Zoë")
    assert told.startswith("Uitnodiging voor Zoë: veldwerker in Utrecht\nhttps://t.me/terugblik_bot?start=")
    token = told.split("start=")[1].split("\n")[0]
    zoe = town.play.phone("Z.")
    zoe.start(token)
    await zoe.wait_for("Hallo Zoë.")
    await zoe.wait_for(partial(offers, "Ja, ik doe mee"))
    assert f"{town.code('Zoë')} – Zoë: nog geen toestemming\n" in await reply(bram, "/people")
