"""Writes a walk as XForm instance XML, the way a server that holds the same form takes it in."""

import re
from dataclasses import replace
from datetime import datetime

from lxml import etree

from forms.nodes import placed
from forms.walk import Walk

_XFORMS = "http://www.w3.org/2002/xforms"
_OPENROSA = "http://openrosa.org/xforms"
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def instance_xml(walk: Walk, instance_id: str, ended_on: datetime) -> str:
    """The submission of this walk; what is not relevant is left out, what is blank stands empty.

    `instance_id` ("uuid:…") is the session's own and stays the same however often it is written; `ended_on`
    (aware) is the moment the person sent it. The person's code stands where the form asks for a device or a name.
    """
    ended = replace(walk, now=ended_on, _state=None)
    return _Writer(ended, instance_id).text()


def attachments(walk: Walk) -> tuple[str, ...]:
    """The files that go with the submission, each once, by the names that the instance gives them."""
    given = (walk.value(question.path) for question in walk.items() if question.kind.is_media)
    return tuple(dict.fromkeys(name for name in given if name))


class _Writer:
    """Lays out one submission, element by element in the form's order."""

    def __init__(self, walk: Walk, instance_id: str) -> None:
        self._walk = walk
        self._form = walk.form
        self._instance_id = instance_id
        self._leaves = dict(walk.leaves())

    def text(self) -> str:
        path = self._form.layout[0]
        namespace = self._form.namespace if self._form.namespace != _XFORMS else ""
        prefixes: dict[str | None, str] = {"orx": _OPENROSA}
        if namespace:
            prefixes[None] = namespace
        root = etree.Element(_named(path, namespace), nsmap=prefixes)  # type: ignore[arg-type]  # stubs lack None
        root.set("id", self._form.form_id)
        if self._form.version:
            root.set("version", self._form.version)
        for name, value in self._form.attributes.get(path, {}).items():
            if name not in ("id", "version"):
                root.set(name, value)
        self._fill(root, path, 0, namespace)
        self._sign(root, path, namespace)
        return etree.tostring(root, encoding="unicode")

    def _fill(self, element: etree._Element, path: str, instance: int, namespace: str) -> None:
        for child in self._form.below.get(path, ()):
            if child == f"{self._form.layout[0]}/meta":
                continue
            if child in self._form.repeats:
                for number in range(1, self._walk.count(child) + 1):
                    self._place(element, child, number, namespace)
            else:
                self._place(element, child, instance, namespace)

    def _place(self, element: etree._Element, path: str, instance: int, namespace: str) -> None:
        node = self._form.node(path)
        key = placed(path, node.repeat if node else None, instance)
        if not self._walk.stands(key):
            return
        made = etree.SubElement(element, _named(path, namespace), dict(self._form.attributes.get(path, {})))
        if key in self._leaves:
            made.text = _NOT_XML.sub("", self._leaves[key]) or None
        self._fill(made, path, instance, namespace)

    def _sign(self, root: etree._Element, path: str, namespace: str) -> None:
        """Who this submission is: its id, and the name its form gives it."""
        theirs = _OPENROSA if self._form.is_meta_openrosa else namespace
        meta = etree.SubElement(root, _named("meta", theirs))
        etree.SubElement(meta, _named("instanceID", theirs)).text = self._instance_id
        name = self._leaves.get(f"{path}/meta/instanceName", "")
        if name:
            etree.SubElement(meta, _named("instanceName", theirs)).text = _NOT_XML.sub("", name)


def _named(path: str, namespace: str) -> str:
    name = path.rpartition("/")[2]
    return f"{{{namespace}}}{name}" if namespace else name
