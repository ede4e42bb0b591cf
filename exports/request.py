"""What is asked for when a workbook is made, and everything that is read for it."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from exports.cells import local
from exports.census import Census, census
from exports.codebook import Figures, Variable, repeat_variables, variables
from exports.course import Course, Told, Watched, untold
from exports.dataset import ABOUT, Reflection, Reflections
from exports.enclosing import Enclosed
from exports.keeping import WORKED_OUT_COSTS, Kept, kept
from exports.period import Period, weeks_until
from exports.sheets import Cell
from fieldwork.study import City, Language, Study
from forms.form import Form
from forms.xform import read_xform
from storage import exporting
from storage.exporting import PromptRow, RevisionRow, Scope, WorkshopRow
from storage.tx import Rows

_WEEKS_LOOKED_BACK = 8
_GONE_THROUGH = 4
"""To add up, and for the sheets of reflections, codes and open answers."""


class RowsDoNotAddUp(Exception):
    """The sessions in the database are not those in the sheet plus those left out; nothing is delivered."""


@dataclass(frozen=True, slots=True)
class Request:
    """One workbook: a city, a questionnaire in all its versions, a period and a language."""

    study: Study
    city: City
    forms: Mapping[str, Form]
    """By hash, first published first; see `forms_of`."""
    period: Period
    language: Language
    version: str
    """The program's own."""

    def __post_init__(self) -> None:
        found = {form.form_id for form in self.forms.values()}
        if len(found) != 1:
            raise ValueError(f"a workbook holds the versions of one questionnaire, found {sorted(found)}")

    @property
    def form(self) -> Form:
        """The newest version."""
        return list(self.forms.values())[-1]

    @property
    def scope(self) -> Scope:
        """The rows meant."""
        return Scope(self.period.since, self.period.until, self.city.code, self.form.form_id)

    @property
    def cities(self) -> Mapping[str, City]:
        """The study's cities by code."""
        return {city.code: city for city in self.study.cities}

    def local(self, moment: datetime | None) -> datetime | None:
        """A moment as a cell shows it, in the study's time zone."""
        return None if moment is None else local(moment, self.study.timezone)

    def city_name(self, code: str) -> str:
        """A city's name; its code where the study no longer has it."""
        city = self.cities.get(code)
        return code if city is None else city.name


def forms_of(rows: Rows, form_id: str = "") -> dict[str, Form]:
    """Every published version of a questionnaire ('' is of every one) by hash, first published first."""
    return {text.hash: read_xform(text.xform) for text in exporting.form_texts(rows, form_id)}


@dataclass(slots=True)
class Totals:
    """What one passage over the reflections adds up to."""

    rows: int = 0
    partial: int = 0
    files_missing: int = 0
    people: set[str] = field(default_factory=set)
    workshops: set[int] = field(default_factory=set)
    figures: Figures = field(default_factory=Figures)
    within: dict[str, Figures] = field(default_factory=dict)
    """Over the instances of each repeat, by its name."""
    data_hash: str = ""
    """SHA-256 (hex) of the code rows as JSON lines."""


@dataclass(frozen=True, slots=True)
class Material:
    """All that the sheets are made from."""

    request: Request
    variables: tuple[Variable, ...]
    repeats: Mapping[str, tuple[Variable, ...]]
    """The variables of each repeat, by its name."""
    reflections: Kept
    recent_reflections: Iterable[Reflection]
    """Those of the weeks before, too, for a trend."""
    totals: Totals
    prompts: Iterable[PromptRow]
    workshops: Iterable[WorkshopRow]
    revisions: Iterable[RevisionRow]
    census: Census
    recent_census: Census
    """With the weeks before, too."""
    left_out: Mapping[str, int]
    sessions: int
    """In the whole database."""
    changed_on: datetime | None
    enclosed: Enclosed | None = None
    """The files that lie beside the workbook; None for a workbook alone."""
    cleared: Mapping[int, str] = field(default_factory=dict)
    """Words that may be published, by the id of the answer they were told in."""


@contextmanager
def gathered(rows: Rows, request: Request, told: Told = untold) -> Iterator[Material]:
    """Read what the workbook needs, which is there while the block lasts. Raises RowsDoNotAddUp, UnknownForm.

    `told` hears how many reflections are done, while they are read and while the workbook is written.
    """
    sessions, left_out = exporting.count_sessions(rows), exporting.left_out(rows, request.scope)
    repeats = repeat_variables(request.forms.values())
    times = WORKED_OUT_COSTS + _GONE_THROUGH + len(repeats)
    course = Course(told, sessions - sum(left_out.values()), times)
    with kept(Reflections(rows, request.scope, request.forms), request.forms, course) as reflections:
        material = _material(rows, request, reflections, repeats, left_out, sessions, course)
        expect_sum(material.sessions, material.totals.rows, material.left_out)
        yield material
    told(course.total, course.total)


def _material(
    rows: Rows,
    request: Request,
    reflections: Kept,
    repeats: Mapping[str, tuple[Variable, ...]],
    left_out: Mapping[str, int],
    sessions: int,
    course: Course,
) -> Material:
    scope, recent, zone = request.scope, _recent(request), request.study.timezone
    wanted = variables(request.forms.values())
    prompts, workshops = Watched(exporting.prompts(rows, scope), course), exporting.workshops(rows, scope)
    counted = census(prompts, workshops, zone)
    is_recent = recent == scope
    return Material(
        request=request,
        variables=wanted,
        repeats=repeats,
        reflections=reflections,
        recent_reflections=reflections if is_recent else Reflections(rows, recent, request.forms),
        totals=_totals(reflections, wanted, repeats, request),
        prompts=prompts,
        workshops=workshops,
        revisions=Watched(exporting.revisions(rows, scope), course),
        census=counted,
        recent_census=counted
        if is_recent
        else census(exporting.prompts(rows, recent), exporting.workshops(rows, recent), zone),
        left_out=left_out,
        sessions=sessions,
        changed_on=exporting.last_change(rows, scope),
    )


def expect_sum(sessions: int, exported: int, left_out: Mapping[str, int]) -> None:
    """Rows in the database = rows in the sheet + rows left out. Raises RowsDoNotAddUp."""
    if sessions != exported + sum(left_out.values()):
        raise RowsDoNotAddUp(f"{sessions} sessions in the database, {exported} in the sheet, left out {left_out}")


def code_row(reflection: Reflection, wanted: Sequence[Variable], request: Request) -> list[Cell]:
    """A reflection's row in the code sheet."""
    zone, cities = request.study.timezone, request.cities
    about = [column.take(reflection, zone, cities) for column in ABOUT]
    return [*about, *(variable.code(reflection) for variable in wanted)]


def repeat_rows(reflection: Reflection, repeat: str, wanted: Sequence[Variable]) -> Iterator[list[Cell]]:
    """A reflection's rows in the sheet of a repeat, as codes."""
    about = reflection.about
    for number, instance in enumerate(reflection.within(repeat), start=1):
        yield [about.response_id, number, about.person_code, *(variable.code(instance) for variable in wanted)]


def _totals(
    reflections: Kept,
    wanted: Sequence[Variable],
    repeats: Mapping[str, tuple[Variable, ...]],
    request: Request,
) -> Totals:
    totals, digest = Totals(), hashlib.sha256()
    for reflection in reflections:
        about = reflection.about
        totals.rows += 1
        totals.partial += about.submitted_on is None
        totals.files_missing += about.files_missing
        totals.people.add(about.person_code)
        totals.workshops.add(about.workshop_id)
        for variable in wanted:
            totals.figures.add(variable, reflection)
        rows = [code_row(reflection, wanted, request)]
        for name, inside in repeats.items():
            rows.extend(repeat_rows(reflection, name, inside))
            figures = totals.within.setdefault(name, Figures())
            for instance in reflection.within(name):
                for variable in inside:
                    figures.add(variable, instance)
        for row in rows:
            digest.update(json.dumps(row, default=str).encode() + b"\n")
    totals.data_hash = digest.hexdigest()
    return totals


def _recent(request: Request) -> Scope:
    """The same rows some weeks back; a week alone shows no trend."""
    if not request.period.weeks:
        return request.scope
    back = weeks_until(request.period, _WEEKS_LOOKED_BACK, request.study.timezone)
    return Scope(back.since, request.period.until, request.city.code, request.form.form_id)
