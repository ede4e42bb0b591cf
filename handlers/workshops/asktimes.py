"""When each fieldworker of a workshop is asked about it, in words."""

from collections.abc import Sequence
from datetime import datetime

from fieldwork import wording
from fieldwork.people import Person
from fieldwork.schedule import first_asked_on
from fieldwork.study import City
from handlers.desk import Desk
from storage import people
from storage.tx import Rows as Reads


def asked_at(reads: Reads, desk: Desk, city: City, ends_on: datetime, team: Sequence[Person], language: str) -> str:
    """`vrijdag 20 november om 20:45`; by code where people are asked at different times, or not at all."""
    asked: dict[datetime, list[str]] = {}
    silent = []
    for person in team:
        reason = _why_not(reads, desk, person, language)
        if reason:
            silent.append(desk.texts.say("plan.no_message", language, code=person.code, reason=reason))
        else:
            moment_on = first_asked_on(ends_on, person.ask_when, desk.study.rhythm, city.timezone)
            asked.setdefault(moment_on, []).append(person.code)
    is_one = len(asked) == 1 and not silent
    told = [
        wording.when(moment_on, city.timezone, language) + ("" if is_one else f" ({', '.join(asked[moment_on])})")
        for moment_on in sorted(asked)
    ]
    return "; ".join((*told, *silent))


def _why_not(reads: Reads, desk: Desk, person: Person, language: str) -> str:
    """Why nothing is asked, as it stands now; '' where it is."""
    if not person.is_taking_part:
        return desk.texts.say(f"standing.{person.standing}", language)
    if person.is_paused:
        return desk.texts.say("plan.on_break", language)
    return "" if people.urn_of(reads, person.id) else desk.texts.say("standing.unreachable", language)
