"""Planning or moving one workshop step by step: day, times, neighbourhood, title, team; tapped or typed."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from fieldwork import wording
from fieldwork.messages import Say
from fieldwork.people import Verb, may
from fieldwork.planning import (
    PlannedWorkshop,
    Span,
    Unplanned,
    read_coming_day,
    read_name,
    read_span,
    read_times,
    span,
)
from fieldwork.schedule import at
from fieldwork.study import City
from fieldwork.taps import About, Key, button, is_count
from handlers.cities import picked
from handlers.desk import Caller, Desk, say_over, settle, tell
from handlers.workshops import teampicking
from handlers.workshops.planning import Placed, checked, show
from storage import outbox, pending, workshops
from storage.stamps import stamp
from storage.tx import Tx
from storage.workshops import Workshop

KIND = "plan_step"
STEPS = ("day", "times", "place", "title", "team")
MOVING = ("day", "times")
"""The steps of a workshop that is planned already."""
_ASKS = {
    "day": "plan.step_day",
    "times": "plan.step_times",
    "place": "plan.step_place",
    "title": "plan.step_title",
    "team": "plan.step_team",
}
_DAYS_OFFERED, _TIMES_OFFERED, _NAMES_OFFERED, _LOOKED_BACK = 6, 4, 6, 60
_USUAL_TIMES = (("10:00", "12:00"), ("14:00", "16:00"), ("19:00", "21:00"))
_LONGEST_OFFERED = 40

Detail = dict[str, Any]
"""What is known so far, as the pending row keeps it."""
MoveTo = Callable[[Tx, Desk, Caller, Workshop, Span], None]
"""What a planned workshop's new span goes to."""


def begin(tx: Tx, desk: Desk, caller: Caller, key: Key) -> None:
    """[Stap voor stap] under /plan."""
    city = picked(desk, caller, Verb.PLAN, key)
    if city is None:
        tell(tx, desk, caller, "err.stale_button")
        return
    settle(tx, desk, caller, str(key))
    ask(tx, desk, caller, {"city": city.code, "step": STEPS[0]})


def begin_moving(tx: Tx, desk: Desk, caller: Caller, workshop: Workshop) -> None:
    """[Verplaatsen]: only the day and the times are asked."""
    ask(tx, desk, caller, {"city": workshop.city, "step": MOVING[0], "workshop": workshop.id})


def begin_again(tx: Tx, desk: Desk, caller: Caller, detail: Detail) -> None:
    """[Aanpassen]: the last step is put again, from where one can go back."""
    ask(tx, desk, caller, {**detail, "step": _steps(detail)[-1]})


def tapped(tx: Tx, desk: Desk, caller: Caller, key: Key, move_to: MoveTo) -> None:
    """A button of the step that waits; one of an earlier step changes nothing."""
    waiting = pending.waiting_for(tx, caller.person.id, desk.now)
    made_on, _, what = key.arg.partition("!")
    detail: Detail = {} if waiting is None or waiting.kind != KIND else waiting.detail
    if detail.get("made_on") != made_on or _place(detail) != key.turn:
        say_over(tx, desk, caller, str(key))
    elif not may(caller.person, Verb.PLAN, detail["city"]):
        tell(tx, desk, caller, "denied.role")
    elif what[:1] in ("+", "-", "p"):
        _switch(tx, desk, caller, detail, what)
    else:
        settle(tx, desk, caller, str(key))
        _go(tx, desk, caller, detail, what, move_to)


def wrote(tx: Tx, desk: Desk, caller: Caller, waiting: pending.Pending, text: str, move_to: MoveTo) -> None:
    """Words for the step that waits; what does not fit is told, and the step is put again."""
    detail: Detail = waiting.detail
    if may(caller.person, Verb.PLAN, detail["city"]):
        _take_buttons_away(tx, desk, caller, detail)
        _take(tx, desk, caller, detail, text, move_to)
    else:
        pending.done(tx, caller.person.id)
        tell(tx, desk, caller, "denied.role")


def ask(tx: Tx, desk: Desk, caller: Caller, detail: Detail) -> None:
    """Put the step that waits, with what can be tapped and the ways back and out."""
    offers = _offers(tx, desk, detail, caller.language)
    asked = {**detail, "made_on": stamp(desk.now), "offers": [value for _, value in offers]}
    said = _said(tx, desk, caller, asked, [label for label, _ in offers])
    asked["row"] = outbox.write(tx, caller.urn, said, now=desk.now)
    pending.wait_for(tx, caller.person.id, KIND, asked, desk.now)


def _said(tx: Tx, desk: Desk, caller: Caller, detail: Detail, offers: Sequence[str] = ()) -> Say:
    """The step in words, what it came to so far above it and its buttons below."""
    step, place = detail["step"], _place(detail)
    head = desk.texts.say("plan.step", caller.language, step=place + 1, steps=len(_steps(detail)))
    text = "\n".join(
        filter(None, (head, _known(tx, desk, caller, detail), desk.texts.say(_ASKS[step], caller.language)))
    )

    def key(what: str) -> Key:
        return Key(About.DESK, caller.person.id, place, "step", f"{detail['made_on']}!{what}")

    before, after, done, back, stop = desk.texts.buttons("plan.step", caller.language)
    if step == "team":
        found = teampicking.candidates(tx, desk.city(detail["city"]))
        rows = teampicking.rows(found, detail.get("codes", ()), detail.get("page", 0), (before, after), key)
        rows = (*rows, (button(done, key("d")),)) if detail.get("codes") else rows
    else:
        keys = [button(label, key(f"o{number}")) for number, label in enumerate(offers)]
        rows = tuple(tuple(keys[start : start + 2]) for start in range(0, len(keys), 2))
    ways = (*((button(back, key("b")),) if place else ()), button(stop, key("s")))
    return Say(text, (*rows, ways))


def _switch(tx: Tx, desk: Desk, caller: Caller, detail: Detail, what: str) -> None:
    """Somebody is in the team or no longer, or another page is shown: in the same message."""
    if what[:1] == "p":
        detail = {**detail, "page": int(what[1:]) if is_count(what[1:]) else 0}
    else:
        detail = {**detail, "codes": list(teampicking.switched(detail.get("codes", ()), what))}
    pending.wait_for(tx, caller.person.id, KIND, detail, desk.now)
    shown = outbox.row_of_message(tx, caller.urn, caller.incoming.message or "")
    said = _said(tx, desk, caller, detail)
    outbox.write(tx, caller.urn, said, now=desk.now, edit_of=None if shown is None else shown[0])


def _take_buttons_away(tx: Tx, desk: Desk, caller: Caller, detail: Detail) -> None:
    """What was answered by typing can no longer be tapped."""
    said = _said(tx, desk, caller, detail)
    outbox.write(tx, caller.urn, Say(said.text), now=desk.now, edit_of=detail["row"])


def _go(tx: Tx, desk: Desk, caller: Caller, detail: Detail, what: str, move_to: MoveTo) -> None:
    """An offer was tapped, the team is complete, or the way back or out."""
    if what == "s":
        pending.done(tx, caller.person.id)
        tell(tx, desk, caller, "stop.not" if "workshop" in detail else "plan.discarded")
    elif what == "b":
        ask(tx, desk, caller, {**detail, "step": _steps(detail)[max(_place(detail) - 1, 0)]})
    elif what == "d" and detail.get("codes"):
        _take(tx, desk, caller, detail, " ".join(detail["codes"]), move_to)
    elif what[:1] == "o" and is_count(what[1:]) and int(what[1:]) < len(detail["offers"]):
        _take(tx, desk, caller, detail, detail["offers"][int(what[1:])], move_to)
    else:
        ask(tx, desk, caller, detail)


def _take(tx: Tx, desk: Desk, caller: Caller, detail: Detail, text: str, move_to: MoveTo) -> None:
    """Take these words for the step that waits, and go on; what does not fit is told and the step put again."""
    try:
        taken = _taken(tx, desk, detail, text)
        # A day with times behind it answers two steps.
        place = _place(detail) + (2 if detail["step"] == "day" and "start" in taken else 1)
        if place < len(_steps(detail)):
            ask(tx, desk, caller, {**detail, **taken, "step": _steps(detail)[place]})
        elif "workshop" in detail:
            _move(tx, desk, caller, {**detail, **taken}, move_to)
        else:
            _show(tx, desk, caller, {**detail, **taken})
    except Unplanned as fault:
        reason = desk.texts.say(fault.key, caller.language, **fault.values)
        tell(tx, desk, caller, "agenda.move_wrong", reason=reason)
        ask(tx, desk, caller, detail)


def _show(tx: Tx, desk: Desk, caller: Caller, detail: Detail) -> None:
    """Everything is known: it is shown before it is kept. Raises Unplanned."""
    planned = PlannedWorkshop(_span(desk, detail), detail["place"], detail["title"], tuple(detail["codes"]))
    one = checked(tx, Placed(desk.city(detail["city"]), planned))
    show(tx, desk, caller.person, (one,), detail)


def _move(tx: Tx, desk: Desk, caller: Caller, detail: Detail, move_to: MoveTo) -> None:
    workshop = workshops.by_id(tx, detail["workshop"])
    if workshop is None or workshop.state != "planned":
        pending.done(tx, caller.person.id)
        tell(tx, desk, caller, "agenda.gone")
    else:
        move_to(tx, desk, caller, workshop, _span(desk, detail))


def _taken(tx: Tx, desk: Desk, detail: Detail, text: str) -> Detail:
    """What the words say for the step that waits. Raises Unplanned."""
    city = desk.city(detail["city"])
    match detail["step"]:
        case "day":
            return _day(text, city, desk.now)
        case "times":
            start, end = read_times(text)
            taken = {"start": f"{start:%H:%M}", "end": f"{end:%H:%M}"}
            _span(desk, {**detail, **taken})
            return taken
        case "place" | "title" as step:
            return {step: read_name(text)}
        case _:
            found = teampicking.candidates(tx, city)
            return {"codes": list(teampicking.read_people(text, found, city))}


def _day(text: str, city: City, now: datetime) -> Detail:
    """The day, and the times where they stand behind it. Raises Unplanned."""
    try:
        both = read_span(text, city.timezone, now)
    except Unplanned as fault:
        if fault.key != "plan.when":
            raise
        return {"day": read_coming_day(text, city.timezone, now).isoformat()}
    starts_on, ends_on = both.starts_on.astimezone(city.timezone), both.ends_on.astimezone(city.timezone)
    return {"day": starts_on.date().isoformat(), "start": f"{starts_on:%H:%M}", "end": f"{ends_on:%H:%M}"}


def _span(desk: Desk, detail: Detail) -> Span:
    day, start, end = date.fromisoformat(detail["day"]), detail["start"], detail["end"]
    zone = desk.city(detail["city"]).timezone
    return span(day, time.fromisoformat(start), time.fromisoformat(end), zone, desk.now)


def _steps(detail: Detail) -> tuple[str, ...]:
    return MOVING if "workshop" in detail else STEPS


def _place(detail: Detail) -> int:
    """The place of the step that waits; -1 where none does."""
    return _steps(detail).index(detail["step"]) if detail else -1


def _known(tx: Tx, desk: Desk, caller: Caller, detail: Detail) -> str:
    """What was said in the steps before, and the workshop that is moved, in one line."""
    city, before = desk.city(detail["city"]), _steps(detail)[: _place(detail)]
    moved = workshops.by_id(tx, detail["workshop"]) if "workshop" in detail else None
    pieces = [] if moved is None else [moved.title]
    if "day" in before:
        pieces.append(_day_in_words(date.fromisoformat(detail["day"]), city, caller.language, desk.now))
    if "times" in before:
        pieces.append(f"{detail['start']}–{detail['end']}")
    return ", ".join((*pieces, *(detail[step] for step in ("place", "title") if step in before)))


def _offers(tx: Tx, desk: Desk, detail: Detail, language: str) -> list[tuple[str, str]]:
    """What can be tapped, as it reads and as it would be typed: the next days, or what this city had lately."""
    city = desk.city(detail["city"])
    lately = workshops.lately(tx, city.code, _LOOKED_BACK)
    match detail["step"]:
        case "day":
            today = desk.now.astimezone(city.timezone).date()
            days = [today + timedelta(days=number) for number in range(_DAYS_OFFERED)]
            return [(wording.short_day(day, language), day.isoformat()) for day in days]
        case "times":
            had = [(_clock(one.starts_on, city), _clock(one.ends_on, city)) for one in lately]
            moved = [found for found, one in zip(had, lately, strict=True) if one.id == detail.get("workshop")]
            often = [times for times, _ in Counter(had).most_common(_TIMES_OFFERED)]
            offered = dict.fromkeys((*moved, *often, *_USUAL_TIMES))
            return [(words := f"{start}–{end}", words) for start, end in list(offered)[:_TIMES_OFFERED]]
        case "place" | "title" as step:
            names = [one.neighbourhood if step == "place" else one.title for one in lately]
            return [(name[:_LONGEST_OFFERED], name) for name in list(dict.fromkeys(names))[:_NAMES_OFFERED]]
        case _:
            return []


def _clock(moment_on: datetime, city: City) -> str:
    return f"{moment_on.astimezone(city.timezone):%H:%M}"


def _day_in_words(day: date, city: City, language: str, now: datetime) -> str:
    return wording.day(at(day, time(12), city.timezone), city.timezone, language, now)
