"""Reflections as a wide table: what was answered, and where nothing was, why."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import IntEnum
from zoneinfo import ZoneInfo

from exports.cells import local, number
from exports.compliance import minutes_between
from exports.sheets import Cell, Style
from fieldwork.study import City
from forms.circumstances import Circumstances
from forms.form import Form
from forms.nodes import placed
from forms.question import Kind, Question
from forms.rebuilding import rebuilt
from forms.walk import Walk
from storage import exporting
from storage.exporting import AnswerRow, PartRow, ReflectionRow, Scope
from storage.stamps import stamp
from storage.tx import Rows

_BATCH = 400


class Missing(IntEnum):
    """Why a cell holds no answer; the number is what the code sheet holds."""

    DONT_KNOW = -66
    SKIPPED = -77
    NOT_APPLICABLE = -88
    NOT_REACHED = -96
    EXPIRED = -97


Answer = str | Missing
Order = tuple[int, int, int]
"""Where a question stands in its form, see `Form.order`."""

_DONT_KNOW = frozenset({"-66", "dont_know", "dontknow", "dk", "weet_niet", "weet_ik_niet", "weetniet"})
_NOT_APPLICABLE = frozenset({"-88", "not_applicable", "na", "n_a", "nvt", "n_v_t"})


class UnknownForm(Exception):
    """A reflection was given in a form version that the export was not given."""


@dataclass(frozen=True, slots=True)
class Reflection:
    """One row of the table."""

    about: ReflectionRow
    form: Form
    answers: Mapping[str, Answer]
    """By name, every question that is asked once and every hidden or calculated field of its form version."""
    rows: Mapping[str, AnswerRow]
    """The stored answers that count, by question name; in a repeat with the instance behind it: `age[2]`."""
    parts: Mapping[int, Sequence[PartRow]]
    """The messages of open answers, by answer id."""
    instances: Mapping[str, Sequence[Mapping[str, Answer]]] = field(default_factory=dict)
    """By the name of each repeat its instances, first to last, each by question name."""

    def within(self, repeat: str) -> Iterator["Reflection"]:
        """The instances of a repeat, each as a reflection with the answers of that instance."""
        for answers in self.instances.get(repeat, ()):
            yield replace(self, answers=answers)

    def written(self, wanted: Callable[[Question], bool]) -> Iterator[str]:
        """What the person typed in answer to the open questions that are wanted."""
        for answer in self.rows.values():
            question = self.form.question(answer.path)
            if question.kind is Kind.TEXT and wanted(question):
                parts = self.parts.get(answer.id, ())
                yield from (part.text for part in parts if part.text) if parts else [answer.value]

    @property
    def languages(self) -> str:
        """What the person read while answering, in the order of use, with spaces between."""
        given = dict.fromkeys(row.language for row in sorted(self.rows.values(), key=lambda row: row.id))
        return " ".join(given) or self.about.language


@dataclass(frozen=True, slots=True)
class Reflections:
    """The reflections of a scope, read anew each time and some hundreds at once, so that memory stays small."""

    rows: Rows
    scope: Scope
    forms: Mapping[str, Form]

    def __iter__(self) -> Iterator[Reflection]:
        after = 0
        while batch := exporting.reflections(self.rows, self.scope, after, _BATCH):
            yield from self._read(batch)
            after = batch[-1].id

    def _read(self, batch: Sequence[ReflectionRow]) -> Iterator[Reflection]:
        first, last = batch[0].id, batch[-1].id
        answers: dict[int, list[AnswerRow]] = {}
        for answer in exporting.answers(self.rows, self.scope, first, last):
            answers.setdefault(answer.session_id, []).append(answer)
        parts: dict[int, list[PartRow]] = {}
        for part in exporting.parts(self.rows, self.scope, first, last):
            parts.setdefault(part.answer_id, []).append(part)
        for about in batch:
            form = self.forms.get(about.form_hash)
            if form is None:
                raise UnknownForm(f"{about.response_id}: no form with hash {about.form_hash} was given")
            yield reflection(about, form, answers.get(about.id, []), parts)


def reflection(
    about: ReflectionRow, form: Form, answers: Sequence[AnswerRow], parts: Mapping[int, Sequence[PartRow]]
) -> Reflection:
    """One reflection with the worth of each question."""
    walk = _walk(about, form, answers)
    waiting = None if about.state == "completed" else _waiting(walk)
    once = [question for question in _asked(form) if repeat_of(form, question) is None]
    worth = {question.name: _worth(walk, question, waiting) for question in once}
    submitted = walk.submission()
    worth |= {name: submitted.get(name, Missing.NOT_APPLICABLE) for name in own_fields(form, None)}
    counting = {
        name_of(question): answer
        for answer in answers
        if answer.outcome == "answered" and walk.is_relevant(answer.path)
        if not (question := form.question(answer.path)).adds
    }
    instances = {name: _instances(walk, path, waiting) for path, name in repeats_of(form).items()}
    own = {answer.id: parts[answer.id] for answer in counting.values() if answer.id in parts}
    return Reflection(about, form, worth, counting, own, instances)


def _asked(form: Form) -> Iterator[Question]:
    return (question for question in form.questions if question.kind is not Kind.NOTE)


def name_of(question: Question) -> str:
    """The question's name, in a repeat with its instance: `age[2]`."""
    return f"{question.name}[{question.instance}]" if question.instance else question.name


def repeat_of(form: Form, question: Question) -> str | None:
    """The path of the repeat that the question stands in; None where it is asked once."""
    node = form.node(question.path)
    return node.repeat if node else None


def repeats_of(form: Form) -> dict[str, str]:
    """The repeats in which something is asked, by path, with their names."""
    found = (repeat_of(form, question) for question in _asked(form))
    return {path: path.rpartition("/")[2] for path in found if path is not None}


def own_fields(form: Form, repeat: str | None) -> list[str]:
    """The names of what the form fills or works out by itself in this repeat, or outside all."""
    own = {*form.hidden, *form.calculated}
    named = ((form.names.get(node.path, node.name), node) for node in form.nodes)
    return [name for name, node in named if name in own and node.repeat == repeat]


def _instances(walk: Walk, repeat: str, waiting: Order | None) -> list[dict[str, Answer]]:
    """What was answered, and what the form worked out, in each instance that the repeat had in the end."""
    submitted, own = walk.submission(), own_fields(walk.form, repeat)
    inside = [question for question in _asked(walk.form) if repeat_of(walk.form, question) == repeat]
    return [
        {
            question.name: _worth(walk, walk.form.question(placed(question.path, repeat, number)), waiting)
            for question in inside
        }
        | {name: submitted.get(f"{name}[{number}]", Missing.NOT_APPLICABLE) for name in own}
        for number in range(1, walk.count(repeat) + 1)
    ]


def _walk(about: ReflectionRow, form: Form, answers: Sequence[AnswerRow]) -> Walk:
    """The walk as it stood when the reflection ended."""
    hidden = {name: str(value) for name, value in json.loads(about.hidden or "{}").items()}
    around = Circumstances(about.started_on, about.person_code, about.response_id, about.language)
    return rebuilt(form, hidden, json.loads(about.frozen), answers, around, about.ended_on)


def _waiting(walk: Walk) -> Order | None:
    """The place of the question that stood open when the reflection closed; None where all were done."""
    open_ones = (question for question in walk.items() if not walk.is_done(question.path))
    first = next(open_ones, None)
    return None if first is None else walk.form.order(first.path)


def _worth(walk: Walk, question: Question, waiting: Order | None) -> Answer:
    place = walk.form.order(question.path)
    if walk.is_relevant(question.path):
        if question.path in walk.frozen and question.path in walk.values:
            # What the form has set since counts, not what was answered before.
            set_since = walk.value(question.path)
            return coded(question, set_since) if set_since else Missing.SKIPPED
        if question.path in walk.values:
            return coded(question, walk.values[question.path])
        if question.path in walk.skipped:
            return Missing.SKIPPED
        return Missing.EXPIRED if place == waiting else Missing.NOT_REACHED
    # Behind the question that waited nobody knows yet which path would have been taken.
    return Missing.NOT_REACHED if waiting is not None and place > waiting else Missing.NOT_APPLICABLE


def choice_missing(question: Question, name: str) -> Missing | None:
    """What a choice says when it is no answer: don't know anywhere, not applicable on a scale."""
    if question.kind is not Kind.SELECT_ONE:
        return None
    if name.casefold() in _DONT_KNOW:
        return Missing.DONT_KNOW
    return Missing.NOT_APPLICABLE if name.casefold() in _NOT_APPLICABLE and is_scale(question) else None


def coded(question: Question, value: str) -> Answer:
    """The stored answer, or the missing code it means."""
    meaning = choice_missing(question, value)
    return value if meaning is None else meaning


def offers_typed_words(question: Question) -> bool:
    """Whether its choices are what the person typed before, such as the names in a repeat."""
    return question.kind.is_select and not question.choices


def is_scale(question: Question) -> bool:
    """Whether the answers are numbers whose mean says something."""
    if question.kind is Kind.RANGE:
        return True
    names = [choice.name for choice in question.choices]
    numbers = [name for name in names if name.isascii() and name.isdecimal()]
    others = [name for name in names if name not in numbers]
    return (
        question.kind is Kind.SELECT_ONE
        and len(numbers) >= 3
        and all(name.casefold() in _DONT_KNOW | _NOT_APPLICABLE for name in others)
    )


def scale_value(reflection: Reflection, name: str) -> float | None:
    """The number chosen on a scale; None where there is none, as for a word that an earlier version offered."""
    answer = reflection.answers.get(name)
    return None if answer is None or isinstance(answer, Missing) else point_of(answer)


def point_of(code: str) -> float | None:
    """The number that a choice of a scale stands for; None where its name is no number."""
    found = number(code)
    return None if found is None else float(found)


def code_of(question: Question, answer: Answer) -> Cell:
    """What the code sheet holds: numbers where the question is about numbers, otherwise what is stored."""
    if isinstance(answer, Missing):
        return int(answer)
    found = number(answer) if question.kind.is_number or is_scale(question) else None
    return answer if found is None else found


@dataclass(frozen=True, slots=True)
class AboutColumn:
    """A column about the reflection itself."""

    name: str
    style: Style
    width: float
    take: Callable[[Reflection, ZoneInfo, Mapping[str, City]], Cell]
    is_key: bool = False
    """Stands before the questions in the sheet for readers."""
    is_technical: bool = False
    """In the code sheet only."""


def flags(reflection: Reflection) -> str:
    """What to keep in mind about this row: codes joined by a space."""
    about = reflection.about
    found = {
        "partial": about.submitted_on is None,
        "late": about.is_late,
        "media_missing": about.files_missing > 0,
        "third_party": about.is_flagged,
    }
    return " ".join(flag for flag, holds in found.items() if holds)


def _moment(take: Callable[[ReflectionRow], datetime | None]) -> Callable[..., Cell]:
    def local_time(reflection: Reflection, zone: ZoneInfo, cities: Mapping[str, City]) -> Cell:
        found = take(reflection.about)
        return None if found is None else local(found, zone)

    return local_time


def _utc(take: Callable[[ReflectionRow], datetime | None]) -> Callable[..., Cell]:
    def universal_time(reflection: Reflection, zone: ZoneInfo, cities: Mapping[str, City]) -> Cell:
        found = take(reflection.about)
        return None if found is None else stamp(found)

    return universal_time


def _plain(take: Callable[[Reflection], Cell]) -> Callable[..., Cell]:
    def value(reflection: Reflection, zone: ZoneInfo, cities: Mapping[str, City]) -> Cell:
        return take(reflection)

    return value


def _city(reflection: Reflection, zone: ZoneInfo, cities: Mapping[str, City]) -> Cell:
    code = reflection.about.city
    return cities[code].name if code in cities else code


ID_WIDTH = 40
"""Characters, for a `uuid:` with its 36 signs."""
_T, _W, _M = Style.TEXT, Style.WHOLE, Style.MOMENT

ABOUT: tuple[AboutColumn, ...] = (
    AboutColumn("response_id", _T, ID_WIDTH, _plain(lambda r: r.about.response_id), is_key=True),
    AboutColumn("person_code", _T, 12, _plain(lambda r: r.about.person_code), is_key=True),
    AboutColumn("role", _T, 12, _plain(lambda r: r.about.role)),
    AboutColumn("city", _T, 13, _city, is_key=True),
    AboutColumn("neighbourhood", _T, 16, _plain(lambda r: r.about.neighbourhood), is_key=True),
    AboutColumn("workshop_id", Style.FIGURE, 12, _plain(lambda r: r.about.workshop_id)),
    AboutColumn("workshop_start", _M, 17, _moment(lambda a: a.workshop_start), is_key=True),
    AboutColumn("form", _T, 24, _plain(lambda r: r.form.form_id)),
    AboutColumn("version", _T, 12, _plain(lambda r: r.form.version)),
    AboutColumn("language", _T, 12, _plain(lambda r: r.languages)),
    AboutColumn("state", _T, 12, _plain(lambda r: r.about.state)),
    AboutColumn("prompted_at", _M, 17, _moment(lambda a: a.prompted_on)),
    AboutColumn("started_at", _M, 17, _moment(lambda a: a.started_on)),
    AboutColumn("submitted_at", _M, 17, _moment(lambda a: a.submitted_on)),
    AboutColumn("workshop_start_utc", _T, 25, _utc(lambda a: a.workshop_start), is_technical=True),
    AboutColumn("prompted_at_utc", _T, 25, _utc(lambda a: a.prompted_on), is_technical=True),
    AboutColumn("started_at_utc", _T, 25, _utc(lambda a: a.started_on), is_technical=True),
    AboutColumn("submitted_at_utc", _T, 25, _utc(lambda a: a.submitted_on), is_technical=True),
    AboutColumn(
        "delay_min",
        Style.DECIMAL,
        12,
        _plain(lambda r: minutes_between(r.about.prompted_on, r.about.submitted_on)),
    ),
    AboutColumn("active_seconds", _W, 12, _plain(lambda r: r.about.active_seconds)),
    AboutColumn("n_reminders", _W, 12, _plain(lambda r: r.about.reminders)),
    AboutColumn("n_snoozes", _W, 12, _plain(lambda r: r.about.snoozes)),
    AboutColumn("n_edits", _W, 12, _plain(lambda r: r.about.edits)),
    AboutColumn("is_late", _W, 10, _plain(lambda r: int(r.about.is_late))),
    AboutColumn("is_test", _W, 10, _plain(lambda r: int(r.about.is_test)), is_technical=True),
    AboutColumn("consent_version", _T, 14, _plain(lambda r: r.about.consent_version)),
    AboutColumn("flags", _T, 16, _plain(flags)),
)
"""The columns about a reflection, in the order of the code sheet."""
