"""A reflection as a text to read and code: question headings, answers in full, and where each answer stands."""

from collections.abc import Iterator
from dataclasses import dataclass

from exports.cells import clean
from exports.codebook import heading
from exports.dataset import Reflection
from exports.openanswers import OpenAnswer, is_open, open_answers, spoken
from exports.request import Material
from exports.sheets import Absent


@dataclass(frozen=True, slots=True)
class Span:
    """Where an answer stands, in Unicode code points from 0, the end not included."""

    question: str
    """The question's name, the same in every instance of a repeat."""
    name: str
    """In a repeat with its instance: `said[2]`."""
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Document:
    """The text as it stands in the file, line ends included, and the answers in it."""

    text: str
    spans: tuple[Span, ...]
    cleaned: int
    """Answers in which a character was replaced."""


class _Text:
    """Lines, one after another, and how many code points they come to."""

    def __init__(self, line_end: str) -> None:
        self._line_end = line_end
        self._lines: list[str] = []
        self.length = 0

    def add(self, text: str = "") -> tuple[int, int]:
        """Put lines at the end; where they begin and end."""
        start = self.length
        line = text.replace("\n", self._line_end)
        self._lines.append(line)
        self.length += len(line) + len(self._line_end)
        return start, start + len(line)

    def __str__(self) -> str:
        return "".join(line + self._line_end for line in self._lines)


def title(reflection: Reflection, material: Material) -> str:
    """What the reflection is called among others: whose, where, about which day, and its number there."""
    about = reflection.about
    day = f"{material.request.local(about.workshop_start):%Y-%m-%d}"
    return f"{about.person_code} {material.request.city_name(about.city)} {day} {about.workshop_id}"


def document(reflection: Reflection, material: Material, line_end: str) -> Document:
    """The open answers under their questions in the language of the export; a repeat says which instance."""
    text, spans, cleaned = _Text(line_end), [], 0
    text.add(title(reflection, material))
    for told in open_answers(reflection):
        text.add()
        text.add(_heading(told, material))
        words, is_cleaned = clean(spoken(told))
        cleaned += is_cleaned
        spans.append(Span(told.question.name, told.name, *text.add(words)))
    for line in _counted(reflection, material):
        text.add()
        text.add(clean(line)[0])
    return Document(str(text), tuple(spans), cleaned)


def _counted(reflection: Reflection, material: Material) -> Iterator[str]:
    """What was answered in repeats to questions with choices and numbers; no variable of a source holds that."""
    language = material.request.language
    for repeat, variables in material.repeats.items():
        asked = [
            each
            for each in variables
            if each.option is None and not each.is_hidden and (each.is_mixed or not is_open(each.question))
        ]
        for number, instance in enumerate(reflection.within(repeat), start=1):
            for variable in asked:
                label = variable.label(instance, language)
                if not isinstance(label, Absent) and not is_open(variable.asked_in(instance)):
                    yield f"{heading(variable.question.labels, language)} ({number}): {label}"


def _heading(told: OpenAnswer, material: Material) -> str:
    words = clean(heading(told.question.labels, material.request.language))[0] or told.question.name
    _, bracket, instance = told.name.partition("[")
    return f"{words} ({instance[:-1]})" if bracket else words
