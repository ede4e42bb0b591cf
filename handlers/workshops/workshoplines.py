"""A planned workshop in one line."""

from fieldwork import wording
from fieldwork.study import City
from handlers.desk import Desk
from storage import people, workshops
from storage.tx import Tx
from storage.workshops import Workshop


def line(tx: Tx, desk: Desk, city: City, workshop: Workshop, language: str) -> str:
    """Day, times, neighbourhood, title and the team's codes."""
    codes = ", ".join(people.by_id(tx, person_id).code for person_id in workshops.team(tx, workshop.id))
    return desk.texts.say(
        "agenda.line",
        language,
        date=wording.day(workshop.starts_on, city.timezone, language, desk.now),
        start=wording.clock(workshop.starts_on, city.timezone, language),
        end=wording.clock(workshop.ends_on, city.timezone, language),
        place=workshop.neighbourhood,
        title=workshop.title,
        people=codes,
    )
