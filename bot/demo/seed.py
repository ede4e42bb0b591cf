"""Fills a database with cities, people and some weeks of reflections, all invented."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random

from bot.demo.words import FRICTIONS, MOMENTS, NAMES, NEIGHBOURHOODS, NEXT, TITLES
from fieldwork import attendance
from fieldwork.conversation import Part, Record
from fieldwork.people import Grant, Role, new_code
from fieldwork.planning import PlannedWorkshop, Span
from fieldwork.schedule import Week, at
from fieldwork.study import City
from forms.form import Form
from forms.question import Kind, Question
from forms.walk import Walk
from forms.walk import begin as begin_walk
from handlers.desk import Desk
from handlers.reflecting.lasttime import hidden_values
from handlers.workshops.planning import save
from storage import answers, consents, forms, ledger, people, prompts, sessions
from storage.prompts import Prompt
from storage.sessions import Beginning
from storage.tx import Tx

WEEKS = 5
_PEOPLE = 4
_ANSWERS_OF_TEN = 8
"""Of ten people who are asked, so many answer."""
_FIRST_ADDRESS = 980_000_000


@dataclass(frozen=True, slots=True)
class _Told:
    """What there is to tell, drawn by the given chance."""

    random: Random

    def answer(self, question: Question) -> str:
        """A plausible value; '' to pass the question over."""
        if question.kind is Kind.TEXT:
            pool = {"moment": MOMENTS, "friction_story": FRICTIONS, "next": NEXT}.get(question.name, MOMENTS)
            return self.random.choice(pool)
        if question.name == attendance.QUESTION:
            return "as_planned" if self.random.random() < 0.9 else "differently"
        codes = [choice.name for choice in question.choices if not choice.exclusive]
        if question.kind is Kind.SELECT_MULTIPLE:
            wanted = set(self.random.sample(codes, self.random.randint(1, min(4, len(codes)))))
            return " ".join(code for code in codes if code in wanted)
        return self._one(codes) if question.kind is Kind.SELECT_ONE else ""

    def _one(self, codes: list[str]) -> str:
        """Middling values of a scale more often than the ends."""
        weights = [{"1": 1, "2": 3, "3": 5, "4": 5, "5": 2}.get(code, 1) for code in codes]
        return self.random.choices(codes, weights)[0]


def seed(tx: Tx, desk: Desk) -> None:
    """People in every city, and what they reflected on in past weeks and at the beginning of this one.

    Weekly work up to now is done.
    """
    this_week = Week.of(desk.now, desk.study.timezone)
    for city in desk.study.cities:
        team = [_fieldworker(tx, desk, city, name) for name in desk.random.sample(NAMES, _PEOPLE)]
        for back in range(WEEKS, -1, -1):
            _workshop(tx, desk, city, team, this_week.plus(-back).starts_on(city.timezone))
    for scope in (*(city.code for city in desk.study.cities), *(line.code for line in desk.study.lines)):
        for work in ("workbook", "delivery", "digest"):
            ledger.claim(tx, work, scope, this_week.plus(-1), desk.now)


def _fieldworker(tx: Tx, desk: Desk, city: City, name: str) -> int:
    now = desk.now - timedelta(weeks=WEEKS + 1)
    code = new_code(desk.random)
    while people.by_code(tx, code) is not None:
        code = new_code(desk.random)
    person_id = people.add(tx, code, "nl", now)
    people.name(tx, person_id, name)
    # Without an address they would stand in /status as people who cannot be reached.
    people.reach_at(tx, person_id, f"telegram:{_FIRST_ADDRESS + person_id}", now)
    people.grant(tx, person_id, Grant(Role.FIELDWORKER, city.code), now)
    people.set_standing(tx, person_id, "taking_part")
    people.set_media_allowed(tx, person_id, True)
    consents.add(tx, person_id, "study", "yes", desk.study.consent.version, "", "nl", now)
    return person_id


def _workshop(tx: Tx, desk: Desk, city: City, team: list[int], monday: datetime) -> None:
    """One workshop in that week, and the reflections of most who were there."""
    day = (monday + timedelta(days=desk.random.randint(0, 2), hours=12)).astimezone(city.timezone).date()
    starts_on = at(day, time(desk.random.choice((10, 14, 19))), city.timezone)
    codes = tuple(people.by_id(tx, person_id).code for person_id in team)
    planned = PlannedWorkshop(
        Span(starts_on, starts_on + timedelta(minutes=90)),
        desk.random.choice(NEIGHBOURHOODS.get(city.code, ("Centrum",))),
        desk.random.choice(TITLES),
        codes,
    )
    workshop_id = save(tx, desk, city, planned, None)
    form = desk.forms[forms.in_use(tx, city.code)]
    for prompt in prompts.of_workshop(tx, workshop_id):
        _prompt(tx, desk, form, prompt)


def _prompt(tx: Tx, desk: Desk, form: Form, prompt: Prompt) -> None:
    """Asked in time; answered by most, expired for the others."""
    assert prompt.due_on is not None
    asked_on, closes_on = prompt.due_on, prompt.due_on + desk.study.rhythm.close_after
    prompts.asked(tx, prompt.id, asked_on, closes_on, closes_on)
    if desk.random.randrange(10) >= _ANSWERS_OF_TEN:
        if closes_on < desk.now:
            prompts.ended(tx, prompt.id, "expired", closes_on)
        return
    begun_on = asked_on + timedelta(minutes=desk.random.choice((3, 12, 45, 180)))
    ended_on = begun_on + timedelta(minutes=desk.random.randint(4, 9))
    prompts.opened(tx, prompt.id, begun_on, closes_on)
    outcome = _session(tx, desk, form, prompt, begun_on, ended_on)
    prompts.ended(tx, prompt.id, outcome, ended_on)


def _session(tx: Tx, desk: Desk, form: Form, prompt: Prompt, begun_on: datetime, ended_on: datetime) -> str:
    """A whole reflection, answered question by question as the form asks; how the prompt ends."""
    hidden = hidden_values(tx, desk, people.by_id(tx, prompt.person_id), form)
    instance = f"uuid:{desk.random.getrandbits(128):032x}"
    version = desk.study.consent.version
    beginning = Beginning(instance, prompt.person_id, form.hash, "nl", prompt.id, version, hidden)
    session_id = sessions.begin(tx, beginning, begun_on)
    walk = begin_walk(form, hidden)
    told = _Told(desk.random)
    while (question := walk.following(None)) is not None:
        walk, record = _answered(walk, question, told.answer(question), prompt.id)
        if record is not None:
            answers.add(tx, session_id, record, "nl", begun_on, False)
    sessions.completed(tx, session_id, ended_on)
    sessions.end(tx, session_id, int((ended_on - begun_on).total_seconds()))
    return attendance.outcome(walk.submission())


def _answered(walk: Walk, question: Question, value: str, prompt_id: int) -> tuple[Walk, Record | None]:
    """The walk after this question, and what is to be kept of it: nothing of a note."""
    if question.kind is Kind.NOTE:
        return walk.skip(question.path), None
    if not value:
        return walk.skip(question.path), Record(question.path, "skipped", "", "tap")
    source = f"past#{prompt_id}-{question.name}" if question.kind is Kind.TEXT else None
    parts = (Part("text", value, source),) if source else ()
    record = Record(question.path, "answered", value, "parts" if parts else "tap", source, parts)
    return walk.answer(question.path, value), record
