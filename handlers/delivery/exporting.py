"""/export and /digest: asking for files, and making the files of an export beside the loop."""

from shutil import rmtree

from exports.course import Told
from exports.formats import OFFERED, Format
from exports.period import everything, iso_week
from exports.survey import TooManyRows
from fieldwork.messages import Rows, Say
from fieldwork.people import Verb, may
from fieldwork.schedule import Week
from fieldwork.study import City
from fieldwork.taps import About, Key, button
from handlers.cities import city_key, in_city, known_or_told, picked
from handlers.delivery import course
from handlers.delivery.exportfiles import (
    erased_so_far,
    hold_back,
    make_files,
    note_made,
    send_files,
)
from handlers.desk import Caller, Desk, send, settle, tell
from handlers.work import Finish, Place
from storage import audit, jobs, people
from storage.database import snapshot
from storage.jobs import Job
from storage.tx import Tx

_PERIODS = ("this", "last", "all")


def ask(tx: Tx, desk: Desk, caller: Caller, rest: str) -> None:
    """/export, /export CITY, or for who may in every city /export alle steden."""
    *_, label = desk.texts.buttons("co.export.all", caller.language)
    if not _may_everywhere(desk, caller):
        also: Rows = ()
    elif rest.casefold() == label.casefold():
        _ask_period_of_all(tx, desk, caller)
        return
    else:
        also = ((button(label, Key(About.DESK, caller.person.id, 0, "exportall", "")),),)
    if not rest or known_or_told(tx, desk, caller, rest) is not None:
        in_city(tx, desk, caller, Verb.EXPORT, "export", rest, ask_period, also)


def order_all(tx: Tx, desk: Desk, caller: Caller, key: Key) -> None:
    """[Alle steden], and then a period: have a workbook of every city made."""
    if not _may_everywhere(desk, caller) or key.arg not in ("", *_PERIODS):
        tell(tx, desk, caller, "err.stale_button")
        return
    settle(tx, desk, caller, str(key))
    if key.arg:
        _add(tx, desk, caller, "", key.arg, Format.WORKBOOK)
    else:
        _ask_period_of_all(tx, desk, caller)


def _ask_period_of_all(tx: Tx, desk: Desk, caller: Caller) -> None:
    *labels, _ = desk.texts.buttons("co.export.all", caller.language)
    keys = [Key(About.DESK, caller.person.id, 0, "exportall", period) for period in _PERIODS]
    rows = tuple((button(label, key),) for label, key in zip(labels, keys, strict=True))
    tell(tx, desk, caller, "co.export.all", rows)


def _may_everywhere(desk: Desk, caller: Caller) -> bool:
    return all(may(caller.person, Verb.EXPORT, city.code) for city in desk.study.cities)


def ask_period(tx: Tx, desk: Desk, caller: Caller, city: City, rest: str) -> None:
    """/export: which period, for a workbook; or another kind of file."""
    *labels, another = desk.texts.buttons("co.export.ask", caller.language)
    rows = tuple(
        (button(label, city_key(desk, caller, city, "export", period)),)
        for label, period in zip(labels, _PERIODS, strict=True)
    )
    if may(caller.person, Verb.EXPORT_FILES, city.code):
        rows = (*rows, (button(another, city_key(desk, caller, city, "file", "")),))
    tell(tx, desk, caller, "co.export.ask", rows, city=city.name)


def pick_file(tx: Tx, desk: Desk, caller: Caller, key: Key) -> None:
    """Another kind of file is wanted: which, and then of which period."""
    city = picked(desk, caller, Verb.EXPORT_FILES, key)
    if city is None or key.arg not in ("", *OFFERED):
        tell(tx, desk, caller, "err.stale_button")
        return
    settle(tx, desk, caller, str(key))
    kinds = dict(zip(OFFERED, desk.texts.buttons("co.export.file", caller.language), strict=True))
    if not key.arg:
        rows = tuple((button(label, city_key(desk, caller, city, "file", kind)),) for kind, label in kinds.items())
        tell(tx, desk, caller, "co.export.file", rows, city=city.name)
        return
    labels = desk.texts.buttons("co.export.period", caller.language)
    rows = tuple(
        (button(label, city_key(desk, caller, city, "export", f"{period}-{key.arg}")),)
        for label, period in zip(labels, _PERIODS, strict=True)
    )
    tell(tx, desk, caller, "co.export.period", rows, city=city.name, kind=kinds[Format(key.arg)])


def order(tx: Tx, desk: Desk, caller: Caller, key: Key) -> None:
    """A period was picked: have the file made and sent to who asked."""
    period, _, kind = key.arg.partition("-")
    city = picked(desk, caller, Verb.EXPORT_FILES if kind else Verb.EXPORT, key)
    if city is None or period not in _PERIODS or kind not in ("", *OFFERED):
        tell(tx, desk, caller, "err.stale_button")
        return
    settle(tx, desk, caller, str(key))
    _add(tx, desk, caller, city.code, period, Format(kind or Format.WORKBOOK))


def _add(tx: Tx, desk: Desk, caller: Caller, city: str, period: str, made_as: Format) -> None:
    """Have it made; '' is every city."""
    this = Week.of(desk.now, desk.study.timezone)
    week = {"this": str(this), "last": str(this.plus(-1)), "all": ""}[period]
    audit.note(tx, caller.person.id, "export_ordered", city, f"{made_as} {week or 'all'}", desk.now)
    course.begin(tx, desk, caller, {"city": city, "week": week, "as": made_as})


def digest(tx: Tx, desk: Desk, caller: Caller, rest: str) -> None:
    """/digest: last week's summary for each of the person's lines, or the line that is picked."""
    lines = [line for line in desk.study.lines if line.code in caller.person.lines()]
    if len(lines) > 1:
        rows = tuple(
            (button(line.names[caller.language], Key(About.DESK, caller.person.id, 0, "digest", line.code)),)
            for line in lines
        )
        tell(tx, desk, caller, "digest.ask", rows)
    elif lines:
        _order_digest(tx, desk, caller, lines[0].code)
    else:
        tell(tx, desk, caller, "digest.no_line", contact=desk.study.contact)


def pick_digest(tx: Tx, desk: Desk, caller: Caller, key: Key) -> None:
    """A line was picked."""
    if not may(caller.person, Verb.DIGEST) or key.arg not in caller.person.lines():
        tell(tx, desk, caller, "err.stale_button")
        return
    settle(tx, desk, caller, str(key))
    if any(line.code == key.arg for line in desk.study.lines):
        _order_digest(tx, desk, caller, key.arg)
    else:
        tell(tx, desk, caller, "digest.no_line", contact=desk.study.contact)


def _order_digest(tx: Tx, desk: Desk, caller: Caller, line: str) -> None:
    week = Week.of(desk.now, desk.study.timezone).plus(-1)
    jobs.add(tx, "digest", {"line": line, "week": str(week), "people": [caller.person.id]}, desk.now)
    audit.note(tx, caller.person.id, "digest_ordered", "", line, desk.now)
    tell(tx, desk, caller, "digest.started")


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
            send_files(tx, desk, place, person_id, language, every)
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
