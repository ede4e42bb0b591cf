"""/status for who investigates: how far each city is this week, in counts that point at nobody."""

from exports.period import of_week
from exports.smallcells import K
from exports.weeknow import CityNow, WeekNow, week_now
from fieldwork.messages import Say
from fieldwork.people import Verb, may
from fieldwork.schedule import Week
from handlers.desk import Caller, Desk, send
from handlers.work import Finish, Place
from storage import jobs, people
from storage.database import snapshot
from storage.jobs import Job
from storage.tx import Tx

KIND = "overview"


def ask(tx: Tx, desk: Desk, caller: Caller) -> None:
    """Have it counted over all cities, beside the loop."""
    jobs.add(tx, KIND, {"person": caller.person.id}, desk.now)


def report(place: Place, desk: Desk, job: Job) -> Finish:
    """Count, and say it to who asked, if they still may know."""
    week = Week.of(desk.now, desk.study.timezone)
    with snapshot(place.database) as rows:
        found = week_now(rows, desk.study.cities, of_week(week, desk.study.timezone))

    def finish(tx: Tx, desk: Desk) -> None:
        person = people.by_id(tx, job.detail["person"])
        if may(person, Verb.SEE_OVERVIEW):
            send(tx, desk, person.id, Say(_told(desk, person.language, week.number, found)), priority=0)

    return finish


def _told(desk: Desk, language: str, week: int, found: WeekNow) -> str:
    say = desk.texts.say
    lines = [_line(desk, language, one) for one in found.cities] or [say("overview.none", language)]
    if any(one.done is None for one in found.cities):
        lines.append(say("overview.why", language, k=K))
    return say("overview.week", language, week=week, workshops=found.workshops, lines="\n".join(lines))


def _line(desk: Desk, language: str, one: CityNow) -> str:
    if one.done is None or one.due is None:
        return desk.texts.say("overview.hidden", language, city=one.city.name)
    pct = round(100 * one.done / one.due)
    return desk.texts.say("overview.city", language, city=one.city.name, done=one.done, sent=one.due, pct=pct)
