"""Finds what in a told answer may tell of somebody: numbers, addresses, and names behind meneer or mevrouw.

It looks for what can be recognised by its form. First names, streets and stories it does not know.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from fieldwork.titles import named


class Sort(StrEnum):
    """What was found; where two overlap, the one that comes first here counts."""

    IBAN = "iban"
    EMAIL = "email"
    PHONE = "phone"
    ADDRESS = "address"
    BSN = "bsn"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Finding:
    """A passage of a text, from `start` up to, not including, `end`."""

    sort: Sort
    start: int
    end: int


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_GAP = r"[ .()/–-]{0,3}"
_NATIONAL = re.compile(rf"(?<![\w+])\(?(0(?:{_GAP}\d){{9}})(?![\w]|[.:]\d)")
_ABROAD = re.compile(rf"(?<![\w+:.,])(?:\+|00) ?[1-9](?:{_GAP}\d){{7,13}}(?!\w)")
_DATE = re.compile(r"\d{1,2}[-/. ](?:0?[1-9]|1[0-2])[-/. ](?:19|20)\d\d(?!\d)")
_FIRST_GROUP = re.compile(r"\d+")
_SERVICE = ("0800", "0900", "0906", "0909")
_EMAIL = re.compile(r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}\.[^\W\d_]{2,20}")
_SPELLED_EMAIL = re.compile(r"[\w.-]{1,64} ?apenstaart(?:je)? ?[\w-]{1,63} punt [a-z]{2,20}", re.IGNORECASE)
_IBAN = re.compile(r"(?<!\w)[A-Za-z]{2}\d{2}(?:[ .-]?[A-Za-z0-9]){11,32}")
_IBAN_LENGTHS = {
    **{"NL": 18, "BE": 16, "DE": 22, "FR": 27, "GB": 22, "ES": 24, "IT": 27, "PT": 25, "PL": 28, "TR": 26, "MA": 28},
    **{"LU": 20, "AT": 20, "CH": 21, "IE": 22, "DK": 18, "SE": 24, "NO": 15, "FI": 18, "GR": 27, "RO": 24, "BG": 22},
    **{"HU": 28, "CZ": 24, "SK": 24, "HR": 21, "SI": 19, "LT": 20, "LV": 21, "EE": 20, "CY": 28, "MT": 31, "TN": 24},
}
_BSN = re.compile(
    r"(?<!\w)(?<!\d[ .,-])(?:\d{9}|\d{3}([ .])\d{3}\1\d{3}|\d{4}([ .])\d{2}\2\d{3})(?!\w|[ .,-]\d)(?! ?(?:euro|€))"
)
_NUMBER = r"\d{1,5}(?:[ -]?(?:bis|hs|hoog|[A-Za-z]|[IVX]{1,4})(?!\w)|[-/]\d{1,4})?(?!\w)"
_POSTCODE = r"(?P<digits>[1-9]\d{3})(?P<space> ?)(?P<letters>[A-Za-z]{2})(?!\w)"
_AFTER = re.compile(
    rf"(?<![\w.,-]){_POSTCODE}(?:, ?| ?- ?| )(?:(?:huis)?nummer |nr\.? ?|no\.? ?)?{_NUMBER}", re.IGNORECASE
)
_CAPITAL = r"[A-ZÀ-Þ][\w'’.-]{1,30}"
_BEFORE = re.compile(
    rf"(?:{_CAPITAL} (?:(?:van|de|der|den|het|{_CAPITAL}) ){{0,3}})?"
    rf"(?<![\w.,-]){_NUMBER}(?:, ?| )(?:te )?{_POSTCODE}"
)
_SHORT_WORDS = _words(
    "aan af al as at be by da de do du en er ga ge go he hé if ik in is it je ja jo la ma me my na nu of oh om on "
    "op or pa so te to tv uw up us we wé zo ze"
)


def found_in(text: str) -> tuple[Finding, ...]:
    """What may tell of somebody, in the order of the text, none overlapping another."""
    kept: list[Finding] = []
    for sort, finder in _FINDERS.items():
        for start, end in finder(text):
            if all(end <= one.start or start >= one.end for one in kept):
                kept.append(Finding(sort, start, end))
    return tuple(sorted(kept, key=lambda one: one.start))


def _phones(text: str) -> Iterator[tuple[int, int]]:
    for match in _ABROAD.finditer(text):
        digits = "".join(sign for sign in match[0].removeprefix("00") if sign.isdigit())
        if len(digits) <= 15 and (match[0].startswith("+") or len(digits) >= 10):
            yield match.span()
    for match in _NATIONAL.finditer(text):
        if _is_phone(match[1]):
            # A bracket that closes only behind the number is not a part of it.
            yield match.start() if ")" in match[0] else match.start(1), match.end()


def _is_phone(written: str) -> bool:
    """Ten digits grouped as people group a number; no date, and no number of a service."""
    digits = "".join(sign for sign in written if sign.isdigit())
    if digits[1] == "0" or digits.startswith(_SERVICE) or _DATE.match(written):
        return False
    groups = _FIRST_GROUP.findall(written)
    return digits[1] == "6" or len(groups) == 1 or len(groups[0]) in (3, 4)


def _emails(text: str) -> Iterator[tuple[int, int]]:
    for pattern in (_EMAIL, _SPELLED_EMAIL):
        yield from (match.span() for match in pattern.finditer(text))


def _ibans(text: str) -> Iterator[tuple[int, int]]:
    for match in _IBAN.finditer(text):
        places = [place for place in range(*match.span()) if text[place].isalnum()]
        length = _IBAN_LENGTHS.get(match[0][:2].upper(), 0)
        if not 0 < length <= len(places):
            continue
        end = places[length - 1] + 1
        if text[end : end + 1].isalnum():
            continue
        if is_iban("".join(text[place] for place in places[:length])):
            yield match.start(), end


def is_iban(compact: str) -> bool:
    """Whether the check figures are right: the rest by 97 is 1 (ISO 7064)."""
    turned = (compact[4:] + compact[:4]).upper()
    return int("".join(str(int(sign, 36)) for sign in turned)) % 97 == 1


def _bsns(text: str) -> Iterator[tuple[int, int]]:
    for match in _BSN.finditer(text):
        if is_bsn("".join(sign for sign in match[0] if sign.isdigit())):
            yield match.span()


def is_bsn(digits: str) -> bool:
    """Whether nine digits pass the test by eleven of a citizen service number."""
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    total = sum(weight * int(digit) for weight, digit in zip(weights, digits, strict=True))
    return total % 11 == 0 and any(digit != "0" for digit in digits)


def _addresses(text: str) -> Iterator[tuple[int, int]]:
    for pattern in (_BEFORE, _AFTER):
        for match in pattern.finditer(text):
            # "2026 in 3" is a year and a word.
            letters = match["letters"]
            if not (match["space"] and not letters.isupper() and letters.lower() in _SHORT_WORDS):
                yield match.span()


_FINDERS: dict[Sort, Callable[[str], Iterator[tuple[int, int]]]] = {
    Sort.IBAN: _ibans,
    Sort.EMAIL: _emails,
    Sort.PHONE: _phones,
    Sort.ADDRESS: _addresses,
    Sort.BSN: _bsns,
    Sort.NAME: named,
}
