"""A table of workshops that is sent in the chat: read beside the loop, shown, and kept only when it is confirmed."""

from collections.abc import Sequence

from fieldwork.messages import File, Say
from fieldwork.people import Person, Verb, cities_for, may
from fieldwork.planning import Unplanned
from fieldwork.study import City
from handlers.desk import Caller, Desk, send, tell
from handlers.tablefile import NotATable
from handlers.work import Finish
from handlers.workshops.planfile import Plan, Readout, WrongRow, find_plan, read_plan
from handlers.workshops.planning import Placed, show, waiting_to_be_saved
from storage import jobs, pending, people
from storage.tx import Tx

ALWAYS_PLANS = (".csv", ".tsv", ".ods")
"""Nothing else that is sent to the bot ends like this."""
MAY_PLAN = (".xlsx", ".xlsm", ".xls")
"""A questionnaire may end like this, too."""
MOST_AT_ONCE = 100
"""Workshops that are shown before they are kept."""
_BIGGEST_FILE = 2 * 1024 * 1024
_MOST_WRONG = 25
_LIKE_A_PLAN = 3
"""Columns of a plan that no questionnaire has so many of."""


def is_plan(tx: Tx, desk: Desk, caller: Caller, file: File) -> bool:
    """Whether this is a table of workshops from somebody who plans; what could be a questionnaire is, under /plan."""
    name = (file.name or "").casefold()
    if file.kind != "document" or not may(caller.person, Verb.PLAN):
        return False
    return name.endswith(ALWAYS_PLANS) or (name.endswith(MAY_PLAN) and _city_asked(tx, desk, caller.person) is not None)


def received(tx: Tx, desk: Desk, caller: Caller, file: File) -> None:
    """Have the table read beside the loop."""
    if (file.size or 0) > _BIGGEST_FILE:
        tell(tx, desk, caller, "err.file_too_big", megabytes=_BIGGEST_FILE // 1024**2)
        return
    city = _city_asked(tx, desk, caller.person) or ""
    jobs.add(tx, "read_plan", {"ref": file.ref, "person": caller.person.id, "city": city}, desk.now)
    tell(tx, desk, caller, "plan.file_read")


def read(content: bytes) -> Plan | NotATable:
    """The sheet with workshops, or why there is none; slow, and so done in a thread."""
    try:
        return find_plan(content)
    except NotATable as reason:
        return reason


def plan_in(content: bytes) -> Plan | NotATable | None:
    """The workshops in what was taken for a questionnaire, or why half of their columns are not enough; else None."""
    found = read(content) if content.startswith(b"PK") else None
    is_nearly = isinstance(found, NotATable) and int(str(found.values.get("known", 0))) >= _LIKE_A_PLAN
    return found if is_nearly or isinstance(found, Plan) else None


def report(found: Plan | NotATable, person_id: int, city: str) -> Finish:
    """Tell who sent it what is wrong, and show the others before they are kept."""

    def finish(tx: Tx, desk: Desk) -> None:
        person = people.by_id(tx, person_id)
        if isinstance(found, NotATable):
            _say(tx, desk, person, found.said(desk.texts, person.language))
        else:
            _report(tx, desk, person, read_plan(tx, desk, found, _usual_city(desk, person, city)))

    return finish


def _report(tx: Tx, desk: Desk, person: Person, readout: Readout) -> None:
    placed, refused = _allowed(person, readout.placed)
    wrong = sorted((*readout.wrong, *refused), key=lambda row: row.number)
    if readout.has_merged and wrong:
        _say(tx, desk, person, desk.texts.say("plan.merged", person.language))
    if wrong:
        _say(tx, desk, person, listed(desk, wrong, person.language))
    new = {one.likeness for one in placed}
    earlier = [one for one in waiting_to_be_saved(tx, desk, person) if one.likeness not in new]
    if placed and earlier:
        _say(tx, desk, person, desk.texts.say("plan.with_earlier", person.language, count=len(earlier)))
    placed = [*earlier, *placed] if placed else []
    if len(placed) > MOST_AT_ONCE:
        words = {"found": len(placed), "most": MOST_AT_ONCE}
        _say(tx, desk, person, desk.texts.say("plan.file_too_many", person.language, **words))
    elif placed:
        show(tx, desk, person, placed)
    else:
        _say(tx, desk, person, desk.texts.say("plan.file_none" if wrong else "plan.file_empty", person.language))


def listed(desk: Desk, wrong: Sequence[WrongRow], language: str) -> str:
    """The rows that are wrong, each with what was found, what was expected and an example."""
    lines = [told(desk, row, language) for row in wrong[:_MOST_WRONG]]
    if more := len(wrong) - len(lines):
        lines.append(desk.texts.say("plan.rows_more", language, count=more))
    return desk.texts.say("plan.rows_wrong", language, count=len(wrong), lines="\n".join(lines))


def told(desk: Desk, row: WrongRow, language: str) -> str:
    """What is wrong with a row."""
    first, *others = dict.fromkeys(desk.texts.say(one.key, language, **one.values) for one in row.reasons)
    reason = " ".join((first, *(one[:1].upper() + one[1:] for one in others)))
    return desk.texts.say("plan.row_wrong", language, row=row.number, reason=reason)


def _allowed(person: Person, placed: Sequence[tuple[int, Placed]]) -> tuple[list[Placed], list[WrongRow]]:
    """The workshops in the person's own cities, and the rows of the others."""
    mine = [one for _, one in placed if may(person, Verb.PLAN, one.city.code)]
    others = [
        WrongRow(number, (Unplanned("co.denied", city=one.city.name),))
        for number, one in placed
        if not may(person, Verb.PLAN, one.city.code)
    ]
    return mine, others


def _city_asked(tx: Tx, desk: Desk, person: Person) -> str | None:
    """The city for which /plan waits; None where it does not."""
    waiting = pending.waiting_for(tx, person.id, desk.now)
    if waiting is None or not waiting.kind.startswith("plan_"):
        return None
    return str(waiting.detail.get("city", ""))


def _usual_city(desk: Desk, person: Person, asked: str) -> City | None:
    """Where a row belongs that names no city: the one that was asked for, or the person's only one."""
    codes = cities_for(person, Verb.PLAN, tuple(city.code for city in desk.study.cities))
    if asked in codes:
        return desk.city(asked)
    return desk.city(codes[0]) if len(codes) == 1 else None


def _say(tx: Tx, desk: Desk, person: Person, text: str) -> None:
    send(tx, desk, person.id, Say(text), priority=0)
