"""Workshops, their teams, the prompts about them, and which form they get."""

from datetime import timedelta

import pytest

from storage import forms, people, prompts, standings, workshops
from storage.driver import DatabaseError
from storage.prompts import Prompt
from storage.standings import Standing
from storage.tx import Tx
from tests.storage.rows import NOW, a_form, a_person, a_prompt, a_workshop, after


def prompt(tx: Tx, prompt_id: int) -> Prompt:
    found = prompts.by_id(tx, prompt_id)
    assert found is not None
    return found


def due(tx: Tx, **length: float) -> list[int]:
    """The prompts that are due so much later."""
    return [one.id for one in prompts.due(tx, after(**length), 10)]


def test_a_workshop_is_kept_as_it_was_planned(tx: Tx) -> None:
    found = workshops.by_id(tx, a_workshop(tx, title="Groen in de straat"))
    assert found is not None
    assert (found.city, found.title, found.state) == ("leiden", "Groen in de straat", "planned")
    assert (found.starts_on, found.ends_on) == (NOW, after(hours=2))
    assert workshops.by_id(tx, 404) is None


def test_somebody_put_in_a_team_twice_is_in_it_once(tx: Tx) -> None:
    workshop, first, second = a_workshop(tx), a_person(tx), a_person(tx)
    workshops.put_in_team(tx, workshop, (second, first))
    workshops.put_in_team(tx, workshop, (second,))
    assert workshops.team(tx, workshop) == [first, second]


def test_a_city_lists_its_workshops_to_come_the_first_first(tx: Tx) -> None:
    late, early = a_workshop(tx, starts_on=after(days=2)), a_workshop(tx, starts_on=after(days=1))
    over, running = a_workshop(tx, starts_on=after(hours=-2)), a_workshop(tx, starts_on=after(hours=-1))
    cancelled = a_workshop(tx, starts_on=after(days=1))
    workshops.cancel(tx, cancelled)
    a_workshop(tx, "utrecht", starts_on=after(days=1))
    assert [one.id for one in workshops.of_city(tx, "leiden", NOW)] == [running, early, late]
    assert over in [one.id for one in workshops.of_city(tx, "leiden", after(hours=-1))]


def test_a_workshop_belongs_to_the_period_it_starts_in(tx: Tx) -> None:
    first, _last = a_workshop(tx), a_workshop(tx, starts_on=after(days=7))
    assert [one.id for one in workshops.between(tx, "leiden", NOW, after(days=7))] == [first]


def test_the_next_workshop_of_somebody_is_the_first_planned_one_of_their_team(tx: Tx) -> None:
    person = a_person(tx)
    days = [a_workshop(tx, starts_on=after(days=day)) for day in (3, 1, 2, -1)]
    a_workshop(tx, starts_on=after(hours=1))
    for workshop in days:
        workshops.put_in_team(tx, workshop, (person,))
    workshops.cancel(tx, days[1])
    following = workshops.next_of(tx, person, NOW)
    assert following is not None
    assert following.id == days[2]
    assert workshops.next_of(tx, a_person(tx), NOW) is None


def test_a_moved_workshop_is_at_the_new_time(tx: Tx) -> None:
    workshop = a_workshop(tx)
    workshops.move(tx, workshop, after(days=1), after(days=1, hours=3))
    found = workshops.by_id(tx, workshop)
    assert found is not None
    assert (found.starts_on, found.ends_on) == (after(days=1), after(days=1, hours=3))


def test_a_prompt_is_planned_once_and_moves_until_it_is_put(tx: Tx) -> None:
    person, workshop = a_person(tx), a_workshop(tx)
    first = a_prompt(tx, person, workshop, due_on=after(hours=2))
    again = a_prompt(tx, person, workshop, due_on=after(hours=5))
    assert first == again
    assert (due(tx, hours=2), due(tx, hours=5)) == ([], [first])
    prompts.asked(tx, first, after(hours=5), after(hours=77), after(hours=29))
    a_prompt(tx, person, workshop, due_on=after(days=9))
    assert prompt(tx, first).due_on == after(hours=29)
    assert prompt(tx, first).state == "asked"


def test_a_prompt_cancelled_before_it_was_put_can_be_planned_again(tx: Tx) -> None:
    person, workshop = a_person(tx), a_workshop(tx)
    one = a_prompt(tx, person, workshop)
    prompts.ended(tx, one, "cancelled", NOW)
    assert due(tx, days=30) == []
    a_prompt(tx, person, workshop, due_on=after(days=1))
    assert prompt(tx, one).state == "planned"
    assert due(tx, days=1) == [one]


def test_what_is_due_comes_longest_due_first_and_no_more_than_asked_for(tx: Tx) -> None:
    late = a_prompt(tx, a_person(tx), due_on=after(hours=2))
    early = a_prompt(tx, a_person(tx), due_on=after(hours=1))
    a_prompt(tx, a_person(tx), due_on=after(hours=3, seconds=1))
    assert due(tx, hours=3) == [early, late]
    assert [one.id for one in prompts.due(tx, after(hours=3), 1)] == [early]


def test_the_way_of_a_prompt_from_plan_to_end(tx: Tx) -> None:
    person = a_person(tx)
    one = a_prompt(tx, person)
    assert not prompt(tx, one).is_open
    prompts.asked(tx, one, NOW, after(hours=72), after(hours=24))
    assert prompt(tx, one).is_open
    prompts.snoozed(tx, one, after(hours=1))
    assert (prompt(tx, one).state, prompt(tx, one).snoozes, due(tx, hours=1)) == ("snoozed", 1, [one])
    prompts.asked_again(tx, one, after(hours=24))
    prompts.reminded(tx, one, after(hours=48))
    assert (prompt(tx, one).state, prompt(tx, one).reminders) == ("asked", 1)
    prompts.opened(tx, one, after(hours=25), after(hours=48))
    prompts.snoozed(tx, one, after(hours=26))
    assert prompt(tx, one).state == "snoozed"
    prompts.asked_again(tx, one, after(hours=48))
    assert prompt(tx, one).state == "opened"
    prompts.look_again(tx, one, after(hours=72))
    assert [found.id for found in prompts.unfinished_of(tx, person)] == [one]
    prompts.ended(tx, one, "completed", after(hours=27))
    ended = prompt(tx, one)
    assert (ended.state, ended.due_on, ended.is_open) == ("completed", None, False)
    assert (ended.asked_on, ended.closes_on) == (NOW, after(hours=72))
    assert prompts.unfinished_of(tx, person) == []


def test_a_prompt_ended_by_mistake_is_open_again(tx: Tx) -> None:
    one = a_prompt(tx, a_person(tx))
    prompts.asked(tx, one, NOW, after(hours=72), after(hours=24))
    prompts.ended(tx, one, "absent", NOW)
    prompts.reopened(tx, one, after(hours=72))
    assert (prompt(tx, one).state, due(tx, hours=72)) == ("asked", [one])


def test_an_unknown_state_of_a_prompt_is_refused(tx: Tx) -> None:
    with pytest.raises(DatabaseError, match="CHECK"):
        prompts.ended(tx, a_prompt(tx, a_person(tx)), "forgotten", NOW)


def test_a_city_sees_how_its_people_stand_and_nothing_else(tx: Tx) -> None:
    person, gone = a_person(tx, "AAAA"), a_person(tx, "BBBB")
    urn = people.urn_of(tx, gone)
    assert urn is not None
    people.set_reachable(tx, urn, False, NOW)
    workshop = a_workshop(tx, title="Koffie")
    first, second = a_prompt(tx, person, workshop), a_prompt(tx, gone, workshop)
    a_prompt(tx, person, a_workshop(tx, "utrecht"))
    prompts.asked(tx, first, NOW, after(hours=72), after(hours=24))
    assert [one.id for one in prompts.open_in_city(tx, "leiden")] == [first]
    kept = workshops.by_id(tx, workshop)
    assert kept is not None
    begins_on = kept.starts_on
    assert standings.in_city(tx, "leiden", NOW, after(days=7)) == [
        Standing("AAAA", workshop, "Koffie", begins_on, "asked", True),
        Standing("BBBB", workshop, "Koffie", begins_on, "planned", False),
    ]
    prompts.ended(tx, second, "cancelled", NOW)
    assert len(standings.in_city(tx, "leiden", NOW, after(days=7))) == 1
    assert standings.in_city(tx, "leiden", after(seconds=1), after(days=7)) == []


def test_a_city_gets_its_own_form_or_everybodys(tx: Tx) -> None:
    common, own = a_form(tx, "a" * 64), a_form(tx, "b" * 64)
    forms.use(tx, "", common, NOW)
    assert forms.in_use(tx, "leiden") == common
    forms.use(tx, "leiden", own, NOW)
    assert (forms.in_use(tx, "leiden"), forms.in_use(tx, "utrecht")) == (own, common)
    forms.use(tx, "leiden", common, NOW + timedelta(days=1))
    assert forms.in_use(tx, "leiden") == common


def test_the_same_version_of_a_form_is_kept_once(tx: Tx) -> None:
    form_hash = a_form(tx)
    forms.add(tx, form_hash, "other", "9", "Other", "<other/>", b"", None, NOW)
    assert forms.xforms(tx) == {form_hash: "<xform/>"}


def test_a_form_that_is_not_there_cannot_be_put_in_use(tx: Tx) -> None:
    with pytest.raises(DatabaseError, match="FOREIGN KEY"):
        forms.use(tx, "", "c" * 64, NOW)
