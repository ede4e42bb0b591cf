"""Fills a database with invented reflections by the thousand: one city, one questionnaire, a year of workshops."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random

from storage.driver import Value
from storage.stamps import stamp
from tests.exports.seed import MONDAY, Seed, default_form

ANSWERS_EACH = 12
"""Answers of a reflection that is complete."""
_PEOPLE = 20
_WEEKS = 52
_IN = "/data/reflection/"
_STORIES = ("moment", "friction_story", "next")
_WORDS = (
    "De bewoners spraken over het groen & de speeltuin, en een oudere man vroeg wie het <gaat> doen.",
    "Ik heb het eerst laten gaan. Daarna vroeg ik wat zij zelf zouden willen, en toen werd het stil.",
    "De wijkagent en de corporatie zeiden elk iets anders; de afspraak van vorige keer stond nergens.",
)
Line = tuple[Value, ...]


def fill(seed: Seed, answers: int, chance: Random) -> None:
    """So many rows of answers, rounded up to whole reflections; one in ten who were asked did not answer."""
    form = default_form()
    seed.form(form)
    people = [seed.person(f"P{number:03}") for number in range(_PEOPLE)]
    wanted = -(-answers // ANSWERS_EACH)
    workshops = -(-wanted * 10 // (9 * _PEOPLE))
    step = timedelta(weeks=_WEEKS) / workshops
    choices = {
        question.name: [choice.name for choice in question.choices]
        for question in form.form.questions
        if question.kind.is_select
    }
    done = 0
    seed.run("BEGIN")
    for number in range(1, workshops + 1):
        starts_on = (MONDAY - step * (workshops - number)).replace(microsecond=0)
        seed.workshop(form.form.hash, starts_on)
        answering = [person for person in people if chance.random() < 0.9][: wanted - done]
        _sessions(seed, form.form.hash, number, people, answering, starts_on + timedelta(hours=2), done)
        for place in range(done + 1, done + len(answering) + 1):
            seed.many("answer", _ANSWER, _answers(place, choices, chance, starts_on))
            seed.many("part", _PART, _parts(place, starts_on))
        done += len(answering)
    seed.run("COMMIT")


_PROMPT = ("workshop_id", "person_id", "state", "asked_on", "closes_on", "opened_on", "ended_on")
_SESSION = (
    *("id", "instance_id", "prompt_id", "person_id", "form_hash", "state", "stage", "hidden", "language"),
    *("consent_version", "started_on", "touched_on", "active_seconds", "completed_on"),
)
_DONE = ("completed", "ended", "{}", "nl", "1")
_ANSWER = ("session_id", "path", "revision", "outcome", "value", "way", "language", "source", "said_on")
_PART = ("session_id", "path", "answer_id", "position", "kind", "text", "source", "said_on")


def _sessions(
    seed: Seed, form: str, workshop: int, people: Sequence[int], answering: Sequence[int], asked: datetime, before: int
) -> None:
    """Everybody is asked; who answers does so within the day."""
    ended = asked + timedelta(hours=5)
    seed.many("team", ("workshop_id", "person_id"), ((workshop, person) for person in people))
    states = ["completed" if person in answering else "expired" for person in people]
    seed.many(
        "prompt",
        _PROMPT,
        (
            (workshop, person, state, stamp(asked), stamp(asked + timedelta(hours=72)), stamp(asked), stamp(ended))
            for person, state in zip(people, states, strict=True)
        ),
    )
    first = (workshop - 1) * len(people) + 1
    numbered = enumerate(answering, start=before + 1)
    times = (stamp(asked), stamp(ended), 240, stamp(ended))
    seed.many(
        "session",
        _SESSION,
        (
            (
                number,
                f"uuid:00000000-0000-4000-8000-{number:012d}",
                first + people.index(one),
                one,
                form,
                *_DONE,
                *times,
            )
            for number, one in numbered
        ),
    )


def _answers(session: int, choices: dict[str, list[str]], chance: Random, said: datetime) -> Iterator[Line]:
    told: dict[str, str] = {
        "present": " ".join(chance.sample(choices["present"][:-1], 3)),
        "influence": str(chance.randint(1, 5)),
        "moment": _WORDS[session % 3],
        "moment_domain": chance.choice(choices["moment_domain"]),
        "room": str(chance.randint(1, 5)),
        "voice_acts": " ".join(chance.sample(choices["voice_acts"][:-1], 2)),
        "friction": "help_enforce",
        "friction_story": _WORDS[(session + 1) % 3],
        "resilience": str(chance.randint(1, 5)),
        "next": _WORDS[(session + 2) % 3],
    }
    yield session, "/data/held", 1, "answered", "as_planned", "tap", "nl", None, stamp(said)
    for name, value in told.items():
        is_told = name in _STORIES
        way, source = ("parts", f"telegram:1:{session}") if is_told else ("tap", None)
        yield session, _IN + name, 1, "answered", value, way, "nl", source, stamp(said)
    yield session, f"{_IN}photo", 1, "skipped", "", "tap", "nl", None, stamp(said)


def _parts(session: int, said: datetime) -> Iterator[Line]:
    """One message for each open answer, which stand in the table of answers by their place in the reflection."""
    places = dict(zip(_STORIES, (4, 9, 11), strict=True))
    for turn, (name, place) in enumerate(places.items()):
        answer = (session - 1) * ANSWERS_EACH + place
        text = _WORDS[(session + turn) % 3]
        yield session, _IN + name, answer, 1, "text", text, f"telegram:1:{session}{turn}", stamp(said)
