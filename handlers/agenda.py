"""/workshops: what is planned in a city, and moving or cancelling it."""

from collections.abc import Sequence
from datetime import timedelta

from fieldwork import wording
from fieldwork.messages import Rows
from fieldwork.people import Verb, may
from fieldwork.planning import Unplanned, read_span
from fieldwork.study import City
from fieldwork.taps import Key, button, is_count
from handlers import paging, replanning
from handlers.cities import city_key, picked
from handlers.desk import Caller, Desk, settle, tell
from handlers.paging import Listed
from handlers.planning import asked_at
from storage import audit, pending, people, workshops
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
        line=lambda one, number: f"{number}. {_line(tx, desk, city, one, caller.language)}",
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
        replanning.cancel(tx, desk, workshop)
        audit.note(tx, caller.person.id, "workshop_cancelled", city.code, str(workshop.id), desk.now)
        tell(tx, desk, caller, "agenda.cancelled", title=workshop.title)


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
    workshops.move(tx, workshop.id, span.starts_on, span.ends_on)
    moved = workshops.by_id(tx, workshop.id)
    assert moved is not None
    replanning.move(tx, desk, moved)
    audit.note(tx, caller.person.id, "workshop_moved", city.code, str(workshop.id), desk.now)
    told = asked_at(desk, city, span.ends_on, caller.language)
    line = _line(tx, desk, city, moved, caller.language)
    tell(tx, desk, caller, "agenda.moved", line=line, prompt_at=told)


def _offer(tx: Tx, desk: Desk, caller: Caller, city: City, workshop: Workshop) -> None:
    move_label, cancel_label = desk.texts.buttons("agenda.one", caller.language)
    row = (
        button(move_label, city_key(desk, caller, city, "move", str(workshop.id))),
        button(cancel_label, city_key(desk, caller, city, "cancel", str(workshop.id))),
    )
    tell(tx, desk, caller, "agenda.one", (row,), line=_line(tx, desk, city, workshop, caller.language))


def _mark(workshop: Workshop) -> str:
    """The minute it starts in, and which it is of those that start then."""
    return f"{int(workshop.starts_on.timestamp()) // 60:010d}-{workshop.id:09d}"


def _line(tx: Tx, desk: Desk, city: City, workshop: Workshop, language: str) -> str:
    codes = ", ".join(people.by_id(tx, person_id).code for person_id in workshops.team(tx, workshop.id))
    return desk.texts.say(
        "agenda.line",
        language,
        date=wording.day(workshop.starts_on, city.timezone, language, desk.now),
        start=wording.clock(workshop.starts_on, city.timezone, language),
        end=wording.clock(workshop.ends_on, city.timezone, language),
        place=workshop.neighbourhood,
        title=workshop.title,
        people=codes,
    )
