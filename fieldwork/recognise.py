"""Typed words that mean a choice or a way through the questions; a near miss is never guessed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from forms.question import Choice, Question

_DUTCH = (
    "nul een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien zeventien"
    " achttien negentien"
)
_ENGLISH = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen"
)
_DUTCH_TENS = "twintig dertig veertig vijftig zestig zeventig tachtig negentig"
_ENGLISH_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_LEFT_OUT = str.maketrans(",◀▶", "   ")
_SKIN = dict.fromkeys(range(0x1F3FB, 0x1F400), "")


def _number_words() -> dict[str, str]:
    """Every number from nought to a hundred in Dutch and English, with the digits it stands for."""
    words = {"één": 1, "honderd": 100, "hundred": 100, "one hundred": 100, "a hundred": 100}
    for names in (_DUTCH, _ENGLISH):
        words |= {word: number for number, word in enumerate(names.split())}
    for dutch, english, ten in zip(_DUTCH_TENS.split(), _ENGLISH_TENS.split(), range(20, 100, 10), strict=True):
        words |= {dutch: ten, english: ten}
        for unit in range(1, 10):
            words[f"{english}-{_ENGLISH.split()[unit]}"] = words[f"{english} {_ENGLISH.split()[unit]}"] = ten + unit
            name = _DUTCH.split()[unit]
            words[f"{name}{'ën' if name.endswith('e') else 'en'}{dutch}"] = ten + unit
    return {word: str(number) for word, number in words.items()}


_NUMBER_WORDS = _number_words()
_ONE_NUMBER = re.compile(r"(?<![\w.,+-])[+-]?\d+(?:[.,]\d+)?(?![\w.,-]*\d)", re.ASCII)
_LONGEST_NEAR_NUMBER = 60
_YES = {"ja", "j", "yes", "y", "👍"}
_NO = {"nee", "n", "no", "👎"}
_NOW = {"nu", "now"}
_OK = {"ok", "oké", "oke", "okay", "👍"}
_NO_PHOTO = {"geen foto", "no photo"}
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
    OVERVIEW = "overview"
    LATER = "later"
    MORE = "more"
    UNKNOWN = "unknown"
    REWORD = "reword"
    LEAVE = "leave"


_WAYS = {
    Way.BACK: {"terug", "back"},
    Way.SKIP: {"overslaan", "skip", *_NO_PHOTO},
    Way.PAUSE: {"pauze", "pause"},
    Way.DONE: {"klaar", "done"},
    Way.CONTINUE: {"verder", "start", "continue"},
    Way.KEEP: {"houden", "keep"},
    Way.EXPLAIN: {"uitleg", "explanation"},
    Way.OVERVIEW: {"overzicht", "overview", "antwoorden", "answers"},
    Way.LATER: {"later"},
    Way.MORE: {"nog niet", "not yet"},
    Way.UNKNOWN: {
        *("weet ik niet", "ik weet het niet", "weet niet", "geen idee"),
        *("i don't know", "i don’t know", "don't know", "don’t know", "no idea"),
    },
}


@dataclass(frozen=True, slots=True)
class Option:
    """A choice as the person sees it: its place in the list, its label, its code."""

    place: int
    label: str
    choice: Choice


def plain(text: str) -> str:
    """Words without capitals, spaces around, or a full stop at the end."""
    return " ".join(text.replace("\ufe0f", "").translate(_SKIN).split()).strip(" .!").casefold()


def as_label(text: str) -> str:
    """Words as they are compared with a label: who types on a phone leaves commas and arrows out."""
    return " ".join(plain(text).translate(_LEFT_OUT).split())


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


def is_no_photo(text: str) -> bool:
    """Whether this passes over a question for a photo; elsewhere it says nothing."""
    return plain(text) in _NO_PHOTO


def is_ok(text: str) -> bool:
    """Whether this agrees with what was suggested."""
    return plain(text) in _OK


def number_in_words(text: str) -> str | None:
    """The digits of a number that is written as a word, in either language."""
    return _NUMBER_WORDS.get(plain(text))


def number_within(text: str) -> str | None:
    """The one number in words like "ongeveer 12" or "twaalf mensen"; None where there is none, or more than one."""
    if len(text) > _LONGEST_NEAR_NUMBER:
        return None
    found: list[str] = _ONE_NUMBER.findall(text)
    # "een" is also the article, so that it counts as no number among other words.
    spelt = [_NUMBER_WORDS[word] for word in plain(text).split() if word in _NUMBER_WORDS and word not in ("een", "a")]
    digits = sum(sign.isdigit() for sign in text)
    if len(found) + len(spelt) != 1 or (spelt and digits) or digits > sum(sign.isdigit() for sign in "".join(found)):
        return None
    return (found + spelt)[0]


def holds_any(text: str, words: Sequence[str]) -> bool:
    """Whether one of the words or phrases stands in the text, whole, whatever its capitals."""
    said = " ".join(re.findall(r"\w+", text.casefold()))
    wanted = (" ".join(re.findall(r"\w+", word.casefold())) for word in words)
    return any(word and f" {word} " in f" {said} " for word in wanted)


def options(question: Question, labels: Sequence[str]) -> tuple[Option, ...]:
    """The question's choices with the labels shown, in order."""
    pairs = zip(question.choices, labels, strict=True)
    return tuple(Option(place, label, choice) for place, (choice, label) in enumerate(pairs, start=1))


def one(text: str, offered: Sequence[Option]) -> str | None:
    """The code that a typed answer means, None where it fits no choice or more than one.

    Digits are values where the codes are numbers (a scale), else places in the list.
    """
    words = _NUMBER_WORDS.get(plain(text), as_label(text))
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
    names = {as_label(option.label), code if code.isdigit() else ""}
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
