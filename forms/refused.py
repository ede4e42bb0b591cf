"""What an XForm may ask for that this program refuses, each by its own name."""

from collections.abc import Iterator, Mapping

from lxml import etree

from forms.itext import tag
from forms.xml import attribute, described

_ACTIONS = frozenset({"setgeopoint", "recordaudio", "insert", "delete", "send"})
_SORTS = {"geotrace": "geotrace", "geoshape": "geoshape"}
_CONTROLS = frozenset({"input", "select", "select1", "range", "upload", "trigger", "rank", "secret"})


def refusals(root: etree._Element, binds: Mapping[str, etree._Element]) -> Iterator[tuple[str, str, str]]:
    """The path, the key of the sentence and the name of each thing that is refused."""
    for element in described(root):
        name = tag(element)
        if name in _ACTIONS:
            yield element.get("ref") or element.get("nodeset") or "", "not_supported", name
        elif name == "instance" and element.get("src"):
            yield "", "external_file", _file(element.get("src", ""))
        elif name == "submission" and attribute(element, "base64RsaPublicKey"):
            yield "", "not_supported", "encryption (public_key)"
        elif name == "entity":
            yield "", "not_supported", "entities"
        elif name in _CONTROLS:
            yield from _control(element, binds)
        elif name == "repeat" and any(tag(outer) == "repeat" for outer in element.iterancestors()):
            yield element.get("nodeset", ""), "nested_repeat", ""


def _file(source: str) -> str:
    return "last-saved" if "last-saved" in source else source.rpartition("/")[2][:60]


def _control(control: etree._Element, binds: Mapping[str, etree._Element]) -> Iterator[tuple[str, str, str]]:
    path = control.get("ref", "").strip()
    bind = binds.get(path)
    sort = "" if bind is None else attribute(bind, "type").rpartition(":")[2]
    look = control.get("appearance", "")
    if tag(control) == "rank" or sort == "odk:rank":
        yield path, "not_yet", "rank"
    elif sort == "barcode":
        yield path, "not_yet", "barcode"
    elif sort in _SORTS:
        yield path, "not_supported", sort
    elif tag(control) == "secret":
        yield path, "not_supported", "secret"
    if "search(" in look:
        yield path, "not_supported", "search()"
    if look.startswith("ex:") or " ex:" in look or control.get("intent"):
        yield path, "not_supported", "ex:"
    if control.get("query"):
        yield path, "not_supported", "select_one_external"
