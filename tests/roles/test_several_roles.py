"""One person who is several things: the commands of all, and each role ends by itself."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.sandbox import Phone
from fieldwork.people import Grant, Role
from handlers.menus import offered
from storage import people
from tests.e2e.conftest import town as real_town
from tests.e2e.town import Town, say
from tests.roles.scene import GRANTS, Scene, scene

__all__ = ["real_town"]

IDA = "Ida"
NOT_YOUR_ROLE = "Dit commando hoort niet bij jouw rol."


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with scene(tmp_path_factory.mktemp("town")) as place:
        place.add(IDA, *GRANTS.values(), Grant(Role.COORDINATOR, "leiden"))
        yield place


@pytest.fixture
def town(whole: Scene) -> Iterator[Scene]:
    """The same town for each test, as it was before."""
    desk = whole.desk
    with whole.taken_back():
        yield whole
    whole.desk = desk


def shown_to(town: Scene, name: str) -> list[str]:
    return [offer.names["nl"] for offer in offered(people.by_id(town.tx, town.people[name]))]


def test_the_menu_of_several_roles_is_that_of_each_once(town: Scene) -> None:
    union = {name for role in Role for name in shown_to(town, role)}
    assert set(shown_to(town, IDA)) == union
    assert len(shown_to(town, IDA)) == len(union)


def test_a_command_of_two_roles_answers_for_both(town: Scene) -> None:
    told = town.type(IDA, "/status").texts
    assert told[0].startswith("Zo gaat het met de bot:")
    assert "Voor welke stad?" in told
    assert any("Leiden, week 47" in one for one in town.type(IDA, "/status Leiden").texts)


def test_every_command_for_a_city_asks_which_and_takes_only_ones_own(town: Scene) -> None:
    for name in ("plan", "workshops", "missing", "people", "remind", "invite"):
        with town.taken_back():
            asked = town.type(IDA, f"/{name}")
            assert asked.texts == ["Voor welke stad?"], name
            assert [button.label for row in asked.said[0].buttons for button in row][:2] == ["Utrecht", "Leiden"], name
            assert town.tap(IDA, asked.buttons[1]).texts[0] != "Voor welke stad?", name
        refused = town.type(IDA, f"/{name} Almere").texts
        assert refused == ["Dit mag alleen een coördinator van Almere."], name


def test_stop_ends_the_fieldwork_only(town: Scene) -> None:
    asked = town.type(IDA, "/stop")
    stays = "Je blijft: coördinator van Leiden, coördinator van Utrecht, onderzoeker van de lijn ‘"
    assert stays in asked.texts[0] and asked.texts[0].endswith("’, databeheerder, beheerder.")
    keep = next(data for data in asked.buttons if data.endswith(":keep"))
    told = town.tap(IDA, keep).texts[0]
    assert told.startswith("Je doet niet meer mee.") and stays in told
    person = people.by_id(town.tx, town.people[IDA])
    assert not person.is_taking_part
    assert "Leiden, week 47" in town.type(IDA, "/status Leiden").texts[-1]
    assert town.type(IDA, "/audit").texts[0].startswith("Wat er is gedaan")
    town.plan("utrecht", "Later", Role.FIELDWORKER, IDA)
    before = len(town.heard(IDA))
    town.wait(timedelta(days=1))
    assert len(town.heard(IDA)) == before, "who stopped is asked nothing"


def test_who_only_coordinates_has_nothing_to_stop(town: Scene) -> None:
    assert town.type(Role.COORDINATOR, "/stop").texts[0].startswith(NOT_YOUR_ROLE)


def test_who_coordinates_now_can_still_stop_and_be_erased_as_the_fieldworker_of_before(town: Scene) -> None:
    person = town.people["Lea"]
    people.withdraw_grant(town.tx, person, Grant(Role.FIELDWORKER, "leiden"))
    people.grant(town.tx, person, Grant(Role.COORDINATOR, "leiden"), town.desk.now)
    assert "stop" in shown_to(town, "Lea") and "antwoorden" not in shown_to(town, "Lea")
    asked = town.type("Lea", "/stop")
    assert asked.texts[0].startswith("Wil je stoppen") and "Je blijft: coördinator van Leiden." in asked.texts[0]
    surely = town.tap("Lea", next(data for data in asked.buttons if data.endswith(":erase")))
    assert town.tap("Lea", surely.buttons[0]).texts == [town.desk.texts.say("stop.erasing", "nl")]


def test_a_coordinator_who_was_deactivated_reads_so_and_has_nothing_to_stop(town: Scene) -> None:
    bram = town.people[Role.COORDINATOR]
    people.deactivate(town.tx, bram, Role.COORDINATOR, "utrecht", town.desk.now)
    told = town.type(Role.COORDINATOR, "/stop").texts
    assert told[0].startswith("Hallo. Je rol bij ") and "/stop" not in told[0] and "vertelde" not in told[0]
    town.tap(Role.COORDINATOR, f"u:{bram}:0:stop:erase")
    town.tap(Role.COORDINATOR, f"u:{bram}:0:stop_surely:yes")
    assert town.tx.all("SELECT 1 FROM erasure") == [] and town.tx.all("SELECT 1 FROM pending") == []


def names(phone: Phone) -> set[str]:
    return {command.name for command in phone.commands}


async def test_a_role_that_is_given_or_taken_beside_the_bot_changes_the_menu(real_town: Town) -> None:
    town = real_town
    bram = await town.coordinator()
    await town.settled()
    assert "export" in names(bram) and "audit" not in names(bram)
    person = town.person("Bram")
    with town.play.in_transaction() as tx:
        people.grant(tx, person, GRANTS[Role.STEWARD], town.play.clock.now())
    await town.play.forward(minutes=10)
    assert {"export", "audit"} <= names(bram)
    town.run("DELETE FROM role_grant WHERE role = 'coordinator'")
    await town.play.forward(minutes=10)
    assert "audit" in names(bram) and "export" not in names(bram)
    await say(bram, "/export", NOT_YOUR_ROLE)
    said = town.count("outbox")
    await town.play.forward(minutes=10)
    assert town.count("outbox") == said, "a menu that fits is not sent again"


def test_typing_what_a_button_does_ends_the_question_for_names_as_tapping_does(town: Scene) -> None:
    for typed in ("toch niet", "openstaand"):
        with town.taken_back():
            town.type(Role.COORDINATOR, "/invite Zoë")
            town.type(Role.COORDINATOR, "/invite")
            town.type(Role.COORDINATOR, typed)
            assert town.type(Role.COORDINATOR, "Piet").texts[0].startswith("Dat snap ik niet."), typed
            assert [row["name"] for row in town.tx.all("SELECT name FROM invitation")] == ["Zoë"]
