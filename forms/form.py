"""A questionnaire as the walk reads it: its questions in order, and what depends on what."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from forms.itext import UNTRANSLATED, Text
from forms.nodes import MAX_INSTANCES, Assignment, Node, Repeat, needed, placed, sources, unplaced
from forms.question import Question, one_more
from forms.xpath.run import Branch


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """One version of a questionnaire; two forms are the same where their `hash` is.

    `hash` is the SHA-256 (hex) of the XForm text. `hidden` are the names of the nodes that are filled when
    a session starts, `calculated` of those the form works out itself. `nodes` come in an order in which
    each depends on earlier ones only; `layout` are their paths in the order of the XForm, `names` what each
    leaf is called where its last part alone would not tell. `questions` are written once for all instances of
    a repeat. `namespace` is that of the submission. `attributes` are those of
    its elements by path, `below` the paths right below each.
    """

    form_id: str
    version: str
    title: str
    hash: str
    default_language: str
    languages: tuple[str, ...]
    questions: tuple[Question, ...]
    hidden: tuple[str, ...] = ()
    calculated: tuple[str, ...] = ()
    nodes: tuple[Node, ...] = ()
    repeats: Mapping[str, Repeat] = field(default_factory=dict)
    lists: Mapping[str, Branch] = field(default_factory=dict)
    texts: Mapping[str, Text] = field(default_factory=dict)
    assignments: tuple[Assignment, ...] = ()
    layout: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    namespace: str = ""
    is_meta_openrosa: bool = False
    attributes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    below: Mapping[str, tuple[str, ...]] = field(init=False, repr=False)
    _places: Mapping[str, int] = field(init=False, repr=False)
    _nodes: Mapping[str, int] = field(init=False, repr=False)
    _dependents: tuple[tuple[int, ...], ...] = field(init=False, repr=False)
    _placed: dict[str, Question] = field(init=False, repr=False)
    _segments: tuple[tuple[str | None, tuple[Question, ...]], ...] = field(init=False, repr=False)
    _order: Mapping[str, tuple[int, int]] = field(init=False, repr=False)
    beginning: tuple[Assignment, ...] = field(init=False, repr=False)
    onces: tuple[Node, ...] = field(init=False, repr=False)
    _recalculated: Mapping[str, tuple[Node, ...]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        nodes = {node.path: i for i, node in enumerate(self.nodes)}
        object.__setattr__(self, "below", self._by_parent())
        object.__setattr__(self, "_places", {question.path: i for i, question in enumerate(self.questions)})
        object.__setattr__(self, "_nodes", nodes)
        object.__setattr__(self, "_placed", {})
        object.__setattr__(self, "_dependents", self._depending(nodes))
        object.__setattr__(self, "_segments", tuple(self._in_segments()))
        object.__setattr__(self, "_order", self._ordered())
        object.__setattr__(self, "beginning", tuple(each for each in self.assignments if each.after is None))
        onces = (node for node in self.nodes if node.calculation and "once" in node.calculation.functions)
        object.__setattr__(self, "onces", tuple(onces))
        object.__setattr__(self, "_recalculated", self._recalculating())

    def _by_parent(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        for path in self.layout:
            found.setdefault(path.rpartition("/")[0], []).append(path)
        return {parent: tuple(paths) for parent, paths in found.items()}

    def _depending(self, nodes: Mapping[str, int]) -> tuple[tuple[int, ...], ...]:
        found: list[list[int]] = [[] for _ in self.nodes]
        for i, node in enumerate(self.nodes):
            for path in needed(node, self.node, self.repeats):
                if path in nodes and nodes[path] != i:
                    found[nodes[path]].append(i)
        return tuple(tuple(each) for each in found)

    def _recalculating(self) -> dict[str, tuple[Node, ...]]:
        """The calculated questions by the paths whose answers have them calculated again."""
        found: dict[str, list[Node]] = {}
        for node in self.nodes:
            if node.is_asked and node.calculation is not None:
                for path in sources(node, self.node):
                    found.setdefault(path, []).append(node)
        return {path: tuple(nodes) for path, nodes in found.items()}

    def _in_segments(self) -> list[tuple[str | None, tuple[Question, ...]]]:
        """The questions in order, those of one repeat together."""
        found: list[tuple[str | None, list[Question]]] = []
        for question in self.questions:
            node = self.node(question.path)
            repeat = node.repeat if node else None
            if not found or found[-1][0] != repeat:
                found.append((repeat, []))
            found[-1][1].append(question)
        return [(repeat, tuple(questions)) for repeat, questions in found]

    def _ordered(self) -> dict[str, tuple[int, int]]:
        found = {}
        for i, (repeat, questions) in enumerate(self._segments):
            found.update({question.path: (i, k) for k, question in enumerate(questions)})
            if repeat is not None:
                found[repeat] = (i, -1)
        return found

    @property
    def settles_once(self) -> bool:
        """Whether the form sets values at a beginning, or works any out only once."""
        return bool(self.beginning or self.onces)

    def recalculated(self, path: str) -> tuple[Node, ...]:
        """The calculated questions whose own answer no longer counts after an answer at this path."""
        return self._recalculated.get(path, ())

    def triggered(self, path: str) -> tuple[Assignment, ...]:
        """What an answer to the question at this path (without number) sets elsewhere."""
        return tuple(each for each in self.assignments if each.after == path)

    def order(self, path: str) -> tuple[int, int, int]:
        """Where the question with this path, numbered or not, stands among all; KeyError: no such path."""
        bare, instance = unplaced(path)
        segment, place = self._order[bare]
        return segment, instance, place

    @property
    def segments(self) -> tuple[tuple[str | None, tuple[Question, ...]], ...]:
        """The questions in order, those of one repeat together under its path."""
        return self._segments

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Form) and other.hash == self.hash

    def __hash__(self) -> int:
        return hash(self.hash)

    def spoken(self, language: str) -> str:
        """The language that its words come in for who reads this one; an untranslated form leaves it as it is."""
        is_lacking = language not in self.languages and self.languages != (UNTRANSLATED,)
        return self.default_language if is_lacking or not language else language

    def node(self, path: str) -> Node | None:
        """The node at this path (without number), None where the form has none there."""
        i = self._nodes.get(path)
        return None if i is None else self.nodes[i]

    def node_place(self, path: str) -> int:
        """Where the node stands in the order of evaluation; KeyError where there is none."""
        return self._nodes[path]

    def dependents(self, place: int) -> tuple[int, ...]:
        """The places of the nodes that depend on the node at this place."""
        return self._dependents[place]

    def question(self, path: str) -> Question:
        """The question at this path, which may be numbered; KeyError where the form has none there."""
        place = self._places.get(path)
        if place is not None:
            return self.questions[place]
        if path not in self._placed:
            self._placed[path] = self._numbered(path)
        return self._placed[path]

    def _numbered(self, path: str) -> Question:
        bare, instance = unplaced(path)
        repeat = self.repeats.get(bare)
        if not 0 < instance <= MAX_INSTANCES:
            raise KeyError(path)
        if repeat is not None:
            return one_more(repeat, path, instance)
        node = self.node(bare)
        if node is None or node.repeat is None or placed(bare, node.repeat, instance) != path:
            raise KeyError(path)
        return replace(self.questions[self._places[bare]], path=path, instance=instance)

    def has(self, path: str) -> bool:
        """Whether the form has a question at this path."""
        try:
            return self.question(path) is not None
        except KeyError:
            return False

    def place(self, path: str) -> int:
        """Where the question stands in the form, from 0; KeyError where the form has none there.

        Every instance of a repeat counts alike; asking for one more counts as the repeat's first question.
        """
        bare = unplaced(path)[0]
        if bare in self._places:
            return self._places[bare]
        question = next(found for repeat, found in self._segments if repeat == bare) if bare in self.repeats else ()
        if not question:
            raise KeyError(path)
        return self._places[question[0].path]

    def named(self, name: str) -> Question | None:
        """The question with this name, None where there is none."""
        return next((question for question in self.questions if question.name == name), None)
