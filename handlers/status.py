"""/status, /people and /remind: how far a city's people are, never what they answered."""

from datetime import datetime, timedelta

from fieldwork import wording
from fieldwork.people import Role, Verb
from fieldwork.schedule import Week, can_ask_now, next_at
from fieldwork.study import City
from fieldwork.taps import Key, button
from handlers.cities import city_key, picked
from handlers.desk import Caller, Desk, settle, tell
from handlers.prompting import reminder
from storage import audit, outbox, people, prompts, workshops
from storage.connection import Tx
from storage.prompts import Prompt, Standing

MOST_REMINDERS = 2
_MOST_LINES = 60
_WAITING = ("asked", "snoozed")
_UNFINISHED = ("planned", *prompts.OPEN)


def show(tx: Tx, desk: Desk, caller: Caller, city: City, rest: str) -> None:
    """/status: this week's figures."""
    week = Week.of(desk.now, city.timezone)
    start, end = week.starts_on(city.timezone), week.plus(1).starts_on(city.timezone)
    found = prompts.standings(tx, city.code, start, end)
    sent = [one for one in found if one.state != "planned"]
    done = _count(sent, "completed")
    labels = desk.texts.buttons("co.status", caller.language)
    keys = zip(labels, ("missing", "remind", "export"), strict=True)
    tell(
        tx,
        desk,
        caller,
        "co.status",
        (tuple(button(label, city_key(desk, caller, city, "city", command)) for label, command in keys),),
        city=city.name,
        week=week.number,
        workshops=len(workshops.between(tx, city.code, start, end)),
        sent=len(sent),
        done=done,
        pct=round(100 * done / len(sent)) if sent else 0,
        busy=_count(sent, "opened"),
        waiting=_count(sent, *_WAITING),
        expired=_count(sent, "expired"),
        unreachable=sum(not one.reachable for one in found if one.state in _UNFINISHED),
    )


def missing(tx: Tx, desk: Desk, caller: Caller, city: City, rest: str) -> None:
    """Who has not answered yet, by code."""
    week = Week.of(desk.now, city.timezone)
    start, end = week.plus(-1).starts_on(city.timezone), week.plus(1).starts_on(city.timezone)
    found = [one for one in prompts.standings(tx, city.code, start, end) if one.state in prompts.OPEN]
    if not found:
        tell(tx, desk, caller, "status.nobody_missing", city=city.name)
        return
    lines = [f"{one.code} – {one.title}: {_state(desk, one, caller.language)}" for one in found[:_MOST_LINES]]
    tell(tx, desk, caller, "status.missing", city=city.name, lines="\n".join(lines))


def list_people(tx: Tx, desk: Desk, caller: Caller, city: City, rest: str) -> None:
    """/people: the city's fieldworkers by code and name, and whether they take part."""
    lines = []
    for person in people.with_role(tx, Role.FIELDWORKER, city.code)[:_MOST_LINES]:
        standing = desk.texts.say(f"standing.{person.standing}", caller.language)
        reachable = (
            "" if people.urn_of(tx, person.id) else f", {desk.texts.say('standing.unreachable', caller.language)}"
        )
        lines.append(f"{person.code} – {people.name_of(tx, person.id)}: {standing}{reachable}")
    if lines:
        tell(tx, desk, caller, "people.list", city=city.name, lines="\n".join(lines))
    else:
        tell(tx, desk, caller, "people.none", city=city.name)


def ask_to_remind(tx: Tx, desk: Desk, caller: Caller, city: City, rest: str) -> None:
    """/remind: who would get it, and how many only after the quiet hours."""
    found = prompts.open_in_city(tx, city.code)
    wanted = [prompt for prompt in found if prompt.reminders < MOST_REMINDERS]
    if not wanted:
        key, values = ("co.remind.limit", {"max": MOST_REMINDERS}) if found else ("remind.nobody", {"city": city.name})
        tell(tx, desk, caller, key, **values)
        return
    held = sum(not _can_be_asked(tx, desk, city, prompt) for prompt in wanted)
    send_label, cancel_label = desk.texts.buttons("co.remind.confirm", caller.language)
    row = (
        button(send_label, city_key(desk, caller, city, "remind", "send")),
        button(cancel_label, city_key(desk, caller, city, "remind", "cancel")),
    )
    titles = {title.title for prompt in wanted if (title := workshops.by_id(tx, prompt.workshop_id))}
    tell(
        tx,
        desk,
        caller,
        "co.remind.confirm",
        (row,),
        count=len(wanted),
        workshop=", ".join(sorted(titles)),
        held=held,
        after=wording.when(_morning(desk, city), city.timezone, caller.language),
    )


def remind(tx: Tx, desk: Desk, caller: Caller, key: Key) -> None:
    """[Versturen]: to those who still have not answered now."""
    city = picked(desk, caller, Verb.REMIND, key)
    if city is None:
        return
    settle(tx, desk, caller, str(key))
    if key.arg != "send":
        return
    wanted = [one for one in prompts.open_in_city(tx, city.code) if one.reminders < MOST_REMINDERS]
    for prompt in wanted:
        _send(tx, desk, city, prompt)
    audit.note(tx, caller.person.id, "reminded", city.code, str(len(wanted)), desk.now)
    tell(tx, desk, caller, "remind.sent", count=len(wanted))


def _send(tx: Tx, desk: Desk, city: City, prompt: Prompt) -> None:
    person = people.by_id(tx, prompt.person_id)
    urn = people.urn_of(tx, person.id)
    if urn is None or not person.is_taking_part:
        return
    not_before = None if _can_be_asked(tx, desk, city, prompt) else _morning(desk, city)
    outbox.write(tx, urn, reminder(tx, desk, person, prompt), now=desk.now, priority=1, not_before_on=not_before)
    prompts.reminded(tx, prompt.id, prompt.due_on or desk.now + timedelta(hours=24))


def _can_be_asked(tx: Tx, desk: Desk, city: City, prompt: Prompt) -> bool:
    person = people.by_id(tx, prompt.person_id)
    return can_ask_now(desk.now, person.ask_when, desk.study.rhythm, city.timezone)


def _morning(desk: Desk, city: City) -> datetime:
    return next_at(desk.now, desk.study.rhythm.quiet.end, city.timezone)


def _state(desk: Desk, standing: Standing, language: str) -> str:
    key = f"state.{standing.state}" if standing.reachable else "standing.unreachable"
    return desk.texts.say(key, language)


def _count(found: list[Standing], *states: str) -> int:
    return sum(one.state in states for one in found)
