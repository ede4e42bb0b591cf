"""What investigators see over the cities: counts that point at nobody, and workbooks with codes."""

from bot.sandbox import Phone
from fieldwork.people import Grant, Role
from tests.e2e.town import Town, local, say, tap


def done_by(place: Town, name: str) -> None:
    """As if this person had sent a reflection."""
    place.run(
        "UPDATE prompt SET state = 'completed', ended_on = asked_on WHERE person_id = :person",
        person=place.person(name),
    )


def files(phone: Phone) -> list[str]:
    return [message.document.name for message in phone.messages if message.document]


async def test_the_workbooks_of_one_city_or_of_all_hold_codes_and_go_into_the_audit(town: Town) -> None:
    amina = await town.fieldworker("Aminamarker")
    await town.fieldworker("Leamarker", "leiden")
    await town.reflected(amina, "Aminamarker")
    town.workshop("Leamarker", ends_on=local(18, 16), city="leiden", title="Blauw")
    await town.play.forward_to(local(18, 17))
    done_by(town, "Leamarker")
    carla = await town.investigator()
    await say(carla, "/export", "Voor welke stad?")
    assert carla.last.labels[-1] == ["Alle steden"] and len(carla.last.labels) == 9
    await tap(carla, "Utrecht", "Export voor Utrecht. Welke periode?")
    assert carla.last.labels == [["Deze week"], ["Vorige week"], ["Alles"]], "photos and recordings are not for them"
    await tap(carla, "Alles", "Export klaar:")
    assert len(files(carla)) == 1 and files(carla)[0].startswith("utrecht_all")
    await say(carla, "/export alle steden", "Export voor alle steden, een bestand voor elke stad.")
    carla.tap("Deze week")
    await carla.wait_for("leiden_2026-W47")
    await town.settled()
    assert {name.split("_")[0] for name in files(carla)[1:]} == {"utrecht", "leiden"}
    noted = town.rows("SELECT city FROM audit WHERE verb = 'exported' ORDER BY id")
    assert sorted(row["city"] for row in noted) == ["leiden", "utrecht", "utrecht"]
    person = town.person("Carla")
    for data in (f"d:{person}:3:file:", f"d:{person}:3:export:all-zip"):
        carla.tap_data(data, carla.last)
        await carla.wait_for("Deze knop hoort bij een oude vraag.")


async def test_a_coordinator_is_not_offered_all_cities(town: Town) -> None:
    bram = await town.coordinator("Bram", "utrecht", "leiden")
    await say(bram, "/export", "Voor welke stad?")
    assert bram.last.labels == [["Utrecht"], ["Leiden"]]
    before = town.count("job")
    bram.tap_data(f"d:{town.person('Bram')}:0:exportall:all", bram.last)
    await bram.wait_for("Deze knop hoort bij een oude vraag.")
    assert town.count("job") == before


async def test_who_coordinates_and_investigates_reads_both(town: Town) -> None:
    bram = await town.coordinator()
    await town.invited(bram, Grant(Role.INVESTIGATOR, line="L1"), "Bram")
    await bram.wait_for("/digest")
    bram.say("/status")
    await bram.wait_for("Utrecht, week 47")
    await bram.wait_for("Alle steden, week 47 tot nu toe\nWorkshops: 0")
    assert any("er is deze week nog niets gevraagd" in message.text for message in bram.messages)
