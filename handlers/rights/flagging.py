"""/flags: which answers may tell of somebody else, for the steward; never their words."""

from fieldwork.study import UnknownCity
from fieldwork.taps import is_count
from handlers import paging
from handlers.desk import Caller, Desk, tell
from handlers.paging import Found, Listed
from storage import audit, flags
from storage.flags import Flagged
from storage.tx import Tx

_SHORT = 8
"""Signs of a response's id that tell it from the others."""
_LONGEST_WORD = 24
"""So that it fits under a button with the page."""


def show(tx: Tx, desk: Desk, caller: Caller, rest: str) -> None:
    """/flags or /flags CITY."""
    words, turn = paging.parted(rest)
    try:
        city = desk.city(words).code if words else ""
    except UnknownCity:
        cities = ", ".join(city.name for city in desk.study.cities)
        tell(tx, desk, caller, "city.unknown", found=words[:60], cities=cities)
        return
    if not turn:
        audit.note(tx, caller.person.id, "flags_seen", city, "", desk.now)
    found = _found(tx, city)
    if not found.count:
        tell(tx, desk, caller, "third.no_flags")
        return
    listed: Listed[Flagged] = Listed(
        "flags",
        None,
        line=lambda one, number: _line(desk, one, caller.language),
        frame=lambda lines: desk.texts.say("third.flags", caller.language, lines=lines),
        words=words[:_LONGEST_WORD],
    )
    paging.show(tx, desk, caller, listed, found, turn)


def _found(tx: Tx, city: str) -> Found[Flagged]:
    """The newest first; only a page is read."""
    return Found(
        flags.count(tx, city),
        lambda mark: flags.count(tx, city, after=int(mark)) if is_count(mark) else 0,
        lambda start, most: flags.listed(tx, city, most, start),
        lambda one: str(one.answer_id),
    )


def _line(desk: Desk, one: Flagged, language: str) -> str:
    """`Utrecht · moment · telefoonnummer, naam · 3f2a91c4 · zo gelaten`."""
    sorts = ", ".join(desk.texts.say(f"found.{sort}", language) for sort in one.sorts)
    state = desk.texts.say("third.was_left" if one.is_left else "third.not_said", language)
    pieces = (desk.city(one.city).name, one.path.rpartition("/")[2], sorts, _short(one.response_id), state)
    return " · ".join(pieces)


def _short(response_id: str) -> str:
    """The beginning of a response's id."""
    return response_id.removeprefix("uuid:")[:_SHORT]
