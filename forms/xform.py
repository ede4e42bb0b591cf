"""Reads a form from its XForm XML."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace

from lxml import etree

from forms.controls import read_questions
from forms.defaults import readable
from forms.definition import Definition, is_template, plain_attributes
from forms.form import Form
from forms.itext import tag
from forms.nodes import Assignment, Node, Repeat
from forms.order import Cycle, ordered
from forms.problems import Problems
from forms.question import Kind, Question
from forms.refused import refusals
from forms.xml import YES, attribute, child, described, first, problems

_FIRST_LOAD = frozenset({"odk-instance-first-load", "xforms-ready", "odk-instance-load"})


def read_xform(xml: str) -> Form:
    """The form that this XForm describes. Raises Problems with everything that is wrong."""
    try:
        return _Reader(xml).form()
    except RecursionError as error:
        raise problems("unreadable_xml", found="RecursionError") from error


class _Reader:
    """Puts a form together from the parts of its definition."""

    def __init__(self, xml: str) -> None:
        self._xml = xml
        self._definition = Definition(xml)
        self._repeats = self._all_repeats()

    def form(self) -> Form:
        self._refuse()
        questions = self._named_apart(read_questions(self._definition))
        nodes = self._nodes({question.path: question for question in questions})
        order = self._ordered(nodes)
        assignments = tuple(self._assignments())
        if not questions and not self._definition.found:
            raise problems("no_questions")
        if self._definition.found:
            raise Problems(self._definition.found)
        return self._built(questions, nodes, order, assignments)

    def _built(
        self,
        questions: tuple[Question, ...],
        nodes: tuple[Node, ...],
        order: tuple[Node, ...],
        assignments: tuple[Assignment, ...],
    ) -> Form:
        title = first(self._definition.root, "title")
        names = self._names(nodes, questions)
        own = self._own(order, questions)
        return Form(
            form_id=self._definition.data.get("id") or tag(self._definition.data),
            version=attribute(self._definition.data, "version"),
            title=((title.text or "") if title is not None else "").strip(),
            hash=hashlib.sha256(self._xml.encode()).hexdigest(),
            default_language=self._definition.texts.default_language,
            languages=self._definition.texts.languages,
            questions=questions,
            hidden=tuple(names[node.path] for node in own if node.calculation is None and not node.preload),
            calculated=tuple(names[node.path] for node in own if node.calculation is not None),
            nodes=order,
            repeats=self._repeats,
            lists=self._definition.branches,
            texts=self._definition.texts.by_id,
            assignments=assignments,
            layout=tuple(node.path for node in nodes),
            names=names,
            attributes={
                path: found for path, each in self._definition.paths.items() if (found := plain_attributes(each))
            },
            namespace=etree.QName(self._definition.data).namespace or "",
            is_meta_openrosa=self._is_meta_openrosa(),
        )

    def _own(self, order: tuple[Node, ...], questions: tuple[Question, ...]) -> list[Node]:
        """The nodes that nobody is asked: hidden ones, and those the form works out itself."""
        told = {question.path for question in questions if question.kind is Kind.NOTE}
        return [
            node
            for node in order
            if not (node.is_asked or node.is_group or self._definition.is_meta(node.path))
            and (node.calculation is not None or node.path not in told)
        ]

    def _is_meta_openrosa(self) -> bool:
        """Whether its block of metadata is named as OpenRosa has it."""
        return any(
            tag(each) == "meta" and "openrosa" in (etree.QName(each).namespace or "") for each in self._definition.data
        )

    def _refuse(self) -> None:
        for path, key, name in refusals(self._definition.root, self._definition.binds):
            self._definition.add(path, None, key, found=name)
        for path, bind in self._definition.binds.items():
            if attribute(bind, "saveto"):
                self._definition.add(path, None, "not_supported", found="entities")

    # Repeats.

    def _all_repeats(self) -> dict[str, Repeat]:
        found: dict[str, Repeat] = {}
        for element in described(self._definition.root):
            path = element.get("nodeset", "").strip()
            if tag(element) == "repeat" and path in self._definition.paths:
                found[path] = self._repeat(element, path)
            elif tag(element) == "repeat":
                self._definition.add(path, None, "unknown_place", found=path)
        return found

    def _repeat(self, element: etree._Element, path: str) -> Repeat:
        group = element.getparent()
        words = self._definition.texts.of(child(group, "label") if group is not None else None)
        outputs = {name: text for name, text in words.outputs.items() if text}
        count = attribute(element, "count")
        parent = self._definition.paths[path].getparent()
        beside = (
            [] if parent is None else [other for other in parent if tag(other) == tag(self._definition.paths[path])]
        )
        return Repeat(
            path,
            words.labels,
            {
                name: quoted
                for name, text in outputs.items()
                if (quoted := self._definition.parsed(text, path, "label"))
            },
            self._definition.parsed(count, path, "repeat_count") if count else None,
            sum(not is_template(other) for other in beside),
            attribute(element, "noAddRemove") in YES,
        )

    def _repeat_of(self, path: str) -> str | None:
        while path:
            if path in self._repeats:
                return path
            path = path.rpartition("/")[0]
        return None

    # Nodes.

    def _nodes(self, asked: Mapping[str, Question]) -> tuple[Node, ...]:
        return tuple(
            self._node(path, element, asked.get(path))
            for path, element in self._definition.paths.items()
            if not self._definition.is_meta(path) or path.endswith(("/meta", "/meta/instanceName"))
        )

    def _node(self, path: str, element: etree._Element, question: Question | None) -> Node:
        is_group = any(tag(each) for each in element)
        itemset = question.itemset if question else None
        sort = self._definition.bound(path, "type").rpartition(":")[2] or "string"
        return Node(
            path=path,
            relevant=self._definition.condition(path, "relevant"),
            calculation=self._definition.condition(path, "calculate"),
            default="" if is_group else _default(element, sort, question),
            sort=sort,
            repeat=self._repeat_of(path),
            preload=self._preload(path),
            is_group=is_group or path in self._repeats,
            is_asked=question is not None and question.kind is not Kind.NOTE,
            itemset=itemset if itemset and itemset.nodeset.references else None,
        )

    def _preload(self, path: str) -> str:
        sort, named = self._definition.bound(path, "preload"), self._definition.bound(path, "preloadParams")
        if sort in ("", "uid"):
            return ""
        return named or sort

    def _ordered(self, nodes: tuple[Node, ...]) -> tuple[Node, ...]:
        try:
            return ordered(nodes, self._repeats)
        except Cycle:
            pass
        try:
            # A choice filter may look at what depends on the choice; only values must not go round.
            return ordered((replace(node, itemset=None) for node in nodes), self._repeats)
        except Cycle as cycle:
            names = " → ".join(path.rpartition("/")[2] for path in cycle.paths)
            self._definition.add(cycle.paths[0], None, "cycle", found=names)
            return nodes

    def _names(self, nodes: tuple[Node, ...], questions: tuple[Question, ...]) -> dict[str, str]:
        """A name of its own for each leaf: its last part, longer where that is there more than once."""
        leaves = [node.path for node in nodes if not node.is_group]
        return _apart(list(dict.fromkeys([*leaves, *(question.path for question in questions)])))

    def _named_apart(self, questions: list[Question]) -> tuple[Question, ...]:
        names = _apart(
            [path for path, element in self._definition.paths.items() if not any(tag(each) for each in element)]
        )
        return tuple(replace(question, name=names.get(question.path, question.name)) for question in questions)

    # Assignments.

    def _assignments(self) -> Iterator[Assignment]:
        for element in described(self._definition.root):
            if tag(element) == "setvalue":
                yield from self._assignment(element)

    def _assignment(self, element: etree._Element) -> Iterator[Assignment]:
        path = (element.get("ref") or element.get("bind") or "").strip()
        if path not in self._definition.paths:
            self._definition.add(path, None, "unknown_place", found=path)
            return
        text = element.get("value", "").strip() or (f"'{element.text}'" if element.text else "")
        value = self._definition.parsed(text, path, "default") if text else None
        events = set(attribute(element, "event").split())
        outer = element.getparent()
        if "xforms-value-changed" in events and outer is not None:
            yield Assignment(path, value, outer.get("ref", "").strip())
        if events & _FIRST_LOAD or "odk-new-repeat" in events:
            yield Assignment(path, value)


def _default(element: etree._Element, sort: str, question: Question | None) -> str:
    """The value that the form comes with; codes that are not in the question's list do not count."""
    text = readable((element.text or "").strip(), sort)
    if question is None or not question.kind.is_select or question.itemset is not None:
        return text
    if question.choice(text) is not None:
        return text
    return " ".join(code for code in text.split() if question.choice(code) is not None)


def _apart(paths: list[str]) -> dict[str, str]:
    """The shortest end of each path that no other path ends with, its parts joined by a dot."""
    names = {path: path.rpartition("/")[2] for path in paths}
    for length in range(2, 12):
        counted = Counter(names.values())
        twice = [path for path, name in names.items() if counted[name] > 1]
        if not twice:
            break
        for path in twice:
            names[path] = ".".join(path.strip("/").split("/")[-length:])
    return names
