"""The columns of a data package: their types, their words, and what a deposit keeps of each."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from exports.cells import clean, number
from exports.codebook import WEEK, Variable, heading, with_option
from exports.dataset import ABOUT, AboutColumn, Missing, Reflection
from exports.pseudonyms import Pseudonyms
from exports.request import Request
from exports.sheets import Style
from exports.words import ABOUT_REFLECTION, pick
from fieldwork.schedule import Week
from forms.question import Kind


class Profile(StrEnum):
    """For whom a package is."""

    INTERNAL = "internal"
    DEPOSIT = "deposit"


@dataclass(frozen=True, slots=True)
class Field:
    """A column of a table."""

    name: str
    type: str
    """As Table Schema calls it."""
    title: str
    take: Callable[[Reflection], str]
    """The text of the cell; '' for nothing."""
    enum: tuple[str | int, ...] = ()
    """Every value there can be; empty where anything can."""


_ABOUT_TYPES = {Style.MOMENT: "datetime", Style.DECIMAL: "number", Style.WHOLE: "integer", Style.FIGURE: "integer"}
_KEPT = ("city", "version", "language", "state", "is_late")
"""What a deposit keeps of what is known about a reflection, beside its own codes and the week."""


def about_fields(request: Request, profile: Profile, pseudonyms: Pseudonyms) -> Iterator[Field]:
    """What is known about a reflection itself; the first field tells it from all others."""
    if profile is Profile.INTERNAL:
        yield from (_about(column, request) for column in ABOUT)
        return
    language = request.language
    named: dict[str, Callable[[Reflection], str]] = {
        "response_id": lambda each: pseudonyms.of("reflection", each.about.response_id),
        "person_code": lambda each: pseudonyms.of("person", each.about.person_code),
        "workshop_id": lambda each: pseudonyms.of("workshop", each.about.workshop_id),
    }
    for name, take in named.items():
        yield Field(name, "string", pick(ABOUT_REFLECTION[name], language), take)
    title = pick(ABOUT_REFLECTION["workshop_start"], language)
    yield Field(WEEK, "string", title, lambda each: week(each.about.workshop_start, request))
    yield from (_about(column, request) for column in ABOUT if column.name in _KEPT)


def _about(column: AboutColumn, request: Request) -> Field:
    def take(reflection: Reflection) -> str:
        value = column.take(reflection, request.study.timezone, request.cities)
        return value.isoformat() if isinstance(value, datetime) else "" if value is None else clean(str(value))[0]

    kind = _ABOUT_TYPES.get(column.style, "string")
    return Field(column.name, kind, pick(ABOUT_REFLECTION[column.name], request.language), take)


def answer_fields(variables: Iterable[Variable], request: Request, profile: Profile) -> Iterator[Field]:
    """The questions; a deposit leaves out what could tell of a person."""
    for variable in variables:
        if profile is Profile.INTERNAL or is_depositable(variable):
            yield _answer(variable, request, profile)


def is_depositable(variable: Variable) -> bool:
    """Whether it is answered by choosing, counting or naming a day."""
    kind = variable.question.kind
    chosen = kind.is_select or kind.is_number or kind in (Kind.DATE, Kind.DATETIME)
    return chosen and not variable.is_hidden


def _answer(variable: Variable, request: Request, profile: Profile) -> Field:
    kind, enum = _typed(variable, profile)

    def take(reflection: Reflection) -> str:
        answer = variable.answer(reflection)
        if isinstance(answer, Missing):
            return str(int(answer))
        if variable.option is not None:
            return str(int(variable.option.name in answer.split()))
        if profile is Profile.DEPOSIT and variable.question.kind in (Kind.DATE, Kind.DATETIME):
            return _week_of(answer, request)
        return _plain(answer, kind)

    words = heading(variable.question.labels, request.language) or variable.question.name
    told = with_option(words, variable.option, request.language)
    return Field(variable.header, kind, clean(told)[0], take, enum)


def _typed(variable: Variable, profile: Profile) -> tuple[str, tuple[str | int, ...]]:
    """The type of a column, and every value it can have."""
    if variable.option is not None:
        return "integer", (0, 1)
    match variable.question.kind:
        case Kind.INTEGER:
            return "integer", ()
        case Kind.DECIMAL | Kind.RANGE:
            return "number", ()
        case Kind.DATE if profile is Profile.INTERNAL:
            return "date", ()
        case Kind.SELECT_ONE if variable.has_only_numbers:
            return "integer", tuple(int(choice.name) for choice in variable.choices if choice.name.isdecimal())
        case Kind.SELECT_ONE if variable.choices:
            return "string", tuple(choice.name for choice in variable.choices)
        case _:
            return "string", ()


def _plain(answer: str, kind: str) -> str:
    """The answer as a cell of that type holds it; '' for what is none."""
    if kind in ("integer", "number"):
        return answer if number(answer) is not None else ""
    return clean(answer)[0]


def week(moment: datetime, request: Request) -> str:
    """The ISO week of a moment, as the study counts weeks: `2026-W47`."""
    return str(Week.of(moment, request.study.timezone))


def _week_of(answer: str, request: Request) -> str:
    """The ISO week of a day that was answered; '' where it is no day."""
    try:
        day = datetime.fromisoformat(answer)
    except ValueError:
        return ""
    if day.tzinfo is not None:
        return week(day, request)
    year, number_of_week, _ = day.isocalendar()
    return f"{year}-W{number_of_week:02}"
