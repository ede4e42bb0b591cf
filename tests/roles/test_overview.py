"""What /status tells an investigator of the cities: counts of three people and more, and none that gives one away."""

from pathlib import Path

from exports.period import of_week
from exports.weeknow import WeekNow, week_now
from fieldwork.people import Grant, Role
from fieldwork.schedule import Week
from handlers.delivery.overview import report
from handlers.work import Place
from storage.connection import Database
from storage.jobs import Job
from tests.roles.scene import Scene, scene


def week_of(town: Scene) -> WeekNow:
    """The running week as it stands."""
    zone = town.desk.study.timezone
    return week_now(town.tx, town.desk.study.cities, of_week(Week.of(town.desk.now, zone), zone))


def team(town: Scene, city: str, people: int, done: int) -> None:
    """So many people were asked in a city and so many of them answered."""
    names = [f"{city}{number}" for number in range(people)]
    for name in names:
        town.add(name, Grant(Role.FIELDWORKER, city))
    workshop = town.plan(city, "Samen", *names)
    town.tx.run(
        "UPDATE prompt SET state = 'asked', asked_on = :now, due_on = NULL WHERE workshop_id = :workshop",
        now="2026-11-18T15:30:00.000Z",
        workshop=workshop,
    )
    for name in names[:done]:
        town.tx.run(
            "UPDATE prompt SET state = 'completed', ended_on = '2026-11-18T16:00:00.000Z'"
            " WHERE workshop_id = :workshop AND person_id = :person",
            workshop=workshop,
            person=town.people[name],
        )


def test_a_city_is_shown_where_three_people_answered_and_nobody_can_be_worked_out(tmp_path: Path) -> None:
    with scene(tmp_path) as town:
        team(town, "almere", 9, 7)
        team(town, "tilburg", 6, 5)
        team(town, "nijmegen", 5, 2)
        shown = {one.city.code: (one.done, one.due) for one in week_of(town).cities}
    assert shown["almere"] == (7, 9)
    assert shown["nijmegen"] == shown["utrecht"] == shown["leiden"] == (None, None)
    assert shown["tilburg"] == (None, None), "beside the week's total it would give Nijmegen away"
    assert "amsterdam" not in shown, "nothing was due there"


def test_three_answers_of_one_person_are_one_person(tmp_path: Path) -> None:
    with scene(tmp_path) as town:
        for number in range(3):
            town.add(f"een{number}", Grant(Role.FIELDWORKER, "almere"))
        for title in ("Een", "Twee", "Drie"):
            workshop = town.plan("almere", title, "een0", "een1", "een2")
            town.tx.run(
                "UPDATE prompt SET asked_on = '2026-11-18T15:30:00.000Z', due_on = NULL, ended_on = asked_on,"
                " state = CASE WHEN person_id = :person THEN 'completed' ELSE 'expired' END WHERE workshop_id = :id",
                person=town.people["een0"],
                id=workshop,
            )
        (almere,) = (one for one in week_of(town).cities if one.city.code == "almere")
    assert (almere.done, almere.due) == (None, None)


def test_the_words_hold_the_counts_and_nobodys_code(tmp_path: Path) -> None:
    with scene(tmp_path) as town:
        team(town, "almere", 9, 7)
        team(town, "tilburg", 6, 5)
        investigator = town.people[Role.INVESTIGATOR]
        codes = [row["code"] for row in town.tx.all("SELECT code FROM person")]
        town.tx.run("COMMIT")
        place = Place(Database(tmp_path / "terugblik.db"), tmp_path, "1")
        finish = report(place, town.desk, Job(1, "overview", {"person": investigator}, 0))
        town.tx.run("BEGIN IMMEDIATE")
        finish(town.tx, town.desk)
        (_, told) = town.heard(Role.INVESTIGATOR)[-1]
        assert "Almere: 7 van 9 (78%)" in told.text and "Utrecht: niet getoond" in told.text
        assert not any(code in told.text for code in codes)
        said = town.newest()
        town.tx.run("DELETE FROM role_grant WHERE person_id = :id", id=investigator)
        finish(town.tx, town.desk)
        assert town.newest() == said, "who lost the role meanwhile is told nothing"
