"""A walk through a form: what is asked now, what comes next, what an answer changes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from forms.check import Reason, Refused, accepted
from forms.form import Choice, Form, Kind, Labels, Question
from forms.state import State, evaluated

__all__ = ["Reason", "Refused", "Walk", "begin"]

_PLACEHOLDER = re.compile(r"\$\{([^}]*)\}")


def begin(form: Form, hidden: Mapping[str, str]) -> Walk:
    """A walk with nothing answered; of `hidden` (name to value) the form takes the names it knows."""
    filled = {node.path: hidden.get(node.name, node.default) for node in form.nodes if node.name in form.hidden}
    return Walk(form, {path: value for path, value in filled.items() if value}, frozenset())


@dataclass(frozen=True, slots=True)
class Walk:
    """One person filling one form, at one moment; nothing in it changes, each step gives a new walk.

    `values` are the XForm strings by path, never blank: a code, codes with spaces between, a number as
    text, text, a media file's name. Answers to questions that are no longer relevant stay in `values`,
    read as blank elsewhere in the form, and return when the question does. `skipped` are the paths passed
    over on purpose; a note is done once it is in there.
    """

    form: Form
    values: Mapping[str, str]
    skipped: frozenset[str] = frozenset()
    _state: State = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_state", evaluated(self.form, self.values))

    def asked(self) -> tuple[Question, ...]:
        """All questions that are relevant now, notes included, answered or not, in the form's order."""
        return tuple(question for question in self.form.questions if self.is_relevant(question.path))

    def items(self) -> tuple[Question, ...]:
        """What is asked without the notes: the n of "question 3 of n"."""
        return tuple(question for question in self.asked() if question.kind is not Kind.NOTE)

    def is_relevant(self, path: str) -> bool:
        """Whether the question, and every group it stands in, is relevant now."""
        return self._state.is_relevant(path)

    def is_done(self, path: str) -> bool:
        """Whether the question was answered or skipped."""
        return path in self.values or path in self.skipped

    def is_required(self, path: str) -> bool:
        """Whether the question must be answered now."""
        required = self.form.question(path).required
        return required is not None and self._state.holds(required)

    def following(self, path: str | None = None) -> Question | None:
        """The first relevant question after `path` that is not done, else the first such anywhere."""
        start = -1 if path is None else self.form.place(path)
        waiting = [question for question in self.asked() if not self.is_done(question.path)]
        later = [question for question in waiting if self.form.place(question.path) > start]
        return next(iter(later or waiting), None)

    def preceding(self, path: str | None = None) -> Question | None:
        """The nearest relevant question before `path` (None: the form's end), notes left out."""
        end = len(self.form.questions) if path is None else self.form.place(path)
        earlier = [question for question in self.items() if self.form.place(question.path) < end]
        return earlier[-1] if earlier else None

    def answer(self, path: str, value: str) -> Walk:
        """The walk with this answer; a blank value is a skip. Raises Refused; KeyError: no such path."""
        question = self.form.question(path)
        if not value.strip() or question.kind is Kind.NOTE:
            return self.skip(path)
        self._expect_relevant(path)
        kept = accepted(question, value)
        walk = replace(self, values={**self.values, path: kept}, skipped=self.skipped - {path})
        if question.constraint is not None and not walk._state.holds(question.constraint):
            raise Refused(Reason.CONSTRAINT, question, kept, walk.messages(question))
        return walk

    def skip(self, path: str) -> Walk:
        """The walk without an answer here, on purpose. Raises Refused; KeyError: no such path."""
        self._expect_relevant(path)
        question = self.form.question(path)
        if self.is_required(path):
            raise Refused(Reason.REQUIRED, question, "", question.required_messages)
        values = {place: value for place, value in self.values.items() if place != path}
        return replace(self, values=values, skipped=self.skipped | {path})

    def _expect_relevant(self, path: str) -> None:
        if not self.is_relevant(path):
            raise Refused(Reason.NOT_RELEVANT, self.form.question(path), "", {})

    def value(self, path: str) -> str:
        """What the rest of the form reads at this path: blank where not answered or not relevant."""
        return self._state.value(path)

    def submission(self) -> dict[str, str]:
        """Name to value, for relevant questions and for hidden and calculated nodes; nothing blank."""
        nodes = {*(question.path for question in self.form.questions if question.kind is not Kind.NOTE)}
        values = {}
        for node in self.form.nodes:
            is_sent = node.path in nodes or node.name in self.form.hidden or node.name in self.form.calculated
            if is_sent and (value := self.value(node.path)):
                values[node.name] = value
        return values

    def choices(self, path: str) -> tuple[Choice, ...]:
        """The choices that are offered now."""
        return self.form.question(path).choices

    def label(self, question: Question, language: str) -> str:
        """The question's words, answers filled in; the default language where this one is missing."""
        return self._worded(question, question.labels, language)

    def hint(self, question: Question, language: str) -> str:
        """The hint's words, answers filled in; "" where there is none."""
        return self._worded(question, question.hints, language)

    def choice_label(self, question: Question, name: str, language: str) -> str:
        """The words of a choice, answers filled in; its code where the form gives no words."""
        choice = question.choice(name)
        return (self._worded(question, choice.labels, language) if choice else "") or name

    def messages(self, question: Question) -> Labels:
        """What the form says to an answer that breaks the constraint, answers filled in, by language."""
        messages = question.constraint_messages
        return {language: self._worded(question, messages, language) for language in messages}

    def _worded(self, question: Question, labels: Labels, language: str) -> str:
        text = labels.get(language) or labels.get(self.form.default_language) or next(iter(labels.values()), "")

        def filled(match: re.Match[str]) -> str:
            output = question.outputs.get(match[1])
            return match[0] if output is None else self._state.text(output)

        return _PLACEHOLDER.sub(filled, text)
