"""/plan: from lines a coordinator types to workshops, after they saw what was understood."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from fieldwork import wording
from fieldwork.messages import Rows, Say
from fieldwork.people import Person, Verb, may
from fieldwork.planning import PlannedWorkshop, Span, Unplanned, read_line
from fieldwork.study import City
from fieldwork.taps import About, Key, button
from handlers.cities import city_key
from handlers.desk import Caller, Desk, say_over, send, settle, tell
from handlers.workshops import planundo, replanning, teampicking
from handlers.workshops.asktimes import asked_at
from storage import audit, forms, outbox, pending, people, workshops
from storage.stamps import moment, stamp
from storage.tx import Rows as Reads
from storage.tx import Tx

MOST_LINES = 30
"""Lines in one message."""
_MOST_WITH_BUTTONS = 5
"""Workshops in the message that asks; more are told before it, so that the buttons stand under few words."""
_ACTS = ("s", "c", "d")
ChangeSteps = Callable[[Tx, Desk, Caller, dict[str, Any]], None]
"""Goes back to the steps in which a workshop was planned."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A workshop to be planned, and where."""

    city: City
    planned: PlannedWorkshop

    @property
    def likeness(self) -> tuple[str, datetime, str]:
        """City, beginning and title: what is alike in them is the same workshop."""
        return (self.city.code, self.planned.span.starts_on, self.planned.title.casefold())


def ask_lines(tx: Tx, desk: Desk, caller: Caller, city: City, rest: str) -> None:
    """/plan: the lines right behind the command, or the ways to plan."""
    if rest:
        read_lines(tx, desk, caller, city, rest)
        return
    pending.wait_for(tx, caller.person.id, "plan_lines", {"city": city.code}, desk.now)
    labels = zip(desk.texts.buttons("co.plan.ask", caller.language), ("steps", "template"), strict=True)
    rows = tuple((button(label, city_key(desk, caller, city, act, "")),) for label, act in labels)
    tell(tx, desk, caller, "co.plan.ask", rows)


def read_lines(tx: Tx, desk: Desk, caller: Caller, city: City, text: str, earlier: Sequence[Placed] = ()) -> None:
    """Say what is wrong with which line, and show the others, with the earlier ones, before they are kept."""
    lines = [line for line in text.splitlines() if line.strip()]
    room = MOST_LINES - len(earlier)
    if len(lines) > room:
        tell(tx, desk, caller, "plan.too_many", found=len(lines), most=room)
    placed, wrong = _sorted(tx, desk, city, lines if len(lines) <= room else (), earlier)
    if wrong:
        _tell_wrong(tx, desk, caller, wrong, "plan.send_alone" if placed or earlier else "plan.send_again")
    if placed:
        show(tx, desk, caller.person, (*earlier, *placed))
    elif not earlier:
        pending.wait_for(tx, caller.person.id, "plan_lines", {"city": city.code}, desk.now)


def _tell_wrong(tx: Tx, desk: Desk, caller: Caller, wrong: Sequence[tuple[int, Unplanned]], then: str) -> None:
    """Each line that was not understood and why, and what to do."""
    told = [
        desk.texts.say(
            "co.plan.error",
            caller.language,
            line=number,
            reason=desk.texts.say(fault.key, caller.language, **fault.values),
        )
        for number, fault in wrong
    ]
    following = desk.texts.say(then, caller.language, n=len(wrong))
    text = f"{told[0]} {following}" if len(told) == 1 else "\n".join((*told, "", following))
    outbox.write(tx, caller.urn, Say(text), now=desk.now)


def read_more(tx: Tx, desk: Desk, caller: Caller, waiting: pending.Pending, text: str) -> None:
    """A line that was wrong comes again, beside those that wait for [Opslaan]."""
    earlier = _shown(desk, waiting)
    read_lines(tx, desk, caller, earlier[-1].city, text, earlier)


def show(tx: Tx, desk: Desk, person: Person, placed: Sequence[Placed], steps: Mapping[str, Any] | None = None) -> None:
    """What was understood and when people are asked, before it is kept; `steps` is what [Aanpassen] goes on with."""
    made_on = stamp(desk.now)
    detail = {"made_on": made_on, "rows": [_to_json(one) for one in placed], "steps": steps}
    pending.wait_for(tx, person.id, "plan_confirm", detail, desk.now)
    labels = desk.texts.buttons("co.plan.confirm", person.language)
    keys = [Key(About.DESK, person.id, 0, "plan", act + made_on) for act in _ACTS]
    rows: Rows = (tuple(button(label, key) for label, key in zip(labels, keys, strict=True)),)
    plans = "\n\n".join(described(tx, desk, one, person.language) for one in placed)
    if len(placed) <= _MOST_WITH_BUTTONS:
        send(
            tx, desk, person.id, Say(desk.texts.say("co.plan.confirm", person.language, plans=plans), rows), priority=0
        )
    else:
        send(tx, desk, person.id, Say(plans), priority=0)
        text = desk.texts.say("plan.confirm_many", person.language, count=len(placed))
        send(tx, desk, person.id, Say(text, rows), priority=0)


def decide(tx: Tx, desk: Desk, caller: Caller, key: Key, change_steps: ChangeSteps) -> None:
    """[Opslaan] [Aanpassen] [Weggooien]."""
    waiting = pending.waiting_for(tx, caller.person.id, desk.now)
    if waiting is None or waiting.kind != "plan_confirm" or waiting.detail["made_on"] != key.arg[1:]:
        say_over(tx, desk, caller, str(key))
        return
    placed = _shown(desk, waiting)
    if not all(may(caller.person, Verb.PLAN, one.city.code) for one in placed):
        tell(tx, desk, caller, "denied.role")
        return
    settle(tx, desk, caller, str(key))
    pending.done(tx, caller.person.id)
    match key.arg[:1]:
        case "s":
            _save_all(tx, desk, caller, placed)
        case "c" if steps := waiting.detail.get("steps"):
            change_steps(tx, desk, caller, steps)
        case "c":
            ask_lines(tx, desk, caller, placed[0].city, "")
        case _:
            tell(tx, desk, caller, "plan.discarded")


def _save_all(tx: Tx, desk: Desk, caller: Caller, placed: Sequence[Placed]) -> None:
    """Keep what still can be; what was planned by somebody else meanwhile is told."""
    ids = []
    for one in placed:
        try:
            checked(tx, one)
            ids.append(save(tx, desk, one.city, one.planned, caller.person.id))
        except Unplanned as fault:
            tell(tx, desk, caller, "plan.not_saved", reason=desk.texts.say(fault.key, caller.language, **fault.values))
    if ids:
        undo = planundo.offer_unplanning(tx, desk, caller, placed[0].city, ids)
        tell(tx, desk, caller, "plan.saved", undo, count=len(ids))


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
    workshops.put_in_team(tx, workshop_id, [person.id for person in members(tx, city, planned.codes)])
    workshop = workshops.by_id(tx, workshop_id)
    assert workshop is not None
    replanning.plan_workshop(tx, desk, workshop)
    audit.note(tx, planned_by, "workshop_planned", city.code, str(workshop_id), desk.now)
    return workshop_id


def checked(reads: Reads, placed: Placed) -> Placed:
    """The same, if every code is a fieldworker of the city and it is not planned yet. Raises Unplanned."""
    planned = placed.planned
    members(reads, placed.city, planned.codes)
    if workshops.is_planned(reads, placed.city.code, planned.title, planned.span.starts_on):
        raise Unplanned("plan.twice", found=planned.title)
    return placed


def members(reads: Reads, city: City, codes: Sequence[str]) -> list[Person]:
    """The fieldworkers of the city with these codes. Raises Unplanned."""
    found = []
    for code in codes:
        person = people.by_code(reads, code)
        if person is None or not replanning.is_fieldworker_of(person, city.code):
            raise Unplanned("plan.unknown_person", found=code, city=city.name)
        found.append(person)
    return found


def described(reads: Reads, desk: Desk, placed: Placed, language: str) -> str:
    """A workshop as it would be planned, and when its people are asked."""
    city, planned = placed.city, placed.planned
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
        form=desk.forms[forms.in_use(reads, city.code)].title,
        prompt_at=asked_at(reads, desk, city, end, members(reads, city, planned.codes), language),
    )


def _sorted(
    tx: Tx, desk: Desk, city: City, lines: Sequence[str], earlier: Sequence[Placed]
) -> tuple[list[Placed], list[tuple[int, Unplanned]]]:
    """The lines that were understood, and those that were not with their number."""
    placed: list[Placed] = []
    wrong = []
    for number, line in enumerate(lines, start=1):
        try:
            one = checked(tx, Placed(city, read_typed(tx, desk, city, line)))
            expect_new(one, (*earlier, *placed))
            placed.append(one)
        except Unplanned as fault:
            wrong.append((number, fault))
    return placed, wrong


def read_typed(reads: Reads, desk: Desk, city: City, line: str) -> PlannedWorkshop:
    """A line; its people may stand there by name, too. Raises Unplanned."""
    planned = read_line(line, city.timezone, desk.now)
    known = teampicking.candidates(reads, city, planned.codes)
    return replace(planned, codes=teampicking.read_people(line.rpartition("|")[2], known, city))


def expect_new(one: Placed, others: Sequence[Placed]) -> None:
    """Raise Unplanned where the same workshop is there already."""
    if one.likeness in {other.likeness for other in others}:
        raise Unplanned("plan.same_line", found=one.planned.title)


def waiting_to_be_saved(tx: Tx, desk: Desk, person: Person) -> list[Placed]:
    """The workshops that were shown and wait for [Opslaan]."""
    waiting = pending.waiting_for(tx, person.id, desk.now)
    return _shown(desk, waiting) if waiting is not None and waiting.kind == "plan_confirm" else []


def _shown(desk: Desk, waiting: pending.Pending) -> list[Placed]:
    """What waits for [Opslaan]."""
    return [_from_json(desk, row) for row in waiting.detail["rows"]]


def _to_json(placed: Placed) -> dict[str, Any]:
    planned = placed.planned
    return {
        "city": placed.city.code,
        "starts_on": stamp(planned.span.starts_on),
        "ends_on": stamp(planned.span.ends_on),
        "neighbourhood": planned.neighbourhood,
        "title": planned.title,
        "codes": list(planned.codes),
    }


def _from_json(desk: Desk, row: dict[str, Any]) -> Placed:
    span = Span(moment(row["starts_on"]), moment(row["ends_on"]))
    planned = PlannedWorkshop(span, row["neighbourhood"], row["title"], tuple(row["codes"]))
    return Placed(desk.city(row["city"]), planned)
