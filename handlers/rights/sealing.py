"""Every week the stewards get the audit's seal: kept outside the database, it shows a chain that was made anew."""

from fieldwork.messages import Say
from fieldwork.people import Role
from fieldwork.schedule import Week, out_of_quiet
from handlers.desk import Desk, send
from storage import audit, ledger, people
from storage.tx import Tx

_WORK = "seal"


def give_seals(tx: Tx, desk: Desk) -> None:
    """Once a week, in the morning; a week in which the bot was off is not made up.

    While nothing is added, as in holidays, the seal stays what it was: it is not given again.
    """
    week = Week.of(desk.now, desk.study.timezone).plus(-1)
    last = ledger.last(tx, _WORK, "")
    given_on = None if last is None else ledger.claimed_on(tx, _WORK, "", last)
    if last == week or not ledger.claim(tx, _WORK, "", week, desk.now):
        return
    ledger.finish(tx, _WORK, "", week, (), desk.now)
    added_on = audit.last_added_on(tx)
    if added_on is None or (given_on is not None and added_on < given_on):
        return
    seal = audit.seal(tx)
    morning_on = out_of_quiet(desk.now, desk.study.rhythm.quiet, desk.study.timezone)
    for steward in people.with_role(tx, Role.STEWARD):
        text = desk.texts.say("audit.seal", steward.language, week=week.number, seal=seal.short)
        send(tx, desk, steward.id, Say(text), not_before_on=morning_on)
