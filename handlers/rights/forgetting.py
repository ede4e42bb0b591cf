"""Nothing is kept longer than the study says: what goes, when, and what stands about it in the audit."""

from datetime import datetime, timedelta

from fieldwork.study import Study
from handlers.desk import Desk
from storage import audit, jobs, retention
from storage.retention import Forgotten, Limits
from storage.tx import Tx

_MOST_AT_ONCE = 50
"""Things of each kind in one transaction, so that nobody's reply waits long for it."""

_ON_THE_WAY = timedelta(days=7)
"""A file that was made may still have to be sent."""


def limits(study: Study, now: datetime) -> Limits:
    """What is too old at this moment. Once the study's date has passed, everything about its fieldworkers is."""
    kept = study.retention
    if now.astimezone(study.timezone).date() > study.retention_date:
        return Limits(now, now, now, now - _ON_THE_WAY, True)
    answers_before = None if kept.answers_after is None else now - kept.answers_after
    exports_before = None if answers_before is None else min(answers_before, now - _ON_THE_WAY)
    return Limits(now - kept.contact_after, now - kept.media_after, answers_before, exports_before, False)


def begin(tx: Tx, desk: Desk) -> None:
    """Once a day, where anything is too old and the study has it forgotten by itself."""
    if not desk.study.retention.is_automatic or not retention.is_due(tx, limits(desk.study, desk.now)):
        return
    day = desk.now.astimezone(desk.study.timezone).date()
    jobs.add(tx, "retention", {"day": day.isoformat()}, desk.now, once_key=f"retention:{day}")


def forget_some(tx: Tx, desk: Desk) -> Forgotten:
    """Delete some of what is too old, with an entry in the audit for each kind and city."""
    gone = retention.forget(tx, limits(desk.study, desk.now), _MOST_AT_ONCE)
    for (kind, city), count in sorted(gone.counts.items()):
        audit.note(tx, None, "retention", city, f"{kind} {count}", desk.now)
    return gone
