"""A coordinator settles whether a workshop took place, where its people disagree."""

from fieldwork.messages import Say
from fieldwork.people import Verb
from fieldwork.study import City
from fieldwork.taps import Key, is_count
from handlers import undoing
from handlers.cities import picked
from handlers.desk import Caller, Desk, settle, tell
from handlers.undoing import TooLate
from handlers.workshops import askings, disputes, replanning
from storage import audit, outbox, prompts, workshops
from storage.tx import Tx
from storage.undoing import Change
from storage.workshops import Workshop


def ask(tx: Tx, desk: Desk, caller: Caller, key: Key) -> None:
    """A disputed workshop was picked in /status."""
    city, workshop = _disputed(tx, desk, caller, key)
    if city is None or workshop is None:
        tell(tx, desk, caller, "err.stale_button")
        return
    text = disputes.words(tx, desk, city, workshop, caller.language)
    rows = disputes.choices(desk, caller.person, city, workshop)
    outbox.write(tx, caller.urn, Say(text, rows), now=desk.now)


def tapped(tx: Tx, desk: Desk, caller: Caller, key: Key) -> None:
    """The coordinator settles it: it counts so, for everybody, until it is undone."""
    city, workshop = _disputed(tx, desk, caller, key)
    if city is None or workshop is None:
        _say_it_is_settled(tx, desk, caller, key)
        return
    settle(tx, desk, caller, str(key))
    workshops.settle(tx, workshop.id, key.act)
    ended = _end_asking(tx, desk, workshop) if key.act == "not_held" else {}
    audit.note(tx, caller.person.id, f"settled_{key.act}", city.code, str(workshop.id), desk.now)
    detail = {"workshop": workshop.id, "held": key.act, "prompts": ended}
    rows = undoing.offer(tx, desk, caller, city.code, "workshop_settled", str(workshop.id), detail)
    disputes.close(tx, desk, city, workshop, caller.person.id, key.act)
    told = "dispute.not_held" if key.act == "not_held" else "dispute.held"
    tell(tx, desk, caller, told, rows, workshop=workshop.title)


def unsettle(tx: Tx, desk: Desk, caller: Caller, change: Change) -> str:
    """Nobody settled it, and who was still being asked about it is asked again."""
    workshop = workshops.by_id(tx, change.detail["workshop"])
    assert workshop is not None, "a workshop is never deleted"
    if workshop.held != change.detail["held"]:
        raise TooLate("undo.changed", workshop=workshop.title)
    workshops.settle(tx, workshop.id, "")
    askings.take_up(tx, desk, change.detail["prompts"])
    return disputes.words(tx, desk, desk.city(workshop.city), workshop, caller.language)


def _say_it_is_settled(tx: Tx, desk: Desk, caller: Caller, key: Key) -> None:
    """A button of before: what was decided, where something was."""
    city = picked(desk, caller, Verb.PLAN, key)
    workshop = workshops.by_id(tx, int(key.arg)) if is_count(key.arg) else None
    if city is None or workshop is None or workshop.city != city.code or not workshop.held:
        tell(tx, desk, caller, "err.stale_button")
    else:
        settle(tx, desk, caller, str(key), shows=False)
        tell(tx, desk, caller, f"settled.{workshop.held}")


def _disputed(tx: Tx, desk: Desk, caller: Caller, key: Key) -> tuple[City | None, Workshop | None]:
    """The workshop of a button and its city, where the caller may settle it and it is not settled yet."""
    city = picked(desk, caller, Verb.PLAN, key)
    workshop = workshops.by_id(tx, int(key.arg)) if is_count(key.arg) else None
    if workshop is None or city is None or workshop.city != city.code or not disputes.is_disputed(tx, workshop):
        return None, None
    return city, workshop


def _end_asking(tx: Tx, desk: Desk, workshop: Workshop) -> dict[str, askings.Asking]:
    """Nobody is asked any more about what was not held; how far the asking was."""
    found = [one for one in prompts.of_workshop(tx, workshop.id) if one.is_open or one.state == "planned"]
    before = askings.as_they_are(tx, found)
    for prompt in found:
        if prompt.is_open:
            replanning.withdraw(tx, desk, prompt, "prompt.not_held", workshop=workshop.title)
        prompts.ended(tx, prompt.id, "not_held", desk.now)
    return before
