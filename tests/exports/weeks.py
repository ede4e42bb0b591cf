"""Six weeks in four cities with everything that a weekly summary tells, for tests and for samples of it."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from tests.exports.seed import MONDAY, Seed, default_form

IN = "/data/reflection/"
_TOLD = {
    "leiden": ("De bewoners spraken over de speeltuinen en de huur.", "Kinderen willen terug naar de speeltuin."),
    "utrecht": ("Het verkeer in de straat bleef druk.", "Een buurman noemde het verkeer gevaarlijk."),
    "almere": ("De woningcorporatie kwam niet opdagen.", "Niemand had de woningcorporatie gesproken."),
    "nijmegen": ("De koffie stond klaar.", "Er kwamen drie nieuwe mensen."),
}
_FRICTIONS = ("none", "help_enforce", "trust_share", "help_enforce", "none", "rules_needs", "help_enforce")
_PLANS: Mapping[str, Sequence[tuple[int, Sequence[int]]]] = {
    "leiden": [
        (5, (2, 3, 3, 2)),
        (5, (3, 3, 2, 3)),
        (4, (3, 3, 4)),
        (5, (3, 4, 3, 3, 4)),
        (5, (3, 3, 4, 4)),
        (5, (4, 4, 5, 4)),
    ],
    "utrecht": [(4, (4, 4, 3)), (4, (4, 3, 4, 4)), (4, (4, 4, 3)), (4, (3, 3, 4)), (4, (3, 4, 3)), (4, (3, 2, 3))],
    "almere": [(4, (2, 3, 2)), (4, (2, 3)), (0, ()), (4, (3, 2, 3)), (4, (3, 3, 3, 2)), (4, (3, 3, 4))],
    "nijmegen": [(0, ()), (3, (5, 4)), (3, (4, 4, 5)), (3, (4, 5, 4)), (3, (5, 4)), (3, (4, 5))],
}
"""By city and week: how many were asked, and what those who answered chose on the scale of influence."""


def six_weeks(seed: Seed) -> None:
    """Fill the weeks 42 to 47 of 2026, one workshop in a city and week."""
    form = default_form()
    seed.form(form)
    for city, weeks in _PLANS.items():
        people = [seed.person(f"{city[:2].upper()}{i}X", city) for i in range(5)]
        for week, (due, chosen) in enumerate(weeks, start=-5):
            if due:
                _week(seed, form.form.hash, city, week, people[:due], chosen)
    seed.run("UPDATE person SET quotes_allowed = 1")
    for city in ("leiden", "almere"):
        _quote(seed, city, _TOLD[city][0])


def _quote(seed: Seed, city: str, words: str) -> None:
    """The last reflection of the city is quoted, for the first research line."""
    seed.run(
        "INSERT INTO quote (session_id, answer_id, newest, verdict, words, line, decided_by, decided_on)"
        " SELECT s.id, (SELECT min(id) FROM answer WHERE session_id = s.id AND path LIKE '%/moment'),"
        " (SELECT max(id) FROM answer WHERE session_id = s.id), 'yes', :words, 'L1', s.person_id, s.completed_on"
        " FROM session s JOIN prompt p ON p.id = s.prompt_id JOIN workshop w ON w.id = p.workshop_id"
        " WHERE w.city = :city ORDER BY s.id DESC LIMIT 1",
        city=city,
        words=words,
    )


def _week(seed: Seed, form: str, city: str, week: int, people: Sequence[int], chosen: Sequence[int]) -> None:
    starts_on = MONDAY + timedelta(weeks=week, hours=26)
    asked_on = starts_on + timedelta(hours=2, minutes=15)
    workshop = seed.workshop(form, starts_on, city)
    for place, person in enumerate(people):
        ended_on = asked_on + timedelta(minutes=20 + 25 * place)
        answered = place < len(chosen)
        prompt = seed.prompt(workshop, person, "completed" if answered else "expired", asked_on, ended_on)
        if answered:
            session = seed.session(form, person, prompt, asked_on, ended_on)
            seed.answers(
                session,
                {
                    "/data/held": "as_planned",
                    IN + "influence": str(chosen[place]),
                    IN + "room": str(1 + (chosen[place] + week + place) % 5),
                    IN + "resilience": str(2 + (place + week) % 4),
                    IN + "moment": _TOLD[city][place % 2],
                    IN + "friction": _FRICTIONS[(place + week) % len(_FRICTIONS)],
                    IN + "present": "residents" if place % 2 else "residents social_work",
                },
            )
