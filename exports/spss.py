"""An SPSS file: the rows of the sheet Codes, with words for variables and values, and missing answers by cause.

pyreadstat takes the whole table at once, so memory grows with it; it and what it stands on are loaded only for one.
"""

import math
import re
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time
from pathlib import Path

from exports.cells import clean, local
from exports.codebook import text_in, with_option
from exports.dataset import ABOUT, AboutColumn, Missing, Reflection, choice_missing, is_scale
from exports.flat import Flat, flat
from exports.overview import title
from exports.request import Material, expect_sum
from exports.sheets import Style, Tally
from exports.words import ABOUT_REFLECTION, MISSING, pick, word
from forms.question import Kind

MOST_TEXT = 32_767
"""Bytes of a text; SPSS takes no more."""
_MOST_NAME, _MOST_LABEL, _MOST_VALUE_LABEL, _MOST_NOTE = 64, 256, 120, 80
_RESERVED = frozenset(["ALL", "AND", "BY", "EQ", "GE", "GT", "LE", "LT", "NE", "NOT", "OR", "TO", "WITH"])
_NOT_IN_NAME = re.compile(r"[^\w.@#$]")
_DAY_ZERO = datetime.fromisoformat("1582-10-14T00:00")
_NUMBERS = (Kind.INTEGER, Kind.DECIMAL, Kind.RANGE)
"""Kinds whose answers can be any number, one like a code too."""
_MOST_SINGLE = 3
"""Codes that SPSS takes one by one; or one range, and one code beside it."""
_FORMATS = {Style.TEXT: "", Style.MOMENT: "DATETIME20", Style.DECIMAL: "F12.1"}
_MOST_SHARED = 20_000
"""Texts of which one copy is held: what many reflections have in common is among the first."""
_HEADER_DATE = slice(92, 109)
"""Where the file says when it was made; the library writes the time of day."""
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_BETWEEN_CODES = [float(code) for code in range(-67, -98, -1) if code not in set(map(int, Missing))]
"""For words that an earlier version of a scale offered: SPSS knows them and leaves them out of its sums."""

Value = float | str | None
"""None is what SPSS calls system-missing; in a text there is none."""
Missed = float | tuple[float, float]
"""What SPSS leaves out of its sums: a code, or all from one to another."""

_ANY_CODE: Sequence[Missed] = ((-99.0, -66.0),)
"""Where no answer can be among them; -98 and -99 are kept free for what the sheet Sessions tells."""
_NUMBER_CODES: Sequence[Missed] = ((-97.0, -88.0), -77.0)
"""The four codes that a number can have, and as few numbers between them as SPSS allows."""


@dataclass(frozen=True, slots=True)
class Column:
    """A variable of the file."""

    name: str
    label: str
    take: Callable[[Reflection], Value]
    is_text: bool = False
    format: str = ""
    measure: str = "nominal"
    values: Mapping[float, str] = field(default_factory=dict)
    """The words of its codes."""
    missing: Sequence[Missed] = ()


def write_spss(material: Material, target: Path) -> Tally:
    """Write a `.sav`; texts over 32,767 bytes are cut, and counted in the tally and in the file's notes."""
    import numpy
    import pandas
    import pyreadstat
    from pyreadstat.pyclasses import MissingRange

    tally = Tally()
    columns = _named([*_about(material), *(_of(each, material) for each in flat(material))])
    texts, numbers, written = _table(columns, material.reflections, tally)
    expect_sum(material.sessions, written, material.left_out)
    frame = pandas.DataFrame(
        {
            column.name: pandas.Series(texts.pop(column.name), dtype="str")
            if column.is_text
            else pandas.Series(numpy.asarray(numbers[column.name]))
            for column in columns
        }
    )
    pyreadstat.write_sav(
        frame,
        target,
        file_label=_cut(clean(title(material.request))[0], 64),
        column_labels={column.name: column.label for column in columns},
        note=list(_notes(material, tally)),
        variable_value_labels={column.name: dict(column.values) for column in columns if column.values},
        missing_ranges={
            column.name: [
                MissingRange(lo=each[0], hi=each[1]) if isinstance(each, tuple) else each
                for each in _missed(column, numbers[column.name])
            ]
            for column in columns
            if column.missing
        },
        variable_measure={column.name: column.measure for column in columns},
        variable_format={column.name: column.format for column in columns if column.format},
    )
    _date(target, material.changed_on)
    return tally


def _table(
    columns: Sequence[Column], reflections: Iterable[Reflection], tally: Tally
) -> tuple[dict[str, list[str]], dict[str, "array[float]"], int]:
    """The texts and the numbers by column, NaN for none, as small as they can be held; and how many rows there are."""
    texts: dict[str, list[str]] = {column.name: [] for column in columns if column.is_text}
    numbers = {column.name: array("d") for column in columns if not column.is_text}
    same: dict[str, str] = {}
    written = 0
    for reflection in reflections:
        written += 1
        for column in columns:
            value = column.take(reflection)
            if column.is_text:
                text = _fitting(str(value or ""), tally)
                shared = same.setdefault(text, text) if len(same) < _MOST_SHARED else same.get(text, text)
                texts[column.name].append(shared)
            else:
                numbers[column.name].append(value if isinstance(value, int | float) else math.nan)
    return texts, numbers, written


def _about(material: Material) -> Iterator[Column]:
    request = material.request

    def taken(column: AboutColumn) -> Callable[[Reflection], Value]:
        def take(reflection: Reflection) -> Value:
            value = column.take(reflection, request.study.timezone, request.cities)
            return _seconds(value) if isinstance(value, datetime) else value

        return take

    for column in ABOUT:
        label = _cut(pick(ABOUT_REFLECTION[column.name], request.language), _MOST_LABEL)
        is_text = column.style is Style.TEXT
        kind = _FORMATS.get(column.style, "F12.0")
        measure = "nominal" if is_text or column.name in ("workshop_id", "is_late", "is_test") else "scale"
        yield Column(column.name, label, taken(column), is_text, kind, measure)


def _of(each: Flat, material: Material) -> Column:
    """A question as SPSS likes it: numbers where there are numbers or choices, texts elsewhere."""
    language, variable = material.request.language, each.variable
    label = _cut(clean(_label(each, language))[0], _MOST_LABEL)
    read, kind, measure = _reading(each, material)
    if read is None:
        return Column(each.name, label, lambda reflection: _text(each, reflection), is_text=True)

    def take(reflection: Reflection) -> Value:
        answer = each.answer(reflection)
        return float(answer) if isinstance(answer, Missing) else read(answer)

    is_number = variable.question.kind in _NUMBERS
    never = {Missing.DONT_KNOW} if is_number else set()
    words = {float(code): pick(words, language) for code, words in MISSING.items() if code not in never}
    if variable.option is not None:
        words |= {float(code): word("phrase", name, language) for code, name in ((0, "no"), (1, "yes"))}
    elif variable.question.kind is Kind.SELECT_ONE:
        choices = {choice.name: text_in(choice.labels, language) or choice.name for choice in variable.choices}
        words |= {number: choices.get(name, name) for name, number in _numbers(each, material).items()}
    values = {code: _cut(clean(text)[0], _MOST_VALUE_LABEL) for code, text in sorted(words.items())}
    return Column(each.name, label, take, False, kind, measure, values, _NUMBER_CODES if is_number else _ANY_CODE)


def _missed(column: Column, values: Sequence[float]) -> Sequence[Missed]:
    """Its missing values; where a number was answered between them the codes that occur, if SPSS takes so many."""
    if column.missing is _ANY_CODE:
        return column.missing
    codes = {float(code) for code in Missing}.intersection(column.values)
    ranges = [each for each in column.missing if isinstance(each, tuple)]
    answered = {value for value in values if not math.isnan(value)} - codes
    found = sorted(codes.intersection(values))
    is_between = any(least <= value <= most for value in answered for least, most in ranges)
    return found if is_between and 0 < len(found) <= _MOST_SINGLE else column.missing


def _label(each: Flat, language: str) -> str:
    words = each.heading(language) or each.variable.question.name
    return with_option(words, each.variable.option, language)


def _reading(each: Flat, material: Material) -> tuple[Callable[[str], Value] | None, str, str]:
    """How its answers become numbers, how SPSS shows them, and how it measures; None for a text."""
    variable = each.variable
    if variable.option is not None:
        option = variable.option.name
        return (lambda answer: float(option in answer.split())), "F3.0", "nominal"
    match variable.question.kind:
        case Kind.INTEGER:
            return _number, "F12.0", "scale"
        case Kind.DECIMAL | Kind.RANGE:
            return _number, "F12.2", "scale"
        case Kind.DATE:
            return _date_seconds, "EDATE10", "scale"
        case Kind.DATETIME:
            return (lambda answer: _moment_seconds(answer, material)), "DATETIME20", "scale"
        case Kind.TIME:
            return _time_seconds, "TIME8", "scale"
        case Kind.SELECT_ONE:
            numbers = _numbers(each, material)
            return numbers.get, "F8.0", "ordinal" if is_scale(variable.question) else "nominal"
        case _:
            return None, "", "nominal"


def _numbers(each: Flat, material: Material) -> Mapping[str, float]:
    """The number of each choice: its own on a scale, otherwise its place among all that ever were.

    Older versions count first, so that a number keeps its meaning when a version adds a choice.
    """
    name = each.variable.question.name
    asked = [question for form in material.request.forms.values() if (question := form.named(name)) is not None]
    names = list(dict.fromkeys(choice.name for question in asked for choice in question.choices))
    if is_scale(each.variable.question):
        numbers = {name: found for name in names if (found := _number(name)) is not None}
        words = [name for name in names if name not in numbers and choice_missing(each.variable.question, name) is None]
        return numbers | dict(zip(words, _BETWEEN_CODES, strict=False))
    return {name: float(place) for place, name in enumerate(names, start=1)}


def _text(each: Flat, reflection: Reflection) -> str:
    answer = each.answer(reflection)
    return str(int(answer)) if isinstance(answer, Missing) else answer


def _number(answer: str) -> float | None:
    try:
        return float(answer)
    except ValueError:
        return None


def _seconds(moment: datetime) -> float:
    """As SPSS counts time, from the first day of its calendar; the moment is local and without a zone."""
    return (moment - _DAY_ZERO).total_seconds()


def _date_seconds(answer: str) -> float | None:
    try:
        return _seconds(datetime.fromisoformat(answer[:10]))
    except ValueError:
        return None


def _moment_seconds(answer: str, material: Material) -> float | None:
    try:
        found = datetime.fromisoformat(answer)
    except ValueError:
        return None
    return _seconds(local(found, material.request.study.timezone) if found.tzinfo else found)


def _time_seconds(answer: str) -> float | None:
    try:
        found = time.fromisoformat(answer)
    except ValueError:
        return None
    return float(found.hour * 3600 + found.minute * 60 + found.second)


def _fitting(text: str, tally: Tally) -> str:
    """The text as SPSS can hold it."""
    readable, is_cleaned = clean(text)
    fitting = _cut(readable, MOST_TEXT)
    tally.cleaned += is_cleaned
    tally.cut += fitting != readable
    return fitting


def _cut(text: str, most: int) -> str:
    """The text in no more than so many bytes of UTF-8; no sign is cut in two."""
    return text.encode()[:most].decode(errors="ignore")


def _named(columns: Sequence[Column]) -> list[Column]:
    """The columns under names that SPSS takes: told apart whatever the capitals, at most 64 bytes."""
    taken: set[str] = set()
    found = []
    for column in columns:
        base = _NOT_IN_NAME.sub("_", clean(column.name)[0]).strip(".") or "v"
        base = base if base[0].isalpha() and base.upper() not in _RESERVED else f"v_{base}"
        name, count = _cut(base, _MOST_NAME), 1
        while name.casefold() in taken:
            count += 1
            name = f"{_cut(base, _MOST_NAME - len(str(count)) - 1)}_{count}"
        taken.add(name.casefold())
        found.append(replace(column, name=name))
    return found


def _notes(material: Material, tally: Tally) -> Iterator[str]:
    """What is in the file and what is not; SPSS shows them with DISPLAY DOCUMENTS."""
    language = material.request.language
    lines = [f"Terugblik {material.request.version}", f"SHA-256 {material.totals.data_hash}"]
    lines.append(f"{word('about', 'rows_out', language)}: {material.totals.rows}")
    for reason, count in material.left_out.items():
        lines.append(f"{word('about', 'rows_left', language, reason=word('left_out', reason, language))}: {count}")
    lines.append(f"{word('about', 'cut_at', language, most=MOST_TEXT)}: {tally.cut}")
    return (_cut(clean(line)[0], _MOST_NOTE) for line in lines)


def _date(target: Path, changed_on: datetime | None) -> None:
    """Let the file say when its content last changed, not when it was made."""
    moment = (changed_on or datetime(1980, 1, 1, tzinfo=UTC)).astimezone(UTC)
    text = f"{moment:%d} {_MONTHS[moment.month - 1]} {moment:%y}{moment:%H:%M:%S}"
    with target.open("r+b") as file:
        file.seek(_HEADER_DATE.start)
        file.write(text.encode("ascii"))
