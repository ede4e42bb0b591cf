"""What the operator reads: how the bot is doing, and once of each thing that waits for them."""

from datetime import datetime, timedelta

from fieldwork import wording
from fieldwork.messages import Say
from fieldwork.people import Person, Role
from fieldwork.schedule import out_of_quiet
from handlers.desk import Caller, Desk, send, tell
from handlers.rights import forgetting
from handlers.setaside import set_aside
from storage import health, people
from storage.stamps import stamp
from storage.tx import Rows, Tx

SILENT_AFTER = timedelta(minutes=15)
"""Telegram keeps what people send for a day; so long without fetching is worth a word."""
_MOST_LINES = 20


def show(tx: Tx, desk: Desk, caller: Caller) -> None:
    """/status: figures, and what was set aside; nothing of what anybody said."""
    row = health.waiting(tx, desk.now)
    counts, times = health.counts(row), health.times(row)
    ago = {name: _ago(desk, moment, caller.language) for name, moment in times.items()}
    # The question itself is still in the inbox.
    updates = max(0, counts["updates_waiting"] - 1)
    tell(
        tx,
        desk,
        caller,
        "op.status",
        polled=ago["last_poll_on"],
        copied=ago["last_backup_on"],
        weekly=ago["last_weekly_work_on"],
        updates=updates,
        oldest_update=ago["oldest_update_on"] if updates else "–",
        messages=counts["messages_waiting"],
        oldest_message=ago["oldest_message_on"],
        jobs=counts["jobs_waiting"],
        oldest_job=ago["oldest_job_on"],
        aside=_aside(tx, desk, caller.language),
    )


def raise_alarms(tx: Tx, desk: Desk, silent_for: timedelta) -> None:
    """Tell who can act, once of each thing, not at night; `silent_for` is how long nothing could be fetched.

    Where there is no operator to be reached, nothing counts as told.
    """
    operators = [one for one in people.with_role(tx, Role.OPERATOR) if people.urn_of(tx, one.id)]
    if not operators:
        return
    fresh = [words for thing, words in _waiting(tx, desk, operators) if health.raise_once(tx, thing, desk.now)]
    is_silent = silent_for >= SILENT_AFTER and health.raise_once(tx, _silence(tx, desk), desk.now)
    for person in operators if fresh or is_silent else ():
        told = desk.texts.say("op.silence", person.language) if is_silent else ""
        lines = "\n".join(([told] if told else []) + _shortened(fresh))
        text = desk.texts.say("op.alarm", person.language, lines=lines)
        morning_on = out_of_quiet(desk.now, desk.study.rhythm.quiet, desk.study.timezone)
        send(tx, desk, person.id, Say(text), not_before_on=morning_on)


def _waiting(tx: Tx, desk: Desk, operators: list[Person]) -> list[tuple[str, str]]:
    """Everything that waits for the operator: what it is called, and in words.

    A message to an operator that was refused is left out: a word about it would be refused, too.
    """
    own = {people.urn_of(tx, one.id) for one in operators}
    aside = [(one.id, f"{one.id}: {one.reason}") for one in set_aside(tx) if one.urn not in own]
    missed = [f"{one.work} {one.scope} {one.week}" for one in health.missed_work(tx, desk.now)]
    return [*aside, *((words, words) for words in (*missed, *_doubted_end(tx, desk)))]


def _doubted_end(tx: Tx, desk: Desk) -> list[str]:
    """That the study's last day is past, before everything is deleted for it."""
    until = forgetting.doubted_until(tx, desk) if desk.study.retention.is_automatic else None
    if until is None:
        return []
    first = until.astimezone(desk.study.timezone).date()
    return [f"study.toml: retention_date {desk.study.retention_date} is past; on {first} everything goes"]


def _silence(rows: Rows, desk: Desk) -> str:
    """A name for this silence: it is the one since then."""
    since_on = health.times(health.waiting(rows, desk.now))["last_poll_on"]
    return f"silence since {stamp(since_on) if since_on else 'the beginning'}"


def _aside(rows: Rows, desk: Desk, language: str) -> str:
    """What was set aside and what weekly work is missed, each with its reason or age."""
    lines = [f"{one.id}: {one.reason}, {_ago(desk, one.since_on, language)}" for one in set_aside(rows)]
    lines += [f"{one.work} {one.scope} {one.week}" for one in health.missed_work(rows, desk.now)]
    if not lines:
        return desk.texts.say("op.aside.none", language)
    return desk.texts.say("op.aside", language, count=len(lines), lines="\n".join(_shortened(lines)))


def _shortened(lines: list[str]) -> list[str]:
    return lines if len(lines) <= _MOST_LINES else [*lines[:_MOST_LINES], "…"]


def _ago(desk: Desk, moment: datetime | None, language: str) -> str:
    """How long ago in words; a dash where there is no such moment."""
    if moment is None:
        return "–"
    return desk.texts.say("op.ago", language, span=wording.span(desk.now - moment, language))
