"""/workshops: what is planned in a city, and moving or cancelling it."""

from collections.abc import Sequence
from datetime import timedelta

from fieldwork.messages import Rows
from fieldwork.people import Verb, may
from fieldwork.planning import Unplanned, read_span
from fieldwork.study import City
from fieldwork.taps import Key, button, is_count
from handlers import paging, planundo, replanning
from handlers.cities import city_key, picked
from handlers.desk import Caller, Desk, settle, tell
from handlers.paging import Listed
from handlers.planning import asked_at
from handlers.workshoplines import line
from storage import audit, pending, workshops
from storage.connection import Tx
from storage.workshops import Workshop

_LOOKING_BACK = timedelta(days=3)


def show(tx: Tx, desk: Desk, caller: Caller, city: City, rest: str) -> None:
    """The city's workshops, a button each."""
    planned = workshops.of_city(tx, city.code, desk.now - _LOOKING_BACK)
    if not planned:
        tell(tx, desk, caller, "agenda.none", city=city.name)
        return

    def keys(shown: Sequence[tuple[int, Workshop]]) -> Rows:
        return paging.numbered(
            [button(str(number), city_key(desk, caller, city, "workshop", str(one.id))) for number, one in shown]
        )

    listed: Listed[Workshop] = Listed(
        "workshops",
        city,
        line=lambda one, number: f"{number}. {line(tx, desk, city, one, caller.language)}",
        frame=lambda lines: desk.texts.say("agenda.list", caller.language, city=city.name, lines=lines),
        rows=keys,
    )
    paging.show(tx, desk, caller, listed, paging.found_in(planned, _mark), rest)


def tapped(tx: Tx, desk: Desk, caller: Caller, key: Key) -> None:
    """A workshop was picked, or is to be moved or cancelled."""
    city = picked(desk, caller, Verb.PLAN, key)
    workshop = workshops.by_id(tx, int(key.arg)) if is_count(key.arg) else None
    if city is None or workshop is None or workshop.city != city.code or workshop.state != "planned":
        tell(tx, desk, caller, "err.stale_button")
    elif key.act == "workshop":
        _offer(tx, desk, caller, city, workshop)
    elif key.act == "move":
        settle(tx, desk, caller, str(key))
        pending.wait_for(tx, caller.person.id, "move", {"workshop": workshop.id}, desk.now)
        tell(tx, desk, caller, "agenda.move_ask", title=workshop.title)
    else:
        settle(tx, desk, caller, str(key))
        _cancel(tx, desk, caller, workshop)


def move(tx: Tx, desk: Desk, caller: Caller, workshop_id: int, text: str) -> None:
    """The new day and time were typed: the workshop moves, and so does everything that waits for its end."""
    workshop = workshops.by_id(tx, workshop_id)
    if workshop is None or workshop.state != "planned" or not may(caller.person, Verb.PLAN, workshop.city):
        pending.done(tx, caller.person.id)
        tell(tx, desk, caller, "agenda.gone")
        return
    city = desk.city(workshop.city)
    try:
        span = read_span(text, city.timezone, desk.now)
    except Unplanned as fault:
        tell(tx, desk, caller, "agenda.move_wrong", reason=desk.texts.say(fault.key, caller.language, **fault.values))
        return
    pending.done(tx, caller.person.id)
    before = planundo.as_it_is(tx, workshop.id)
    moved = replanning.move(tx, desk, workshop.id, span.starts_on, span.ends_on)
    audit.note(tx, caller.person.id, "workshop_moved", city.code, str(workshop.id), desk.now)
    undo = planundo.offer(tx, desk, caller, "workshop_moved", moved, before)
    told = asked_at(desk, city, span.ends_on, caller.language)
    tell(tx, desk, caller, "agenda.moved", undo, line=line(tx, desk, city, moved, caller.language), prompt_at=told)


def _cancel(tx: Tx, desk: Desk, caller: Caller, workshop: Workshop) -> None:
    before = planundo.as_it_is(tx, workshop.id)
    replanning.cancel(tx, desk, workshop)
    audit.note(tx, caller.person.id, "workshop_cancelled", workshop.city, str(workshop.id), desk.now)
    undo = planundo.offer(tx, desk, caller, "workshop_cancelled", workshop, before)
    tell(tx, desk, caller, "agenda.cancelled", undo, title=workshop.title)


def _offer(tx: Tx, desk: Desk, caller: Caller, city: City, workshop: Workshop) -> None:
    move_label, cancel_label = desk.texts.buttons("agenda.one", caller.language)
    row = (
        button(move_label, city_key(desk, caller, city, "move", str(workshop.id))),
        button(cancel_label, city_key(desk, caller, city, "cancel", str(workshop.id))),
    )
    tell(tx, desk, caller, "agenda.one", (row,), line=line(tx, desk, city, workshop, caller.language))


def _mark(workshop: Workshop) -> str:
    """The minute it starts in, and which it is of those that start then."""
    return f"{int(workshop.starts_on.timestamp()) // 60:010d}-{workshop.id:09d}"
