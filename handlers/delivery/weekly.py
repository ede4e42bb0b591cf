"""Monday's files of a city: made, and sent to its coordinators."""

from datetime import datetime
from pathlib import Path

from exports.course import Told, untold
from exports.period import of_week
from fieldwork.messages import Say
from fieldwork.people import Role
from fieldwork.schedule import Week, out_of_quiet
from fieldwork.study import City
from handlers.delivery.exportfiles import erased_so_far, hold_back, make_files, note_made, send_files
from handlers.desk import Desk, send
from handlers.work import Finish, NotYet, Place
from storage import ledger, people
from storage.database import snapshot
from storage.files import sha256_of
from storage.jobs import Job
from storage.ledger import Made
from storage.tx import Tx


def make_weekly_workbooks(place: Place, desk: Desk, job: Job, told: Told) -> Finish:
    """Monday's files of one city; a week without anything gives none."""
    city, week = desk.city(job.detail["city"]), Week.parse(job.detail["week"])
    period, erased = of_week(week, desk.study.timezone), erased_so_far(place)
    made = make_files(place, desk, city, period, city.language, place.weekly, told=told)

    def finish(tx: Tx, desk: Desk) -> None:
        hold_back(tx, place, erased, made)
        ledger.finish(tx, "workbook", city.code, week, made, desk.now)
        note_made(tx, desk, None, "workbook_made", city, made)

    return finish


def deliver(place: Place, desk: Desk, job: Job, told: Told) -> Finish:
    """Send Monday's workbooks to the city's coordinators. Raises NotYet while they are being made."""
    city, week = desk.city(job.detail["city"]), Week.parse(job.detail["week"])
    erased = erased_so_far(place)
    made = weekly_files(place, desk, city, week, told)

    def finish(tx: Tx, desk: Desk) -> None:
        hold_back(tx, place, erased, made)
        ledger.finish(tx, "workbook", city.code, week, made, desk.now)
        for person in people.with_role(tx, Role.COORDINATOR, city.code):
            if made:
                note_made(tx, desk, person.id, "delivered", city, made)
                send_files(tx, desk, place, person.id, person.language, made, morning(desk))
            else:
                text = desk.texts.say("weekly.empty", person.language, city=city.name, week=week.number)
                send(tx, desk, person.id, Say(text), not_before_on=morning(desk))
        ledger.finish(tx, "delivery", city.code, week, made, desk.now)

    return finish


def weekly_files(place: Place, desk: Desk, city: City, week: Week, told: Told = untold) -> tuple[Made, ...]:
    """What goes out of a city's week, made anew where it is gone. Raises NotYet while they are being made."""
    with snapshot(place.database) as rows:
        made = ledger.made(rows, "workbook", city.code, week)
    if made is None:
        raise NotYet(f"the workbook of {city.code}, {week}")
    if all(_is_there(place.exports / one.file, one.sha256) for one in made):
        return made
    # Somebody in it was erased since.
    period = of_week(week, desk.study.timezone)
    return make_files(place, desk, city, period, city.language, place.weekly, told=told)


def _is_there(path: Path, sha256: str) -> bool:
    return path.exists() and sha256_of(path) == sha256


def morning(desk: Desk) -> datetime:
    """Now, or the end of the quiet hours: weekly work may be done at night, but wakes nobody."""
    return out_of_quiet(desk.now, desk.study.rhythm.quiet, desk.study.timezone)
