"""Reads XML from strangers: no entities, no network, no depth or size that does harm."""

import re
from collections.abc import Iterator

from lxml import etree

from forms.itext import tag
from forms.problems import Problem, Problems, shortened
from forms.sentences import sentence

MAX_CHARACTERS = 20_000_000
MAX_DEPTH = 100
MAX_ELEMENTS = 60_000
MAX_TAG = 50_000
"""Characters of one tag with its attributes, of which a reader takes more time than there are."""
_LONG_TAG = re.compile(rf"<[^<>]{{{MAX_TAG},}}")
YES = frozenset({"yes", "true", "1", "true()", "ja"})


def root_of(xml: str) -> etree._Element:
    """The outermost element. Raises Problems."""
    if len(xml) > MAX_CHARACTERS:
        size = f"{len(xml) // 1_000_000} MB"
        raise problems("too_large", found=size, most=f"{MAX_CHARACTERS // 1_000_000} MB")
    if "<!DOCTYPE" in xml or "<!ENTITY" in xml:
        raise problems("unreadable_xml", found="DOCTYPE")
    if _LONG_TAG.search(xml):
        raise problems("unreadable_xml", found=f"< > {MAX_TAG}")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True, huge_tree=False
    )
    try:
        root = etree.fromstring(xml.encode(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise problems("unreadable_xml", found=shortened(str(error), 120)) from error
    _expect_bounded(root)
    return root


def _expect_bounded(root: etree._Element) -> None:
    depth = 0
    for count, (event, _) in enumerate(etree.iterwalk(root, events=("start", "end"))):
        depth += 1 if event == "start" else -1
        if depth > MAX_DEPTH or count > 2 * MAX_ELEMENTS:
            found, most = ("depth", MAX_DEPTH) if depth > MAX_DEPTH else ("elements", MAX_ELEMENTS)
            raise problems("unreadable_xml", found=f"{found} > {most}")


def problems(key: str, **words: str) -> Problems:
    """One problem that belongs to no place, to be raised."""
    return Problems([Problem(None, None, None, words.get("found", ""), sentence(key, **words))])


def first(root: etree._Element, name: str) -> etree._Element | None:
    """The first element of this name at any depth, what is filled in left out."""
    return next((element for element in described(root) if tag(element) == name), None)


def described(root: etree._Element) -> Iterator[etree._Element]:
    """Every element that describes the form; within an instance any name may be that of a question."""
    waiting = [root]
    while waiting:
        element = waiting.pop()
        yield element
        if tag(element) != "instance":
            waiting.extend(reversed(element))


def child(element: etree._Element, name: str) -> etree._Element | None:
    """The first child of this name."""
    return next((found for found in element if tag(found) == name), None)


def attribute(element: etree._Element, name: str) -> str:
    """An attribute by its name, whatever its namespace; "" where it is missing."""
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2] == name:
            return str(value).strip()
    return ""


def places(data: etree._Element) -> Iterator[tuple[str, etree._Element]]:
    """Every place of the submission with its path, in the form's order; a repeat's pattern left out."""
    waiting = [(f"/{tag(data)}", data)]
    while waiting:
        path, element = waiting.pop()
        yield path, element
        waiting.extend((f"{path}/{tag(found)}", found) for found in reversed(element) if tag(found))
