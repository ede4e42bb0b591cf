"""One sheet that ATLAS.ti reads as a survey: a sign before a column's name says what the program makes of it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from exports.codebook import choice_label
from exports.dataset import Missing, Reflection
from exports.flat import Flat, flat
from exports.openanswers import is_open, open_answers, spoken
from exports.qdadocument import title as name_of
from exports.request import Material, expect_sum
from exports.sheets import MOST_ROWS, Block, Cell, Column, Sheet, Style, Tally
from exports.workbook import properties_of
from forms.question import Kind

_NAME, _DAY, _GROUP, _YES_OR_NO, _IGNORED = "!", "&", ":", ".", "<"
"""A document's name; its day; a group of documents for each value; a group of those with 1; left alone.

A column without a sign is an open question: its words become the document's text, coded with the column's name.
What stands behind two colons is the comment of the code or group.
"""
_COMMENT = "::"
_MOST_COMMENT = 200
_MOST_LINES = 20
_GROUPED = (Kind.SELECT_ONE, Kind.RANGE, Kind.INTEGER)


class TooManyRows(Exception):
    """More reflections than one sheet holds, where a second sheet would not be read; nothing is delivered."""

    def __init__(self, found: int, most: int) -> None:
        super().__init__(
            f"{found:,} reflections were found, and the one sheet of a survey holds {most:,}:"
            " export it week by week, or everything as package"
        )
        self.found = found
        self.most = most


@dataclass(frozen=True, slots=True)
class _Column:
    header: str
    take: Callable[[Reflection], Cell]
    is_long: bool = False


def write_survey(material: Material, target: Path, most_rows: int = MOST_ROWS) -> Tally:
    """Write the workbook of one sheet of at most so many rows. Raises RowsDoNotAddUp, TooManyRows."""
    from exports.rendering import render

    if material.totals.rows > most_rows - 1:
        raise TooManyRows(material.totals.rows, most_rows - 1)
    tally = Tally()
    columns = [*_about(material), *_questions(material)]
    shown = [Column(each.header, Style.WRAPPED, 60 if each.is_long else 24, "", _MOST_LINES) for each in columns]
    rows = ([each.take(reflection) for each in columns] for reflection in material.reflections)
    sheet = Sheet("Survey", [Block("survey", shown, rows)], frozen_columns=1)
    render([sheet], properties_of(material), target, tally)
    expect_sum(material.sessions, tally.rows["survey"], material.left_out)
    return tally


def _about(material: Material) -> Iterator[_Column]:
    request = material.request
    yield _Column(f"{_NAME}document", lambda each: name_of(each, material))
    yield _Column(f"{_DAY}day", lambda each: f"{request.local(each.about.workshop_start):%Y%m%d}")
    yield _Column(f"{_IGNORED}response_id", lambda each: each.about.response_id)
    takes: dict[str, Callable[[Reflection], str]] = {
        "person_code": lambda each: each.about.person_code,
        "role": lambda each: each.about.role,
        "city": lambda each: request.city_name(each.about.city),
        "neighbourhood": lambda each: each.about.neighbourhood,
        "workshop_id": lambda each: str(each.about.workshop_id),
        "version": lambda each: each.form.version,
        "language": lambda each: each.languages,
        "state": lambda each: each.about.state,
    }
    for name, take in takes.items():
        yield _Column(f"{_GROUP}{name}", take)
    yield _Column(f"{_YES_OR_NO}is_late", lambda each: int(each.about.is_late))


def _questions(material: Material) -> Iterator[_Column]:
    for each in flat(material):
        if each.variable.is_hidden:
            yield _Column(f"{_IGNORED}{each.name}", _closed(each, material))
        elif is_open(each.variable.question):
            # A question's name begins with a letter or an underscore, so never with one of the signs.
            yield _Column(f"{each.name}{_comment(each, material)}", _open(each, material), is_long=True)
        elif each.variable.option is not None:
            yield _Column(f"{_YES_OR_NO}{each.name}{_comment(each, material)}", _ticked(each))
        elif each.variable.question.kind in _GROUPED:
            yield _Column(f"{_GROUP}{each.name}{_comment(each, material)}", _closed(each, material))
        else:
            yield _Column(f"{_IGNORED}{each.name}", _closed(each, material))


def _comment(each: Flat, material: Material) -> str:
    """The question's words and the option's; two colons in them would begin another comment."""
    language, option = material.request.language, each.variable.option
    words = each.heading(language)
    if option is not None:
        words = f"{words} {choice_label(each.variable.choices, option.name, language)}".strip()
    words = words.replace(_COMMENT, ":")
    return f"{_COMMENT}{words[:_MOST_COMMENT]}" if words else ""


def _open(each: Flat, material: Material) -> Callable[[Reflection], Cell]:
    """The words; a text that no cell holds goes as far as it can, and is counted."""
    closed = _closed(each, material)

    def take(reflection: Reflection) -> Cell:
        if not is_open(each.variable.asked_in(reflection)):
            return closed(reflection)
        place = f"{each.variable.question.name}[{each.instance}]" if each.instance else each.variable.question.name
        return next((spoken(told) for told in open_answers(reflection) if told.name == place), None) or None

    return take


def _ticked(each: Flat) -> Callable[[Reflection], Cell]:
    option = each.variable.option

    def take(reflection: Reflection) -> Cell:
        answer = each.answer(reflection)
        return None if option is None or isinstance(answer, Missing) else int(option.name in answer.split())

    return take


def _closed(each: Flat, material: Material) -> Callable[[Reflection], Cell]:
    language = material.request.language

    def take(reflection: Reflection) -> Cell:
        found = each.within(reflection)
        if found is None or isinstance(each.variable.answer(found), Missing):
            return None
        return each.variable.label(found, language)

    return take
