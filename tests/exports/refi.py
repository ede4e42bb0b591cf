"""Reads a REFI-QDA project as another program would, by the standard's own rules, and refuses what breaks them."""

import re
import zipfile
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from lxml import etree

NAMESPACE = "{urn:QDA-XML:project:1.0}"
GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_MADE = "name creatingUser creationDateTime modifyingUser modifiedDateTime"
_FILE = f"guid! {_MADE} path currentPath"
RULES: dict[str, tuple[str, str]] = {
    "Project": (
        "name! origin creatingUserGUID creationDateTime modifyingUserGUID modifiedDateTime basePath",
        "Users? CodeBook? Variables? Cases? Sources? Notes? Links? Sets? Graphs? Description? NoteRef*",
    ),
    "Users": ("", "User+"),
    "User": ("guid! name id", ""),
    "CodeBook": ("", "Codes"),
    "Codes": ("", "Code+"),
    "Code": ("guid! name! isCodable! color", "Description? NoteRef* Code*"),
    "Variables": ("", "Variable+"),
    "Variable": ("guid! name! typeOfVariable!", "Description?"),
    "Cases": ("", "Case+"),
    "Case": ("guid! name", "Description? CodeRef* VariableValue* SourceRef* SelectionRef*"),
    "Sources": ("", "(TextSource|PictureSource|PDFSource|AudioSource|VideoSource)+"),
    "TextSource": (
        f"guid! {_MADE} richTextPath plainTextPath",
        "Description? PlainTextContent? PlainTextSelection* Coding* NoteRef* VariableValue*",
    ),
    "PlainTextSelection": (f"guid! {_MADE} startPosition! endPosition!", "Description? Coding* NoteRef*"),
    "PictureSource": (_FILE, "Description? TextDescription? PictureSelection* Coding* NoteRef* VariableValue*"),
    "AudioSource": (_FILE, "Description? Transcript* AudioSelection* Coding* NoteRef* VariableValue*"),
    "VideoSource": (_FILE, "Description? Transcript* VideoSelection* Coding* NoteRef* VariableValue*"),
    "PDFSource": (_FILE, "Description? PDFSelection* Representation? Coding* NoteRef* VariableValue*"),
    "PictureSelection": (f"guid! {_MADE} firstX! firstY! secondX! secondY!", "Description? Coding* NoteRef*"),
    "AudioSelection": (f"guid! {_MADE} begin! end!", "Description? Coding* NoteRef*"),
    "VideoSelection": (f"guid! {_MADE} begin! end!", "Description? Coding* NoteRef*"),
    "Coding": ("guid! creatingUser creationDateTime", "CodeRef NoteRef*"),
    "VariableValue": (
        "",
        "VariableRef (TextValue|BooleanValue|IntegerValue|FloatValue|DateValue|DateTimeValue)?",
    ),
    **dict.fromkeys(("CodeRef", "SourceRef", "VariableRef"), ("targetGUID!", "")),
}
"""Each element with its attributes, ! for those it must have, and the order of what stands in it."""
_PLACES = ("begin", "end", "firstX", "firstY", "secondX", "secondY")
_VALUE = {
    "Boolean": re.compile("true|false"),
    "Integer": re.compile("[+-]?[0-9]+"),
    "Float": re.compile(r"[+-]?[0-9]+(\.[0-9]+)?"),
    "Date": re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    "DateTime": re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z"),
    "Text": re.compile(".*", re.DOTALL),
}


class BreaksTheRules(Exception):
    """The project is not as the standard wants it."""


@dataclass
class Source:
    """A document, photo or recording as a reader finds it."""

    guid: str
    name: str
    content: bytes
    variables: dict[str, str] = field(default_factory=dict)
    coded: list[tuple[str, str]] = field(default_factory=list)
    """Each code with the words it is applied to, '' for the whole of a file."""
    selected: list[tuple[int, ...]] = field(default_factory=list)
    """Where selections of a file begin and end, in milliseconds or pixels."""


@dataclass
class Project:
    """A project as a reader finds it."""

    codes: dict[str, str]
    variables: dict[str, str]
    """Names with types."""
    cases: dict[str, list[str]]
    sources: list[Source]
    description: str


def read(path: Path) -> Project:
    """Read it whole; every path, guid and position must lead somewhere."""
    with zipfile.ZipFile(path) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    expect(len(content) == len({name.casefold() for name in content}), "two entries of one name")
    expect(not any("\\" in name or name.startswith("/") for name in content), "a path that leads out")
    xml = content.pop("project.qde")
    expect(xml.startswith(b"<?xml"), "a byte order mark, or no declaration")
    root = etree.fromstring(xml)
    follow(root)
    return _Reader(root, content).project()


def follow(element: etree._Element) -> None:
    """The element and all in it keep the rules."""
    name = str(element.tag).removeprefix(NAMESPACE)
    inside = [str(child.tag).removeprefix(NAMESPACE) for child in element]
    if name in RULES:
        attributes, order = RULES[name]
        known = {one.rstrip("!"): one.endswith("!") for one in attributes.split()}
        found = {str(key) for key in element.keys()}  # noqa: SIM118  # an element goes over its children
        expect(found <= set(known), f"{name} with {found}")
        expect(found >= {key for key, must in known.items() if must}, f"{name} without what it must have")
        pattern = re.sub(r"[A-Za-z]+", lambda one: f"(?:{one[0]} )", order).replace(" )", ",)").replace(" ", "")
        expect(re.fullmatch(pattern, "".join(f"{one}," for one in inside)) is not None, f"{name} holds {inside}")
    else:
        expect(not inside and name.endswith(("Description", "Value")), f"{name} is no element of the standard")
    for key, value in element.items():
        if str(key) in ("guid", "targetGUID", "creatingUser", "creatingUserGUID"):
            expect(GUID.fullmatch(str(value)) is not None, f"{value!r} is no guid")
        if str(key).endswith("DateTime"):
            expect(_VALUE["DateTime"].fullmatch(str(value)) is not None, f"{value!r} is no moment")
            datetime.fromisoformat(str(value))
    for child in element:
        follow(child)


class _Reader:
    def __init__(self, root: etree._Element, content: dict[str, bytes]) -> None:
        self.root = root
        self.content = content
        self.guids = [str(element.get("guid")) for element in root.iter() if element.get("guid")]
        expect(len(self.guids) == len(set(self.guids)), "a guid twice")

    def project(self) -> Project:
        users = {element.get("guid") for element in self.of("User")}
        expect({element.get("creatingUser") for element in self.root.iter()} - {None} <= users, "an unknown user")
        self.codes = {str(one.get("guid")): str(one.get("name")) for one in self.of("Code")}
        self.types = {str(one.get("guid")): str(one.get("typeOfVariable")) for one in self.of("Variable")}
        self.names = {str(one.get("guid")): str(one.get("name")) for one in self.of("Variable")}
        for named in (self.codes, self.names):
            expect(len({name.casefold() for name in named.values()}) == len(named), "a name twice")
        holder = next(self.of("Sources"), None)
        sources = [] if holder is None else [self.source(element) for element in holder]
        expect(not self.content, f"files that no source tells of: {list(self.content)}")
        cases = {
            str(case.get("name")): [
                self.target(one, {each.guid for each in sources}) for one in within(case, "SourceRef")
            ]
            for case in self.of("Case")
        }
        description = "".join(str(one.text) for one in within(self.root, "Description"))
        return Project(
            {name: guid for guid, name in self.codes.items()},
            {name: self.types[guid] for guid, name in self.names.items()},
            cases,
            sources,
            description,
        )

    def source(self, element: etree._Element) -> Source:
        kind = str(element.tag).removeprefix(NAMESPACE)
        path = str(element.get("plainTextPath" if kind == "TextSource" else "path"))
        scheme, _, name = path.partition("://")
        expect(scheme == "internal" and "/" not in name, f"{path} leads out of the archive")
        content = self.content.pop(f"sources/{name}", None)
        if content is None:
            raise BreaksTheRules(f"{path} is not in sources/")
        found = Source(str(element.get("guid")), str(element.get("name")), content)
        found.variables = dict(map(self.value, within(element, "VariableValue")))
        found.coded = [(self.code(one), "") for one in within(element, "Coding")]
        for selection in (one for one in element if str(one.tag).endswith("Selection") and kind != "TextSource"):
            found.selected.append(tuple(int(str(selection.get(place))) for place in _PLACES if selection.get(place)))
            found.coded += [(self.code(one), "") for one in within(selection, "Coding")]
        if kind == "TextSource":
            expect(not content.startswith(b"\xef\xbb\xbf"), "a byte order mark")
            text = content.decode("utf-8")
            found.coded += [self.selected(one, text) for one in within(element, "PlainTextSelection")]
        return found

    def selected(self, element: etree._Element, text: str) -> tuple[str, str]:
        start, end = int(str(element.get("startPosition"))), int(str(element.get("endPosition")))
        expect(0 <= start < end <= len(text), f"{start} to {end} of {len(text)}")
        (coding,) = within(element, "Coding")
        return self.code(coding), text[start:end]

    def code(self, coding: etree._Element) -> str:
        (ref,) = within(coding, "CodeRef")
        return self.codes[self.target(ref, set(self.codes))]

    def value(self, element: etree._Element) -> tuple[str, str]:
        ref, value = element
        guid, text = self.target(ref, set(self.names)), str(value.text or "")
        expect(str(value.tag) == f"{NAMESPACE}{self.types[guid]}Value", f"{value.tag} of a {self.types[guid]}")
        expect(_VALUE[self.types[guid]].fullmatch(text) is not None, f"{text} is no {self.types[guid]}")
        return self.names[guid], text

    def target(self, element: etree._Element, known: set[str]) -> str:
        guid = str(element.get("targetGUID"))
        expect(guid in known, f"{guid} leads nowhere")
        return guid

    def of(self, name: str) -> "etree.ElementDepthFirstIterator":
        return self.root.iter(NAMESPACE + name)


def within(element: etree._Element, name: str) -> list[etree._Element]:
    return element.findall(NAMESPACE + name)


def expect(holds: bool, otherwise: str) -> None:
    if not holds:
        raise BreaksTheRules(otherwise)
