"""Changing the team of a workshop that is planned, and what that means to who was asked about it already."""

from typing import Any

from fieldwork.messages import Rows, Say
from fieldwork.people import Verb, may
from fieldwork.planning import Unplanned
from fieldwork.taps import About, Key, button, is_count
from handlers.desk import Caller, Desk, say_over, settle, tell
from handlers.workshops import planundo, replanning, teampicking
from handlers.workshops.asktimes import asked_at
from handlers.workshops.planning import members
from handlers.workshops.workshoplines import line
from storage import audit, outbox, pending, people, workshops
from storage.stamps import stamp
from storage.tx import Tx
from storage.workshops import Workshop

KIND = "team_change"
Detail = dict[str, Any]


def begin(tx: Tx, desk: Desk, caller: Caller, workshop: Workshop) -> None:
    """[Team]: who is in it now, to be switched."""
    codes = [people.by_id(tx, person_id).code for person_id in workshops.team(tx, workshop.id)]
    ask(tx, desk, caller, {"workshop": workshop.id, "codes": codes, "page": 0})


def ask(tx: Tx, desk: Desk, caller: Caller, detail: Detail) -> None:
    """Show the team with a button for each fieldworker."""
    asked = {**detail, "made_on": stamp(desk.now)}
    pending.wait_for(tx, caller.person.id, KIND, asked, desk.now)
    outbox.write(tx, caller.urn, _said(tx, desk, caller, asked), now=desk.now)


def tapped(tx: Tx, desk: Desk, caller: Caller, key: Key) -> None:
    """Somebody was switched, another page was asked for, or the team is right."""
    waiting = pending.waiting_for(tx, caller.person.id, desk.now)
    made_on, _, what = key.arg.partition("!")
    if waiting is None or waiting.kind != KIND or waiting.detail["made_on"] != made_on:
        say_over(tx, desk, caller, str(key))
        return
    detail: Detail = waiting.detail
    workshop = workshops.by_id(tx, detail["workshop"])
    if workshop is not None and not may(caller.person, Verb.PLAN, workshop.city):
        tell(tx, desk, caller, "denied.role")
        return
    if what[:1] == "p":
        _show_anew(tx, desk, caller, {**detail, "page": int(what[1:]) if is_count(what[1:]) else 0})
    elif what[:1] in ("+", "-"):
        _show_anew(tx, desk, caller, {**detail, "codes": list(teampicking.switched(detail["codes"], what))})
    else:
        settle(tx, desk, caller, str(key))
        pending.done(tx, caller.person.id)
        if what == "d":
            _change(tx, desk, caller, detail)
        else:
            tell(tx, desk, caller, "stop.not")


def wrote(tx: Tx, desk: Desk, caller: Caller, waiting: pending.Pending, text: str) -> None:
    """The whole team, typed by code or by name."""
    workshop = _workshop(tx, caller, waiting.detail)
    if workshop is None:
        pending.done(tx, caller.person.id)
        tell(tx, desk, caller, "agenda.gone")
        return
    city = desk.city(workshop.city)
    try:
        codes = teampicking.read_people(text, teampicking.candidates(tx, city), city)
        ask(tx, desk, caller, {**waiting.detail, "codes": list(codes)})
    except Unplanned as fault:
        reason = desk.texts.say(fault.key, caller.language, **fault.values)
        tell(tx, desk, caller, "agenda.move_wrong", reason=reason)


def _show_anew(tx: Tx, desk: Desk, caller: Caller, detail: Detail) -> None:
    """In the same message."""
    pending.wait_for(tx, caller.person.id, KIND, detail, desk.now)
    shown = outbox.row_of_message(tx, caller.urn, caller.incoming.message or "")
    said = _said(tx, desk, caller, detail)
    outbox.write(tx, caller.urn, said, now=desk.now, edit_of=None if shown is None else shown[0])


def _said(tx: Tx, desk: Desk, caller: Caller, detail: Detail) -> Say:
    """The workshop, when the team that is picked is asked, who has to stay, and the buttons."""
    workshop = _workshop(tx, caller, detail)
    if workshop is None:
        return Say(desk.texts.say("agenda.gone", caller.language))
    city, codes = desk.city(workshop.city), detail["codes"]
    team = [one.person for one in teampicking.candidates(tx, city, codes) if one.person.code in codes]
    text = desk.texts.say(
        "agenda.team",
        caller.language,
        line=line(tx, desk, city, workshop, caller.language),
        prompt_at=asked_at(tx, desk, city, workshop.ends_on, team, caller.language) or "–",
    )
    staying = replanning.staying(tx, workshop.id)
    if staying:
        codes_staying = ", ".join(people.by_id(tx, person_id).code for person_id in staying)
        text = f"{text}\n{desk.texts.say('agenda.team_stays', caller.language, codes=codes_staying)}"
    return Say(text, _rows(tx, desk, caller, detail, workshop))


def _rows(tx: Tx, desk: Desk, caller: Caller, detail: Detail, workshop: Workshop) -> Rows:
    def key(what: str) -> Key:
        return Key(About.DESK, caller.person.id, 0, "team", f"{detail['made_on']}!{what}")

    before, after, save, stop = desk.texts.buttons("agenda.team", caller.language)
    staying = replanning.staying(tx, workshop.id)
    found = [
        one
        for one in teampicking.candidates(tx, desk.city(workshop.city), detail["codes"])
        if one.person.id not in staying
    ]
    switches = teampicking.rows(found, detail["codes"], detail["page"], (before, after), key)
    ways = (button(save, key("d")),) if detail["codes"] else ()
    return (*switches, (*ways, button(stop, key("s"))))


def _change(tx: Tx, desk: Desk, caller: Caller, detail: Detail) -> None:
    workshop = _workshop(tx, caller, detail)
    if workshop is None:
        tell(tx, desk, caller, "agenda.gone")
        return
    city, before = desk.city(workshop.city), planundo.as_it_is(tx, workshop.id)
    staying = [people.by_id(tx, person_id) for person_id in replanning.staying(tx, workshop.id)]
    kept = {person.code for person in staying}
    try:
        team = [*staying, *members(tx, city, [code for code in detail["codes"] if code not in kept])]
    except Unplanned as fault:
        reason = desk.texts.say(fault.key, caller.language, **fault.values)
        tell(tx, desk, caller, "agenda.move_wrong", reason=reason)
        return
    replanning.change_team(tx, desk, workshop, [person.id for person in team])
    audit.note(tx, caller.person.id, "team_changed", city.code, str(workshop.id), desk.now)
    undo = planundo.offer(tx, desk, caller, "team_changed", workshop, before)
    told = asked_at(tx, desk, city, workshop.ends_on, team, caller.language)
    line_now = line(tx, desk, city, workshop, caller.language)
    tell(tx, desk, caller, "agenda.team_changed", undo, line=line_now, prompt_at=told)


def _workshop(tx: Tx, caller: Caller, detail: Detail) -> Workshop | None:
    """The workshop, if it is still planned and the person still plans in its city."""
    workshop = workshops.by_id(tx, detail["workshop"])
    if workshop is None or workshop.state != "planned" or not may(caller.person, Verb.PLAN, workshop.city):
        return None
    return workshop
