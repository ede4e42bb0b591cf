"""/workshops: what is planned in a city, and moving or cancelling it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from fieldwork.messages import Rows, Say
from fieldwork.people import Verb, may
from fieldwork.planning import Span
from fieldwork.study import City
from fieldwork.taps import Key, button, is_count
from handlers import paging
from handlers.cities import city_key, picked
from handlers.desk import Caller, Desk, say_over, settle, tell
from handlers.paging import Listed
from handlers.workshops import plansteps, planundo, replanning, teamchanging
from handlers.workshops.asktimes import asked_at
from handlers.workshops.workshoplines import line
from storage import audit, outbox, pending, people, prompts, workshops
from storage.stamps import moment, stamp
from storage.tx import Tx
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
        plansteps.begin_moving(tx, desk, caller, workshop)
    elif key.act == "crew":
        settle(tx, desk, caller, str(key))
        teamchanging.begin(tx, desk, caller, workshop)
    else:
        settle(tx, desk, caller, str(key))
        _cancel(tx, desk, caller, workshop)


def confirm_move(tx: Tx, desk: Desk, caller: Caller, workshop: Workshop, to: Span) -> None:
    """The new day and times are known: what that comes to is shown before the workshop moves."""
    made_on = stamp(desk.now)
    detail = {
        "made_on": made_on,
        "workshop": workshop.id,
        "starts_on": stamp(to.starts_on),
        "ends_on": stamp(to.ends_on),
    }
    pending.wait_for(tx, caller.person.id, "move_confirm", detail, desk.now)
    city = desk.city(workshop.city)
    labels = zip(desk.texts.buttons("agenda.move_check", caller.language), "sc", strict=True)
    row = tuple(button(label, city_key(desk, caller, city, "moveto", act + made_on)) for label, act in labels)
    moved = replace(workshop, starts_on=to.starts_on, ends_on=to.ends_on)
    text = desk.texts.say(
        "agenda.move_check",
        caller.language,
        line=line(tx, desk, city, moved, caller.language),
        prompt_at=_asked_at(tx, desk, moved, caller.language),
    )
    asked, begun = _asked(tx, workshop)
    told = (
        desk.texts.say("agenda.asked", caller.language, codes=", ".join(asked)) if asked else "",
        desk.texts.say("agenda.begun", caller.language, codes=", ".join(begun)) if begun else "",
    )
    outbox.write(tx, caller.urn, Say("\n".join(filter(None, (text, *told))), (row,)), now=desk.now)


def move(tx: Tx, desk: Desk, caller: Caller, key: Key) -> None:
    """[Verplaatsen] or [Niet doen]: the workshop moves, and so does everything that waits for its end."""
    waiting = pending.waiting_for(tx, caller.person.id, desk.now)
    if waiting is None or waiting.kind != "move_confirm" or waiting.detail["made_on"] != key.arg[1:]:
        say_over(tx, desk, caller, str(key))
        return
    settle(tx, desk, caller, str(key))
    pending.done(tx, caller.person.id)
    workshop = workshops.by_id(tx, waiting.detail["workshop"])
    if workshop is None or workshop.state != "planned" or not may(caller.person, Verb.PLAN, workshop.city):
        tell(tx, desk, caller, "agenda.gone")
    elif key.arg[:1] == "s":
        _move(tx, desk, caller, workshop, moment(waiting.detail["starts_on"]), moment(waiting.detail["ends_on"]))
    else:
        tell(tx, desk, caller, "stop.not")


def _move(tx: Tx, desk: Desk, caller: Caller, workshop: Workshop, starts_on: datetime, ends_on: datetime) -> None:
    before = planundo.as_it_is(tx, workshop.id)
    moved = replanning.move(tx, desk, workshop.id, starts_on, ends_on)
    audit.note(tx, caller.person.id, "workshop_moved", workshop.city, str(workshop.id), desk.now)
    undo = planundo.offer(tx, desk, caller, "workshop_moved", moved, before)
    told = _asked_at(tx, desk, moved, caller.language)
    line_now = line(tx, desk, desk.city(moved.city), moved, caller.language)
    tell(tx, desk, caller, "agenda.moved", undo, line=line_now, prompt_at=told)


def _asked_at(tx: Tx, desk: Desk, workshop: Workshop, language: str) -> str:
    """When those are asked who have not begun to answer or said that they were not there."""
    begun = replanning.staying(tx, workshop.id)
    team = [people.by_id(tx, one) for one in workshops.team(tx, workshop.id) if one not in begun]
    told = asked_at(tx, desk, desk.city(workshop.city), workshop.ends_on, team, language)
    return told or desk.texts.say("plan.nobody", language)


def _asked(tx: Tx, workshop: Workshop) -> tuple[list[str], list[str]]:
    """The codes of who was asked and has not begun, and of who has."""
    begun = replanning.staying(tx, workshop.id)
    open_ones = [one.person_id for one in prompts.of_workshop(tx, workshop.id) if one.is_open]
    codes = {person_id: people.by_id(tx, person_id).code for person_id in (*begun, *open_ones)}
    return [codes[one] for one in open_ones if one not in begun], [codes[one] for one in begun]


def _cancel(tx: Tx, desk: Desk, caller: Caller, workshop: Workshop) -> None:
    before = planundo.as_it_is(tx, workshop.id)
    replanning.cancel(tx, desk, workshop)
    audit.note(tx, caller.person.id, "workshop_cancelled", workshop.city, str(workshop.id), desk.now)
    undo = planundo.offer(tx, desk, caller, "workshop_cancelled", workshop, before)
    tell(tx, desk, caller, "agenda.cancelled", undo, title=workshop.title)


def _offer(tx: Tx, desk: Desk, caller: Caller, city: City, workshop: Workshop) -> None:
    labels = zip(desk.texts.buttons("agenda.one", caller.language), ("move", "cancel", "crew"), strict=True)
    row = tuple(button(label, city_key(desk, caller, city, act, str(workshop.id))) for label, act in labels)
    tell(tx, desk, caller, "agenda.one", (row,), line=line(tx, desk, city, workshop, caller.language))


def _mark(workshop: Workshop) -> str:
    """The minute it starts in, and which it is of those that start then."""
    return f"{int(workshop.starts_on.timestamp()) // 60:010d}-{workshop.id:09d}"
