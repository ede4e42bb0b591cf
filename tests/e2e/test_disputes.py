"""Two people disagree on whether a workshop took place, and the coordinator settles it."""

import openpyxl

from bot.sandbox import Phone
from exports.words import CODES
from tests.e2e.town import Town, data_under, local, offers, reply, say, tap

STALE = "Deze knop hoort bij een oude vraag."
ASKED = "Ging deze workshop door?"


async def disagree(town: Town) -> tuple[Phone, Phone, Phone]:
    """Amina tells of a workshop, Bilal says that it did not take place, Cora was asked and says nothing."""
    amina, bilal, cora = [await town.fieldworker(name) for name in ("Amina", "Bilal", "Cora")]
    town.workshop("Amina", "Bilal", "Cora", ends_on=local(18, 16))
    await town.play.forward_to(local(18, 17))
    await tap(bilal, "Start", "Vraag 1 van")
    await tap(bilal, "3", "Klopt alles?")
    await tap(bilal, "Ja, versturen", "Verstuurd.")
    await tap(amina, "Start", "Vraag 1 van")
    for number, label in ((2, "1"), (3, "Overslaan"), (4, "5"), *((number, "Overslaan") for number in range(5, 12))):
        await tap(amina, label, f"Vraag {number} van 11")
    await tap(amina, "Geen foto", "Klopt alles?")
    await tap(amina, "Ja, versturen", "Verstuurd.")
    await town.settled()
    return amina, bilal, cora


def pushes(phone: Phone) -> int:
    return sum(ASKED in message.text for message in phone.messages)


async def dispositions(town: Town, bram: Phone) -> dict[str, str]:
    """What the workbook of this week says became of each person, by name."""
    await say(bram, "/export", "Welke periode?")
    bram.catch_up()
    bram.tap("Deze week")
    made = await bram.wait_for(lambda message: message.document is not None)
    assert made.document is not None
    path = town.play.program.place.exports / "read.xlsx"
    path.write_bytes(made.document.content)
    sheet = openpyxl.load_workbook(path)["Sessies"]
    head, *rows = list(sheet.iter_rows(values_only=True))
    names = {town.code(name): name for name in ("Amina", "Bilal", "Cora")}
    return {names[str(row[1])]: str(row[head.index("disposition_code")]) for row in rows}


def in_chat(status: str) -> dict[str, int]:
    """The counts under the workshop in /status, by disposition."""
    line = status.split("\n")[status.split("\n").index("Groen, woensdag 18 november") + 1]
    codes = {words[0]: code for code, words in CODES.items()}
    return {codes[piece.rpartition(" ")[0]]: int(piece.rpartition(" ")[2]) for piece in line.split(", ")}


async def test_the_coordinators_are_told_once_and_one_settles_that_it_took_place(town: Town) -> None:
    bram, bea, olga = await town.coordinator(), await town.coordinator("Bea"), await town.coordinator("Olga", "leiden")
    await disagree(town)
    assert (pushes(bram), pushes(bea), pushes(olga)) == (1, 1, 0)
    assert "Erover verteld: 1. Ging niet door, zegt: 1." in bram.last.text
    told = await reply(bram, "/status")
    assert "Niet eens of het doorging. Verteld: 1. Ging niet door: 1." in told
    assert in_chat(told) == {"complete": 1, "not_held": 1, "sent": 1}
    data, message = data_under(bea, "Ging niet door")
    await say(bram, "/status", "Niet eens of het doorging")
    await tap(bram, "Ging het door? Groen", ASKED)
    await tap(bram, "Ging door", "Wie nee zei, telt als niet aanwezig.")
    await bea.wait_for("Ging deze workshop door?\nJij of een collega besliste: het ging door.")
    bea.tap_data(data, message)
    await bea.wait_for(lambda told: told.text == "Jij of een collega besliste: het ging door.")
    told = await reply(bram, "/status")
    assert "Klaar: 1 van 2 (50%)." in told and "Jij of een collega besliste: het ging door." in told
    assert in_chat(told) == {"complete": 1, "absent": 1, "sent": 1}
    assert await dispositions(town, bram) == {"Amina": "complete", "Bilal": "absent", "Cora": "sent"}
    settled = "SELECT verb FROM audit WHERE subject = '1' AND verb IN ('disputed', 'settled_held') ORDER BY id"
    assert [row["verb"] for row in town.rows(settled)] == ["disputed", "settled_held"]


async def test_what_did_not_take_place_asks_nobody_any_more_until_that_is_undone(town: Town) -> None:
    bram = await town.coordinator()
    _, _, cora = await disagree(town)
    await tap(cora, "Start", "Vraag 1 van")
    await tap(cora, "1", "Vraag 2 van 11")
    assert pushes(bram) == 1
    bram.tap("Ging niet door")
    await bram.wait_for("Niemand krijgt er nog vragen over.")
    await cora.wait_for("De workshop Groen ging niet door.")
    told = await reply(bram, "/status")
    assert "Klaar" not in told
    assert in_chat(told) == {"not_held": 3}
    assert await dispositions(town, bram) == {"Amina": "not_held", "Bilal": "not_held", "Cora": "not_held"}
    assert "In Utrecht staat er niets open." in await reply(bram, "/missing")
    # The answers that were sent stay in the workbook.
    assert town.rows("SELECT state FROM session ORDER BY id")[1]["state"] == "completed"
    data, message = data_under(bram, "Ongedaan maken")
    bram.tap_data(data, message)
    await bram.wait_for("Ongedaan gemaakt.")
    assert in_chat(await reply(bram, "/status")) == {"complete": 1, "not_held": 1, "snoozed": 1}
    await town.play.forward(minutes=1)
    await tap(cora, "Verder", "Vraag 2 van 11")


async def test_nobody_settles_what_is_not_disputed_or_not_of_their_city(town: Town) -> None:
    bram, olga, amina = await town.coordinator(), await town.coordinator("Olga", "leiden"), await town.fieldworker()
    town.workshop("Amina", ends_on=local(18, 16))
    cities = town.play.program.study.cities
    utrecht = next(number for number, city in enumerate(cities) if city.code == "utrecht")
    for phone, name in ((bram, "Bram"), (olga, "Olga"), (amina, "Amina")):
        for act, arg in (
            ("held", "1"),
            ("not_held", "1"),
            ("dispute", "1"),
            ("held", "2"),
            ("held", "²"),
            ("held", ""),
        ):
            phone.catch_up()
            phone.tap_data(f"d:{town.person(name)}:{utrecht}:{act}:{arg}", phone.last)
            await phone.wait_for(STALE)
    assert town.rows("SELECT held FROM workshop")[0]["held"] is None


async def test_at_night_the_coordinator_is_told_in_the_morning(town: Town) -> None:
    bram, amina = await town.coordinator(), await town.fieldworker()
    await town.fieldworker("Bilal")
    town.workshop("Amina", "Bilal", ends_on=local(18, 20))
    await town.play.forward_to(local(18, 21))
    town.run("UPDATE prompt SET state = 'completed' WHERE person_id = :id", id=town.person("Bilal"))
    await tap(amina, "Start", "Vraag 1 van")
    await town.play.forward_to(local(18, 23))
    await tap(amina, "3", "Klopt alles?")
    await tap(amina, "Ja, versturen", "Verstuurd.")
    await town.settled()
    assert pushes(bram) == 0
    await town.play.forward_to(local(19, 9))
    await bram.wait_for(ASKED)
    assert offers("Ging door", bram.last)
