"""The slow work: makes files from a snapshot, in a thread, and says afterwards what is to be sent."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from shutil import rmtree

from exports.course import Told, untold
from exports.formats import WITH_MEDIA, Format, Surroundings, file_name, write_file
from exports.period import Period, everything, iso_week, of_week
from exports.sheets import MOST_ROWS
from exports.survey import TooManyRows
from exports.workbook import Request, Summary, forms_of
from fieldwork.messages import Attachment, Say
from fieldwork.people import Role, Verb, may
from fieldwork.schedule import Week, out_of_quiet
from fieldwork.study import City
from handlers import course, largefiles, mailbox
from handlers.desk import Desk, send
from handlers.largefiles import MOST_SENT
from storage import audit, erasing, exported, exporting, jobs, ledger, people
from storage.connection import Database, Rows, Tx
from storage.database import snapshot
from storage.exporting import Scope
from storage.files import sha256_of, write_whole
from storage.jobs import Job
from storage.ledger import Made

Finish = Callable[[Tx, Desk], None]
"""What is to be kept and said, in the transaction that closes the job."""

FORGETTING_COPY = "forget_copy"
_COPY_KEPT = timedelta(days=7)
"""So long our own copy of a file with photos and recordings stays; it may still have to be sent."""


class NotYet(Exception):
    """What this work needs is still being made; it is tried again."""


class Failed(Exception):
    """Work came to nothing, for a reason that may stand in the operator's list: it holds nothing of anybody."""

    most_tries = jobs.MOST_TRIES


class Hopeless(Failed):
    """Trying again changes nothing."""

    most_tries = 1


@dataclass(frozen=True, slots=True)
class Place:
    """Where the work finds rows and leaves files, the program's version, and what goes out every week."""

    database: Database
    exports: Path
    version: str
    weekly: tuple[Format, ...] = (Format.WORKBOOK,)
    """What Monday's delivery holds."""
    line_end: str = "\n"
    """In the texts of REFI-QDA projects."""
    most_sent: int = MOST_SENT
    """Bytes; a larger file is announced and not sent."""
    most_rows: int = MOST_ROWS
    """Of a sheet of a workbook."""


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
                _send(tx, desk, place, person.id, person.language, made, morning(desk))
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


def erased_so_far(place: Place) -> int:
    """How many people were erased, before rows are read for what is to go out."""
    with snapshot(place.database) as rows:
        return erasing.how_many(rows)


def hold_back(tx: Tx, place: Place, erased_before: int, made: Iterable[Made] = ()) -> None:
    """Where somebody was erased since, the files may hold them and go. Raises NotYet: they are made again."""
    if erasing.how_many(tx) == erased_before:
        return
    for one in made:
        _remove(place.exports / one.file)
    raise NotYet("somebody was erased while it was made")


@contextmanager
def gone_unless_noted(place: Place, made: Iterable[Made]) -> Iterator[None]:
    """Files that could not be noted go: nobody would know who is in them."""
    try:
        yield
    except BaseException:
        for one in made:
            _remove(place.exports / one.file)
        raise


def _remove(path: Path) -> None:
    if path.is_dir():
        rmtree(path)
    else:
        path.unlink(missing_ok=True)


def export(place: Place, desk: Desk, job: Job, told: Told) -> Finish:
    """What somebody asked for, of one city or of all, in their language; whether they still may is asked again."""
    code, person_id, week = job.detail["city"], job.detail["person"], job.detail["week"]
    cities = (desk.city(code),) if code else desk.study.cities
    period = iso_week(week, desk.study.timezone) if week else everything()
    with snapshot(place.database) as rows:
        language = people.by_id(rows, person_id).language
    wanted = (Format(job.detail.get("as", Format.WORKBOOK)),)
    folder, erased = course.folder(job.id), erased_so_far(place)
    try:
        made = {one: make_files(place, desk, one, period, language, wanted, folder, told) for one in cities}
    except TooManyRows as many:
        return _too_many(job, language, many)
    verb = Verb.EXPORT if wanted == (Format.WORKBOOK,) else Verb.EXPORT_FILES

    every = [file for files in made.values() for file in files]

    def finish(tx: Tx, desk: Desk) -> None:
        hold_back(tx, place, erased, every)
        course.end(tx, desk, job, "export.done" if every else "co.export.empty")
        person = people.by_id(tx, person_id)
        if all(may(person, verb, one.code) for one in cities):
            for one, files in made.items():
                note_made(tx, desk, person_id, "exported", one, files)
            _send(tx, desk, place, person_id, language, every)
        else:
            rmtree(place.exports / folder, ignore_errors=True)

    return finish


def _too_many(job: Job, language: str, many: TooManyRows) -> Finish:
    """No file is made; who asked reads why, and what they can ask for instead."""

    def finish(tx: Tx, desk: Desk) -> None:
        course.end(tx, desk, job, "export.stopped")
        text = desk.texts.say("co.export.full", language, found=many.found, most=many.most)
        send(tx, desk, job.detail["person"], Say(text))

    return finish


def clear_stopped(place: Place, desk: Desk, job: Job) -> Finish:
    """What was made in the moment in which it was stopped goes."""
    rmtree(place.exports / job.detail["folder"], ignore_errors=True)
    return lambda tx, desk: None


_TELLS_WHO_ASKED = {
    "own_copy": "own.failed",
    "own_reflections": "mine.failed",
    "invitation_cards": "invite.failed",
    "export": "export.failed",
    "read_plan": "plan.file_failed",
    "plan_template": "plan.file_failed",
    "check_form": "form.failed",
    "keep_picture": "form.failed",
    "send_form": "form.failed",
    "overview": "overview.failed",
    "retention_report": "retention.failed",
}
"""What somebody reads whose own order came to nothing, by the kind of work."""


def given_up(tx: Tx, desk: Desk, job: Job) -> None:
    """The work failed for good: who waits for it reads so, instead of nothing."""
    if job.kind == "export":
        course.end(tx, desk, job, "export.stopped")
    if (key := _TELLS_WHO_ASKED.get(job.kind)) is not None:
        language = people.by_id(tx, job.detail["person"]).language
        send(tx, desk, job.detail["person"], Say(desk.texts.say(key, language, contact=desk.study.contact)))
        return
    match job.kind:
        case "erase":
            for steward in people.with_role(tx, Role.STEWARD):
                send(tx, desk, steward.id, Say(desk.texts.say("erasures.failed", steward.language)))
        case "delivery":
            city, week = desk.city(job.detail["city"]), Week.parse(job.detail["week"]).number
            for person in people.with_role(tx, Role.COORDINATOR, city.code):
                contact = desk.study.contact
                text = desk.texts.say("weekly.failed", person.language, city=city.name, week=week, contact=contact)
                send(tx, desk, person.id, Say(text), not_before_on=morning(desk))
        case "email_code" | "letter":
            mailbox.given_up(tx, desk, job)
        case "digest":
            week = Week.parse(job.detail["week"]).number
            for person_id in job.detail["people"]:
                language = people.by_id(tx, person_id).language
                text = desk.texts.say("digest.failed", language, week=week, contact=desk.study.contact)
                send(tx, desk, person_id, Say(text))


def make_files(
    place: Place,
    desk: Desk,
    city: City,
    period: Period,
    language: str,
    wanted: Sequence[Format] = (Format.WORKBOOK,),
    folder: str = "",
    told: Told = untold,
) -> tuple[Made, ...]:
    """A file for every questionnaire of which the city has something in the period, in a folder of the exports.

    Several formats are one archive. `told` hears how many reflections are done; where it stops the work, no file
    is left of it.
    """
    made: list[Made] = []
    with snapshot(place.database) as rows:
        scope = Scope(period.since, period.until, city.code)
        whole = exporting.count(rows, scope)
        try:
            for form_id in exporting.form_ids(rows, scope):
                request = Request(desk.study, city, forms_of(rows, form_id), period, language, place.version)
                course_so_far = _after(sum(one.rows for one in made), whole, told)
                made.append(_make_file(place, desk, rows, request, wanted, folder, course_so_far))
        except BaseException:
            for one in made:
                (place.exports / one.file).unlink(missing_ok=True)
            raise
    return tuple(made)


def _after(before: int, whole: int, told: Told) -> Told:
    """The course of one file of several, in which `before` stand in earlier ones."""
    return lambda done, total: told(before + done, whole)


def _make_file(
    place: Place, desk: Desk, rows: Rows, request: Request, wanted: Sequence[Format], folder: str, told: Told
) -> Made:
    file = str(Path(folder) / file_name(request.city, request.period, request.form.form_id, wanted))
    target, around = place.exports / file, Surroundings(desk.media, desk.random, place.line_end, place.most_rows)
    summaries: list[Summary] = []
    write_whole(target, lambda aside: summaries.append(write_file(rows, request, wanted, aside, around, told)))
    (summary,) = summaries
    return Made(
        file,
        sha256_of(target),
        summary.rows,
        summary.people,
        summary.workshops,
        tuple(sorted(summary.codes)),
        "+".join(wanted),
        target.stat().st_size,
        summary.continued,
    )


def morning(desk: Desk) -> datetime:
    """Now, or the end of the quiet hours: weekly work may be done at night, but wakes nobody."""
    return out_of_quiet(desk.now, desk.study.rhythm.quiet, desk.study.timezone)


def _send(
    tx: Tx,
    desk: Desk,
    place: Place,
    person_id: int,
    language: str,
    made: Sequence[Made],
    not_before_on: datetime | None = None,
) -> None:
    """The files, each with what it holds."""
    for one in made:
        path = place.exports / one.file
        if one.size > place.most_sent:
            largefiles.announce(tx, desk, person_id, exported.number_of(tx, one.file, one.sha256), str(path), one.size)
            continue
        text = desk.texts.say(
            "co.export.ready",
            language,
            file=path.name,
            rows=one.rows,
            people=one.people,
            workshops=one.workshops,
            store=desk.study.store,
        )
        if one.continued:
            text += "\n" + desk.texts.say("co.export.continued", language, sheets=", ".join(one.continued))
        message = Say(text, attachment=Attachment(str(path), path.name))
        send(tx, desk, person_id, message, not_before_on=not_before_on)


def note_made(tx: Tx, desk: Desk, person_id: int | None, verb: str, city: City, made: Sequence[Made]) -> None:
    """What was made or given to somebody, who is in it, and the hash that tells it from any other."""
    for one in made:
        exported.add(tx, one.file, one.sha256, city.code, one.rows, one.codes, desk.now)
        if verb != "workbook_made":
            exported.given(tx, one.file, one.sha256, person_id, desk.now)
        if WITH_MEDIA.intersection(one.made_as.split("+")):
            detail, due_on = {"file": one.file, "sha256": one.sha256}, desk.now + _COPY_KEPT
            once_key = f"copy:{one.file}:{one.sha256}:{desk.now:%Y-%m-%d}"
            jobs.add(tx, FORGETTING_COPY, detail, desk.now, once_key=once_key, due_on=due_on)
        audit.note(tx, person_id, verb, city.code, f"{one.made_as} {one.file} {one.rows} {one.sha256}", desk.now)
