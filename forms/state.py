"""What every place in a form is worth, given the answers; an answer works out again only what depends on it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from heapq import heapify, heappop, heappush

from forms.circumstances import Circumstances
from forms.form import Form
from forms.itext import Labels
from forms.nodes import MAX_INSTANCES, Itemset, Node, Repeat, placed, unplaced
from forms.offered import choice_of
from forms.question import Choice
from forms.xpath.evaluate import TooCostly, evaluate, places
from forms.xpath.moments import Moment, Sort, read_moment
from forms.xpath.run import Branch, Place, Scope
from forms.xpath.syntax import Expression
from forms.xpath.values import Value, blank_unless_number, decimal, number, stored, text, truth

_LARGEST = 2**31 - 1
_SORTS = {"date": Sort.DATE, "time": Sort.TIME, "dateTime": Sort.DATETIME}


@dataclass(frozen=True, slots=True)
class Given:
    """What the state is worked out from."""

    values: Mapping[str, str]
    skipped: frozenset[str] = frozenset()
    frozen: Mapping[str, str] = field(default_factory=dict)
    around: Circumstances = field(default_factory=Circumstances)
    now: datetime | None = None


class State(Scope):
    """Relevance and value of every node; a scope for further expressions."""

    __slots__ = ("_counts", "_form", "_given", "_is_loading", "_language", "_relevant", "_values")

    def __init__(self, form: Form, given: Given) -> None:
        self._form = form
        self._given = given
        self._values: dict[str, Value] = {}
        self._relevant: set[str] = set()
        self._counts: dict[str, int] = {}
        self._is_loading = False
        self._language = form.spoken(given.around.language)
        self.version = form.version

    # What expressions read.

    def value(self, path: str, index: int = 0) -> Value:
        if not index:
            return self._values.get(path, "")
        node = self._form.node(path)
        key = path if node is None or node.repeat is None else placed(path, node.repeat, index)
        return self._values.get(key, "")

    def repeat_of(self, path: str) -> str | None:
        node = self._form.node(path)
        return node.repeat if node else None

    def count(self, repeat: str) -> int:
        return self._counts.get(repeat, 0)

    def is_relevant(self, path: str, index: int = 0) -> bool:
        """Whether the node and all its groups are relevant."""
        return placed(path, self.repeat_of(path), index) in self._relevant

    def children(self, path: str) -> tuple[str, ...]:
        return self._form.below.get(path, ())

    def attributes(self, path: str) -> Mapping[str, str]:
        return self._form.attributes.get(path, {})

    def listed(self, name: str) -> Branch | None:
        return self._form.lists.get(name)

    def kept(self, path: str, index: int) -> Value:
        node = self._form.node(path)
        key = placed(path, node.repeat if node else None, index)
        kept = self._given.frozen.get(key, "")
        return self._typed(kept, node.sort) if node and kept else kept

    def choice_name(self, path: str, index: int, code: str) -> str:
        """The words of a choice in the language of the answers; the code where there are none."""
        question = self._form.question(path) if self._form.has(path) else None
        if question is None:
            return code
        choice = question.choice(code)
        if choice is None and question.itemset is not None:
            choice = next((each for each in self.offered(question.itemset, index) if each.name == code), None)
        return (self._said(choice.labels) if choice else "") or code

    def words(self, text_id: str) -> str:
        found = self._form.texts.get(text_id)
        return self._said(found.labels) if found else ""

    def _said(self, labels: Labels) -> str:
        return labels.get(self._language) or labels.get(self._form.default_language, "")

    def language(self) -> str:
        return self._language

    def property(self, name: str) -> str:
        return self._given.around.known(name)

    def now(self) -> datetime | None:
        return self._given.now or self._given.around.begun_on

    def zone(self) -> tzinfo:
        return self._given.around.zone

    def seed(self) -> str:
        return self._given.around.seed

    # What the walk asks.

    def is_of(self, given: Given) -> bool:
        """Whether this is the state that these answers give."""
        mine = self._given
        return (
            mine.values is given.values
            and mine.skipped is given.skipped
            and mine.frozen is given.frozen
            and mine.around is given.around
            and mine.now is given.now
        )

    def stands(self, key: str) -> bool:
        """Whether the place with this numbered path is there and relevant."""
        return key in self._relevant

    def kept_text(self, node: Node, key: str) -> str:
        """The value at the numbered path as it is kept and sent."""
        return self._written(self._values.get(key, ""), node.sort)

    def sent_text(self, node: Node, key: str) -> str:
        """The value as it is sent: an answered decimal always with a point, as the reference engine writes it."""
        value = self._values.get(key, "")
        is_given = node.calculation is None or (key in self._given.values and key not in self._given.frozen)
        if isinstance(value, float) and node.sort == "decimal" and is_given:
            return decimal(value)
        return self._written(value, node.sort)

    def holds(self, expression: Expression, index: int = 0) -> bool:
        """Whether the expression is true; False where it costs too much to know."""
        try:
            return truth(evaluate(expression, self, index))
        except TooCostly:
            return False

    def text(self, expression: Expression, language: str, index: int = 0) -> str:
        """The expression as it is shown in this language; blank where it is no number or costs too much to know."""
        try:
            return blank_unless_number(evaluate(expression, self._read_in(self._form.spoken(language)), index))
        except TooCostly:
            return ""

    def _read_in(self, language: str) -> "State":
        """The same worth of every place, to a reader of another language."""
        if language == self._language:
            return self
        state = self._copied(self._given)
        state._language = language
        return state

    def assigned(self, expression: Expression | None, node: Node, index: int) -> str:
        """The expression as it is kept at the node."""
        return "" if expression is None else self._written(self._worth(expression, index), node.sort)

    def offered(self, itemset: Itemset, index: int) -> tuple[Choice, ...]:
        """The choices that the itemset gives now; those without a code left out."""
        try:
            found = places(itemset.nodeset, self, index)
        except TooCostly:
            return ()
        choices = (self._choice(itemset, place) for place in found)
        return tuple(choice for choice in choices if choice.name)

    def _choice(self, itemset: Itemset, place: Place) -> Choice:
        if place.branch is None:
            code, words = (self._beside(place, column) for column in (itemset.value, itemset.label))
            return Choice(code, {self._form.default_language: words})
        return choice_of(place.branch, itemset, self._form.texts, self._form.default_language)

    def _beside(self, place: Place, column: str) -> str:
        path = place.path if column == "." else f"{place.path}/{column}"
        return text(self.value(path, place.instance))

    # How it is worked out.

    def loading(self, fresh: Collection[str] | None) -> "State":
        """The form before calculations and conditions are worked out: all of it, or the instances of `fresh`."""
        if fresh is None:
            state = State(self._form, self._given)
            state._is_loading = True
            for node in self._form.nodes:
                state.settled(node)
            state._is_loading = False
            return state
        state = self._copied(self._given)
        for node in self._form.nodes:
            if node.calculation is not None and node.repeat is not None:
                for key in fresh:
                    bare, index = unplaced(key)
                    if self.repeat_of(bare) == node.repeat:
                        state._values.pop(placed(node.path, node.repeat, index), None)
        return state

    def loaded(self, node: Node, key: str, kept: str) -> "State":
        """The state with this value set at the numbered path, and what depends on it worked out."""
        state = self._copied(self._given)
        state._values[key] = self._typed(kept, node.sort) if kept else ""
        state._spread(list(self._form.dependents(self._form.node_place(node.path))))
        return state

    def settled(self, node: Node) -> bool:
        """Work out one node in all its instances; those it depends on come before it. Whether it changed."""
        if node.repeat is None:
            return self._settle(node, 0)
        if node.repeat == node.path:
            return self._counted(self._form.repeats[node.path], node)
        changed = [self._settle(node, index) for index in range(1, self._counts.get(node.repeat, 0) + 1)]
        return any(changed)

    def _counted(self, repeat: Repeat, node: Node) -> bool:
        before = self._counts.get(repeat.path, 0)
        count = self._instances(repeat, node)
        self._counts[repeat.path] = count
        changed = [self._settle(node, index) for index in range(1, count + 1)]
        if count < before:
            self._forget(repeat.path, count, before)
        return count != before or any(changed)

    def _forget(self, repeat: str, count: int, before: int) -> None:
        """Drop the instances that are no longer there."""
        gone = tuple(f"{repeat}[{index}]" for index in range(count + 1, before + 1))
        for key in [key for key in self._values if key.startswith(gone)]:
            del self._values[key]
        self._relevant = {key for key in self._relevant if not key.startswith(gone)}

    def _instances(self, repeat: Repeat, node: Node) -> int:
        if self._is_loading:
            return min(repeat.first, MAX_INSTANCES)
        if node.parent not in self._relevant:
            return 0
        if repeat.count is not None:
            wanted = number(self._worth(repeat.count, 0))
            return int(max(0.0, min(float(MAX_INSTANCES), wanted))) if wanted == wanted else 0
        count = min(repeat.first, MAX_INSTANCES)
        while (
            not repeat.is_fixed
            and count < MAX_INSTANCES
            and self._given.values.get(f"{repeat.path}[{count + 1}]") == "yes"
        ):
            count += 1
        return count

    def _settle(self, node: Node, index: int) -> bool:
        key = placed(node.path, node.repeat, index)
        was_relevant, before = key in self._relevant, self._values.get(key)
        if not self._is_standing(node, index):
            self._relevant.discard(key)
            self._values.pop(key, None)
            return was_relevant
        self._relevant.add(key)
        if node.is_group:
            return not was_relevant
        value = self._filled(node, key, index)
        if value == "":
            self._values.pop(key, None)
        else:
            self._values[key] = value
        return not was_relevant or before != self._values.get(key)

    def _is_standing(self, node: Node, index: int) -> bool:
        if node.parent:
            repeat = None if node.repeat == node.path else node.repeat
            if placed(node.parent, repeat, index) not in self._relevant:
                return False
        return node.relevant is None or self._is_loading or self.holds(node.relevant, index)

    def _filled(self, node: Node, key: str, index: int) -> Value:
        given = self._given
        if node.calculation is not None and self._is_loading:
            return ""
        # A calculated question takes an answer until its calculation is worked out again, which `frozen` tells.
        is_answered = node.is_asked and (key in given.values or key in given.skipped) and key not in given.frozen
        if node.calculation is not None and not is_answered:
            return self._calculated(node.calculation, node.sort, index)
        kept = given.frozen.get(key)
        if kept is None:
            kept = given.values.get(key)
        if kept is None and not (node.is_asked and key in given.skipped):
            kept = self._preloaded(node) if node.preload else node.default
        if not kept:
            return ""
        return self._still_offered(node, kept, index) if node.itemset else self._typed(kept, node.sort)

    def _calculated(self, calculation: Expression, sort: str, index: int) -> Value:
        value = self._worth(calculation, index)
        if isinstance(value, float):
            if value != value:
                return ""
            return float(int(max(-_LARGEST - 1, min(_LARGEST, value)))) if sort in ("int", "integer") else value
        if isinstance(value, Moment):
            return Moment(value.at, _SORTS.get(sort, Sort.DATETIME))
        return value

    def _still_offered(self, node: Node, kept: str, index: int) -> str:
        """Of the chosen codes those that are offered now."""
        if node.itemset is None:
            return kept
        codes = {choice.name for choice in self.offered(node.itemset, index)}
        if kept in codes:
            return kept
        return " ".join(code for code in kept.split() if code in codes)

    def _worth(self, expression: Expression, index: int) -> Value:
        try:
            return evaluate(expression, self, index)
        except TooCostly:
            return ""

    def _preloaded(self, node: Node) -> str:
        begun_on = self._given.around.begun_on
        match node.preload:
            case "start" | "today":
                moment = None if begun_on is None else Moment(begun_on, Sort.DATETIME)
            case "end":
                at = self.now()
                moment = None if at is None else Moment(at.astimezone(self.zone()), Sort.DATETIME)
            case _:
                return self.property(node.preload)
        return "" if moment is None else moment.written(Sort.DATE if node.preload == "today" else Sort.DATETIME)

    def _typed(self, kept: str, sort: str) -> Value:
        if sort in ("int", "integer", "decimal"):
            worth = number(kept)
            return worth if worth == worth else kept
        if sort in _SORTS:
            now = self.now()
            return read_moment(kept, self.zone(), now.astimezone(self.zone()).date() if now else None) or kept
        if sort == "boolean":
            return kept in ("1", "true")
        return kept

    def _written(self, value: Value, sort: str) -> str:
        if isinstance(value, bool):
            return "1" if value else "0"
        if isinstance(value, Moment):
            return value.written(_SORTS.get(sort, Sort.DATETIME))
        if isinstance(value, float):
            return "" if value != value else stored(value)
        return value

    def trying(self, node: Node, key: str, kept: str) -> "State":
        """The state with another answer at one place and nothing else worked out from it."""
        state = self._copied(self._given)
        state._values[key] = self._typed(kept, node.sort)
        return state

    def _copied(self, given: Given) -> "State":
        state = State(self._form, given)
        state._values = self._values.copy()
        state._relevant = self._relevant.copy()
        state._counts = self._counts.copy()
        return state

    def after(self, given: Given, changed: Iterable[str]) -> "State":
        """The state with other answers at these paths (without numbers), worked out from this one."""
        state = self._copied(given)
        state._spread([self._form.node_place(path) for path in changed])
        return state

    def _spread(self, waiting: list[int]) -> None:
        """Work out the nodes at these places, and those that depend on them where they changed."""
        heapify(waiting)
        done = -1
        while waiting:
            place = heappop(waiting)
            if place == done:
                continue
            done = place
            if self.settled(self._form.nodes[place]):
                for dependent in self._form.dependents(place):
                    if dependent > place:
                        heappush(waiting, dependent)


def evaluated(form: Form, given: Given) -> State:
    """The state of a form with these answers, everything worked out anew."""
    state = State(form, given)
    for node in form.nodes:
        state.settled(node)
    return state
