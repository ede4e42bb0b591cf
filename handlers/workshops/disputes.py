"""People who disagree on whether a workshop took place: the city's coordinators see so."""

from datetime import datetime

from fieldwork import wording
from fieldwork.messages import Button, Rows, Say
from fieldwork.people import Person, Role
from fieldwork.schedule import out_of_quiet
from fieldwork.study import City
from fieldwork.taps import About, Key, button, read_key
from handlers.desk import Desk, send
from storage import audit, outbox, people, prompts, shown, workshops
from storage.tx import Tx
from storage.workshops import Workshop

HELD = ("held", "not_held")
"""In the order of the buttons."""


def is_disputed(tx: Tx, workshop: Workshop) -> bool:
    """Whether some told of it and others said that it did not take place, and nobody settled that."""
    return not workshop.held and workshop.state == "planned" and all(prompts.said_of_holding(tx, workshop.id))


def notice(tx: Tx, desk: Desk, workshop_id: int) -> None:
    """Somebody told of a workshop: where that makes people disagree, the city's coordinators hear so, once."""
    workshop = workshops.by_id(tx, workshop_id)
    if workshop is None or not is_disputed(tx, workshop) or not workshops.disputed(tx, workshop.id, desk.now):
        return
    city = desk.city(workshop.city)
    morning: datetime = out_of_quiet(desk.now, desk.study.rhythm.quiet, city.timezone)
    audit.note(tx, None, "disputed", city.code, str(workshop.id), desk.now)
    for person in people.with_role(tx, Role.COORDINATOR, city.code):
        said = Say(words(tx, desk, city, workshop, person.language), choices(desk, person, city, workshop))
        send(tx, desk, person.id, said, not_before_on=morning)


def close(tx: Tx, desk: Desk, city: City, workshop: Workshop, settled_by: int, held: str) -> None:
    """Who else was asked reads in the same message what was decided, and has nothing to tap any more."""
    for person in people.with_role(tx, Role.COORDINATOR, city.code):
        urn = people.urn_of(tx, person.id)
        if urn is None or person.id == settled_by:
            continue
        for row, said in shown.with_buttons(tx, urn):
            if any(_asks(one, workshop) for keys in said.buttons for one in keys):
                text = f"{said.text}\n{desk.texts.say(f'settled.{held}', person.language)}"
                outbox.write(tx, urn, Say(text), now=desk.now, edit_of=row)


def _asks(shown_button: Button, workshop: Workshop) -> bool:
    key = read_key(shown_button.data)
    return key is not None and key.about is About.DESK and key.act in HELD and key.arg == str(workshop.id)


def choices(desk: Desk, person: Person, city: City, workshop: Workshop) -> Rows:
    """[Ging door] [Ging niet door]."""
    turn = desk.study.cities.index(city)
    labels = desk.texts.buttons("dispute.ask", person.language)
    keys = (Key(About.DESK, person.id, turn, held, str(workshop.id)) for held in HELD)
    return (tuple(button(label, key) for label, key in zip(labels, keys, strict=True)),)


def words(tx: Tx, desk: Desk, city: City, workshop: Workshop, language: str) -> str:
    """What is disagreed on, and how many say what."""
    told, not_held = prompts.said_of_holding(tx, workshop.id)
    return desk.texts.say(
        "dispute.ask",
        language,
        workshop=workshop.title,
        place=workshop.neighbourhood,
        date=wording.day(workshop.starts_on, city.timezone, language, desk.now),
        told=told,
        not_held=not_held,
    )
