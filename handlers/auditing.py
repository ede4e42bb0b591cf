"""/audit: who did what, when, to which city, page by page; for the steward."""

from fieldwork import wording
from fieldwork.messages import Rows
from fieldwork.people import Verb, may
from fieldwork.study import UnknownCity
from fieldwork.taps import About, Key, button
from handlers.desk import Caller, Desk, tell
from storage import audit
from storage.audit import Entry, Only
from storage.connection import Tx

_A_PAGE = 15
_LONGEST_WORD = 24
"""So that it fits under a button with the page."""


def show(tx: Tx, desk: Desk, caller: Caller, rest: str) -> None:
    """/audit, /audit CITY, /audit CODE or /audit VERB."""
    _show(tx, desk, caller, rest.strip()[:_LONGEST_WORD], None)


def tapped(tx: Tx, desk: Desk, caller: Caller, key: Key) -> None:
    """[Ouder]: the page before."""
    before, _, word = key.arg.partition(" ")
    if not may(caller.person, Verb.SEE_AUDIT) or not (before.isascii() and before.isdigit() and len(before) < 16):
        tell(tx, desk, caller, "err.stale_button")
        return
    _show(tx, desk, caller, word, int(before))


def _show(tx: Tx, desk: Desk, caller: Caller, word: str, before: int | None) -> None:
    found = audit.page(tx, only(desk, word), before, _A_PAGE + 1)
    if not found:
        tell(tx, desk, caller, "audit.none")
        return
    shown = found[:_A_PAGE]
    rows: Rows = ()
    if len(found) > _A_PAGE:
        (label,) = desk.texts.buttons("audit.page", caller.language)
        arg = f"{shown[-1].id} {word}".strip()
        rows = ((button(label, Key(About.DESK, caller.person.id, 0, "audit", arg)),),)
    seal = audit.seal(tx)
    lines = "\n".join(_line(desk, entry, caller.language) for entry in shown)
    tell(tx, desk, caller, "audit.page", rows, lines=lines, entries=seal.entries, hash=seal.short)


def only(desk: Desk, word: str) -> Only:
    """What a typed word narrows the audit down to: a city, a person's code, or else a verb."""
    if not word:
        return Only()
    try:
        return Only(city=desk.city(word).code)
    except UnknownCity:
        return Only(code=word) if word == word.upper() else Only(verb=word)


def _line(desk: Desk, entry: Entry, language: str) -> str:
    """`18 november 10:05 · K7M4 · exported · utrecht · …`."""
    zone = desk.study.timezone
    day = wording.date_in_words(entry.done_on.astimezone(zone).date(), language)
    pieces = (entry.code or "bot", entry.verb, entry.city, entry.subject)
    return " · ".join((f"{day} {wording.clock(entry.done_on, zone, language)}", *(piece for piece in pieces if piece)))
