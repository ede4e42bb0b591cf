"""/flags: which answers may tell of somebody else, for the steward; never their words."""

from fieldwork.messages import Rows
from fieldwork.people import Verb, may
from fieldwork.study import UnknownCity
from fieldwork.taps import About, Key, button, is_count
from handlers.desk import Caller, Desk, tell
from storage import audit, flags
from storage.connection import Tx
from storage.flags import Flagged

_A_PAGE = 15
_LAST = 10**15
"""Above every answer's id."""
_SHORT = 8
"""Signs of a response's id that tell it from the others."""


def show(tx: Tx, desk: Desk, caller: Caller, rest: str) -> None:
    """/flags or /flags CITY."""
    try:
        city = desk.city(rest).code if rest.strip() else ""
    except UnknownCity:
        tell(
            tx, desk, caller, "city.unknown", found=rest[:60], cities=", ".join(city.name for city in desk.study.cities)
        )
        return
    audit.note(tx, caller.person.id, "flags_seen", city, "", desk.now)
    _show(tx, desk, caller, city, _LAST)


def tapped(tx: Tx, desk: Desk, caller: Caller, key: Key) -> None:
    """[Ouder]: the page before."""
    before, _, city = key.arg.partition(" ")
    if not may(caller.person, Verb.SEE_FLAGS) or not is_count(before):
        tell(tx, desk, caller, "err.stale_button")
        return
    _show(tx, desk, caller, city, int(before))


def _show(tx: Tx, desk: Desk, caller: Caller, city: str, before: int) -> None:
    found = flags.listed(tx, city, before, _A_PAGE + 1)
    if not found:
        tell(tx, desk, caller, "third.no_flags")
        return
    rows: Rows = ()
    if len(found) > _A_PAGE:
        (label,) = desk.texts.buttons("third.flags", caller.language)
        arg = f"{found[_A_PAGE - 1].answer_id} {city}".strip()
        rows = ((button(label, Key(About.DESK, caller.person.id, 0, "flags", arg)),),)
    lines = "\n".join(_line(desk, one, caller.language) for one in found[:_A_PAGE])
    tell(tx, desk, caller, "third.flags", rows, lines=lines)


def _line(desk: Desk, one: Flagged, language: str) -> str:
    """`Utrecht · moment · telefoonnummer, naam · 3f2a91c4 · zo gelaten`."""
    sorts = ", ".join(desk.texts.say(f"found.{sort}", language) for sort in one.sorts)
    state = desk.texts.say("third.was_left" if one.is_left else "third.not_said", language)
    pieces = (desk.city(one.city).name, one.path.rpartition("/")[2], sorts, short(one.response_id), state)
    return " · ".join(pieces)


def short(response_id: str) -> str:
    """The beginning of a response's id."""
    return response_id.removeprefix("uuid:")[:_SHORT]
