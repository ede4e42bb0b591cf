"""The ways back of planning: a workshop is as it was, and so is who is asked about it."""

from collections.abc import Sequence
from typing import Any

from fieldwork.messages import Rows
from fieldwork.people import Verb, may
from fieldwork.study import City
from handlers import undoing
from handlers.desk import Caller, Desk
from handlers.undoing import TooLate
from handlers.workshops import askings, replanning
from handlers.workshops.workshoplines import line
from storage import prompts, workshops
from storage.stamps import moment, stamp
from storage.tx import Tx
from storage.undoing import Change
from storage.workshops import Workshop

Standing = dict[str, Any]
"""How a workshop stands: its times, its team, and how far the asking is."""


def as_it_is(tx: Tx, workshop_id: int) -> Standing:
    """How the workshop stands now."""
    workshop = workshops.by_id(tx, workshop_id)
    assert workshop is not None, "a workshop is never deleted"
    return {
        "workshop": workshop.id,
        "state": workshop.state,
        "starts_on": stamp(workshop.starts_on),
        "ends_on": stamp(workshop.ends_on),
        "team": workshops.team(tx, workshop.id),
        "prompts": askings.as_they_are(tx, prompts.of_workshop(tx, workshop.id)),
    }


def offer(tx: Tx, desk: Desk, caller: Caller, kind: str, workshop: Workshop, before: Standing) -> Rows:
    """The button that puts the workshop back as it stood before."""
    detail = {"before": before, "after": as_it_is(tx, workshop.id)}
    return undoing.offer(tx, desk, caller, workshop.city, kind, str(workshop.id), detail)


def offer_unplanning(tx: Tx, desk: Desk, caller: Caller, city: City, ids: Sequence[int]) -> Rows:
    """The button that takes workshops out of the planning that were just put there."""
    detail = {"after": [as_it_is(tx, id) for id in ids]}
    return undoing.offer(tx, desk, caller, city.code, "workshop_planned", " ".join(map(str, ids)), detail)


def unplan(tx: Tx, desk: Desk, caller: Caller, change: Change) -> str:
    """The workshops were never planned; only as long as nothing happened to any of them."""
    for after in change.detail["after"]:
        workshop = _unchanged(tx, after)
        if not may(caller.person, Verb.PLAN, workshop.city):
            raise TooLate("co.denied", city=desk.city(workshop.city).name)
        workshops.unplan(tx, workshop.id, desk.now)
    return desk.texts.say("undo.unplanned", caller.language, count=len(change.detail["after"]))


def move_back(tx: Tx, desk: Desk, caller: Caller, change: Change) -> str:
    """The workshop is when it was before; who was asked before it was moved is asked again."""
    workshop, before = _unchanged(tx, change.detail["after"]), change.detail["before"]
    back = replanning.move(tx, desk, workshop.id, moment(before["starts_on"]), moment(before["ends_on"]))
    return line(tx, desk, desk.city(back.city), back, caller.language)


def uncancel(tx: Tx, desk: Desk, caller: Caller, change: Change) -> str:
    """The workshop is on; who was asked about it is asked again, and goes on where they were."""
    workshop, before = _unchanged(tx, change.detail["after"]), change.detail["before"]
    workshops.uncancel(tx, workshop.id)
    askings.take_up(tx, desk, before["prompts"])
    back = workshops.by_id(tx, workshop.id)
    assert back is not None, "a workshop is never deleted"
    return line(tx, desk, desk.city(back.city), back, caller.language)


def take_team_back(tx: Tx, desk: Desk, caller: Caller, change: Change) -> str:
    """The team is who it was; who was asked before and taken out is asked again."""
    workshop, before = _unchanged(tx, change.detail["after"]), change.detail["before"]
    replanning.change_team(tx, desk, workshop, before["team"])
    return line(tx, desk, desk.city(workshop.city), workshop, caller.language)


def _unchanged(tx: Tx, after: Standing) -> Workshop:
    """The workshop, if it still stands as the change left it. Raises TooLate."""
    workshop = workshops.by_id(tx, after["workshop"])
    assert workshop is not None, "a workshop is never deleted"
    found = as_it_is(tx, workshop.id)
    if {**found, "prompts": {}} != {**after, "prompts": {}}:
        raise TooLate("undo.changed", workshop=workshop.title)
    if _went_on(found, after):
        raise TooLate("undo.asked", workshop=workshop.title)
    return workshop


def _went_on(found: Standing, after: Standing) -> bool:
    """Whether somebody was asked or answered since; who stopped taking part is in nobody's way."""
    return any(
        asking["state"] != after["prompts"][id]["state"] and asking["state"] not in ("planned", "cancelled")
        for id, asking in found["prompts"].items()
    )
