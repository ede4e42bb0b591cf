"""/mijnreflecties: a person gets back what they told, and only they do."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from exports.ownreflections import OwnPage, OwnRequest, in_archives, own_page, write_archive
from fieldwork import turns
from fieldwork.conversation import Stage
from fieldwork.messages import Attachment, Say
from fieldwork.people import Person
from handlers.desk import Caller, Desk, send, tell
from handlers.reflecting.talks import active_talk
from handlers.rights import consenting
from handlers.rights.ownfiles import FOLDER, forget_later
from handlers.work import Finish, Place
from storage import audit, exported, jobs, people
from storage.database import snapshot
from storage.files import sha256_of, write_whole
from storage.jobs import Job
from storage.tx import Tx

KIND = "own_reflections"


def ask(tx: Tx, desk: Desk, caller: Caller) -> None:
    """/mijnreflecties: have the page made; asking twice in a minute is asking once."""
    once_key = f"{KIND}:{caller.person.id}:{desk.now:%Y-%m-%dT%H:%M}"
    jobs.add(tx, KIND, {"person": caller.person.id}, desk.now, once_key=once_key)
    tell(tx, desk, caller, "mine.started")


def make(media: Path, place: Place, desk: Desk, job: Job) -> Finish:
    """The page, and an archive of the files where there are any, for the person of the job."""
    with snapshot(place.database) as rows:
        person = people.by_id(rows, job.detail["person"])
        request = OwnRequest(desk.study, desk.forms, person.id, person.code, person.language, media, desk.texts.say)
        made = own_page(rows, request)
    says = (Say(request.words("mine.none")),) if made is None else tuple(_written(place, request, made, job.id))
    files = {
        Path(say.attachment.path).name: sha256_of(Path(say.attachment.path))
        for say in says
        if say.attachment is not None
    }

    def finish(tx: Tx, desk: Desk) -> None:
        for say in says:
            send(tx, desk, person.id, say, priority=0)
        # What is erased meanwhile takes these files along, as every file that holds the person.
        for name, sha256 in files.items():
            exported.add(tx, f"{FOLDER}/{name}", sha256, "", made.reflections if made else 0, (person.code,), desk.now)
        if files:
            forget_later(tx, desk, files)
        _put_question_again(tx, desk, person)
        audit.note(tx, person.id, "own_reflections", "", str(made.reflections if made else 0), desk.now)

    return finish


def _put_question_again(tx: Tx, desk: Desk, person: Person) -> None:
    """Behind the file, so that what waits stands at the bottom of the chat; a rest goes on."""
    talk = None if consenting.is_outdated(tx, desk, person) else active_talk(tx, desk, person)
    if talk is not None and talk.now.stage is not Stage.PAUSED:
        talk.keep(turns.ask_again(talk.now, talk.voice), desk.now)


def _written(place: Place, request: OwnRequest, made: OwnPage, job_id: int) -> Iterator[Say]:
    """The files in the exports folder, as they are sent."""
    folder, begin = place.exports / FOLDER, f"{request.person_id}-{job_id}"
    name = request.words("mine.file_name")
    target = folder / f"{begin}.html"
    write_whole(target, lambda aside: aside.write_text(made.html, encoding="utf-8"))
    yield Say(request.words("mine.ready", n=made.reflections), attachment=Attachment(str(target), f"{name}.html"))
    for number, files in enumerate(in_archives(made.files), start=1):
        archive = folder / f"{begin}-{number}.zip"
        write_whole(archive, partial(write_archive, files=files))
        yield Say(
            request.words("mine.files", n=len(files)), attachment=Attachment(str(archive), f"{name}-{number}.zip")
        )
