"""A walk through a form: what is asked now, what comes next, what an answer changes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from forms.check import Reason, Refused, accepted
from forms.circumstances import Circumstances
from forms.form import Form
from forms.itext import Labels
from forms.nodes import MAX_INSTANCES, Assignment, Node, placed, unplaced
from forms.question import Choice, Kind, Question
from forms.state import Given, State, evaluated
from forms.xpath.syntax import Expression

__all__ = ["Reason", "Refused", "Walk", "begin"]

_PLACEHOLDER = re.compile(r"\$\{([^}]*)\}")
_NOWHERE = Circumstances()


def begin(form: Form, hidden: Mapping[str, str], around: Circumstances = _NOWHERE) -> Walk:
    """A walk with nothing answered; of `hidden` (name to value) the form takes the names it knows."""
    return Walk(form, hidden_by_path(form, hidden), around=around)


def hidden_by_path(form: Form, hidden: Mapping[str, str]) -> dict[str, str]:
    """What a walk begins with: of `hidden` (name to value) what the form knows, or has as its default."""
    kept = {}
    for node in form.nodes:
        name = form.names.get(node.path, node.name)
        if name in form.hidden and node.repeat is None and (value := hidden.get(name, node.default)):
            kept[node.path] = value
    return kept


@dataclass(frozen=True, slots=True)
class Walk:
    """One person filling one form, at one moment; nothing in it changes, each step gives a new walk.

    `values` are the XForm strings by path, never blank: a code, codes with spaces between, a number as
    text, text, a media file's name. Within a repeat the path tells the instance: "/data/member[2]/name".
    Answers to questions that are no longer relevant stay in `values`, read as blank elsewhere in the form,
    and return when the question does. `skipped` are the paths passed over on purpose; a note is done once
    it is in there. `frozen` is what the form set by itself and may not change again; kept with the values
    and `around`, it lets the same walk be built again. `now` is the moment of this step, where it matters.
    """

    form: Form
    values: Mapping[str, str]
    skipped: frozenset[str] = frozenset()
    frozen: Mapping[str, str] = field(default_factory=dict)
    around: Circumstances = _NOWHERE
    now: datetime | None = field(default=None, compare=False)
    _state: State | None = field(default=None, repr=False, compare=False)
    _asked: list[tuple[Question, ...]] = field(default_factory=list, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        given = self._given()
        # A copy with other values must not keep the state of its original.
        state = self._state if self._state is not None and self._state.is_of(given) else evaluated(self.form, given)
        object.__setattr__(self, "_state", state)
        if self.form.settles_once:
            self._freeze()

    def _given(self) -> Given:
        return Given(self.values, self.skipped, self.frozen, self.around, self.now)

    @property
    def _now(self) -> State:
        assert self._state is not None
        return self._state

    # What the form sets by itself.

    def _freeze(self) -> None:
        """Set what is set at the beginning of the session or of an instance, and keep what is worked out once."""
        fresh = list(self._unset())
        if fresh:
            self._load(fresh)
        for node in self.form.onces:
            kept = {
                key: self._now.kept_text(node, key) for _, key, _ in self._instances(node) if key not in self.frozen
            }
            self._keep({key: value for key, value in kept.items() if value}, ())

    def _unset(self) -> Iterator[tuple[Assignment, Node, str, int]]:
        """What is to be set at a beginning and was not set yet, with its numbered path."""
        for assignment in self.form.beginning:
            target = self.form.node(assignment.path)
            for node, key, index in self._instances(target, self._is_beginning):
                if key not in self.frozen and key not in self.values and key not in self.skipped:
                    yield assignment, node, key, index

    @property
    def _is_beginning(self) -> bool:
        return not self.skipped and not self.frozen

    def _load(self, fresh: list[tuple[Assignment, Node, str, int]]) -> None:
        """Set each in turn, seeing what the form holds at that moment: calculations come after all of them."""
        keys = {key for _, _, key, _ in fresh}
        seen = self._now.loading(None if self._is_beginning else keys)
        found: dict[str, str] = {}
        for assignment, node, key, index in fresh:
            found[key] = seen.assigned(assignment.value, node, index)
            seen = seen.loaded(node, key, found[key])
        self._keep(found, {assignment.path for assignment, _, _, _ in fresh})

    def _keep(self, fresh: Mapping[str, str], changed: Iterable[str]) -> None:
        if fresh:
            object.__setattr__(self, "frozen", {**self.frozen, **fresh})
            object.__setattr__(self, "_state", self._now.after(self._given(), changed))

    def _instances(self, node: Node | None, is_beginning: bool = False) -> Iterator[tuple[Node, str, int]]:
        """The node with each of its numbered paths; at the beginning also those that the form comes with."""
        if node is None:
            return
        count = self._now.count(node.repeat) if node.repeat else 0
        if node.repeat and is_beginning:
            count = max(count, min(self.form.repeats[node.repeat].first, MAX_INSTANCES))
        indexes = range(1, count + 1) if node.repeat else [0]
        for index in indexes:
            yield node, placed(node.path, node.repeat, index), index

    # What is asked.

    def asked(self) -> tuple[Question, ...]:
        """All questions that are relevant now, notes included, answered or not, in the form's order."""
        if not self._asked:
            self._asked.append(tuple(self._all_asked()))
        return self._asked[0]

    def _all_asked(self) -> Iterator[Question]:
        for repeat, questions in self.form.segments:
            if repeat is None:
                yield from (self._as_it_is(each) for each in questions if self._now.stands(each.path))
            else:
                yield from self._repeated(repeat, questions)

    def _repeated(self, repeat: str, questions: tuple[Question, ...]) -> Iterator[Question]:
        count = self._now.count(repeat)
        for index in range(1, count + 2):
            if self._may_add(repeat, index):
                yield self.form.question(f"{repeat}[{index}]")
            if index > count:
                return
            for question in questions:
                path = placed(question.path, repeat, index)
                if self._now.stands(path):
                    yield self._as_it_is(self.form.question(path))

    def _may_add(self, path: str, index: int) -> bool:
        """Whether the person is asked if there is an instance with this number."""
        repeat, node = self.form.repeats[path], self.form.node(path)
        if node is None or repeat.count is not None or repeat.is_fixed:
            return False
        if not repeat.first < index <= min(MAX_INSTANCES, self._now.count(path) + 1):
            return False
        if node.parent and not self._now.stands(node.parent):
            return False
        return node.relevant is None or self._now.holds(node.relevant, index)

    def _as_it_is(self, question: Question) -> Question:
        """The question, a note while it is only to be read."""
        is_told = question.read_only is not None and self._now.holds(question.read_only, question.instance)
        return replace(question, kind=Kind.NOTE) if is_told else question

    def question(self, path: str) -> Question:
        """The question as it is now, with the choices offered now; KeyError where there is none."""
        question = self._as_it_is(self.form.question(path))
        if question.itemset is None:
            return question
        return replace(question, choices=self._now.offered(question.itemset, question.instance))

    def items(self) -> tuple[Question, ...]:
        """What is asked without the notes: the n of "question 3 of n"."""
        return tuple(question for question in self.asked() if question.kind is not Kind.NOTE)

    def is_relevant(self, path: str) -> bool:
        """Whether the question, and every group it stands in, is relevant now."""
        bare, index = unplaced(path)
        if index and bare in self.form.repeats:
            return self._may_add(bare, index)
        return self._now.stands(path)

    def stands(self, path: str) -> bool:
        """Whether the place at the numbered path, question or not, is there and relevant."""
        return self._now.stands(path)

    def count(self, repeat: str) -> int:
        """How many instances the repeat has now."""
        return self._now.count(repeat)

    def is_done(self, path: str) -> bool:
        """Whether the question was answered or skipped, and its answer is still among the choices."""
        if path in self.skipped:
            return True
        if path not in self.values:
            return False
        node = self.form.node(unplaced(path)[0])
        is_open = node is not None and node.itemset is not None and self._now.stands(path)
        return not is_open or bool(self.value(path))

    def is_required(self, path: str) -> bool:
        """Whether the question must be answered now."""
        question = self.form.question(path)
        return question.required is not None and self._now.holds(question.required, question.instance)

    def following(self, path: str | None = None) -> Question | None:
        """The first relevant question after `path` that is not done, else the first such anywhere."""
        start = None if path is None else self.form.order(path)
        first = None
        for question in self.asked():
            if self.is_done(question.path):
                continue
            if start is None or self.form.order(question.path) > start:
                return self.question(question.path)
            first = first or question
        return None if first is None else self.question(first.path)

    def preceding(self, path: str | None = None) -> Question | None:
        """The nearest relevant question before `path` (None: the form's end), notes left out."""
        end = None if path is None else self.form.order(path)
        for question in reversed(self.items()):
            if end is None or self.form.order(question.path) < end:
                return self.question(question.path)
        return None

    # What an answer changes.

    def answer(self, path: str, value: str) -> Walk:
        """The walk with this answer; a blank value is a skip. Raises Refused; KeyError: no such path."""
        question = self.question(path)
        if not value.strip() or question.kind is Kind.NOTE:
            return self.skip(path)
        self._expect_relevant(path)
        kept = accepted(question, value)
        self._expect_allowed(question, kept)
        return self._changed(path, {**self.values, path: kept}, self.skipped - {path})

    def _expect_allowed(self, question: Question, kept: str) -> None:
        node = self.form.node(unplaced(question.path)[0])
        if question.constraint is None or node is None:
            return
        trying = self._now.trying(node, question.path, kept)
        if not trying.holds(question.constraint, question.instance):
            messages = self._worded_messages(question, trying)
            raise Refused(Reason.CONSTRAINT, question, kept, messages)

    def skip(self, path: str) -> Walk:
        """The walk without an answer here, on purpose. Raises Refused; KeyError: no such path."""
        question = self._as_it_is(self.form.question(path))
        if question.kind is not Kind.NOTE and self.is_relevant(path) and self.is_required(path):
            raise Refused(Reason.REQUIRED, question, "", question.required_messages)
        return self.let_go(path)

    def let_go(self, path: str) -> Walk:
        """The walk without an answer here, required or not: who does not know must get on. Raises Refused."""
        self._expect_relevant(path)
        values = {place: value for place, value in self.values.items() if place != path}
        return self._changed(path, values, self.skipped | {path})

    def _changed(self, path: str, values: Mapping[str, str], skipped: frozenset[str]) -> Walk:
        """The walk with these values, of which one is new, and everything that depends on it."""
        frozen = (
            {key: value for key, value in self.frozen.items() if key != path} if path in self.frozen else self.frozen
        )
        bare, index = unplaced(path)
        given = Given(values, skipped, frozen, self.around, self.now)
        state = self._now.after(given, [bare])
        if self._is_new(path, bare, state):
            given, state = self._recalculated(bare, index, given, state)
            given, state = self._triggered(bare, index, given, state)
        return Walk(self.form, values, skipped, given.frozen, self.around, self.now, state)

    def _is_new(self, path: str, bare: str, state: State) -> bool:
        """Whether the place is worth something else than before."""
        node = self.form.node(bare)
        return node is None or state.kept_text(node, path) != self._now.kept_text(node, path)

    def _recalculated(self, path: str, index: int, given: Given, state: State) -> tuple[Given, State]:
        """Answers to calculated questions no longer count once what they are calculated from has changed."""
        for node in self.form.recalculated(path):
            keys = self._beside(node, path, index, state)
            overruled = {key: "" for key in keys if key in given.values or key in given.skipped}
            if overruled:
                given = replace(given, frozen={**given.frozen, **overruled})
                state = state.after(given, [node.path])
        return given, state

    def _beside(self, node: Node, path: str, index: int, state: State) -> list[str]:
        """The node's numbered paths that belong to an answer at this path: its own instance, else all."""
        if node.repeat is None:
            return [node.path]
        here = index if node.repeat == state.repeat_of(path) else 0
        indexes = [here] if here else range(1, state.count(node.repeat) + 1)
        return [placed(node.path, node.repeat, each) for each in indexes]

    def _triggered(self, path: str, index: int, given: Given, state: State) -> tuple[Given, State]:
        """What the form has set after the answer at this path and after what that sets, with the state then."""
        waiting, done = [(path, index)], set()
        while waiting:
            source, number = waiting.pop(0)
            for assignment in self.form.triggered(source):
                node = self.form.node(assignment.path)
                if node is None or (source, assignment.path) in done:
                    continue
                done.add((source, assignment.path))
                given, state = self._assigned(assignment, node, self._beside(node, source, number, state), given, state)
                waiting.append((node.path, number if node.repeat else 0))
        return given, state

    def _assigned(
        self, assignment: Assignment, node: Node, keys: list[str], given: Given, state: State
    ) -> tuple[Given, State]:
        fresh = {key: state.assigned(assignment.value, node, unplaced(key)[1]) for key in keys}
        given = replace(given, frozen={**given.frozen, **fresh})
        return given, state.after(given, [node.path])

    def _expect_relevant(self, path: str) -> None:
        if not self.is_relevant(path):
            raise Refused(Reason.NOT_RELEVANT, self.form.question(path), "", {})

    # What it comes to.

    def value(self, path: str) -> str:
        """What the rest of the form reads at this path: blank where not answered or not relevant."""
        node = self.form.node(unplaced(path)[0])
        return "" if node is None else self._now.kept_text(node, path)

    def leaves(self) -> Iterator[tuple[str, str]]:
        """Path and value of everything relevant that is submitted, blank or not, in the form's order."""
        for path in self.form.layout:
            node = self.form.node(path)
            for leaf, key, _ in self._instances(node):
                if not leaf.is_group and self._now.stands(key):
                    yield key, self._now.sent_text(leaf, key)

    def submission(self) -> dict[str, str]:
        """Name to value, for relevant questions and for hidden and calculated nodes; nothing blank.

        Within a repeat the name is followed by the number of the instance: "age[2]".
        """
        values = {}
        for node in self.form.nodes:
            name = self.form.names.get(node.path, node.name)
            if node.is_asked or node.preload or name in self.form.hidden or name in self.form.calculated:
                for _, key, index in self._instances(node):
                    if value := self._now.kept_text(node, key):
                        values[f"{name}[{index}]" if index else name] = value
        return values

    # What is said.

    def choices(self, path: str) -> tuple[Choice, ...]:
        """The choices that are offered now."""
        return self.question(path).choices

    def label(self, question: Question, language: str) -> str:
        """The question's words, answers filled in; the default language where this one is missing."""
        return self._worded(question, question.labels, language)

    def hint(self, question: Question, language: str) -> str:
        """The hint's words, answers filled in; "" where there is none."""
        return self._worded(question, question.hints, language)

    def guidance(self, question: Question, language: str) -> str:
        """The longer words beside the hint, answers filled in; "" where there are none."""
        return self._worded(question, question.guidance, language)

    def choice_label(self, question: Question, name: str, language: str) -> str:
        """The words of a choice, answers filled in; its code where the form gives no words."""
        choice = question.choice(name)
        if choice is None and question.itemset is not None:
            choice = next((each for each in self.choices(question.path) if each.name == name), None)
        return (self._worded(question, choice.labels, language) if choice else "") or name

    def messages(self, question: Question) -> Labels:
        """What the form says to an answer that breaks the constraint, answers filled in, by language."""
        return self._worded_messages(question, self._now)

    def _worded_messages(self, question: Question, state: State) -> Labels:
        messages = question.constraint_messages
        return {language: self._worded(question, messages, language, state) for language in messages}

    def _worded(self, question: Question, labels: Labels, language: str, state: State | None = None) -> str:
        text = labels.get(language) or labels.get(self.form.default_language) or next(iter(labels.values()), "")
        if "${" not in text:
            return text
        seen = state or self._now

        def filled(match: re.Match[str]) -> str:
            output: Expression | None = question.outputs.get(match[1])
            return match[0] if output is None else seen.text(output, language, question.instance)

        return _PLACEHOLDER.sub(filled, text)
