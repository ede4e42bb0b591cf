"""Open answers, message by message: what was typed, spoken, and sent along."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from exports.dataset import Reflection, repeat_of
from forms.question import Kind, Question
from storage.exporting import AnswerRow, PartRow

_SENT_AS = {Kind.IMAGE: "photo", Kind.AUDIO: "voice", Kind.VIDEO: "video", Kind.FILE: "file"}


@dataclass(frozen=True, slots=True)
class OpenAnswer:
    """What somebody told in answer to one question, in a repeat to one instance of it."""

    question: Question
    name: str
    """The question's, in a repeat with its instance: `said[2]`."""
    answer: AnswerRow
    parts: Sequence[PartRow]


def is_open(question: Question) -> bool:
    """Whether it is answered in one's own words, or with a file."""
    return question.kind is Kind.TEXT or question.kind.is_media


def open_answers(reflection: Reflection) -> Iterator[OpenAnswer]:
    """In the order of the form, those that were given."""
    for question in reflection.form.questions:
        if is_open(question):
            for name in _named(reflection, question):
                if (answer := reflection.rows.get(name)) is not None:
                    parts = reflection.parts.get(answer.id) or [_only_part(question, answer)]
                    yield OpenAnswer(question, name, answer, parts)


def spoken(told: OpenAnswer) -> str:
    """The messages of an answer under one another, a file by its name."""
    return "\n".join(line for part in told.parts for line in (part.text, f"[{part.file}]" if part.file else "") if line)


def _named(reflection: Reflection, question: Question) -> list[str]:
    """What the question's answers are called: its name, in a repeat once for each instance."""
    repeat = repeat_of(reflection.form, question)
    if repeat is None:
        return [question.name]
    count = len(reflection.instances.get(repeat.rpartition("/")[2], ()))
    return [f"{question.name}[{number}]" for number in range(1, count + 1)]


def _only_part(question: Question, answer: AnswerRow) -> PartRow:
    """An answer that no messages are kept of."""
    if question.kind.is_media:
        return PartRow(answer.id, _SENT_AS[question.kind], "", answer.value, None, True)
    return PartRow(answer.id, "text", answer.value, "", None, True)
