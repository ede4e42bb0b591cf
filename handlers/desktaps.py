"""What each button at the desk does; every handler asks again whether the person may."""

from collections.abc import Callable, Mapping

from fieldwork.taps import Key
from handlers import cities, commands, undoing
from handlers.delivery import course, exporting, mailbox, quoting
from handlers.desk import Caller, Desk, tell
from handlers.people import enquiries, inviting, members, openinvitations, reminding, replies
from handlers.publishing import questionnaires
from handlers.reflecting import pointing
from handlers.rights import erasures
from handlers.undoable import WAYS
from handlers.workshops import agenda, planning, plansteps, plantemplate, settling, teamchanging
from storage.tx import Tx

Act = Callable[[Tx, Desk, Caller, Key], object]


def tapped(tx: Tx, desk: Desk, caller: Caller, key: Key) -> None:
    """Carry the button out, if there is one of that name."""
    act = ACTS.get(key.act)
    if act is not None:
        act(tx, desk, caller, key)


def _city(tx: Tx, desk: Desk, caller: Caller, key: Key) -> None:
    """The command that asked which city goes on with the one that was tapped."""
    command = cities.asked_for(tx, desk, caller, key) if key.turn < len(desk.study.cities) else None
    if command is None:
        tell(tx, desk, caller, "err.stale_button")
    else:
        commands.run(tx, desk, caller, command)


def _plan(tx: Tx, desk: Desk, caller: Caller, key: Key) -> None:
    planning.decide(tx, desk, caller, key, plansteps.begin_again)


def _step(tx: Tx, desk: Desk, caller: Caller, key: Key) -> None:
    plansteps.tapped(tx, desk, caller, key, agenda.confirm_move)


def _undo(tx: Tx, desk: Desk, caller: Caller, key: Key) -> None:
    undoing.undo(tx, desk, caller, key, WAYS)


ACTS: Mapping[str, Act] = {
    "city": _city,
    "page": commands.turn_page,
    "open": commands.turn_page,
    "undo": _undo,
    "plan": _plan,
    "steps": plansteps.begin,
    "step": _step,
    "template": plantemplate.order,
    "workshop": agenda.tapped,
    "move": agenda.tapped,
    "moveto": agenda.move,
    "crew": agenda.tapped,
    "team": teamchanging.tapped,
    "cancel": agenda.tapped,
    "invitation": openinvitations.tapped,
    inviting.NOT_NOW: inviting.not_now,
    "member": members.tapped,
    "dispute": settling.ask,
    "held": settling.tapped,
    "not_held": settling.tapped,
    "remind": reminding.tapped,
    "file": exporting.pick_file,
    "export": exporting.order,
    "exportall": exporting.order_all,
    course.STOPPING: course.stop,
    "preview": questionnaires.tapped,
    "use": questionnaires.tapped,
    "usein": questionnaires.tapped,
    "workbook": questionnaires.tapped,
    "digest": exporting.pick_digest,
    "email": mailbox.tapped,
    "enquire": enquiries.tapped,
    "unasked": enquiries.not_after_all,
    "answer": replies.tapped,
    "erasure": erasures.tapped,
    "recalled": erasures.tapped,
    "quote": quoting.tapped,
    "flag": pointing.tapped,
}
"""By the word in the button."""
