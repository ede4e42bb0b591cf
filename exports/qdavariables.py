"""What is known about a reflection beside its words, as variables of a document."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from exports.cells import clean
from exports.codebook import Variable, choice_label, heading
from exports.dataset import Missing, Reflection
from exports.openanswers import is_open
from exports.request import Material
from exports.words import ABOUT_REFLECTION, pick
from forms.question import Kind


class Type(StrEnum):
    """The types that the exchange format has."""

    TEXT = "Text"
    BOOLEAN = "Boolean"
    INTEGER = "Integer"
    FLOAT = "Float"
    DATE = "Date"
    DATETIME = "DateTime"


_FITS = {
    Type.INTEGER: re.compile(r"[+-]?[0-9]+"),
    Type.FLOAT: re.compile(r"[+-]?[0-9]+(\.[0-9]+)?"),
    Type.DATE: re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
}


@dataclass(frozen=True, slots=True)
class Described:
    """One variable; `take` gives its value as the format writes it, None where there is none."""

    name: str
    type: Type
    description: str
    take: Callable[[Reflection], str | None]


def described(material: Material) -> tuple[Described, ...]:
    """About the reflection itself first, then every question that is, or was, answered by choosing or counting."""
    answered = [each for each in material.variables if each.is_hidden or each.is_mixed or not is_open(each.question)]
    return (*_about(material), *(_of(variable, material.request.language) for variable in answered))


def values(reflection: Reflection, wanted: Sequence[Described]) -> Iterator[tuple[Described, str]]:
    """Those that this reflection has a value for."""
    for each in wanted:
        if (value := each.take(reflection)) is not None:
            yield each, clean(value)[0]


def moment(value: datetime) -> str:
    """A moment as the format writes it, to the second."""
    return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _about(material: Material) -> Iterator[Described]:
    request = material.request
    takes: dict[str, tuple[Type, Callable[[Reflection], str | None]]] = {
        "response_id": (Type.TEXT, lambda each: each.about.response_id),
        "person_code": (Type.TEXT, lambda each: each.about.person_code),
        "role": (Type.TEXT, lambda each: each.about.role or None),
        "city": (Type.TEXT, lambda each: request.city_name(each.about.city)),
        "neighbourhood": (Type.TEXT, lambda each: each.about.neighbourhood or None),
        "workshop_id": (Type.INTEGER, lambda each: str(each.about.workshop_id)),
        "workshop_start": (Type.DATETIME, lambda each: moment(each.about.workshop_start)),
        "version": (Type.TEXT, lambda each: each.form.version),
        "language": (Type.TEXT, lambda each: each.languages),
        "state": (Type.TEXT, lambda each: each.about.state),
        "submitted_at": (Type.DATETIME, _submitted),
        "is_late": (Type.BOOLEAN, lambda each: _truth(each.about.is_late)),
    }
    for name, (kind, take) in takes.items():
        yield Described(name, kind, pick(ABOUT_REFLECTION[name], request.language), take)


def _submitted(reflection: Reflection) -> str | None:
    found = reflection.about.submitted_on
    return None if found is None else moment(found)


def _truth(holds: bool) -> str:
    return "true" if holds else "false"


def _of(variable: Variable, language: str) -> Described:
    words = heading(variable.question.labels, language)
    kind = _type(variable)
    if variable.option is not None:
        words = f"{words} – {choice_label(variable.choices, variable.option.name, language)}"

    def take(reflection: Reflection) -> str | None:
        answer = variable.answer(reflection)
        if isinstance(answer, Missing) or (variable.is_mixed and is_open(variable.asked_in(reflection))):
            return None
        if variable.option is not None:
            return _truth(variable.option.name in answer.split())
        if kind in _FITS:
            return answer if _FITS[kind].fullmatch(answer) else None
        return str(variable.label(reflection, language)) or None

    return Described(variable.header, kind, clean(words)[0], take)


def _type(variable: Variable) -> Type:
    if variable.option is not None:
        return Type.BOOLEAN
    match variable.question.kind:
        case Kind.INTEGER:
            return Type.INTEGER
        case Kind.DECIMAL | Kind.RANGE:
            return Type.FLOAT
        case Kind.DATE:
            return Type.DATE
        case Kind.SELECT_ONE if variable.has_only_numbers:
            return Type.INTEGER
        case _:
            return Type.TEXT
