"""What the bot says, by key and language, with the blanks filled in."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from string import Formatter

import yaml

from fieldwork import wording
from fieldwork.study import LANGUAGES


class BadCatalogue(Exception):
    """A text is missing in a language, or its languages do not match."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing the bot says, per language, and the labels of its buttons in order."""

    texts: Mapping[str, str]
    buttons: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Texts:
    """The whole catalogue. A key or a value that is missing is a KeyError: a fault of ours."""

    entries: Mapping[str, Entry]

    def say(self, key: str, language: str, **values: object) -> str:
        """The text in this language, its `{blanks}` filled in; `{n:question|questions}` goes by the number n."""
        return self.entries[key].texts[language].format_map(_readable(values, language))

    def buttons(self, key: str, language: str, **values: object) -> tuple[str, ...]:
        """The labels that go under it."""
        filled = _readable(values, language)
        return tuple(label.format_map(filled) for label in self.entries[key].buttons[language])


@dataclass(frozen=True, slots=True)
class _Number:
    """A number in a text: itself, or the one of two words that goes with it."""

    value: int | float | Decimal
    language: str

    def __format__(self, words: str) -> str:
        if not words:
            return wording.number(self.value, self.language)
        one, other = words.split("|")
        return wording.numerus(self.value, one, other, self.language)


def _readable(values: Mapping[str, object], language: str) -> Mapping[str, object]:
    return {
        name: _Number(value, language) if isinstance(value, int | float | Decimal) else value
        for name, value in values.items()
    }


def read_texts(catalogue: str) -> Texts:
    """Read the YAML catalogue; BadCatalogue names every key whose languages differ."""
    raw = yaml.load(catalogue, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    entries = {key: _entry(value) for key, value in raw.items()}
    faults = [fault for key, entry in entries.items() for fault in _faults(key, entry)]
    if faults:
        raise BadCatalogue("; ".join(faults))
    return Texts(entries)


def blanks(text: str) -> frozenset[str]:
    """The names of the `{blanks}` in a text."""
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name)


def _entry(raw: Mapping[str, object]) -> Entry:
    texts = {language: str(raw[language]) for language in LANGUAGES if language in raw}
    rows = raw.get("buttons", {})
    assert isinstance(rows, Mapping)
    return Entry(texts, {language: tuple(map(str, labels)) for language, labels in rows.items()})


def _faults(key: str, entry: Entry) -> list[str]:
    """What keeps a person of one language from reading what another reads."""
    faults = [] if entry.texts or entry.buttons else [f"{key}: expected a text or buttons, found neither"]
    for what, by_language in (("a text", entry.texts), ("buttons", entry.buttons)):
        if by_language and set(by_language) != set(LANGUAGES):
            faults.append(f"{key}: expected {what} in {', '.join(LANGUAGES)}, found {', '.join(by_language)}")
    labels = {language: "".join(labels) for language, labels in entry.buttons.items()}
    if any(len({blanks(text) for text in said.values()}) > 1 for said in (entry.texts, labels)):
        faults.append(f"{key}: the languages have different blanks")
    if len({len(labels) for labels in entry.buttons.values()}) > 1:
        faults.append(f"{key}: the languages have different numbers of buttons")
    return faults
