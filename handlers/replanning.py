"""Keeps the prompts in step with workshops, teams and people's wishes."""

from fieldwork.people import Person, Role
from fieldwork.schedule import first_asked_on
from handlers.desk import Desk
from storage import people, prompts, workshops
from storage.connection import Tx
from storage.workshops import Workshop


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


def plan_prompt(tx: Tx, desk: Desk, workshop: Workshop, person: Person) -> None:
    """One person's prompt for one workshop."""
    zone = desk.city(workshop.city).timezone
    prompts.plan(tx, workshop.id, person.id, first_asked_on(workshop.ends_on, person.ask_when, desk.study.rhythm, zone))


def cancel(tx: Tx, desk: Desk, workshop: Workshop) -> None:
    """Nobody is asked about a workshop that is off; what was asked already is closed."""
    workshops.cancel(tx, workshop.id)
    for prompt in prompts.of_workshop(tx, workshop.id):
        if prompt.state == "planned" or prompt.is_open:
            prompts.ended(tx, prompt.id, "cancelled", desk.now)


def is_fieldworker_of(person: Person, city: str) -> bool:
    """Whether the person can be in a team of this city."""
    return any(grant.role is Role.FIELDWORKER and grant.city == city for grant in person.grants)
