"""What is said while an export is made: how far it is, that it is done, and how to stop it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from fieldwork.messages import Rows, Say
from fieldwork.taps import About, Key, button
from handlers.desk import Caller, Desk, tell
from storage import audit, jobs, outbox, people
from storage.jobs import Job
from storage.tx import Tx

STOPPING = "unexport"
"""What the button under the message does."""
CLEARING = "clear_stopped_export"
_CLEARED_AFTER = timedelta(minutes=10)
"""By then whoever was still making it has seen that nobody waits."""


def begin(tx: Tx, desk: Desk, caller: Caller, detail: Mapping[str, Any]) -> None:
    """Have an export made for who called; the message about it has a button that stops it."""
    text = desk.texts.say("export.started", caller.language)
    said = outbox.write(tx, caller.urn, Say(text), now=desk.now)
    job = jobs.add(tx, "export", {**detail, "person": caller.person.id, "said": said}, desk.now)
    rows = _rows(desk, caller.person.id, caller.language, job or 0)
    outbox.write(tx, caller.urn, Say(text, rows), now=desk.now, edit_of=said)


def tell_course(tx: Tx, desk: Desk, job: Job, done: int, total: int) -> bool:
    """Say how far the work is and renew its lease; False where it is no longer wanted."""
    if not jobs.goes_on(tx, job.id, desk.now):
        return False
    if total and "said" in job.detail:
        person = people.by_id(tx, job.detail["person"])
        text = desk.texts.say("co.export.busy", person.language, done=done, total=total)
        _change(tx, desk, job, Say(text, _rows(desk, person.id, person.language, job.id)))
    return True


def end(tx: Tx, desk: Desk, job: Job, key: str = "export.done") -> None:
    """The message about the work gets its last words and loses its button."""
    if "said" in job.detail:
        language = people.by_id(tx, job.detail["person"]).language
        _change(tx, desk, job, Say(desk.texts.say(key, language)))


def stop(tx: Tx, desk: Desk, caller: Caller, key: Key) -> None:
    """The button: what is being made is made no further."""
    job = jobs.wanted(tx, int(key.arg)) if key.arg.isdecimal() and len(key.arg) < 19 else None
    if job is None or job.kind != "export" or job.detail["person"] != caller.person.id:
        tell(tx, desk, caller, "err.stale_button")
        return
    jobs.cancel(tx, job.id, desk.now)
    audit.note(tx, caller.person.id, "export_stopped", job.detail["city"], job.detail["week"] or "all", desk.now)
    jobs.add(tx, CLEARING, {"folder": folder(job.id)}, desk.now, due_on=desk.now + _CLEARED_AFTER)
    end(tx, desk, job, "export.stopped")


def folder(job_id: int) -> str:
    """Where in the exports what was asked for is made."""
    return f"asked-{job_id}"


def _change(tx: Tx, desk: Desk, job: Job, say: Say) -> None:
    """Change the message about the work, where it can be and is still kept."""
    urn = people.urn_of(tx, job.detail["person"])
    if urn is not None and outbox.is_kept(tx, job.detail["said"]):
        outbox.write(tx, urn, say, now=desk.now, edit_of=job.detail["said"])


def _rows(desk: Desk, person_id: int, language: str, job_id: int) -> Rows:
    (label,) = desk.texts.buttons("co.export.busy", language)
    return ((button(label, Key(About.DESK, person_id, 0, STOPPING, str(job_id))),),)
