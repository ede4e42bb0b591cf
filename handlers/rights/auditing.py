"""/audit: who did what, when, to which city, page by page; for the steward."""

import re

from fieldwork import wording
from fieldwork.taps import is_count
from handlers import paging
from handlers.desk import Caller, Desk, tell
from handlers.paging import Found, Listed
from storage import audit
from storage.audit import Entry, Only
from storage.tx import Tx

_LONGEST_WORD = 24
"""So that it fits under a button with the page."""


def show(tx: Tx, desk: Desk, caller: Caller, rest: str) -> None:
    """/audit, or /audit with a city, a code, a verb, or several of them."""
    words, turn = paging.parted(rest)
    word = words[:_LONGEST_WORD]
    found = _found(tx, only(desk, word))
    if not found.count:
        tell(tx, desk, caller, "audit.none")
        return
    seal = audit.seal(tx)
    listed: Listed[Entry] = Listed(
        "audit",
        None,
        line=lambda entry, number: _line(desk, entry, caller.language),
        frame=lambda lines: desk.texts.say(
            "audit.page", caller.language, lines=lines, entries=seal.entries, hash=seal.short
        ),
        words=word,
    )
    paging.show(tx, desk, caller, listed, found, turn)


def _found(tx: Tx, wanted: Only) -> Found[Entry]:
    """The entries, the newest first; there may be very many, so that only a page of them is read."""
    return Found(
        audit.count(tx, wanted),
        lambda mark: audit.count(tx, wanted, after=int(mark)) if is_count(mark) else 0,
        lambda start, most: audit.page(tx, wanted, None, most, start),
        lambda entry: str(entry.id),
    )


def only(desk: Desk, words: str) -> Only:
    """What typed words narrow the audit down to, in any order: a city, a person's code, a verb."""
    city = ""
    for one in desk.study.cities:
        for name in (one.name, one.code):
            if (found := re.search(rf"(?<!\S){re.escape(name)}(?!\S)", words, re.IGNORECASE)) is not None:
                city, words = one.code, words[: found.start()] + words[found.end() :]
    others = words.split()
    return Only(
        city,
        code=next((word for word in others if word == word.upper()), ""),
        verb=next((word for word in others if word != word.upper()), ""),
    )


def _line(desk: Desk, entry: Entry, language: str) -> str:
    """`18 november 10:05 · K7M4 · exported · utrecht · …`."""
    zone = desk.study.timezone
    day = wording.date_in_words(entry.done_on.astimezone(zone).date(), language)
    pieces = (entry.code or "bot", entry.verb, entry.city, entry.subject)
    return " · ".join((f"{day} {wording.clock(entry.done_on, zone, language)}", *(piece for piece in pieces if piece)))
