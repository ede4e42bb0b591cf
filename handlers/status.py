"""/status, /people and /remind: how far a city's people are, never what they answered."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from fieldwork import wording
from fieldwork.messages import Say
from fieldwork.people import Person, Role, Verb
from fieldwork.schedule import Week, can_ask_now, next_at
from fieldwork.study import City
from fieldwork.taps import Key, button
from handlers import paging
from handlers.cities import city_key, picked
from handlers.desk import Caller, Desk, settle, tell
from handlers.paging import Listed
from handlers.prompting import reminder
from storage import audit, outbox, pending, people, prompts, workshops
from storage.connection import Tx, stamp
from storage.prompts import Prompt, Standing

MOST_REMINDERS = 2
_MOST_LINES = 60
_WAITING = ("asked", "snoozed")
_NOT_DUE = ("absent", "not_held")
"""Asked, but there was nothing to tell: they count for nobody's percentage."""


def show(tx: Tx, desk: Desk, caller: Caller, city: City, rest: str) -> None:
    """/status: this week's figures."""
    week = Week.of(desk.now, city.timezone)
    start, end = week.starts_on(city.timezone), week.plus(1).starts_on(city.timezone)
    found = prompts.standings(tx, city.code, start, end)
    sent = [one for one in found if one.state != "planned"]
    done, not_due = _count(sent, "completed"), _count(sent, *_NOT_DUE)
    due = len(sent) - not_due
    away = _unreachable(tx, city)
    labels = desk.texts.buttons("co.status", caller.language)
    keys = zip(labels, ("missing", "remind", "export"), strict=True)
    text = desk.texts.say(
        "co.status",
        caller.language,
        city=city.name,
        week=week.number,
        workshops=len(workshops.between(tx, city.code, start, end)),
        sent=len(sent),
        done=done,
        pct=round(100 * done / due) if due else 0,
        busy=_count(sent, "opened"),
        waiting=_count(sent, *_WAITING),
        expired=_count(sent, "expired"),
        not_due=not_due,
        unreachable=len(away),
        stuck=", ".join(dict.fromkeys(one.code for one in found if one.stuck)) or 0,
    )
    row = tuple(button(label, city_key(desk, caller, city, "city", command)) for label, command in keys)
    outbox.write(tx, caller.urn, Say(_with_second_route(desk, caller, text, away), (row,)), now=desk.now)


def _unreachable(tx: Tx, city: City) -> list[str]:
    """The codes of those who take part and cannot be written to."""
    found = people.with_role(tx, Role.FIELDWORKER, city.code)
    return [person.code for person in found if person.is_taking_part and people.urn_of(tx, person.id) is None]


def _with_second_route(desk: Desk, caller: Caller, text: str, codes: Sequence[str]) -> str:
    """The text, and what a coordinator can do for those whom the bot cannot reach."""
    if not codes:
        return text
    told = desk.texts.say("status.unreachable", caller.language, codes=", ".join(codes[:_MOST_LINES]))
    return f"{text}\n\n{told}"


def missing(tx: Tx, desk: Desk, caller: Caller, city: City, rest: str) -> None:
    """Who has not answered yet, by code."""
    week = Week.of(desk.now, city.timezone)
    start, end = week.plus(-1).starts_on(city.timezone), week.plus(1).starts_on(city.timezone)
    found = [one for one in prompts.standings(tx, city.code, start, end) if one.state in prompts.OPEN]
    if not found:
        tell(tx, desk, caller, "status.nobody_missing", city=city.name)
        return
    listed: Listed[Standing] = Listed(
        "missing",
        city,
        line=lambda one, number: f"{one.code} – {one.title}: {_state(desk, one, caller.language)}",
        frame=lambda lines: desk.texts.say("status.missing", caller.language, city=city.name, lines=lines),
    )
    paging.show(tx, desk, caller, listed, paging.found_in(found, _mark), rest)


def _mark(standing: Standing) -> str:
    """The minute the workshop starts in, which of those that start then, and the person."""
    minute = int(standing.starts_on.timestamp()) // 60
    return f"{minute:08d}-{standing.workshop_id:09d}-{standing.code}"


def list_people(tx: Tx, desk: Desk, caller: Caller, city: City, rest: str) -> None:
    """/people: the city's fieldworkers by code and name, and whether they take part."""
    found = people.with_role(tx, Role.FIELDWORKER, city.code)
    if not found:
        tell(tx, desk, caller, "people.none", city=city.name)
        return

    def frame(lines: str) -> str:
        text = desk.texts.say("people.list", caller.language, city=city.name, lines=lines)
        return _with_second_route(desk, caller, text, _unreachable(tx, city))

    listed: Listed[Person] = Listed(
        "people", city, line=lambda one, number: _person(tx, desk, caller, one), frame=frame
    )
    paging.show(tx, desk, caller, listed, paging.found_in(found, lambda one: one.code), rest)


def _person(tx: Tx, desk: Desk, caller: Caller, person: Person) -> str:
    standing = desk.texts.say(f"standing.{person.standing}", caller.language)
    reachable = "" if people.urn_of(tx, person.id) else f", {desk.texts.say('standing.unreachable', caller.language)}"
    return f"{person.code} – {people.name_of(tx, person.id)}: {standing}{reachable}"


def ask_to_remind(tx: Tx, desk: Desk, caller: Caller, city: City, rest: str) -> None:
    """/remind: how many people would get it, and how many of them only after the quiet hours."""
    found = prompts.open_in_city(tx, city.code)
    below = [prompt for prompt in found if prompt.reminders < MOST_REMINDERS]
    wanted = [prompt for prompt in below if _can_be_told(tx, prompt)]
    if wanted:
        _confirm(tx, desk, caller, city, wanted)
    elif below:
        tell(tx, desk, caller, "remind.unreachable", city=city.name)
    elif found:
        tell(tx, desk, caller, "co.remind.limit", max=MOST_REMINDERS)
    else:
        tell(tx, desk, caller, "remind.nobody", city=city.name)


def _confirm(tx: Tx, desk: Desk, caller: Caller, city: City, wanted: Sequence[Prompt]) -> None:
    """Nothing is sent before [Versturen], which works once."""
    made_on = stamp(desk.now)
    pending.wait_for(tx, caller.person.id, "remind_confirm", {"city": city.code, "made_on": made_on}, desk.now)
    send_label, cancel_label = desk.texts.buttons("co.remind.confirm", caller.language)
    row = (
        button(send_label, city_key(desk, caller, city, "remind", f"s{made_on}")),
        button(cancel_label, city_key(desk, caller, city, "remind", f"c{made_on}")),
    )
    titles = {title.title for prompt in wanted if (title := workshops.by_id(tx, prompt.workshop_id))}
    told = {"count": _people_in(wanted), "workshop": ", ".join(sorted(titles))}
    held = _people_in([prompt for prompt in wanted if not _can_be_asked(tx, desk, city, prompt)])
    if held:
        after = wording.when(_morning(desk, city), city.timezone, caller.language)
        tell(tx, desk, caller, "co.remind.confirm", (row,), held=held, after=after, **told)
    else:
        tell(tx, desk, caller, "remind.confirm_now", (row,), **told)


def remind(tx: Tx, desk: Desk, caller: Caller, key: Key) -> None:
    """[Versturen]: to those who still have not answered now; a second tap sends nothing."""
    city = picked(desk, caller, Verb.REMIND, key)
    waiting = pending.waiting_for(tx, caller.person.id, desk.now)
    if city is None or waiting is None or waiting.kind != "remind_confirm" or waiting.detail["made_on"] != key.arg[1:]:
        tell(tx, desk, caller, "err.stale_button")
        return
    settle(tx, desk, caller, str(key))
    pending.done(tx, caller.person.id)
    if key.arg[:1] != "s":
        return
    found = [one for one in prompts.open_in_city(tx, city.code) if one.reminders < MOST_REMINDERS]
    count = _people_in([prompt for prompt in found if _send(tx, desk, city, prompt)])
    audit.note(tx, caller.person.id, "reminded", city.code, str(count), desk.now)
    tell(tx, desk, caller, "remind.sent", count=count)


def _send(tx: Tx, desk: Desk, city: City, prompt: Prompt) -> bool:
    """Remind one person of one workshop; whether they can be told at all."""
    person = people.by_id(tx, prompt.person_id)
    urn = people.urn_of(tx, person.id)
    if urn is None or not person.is_taking_part or person.is_paused:
        return False
    if not _can_be_asked(tx, desk, city, prompt):
        # The clock reminds in the morning, of what is then still unfinished.
        prompts.look_again(tx, prompt.id, min(prompt.due_on or _morning(desk, city), _morning(desk, city)))
        return True
    outbox.write(tx, urn, reminder(tx, desk, person, prompt), now=desk.now, priority=1)
    prompts.reminded(tx, prompt.id, prompt.due_on or desk.now + timedelta(hours=24))
    return True


def _can_be_told(tx: Tx, prompt: Prompt) -> bool:
    person = people.by_id(tx, prompt.person_id)
    return person.is_taking_part and not person.is_paused and people.urn_of(tx, prompt.person_id) is not None


def _people_in(found: Sequence[Prompt]) -> int:
    return len({prompt.person_id for prompt in found})


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
