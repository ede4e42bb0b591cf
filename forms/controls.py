"""Reads the questions of an XForm from the controls in its body."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from lxml import etree

from forms.definition import Definition
from forms.itext import Text, in_dutch_too, tag
from forms.nodes import Itemset
from forms.offered import choice_of
from forms.question import OWN_LINE, Choice, Kind, Question, Range
from forms.xml import YES, attribute, child, first
from forms.xpath.syntax import Expression

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
MOST_STEPS = 100_000
_REFUSED_SORTS = frozenset({"geotrace", "geoshape", "barcode", "odk:rank", "rank"})


def read_questions(definition: Definition) -> list[Question]:
    """The questions in the order of the body; what is wrong with one is added to the definition's `found`."""
    reader = _Reader(definition)
    return [question for path, control in reader.controls().items() if (question := reader.question(control, path))]


class _Reader:
    """Reads control after control."""

    def __init__(self, definition: Definition) -> None:
        self._definition = definition
        self._listed: dict[tuple[object, ...], tuple[tuple[Choice, ...], list[Text]]] = {}

    def controls(self) -> dict[str, etree._Element]:
        """The controls by path; of two for one place the first."""
        body = first(self._definition.root, "body")
        found: dict[str, etree._Element] = {}
        for element in body.iter() if body is not None else ():
            if tag(element) in _CONTROLS:
                found.setdefault((element.get("ref") or element.get("bind") or "").strip(), element)
        return found

    def question(self, control: etree._Element, path: str) -> Question | None:
        kind = self._kind(control, path)
        if kind is None:
            return None
        texts = self._definition.texts
        label, hint = texts.of(child(control, "label")), texts.of(child(control, "hint"))
        itemset = self._itemset(control, path)
        choices, words = self._choices(control, itemset)
        constraint_message = texts.referred(self._definition.bound(path, "constraintMsg"))
        required_message = texts.referred(self._definition.bound(path, "requiredMsg"))
        worded = (label, hint, *words, constraint_message, required_message)
        return Question(
            path=path,
            name=path.rpartition("/")[2],
            kind=kind,
            labels=in_dutch_too(label.labels),
            hints=hint.labels,
            required=self._definition.condition(path, "required"),
            required_messages=required_message.labels,
            relevant=self._definition.condition(path, "relevant"),
            constraint=self._definition.condition(path, "constraint"),
            constraint_messages=constraint_message.labels,
            choices=choices,
            range=self._range(control, path) if kind is Kind.RANGE else None,
            line=self._definition.bound(path, "line") or None,
            quotable=self._quotable(path),
            outputs=self._outputs(path, worded),
            guidance=hint.guidance,
            media=label.media,
            itemset=itemset if itemset and not self._is_plain(itemset) else None,
            read_only=None if kind is Kind.NOTE else self._definition.condition(path, "readonly"),
        )

    def _quotable(self, path: str) -> str:
        """What the bind says of quoting the answer; the question it may name has to be there."""
        found = self._definition.bound(path, "quotable").strip()
        names = {one.rpartition("/")[2] for one in self._definition.paths}
        if found and found != OWN_LINE and found not in names:
            self._definition.add(path, "quotable", "unknown_place", found=found)
        return found

    def _kind(self, control: etree._Element, path: str) -> Kind | None:
        if path not in self._definition.paths:
            self._definition.add(path, None, "unknown_place", found=path)
            return None
        bound = self._definition.bound(path, "type")
        kind = _kind(control, bound)
        if self._definition.bound(path, "readonly") in YES:
            return Kind.NOTE
        if kind is None and bound.rpartition(":")[2] not in _REFUSED_SORTS and tag(control) not in ("rank", "secret"):
            found = attribute(control, "mediatype") or bound or tag(control)
            self._definition.add(path, "type", "type_not_supported", found=found)
        return kind

    def _outputs(self, path: str, texts: tuple[Text, ...]) -> Mapping[str, Expression]:
        quoted = {placeholder: text for words in texts for placeholder, text in words.outputs.items()}
        parsed = {placeholder: self._definition.parsed(text, path, "label") for placeholder, text in quoted.items()}
        return {placeholder: expression for placeholder, expression in parsed.items() if expression}

    def _range(self, control: etree._Element, path: str) -> Range | None:
        texts = [control.get(name, "") for name in ("start", "end", "step")]
        try:
            start, end, step = map(Decimal, texts)
            size = abs(step)
            limits = Range(start, end, size if end > start else -size) if start != end and size > 0 else None
        except InvalidOperation:
            limits = None
        if limits is None or len(limits) > MOST_STEPS:
            self._definition.add(path, "parameters", "bad_range", found=" ".join(texts))
            return None
        return limits

    # Choices.

    def _itemset(self, control: etree._Element, path: str) -> Itemset | None:
        element = child(control, "itemset")
        if element is None:
            return None
        nodeset = self._definition.parsed(element.get("nodeset", "").strip(), path, "choice_filter")
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
        key = (itemset.nodeset.lists, itemset.value, itemset.label)
        if key not in self._listed:
            self._listed[key] = self._of_lists(itemset)
        return self._listed[key]

    def _of_lists(self, itemset: Itemset) -> tuple[tuple[Choice, ...], list[Text]]:
        branches = [
            place.branch
            for name in sorted(itemset.nodeset.lists)
            if (root := self._definition.branches.get(name)) is not None
            for place in root.named("item")
            if place.branch is not None
        ]
        language = self._definition.texts.default_language
        choices = (choice_of(branch, itemset, self._definition.texts.by_id, language) for branch in branches)
        texts = (self._definition.texts.by_id.get(branch.column("itextId")) for branch in branches)
        return tuple(choice for choice in choices if choice.name), [text for text in texts if text and text.outputs]

    def _choice(self, item: etree._Element) -> tuple[Choice, Text]:
        words = self._definition.texts.of(child(item, "label"))
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
