"""Nothing is kept longer than the study says: what goes, when, and what stands about it in the audit."""

from datetime import datetime, timedelta

from fieldwork.study import Study
from handlers.desk import Desk
from storage import audit, jobs, retention
from storage.retention import Forgotten, Limits
from storage.tx import Rows, Tx

_MOST_AT_ONCE = 50
"""Things of each kind in one transaction, so that nobody's reply waits long for it."""

_ON_THE_WAY = timedelta(days=7)
"""A file that was made may still have to be sent."""

DOUBTED_FOR = timedelta(days=14)
"""A last day that is past when it is first read may be a slip of the pen: so long nothing is deleted for it."""


def limits(study: Study, now: datetime) -> Limits:
    """What is too old at this moment. Once the study's date has passed, everything about its fieldworkers is."""
    if study.is_over(now):
        return Limits(now, now, now, now - _ON_THE_WAY, True)
    return _limits_before_the_end(study, now)


def _limits_before_the_end(study: Study, now: datetime) -> Limits:
    kept = study.retention
    answers_before = None if kept.answers_after is None else now - kept.answers_after
    exports_before = None if answers_before is None else min(answers_before, now - _ON_THE_WAY)
    return Limits(now - kept.contact_after, now - kept.media_after, answers_before, exports_before, False)


def doubted_until(rows: Rows, desk: Desk) -> datetime | None:
    """Until when the study's last day is doubted, because it was past when it was first read; None: it is not."""
    first_on = retention.end_first_seen(rows, desk.study.retention_date) or desk.now
    was_past = desk.study.is_over(first_on)
    return first_on + DOUBTED_FOR if was_past and desk.now < first_on + DOUBTED_FOR else None


def _limits_now(rows: Rows, desk: Desk) -> Limits:
    is_doubted = doubted_until(rows, desk) is not None
    return (_limits_before_the_end if is_doubted else limits)(desk.study, desk.now)


def begin(tx: Tx, desk: Desk) -> None:
    """Once a day, where anything is too old and the study has it forgotten by itself.

    The study's last day is noted in any case, so that it is known to have been read before it was past.
    """
    retention.note_end(tx, desk.study.retention_date, desk.now)
    if not desk.study.retention.is_automatic or not retention.is_due(tx, _limits_now(tx, desk)):
        return
    day = desk.now.astimezone(desk.study.timezone).date()
    jobs.add(tx, "retention", {"day": day.isoformat()}, desk.now, once_key=f"retention:{day}")


def forget_some(tx: Tx, desk: Desk) -> Forgotten:
    """Delete some of what is too old, with an entry in the audit for each kind and city."""
    gone = retention.forget(tx, _limits_now(tx, desk), _MOST_AT_ONCE)
    for (kind, city), count in sorted(gone.counts.items()):
        audit.note(tx, None, "retention", city, f"{kind} {count}", desk.now)
    return gone
