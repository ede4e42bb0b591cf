"""Taking a change back for ten minutes, by a button under the words that confirm it.

Who changes something gives the confirmation the button, in the transaction of the change:

    detail = {"person": person.id, "before": before, "after": after}
    rows = undoing.offer(tx, desk, caller, city.code, "person_moved", person.code, detail)
    tell(tx, desk, caller, "people.moved", rows, code=person.code)

and writes its way back into `WAYS` of `handlers/undoable.py`, by the same kind:

    "person_moved": Way(Verb.SEE_PEOPLE, unmove)

The way back is a function `(tx, desk, caller, change) -> str`. It compares what stands now with what the change left
(`change.detail`), raises `TooLate` where something happened since, else puts back what was there and returns what holds
now, in the caller's language ('' where there is nothing to add). What it wrote before it raised is rolled back.
All the rest is done here: whose button it is, whether they still may (the verb in the city of the change), ten minutes,
once, the audit, and the words. `detail` is JSON of ids, times and states: no names, no words of people.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from fieldwork.messages import Rows
from fieldwork.people import Verb, may
from fieldwork.taps import About, Key, button, is_count
from handlers.desk import Caller, Desk, settle, tell
from storage import audit, undoing
from storage.stamps import stamp
from storage.tx import Tx
from storage.undoing import Change

UNDO_WITHIN = timedelta(minutes=10)
_FORGOTTEN_AFTER = timedelta(days=1)


class TooLate(Exception):
    """The change cannot be taken back any more; `key` names the sentence that says why, `values` fill it."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


@dataclass(frozen=True, slots=True)
class Way:
    """Who may take a kind of change back, and how."""

    verb: Verb
    back: Callable[[Tx, Desk, Caller, Change], str]
    """Puts back what was there; what holds now, in words. Raises TooLate."""


def offer(tx: Tx, desk: Desk, caller: Caller, city: str, kind: str, subject: str, detail: Mapping[str, Any]) -> Rows:
    """Keep what a change needs to be taken back; the row with its button."""
    undoing.forget_before(tx, desk.now - _FORGOTTEN_AFTER)
    change_id = undoing.add(tx, caller.person.id, city, kind, subject, dict(detail), desk.now)
    (label,) = desk.texts.buttons("undo", caller.language)
    # The moment too: ids come again once old changes are forgotten.
    key = Key(About.DESK, caller.person.id, 0, "undo", f"{change_id}@{stamp(desk.now)}")
    return ((button(label, key),),)


def undo(tx: Tx, desk: Desk, caller: Caller, key: Key, ways: Mapping[str, Way]) -> None:
    """[Ongedaan maken]: take the change back, or say why not. Nothing is taken back twice."""
    change = _meant(tx, caller, key)
    way = None if change is None else ways.get(change.kind)
    if change is None or way is None or (not change.is_undone and desk.now > change.made_on + UNDO_WITHIN):
        settle(tx, desk, caller, str(key), shows=False)
        tell(tx, desk, caller, "undo.late", minutes=UNDO_WITHIN // timedelta(minutes=1))
    elif not may(caller.person, way.verb, change.city):
        tell(tx, desk, caller, "co.denied", city=desk.city(change.city).name)
    elif change.is_undone:
        tell(tx, desk, caller, "undo.twice")
    else:
        _take_back(tx, desk, caller, key, change, way)


def _take_back(tx: Tx, desk: Desk, caller: Caller, key: Key, change: Change, way: Way) -> None:
    try:
        with tx.part():
            now_holds = way.back(tx, desk, caller, change)
    except TooLate as why:
        settle(tx, desk, caller, str(key), shows=False)
        tell(tx, desk, caller, why.key, (), **why.values)
        return
    settle(tx, desk, caller, str(key))
    undoing.undone(tx, change.id, desk.now)
    audit.note(tx, caller.person.id, "undone", change.city, f"{change.kind} {change.subject}", desk.now)
    if now_holds:
        tell(tx, desk, caller, "undo.done_now", now=now_holds)
    else:
        tell(tx, desk, caller, "undo.done")


def _meant(tx: Tx, caller: Caller, key: Key) -> Change | None:
    id, _, made_on = key.arg.partition("@")
    return undoing.by_id(tx, int(id), made_on, caller.person.id) if is_count(id) else None
