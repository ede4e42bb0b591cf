"""The sentences that tell a form's author what is wrong with an expression, and what to write instead."""

from collections.abc import Mapping

from forms.xpath.functions import FUNCTIONS
from forms.xpath.syntax import ExpressionError, Fault

_SENTENCES: Mapping[Fault, Mapping[str, str]] = {
    Fault.CHARACTER: {
        "nl": 'teken {at} van "{cell}": "{found}" hoort hier niet.',
        "en": 'character {at} of "{cell}": "{found}" does not belong here.',
    },
    Fault.OPEN_QUOTE: {
        "nl": 'teken {at} van "{cell}": dit aanhalingsteken wordt niet gesloten.',
        "en": 'character {at} of "{cell}": this quotation mark is never closed.',
    },
    Fault.SMART_QUOTE: {
        "nl": 'teken {at} van "{cell}": gebruik rechte aanhalingstekens, geen {found}.',
        "en": 'character {at} of "{cell}": use straight quotation marks, not {found}.',
    },
    Fault.UNEXPECTED: {
        "nl": 'teken {at} van "{cell}": "{found}" staat op een plek waar het niet kan.',
        "en": 'character {at} of "{cell}": "{found}" stands where it cannot.',
    },
    Fault.UNFINISHED: {
        "nl": '"{cell}" is niet af. Ontbreekt er een haakje of een waarde?',
        "en": '"{cell}" is not finished. Is a bracket or a value missing?',
    },
    Fault.UNSUPPORTED: {
        "nl": 'teken {at} van "{cell}": "{found}" kan deze bot niet lezen.',
        "en": 'character {at} of "{cell}": this bot cannot read "{found}".',
    },
    Fault.UNKNOWN_FUNCTION: {
        "nl": 'teken {at} van "{cell}": de functie {found}() kent deze bot niet.',
        "en": 'character {at} of "{cell}": this bot does not know the function {found}().',
    },
    Fault.REFUSED_FUNCTION: {
        "nl": 'teken {at} van "{cell}": de functie {found}() kan deze bot niet. {expected}',
        "en": 'character {at} of "{cell}": this bot cannot do the function {found}(). {expected}',
    },
    Fault.BAD_PATTERN: {
        "nl": 'teken {at} van "{cell}": in dit patroon kan "{found}" niet. Wel kan iets als [0-9]{{4}}[A-Z]{{2}}.',
        "en": 'character {at} of "{cell}": "{found}" cannot be in this pattern.'
        " Something like [0-9]{{4}}[A-Z]{{2}} can.",
    },
    Fault.OPEN_PATTERN: {
        "nl": 'teken {at} van "{cell}": dit patroon is niet af: "{found}".'
        " Sluit elk haakje, zoals in ([0-9]{{4}})?[A-Z]+.",
        "en": 'character {at} of "{cell}": this pattern is not finished: "{found}".'
        " Close every bracket, as in ([0-9]{{4}})?[A-Z]+.",
    },
    Fault.LARGE_PATTERN: {
        "nl": 'teken {at} van "{cell}": dit patroon wordt te groot: "{found}". Houd het korter, zoals [a-z]{{1,20}}.',
        "en": 'character {at} of "{cell}": this pattern grows too large: "{found}".'
        " Keep it shorter, such as [a-z]{{1,20}}.",
    },
    Fault.LOOKING_PATTERN: {
        "nl": 'teken {at} van "{cell}": "{found}" kijkt vooruit of terug, en dat kan deze bot niet.'
        " Beschrijf het hele antwoord, zoals [0-9]{{4}}[A-Z]{{2}}.",
        "en": 'character {at} of "{cell}": "{found}" looks ahead or back, which this bot cannot.'
        " Describe the whole answer, such as [0-9]{{4}}[A-Z]{{2}}.",
    },
    Fault.REPEATING_PATTERN: {
        "nl": 'teken {at} van "{cell}": "{found}" herhaalt een eerder stuk, en dat kan deze bot niet.'
        " Schrijf uit wat er kan staan, zoals (aa|bb).",
        "en": 'character {at} of "{cell}": "{found}" repeats an earlier piece, which this bot cannot.'
        " Write out what can stand there, such as (aa|bb).",
    },
    Fault.ARGUMENTS: {
        "nl": 'teken {at} van "{cell}": {found}() heeft {expected} nodig.',
        "en": 'character {at} of "{cell}": {found}() needs {expected}.',
    },
    Fault.UNKNOWN_REFERENCE: {
        "nl": 'teken {at} van "{cell}": er is geen vraag "{found}".',
        "en": 'character {at} of "{cell}": there is no question "{found}".',
    },
    Fault.TOO_LONG: {
        "nl": "deze formule is te lang.",
        "en": "this expression is too long.",
    },
    Fault.TOO_DEEP: {
        "nl": "deze formule heeft te veel haakjes in elkaar.",
        "en": "this expression has too many brackets inside one another.",
    },
}

_BESIDE = {
    "nl": "Zet de rijen op het blad \"choices\" en lees ze zo: instance('lijst')/root/item[name = ${a}]/prijs.",
    "en": "Put the rows on the sheet \"choices\" and read them so: instance('list')/root/item[name = ${a}]/price.",
}
_ON_A_MAP = {
    "nl": "Vraag een plek met geopoint en meet de afstand in meters: distance(${a}, ${b}) < 100.",
    "en": "Ask for a place with geopoint and measure the distance in metres: distance(${a}, ${b}) < 100.",
}
_INSTEAD: Mapping[str, Mapping[str, str]] = {
    "pulldata": _BESIDE,
    "search": _BESIDE,
    "intersects": _ON_A_MAP,
    "geofence": _ON_A_MAP,
    "extract-signed": {
        "nl": "Vraag de code met text en kijk hem na met een patroon: regex(., '[A-Z]{2}[0-9]{6}').",
        "en": "Ask for the code with text and check it with a pattern: regex(., '[A-Z]{2}[0-9]{6}').",
    },
}
"""What can be done where a function is refused."""


def expression_sentence(error: ExpressionError, cell: str) -> dict[str, str]:
    """What is wrong with the expression in this cell."""
    texts, more = _SENTENCES[error.fault], _expected(error)
    at, found = error.position + 1, error.found
    return {
        language: text.format(at=at, found=found, cell=cell, expected=more.get(language, ""))
        for language, text in texts.items()
    }


def _expected(error: ExpressionError) -> Mapping[str, str]:
    """What a function takes, or can be done instead of it; nothing where the sentence itself says what to write."""
    match error.fault:
        case Fault.ARGUMENTS:
            return _needed(error.found)
        case Fault.REFUSED_FUNCTION:
            return _INSTEAD[error.found]
    return {}


def _needed(name: str) -> dict[str, str]:
    """How many values the function takes, in words."""
    takes = FUNCTIONS[name]
    if takes.most is None:
        return {"nl": f"minstens {takes.least} waarden", "en": f"at least {takes.least} values"}
    if takes.least == takes.most:
        some = takes.least
        return {"nl": f"{some} {'waarde' if some == 1 else 'waarden'}", "en": f"{some} value{'' if some == 1 else 's'}"}
    return {"nl": f"{takes.least} tot {takes.most} waarden", "en": f"{takes.least} to {takes.most} values"}
