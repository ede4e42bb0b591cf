"""Keeps the prompts in step with workshops, teams and people's wishes."""

from collections.abc import Sequence
from datetime import datetime

from fieldwork import wording
from fieldwork.messages import Say
from fieldwork.people import Person, Role
from fieldwork.schedule import first_asked_on
from handlers.desk import Desk, send
from handlers.reflecting import prompting
from storage import people, prompts, sessions, workshops
from storage.prompts import Prompt
from storage.tx import Tx
from storage.workshops import Workshop

_UNBEGUN = ("planned", "asked", "snoozed", "cancelled")


def plan_workshop(tx: Tx, desk: Desk, workshop: Workshop) -> None:
    """Everyone in the team gets a prompt at their own time; one that was put already stays."""
    for person_id in workshops.team(tx, workshop.id):
        plan_prompt(tx, desk, workshop, people.by_id(tx, person_id))


def plan_for(tx: Tx, desk: Desk, person: Person) -> None:
    """The person's prompts still to come move to the time they want now."""
    for prompt in prompts.unfinished_of(tx, person.id):
        workshop = workshops.by_id(tx, prompt.workshop_id)
        if workshop is not None and prompt.state == "planned":
            plan_prompt(tx, desk, workshop, person)


def plan_what_comes(tx: Tx, desk: Desk, city: str, person: Person) -> None:
    """Who is back is asked about this city's workshops that still have to end."""
    for workshop in workshops.coming_of(tx, person.id, city, desk.now):
        plan_prompt(tx, desk, workshop, person)


def plan_prompt(tx: Tx, desk: Desk, workshop: Workshop, person: Person) -> None:
    """One person's prompt for one workshop."""
    zone = desk.city(workshop.city).timezone
    prompts.plan(tx, workshop.id, person.id, first_asked_on(workshop.ends_on, person.ask_when, desk.study.rhythm, zone))


def cancel(tx: Tx, desk: Desk, workshop: Workshop) -> None:
    """Nobody is asked about a workshop that is off; what was asked already is closed."""
    workshops.cancel(tx, workshop.id)
    for prompt in prompts.of_workshop(tx, workshop.id):
        if prompt.is_open:
            withdraw(tx, desk, prompt, "prompt.cancelled", workshop=workshop.title)
        if prompt.is_open or prompt.state == "planned":
            prompts.ended(tx, prompt.id, "cancelled", desk.now)


def move(tx: Tx, desk: Desk, workshop_id: int, starts_on: datetime, ends_on: datetime) -> Workshop:
    """The workshop is at another time: everyone is asked after its new end, also who was asked and has not begun."""
    workshops.move(tx, workshop_id, starts_on, ends_on)
    workshop = workshops.by_id(tx, workshop_id)
    assert workshop is not None, "only a workshop that is there is moved"
    zone = desk.city(workshop.city).timezone
    for prompt in prompts.of_workshop(tx, workshop.id):
        person = people.by_id(tx, prompt.person_id)
        if prompt.is_open and prompt.state != "opened":
            when = wording.when(workshop.starts_on, zone, person.language)
            withdraw(tx, desk, prompt, "prompt.moved", workshop=workshop.title, when=when)
            prompts.unasked(tx, prompt.id, first_asked_on(workshop.ends_on, person.ask_when, desk.study.rhythm, zone))
    plan_workshop(tx, desk, workshop)
    return workshop


def staying(tx: Tx, workshop_id: int) -> list[int]:
    """Who stays in the team whatever happens: they began to answer, answered, or said they were not there."""
    found = prompts.of_workshop(tx, workshop_id)
    return [prompt.person_id for prompt in found if prompt.state not in _UNBEGUN or _has_begun(tx, prompt)]


def change_team(tx: Tx, desk: Desk, workshop: Workshop, team: Sequence[int]) -> None:
    """Who comes is asked as everyone is; who goes is not, and hears so if they were asked."""
    before = set(workshops.team(tx, workshop.id))
    gone = before - set(team) - set(staying(tx, workshop.id))
    workshops.take_out_of_team(tx, workshop.id, gone)
    workshops.put_in_team(tx, workshop.id, team)
    for prompt in prompts.of_workshop(tx, workshop.id):
        if prompt.person_id in gone:
            if prompt.is_open:
                withdraw(tx, desk, prompt, "prompt.off_team", workshop=workshop.title)
            prompts.ended(tx, prompt.id, "cancelled", desk.now)
    for person_id in set(team) - before:
        _ask_anew(tx, desk, workshop, people.by_id(tx, person_id))


def _ask_anew(tx: Tx, desk: Desk, workshop: Workshop, person: Person) -> None:
    """Who comes, or comes back, is asked at their own time, or at once where that is past."""
    plan_prompt(tx, desk, workshop, person)
    for prompt in prompts.of_workshop(tx, workshop.id):
        if prompt.person_id == person.id and prompt.state == "cancelled":
            zone = desk.city(workshop.city).timezone
            due_on = first_asked_on(workshop.ends_on, person.ask_when, desk.study.rhythm, zone)
            prompts.unasked(tx, prompt.id, due_on)
            prompts.taken_up(tx, prompt.id, "planned", due_on)


def _has_begun(tx: Tx, prompt: Prompt) -> bool:
    return sessions.of_prompt(tx, prompt.id) is not None


def withdraw(tx: Tx, desk: Desk, prompt: Prompt, key: str, **values: object) -> None:
    """Tell who was asked already that the questions wait or fall away; their buttons go, and what was begun closes."""
    person = people.by_id(tx, prompt.person_id)
    prompting.put_down(tx, desk, person, prompt)
    prompting.take_buttons_away(tx, desk, person, prompt)
    send(tx, desk, person.id, Say(desk.texts.say(key, person.language, **values)))


def is_fieldworker_of(person: Person, city: str) -> bool:
    """Whether the person can be in a team of this city."""
    return any(grant.role is Role.FIELDWORKER and grant.city == city for grant in person.grants)
