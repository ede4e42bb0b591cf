"""Writes the e-mails that wait as jobs, and says what is to be kept when one was taken or will never be."""

from dataclasses import dataclass, field
from email.headerregistry import Address
from pathlib import Path

from exports.formats import Format
from exports.letter import Enclosed, Letter, Pictured, message_id
from exports.locking import locked
from exports.period import of_week
from fieldwork.people import Person, Verb, may
from fieldwork.schedule import Week
from fieldwork.study import City, Line
from handlers.delivery.exportfiles import erased_so_far, make_files, note_made
from handlers.delivery.mailbox import CODE
from handlers.delivery.summarising import keep_told, line_of, summaries
from handlers.delivery.weekly import weekly_files
from handlers.desk import Desk
from handlers.work import Finish, NotYet, Place
from storage import audit, jobs, mailboxes, pending, people
from storage.database import snapshot
from storage.jobs import Job
from storage.ledger import Made
from storage.tx import Tx

_MOST_BYTES = 18_000_000
"""Workbooks of more than this are not enclosed: many servers refuse e-mails of 25 MB, and these grow on the way."""
_FOLDER = "mailed"
"""In the exports folder."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """Whom letters come from, and what the workbooks in them are locked with."""

    sender: Address
    password: str = field(default="", repr=False)
    """'' where they are not locked."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A letter to be handed over, and what is to be kept when it was taken."""

    letter: Letter
    finish: Finish
    erased_before: int
    """How many people were erased before it was written."""


def write(place: Place, desk: Desk, envelope: Envelope, job: Job, *, encloses: bool = True) -> Ready | None:
    """The e-mail of this job; None where nobody is to get it any more. Raises NotYet while a workbook is made."""
    return _code(place, desk, envelope, job) if job.kind == CODE else _summary(place, desk, envelope, job, encloses)


def hold_back(place: Place, ready: Ready) -> None:
    """Who was erased while the letter was written may stand in it. Raises NotYet: it is written again."""
    if erased_so_far(place) != ready.erased_before:
        raise NotYet("somebody was erased while it was written")


def _code(place: Place, desk: Desk, envelope: Envelope, job: Job) -> Ready | None:
    erased = erased_so_far(place)
    with snapshot(place.database) as rows:
        person = people.by_id(rows, job.detail["person"])
        waiting = pending.waiting_for(rows, person.id, desk.now)
    if waiting is None or waiting.kind != CODE:
        return None
    say, language, study = desk.texts.say, person.language, desk.study.name
    letter = Letter(
        sender=envelope.sender,
        to=waiting.detail["address"],
        subject=say("letter.code.subject", language, project=study),
        message_id=message_id(envelope.sender, "code", person.code, str(job.id)),
        written_on=desk.now.astimezone(desk.study.timezone),
        language=language,
        text=say("letter.code", language, project=study, code=waiting.detail["code"]),
        foot=say("letter.code.foot", language, contact=desk.study.contact),
    )
    return Ready(letter, lambda tx, desk: None, erased)


def _summary(place: Place, desk: Desk, envelope: Envelope, job: Job, encloses: bool) -> Ready | None:
    line, week = line_of(desk, job.detail["line"]), Week.parse(job.detail["week"])
    erased = erased_so_far(place)
    with snapshot(place.database) as rows:
        person = people.by_id(rows, job.detail["person"])
        address = mailboxes.address_of(rows, person.id)
        if address is None or not may(person, Verb.DIGEST) or line.code not in person.lines():
            return None
        weeks, digests = summaries(rows, desk, line, week, {person.language})
    gets_workbooks = _gets_workbooks(desk, person, line)
    made = workbooks_of(place, desk, week) if encloses and gets_workbooks else {}
    is_light = sum((place.exports / one.file).stat().st_size for files in made.values() for one in files) <= _MOST_BYTES
    files = [one for each in made.values() for one in each] if is_light else []
    digest = digests[person.language]
    letter = Letter(
        sender=envelope.sender,
        to=address,
        subject=_subject(desk, line, week, person.language),
        message_id=message_id(envelope.sender, line.code, str(week), person.code),
        written_on=desk.now.astimezone(desk.study.timezone),
        language=person.language,
        text=digest.text,
        foot=_foot(desk, person, envelope, bool(files), is_light and (encloses or not gets_workbooks)),
        pictures=[Pictured(picture.png, picture.caption) for picture in digest.pictures],
        files=[_enclosed(place.exports / one.file, envelope.password) for one in files],
    )

    def finish(tx: Tx, desk: Desk) -> None:
        keep_told(tx, desk, weeks, [digest])
        audit.note(tx, person.id, "mailed", "", f"{line.code} {week}", desk.now)
        if files:
            for city, each in made.items():
                note_made(tx, desk, person.id, "mailed", city, each)

    return Ready(letter, finish, erased)


def _gets_workbooks(desk: Desk, person: Person, line: Line) -> bool:
    """Who investigates several lines gets as many letters, and the workbooks with the first."""
    first = next(one.code for one in desk.study.lines if one.code in person.lines())
    return line.code == first and may(person, Verb.EXPORT)


def _subject(desk: Desk, line: Line, week: Week, language: str) -> str:
    name = line.names[language]
    return desk.texts.say("letter.subject", language, project=desk.study.name, week=week.number, line=name)


def workbooks_of(place: Place, desk: Desk, week: Week) -> dict[City, tuple[Made, ...]]:
    """The week's workbooks of every city, also where coordinators get more than those. Raises NotYet."""
    if place.weekly == (Format.WORKBOOK,):
        return {city: _weekly(place, desk, city, week) for city in desk.study.cities}
    # An archive cannot be locked with a password.
    period = of_week(week, desk.study.timezone)
    cities = desk.study.cities
    return {city: make_files(place, desk, city, period, city.language, folder=_FOLDER) for city in cities}


def _weekly(place: Place, desk: Desk, city: City, week: Week) -> tuple[Made, ...]:
    """The city's, unless nobody makes them: it is new this week, or the work was given up. Raises NotYet."""
    try:
        return weekly_files(place, desk, city, week)
    except NotYet:
        with snapshot(place.database) as rows:
            if jobs.is_under_way(rows, f"workbook:{city.code}:{week}"):
                raise
        return ()


def _foot(desk: Desk, person: Person, envelope: Envelope, has_files: bool, fits: bool) -> str:
    """What is enclosed, and how this ends."""
    say, language = desk.texts.say, person.language
    lines = []
    if has_files:
        lines.append(say("letter.locked" if envelope.password else "letter.open", language))
    elif not fits:
        lines.append(say("letter.too_big", language, store=desk.study.store))
    return "\n".join([*lines, say("letter.foot", language, contact=desk.study.contact)])


def _enclosed(workbook: Path, password: str) -> Enclosed:
    return Enclosed(workbook.name, locked(workbook, password) if password else workbook.read_bytes())
