"""The texts of an XForm: by id and language, with the answers they quote."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from lxml import etree

Labels = Mapping[str, str]
"""Language code ("nl", "en") to text; `${name}` stands for an answer that the walk fills in."""

UNTRANSLATED = "default"
_CODE = re.compile(r"\(([a-z]{2,3}(?:-[A-Za-z0-9]+)*)\)\s*$")
_CODES = {"nederlands": "nl", "dutch": "nl", "english": "en", "engels": "en"}
_REFERENCE = re.compile(r"jr:itext\(\s*'([^']+)'\s*\)")
_SIMPLE_PATH = re.compile(r"(?:current\(\)|\.\.|\.|/)[\w./\-]*")


@dataclass(slots=True)
class Text:
    """Words by language, and the expressions they quote (placeholder to expression).

    `guidance` are the longer words beside a hint, `media` the files shown with the words, by sort.
    """

    labels: dict[str, str] = field(default_factory=dict)
    outputs: dict[str, str] = field(default_factory=dict)
    guidance: dict[str, str] = field(default_factory=dict)
    media: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Texts:
    """Every translated text of a form."""

    languages: tuple[str, ...]
    default_language: str
    by_id: Mapping[str, Text]

    def of(self, element: etree._Element | None) -> Text:
        """The words of a label or hint, translated or written in place."""
        if element is None:
            return Text()
        reference = element.get("ref", "")
        return self.referred(reference) if reference else self._single(*worded(element))

    def referred(self, text: str) -> Text:
        """The words that `jr:itext('id')` points to; any other text stands for itself."""
        match = _REFERENCE.fullmatch(text.strip())
        return self.by_id.get(match[1], Text()) if match else self._single(text, {})

    def _single(self, words: str, outputs: dict[str, str]) -> Text:
        return Text({self.default_language: words}, outputs) if words else Text()


def tag(element: etree._Element) -> str:
    """The element's name without its namespace; "" for a comment."""
    name = element.tag
    return name.rpartition("}")[2] if isinstance(name, str) else ""


def language_code(language: str) -> str:
    """`Nederlands (nl)` and `nl` give nl, a known name its code, any other name itself in lower case."""
    name = language.strip()
    match = _CODE.search(name)
    return match[1] if match else _CODES.get(name.lower(), name.lower() or UNTRANSLATED)


def read_texts(translations: Iterable[etree._Element]) -> Texts:
    """The texts of the given translation elements; a text missing in a language is left out there."""
    languages: list[str] = []
    default = None
    by_id: dict[str, Text] = {}
    for translation in translations:
        language = language_code(translation.get("lang", ""))
        languages.append(language)
        if translation.get("default", "").strip() in ("true()", "true"):
            default = language
        for element in translation:
            if tag(element) == "text":
                _add(by_id.setdefault(element.get("id", ""), Text()), language, element)
    for text in by_id.values():
        _drop_missing(text)
    found = tuple(dict.fromkeys(languages)) or (UNTRANSLATED,)
    return Texts(found, default or found[0], by_id)


def _add(text: Text, language: str, element: etree._Element) -> None:
    for value in element:
        if tag(value) != "value":
            continue
        words, outputs = worded(value)
        match value.get("form"):
            case None | "long":
                text.labels[language] = words
                text.outputs.update(outputs)
            case "guidance":
                text.guidance[language] = words
                text.outputs.update(outputs)
            case "image" | "big-image" | "audio" | "video" as sort:
                text.media.setdefault(sort, words.rpartition("/")[2])
            case _:
                pass


def _drop_missing(text: Text) -> None:
    """pyxform writes "-" for a text that is missing in a language."""
    text.labels, text.guidance = _said(text.labels), _said(text.guidance)


def _said(labels: Labels) -> dict[str, str]:
    return {language: words for language, words in labels.items() if words not in ("-", "")}


def worded(element: etree._Element) -> tuple[str, dict[str, str]]:
    """An element's words, each quoted expression as a placeholder, and what the placeholders stand for."""
    parts = [element.text or ""]
    outputs: dict[str, str] = {}
    for child in element:
        if tag(child) == "output":
            expression = (child.get("value") or child.get("ref") or "").strip()
            placeholder = _placeholder(expression)
            outputs[placeholder] = expression
            parts.append(f"${{{placeholder}}}")
        parts.append(child.tail or "")
    return "".join(parts).strip(), outputs


def _placeholder(expression: str) -> str:
    if _SIMPLE_PATH.fullmatch(expression):
        return expression.rpartition("/")[2]
    return expression.replace("}", ")")


_OTHER = {"Specify other.": "Anders, namelijk:", "Other": "Anders"}
"""What pyxform writes for or_other, in English whatever the form's language, with our Dutch for it."""


def in_dutch_too(labels: Labels) -> Labels:
    """The words with a Dutch translation where pyxform made them."""
    made = next((words for words in labels.values() if words in _OTHER), None)
    own = labels.get("nl")
    return labels if made is None or own not in (None, made) else {**labels, "nl": _OTHER[made]}
