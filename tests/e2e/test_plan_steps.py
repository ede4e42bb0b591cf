"""One workshop planned step by step, and a team changed: tapped or typed, with a way back and a way out."""

from pathlib import Path

from bot.sandbox import Phone, Sandbox
from fieldwork.people import Grant, Role
from tests.e2e.town import Town, data_under, local, planning_midway, say, stopped_clock, tap
from tests.e2e.town import town as town_in

OVER = "Deze knop is al gebruikt, of niet meer nodig."


def labels(phone: Phone) -> list[str]:
    newest = next(message for message in reversed(phone.messages) if message.buttons)
    return [label for row in newest.labels for label in row]


async def test_a_workshop_is_planned_by_taps_alone(town: Town) -> None:
    await town.fieldworker("Amina")
    await town.fieldworker("Bilal", in_the_morning=True)
    amina, bilal = town.code("Amina"), town.code("Bilal")
    town.workshop("Amina", ends_on=local(17, 16), title="Koffie")
    bram = await town.coordinator()
    await say(bram, "/plan", "Stuur één regel per workshop")
    await tap(bram, "Stap voor stap", "Stap 1 van 5\nOp welke dag?")
    assert labels(bram) == ["wo 18 nov", "do 19 nov", "vr 20 nov", "za 21 nov", "zo 22 nov", "ma 23 nov", "Stoppen"]
    first, message = data_under(bram, "vr 20 nov")
    await tap(bram, "vr 20 nov", "Stap 2 van 5\nvrijdag 20 november\nVan hoe laat tot hoe laat?")
    assert labels(bram)[:2] == ["14:30–16:00", "10:00–12:00"]
    bram.tap_data(first, message)
    await bram.wait_for(OVER)
    await tap(bram, "19:00–21:00", "In welke wijk?")
    await tap(bram, "Overvecht", "Hoe heet de workshop?")
    await tap(bram, "Koffie", "vrijdag 20 november, 19:00–21:00, Overvecht, Koffie\nWie gaan erheen?")
    assert labels(bram) == [f"{amina} Amina", f"{bilal} Bilal", "Terug", "Stoppen"]
    switch, message = data_under(bram, f"{amina} Amina")
    bram.tap_data(switch, message)
    bram.tap_data(switch, message)
    await town.settled()
    bram.tap(f"{bilal} Bilal")
    await town.settled()
    assert labels(bram) == [f"✓ {amina} Amina", f"✓ {bilal} Bilal", "Klaar", "Terug", "Stoppen"]
    done, message = data_under(bram, "Klaar")
    for forged in ("p99999999999999999999", "p12x", "px", "p7", "o0", "x1", "q", ""):
        bram.tap_data(done.rpartition("!")[0] + "!" + forged, message)
        await town.settled()
    assert town.rows("SELECT 1 FROM inbox WHERE state = 'dead'") == []
    await tap(bram, "Klaar", "Controleer dit:\n\nKoffie\nvrijdag 20 november, 19:00 tot 21:00, Overvecht")
    asked = f"vrijdag 20 november om 21:15 ({amina}); zaterdag 21 november om 08:30 ({bilal})"
    assert f"Bericht aan veldwerkers: {asked}" in bram.last.text
    await tap(bram, "Aanpassen", "Stap 5 van 5")
    await tap(bram, "Terug", "Stap 4 van 5")
    await say(bram, "Soep", "Wie gaan erheen?")
    await tap(bram, "Klaar", "Controleer dit:\n\nSoep")
    assert town.count("workshop") == [1]
    await tap(bram, "Opslaan", "Opgeslagen: 1")
    assert town.count("workshop", "team") == [2, 3]


async def test_every_step_takes_typed_words_and_a_restart_in_the_middle(tmp_path: Path) -> None:
    clock = stopped_clock()
    async with Sandbox(clock.now) as sandbox:
        async with town_in(tmp_path, clock, sandbox) as town:
            await town.fieldworker("Amina")
            bram = await town.coordinator()
            await say(bram, "/plan", "Stuur één regel per workshop")
            await say(bram, "stap voor stap", "Op welke dag?")
            await say(bram, "ooit", 'Dat snap ik niet: "ooit" is geen datum. Bijvoorbeeld: 12-03 of 12-03-2027.')
            await say(bram, "17-11-2026", "17-11-2026 is al voorbij.")
            await say(bram, "zaterdag 21 november", "Stap 2 van 5\nzaterdag 21 november")
            await town.settled()
            assert sum(bool(message.buttons) for message in bram.messages if message.text.startswith("Stap")) == 1
        async with town_in(tmp_path, clock, sandbox) as town:
            await say(bram, "laat", '"laat" zijn geen tijden. Bijvoorbeeld: 19:00–21:00.')
            await say(bram, "19u - 21u", "In welke wijk?")
            await say(bram, "terug", "Van hoe laat tot hoe laat?")
            await say(bram, "van acht", "zijn geen tijden")
            await say(bram, "20:00-22:00", "In welke wijk?")
            await say(bram, "Zuilen", "Hoe heet de workshop?")
            await say(bram, "x" * 81, "Gebruik 1 tot 80 tekens.")
            await say(bram, "Groen", "Wie gaan erheen?")
            await say(bram, "Zoë", "Zoë is geen veldwerker van Utrecht.")
            await say(bram, "amina", "Controleer dit:\n\nGroen\nzaterdag 21 november, 20:00 tot 22:00, Zuilen")
            await say(bram, "opslaan", "Opgeslagen: 1")
            assert town.count("workshop", "prompt") == [1, 1]
            await say(bram, "/plan", "Stuur één regel per workshop")
            await say(bram, "stap voor stap", "Op welke dag?")
            await say(bram, "stoppen", "Weggegooid. Er is niets opgeslagen.")
            await say(bram, "21-11 20:00–22:00", "Dat snap ik niet.")
            await say(bram, "/plan", "Stuur één regel per workshop")
            await say(bram, "stap voor stap", "Op welke dag?")
            await say(bram, "21-11 20:00–22:00", "Stap 3 van 5")
            town.run("DELETE FROM role_grant WHERE person_id = :id", id=town.person("Bram"))
            await say(bram, "Zuilen", "Dit commando hoort niet bij jouw rol.")


async def test_the_team_of_a_planned_workshop_changes_by_switches(town: Town) -> None:
    amina, bilal, chris = [await town.fieldworker(name) for name in ("Amina", "Bilal", "Chris")]
    codes = {name: town.code(name) for name in ("Amina", "Bilal", "Chris")}
    town.workshop("Amina", "Bilal", ends_on=local(18, 16))
    await town.play.forward_to(local(18, 16, 15))
    await tap(bilal, "Start", "Vraag 1 van")
    bram = await town.coordinator()
    await say(bram, "/workshops", "Groen")
    await tap(bram, "1", "Wat wil je doen?")
    await tap(bram, "Team", "Wie is erbij?")
    assert f"Blijft in het team, want al begonnen of klaar: {codes['Bilal']}." in bram.last.text
    assert labels(bram) == [f"✓ {codes['Amina']} Amina", f"{codes['Chris']} Chris", "Opslaan", "Niet doen"]
    bram.tap(f"✓ {codes['Amina']} Amina")
    await town.settled()
    bram.tap(f"{codes['Chris']} Chris")
    await town.settled()
    await tap(bram, "Opslaan", "Team veranderd: woensdag 18 november, 14:30–16:00")
    await amina.wait_for("Je hoort niet meer bij het team van Groen.")
    await town.play.forward(minutes=1)
    await chris.wait_for("Je was bij de workshop Groen")
    assert [row["state"] for row in town.rows("SELECT state FROM prompt ORDER BY id")] == [
        "cancelled",
        "opened",
        "asked",
    ]
    assert town.count("team") == [2]
    await tap(bram, "Ongedaan maken", "Er is al iemand gevraagd naar Groen.")
    await say(bram, "/workshops", "Groen")
    await tap(bram, "1", "Wat wil je doen?")
    await tap(bram, "Team", "Wie is erbij?")
    await say(bram, "Amina en Chris", "Wie is erbij?")
    amina.catch_up()
    await tap(bram, "Opslaan", "Team veranderd:")
    await tap(bram, "Ongedaan maken", "Ongedaan gemaakt.")
    assert town.count("team") == [2]
    await say(bram, "/workshops", "Groen")
    await tap(bram, "1", "Wat wil je doen?")
    await tap(bram, "Team", "Wie is erbij?")
    await say(bram, codes["Amina"], "Wie is erbij?")
    await tap(bram, "Opslaan", "Team veranderd:")
    await town.play.forward(minutes=1)
    await amina.wait_for("Je was bij de workshop Groen")
    await chris.wait_for("Je hoort niet meer bij het team van Groen.")


async def test_words_for_a_step_are_no_answer_to_a_questionnaire_that_rests(town: Town) -> None:
    amina = await planning_midway(town)
    await tap(amina, "Stap voor stap", "Op welke dag?")
    for words, expected in (
        ("21-11 10:00–11:00", "In welke wijk?"),
        ("Zuilen", "Hoe heet"),
        ("Groen", "Wie gaan"),
    ):
        await say(amina, words, expected)
    await say(amina, "amina", "Controleer dit:")
    await tap(amina, "Opslaan", "Opgeslagen: 1")
    await say(amina, "1", "Vraag 2 van 11")
    assert town.answers() == {"held": "as_planned"}


async def test_a_long_team_is_turned_over_page_by_page(town: Town) -> None:
    names = [f"Veldwerker {number:02d}" for number in range(10)]
    for name in names:
        await town.invited(town.play.phone(name), Grant(Role.FIELDWORKER, "utrecht"), name)
    await town.settled()
    bram = await town.coordinator()
    await say(bram, "/plan", "Stuur één regel per workshop")
    await tap(bram, "Stap voor stap", "Op welke dag?")
    await say(bram, "20-11 10:00–11:00", "In welke wijk?")
    await say(bram, "Zuilen", "Hoe heet de workshop?")
    await say(bram, "Groen", "Wie gaan erheen?")
    codes = [town.code(name) for name in names]
    assert len(labels(bram)) == 8 + len(("Volgende", "Terug", "Stoppen"))
    bram.tap(f"{codes[0]} {names[0]}")
    await town.settled()
    bram.tap("Volgende ›")
    await town.settled()
    bram.tap(f"{codes[9]} {names[9]}")
    await town.settled()
    assert labels(bram) == [
        f"{codes[8]} {names[8]}",
        f"✓ {codes[9]} {names[9]}",
        "‹ Vorige",
        "Klaar",
        "Terug",
        "Stoppen",
    ]
    await tap(bram, "Klaar", f"Veldwerkers: {codes[0]}, {codes[9]}")
    silent = "; ".join(f"geen bericht aan {codes[place]}: nog geen toestemming" for place in (0, 9))
    assert f"Bericht aan veldwerkers: {silent}" in bram.last.text


async def test_a_question_at_the_desk_that_is_over_keeps_no_button_that_does_nothing(town: Town) -> None:
    amina, bram = await town.fieldworker(), await town.coordinator()
    await say(amina, "/vraag", "Wat wil je vragen")
    asked = amina.last
    await say(amina, "Hoe laat?", "Je vraag is naar je coördinator.")
    await town.settled()
    assert amina.message(asked).buttons == ()
    await say(bram, "/plan", "Stuur één regel per workshop")
    await tap(bram, "Stap voor stap", "Op welke dag?")
    step = bram.last
    await say(bram, "/invite", "Wie nodig je uit")
    bram.tap("do 19 nov", step)
    await bram.wait_for(OVER)
    await town.settled()
    assert bram.message(step).buttons == ()
