"""Reads a form from its XForm XML."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation

from lxml import etree

from forms.form import Choice, Form, Kind, Node, Question, Range
from forms.itext import Text, Texts, read_texts, tag
from forms.order import Cycle, ordered
from forms.problems import Problem, Problems, shortened
from forms.sentences import expression_sentence, sentence
from forms.xpath.parser import parse
from forms.xpath.syntax import Expression, ExpressionError

MAX_CHARACTERS = 20_000_000
_CONTROLS = frozenset({"input", "select", "select1", "range", "upload", "trigger", "rank", "secret"})
_TYPES = {"string": Kind.TEXT, "int": Kind.INTEGER, "integer": Kind.INTEGER, "decimal": Kind.DECIMAL}
_ACTIONS = frozenset({"setvalue", "setgeopoint", "recordaudio", "repeat"})
_YES = frozenset({"yes", "true", "1", "true()", "ja"})


def read_xform(xml: str) -> Form:
    """The form that this XForm describes. Raises Problems with everything that is wrong."""
    return _Reader(xml).form()


def _root(xml: str) -> etree._Element:
    if len(xml) > MAX_CHARACTERS:
        size = f"{len(xml) // 1_000_000} MB"
        raise _problems("too_large", found=size, most=f"{MAX_CHARACTERS // 1_000_000} MB")
    if "<!DOCTYPE" in xml:
        raise _problems("unreadable_xml", found="DOCTYPE")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    try:
        return etree.fromstring(xml.encode(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise _problems("unreadable_xml", found=shortened(str(error), 120)) from error


def _problems(key: str, **words: str) -> Problems:
    return Problems([Problem(None, None, None, words.get("found", ""), sentence(key, **words))])


def _first(root: etree._Element, name: str) -> etree._Element | None:
    return next((element for element in root.iter() if tag(element) == name), None)


def _child(element: etree._Element, name: str) -> etree._Element | None:
    return next((child for child in element if tag(child) == name), None)


def _attribute(element: etree._Element, name: str) -> str:
    """An attribute by its name, whatever its namespace; "" where it is missing."""
    for key, value in element.attrib.items():
        if etree.QName(str(key)).localname == name:
            return str(value).strip()
    return ""


class _Reader:
    """Goes through one XForm and gathers what is wrong on the way."""

    def __init__(self, xml: str) -> None:
        self._xml = xml
        self._root = _root(xml)
        self._found: list[Problem] = []
        self._conditions: dict[tuple[str, str], Expression | None] = {}
        self._data = self._primary()
        self._paths = dict(_places(self._data))
        self._binds = {bind.get("nodeset", "").strip(): bind for bind in self._root.iter() if tag(bind) == "bind"}
        itext = _first(self._root, "itext")
        self._texts: Texts = read_texts(itext if itext is not None else ())
        self._lists = {
            instance.get("id", ""): instance
            for instance in self._root.iter()
            if tag(instance) == "instance" and instance.get("id")
        }

    def _primary(self) -> etree._Element:
        instance = _first(self._root, "instance")
        if instance is None or not len(instance):
            raise _problems("unreadable_xml", found="instance")
        return instance[0]

    def form(self) -> Form:
        self._refuse_actions()
        questions = tuple(question for control in self._controls() if (question := self._question(control)))
        nodes = self._ordered(tuple(self._nodes(frozenset(question.path for question in questions))))
        asked = {question.path for question in questions}
        own = [node for node in nodes if node.path not in asked and not len(self._paths[node.path])]
        self._refuse_same_names()
        if not questions and not self._found:
            raise _problems("no_questions")
        if self._found:
            raise Problems(self._found)
        title = _first(self._root, "title")
        return Form(
            form_id=self._data.get("id") or tag(self._data),
            version=_attribute(self._data, "version"),
            title=((title.text or "") if title is not None else "").strip(),
            hash=hashlib.sha256(self._xml.encode()).hexdigest(),
            default_language=self._texts.default_language,
            languages=self._texts.languages,
            questions=questions,
            hidden=tuple(node.name for node in own if node.calculation is None),
            calculated=tuple(node.name for node in own if node.calculation is not None),
            nodes=nodes,
        )

    def _add(self, path: str, column: str | None, key: str, **words: str) -> None:
        name = path.rpartition("/")[2]
        self._found.append(Problem(None, None, column, name, sentence(key, **words)))

    def _refuse_actions(self) -> None:
        for element in self._root.iter():
            if tag(element) in _ACTIONS:
                path = element.get("ref") or element.get("nodeset") or ""
                self._add(path, None, "not_supported", found=f"{tag(element)} ({path})")
            elif tag(element) == "instance" and element.get("src"):
                self._add("", None, "not_supported", found=shortened(element.get("src", "")))

    def _refuse_same_names(self) -> None:
        leaves = Counter(tag(element) for element in self._paths.values() if not len(element))
        for name in (name for name, count in leaves.items() if count > 1):
            self._add(name, "name", "same_name", found=name)

    def _controls(self) -> Iterator[etree._Element]:
        body = _first(self._root, "body")
        if body is not None:
            yield from (element for element in body.iter() if tag(element) in _CONTROLS)

    def _nodes(self, asked: frozenset[str]) -> Iterator[Node]:
        meta = f"/{tag(self._data)}/meta"
        for path, element in self._paths.items():
            if path == meta or path.startswith(f"{meta}/"):
                continue
            bind = self._binds.get(path)
            default = (element.text or "").strip() if not len(element) else ""
            if default and path in asked and not self._is_note(path):
                self._add(path, "default", "column_not_supported", found=shortened(default))
            if bind is not None and _attribute(bind, "preload"):
                self._add(path, "type", "type_not_supported", found=_attribute(bind, "preloadParams"))
            yield Node(path, self._condition(path, "relevant"), self._condition(path, "calculate"), default)

    def _is_note(self, path: str) -> bool:
        return self._bound(path, "readonly") in _YES

    def _ordered(self, nodes: tuple[Node, ...]) -> tuple[Node, ...]:
        try:
            return ordered(nodes)
        except Cycle as cycle:
            names = " → ".join(path.rpartition("/")[2] for path in cycle.paths)
            self._add(cycle.paths[0], None, "cycle", found=names)
            return nodes

    def _bound(self, path: str, name: str) -> str:
        bind = self._binds.get(path)
        return "" if bind is None else _attribute(bind, name)

    def _condition(self, path: str, name: str) -> Expression | None:
        """The bind's expression; None where there is none or where it says nothing."""
        if (path, name) not in self._conditions:
            self._conditions[path, name] = self._read_condition(path, name)
        return self._conditions[path, name]

    def _read_condition(self, path: str, name: str) -> Expression | None:
        text = self._bound(path, name)
        if not text or (name == "required" and text == "false()") or (name == "relevant" and text == "true()"):
            return None
        return self._parsed(text, path, name)

    def _parsed(self, text: str, path: str, column: str | None) -> Expression | None:
        try:
            expression = parse(text, path)
        except ExpressionError as error:
            message = expression_sentence(error, shortened(text))
            self._found.append(Problem(None, None, column, path.rpartition("/")[2], message))
            return None
        for reference in sorted(expression.references - self._paths.keys()):
            self._add(path, column, "unknown_place", found=reference)
        return expression

    def _question(self, control: etree._Element) -> Question | None:
        path = control.get("ref", "").strip()
        kind = self._kind(control, path)
        if kind is None:
            return None
        label, hint = self._texts.of(_child(control, "label")), self._texts.of(_child(control, "hint"))
        choices, words = self._choices(control, path)
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
        )

    def _kind(self, control: etree._Element, path: str) -> Kind | None:
        if path not in self._paths:
            self._add(path, None, "unknown_place", found=path)
            return None
        kind = _kind(control, self._bound(path, "type"))
        if kind is None:
            found = _attribute(control, "mediatype") or self._bound(path, "type") or tag(control)
            self._add(path, "type", "type_not_supported", found=found)
        elif kind in _TYPES.values() and self._is_note(path):
            return Kind.NOTE
        return kind

    def _outputs(self, path: str, texts: tuple[Text, ...]) -> Mapping[str, Expression]:
        quoted = {placeholder: text for words in texts for placeholder, text in words.outputs.items()}
        parsed = {placeholder: self._parsed(text, path, "label") for placeholder, text in quoted.items()}
        return {placeholder: expression for placeholder, expression in parsed.items() if expression}

    def _range(self, control: etree._Element, path: str) -> Range | None:
        texts = [control.get(name, "") for name in ("start", "end", "step")]
        try:
            start, end, step = map(Decimal, texts)
            limits = Range(start, end, step) if (end - start) * step > 0 else None
        except InvalidOperation:
            limits = None
        if limits is None or len(limits) > 1000:
            self._add(path, "parameters", "bad_range", found=" ".join(texts))
            return None
        return limits

    def _choices(self, control: etree._Element, path: str) -> tuple[tuple[Choice, ...], list[Text]]:
        found = [self._choice(item) for item in self._items(control, path)]
        return tuple(choice for choice, _ in found), [words for _, words in found]

    def _items(self, control: etree._Element, path: str) -> Iterator[etree._Element]:
        itemset = _child(control, "itemset")
        if itemset is None:
            yield from (child for child in control if tag(child) == "item")
            return
        nodeset = itemset.get("nodeset", "").strip()
        name, _, rest = nodeset.removeprefix("instance('").partition("')")
        if rest.strip() != "/root/item" or name not in self._lists:
            self._add(path, "choice_filter", "column_not_supported", found=shortened(nodeset))
            return
        yield from (element for element in self._lists[name].iter() if tag(element) == "item")

    def _choice(self, item: etree._Element) -> tuple[Choice, Text]:
        columns = {tag(child): (child.text or "").strip() for child in item}
        words = (
            self._texts.referred(f"jr:itext('{columns['itextId']}')")
            if "itextId" in columns
            else self._texts.of(_child(item, "label"))
        )
        name = columns.get("name") or columns.get("value") or ""
        return Choice(name, words.labels, columns.get("exclusive", "").lower() in _YES), words


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
        case "upload":
            return {"image": Kind.IMAGE, "audio": Kind.AUDIO}.get(control.get("mediatype", "").split("/")[0])
    return None


def _places(data: etree._Element) -> Iterator[tuple[str, etree._Element]]:
    """Every place of the submission with its path, in the form's order."""
    waiting = [(f"/{tag(data)}", data)]
    while waiting:
        path, element = waiting.pop()
        yield path, element
        waiting.extend((f"{path}/{tag(child)}", child) for child in reversed(element) if tag(child))
