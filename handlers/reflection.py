"""What a person does with their questionnaire: tap, type, send, edit, look back."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from fieldwork import dialogue
from fieldwork.conversation import Missed, Part, Pointed, Showed, Stage, Turn, Went, Wrote
from fieldwork.filekinds import Sort, ending_of, sort_of, takes_sort
from fieldwork.messages import File, Located, Text
from fieldwork.people import Person
from fieldwork.pressed import event_of
from fieldwork.recognise import Way, holds_any
from fieldwork.schedule import next_look
from fieldwork.taps import Key, is_count
from forms.form import Kind
from forms.points import point
from handlers import talks
from handlers.consenting import ask_media
from handlers.desk import Caller, Desk, tell
from handlers.pointing import point_out
from handlers.talks import Talk, active_talk, talk_of
from storage import albums, answers, jobs, media, outbox, prompts, sessions, shown, workshops
from storage.answers import Spoken, Told
from storage.connection import Tx
from storage.prompts import Prompt

BIGGEST_FILE = 20 * 1024 * 1024
"""Bytes the channel will hand over."""
_CLOCKS_DIFFER = timedelta(seconds=3)
"""The channel tells whole seconds, by its own clock."""
_EXPECTED = {Kind.IMAGE: "err.not_image", Kind.AUDIO: "err.not_audio", Kind.VIDEO: "err.not_video"}
"""By what the question asks for, the text for any other file."""


def open_for(tx: Tx, desk: Desk, caller: Caller, prompt: Prompt) -> None:
    """Begin the questions of a prompt, or go on with them where they were left."""
    session = sessions.of_prompt(tx, prompt.id)
    if session is not None:
        repeat(caller, talk_of(tx, desk, caller.person, session))
        return
    workshop = workshops.by_id(tx, prompt.workshop_id)
    assert workshop is not None, "a prompt's workshop is never deleted"
    assert prompt.asked_on is not None, "only what was asked can be opened"
    zone = desk.city(workshop.city).timezone
    prompts.opened(tx, prompt.id, desk.now, next_look(prompt.asked_on, desk.now, desk.study.rhythm, zone))
    talk = talks.begin(tx, desk, caller.person, prompt, workshop.form_hash)
    talk.keep(dialogue.begin(talk.now, talk.voice), caller.incoming.said_on)


def open_late(tx: Tx, desk: Desk, caller: Caller, prompt: Prompt) -> None:
    """Begin the questions of a prompt that was closed, or go on behind what was answered."""
    session = sessions.of_prompt(tx, prompt.id)
    workshop = workshops.by_id(tx, prompt.workshop_id)
    assert workshop is not None, "a prompt's workshop is never deleted"
    if session is None:
        talk = talks.begin(tx, desk, caller.person, prompt, workshop.form_hash)
    else:
        sessions.reopened(tx, session.id)
        session = sessions.by_id(tx, session.id)
        assert session is not None
        talk = talk_of(tx, desk, caller.person, session)
    talk.keep(dialogue.begin(talk.now, talk.voice), caller.incoming.said_on)


def repeat(caller: Caller, talk: Talk) -> None:
    """Put what waits once more, at the bottom of the chat."""
    if talk.now.stage is Stage.PAUSED:
        talk.take(Went(Way.CONTINUE), caller.incoming.said_on)
    else:
        talk.keep(dialogue.ask_again(talk.now, talk.voice), caller.incoming.said_on)


def tapped(tx: Tx, desk: Desk, caller: Caller, key: Key) -> str:
    """A button under a question; what to say beside it."""
    session = sessions.by_id(tx, key.id)
    stale = desk.texts.say("err.stale_button", caller.language)
    if session is None or session.person_id != caller.person.id:
        return stale
    talk = talk_of(tx, desk, caller.person, session)
    if key.turn != talk.now.asking or not talk.is_open:
        return stale
    event = event_of(talk.now, key)
    return stale if event is None else talk.take(event, caller.incoming.said_on)


def wrote(tx: Tx, desk: Desk, caller: Caller, talk: Talk, text: str) -> None:
    """Typed words answer the question that had arrived when they were written; in doubt the bot asks."""
    said_on = caller.incoming.said_on
    if caller.incoming.not_own or not _crossed(talk, said_on):
        take_words(tx, desk, caller, talk, text)
    elif _add_late(talk, Part("text", text, source_of(caller)), said_on):
        point_out(tx, desk, caller, talk, source_of(caller))
    else:
        talk.keep(dialogue.ask_again(talk.now, talk.voice, talk.voice.say("err.crossed")), said_on)


def take_words(tx: Tx, desk: Desk, caller: Caller, talk: Talk, text: str) -> None:
    """Typed words answer the question that waits, if they are the person's own."""
    said_on = caller.incoming.said_on
    if caller.incoming.not_own:
        talk.take(Missed("err.not_own", caller.incoming.not_own), said_on)
    else:
        _care(tx, desk, caller, talk, text)
        talk.take(Wrote(text, source_of(caller)), said_on)


def sent_file(tx: Tx, desk: Desk, caller: Caller, talk: Talk, file: File, caption: str, album: str | None) -> None:
    """A recording or a picture: kept if it may be and if the question can take it."""
    if _came_late(talk, file, caller.incoming.said_on):
        _add_late(talk, kept(tx, desk, caller, talk, file, caption), caller.incoming.said_on)
        point_out(tx, desk, caller, talk, source_of(caller))
        return
    refusal = refusal_of(talk, file)
    if album is not None and _is_one_of_many(tx, desk, caller, talk, album, refusal is None):
        return
    if refusal is None:
        _care(tx, desk, caller, talk, caption)
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


def located(caller: Caller, talk: Talk, place: Located) -> None:
    """A point on the map answers the question that had arrived when it was sent; in doubt the bot asks."""
    said_on = caller.incoming.said_on
    if _crossed(talk, said_on):
        talk.keep(dialogue.ask_again(talk.now, talk.voice, talk.voice.say("err.crossed")), said_on)
    else:
        value = point(place.latitude, place.longitude, place.accuracy)
        talk.take(Pointed(value, source_of(caller)), said_on)


def _came_late(talk: Talk, file: File, said_on: datetime) -> bool:
    """Whether the file was sent before the question that waits had arrived, to an open answer just closed."""
    if not takes_sort(Kind.TEXT, sort_of(file)) or not talk.voice.media_allowed or (file.size or 0) > BIGGEST_FILE:
        return False
    return _crossed(talk, said_on) and _just_told(talk, said_on) is not None


def _just_told(talk: Talk, said_on: datetime) -> Told | None:
    """The open answer that was closed last, if its question had arrived by then and nothing was answered since."""
    found = answers.last_told(talk.tx, talk.session.id)
    if found is None or talk.now.walk.form.question(found.path).kind is not Kind.TEXT:
        return None
    return found if outbox.was_there(talk.tx, talk.session.id, found.shown, said_on + _CLOCKS_DIFFER) else None


def _is_one_of_many(tx: Tx, desk: Desk, caller: Caller, talk: Talk, album: str, fits: bool) -> bool:
    """Whether an earlier picture of the album said it all; one question takes one picture, an open answer all."""
    known = albums.known(tx, talk.session.id, album)
    albums.came(tx, talk.session.id, album, talk.now.path or "", fits)
    if known is None or (fits and known.path == talk.now.path):
        return False
    if known.kept and known.came == 1:
        tell(tx, desk, caller, "err.album")
    return True


def _care(tx: Tx, desk: Desk, caller: Caller, talk: Talk, text: str) -> None:
    """Where the study asks for it: whom to call, said once; the answer is kept like any other."""
    session = sessions.by_id(tx, talk.session.id)
    if session is not None and not session.cared and holds_any(text, desk.study.care_words):
        sessions.cared_for(tx, session.id)
        tell(tx, desk, caller, "err.distress", contact=desk.study.care_contact)


def _add_late(talk: Talk, part: Part, said_on: datetime) -> bool:
    """Words that came just after Klaar belong to the open answer they were written for; whether they do."""
    found = _just_told(talk, said_on)
    if found is None:
        return False
    parts = (*answers.parts_of(talk.tx, found.id), part)
    turn = dialogue.add_late(talk.now, found.path, parts, part.source, talk.voice)
    talk.keep(turn, said_on)
    return True


def edited(tx: Tx, desk: Desk, caller: Caller, text: str) -> None:
    """An earlier message was edited: its answer is corrected, or the person reads why not."""
    spoken = answers.spoken_in(tx, source_of(caller))
    if spoken is None and isinstance(caller.incoming.what, Text):
        _mended(tx, desk, caller, text)
    session = None if spoken is None else sessions.by_id(tx, spoken.session_id)
    if spoken is None or session is None or session.person_id != caller.person.id or spoken.text == text:
        return
    talk = talk_of(tx, desk, caller.person, session)
    if not talk.is_open:
        tell(tx, desk, caller, "edit.locked", contact=desk.study.contact)
    elif (turn := _corrected(talk, spoken, source_of(caller), text)) is None:
        tell(tx, desk, caller, "edit.replaced")
    else:
        _care(tx, desk, caller, talk, text)
        talk.keep(turn, caller.incoming.said_on)
        point_out(tx, desk, caller, talk, source_of(caller))


def _mended(tx: Tx, desk: Desk, caller: Caller, text: str) -> None:
    """Words that were no answer to the question that waits were edited into one; what still fits nothing is let be."""
    talk = active_talk(tx, desk, caller.person)
    if talk is None or talk.now.stage is not Stage.ASKING:
        return
    put_in = shown.message_of_question(tx, talk.session.id, talk.now.shown)
    if not (is_count(put_in) and int(caller.incoming.message or 0) > int(put_in)):
        return
    turn = dialogue.step(talk.now, Wrote(text, source_of(caller)), talk.voice)
    if turn.record is not None or turn.conversation.parts != talk.now.parts:
        _care(tx, desk, caller, talk, text)
        talk.keep(turn, caller.incoming.said_on)


def overview(tx: Tx, desk: Desk, caller: Caller) -> None:
    """/antwoorden: the answers of what is being filled, or of what was sent last, to change one."""
    talk = active_talk(tx, desk, caller.person) or _last_sent(tx, desk, caller.person)
    if talk is None or not talk.is_open:
        tell(tx, desk, caller, "answers.none")
    else:
        talk.keep(dialogue.overview(talk.now, talk.voice), caller.incoming.said_on)


def can_be_changed(tx: Tx, desk: Desk, person: Person) -> bool:
    """Whether answers were sent that can still be changed."""
    talk = _last_sent(tx, desk, person)
    return talk is not None and talk.is_open


def source_of(caller: Caller) -> str:
    """The message somebody wrote, under a name that is the same when it is edited."""
    return f"{caller.urn}#{caller.incoming.message}"


def _last_sent(tx: Tx, desk: Desk, person: Person) -> Talk | None:
    session = sessions.last_completed(tx, person.id)
    return None if session is None else talk_of(tx, desk, person, session)


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
    takes = dialogue.takes(talk.now, sort)
    if not takes or not (talk.voice.media_allowed or talk.voice.is_test):
        return _misfit(talk, sort, takes)
    if (file.size or 0) > BIGGEST_FILE:
        return Refusal("err.file_too_big", BIGGEST_FILE // 1024**2)
    return None


def _may_be_kept(talk: Talk, sort: Sort) -> bool:
    """Whether permission is all that such a file lacks, here or at another question."""
    return sort != "file" or dialogue.takes(talk.now, sort)


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


def _crossed(talk: Talk, said_on: datetime) -> bool:
    """Whether the words were written before what waits had arrived. Parts of one answer may come in a row."""
    if talk.now.parts or talk.now.stage is Stage.PAUSED:
        return False
    return not outbox.was_there(talk.tx, talk.now.session, talk.now.asking, said_on + _CLOCKS_DIFFER)


def _corrected(talk: Talk, spoken: Spoken, source: str, text: str) -> Turn | None:
    """The answer, or the draft of it, with the new words; None where the answer was given anew since."""
    now, voice, path = talk.now, talk.voice, spoken.path
    draft = next((part for part in now.parts if part.source == source), None)
    if draft is not None:
        return dialogue.correct_draft(now, _reworded(draft, text), voice)
    if source not in answers.sources(talk.tx, talk.session.id, path):
        return None
    parts = () if spoken.answer_id is None else answers.parts_of(talk.tx, spoken.answer_id)
    if not parts:
        return dialogue.correct(now, path, text, source, voice)
    changed = tuple(_reworded(part, text) if part.source == source else part for part in parts)
    return dialogue.correct_parts(now, path, changed, source, voice)


def _reworded(part: Part, text: str) -> Part:
    return Part(part.kind, text, part.source, part.media, part.file)
