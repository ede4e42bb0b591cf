"""Pictures that a questionnaire shows and that come after it."""

from fieldwork.messages import File, Say
from fieldwork.people import Verb, may
from handlers.desk import Caller, Desk, send, tell
from handlers.publishing.bundles import BIGGEST_BUNDLE
from handlers.work import Finish
from storage import formpictures, jobs, people
from storage.tx import Tx


def is_awaited(tx: Tx, caller: Caller, file: File) -> bool:
    """Whether this is a picture that a questionnaire shows and that has not come, from somebody who may publish."""
    if file.kind != "document" or not file.name or not may(caller.person, Verb.PUBLISH):
        return False
    return bool(formpictures.awaiting(tx, file.name))


def received(tx: Tx, desk: Desk, caller: Caller, file: File) -> None:
    """Have the picture kept beside the loop."""
    if (file.size or 0) > BIGGEST_BUNDLE:
        tell(tx, desk, caller, "err.file_too_big", megabytes=BIGGEST_BUNDLE // 1024**2)
        return
    jobs.add(tx, "keep_picture", {"ref": file.ref, "name": file.name, "person": caller.person.id}, desk.now)


def kept(name: str, file: str | None, person_id: int) -> Finish:
    """The picture goes to every questionnaire that waits for it; who sent it reads what is still missing."""

    def finish(tx: Tx, desk: Desk) -> None:
        language = people.by_id(tx, person_id).language
        if file is None:
            send(tx, desk, person_id, Say(desk.texts.say("form.picture_wrong", language, name=name)), priority=0)
            return
        waiting = formpictures.awaiting(tx, name)
        for form_hash in waiting:
            formpictures.came(tx, form_hash, name, file)
        missing = (still_missing(tx, desk, language, form_hash) for form_hash in waiting)
        pieces = (desk.texts.say("form.picture_kept", language, name=name), *dict.fromkeys(missing))
        send(tx, desk, person_id, Say("\n".join(piece for piece in pieces if piece)), priority=0)

    return finish


def still_missing(tx: Tx, desk: Desk, language: str, form_hash: str) -> str:
    names = formpictures.missing(tx, form_hash)
    return desk.texts.say("form.pictures_missing", language, names=", ".join(names)) if names else ""
