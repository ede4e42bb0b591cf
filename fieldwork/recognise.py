"""Typed words that mean a choice or a way through the questions; a near miss is never guessed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from forms.form import Choice, Question

_NUMBER_WORDS = {
    word: str(number)
    for words in (
        "nul een twee drie vier vijf zes zeven acht negen tien elf twaalf",
        "zero one two three four five six seven eight nine ten eleven twelve",
    )
    for number, word in enumerate(words.split())
} | {"één": "1"}
_YES = {"ja", "j", "yes", "y", "👍"}
_NO = {"nee", "n", "no", "👎"}
_NOW = {"nu", "now"}
_OK = {"ok", "oké", "oke", "okay", "👍"}
_BETWEEN = re.compile(r"\s*(?:[,;/+&\n]|\ben\b|\band\b|\s)\s*")


class Way(StrEnum):
    """What a person may want to do with a question besides answering it."""

    BACK = "back"
    SKIP = "skip"
    PAUSE = "pause"
    DONE = "done"
    CONTINUE = "continue"
    KEEP = "keep"
    EXPLAIN = "explain"


_WAYS = {
    Way.BACK: {"terug", "back"},
    Way.SKIP: {"overslaan", "skip", "geen foto", "no photo"},
    Way.PAUSE: {"pauze", "pause"},
    Way.DONE: {"klaar", "done"},
    Way.CONTINUE: {"verder", "start", "continue"},
    Way.KEEP: {"houden", "keep"},
    Way.EXPLAIN: {"uitleg", "explanation"},
}


@dataclass(frozen=True, slots=True)
class Option:
    """A choice as the person sees it: its place in the list, its label, its code."""

    place: int
    label: str
    choice: Choice


def plain(text: str) -> str:
    """Words without capitals, spaces around, or a full stop at the end."""
    return " ".join(text.replace("\ufe0f", "").split()).strip(" .!").casefold()


def way(text: str) -> Way | None:
    """The way through the questions that these words ask for."""
    words = plain(text)
    return next((way for way, names in _WAYS.items() if words in names), None)


def is_yes(text: str) -> bool:
    """Whether this is a yes, in either language."""
    return plain(text) in _YES


def is_no(text: str) -> bool:
    """Whether this is a no, in either language."""
    return plain(text) in _NO


def is_now(text: str) -> bool:
    """Whether this means the present moment, in either language."""
    return plain(text) in _NOW


def is_ok(text: str) -> bool:
    """Whether this agrees with what was suggested."""
    return plain(text) in _OK


def options(question: Question, labels: Sequence[str]) -> tuple[Option, ...]:
    """The question's choices with the labels shown, in order."""
    pairs = zip(question.choices, labels, strict=True)
    return tuple(Option(place, label, choice) for place, (choice, label) in enumerate(pairs, start=1))


def one(text: str, offered: Sequence[Option]) -> str | None:
    """The code that a typed answer means, None where it fits no choice or more than one.

    Digits are values where the codes are numbers (a scale), else places in the list.
    """
    words = _NUMBER_WORDS.get(plain(text), plain(text))
    codes = {option.choice.name for option in offered if words in _names(option, offered)}
    return codes.pop() if len(codes) == 1 else None


def several(text: str, offered: Sequence[Option]) -> tuple[str, ...] | None:
    """The codes of a typed "1 3", "1, 3", "1 en 3" or of labels; None where a piece fits nothing."""
    whole = one(text, offered)
    if whole is not None:
        return (whole,)
    for pieces in (re.split(r"\s*[,;\n]\s*", text.strip()), _BETWEEN.split(text.strip())):
        codes = [one(piece, offered) for piece in pieces if piece]
        if codes and None not in codes:
            return tuple(dict.fromkeys(code for code in codes if code is not None))
    return None


def _names(option: Option, offered: Sequence[Option]) -> set[str]:
    """Everything that may be typed for one option."""
    code = option.choice.name.casefold()
    scale = _is_scale(offered)
    names = {plain(option.label), code if code.isdigit() else ""}
    if not scale:
        names.add(str(option.place))
    if _starts_with(option, ("ja", "yes")) and _only(offered, ("ja", "yes")):
        names |= _YES
    if _starts_with(option, ("nee", "no")) and _only(offered, ("nee", "no")):
        names |= _NO
    return names - {""}


def _is_scale(offered: Sequence[Option]) -> bool:
    return any(option.choice.name.isdigit() for option in offered)


def _starts_with(option: Option, words: tuple[str, ...]) -> bool:
    first = plain(option.label).split(",")[0].split(" ")[0]
    return first in words


def _only(offered: Sequence[Option], words: tuple[str, ...]) -> bool:
    return sum(_starts_with(option, words) for option in offered) == 1
