"""The variables of a form, all its versions together, and what their codes mean."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from exports.cells import headers
from exports.dataset import (
    ABOUT,
    Answer,
    Missing,
    Reflection,
    choice_missing,
    code_of,
    is_scale,
    offers_typed_words,
    own_fields,
    repeat_of,
    repeats_of,
)
from exports.sheets import Absent, Cell, Row
from exports.words import ABOUT_REFLECTION, GENERAL_LINE, MISSING, TYPES, pick
from fieldwork.study import Line
from forms.form import Form
from forms.itext import Labels
from forms.points import point_in_words
from forms.question import Choice, Kind, Question
from forms.quoting import GENERAL

REPEAT_KEYS = ("response_id", "instance", "person_code")
"""The columns that say which instance of whose repeat a row is."""
WEEK = "workshop_week"
"""Stands in a deposit for the moment at which a workshop began."""
_PLACEHOLDER = re.compile(r"\$\{[^}]*\}")
_COUNT = re.compile(r"0|[1-9][0-9]{0,8}")


@dataclass(frozen=True, slots=True)
class Variable:
    """A column of answers: a question, or one option of a multiple choice."""

    header: str
    question: Question
    """As the newest version has it; of a kind that holds the answers of all versions."""
    choices: tuple[Choice, ...]
    """Of all versions, the newest version's first."""
    versions: tuple[str, ...]
    option: Choice | None = None
    is_hidden: bool = False
    """Filled at the start or worked out by the form; nobody was asked."""
    is_mixed: bool = False
    """Typed in one version and counted or chosen in another, or chosen from what was typed: it stands as text."""

    def asked_in(self, reflection: Reflection) -> Question:
        """The question as this reflection's version asked it, where versions differ in more than words."""
        return (self.is_mixed and reflection.form.named(self.question.name)) or self.question

    @property
    def has_only_numbers(self) -> bool:
        """Whether every version's answers are numbers; a scale may have offered a word once, under another name."""
        if self.question.kind is not Kind.SELECT_ONE:
            return self.question.kind.is_number
        names = [choice.name for choice in self.choices if choice_missing(self.question, choice.name) is None]
        return is_scale(self.question) and all(map(str.isdecimal, names))

    def code(self, reflection: Reflection) -> Cell:
        """What the code sheet holds for this reflection."""
        answer = self.answer(reflection)
        if self.is_hidden and not isinstance(answer, Missing) and _COUNT.fullmatch(answer):
            return int(answer)
        if self.option is None or isinstance(answer, Missing):
            return code_of(self.question, answer)
        return int(self.option.name in answer.split())

    def label(self, reflection: Reflection, language: str) -> Cell:
        """What the sheet for readers holds."""
        answer = self.answer(reflection)
        if isinstance(answer, Missing):
            return Absent(pick(MISSING[answer], language))
        asked = self.asked_in(reflection)
        if asked.kind.is_select:
            choices = asked.choices if self.is_mixed else self.choices
            words = [choice_label(choices, name, language) for name in answer.split()]
            return int(words[0]) if len(words) == 1 and words[0].isdecimal() else "; ".join(words)
        if asked.kind is Kind.GEOPOINT:
            return point_in_words(answer)
        return code_of(asked, answer)

    def answer(self, reflection: Reflection) -> Answer:
        """The answer; not applicable where the reflection's version has no such question."""
        return reflection.answers.get(self.question.name, Missing.NOT_APPLICABLE)


@dataclass(slots=True)
class Figures:
    """Counts over a dataset, gathered in one passage."""

    answered: Counter[str] = field(default_factory=Counter)
    """Reflections with an answer, by header."""
    missing: Counter[tuple[str, Missing]] = field(default_factory=Counter)
    codes: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Reflections with this code among their answers, by header and code."""

    def add(self, variable: Variable, reflection: Reflection) -> None:
        """Count one reflection's answer to one variable."""
        answer = variable.answer(reflection)
        if isinstance(answer, Missing):
            self.missing[variable.header, answer] += 1
            return
        self.answered[variable.header] += 1
        if variable.option is None and (variable.question.kind.is_select or variable.question.kind is Kind.RANGE):
            self.codes.update((variable.header, name) for name in answer.split())


def text_in(labels: Labels, language: str) -> str:
    """The label in this language, else in any; '' where there is none."""
    return labels.get(language) or next(iter(labels.values()), "")


def heading(labels: Labels, language: str) -> str:
    """A question's words on one line, with … where the words of an earlier answer would stand."""
    return " ".join(_PLACEHOLDER.sub("…", text_in(labels, language)).split())


def with_option(words: str, option: Choice | None, language: str) -> str:
    """A question's words, and behind them those of the option that a column is about; its code where it has none."""
    if option is None:
        return words
    between = " " if words.endswith(("?", ":", ".")) else ": "
    return f"{words}{between}{text_in(option.labels, language) or option.name}"


def choice_label(choices: Sequence[Choice], name: str, language: str) -> str:
    """A choice's words, its code where it has none."""
    found = next((choice for choice in choices if choice.name == name), None)
    return (text_in(found.labels, language) if found else "") or name


def variables(forms: Iterable[Form]) -> tuple[Variable, ...]:
    """Every column of answers, in the order of the newest form; `forms` come oldest first."""
    versions = tuple(forms)
    return _told_apart(_in(None, versions), [*(column.name for column in ABOUT), WEEK])


def repeat_variables(forms: Iterable[Form]) -> Mapping[str, tuple[Variable, ...]]:
    """The columns of answers of each repeat, by its name; the newest form's repeats come first."""
    versions = tuple(forms)
    names = dict.fromkeys(name for form in reversed(versions) for name in repeats_of(form).values())
    return {name: _told_apart(_in(name, versions), REPEAT_KEYS) for name in names}


def _in(repeat: str | None, versions: Sequence[Form]) -> list[Variable]:
    asked = [entry for name in _names(versions, repeat) for entry in _of_question(name, versions)]
    return asked + _hidden(versions, repeat)


def _told_apart(wanted: Sequence[Variable], about: Sequence[str]) -> tuple[Variable, ...]:
    """The variables, each with a header of its own among them and those of the row itself."""
    found = headers([*about, *(variable.header for variable in wanted)])[len(about) :]
    return tuple(replace(entry, header=header) for header, entry in zip(found, wanted, strict=True))


def _names(versions: Sequence[Form], repeat: str | None) -> list[str]:
    """Question names in the newest form's order, older ones behind the question they stood behind.

    Of a repeat by its name, or of what is asked once.
    """
    names: list[str] = []
    for form in reversed(versions):
        place = 0
        for question in form.questions:
            path = repeat_of(form, question)
            if question.kind is Kind.NOTE or (path and path.rpartition("/")[2]) != repeat:
                continue
            if question.name in names:
                place = names.index(question.name) + 1
            else:
                names.insert(place, question.name)
                place += 1
    return names


def _of_question(name: str, versions: Sequence[Form]) -> list[Variable]:
    holding = [(form, question) for form in versions if (question := form.named(name)) is not None]
    newest, is_mixed = _widest([question for _, question in holding])
    labels = tuple(dict.fromkeys(form.version for form, _ in holding))
    if is_mixed:
        return [Variable(name, newest, (), labels, is_mixed=True)]
    choices: dict[str, Choice] = {}
    for _, question in reversed(holding):
        for choice in question.choices:
            choices.setdefault(choice.name, choice)
    every = tuple(choices.values())
    whole = Variable(name, newest, every, labels)
    if newest.kind is not Kind.SELECT_MULTIPLE:
        return [whole]
    return [whole, *(Variable(f"{name}__{choice.name}", newest, every, labels, choice) for choice in every)]


def _widest(asked: Sequence[Question]) -> tuple[Question, bool]:
    """The newest question, of a kind that loses no version's answers; whether only text is such a kind."""
    newest, kinds = asked[-1], {Kind.TEXT if offers_typed_words(question) else question.kind for question in asked}
    if kinds == {newest.kind}:
        return newest, False
    if kinds <= {Kind.SELECT_ONE, Kind.SELECT_MULTIPLE}:
        return replace(newest, kind=Kind.SELECT_MULTIPLE), False
    if kinds <= {Kind.INTEGER, Kind.DECIMAL, Kind.RANGE}:
        return replace(newest, kind=Kind.DECIMAL, range=None), False
    return replace(newest, kind=Kind.TEXT, choices=(), range=None), True


def _hidden(versions: Sequence[Form], repeat: str | None) -> list[Variable]:
    """What a form fills or works out by itself, the newest version's order first; as for `_names`."""
    names = dict.fromkeys(name for form in reversed(versions) for name in _own(form, repeat))
    return [
        Variable(name, Question("", name, Kind.TEXT, {}), (), _holding(name, versions), is_hidden=True)
        for name in names
        if not any(form.named(name) for form in versions)
    ]


def _own(form: Form, repeat: str | None) -> list[str]:
    """The names of what it fills by itself, in the order in which they are kept."""
    path = next((path for path, name in repeats_of(form).items() if name == repeat), None)
    found = set(own_fields(form, path)) if repeat is None or path else set()
    return [name for name in (*form.hidden, *form.calculated) if name in found]


def _holding(name: str, versions: Sequence[Form]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(form.version for form in versions if name in (*form.hidden, *form.calculated)))


def codebook_rows(
    wanted: Sequence[Variable], figures: Figures, count: int, lines: Mapping[str, Line], language: str
) -> Iterable[Row]:
    """A row for every variable, and under it one for each of its codes; an option's are 0 and 1.

    Columns: variable, question (NL, EN), type, code, label (NL, EN), research line, form versions, n, and n
    for each missing code.
    """
    about_type = pick(TYPES["about"], language)
    for column in ABOUT:
        nl, en = ABOUT_REFLECTION[column.name]
        yield [column.name, nl, en, about_type, None, None, None, None, None, count, *(None for _ in Missing)]
    yield from variable_rows(wanted, figures, lines, language)


def variable_rows(
    wanted: Sequence[Variable], figures: Figures, lines: Mapping[str, Line], language: str, repeat: str = ""
) -> Iterable[Row]:
    """The rows of these variables; those of a repeat carry its name: `member/age`."""
    for variable in wanted:
        for row in (_variable_row(variable, figures, lines, language), *_code_rows(variable, figures)):
            yield [f"{repeat}/{row[0]}" if repeat else row[0], *row[1:]]


def _variable_row(variable: Variable, figures: Figures, lines: Mapping[str, Line], language: str) -> Row:
    question, option = variable.question, variable.option
    kind = "option" if option else "hidden" if variable.is_hidden else question.kind.value
    return [
        variable.header,
        heading(question.labels, "nl"),
        heading(question.labels, "en"),
        pick(TYPES[kind], language),
        None,
        text_in(option.labels, "nl") if option else None,
        text_in(option.labels, "en") if option else None,
        _line(question, lines, language),
        ", ".join(variable.versions),
        figures.answered[variable.header],
        *(figures.missing[variable.header, missing] for missing in Missing),
    ]


def _line(question: Question, lines: Mapping[str, Line], language: str) -> Cell:
    """The research line it belongs to, by code and name; the code alone where the study no longer has it."""
    if question.line == GENERAL:
        return f"{GENERAL} {pick(GENERAL_LINE, language)}"
    line = lines.get(question.line or "")
    return f"{line.code} {text_in(line.names, language)}" if line else question.line


def _code_rows(variable: Variable, figures: Figures) -> Iterable[Row]:
    for choice in variable.choices if variable.option is None else ():
        meaning = choice_missing(variable.question, choice.name)
        known = figures.codes[variable.header, choice.name]
        yield _code_row(
            variable,
            code_of(variable.question, choice.name if meaning is None else meaning),
            text_in(choice.labels, "nl"),
            text_in(choice.labels, "en"),
            known if meaning is None else figures.missing[variable.header, meaning],
        )
    if variable.question.range is not None:
        for value in variable.question.range.values():
            stored = code_of(variable.question, value)
            yield _code_row(variable, stored, value, value, figures.codes[variable.header, value])


def _code_row(variable: Variable, code: Cell, nl: str, en: str, count: int) -> Row:
    filling = [None] * (len(Missing) + 2)
    return [variable.header, None, None, None, code, nl, en, *filling[:2], count, *filling[2:]]
