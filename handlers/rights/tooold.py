"""/retention: the steward sees what is too old to be kept, now or on a day to come, and what was deleted for that."""

from datetime import date, datetime, time

from fieldwork import wording
from fieldwork.messages import Say
from fieldwork.people import Verb, may
from fieldwork.study import UnknownCity
from handlers.desk import Caller, Desk, send, tell
from handlers.rights.forgetting import limits
from handlers.work import Finish, Place
from storage import audit, jobs, people, retention
from storage.audit import Entry, Only
from storage.database import snapshot
from storage.jobs import Job
from storage.tx import Tx

KIND = "retention_report"
_MOST_DONE = 10


def ask(tx: Tx, desk: Desk, caller: Caller, rest: str) -> None:
    """/retention, or /retention DAY to look ahead; it reads over all cities, beside the loop."""
    words = rest.strip()
    try:
        day = date.fromisoformat(words).isoformat() if words else ""
    except ValueError:
        tell(tx, desk, caller, "retention.day", found=words[:40])
        return
    jobs.add(tx, KIND, {"person": caller.person.id, "day": day}, desk.now)
    audit.note(tx, caller.person.id, "retention_shown", "", day, desk.now)
    tell(tx, desk, caller, "retention.counting")


def report(place: Place, desk: Desk, job: Job) -> Finish:
    """Count what is too old, deleting nothing, and say it to who asked, if they still may know."""
    asked = job.detail
    on = _end_of(asked["day"], desk) if asked["day"] else desk.now
    with snapshot(place.database) as rows:
        found = retention.counts(rows, limits(desk.study, on))
        done = audit.page(rows, Only(verb="retention"), None, _MOST_DONE)

    def finish(tx: Tx, desk: Desk) -> None:
        person = people.by_id(tx, asked["person"])
        if may(person, Verb.SEE_RETENTION):
            send(tx, desk, person.id, Say(_told(desk, person.language, on, found, done)), priority=0)

    return finish


def _told(desk: Desk, language: str, on: datetime, found: dict[tuple[str, str], int], done: list[Entry]) -> str:
    none = desk.texts.say("retention.none", language)
    lines = [_line(desk, kind, city, count, language) for (kind, city), count in found.items()]
    how = "automatic" if desk.study.retention.is_automatic else "by_hand"
    return desk.texts.say(
        "retention.report",
        language,
        day=wording.day(on, desk.study.timezone, language, desk.now),
        lines="\n".join(lines) or none,
        done="\n".join(_done(desk, entry, language) for entry in done) or none,
        how=desk.texts.say(f"retention.{how}", language),
    )


def _line(desk: Desk, kind: str, city: str, count: int, language: str) -> str:
    try:
        where = desk.city(city).name
    except UnknownCity:
        where = "–"
    return f"• {where}, {desk.texts.say(f'too_old.{kind}', language)}: {count}"


def _done(desk: Desk, entry: Entry, language: str) -> str:
    """What stands in the audit as `contact 3`."""
    kind, _, count = entry.subject.partition(" ")
    day = wording.day(entry.done_on, desk.study.timezone, language, desk.now)
    return f"{_line(desk, kind, entry.city, int(count), language)}, {day}"


def _end_of(day: str, desk: Desk) -> datetime:
    return datetime.combine(date.fromisoformat(day), time.max, desk.study.timezone)
