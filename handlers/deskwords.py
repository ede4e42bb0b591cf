"""Words that somebody was asked for at the desk: lines of a plan, a team, names, an address."""

import re
from collections.abc import Sequence

from fieldwork.conversation import Stage
from fieldwork.people import Verb, may
from handlers.delivery import mailbox, quoting
from handlers.desk import Caller, Desk
from handlers.people import inviting
from handlers.reflecting.talks import Talk
from handlers.workshops import agenda, planning, plansteps, teamchanging
from storage import pending
from storage.pending import Pending
from storage.tx import Tx

_OF_PLANNING = ("plan_lines", "plan_confirm", plansteps.KIND, teamchanging.KIND)
_LIKE_PLANNING = re.compile(r"\||\d[:.]\d\d")
"""Words with this in them are for the desk rather than an answer, where both wait."""


def wrote(tx: Tx, desk: Desk, caller: Caller, talk: Talk | None, text: str) -> bool:
    """Whether the words were for what waits at the desk; then they are dealt with."""
    waiting = pending.waiting_for(tx, caller.person.id, desk.now)
    if waiting is None:
        return False
    if waiting.kind == quoting.WAITING and quoting.wrote(tx, desk, caller, waiting, text):
        return True
    if talk is not None and not _is_for_desk(waiting, talk, text):
        return False
    return _take(tx, desk, caller, waiting, text)


def _is_for_desk(waiting: Pending, talk: Talk, text: str) -> bool:
    """Whether words are for what waits at the desk rather than for the questionnaire that waits, too."""
    is_asked_word_for_word = waiting.kind in (plansteps.KIND, teamchanging.KIND)
    return bool(_LIKE_PLANNING.search(text)) or (is_asked_word_for_word and talk.now.stage is Stage.PAUSED)


def _cities_of(waiting: Pending) -> Sequence[str]:
    """The cities that are planned in; '' where a workshop tells which one."""
    rows = waiting.detail.get("rows")
    return [row["city"] for row in rows] if rows else [waiting.detail.get("city", "")]


def _take(tx: Tx, desk: Desk, caller: Caller, waiting: Pending, text: str) -> bool:
    if waiting.kind in _OF_PLANNING and not all(may(caller.person, Verb.PLAN, city) for city in _cities_of(waiting)):
        # The role was taken away since it was asked, or it holds for another city now.
        return False
    match waiting.kind:
        case "plan_lines":
            planning.read_lines(tx, desk, caller, desk.city(waiting.detail["city"]), text)
        case plansteps.KIND if "|" in text and "workshop" not in waiting.detail:
            planning.read_lines(tx, desk, caller, desk.city(waiting.detail["city"]), text)
        case plansteps.KIND:
            plansteps.wrote(tx, desk, caller, waiting, text, agenda.confirm_move)
        case teamchanging.KIND:
            teamchanging.wrote(tx, desk, caller, waiting, text)
        case "plan_confirm" if "|" in text:
            planning.read_more(tx, desk, caller, waiting, text)
        case inviting.KIND:
            return inviting.wrote(tx, desk, caller, waiting, text)
        case mailbox.ADDRESS | mailbox.CODE if mailbox.is_asked_of(caller, waiting):
            mailbox.wrote(tx, desk, caller, waiting, text)
        case _:
            return False
    return True
