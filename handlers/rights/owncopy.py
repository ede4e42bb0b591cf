"""/mijngegevens: a person gets a copy of everything that is kept about them, and only they do."""

from functools import partial
from pathlib import Path

from exports.owncopy import heaps, own_document, write_copy
from exports.ownwords import Words
from fieldwork.messages import Attachment, Say
from fieldwork.people import Grant, Role
from handlers.desk import Caller, Desk, send, tell
from handlers.people.rolewords import role_words
from handlers.rights.ownfiles import FOLDER, delete, forget_later
from handlers.work import Finish, Place
from storage import audit, jobs, owncopy, people
from storage.database import snapshot
from storage.files import write_whole
from storage.jobs import Job
from storage.tx import Tx

KIND = "own_copy"


def ask(tx: Tx, desk: Desk, caller: Caller) -> None:
    """/mijngegevens: have the copy made; asking twice in a minute is asking once."""
    once_key = f"{KIND}:{caller.person.id}:{desk.now:%Y-%m-%dT%H:%M}"
    jobs.add(tx, KIND, {"person": caller.person.id}, desk.now, once_key=once_key)
    tell(tx, desk, caller, "own.started")


def make(media: Path, place: Place, desk: Desk, job: Job) -> Finish:
    """The archives, for the person of the job."""
    with snapshot(place.database) as rows:
        person = people.by_id(rows, job.detail["person"])
        copy = owncopy.everything(rows, person.id)
        names = owncopy.media_files(rows, person.id)
    words = Words(
        desk.texts.say,
        person.language,
        desk.study.timezone,
        role=lambda role, city, line: role_words(desk, Grant(Role(role), city, line), person.language),
        city=lambda code: next((city.name for city in desk.study.cities if city.code == code), code),
    )
    html = own_document(copy, desk.forms, words)
    files = [path for path in (media / name for name in names) if path.exists()]
    made = []
    for number, heap in enumerate(heaps(files), start=1):
        target = place.exports / FOLDER / f"{person.id}-{job.id}-data-{number}.zip"
        first = copy if number == 1 else {}
        write_whole(target, partial(write_copy, copy=first, html=html, files=heap))
        made.append(target)

    def finish(tx: Tx, desk: Desk) -> None:
        if people.urn_of(tx, person.id) is None:
            # Erased, or gone, while it was being made.
            delete(place.exports, person.id)
            return
        forget_later(tx, desk, (path.name for path in made))
        for number, path in enumerate(made, start=1):
            text = desk.texts.say("own.ready", person.language, n=number, of=len(made))
            name = desk.texts.say("own.file_name", person.language)
            send(tx, desk, person.id, Say(text, attachment=Attachment(str(path), f"{name}-{number}.zip")), priority=0)
        audit.note(tx, person.id, "own_copy", "", person.code, desk.now)

    return finish
