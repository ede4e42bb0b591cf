"""One XForm laid open: its places, binds, texts and lists, and what is found wrong in it."""

from dataclasses import replace

from lxml import etree

from forms.faultsentences import expression_sentence
from forms.itext import Texts, read_texts, tag
from forms.problems import Problem, shortened
from forms.sentences import sentence
from forms.xml import attribute, described, first, places, problems, root_of
from forms.xpath.layout import Layout
from forms.xpath.parser import parse
from forms.xpath.run import Branch
from forms.xpath.syntax import Expression, ExpressionError

MAX_FORMULAS = 200_000
"""Characters; the compiler writes out names as whole paths."""
MAX_READ = 60_000
_NEVER = {"required": ("false()", "false"), "relevant": ("true()", "true"), "readonly": ("false()", "false")}


class Definition:
    """The parts of one XForm by path or name; `found` gathers what is wrong as the parts are read.

    Raises Problems where the text is no XML or has no primary instance.
    """

    def __init__(self, xml: str) -> None:
        self.root = root_of(xml)
        self.found: list[Problem] = []
        self._written = self._read = 0
        self._conditions: dict[tuple[str, str], Expression | None] = {}
        self.data = self._primary()
        self.paths = self._first_places()
        self.binds = self._all_binds()
        itext = first(self.root, "itext")
        self.texts: Texts = read_texts(itext if itext is not None else ())
        self._lists = {
            instance.get("id", ""): instance
            for instance in self.root.iter()
            if tag(instance) == "instance" and instance.get("id") and instance is not self.data.getparent()
        }
        self._layout = Layout(self.paths)
        self.branches = {name: _branch(instance[0]) for name, instance in self._lists.items() if len(instance)}

    def _primary(self) -> etree._Element:
        instance = first(self.root, "instance")
        if instance is None or not len(instance):
            raise problems("unreadable_xml", found="instance")
        return instance[0]

    def _first_places(self) -> dict[str, etree._Element]:
        """Every path with its element; of several instances of a repeat the first real one."""
        found: dict[str, etree._Element] = {}
        for path, element in places(self.data):
            if path not in found or (not _in_template(element) and _in_template(found[path])):
                found[path] = element
        return found

    def _all_binds(self) -> dict[str, etree._Element]:
        found: dict[str, etree._Element] = {}
        for bind in described(self.root):
            if tag(bind) == "bind":
                path = (bind.get("nodeset") or bind.get("ref") or "").strip()
                found[path if path.startswith("/") else f"/{tag(self.data)}/{path}"] = bind
        return found

    def add(self, path: str, column: str | None, key: str, **words: str) -> None:
        """Note what is wrong at this path; `column` is the workbook's, `key` and `words` make the sentence."""
        name = path.rpartition("/")[2]
        self.found.append(Problem(None, None, column, name, sentence(key, **words)))

    def is_meta(self, path: str) -> bool:
        """Whether the path is of the submission's own particulars, which nobody answers."""
        meta = f"/{tag(self.data)}/meta"
        return path == meta or path.startswith(f"{meta}/")

    def bound(self, path: str, name: str) -> str:
        """What the bind of this path says under the name; blank where it says nothing."""
        bind = self.binds.get(path)
        return "" if bind is None else attribute(bind, name)

    def condition(self, path: str, name: str) -> Expression | None:
        """The bind's expression; None where there is none or where it says nothing."""
        if (path, name) not in self._conditions:
            text = self.bound(path, name)
            says_nothing = not text or text in _NEVER.get(name, ())
            self._conditions[path, name] = None if says_nothing else self.parsed(text, path, name)
        return self._conditions[path, name]

    def parsed(self, text: str, path: str, column: str | None) -> Expression | None:
        """The expression as it stands at this path; None where it cannot be read, which is then in `found`.

        Raises Problems where all expressions together are too much to work with.
        """
        self._written += len(text)
        if self._written > MAX_FORMULAS:
            raise problems("too_much_formula", found=str(self._written), most=str(MAX_FORMULAS))
        try:
            expression = parse(text, path)
        except ExpressionError as error:
            message = expression_sentence(error, shortened(text))
            self.found.append(Problem(None, None, column, path.rpartition("/")[2], message))
            return None
        if expression.is_wide:
            read = self._layout.reached(expression.root, path, frozenset({path}))
            # A wildcard over its own group does not mean the place itself.
            expression = replace(expression, references=expression.references | (read - {path}))
        self._read += len(expression.references)
        if self._read > MAX_READ:
            raise problems("too_entangled", found=str(self._read), most=str(MAX_READ))
        # A filter or a name that reads nothing reads blank, as in other programs; elsewhere it is a slip.
        is_harmless = column == "choice_filter" or self.is_meta(path)
        for reference in () if is_harmless else sorted(expression.references - self.paths.keys()):
            self.add(path, column, "unknown_place", found=reference)
        for name in sorted(expression.lists - self._lists.keys()):
            self.add(path, column, "unknown_place", found=f"instance('{name}')")
        return expression


def is_template(element: etree._Element) -> bool:
    """Whether this is only the pattern for further instances of a repeat."""
    return any(etree.QName(str(key)).localname == "template" for key in element.attrib)


def plain_attributes(element: etree._Element) -> dict[str, str]:
    """The attributes that belong to no namespace."""
    return {str(name): str(value) for name, value in element.attrib.items() if not str(name).startswith("{")}


def _in_template(element: etree._Element) -> bool:
    return any(is_template(outer) for outer in (element, *element.iterancestors()))


def _branch(element: etree._Element) -> Branch:
    """The element with all below it; its depth is bounded by that of the whole XForm."""
    children = tuple(_branch(each) for each in element if tag(each))
    attributes = plain_attributes(element)
    return Branch(tag(element), "" if children else (element.text or "").strip(), children, attributes)
