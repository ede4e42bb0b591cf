"""How far the cities are in a week that still runs, without the counts that could point at a person."""

from collections.abc import Sequence
from dataclasses import dataclass

from exports.compliance import by_city
from exports.dispositions import DONE, disposition
from exports.period import Period
from exports.smallcells import concealed
from fieldwork.study import City
from storage import exporting
from storage.exporting import Scope
from storage.tx import Rows


@dataclass(frozen=True, slots=True)
class CityNow:
    """A city where something was due; both counts are None where they are too few to show."""

    city: City
    done: int | None
    due: int | None


@dataclass(frozen=True, slots=True)
class WeekNow:
    """Workshops that were not cancelled, over all cities, and the cities in the study's order."""

    workshops: int
    cities: tuple[CityNow, ...]


def week_now(rows: Rows, cities: Sequence[City], period: Period) -> WeekNow:
    """Count the week; hidden is what would be hidden beside a total, since the summary of the week tells one later."""
    scope = Scope(period.since, period.until)
    prompts = exporting.prompts(rows, scope)
    counts = {code: counted for code, counted in by_city(prompts).items() if counted.due}
    people: dict[str, set[str]] = {code: set() for code in counts}
    for prompt in prompts:
        if disposition(prompt) in DONE and prompt.city in people:
            people[prompt.city].add(prompt.person_code)
    # Three answers of one person are still one person.
    hidden = concealed({code: (one.due, one.done, len(people[code])) for code, one in counts.items()})
    return WeekNow(
        sum(workshop.state != "cancelled" for workshop in exporting.workshops(rows, scope)),
        tuple(
            CityNow(city, None, None)
            if city.code in hidden
            else CityNow(city, counts[city.code].done, counts[city.code].due)
            for city in cities
            if city.code in counts
        ),
    )
