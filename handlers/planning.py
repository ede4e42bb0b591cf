"""/plan: from lines a coordinator types to workshops, after they saw what was understood."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from fieldwork import wording
from fieldwork.messages import Rows
from fieldwork.people import Verb
from fieldwork.planning import PlannedWorkshop, Span, Unplanned, read_line
from fieldwork.schedule import first_asked_on
from fieldwork.study import City
from fieldwork.taps import Key, button
from handlers import planundo, replanning
from handlers.cities import city_key, picked
from handlers.desk import Caller, Desk, settle, tell
from storage import audit, forms, pending, people, workshops
from storage.connection import Rows as Reads
from storage.connection import Tx, moment, stamp

MOST_LINES = 30


def ask_lines(tx: Tx, desk: Desk, caller: Caller, city: City, rest: str) -> None:
    """/plan: the lines right behind the command, or an explanation and then the lines."""
    if rest:
        read_lines(tx, desk, caller, city, rest)
        return
    pending.wait_for(tx, caller.person.id, "plan_lines", {"city": city.code}, desk.now)
    tell(tx, desk, caller, "co.plan.ask")


def read_lines(
    tx: Tx, desk: Desk, caller: Caller, city: City, text: str, earlier: Sequence[PlannedWorkshop] = ()
) -> None:
    """Say what is wrong with which line, and show the others, with the earlier ones, before they are kept."""
    lines = [line for line in text.splitlines() if line.strip()]
    room = MOST_LINES - len(earlier)
    if len(lines) > room:
        tell(tx, desk, caller, "plan.too_many", found=len(lines), most=room)
    planned, wrong = _sorted(tx, desk, city, lines if len(lines) <= room else ())
    for number, fault in wrong:
        reason = desk.texts.say(fault.key, caller.language, **fault.values)
        key = "co.plan.error" if planned or earlier else "plan.error_alone"
        tell(tx, desk, caller, key, line=number, reason=reason)
    if planned:
        _show(tx, desk, caller, city, (*earlier, *planned))
    elif not earlier:
        pending.wait_for(tx, caller.person.id, "plan_lines", {"city": city.code}, desk.now)


def read_more(tx: Tx, desk: Desk, caller: Caller, waiting: pending.Pending, text: str) -> None:
    """A line that was wrong comes again, beside those that wait for [Opslaan]."""
    earlier = [_from_json(row) for row in waiting.detail["rows"]]
    read_lines(tx, desk, caller, desk.city(waiting.detail["city"]), text, earlier)


def decide(tx: Tx, desk: Desk, caller: Caller, key: Key) -> None:
    """[Opslaan] [Aanpassen] [Weggooien]."""
    city = picked(desk, caller, Verb.PLAN, key)
    waiting = pending.waiting_for(tx, caller.person.id, desk.now)
    if city is None or waiting is None or waiting.kind != "plan_confirm" or waiting.detail["made_on"] != key.arg[1:]:
        tell(tx, desk, caller, "err.stale_button")
        return
    settle(tx, desk, caller, str(key))
    pending.done(tx, caller.person.id)
    match key.arg[:1]:
        case "s":
            planned = [_from_json(row) for row in waiting.detail["rows"]]
            ids = [save(tx, desk, city, one, caller.person.id) for one in planned]
            undo = planundo.offer_unplanning(tx, desk, caller, city, ids)
            tell(tx, desk, caller, "plan.saved", undo, count=len(planned))
        case "c":
            ask_lines(tx, desk, caller, city, "")
        case _:
            tell(tx, desk, caller, "plan.discarded")


def save(tx: Tx, desk: Desk, city: City, planned: PlannedWorkshop, planned_by: int | None) -> int:
    """Keep a workshop, its team and their prompts; its id."""
    workshop_id = workshops.add(
        tx,
        city.code,
        planned.neighbourhood,
        planned.title,
        planned.span.starts_on,
        planned.span.ends_on,
        forms.in_use(tx, city.code),
        planned_by,
        desk.now,
    )
    workshops.put_in_team(tx, workshop_id, _members(tx, city, planned.codes))
    workshop = workshops.by_id(tx, workshop_id)
    assert workshop is not None
    replanning.plan_workshop(tx, desk, workshop)
    audit.note(tx, planned_by, "workshop_planned", city.code, str(workshop_id), desk.now)
    return workshop_id


def checked(tx: Reads, city: City, planned: PlannedWorkshop) -> PlannedWorkshop:
    """The same, if every code is a fieldworker of the city and it is not planned yet. Raises Unplanned."""
    _members(tx, city, planned.codes)
    if workshops.is_planned(tx, city.code, planned.title, planned.span.starts_on):
        raise Unplanned("plan.twice", found=planned.title)
    return planned


def asked_at(desk: Desk, city: City, ends_on: datetime, language: str) -> str:
    """When people who want no other time are asked."""
    moment_on = first_asked_on(ends_on, "after", desk.study.rhythm, city.timezone)
    return wording.when(moment_on, city.timezone, language)


def _sorted(
    tx: Tx, desk: Desk, city: City, lines: Sequence[str]
) -> tuple[list[PlannedWorkshop], list[tuple[int, Unplanned]]]:
    """The lines that were understood, and those that were not with their number."""
    planned, wrong = [], []
    for number, line in enumerate(lines, start=1):
        try:
            planned.append(checked(tx, city, read_line(line, city.timezone, desk.now)))
        except Unplanned as fault:
            wrong.append((number, fault))
    return planned, wrong


def _members(rows: Reads, city: City, codes: Sequence[str]) -> list[int]:
    members = []
    for code in codes:
        person = people.by_code(rows, code)
        if person is None or not replanning.is_fieldworker_of(person, city.code):
            raise Unplanned("plan.unknown_person", found=code, city=city.name)
        members.append(person.id)
    return members


def _show(tx: Tx, desk: Desk, caller: Caller, city: City, planned: Sequence[PlannedWorkshop]) -> None:
    """What was understood, before anything is kept."""
    made_on = stamp(desk.now)
    detail = {"city": city.code, "made_on": made_on, "rows": [_to_json(one) for one in planned]}
    pending.wait_for(tx, caller.person.id, "plan_confirm", detail, desk.now)
    form = desk.forms[forms.in_use(tx, city.code)]
    texts = [_described(desk, city, one, form.title, caller.language) for one in planned]
    tell(tx, desk, caller, "co.plan.confirm", _choices(desk, caller, city, made_on), plans="\n\n".join(texts))


def _described(desk: Desk, city: City, planned: PlannedWorkshop, form: str, language: str) -> str:
    start, end = planned.span.starts_on, planned.span.ends_on
    return desk.texts.say(
        "plan.one",
        language,
        title=planned.title,
        date=wording.day(start, city.timezone, language, desk.now),
        start=wording.clock(start, city.timezone, language),
        end=wording.clock(end, city.timezone, language),
        place=planned.neighbourhood,
        people=", ".join(planned.codes),
        form=form,
        prompt_at=asked_at(desk, city, end, language),
    )


def _choices(desk: Desk, caller: Caller, city: City, made_on: str) -> Rows:
    labels = desk.texts.buttons("co.plan.confirm", caller.language)
    acts = ("s", "c", "d")
    return (
        tuple(
            button(label, city_key(desk, caller, city, "plan", act + made_on))
            for label, act in zip(labels, acts, strict=True)
        ),
    )


def _to_json(planned: PlannedWorkshop) -> dict[str, Any]:
    return {
        "starts_on": stamp(planned.span.starts_on),
        "ends_on": stamp(planned.span.ends_on),
        "neighbourhood": planned.neighbourhood,
        "title": planned.title,
        "codes": list(planned.codes),
    }


def _from_json(row: dict[str, Any]) -> PlannedWorkshop:
    span = Span(moment(row["starts_on"]), moment(row["ends_on"]))
    return PlannedWorkshop(span, row["neighbourhood"], row["title"], tuple(row["codes"]))
