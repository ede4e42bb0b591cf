"""The bot's words: each is used, each that is used exists, and people can read them."""

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest
import yaml

from exports.ownwork import DONE, MADE
from fieldwork.misses import ARRIVALS
from fieldwork.people import Role
from fieldwork.pieces import units
from fieldwork.study import LANGUAGES
from fieldwork.texts import Texts, blanks, read_texts
from fieldwork.thirdparty import Sort
from handlers.menus import OFFERS
from storage.owncopy import WORK
from storage.prompts import OPEN

PROJECT = Path(__file__).parents[1]
CATALOGUE = PROJECT / "fieldwork" / "texts.yaml"
SPEAKERS = ("fieldwork", "handlers", "exports")
OWN_WORDS = (PROJECT / "exports" / "words.py", PROJECT / "exports" / "digestwords.py")
"""The words of workbooks and charts, which have keys of their own."""
LONGEST_LABEL = 20
LONGEST_MESSAGE = 4096
LONGEST_SENTENCE = 12
"""Words; the catalogue's longest sentences are on this line."""

FAMILIES: Mapping[str, tuple[str, ...]] = {
    "agreed.": ("study", "media", "quotes"),
    "arrived.": ARRIVALS,
    "answer.": ("voice", "photo"),
    "answered.": ("yes", "no"),
    "command.": tuple(offer.names["en"] for offer in OFFERS),
    "did.": DONE,
    "erasure.": ("asked", "deleted", "wiped"),
    "found.": tuple(Sort),
    "last.": ("voice", "photo"),
    "made.": MADE,
    "means.": ("role", "city", "off", "on"),
    "media.": ("yes", "no"),
    "own.": (
        *("title", "who", "name", "address", "email", "code", "roles", "joined", "left", "consents", "given", "none"),
        *("revision", "draft", "not_answered", "enquiries", "words_not_kept", "unanswered"),
        *("asked", "media", "quotes", "tidies", "pointed_out"),
        *("messages", "from_you", "to_you", "bot_waits", "waited_for"),
        *("acts", "acts_about", *WORK, "used", "revoked", "undone", "finished", "unfinished", "link_failed"),
    ),
    "quoted.": ("yes", "no"),
    "quotes.": ("yes", "no"),
    "role.": tuple(Role),
    "settled.": ("held", "not_held"),
    "standing.": ("invited", "taking_part", "declined", "withdrawn"),
    "state.": OPEN,
    "retention.": ("automatic", "by_hand"),
    "too_old.": ("contact", "invitation", "media", "answers", "set_aside", "export"),
    "tidied.": ("yes", "no"),
    "timing.": ("after", "morning"),
}
"""Keys that the program puts together, and what it fills in."""


@cache
def texts() -> Texts:
    return read_texts(CATALOGUE.read_text(encoding="utf-8"))


def keys() -> set[str]:
    return set(texts().entries)


@cache
def program() -> tuple[ast.AST, ...]:
    """Every node of everything that speaks."""
    paths = [path for floor in SPEAKERS for path in sorted((PROJECT / floor).rglob("*.py"))]
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in paths if path not in OWN_WORDS]
    return tuple(node for tree in trees for node in ast.walk(tree))


def constants() -> set[str]:
    return {node.value for node in program() if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def families() -> set[str]:
    """The beginnings of the keys that are put together."""
    beginnings = {
        first.value
        for node in program()
        if isinstance(node, ast.JoinedStr) and isinstance(first := node.values[0], ast.Constant)
    }
    prefixes = {key.partition(".")[0] + "." for key in keys()}
    return {str(beginning) for beginning in beginnings if beginning in prefixes}


SAYING = {"say": 0, "labels": 0, "buttons": 0, "tell": 3, "Unplanned": 0, "TooLate": 0, "Missed": 0}
"""Functions that take a key, and its place among their arguments."""


def sayings() -> Iterator[tuple[str, str, ast.Call]]:
    """The calls that name a key: the function, the key, the call."""
    for node in program():
        if not isinstance(node, ast.Call):
            continue
        function = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        place = SAYING.get(function, len(node.args))
        if place < len(node.args) and isinstance(key := node.args[place], ast.Constant):
            yield function, str(key.value), node


def test_every_family_of_keys_is_known_here() -> None:
    assert families() == set(FAMILIES)


def test_every_key_of_a_family_exists() -> None:
    made = {f"{family}{word}" for family, words in FAMILIES.items() for word in words}
    assert made - keys() == set()


def test_every_text_is_used() -> None:
    made = {f"{family}{word}" for family, words in FAMILIES.items() for word in words}
    assert keys() - constants() - made == set()


def test_every_key_that_is_said_exists() -> None:
    said = {key for _, key, _ in sayings()}
    assert len(said) > 100
    assert said - keys() == set()


def test_every_word_that_looks_like_a_key_of_ours_is_one() -> None:
    prefixes = "|".join(sorted({re.escape(key.partition(".")[0]) for key in keys() if "." in key}))
    like_a_key = re.compile(rf"(?:{prefixes})\.[a-z_.]+[a-z]")
    found = {word for word in constants() if like_a_key.fullmatch(word)}
    assert len(found) > 100
    assert found - keys() == set()


def test_every_saying_fills_all_its_blanks() -> None:
    missing = []
    for function, key, call in sayings():
        given = {word.arg for word in call.keywords}
        entry = texts().entries[key]
        said = "".join(entry.buttons["nl"]) if function in ("labels", "buttons") else entry.texts.get("nl", "")
        if None not in given and function != "Missed":
            missing += [(key, blank) for blank in blanks(said) if blank not in given]
        if function == "Missed" and blanks(said) - {"what"}:
            missing.append((key, "said without values"))
    assert missing == []


def test_a_key_stands_in_the_catalogue_once() -> None:
    root = yaml.compose(CATALOGUE.read_text(encoding="utf-8"))
    assert isinstance(root, yaml.MappingNode)
    names = [str(name.value) for name, _ in root.value]
    assert len(names) == len(set(names)) == len(keys())


FILLED = {
    "evening": "20:00",
    "value": "12",
    "week_before": "46",
    "week_after": "48",
    "morning": "08:30",
    "lines": "K7M4 – Groen in de straat: nog niet begonnen\n" * 30,
    "plans": "Groen in de straat\nzaterdag 12 december, 19:00 tot 21:00, Overvecht\n" * 20,
    "summary": "x" * 3500,
    "consent": "x" * 1200,
    "question": "x" * 300,
    "commands": "/antwoorden – je antwoorden bekijken of wijzigen\n" * 14,
    "city_lines": "Amsterdam: 12 van 20 (60%)\n" * 8,
}


def filled(text: str) -> str:
    """The text with plausible values in its blanks."""
    words = re.sub(r"\{\w+:\w+\|(\w+)\}", r"\1", text)
    return words.format_map({blank: FILLED.get(blank, "Overvecht, dinsdag 24") for blank in blanks(words)})


def said() -> Iterator[tuple[str, str, str]]:
    """Key, language and text of all there is to say."""
    for key, entry in texts().entries.items():
        yield from ((key, language, text) for language, text in entry.texts.items())


def labels() -> Iterator[tuple[str, str]]:
    """Key and label of every button."""
    for key, entry in texts().entries.items():
        yield from ((key, label) for group in entry.buttons.values() for label in group)


def test_every_label_fits_on_a_button() -> None:
    assert [(key, label) for key, label in labels() if not 0 < len(filled(label)) <= LONGEST_LABEL] == []


def test_the_buttons_under_one_text_differ() -> None:
    groups = [(key, group) for key, entry in texts().entries.items() for group in entry.buttons.values()]
    assert [key for key, group in groups if len(set(group)) != len(group)] == []


def test_every_text_fits_in_one_message() -> None:
    assert [key for key, _, text in said() if units(filled(text)) > LONGEST_MESSAGE] == []


def test_nothing_is_exclaimed() -> None:
    everything = [(key, text) for key, _, text in said()] + list(labels())
    assert [key for key, text in everything if "!" in text] == []


def test_no_text_is_empty_or_has_stray_spaces() -> None:
    stray = re.compile(r"^\s|\s$|  | \n|\n ")
    assert [(key, language) for key, language, text in said() if not text or stray.search(text)] == []


def test_every_sentence_is_short() -> None:
    sentences = [
        (key, sentence)
        for key, _, text in said()
        for sentence in re.split(r"(?<=[.?:])\s+|\n+", text)
        if len(sentence.split()) > LONGEST_SENTENCE
    ]
    assert sentences == []


def test_people_are_said_je_and_not_u() -> None:
    formal = re.compile(r"\b(?:u|uw|uzelf)\b", re.IGNORECASE)
    assert [key for key, language, text in said() if language == "nl" and formal.search(text)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_there_in_each_language(language: str) -> None:
    assert [key for key, entry in texts().entries.items() if entry.texts and language not in entry.texts] == []
    assert [key for key, entry in texts().entries.items() if entry.buttons and language not in entry.buttons] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_label_that_does_nothing_is_nowhere_one_that_does_something(language: str) -> None:
    backs_out = ("co.remind.confirm", "agenda.move_check", "agenda.team", "member.surely")
    nothing = {texts().buttons(key, language)[-1] for key in backs_out}
    for key, entry in texts().entries.items():
        labels = entry.buttons.get(language, ())
        # What backs out stands last.
        assert not nothing & set(labels[:-1] if key in backs_out else labels), key
