"""Reads a form from its XForm XML."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation

from lxml import etree

from forms.form import Assignment, Choice, Form, Itemset, Kind, Node, Question, Range, Repeat
from forms.itext import Text, Texts, read_texts, tag
from forms.order import Cycle, ordered
from forms.problems import Problem, Problems, shortened
from forms.refused import refusals
from forms.sentences import expression_sentence, sentence
from forms.state import choice_of
from forms.xml import YES, attribute, child, first, places, problems, root_of
from forms.xpath.parser import parse
from forms.xpath.run import Branch
from forms.xpath.syntax import Expression, ExpressionError

_CONTROLS = frozenset({"input", "select", "select1", "range", "upload", "trigger", "rank", "secret"})
_TYPES = {
    "string": Kind.TEXT,
    "int": Kind.INTEGER,
    "integer": Kind.INTEGER,
    "decimal": Kind.DECIMAL,
    "date": Kind.DATE,
    "time": Kind.TIME,
    "dateTime": Kind.DATETIME,
    "geopoint": Kind.GEOPOINT,
}
_UPLOADS = {"image": Kind.IMAGE, "audio": Kind.AUDIO, "video": Kind.VIDEO}
_FIRST_LOAD = frozenset({"odk-instance-first-load", "xforms-ready", "odk-instance-load"})
_REFUSED_SORTS = frozenset({"geotrace", "geoshape", "barcode", "odk:rank", "rank"})
_NEVER = {"required": ("false()", "false"), "relevant": ("true()", "true"), "readonly": ("false()", "false")}
MOST_EXPRESSIONS = 20_000


def read_xform(xml: str) -> Form:
    """The form that this XForm describes. Raises Problems with everything that is wrong."""
    try:
        return _Reader(xml).form()
    except RecursionError as error:
        raise problems("unreadable_xml", found="RecursionError") from error


class _Reader:
    """Goes through one XForm and gathers what is wrong on the way."""

    def __init__(self, xml: str) -> None:
        self._xml = xml
        self._root = root_of(xml)
        self._found: list[Problem] = []
        self._conditions: dict[tuple[str, str], Expression | None] = {}
        self._data = self._primary()
        self._paths = self._first_places()
        self._binds = self._all_binds()
        itext = first(self._root, "itext")
        self._texts: Texts = read_texts(itext if itext is not None else ())
        self._lists = {
            instance.get("id", ""): instance
            for instance in self._root.iter()
            if tag(instance) == "instance" and instance.get("id") and instance is not self._data.getparent()
        }
        self._branches = {name: _branch(instance[0]) for name, instance in self._lists.items() if len(instance)}
        self._repeats = self._all_repeats()

    def _primary(self) -> etree._Element:
        instance = first(self._root, "instance")
        if instance is None or not len(instance):
            raise problems("unreadable_xml", found="instance")
        return instance[0]

    def _first_places(self) -> dict[str, etree._Element]:
        """Every path with its element; of several instances of a repeat the first real one."""
        found: dict[str, etree._Element] = {}
        for path, element in places(self._data):
            is_pattern = any(_is_template(outer) for outer in (element, *element.iterancestors()))
            if path not in found or (not is_pattern and _in_template(found[path])):
                found[path] = element
        return found

    def _all_binds(self) -> dict[str, etree._Element]:
        found: dict[str, etree._Element] = {}
        for bind in self._root.iter():
            if tag(bind) == "bind":
                path = (bind.get("nodeset") or bind.get("ref") or "").strip()
                found[path if path.startswith("/") else f"/{tag(self._data)}/{path}"] = bind
        return found

    def form(self) -> Form:
        self._refuse()
        controls = self._controls()
        made = [question for path, control in controls.items() if (question := self._question(control, path))]
        questions = self._named_apart(made)
        nodes = self._nodes({question.path: question for question in questions})
        order = self._ordered(nodes)
        assignments = tuple(self._assignments())
        if not questions and not self._found:
            raise problems("no_questions")
        if self._found:
            raise Problems(self._found)
        return self._built(questions, nodes, order, assignments)

    def _built(
        self,
        questions: tuple[Question, ...],
        nodes: tuple[Node, ...],
        order: tuple[Node, ...],
        assignments: tuple[Assignment, ...],
    ) -> Form:
        title = first(self._root, "title")
        names = self._names(nodes, questions)
        told = {question.path for question in questions if question.kind is Kind.NOTE}
        own = [
            node
            for node in order
            if not (node.is_asked or node.is_group or self._is_meta(node.path))
            and (node.calculation is not None or node.path not in told)
        ]
        return Form(
            form_id=self._data.get("id") or tag(self._data),
            version=attribute(self._data, "version"),
            title=((title.text or "") if title is not None else "").strip(),
            hash=hashlib.sha256(self._xml.encode()).hexdigest(),
            default_language=self._texts.default_language,
            languages=self._texts.languages,
            questions=questions,
            hidden=tuple(names[node.path] for node in own if node.calculation is None and not node.preload),
            calculated=tuple(names[node.path] for node in own if node.calculation is not None),
            nodes=order,
            repeats=self._repeats,
            lists=self._branches,
            texts=self._texts.by_id,
            assignments=assignments,
            layout=tuple(node.path for node in nodes),
            names=names,
            namespace=etree.QName(self._data).namespace or "",
            is_meta_openrosa=any(
                tag(each) == "meta" and "openrosa" in (etree.QName(each).namespace or "") for each in self._data
            ),
        )

    def _add(self, path: str, column: str | None, key: str, **words: str) -> None:
        name = path.rpartition("/")[2]
        self._found.append(Problem(None, None, column, name, sentence(key, **words)))

    def _refuse(self) -> None:
        for path, key, name in refusals(self._root, self._binds):
            self._add(path, None, key, found=name)
        for path, bind in self._binds.items():
            if attribute(bind, "saveto"):
                self._add(path, None, "not_supported", found="entities")

    # Repeats.

    def _all_repeats(self) -> dict[str, Repeat]:
        found: dict[str, Repeat] = {}
        for element in self._root.iter():
            path = element.get("nodeset", "").strip()
            if tag(element) == "repeat" and path in self._paths:
                found[path] = self._repeat(element, path)
            elif tag(element) == "repeat":
                self._add(path, None, "unknown_place", found=path)
        return found

    def _repeat(self, element: etree._Element, path: str) -> Repeat:
        group = element.getparent()
        words = self._texts.of(child(group, "label") if group is not None else None)
        outputs = {name: text for name, text in words.outputs.items() if text}
        count = attribute(element, "count")
        parent = self._paths[path].getparent()
        beside = [] if parent is None else [other for other in parent if tag(other) == tag(self._paths[path])]
        return Repeat(
            path,
            words.labels,
            {name: quoted for name, text in outputs.items() if (quoted := self._parsed(text, path, "label"))},
            self._parsed(count, path, "repeat_count") if count else None,
            sum(not _is_template(other) for other in beside),
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
            for path, element in self._paths.items()
            if not self._is_meta(path) or path.endswith(("/meta", "/meta/instanceName"))
        )

    def _is_meta(self, path: str) -> bool:
        meta = f"/{tag(self._data)}/meta"
        return path == meta or path.startswith(f"{meta}/")

    def _node(self, path: str, element: etree._Element, question: Question | None) -> Node:
        is_group = any(tag(each) for each in element)
        itemset = question.itemset if question else None
        return Node(
            path=path,
            relevant=self._condition(path, "relevant"),
            calculation=self._condition(path, "calculate"),
            default="" if is_group else (element.text or "").strip(),
            sort=self._bound(path, "type").rpartition(":")[2] or "string",
            repeat=self._repeat_of(path),
            preload=self._preload(path),
            is_group=is_group or path in self._repeats,
            is_asked=question is not None and question.kind is not Kind.NOTE,
            itemset=itemset if itemset and itemset.nodeset.references else None,
        )

    def _preload(self, path: str) -> str:
        sort, named = self._bound(path, "preload"), self._bound(path, "preloadParams")
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
            self._add(cycle.paths[0], None, "cycle", found=names)
            return nodes

    def _names(self, nodes: tuple[Node, ...], questions: tuple[Question, ...]) -> dict[str, str]:
        """A name of its own for each leaf: its last part, longer where that is there more than once."""
        leaves = [node.path for node in nodes if not node.is_group]
        return _apart(list(dict.fromkeys([*leaves, *(question.path for question in questions)])))

    def _named_apart(self, questions: list[Question]) -> tuple[Question, ...]:
        names = _apart([path for path, element in self._paths.items() if not any(tag(each) for each in element)])
        return tuple(replace(question, name=names.get(question.path, question.name)) for question in questions)

    # Expressions.

    def _bound(self, path: str, name: str) -> str:
        bind = self._binds.get(path)
        return "" if bind is None else attribute(bind, name)

    def _condition(self, path: str, name: str) -> Expression | None:
        """The bind's expression; None where there is none or where it says nothing."""
        if (path, name) not in self._conditions:
            text = self._bound(path, name)
            says_nothing = not text or text in _NEVER.get(name, ())
            self._conditions[path, name] = None if says_nothing else self._parsed(text, path, name)
        return self._conditions[path, name]

    def _parsed(self, text: str, path: str, column: str | None) -> Expression | None:
        try:
            expression = parse(text, path)
        except ExpressionError as error:
            message = expression_sentence(error, shortened(text))
            self._found.append(Problem(None, None, column, path.rpartition("/")[2], message))
            return None
        # A filter or a name that reads nothing reads blank, as in other programs; elsewhere it is a slip.
        is_harmless = column == "choice_filter" or self._is_meta(path)
        for reference in () if is_harmless else sorted(expression.references - self._paths.keys()):
            self._add(path, column, "unknown_place", found=reference)
        for name in sorted(expression.lists - self._lists.keys()):
            self._add(path, column, "unknown_place", found=f"instance('{name}')")
        return expression

    # Assignments.

    def _assignments(self) -> Iterator[Assignment]:
        for element in self._root.iter():
            if tag(element) == "setvalue":
                yield from self._assignment(element)

    def _assignment(self, element: etree._Element) -> Iterator[Assignment]:
        path = (element.get("ref") or element.get("bind") or "").strip()
        if path not in self._paths:
            self._add(path, None, "unknown_place", found=path)
            return
        text = element.get("value", "").strip() or (f"'{element.text}'" if element.text else "")
        value = self._parsed(text, path, "default") if text else None
        events = set(attribute(element, "event").split())
        outer = element.getparent()
        if "xforms-value-changed" in events and outer is not None:
            yield Assignment(path, value, outer.get("ref", "").strip())
        if events & _FIRST_LOAD or "odk-new-repeat" in events:
            yield Assignment(path, value)

    # Questions.

    def _controls(self) -> dict[str, etree._Element]:
        """The controls by path; of two for one place the first."""
        body = first(self._root, "body")
        found: dict[str, etree._Element] = {}
        for element in body.iter() if body is not None else ():
            if tag(element) in _CONTROLS:
                found.setdefault((element.get("ref") or element.get("bind") or "").strip(), element)
        return found

    def _question(self, control: etree._Element, path: str) -> Question | None:
        kind = self._kind(control, path)
        if kind is None:
            return None
        label, hint = self._texts.of(child(control, "label")), self._texts.of(child(control, "hint"))
        itemset = self._itemset(control, path)
        choices, words = self._choices(control, itemset)
        constraint_message = self._texts.referred(self._bound(path, "constraintMsg"))
        required_message = self._texts.referred(self._bound(path, "requiredMsg"))
        texts = (label, hint, *words, constraint_message, required_message)
        return Question(
            path=path,
            name=path.rpartition("/")[2],
            kind=kind,
            labels=label.labels,
            hints=hint.labels,
            required=self._condition(path, "required"),
            required_messages=required_message.labels,
            relevant=self._condition(path, "relevant"),
            constraint=self._condition(path, "constraint"),
            constraint_messages=constraint_message.labels,
            choices=choices,
            range=self._range(control, path) if kind is Kind.RANGE else None,
            line=self._bound(path, "line") or None,
            outputs=self._outputs(path, texts),
            guidance=hint.guidance,
            media=label.media,
            itemset=itemset if itemset and not self._is_plain(itemset) else None,
            read_only=None if kind is Kind.NOTE else self._condition(path, "readonly"),
        )

    def _kind(self, control: etree._Element, path: str) -> Kind | None:
        if path not in self._paths:
            self._add(path, None, "unknown_place", found=path)
            return None
        bound = self._bound(path, "type")
        kind = _kind(control, bound)
        if self._bound(path, "readonly") in YES:
            return Kind.NOTE
        if kind is None and bound.rpartition(":")[2] not in _REFUSED_SORTS and tag(control) not in ("rank", "secret"):
            found = attribute(control, "mediatype") or bound or tag(control)
            self._add(path, "type", "type_not_supported", found=found)
        return kind

    def _outputs(self, path: str, texts: tuple[Text, ...]) -> Mapping[str, Expression]:
        quoted = {placeholder: text for words in texts for placeholder, text in words.outputs.items()}
        parsed = {placeholder: self._parsed(text, path, "label") for placeholder, text in quoted.items()}
        return {placeholder: expression for placeholder, expression in parsed.items() if expression}

    def _range(self, control: etree._Element, path: str) -> Range | None:
        texts = [control.get(name, "") for name in ("start", "end", "step")]
        try:
            start, end, step = map(Decimal, texts)
            size = abs(step)
            limits = Range(start, end, size if end > start else -size) if start != end and size > 0 else None
        except InvalidOperation:
            limits = None
        if limits is None or len(limits) > 1000:
            self._add(path, "parameters", "bad_range", found=" ".join(texts))
            return None
        return limits

    # Choices.

    def _itemset(self, control: etree._Element, path: str) -> Itemset | None:
        element = child(control, "itemset")
        if element is None:
            return None
        nodeset = self._parsed(element.get("nodeset", "").strip(), path, "choice_filter")
        if nodeset is None:
            return None
        value, label = child(element, "value"), child(element, "label")
        reference = "" if label is None else label.get("ref", "").strip()
        return Itemset(
            nodeset,
            "name" if value is None else value.get("ref", "name").strip(),
            reference.removeprefix("jr:itext(").removesuffix(")").strip() or "label",
        )

    def _is_plain(self, itemset: Itemset) -> bool:
        """Whether it always gives the whole list."""
        nodeset = itemset.nodeset
        if nodeset.references or nodeset.functions or len(nodeset.lists) != 1:
            return False
        return "[" not in nodeset.text and nodeset.text.endswith("/root/item")

    def _choices(self, control: etree._Element, itemset: Itemset | None) -> tuple[tuple[Choice, ...], list[Text]]:
        """All choices of the question's list, whatever its filter says, and the texts they use."""
        if itemset is None:
            found = [self._choice(item) for item in control if tag(item) == "item"]
            return tuple(choice for choice, _ in found), [words for _, words in found]
        branches = [
            place.branch
            for name in sorted(itemset.nodeset.lists)
            if (root := self._branches.get(name)) is not None
            for place in root.named("item")
            if place.branch is not None
        ]
        language = self._texts.default_language
        choices = (choice_of(branch, itemset, self._texts.by_id, language) for branch in branches)
        texts = (self._texts.by_id.get(branch.column("itextId")) for branch in branches)
        return tuple(choice for choice in choices if choice.name), [text for text in texts if text]

    def _choice(self, item: etree._Element) -> tuple[Choice, Text]:
        words = self._texts.of(child(item, "label"))
        value = child(item, "value")
        name = ((value.text or "") if value is not None else "").strip()
        return Choice(name, words.labels, media=words.media), words


def _kind(control: etree._Element, bound: str) -> Kind | None:
    match tag(control):
        case "input":
            return _TYPES.get(bound.rpartition(":")[2] or "string")
        case "select1":
            return Kind.SELECT_ONE
        case "select":
            return Kind.SELECT_MULTIPLE
        case "range":
            return Kind.RANGE
        case "trigger":
            return Kind.ACKNOWLEDGE
        case "upload":
            return _UPLOADS.get(control.get("mediatype", "").split("/")[0], Kind.FILE)
    return None


def _is_template(element: etree._Element) -> bool:
    return any(etree.QName(str(key)).localname == "template" for key in element.attrib)


def _in_template(element: etree._Element) -> bool:
    return any(_is_template(outer) for outer in (element, *element.iterancestors()))


def _branch(element: etree._Element) -> Branch:
    """The element with all below it; its depth is bounded by that of the whole XForm."""
    children = tuple(_branch(each) for each in element if tag(each))
    return Branch(tag(element), "" if children else (element.text or "").strip(), children)


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
