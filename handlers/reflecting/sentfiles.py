"""Recordings, pictures and other files sent to a questionnaire: kept where they may be and fit, or refused in words."""

from dataclasses import dataclass
from datetime import datetime

from fieldwork import answering
from fieldwork.conversation import Missed, Part, Showed, Stage
from fieldwork.filekinds import Sort, ending_of, sort_of, takes_sort
from fieldwork.messages import File
from forms.question import Kind
from handlers.desk import Caller, Desk, tell
from handlers.reflecting.crossing import add_late, crossed, just_told
from handlers.reflecting.pointing import point_out
from handlers.reflecting.reflection import care, source_of
from handlers.reflecting.talks import Talk
from handlers.rights.consenting import ask_media
from storage import albums, jobs, media
from storage.tx import Tx

BIGGEST_FILE = 20 * 1024 * 1024
"""Bytes the channel will hand over."""
_EXPECTED = {Kind.IMAGE: "err.not_image", Kind.AUDIO: "err.not_audio", Kind.VIDEO: "err.not_video"}
"""By what the question asks for, the text for any other file."""


def take(tx: Tx, desk: Desk, caller: Caller, talk: Talk, file: File, caption: str, album: str | None) -> None:
    """A recording or a picture: kept if it may be and if the question can take it."""
    if _came_late(talk, file, caller.incoming.said_on):
        add_late(talk, kept(tx, desk, caller, talk, file, caption), caller.incoming.said_on)
        point_out(tx, desk, caller, talk, source_of(caller))
        return
    refusal = refusal_of(talk, file)
    if album is not None and _is_one_of_many(tx, desk, caller, talk, album, refusal is None):
        return
    if refusal is None:
        care(tx, desk, caller, talk, caption)
        talk.take(Showed(kept(tx, desk, caller, talk, file, caption)), caller.incoming.said_on)
        point_out(tx, desk, caller, talk, source_of(caller))
    elif refusal.megabytes:
        tell(tx, desk, caller, refusal.key, megabytes=refusal.megabytes)
    else:
        talk.take(Missed(refusal.key, refusal.found), caller.incoming.said_on)
        if _may_be_kept(talk, sort_of(file)) and caller.person.media_allowed is None:
            ask_media(tx, desk, caller)


def kept(tx: Tx, desk: Desk, caller: Caller, talk: Talk, file: File, caption: str) -> Part:
    """Note the file, to be fetched beside the loop; the part of an answer that it is. A test keeps no file."""
    sort = sort_of(file)
    ending = ending_of(file, sort)
    if talk.voice.is_test:
        return Part(sort, caption, source_of(caller), None, f"{sort}.{ending}")
    noted = media.add(tx, talk.session.id, sort, file.ref, file.seconds, ending, desk.now)
    jobs.add(tx, "fetch_media", {"media": noted.id}, desk.now, once_key=f"media:{noted.id}")
    return Part(sort, caption, source_of(caller), noted.id, noted.file)


def _came_late(talk: Talk, file: File, said_on: datetime) -> bool:
    """Whether the file was sent before the question that waits had arrived, to an open answer just closed."""
    if not takes_sort(Kind.TEXT, sort_of(file)) or not talk.voice.media_allowed or (file.size or 0) > BIGGEST_FILE:
        return False
    return crossed(talk, said_on) and just_told(talk, said_on) is not None


def _is_one_of_many(tx: Tx, desk: Desk, caller: Caller, talk: Talk, album: str, fits: bool) -> bool:
    """Whether an earlier picture of the album said it all; one question takes one picture, an open answer all."""
    known = albums.known(tx, talk.session.id, album)
    albums.came(tx, talk.session.id, album, talk.now.path or "", fits)
    if known is None or (fits and known.path == talk.now.path):
        return False
    if known.kept and known.came == 1:
        tell(tx, desk, caller, "err.album")
    return True


@dataclass(frozen=True, slots=True)
class Refusal:
    """The text that says why a file is not kept, and what the file is where the text tells."""

    key: str
    megabytes: int = 0
    """How large it may be; 0 where the question cannot take it at all."""
    found: str = ""


def refusal_of(talk: Talk, file: File) -> Refusal | None:
    """Why the file cannot be kept here; None where it can. Its size is known before it is fetched."""
    sort = sort_of(file)
    takes = answering.takes(talk.now, sort)
    if not takes or not (talk.voice.media_allowed or talk.voice.is_test):
        return _misfit(talk, sort, takes)
    if (file.size or 0) > BIGGEST_FILE:
        return Refusal("err.file_too_big", BIGGEST_FILE // 1024**2)
    return None


def _may_be_kept(talk: Talk, sort: Sort) -> bool:
    """Whether permission is all that such a file lacks, here or at another question."""
    return sort != "file" or answering.takes(talk.now, sort)


def _misfit(talk: Talk, sort: Sort, takes: bool) -> Refusal:
    """Which text says that the question, or the person's own choice, does not take it."""
    asks = talk.now.question.kind if talk.now.stage is Stage.ASKING and talk.now.path is not None else None
    if asks in _EXPECTED and not takes:
        return Refusal(_EXPECTED[asks], found=sort)
    if sort == "voice":
        return Refusal("err.voice_off")
    if sort != "photo":
        return Refusal("err.media_off" if takes else "err.file_type")
    return Refusal("err.photo_for_text" if asks is Kind.TEXT else "err.photo_not_here")
