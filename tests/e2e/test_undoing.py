"""What a coordinator changed can be taken back for ten minutes: wholly, once, and only while nothing came after it."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.sandbox import Phone
from fieldwork.study import Study
from tests.e2e.town import Town, data_under, local, say, tap
from tests.e2e.town import town as town_in

UNDO = "Ongedaan maken"
LATE = "Ongedaan maken kan maar 10 minuten."
TWICE = "Dit heb je al ongedaan gemaakt."


def plan_line(code: str, when: str = "20-11 19:00–20:30") -> str:
    return f"/plan {when} | Overvecht | Groen | {code}"


def audited(place: Town) -> list[tuple[str, str]]:
    return [(row["verb"], row["subject"]) for row in place.rows("SELECT verb, subject FROM audit ORDER BY id")][-2:]


def states(place: Town) -> list[str]:
    return [row["state"] for row in place.rows("SELECT state FROM prompt ORDER BY person_id")]


async def picked(bram: Phone, label: str, expected: str) -> None:
    """The coordinator picks the first workshop and does this with it."""
    await say(bram, "/workshops", "Groen")
    await tap(bram, "1", "Wat wil je doen?")
    await tap(bram, label, expected)


async def test_a_plan_is_taken_back_once_and_leaves_nobody_to_be_asked(town: Town) -> None:
    await town.fieldworker()
    bram, code = await town.coordinator(), town.code("Amina")
    await say(bram, plan_line(code), "Controleer dit:")
    await tap(bram, "Opslaan", "Opgeslagen: 1")
    data, message = data_under(bram, UNDO)
    await tap(bram, UNDO, "Uit de planning gehaald: 1.")
    assert town.count("team", "prompt") == [0, 0]
    assert audited(town) == [("workshop_planned", "1"), ("undone", "workshop_planned 1")]
    bram.tap_data(data, message)
    await bram.wait_for(TWICE)
    await say(bram, "/workshops", "Er zijn geen workshops gepland in Utrecht.")
    assert audited(town)[-1] == ("undone", "workshop_planned 1")
    await say(bram, plan_line(code), "Controleer dit:")
    await tap(bram, "Opslaan", "Opgeslagen: 1")
    bram.tap_data(data, message)
    await bram.wait_for(TWICE)
    assert states(town) == ["planned"]


async def test_after_ten_minutes_nothing_is_taken_back(town: Town) -> None:
    await town.fieldworker()
    bram, code = await town.coordinator(), town.code("Amina")
    await say(bram, plan_line(code), "Controleer dit:")
    await tap(bram, "Opslaan", "Opgeslagen: 1")
    data, message = data_under(bram, UNDO)
    await town.play.forward(minutes=10, seconds=1)
    await tap(bram, UNDO, LATE)
    await town.settled()
    assert not bram.messages[-2].buttons
    await town.play.forward(days=1, hours=1)
    await say(bram, plan_line(code, "21-11 19:00–20:30"), "Controleer dit:")
    await tap(bram, "Opslaan", "Opgeslagen: 1")
    bram.tap_data(data, message)
    await bram.wait_for(LATE)
    assert states(town) == ["planned", "planned"]


async def test_who_may_no_longer_change_it_takes_nothing_back(town: Town) -> None:
    await town.fieldworker()
    bram, code = await town.coordinator("Bram", "utrecht", "leiden"), town.code("Amina")
    joke = await town.coordinator("Joke")
    await say(bram, plan_line(code).replace("/plan", "/plan Utrecht"), "Controleer dit:")
    await tap(bram, "Opslaan", "Opgeslagen: 1")
    data, message = data_under(bram, UNDO)
    joke.tap_data(data, message)
    await town.settled()
    town.run("DELETE FROM role_grant WHERE person_id = :id AND city = 'utrecht'", id=town.person("Bram"))
    await tap(bram, UNDO, "Dit mag alleen een coördinator van Utrecht.")
    assert states(town) == ["planned"]
    assert audited(town)[-1][0] == "workshop_planned"


async def test_a_cancelled_workshop_is_on_again_and_everybody_goes_on_where_they_were(town: Town) -> None:
    amina, bilal = await town.fieldworker("Amina"), await town.fieldworker("Bilal")
    await town.fieldworker("Chris", in_the_morning=True)
    town.workshop("Amina", "Bilal", "Chris", ends_on=local(18, 16))
    await town.play.forward_to(local(18, 16, 15))
    await tap(amina, "Start", "Vraag 1 van")
    await tap(amina, "1", "Vraag 2 van")
    bram = await town.coordinator()
    await picked(bram, "Afzeggen", "Groen is afgezegd.")
    await amina.wait_for("De workshop Groen is afgezegd.")
    assert states(town) == ["cancelled"] * 3
    await tap(bram, UNDO, "Ongedaan gemaakt.\nwoensdag 18 november, 14:30–16:00, Overvecht: Groen")
    await town.play.forward(minutes=1)
    await tap(bilal, "Start", "Vraag 1 van")
    await amina.wait_for("Je bent al bij vraag 2 van 11.")
    await tap(amina, "Verder", "Vraag 2 van 11")
    assert states(town) == ["opened", "opened", "planned"]
    assert [row["state"] for row in town.rows("SELECT state FROM session")] == ["waiting", "waiting"]


async def test_a_moved_workshop_is_back_and_who_was_asked_before_is_asked_again(town: Town) -> None:
    amina = await town.fieldworker()
    town.workshop("Amina", ends_on=local(18, 16))
    await town.play.forward_to(local(18, 16, 15))
    bram = await town.coordinator()
    await picked(bram, "Verplaatsen", "Op welke dag?")
    await say(bram, "20-11 10:00–11:00", "Verplaatsen naar:")
    await tap(bram, "Verplaatsen", "Verplaatst: vrijdag 20 november")
    await amina.wait_for("De workshop Groen is verplaatst")
    amina.catch_up()
    await tap(bram, UNDO, "Ongedaan gemaakt.\nwoensdag 18 november, 14:30–16:00")
    await town.play.forward(minutes=1)
    await amina.wait_for("Je was bij de workshop Groen")
    assert [(row["state"], row["reminders"]) for row in town.rows("SELECT * FROM prompt")] == [("asked", 0)]


async def test_what_changed_again_since_is_not_taken_back(town: Town) -> None:
    await town.fieldworker()
    town.workshop("Amina", ends_on=local(18, 16))
    bram = await town.coordinator()
    await picked(bram, "Verplaatsen", "Op welke dag?")
    await say(bram, "20-11 10:00–11:00", "Verplaatsen naar:")
    await tap(bram, "Verplaatsen", "Verplaatst: vrijdag 20 november")
    data, message = data_under(bram, UNDO)
    await picked(bram, "Afzeggen", "Groen is afgezegd.")
    bram.tap_data(data, message)
    await bram.wait_for("Er veranderde daarna nog iets aan Groen.")
    assert states(town) == ["cancelled"]
    await tap(bram, UNDO, "Ongedaan gemaakt.\nvrijdag 20 november, 10:00–11:00")
    bram.tap_data(data, message)
    await bram.wait_for("Ongedaan gemaakt.\nwoensdag 18 november")
    assert states(town) == ["planned"]


def asks_soon(study: Study) -> Study:
    return replace(study, rhythm=replace(study.rhythm, prompt_after=timedelta(minutes=2)))


async def test_what_people_were_asked_about_since_is_not_taken_back(tmp_path: Path) -> None:
    async with town_in(tmp_path, changed=asks_soon) as town:
        amina = await town.fieldworker()
        bram, code = await town.coordinator(), town.code("Amina")
        await say(bram, plan_line(code, "18-11 09:00–10:01"), "Controleer dit:")
        await tap(bram, "Opslaan", "Opgeslagen: 1")
        await town.play.forward(minutes=5)
        await amina.wait_for("Je was bij de workshop Groen")
        await tap(bram, UNDO, "Er is al iemand gevraagd naar Groen.")
        assert states(town) == ["asked"]
