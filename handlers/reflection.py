"""A person and their questionnaire: rows become a conversation, and what comes of a step becomes rows."""

from collections.abc import Callable
from datetime import timedelta

from fieldwork import attendance, dialogue, wording
from fieldwork.conversation import (
    Chose,
    Confirmed,
    Conversation,
    Doubted,
    Event,
    Jumped,
    Missed,
    Part,
    Showed,
    Speech,
    Stage,
    Ticked,
    Turn,
    Voice,
    Went,
    Wrote,
)
from fieldwork.messages import File
from fieldwork.people import Person
from fieldwork.recognise import Way
from fieldwork.taps import Key
from forms.form import Form
from forms.walk import Walk
from forms.walk import begin as begin_walk
from handlers.desk import Caller, Desk, tell
from handlers.onboarding import ask_media
from storage import answers, jobs, media, outbox, people, prompts, sessions, workshops
from storage.connection import Tx
from storage.prompts import Prompt
from storage.sessions import Session

BIGGEST_FILE = 20 * 1024 * 1024
"""Bytes the channel will hand over."""
_CLOCKS_DIFFER = timedelta(seconds=3)
"""The channel tells whole seconds, by its own clock."""
_KINDS = {"photo": "photo", "voice": "voice", "audio": "voice"}
_ACTS = {"back": Way.BACK, "skip": Way.SKIP, "pause": Way.PAUSE, "done": Way.DONE, "continue": Way.CONTINUE}


def open_for(tx: Tx, desk: Desk, caller: Caller, prompt: Prompt) -> None:
    """Begin the questions of a prompt, or go on with them where they were left."""
    session = sessions.of_prompt(tx, prompt.id)
    if session is not None:
        repeat(tx, desk, caller, session)
        return
    workshop = workshops.by_id(tx, prompt.workshop_id)
    assert workshop is not None
    session_id = sessions.begin(
        tx,
        f"uuid:{_uuid(desk)}",
        prompt.id,
        caller.person.id,
        workshop.form_hash,
        _hidden(tx, desk.forms[workshop.form_hash], caller.person.id),
        caller.language,
        desk.study.consent.version,
        prompt.closes_on is not None and desk.now > prompt.closes_on,
        desk.now,
    )
    prompts.opened(tx, prompt.id, desk.now)
    session = sessions.by_id(tx, session_id)
    assert session is not None
    talk = _load(tx, desk, session)
    _save(tx, desk, caller, session, talk, dialogue.begin(talk, _voice(tx, desk, caller.person, session)))


def repeat(tx: Tx, desk: Desk, caller: Caller, session: Session) -> None:
    """Put what waits once more, at the bottom of the chat."""
    talk = _load(tx, desk, session)
    voice = _voice(tx, desk, caller.person, session)
    event = Went(Way.CONTINUE)
    turn = dialogue.step(talk, event, voice) if talk.stage is Stage.PAUSED else dialogue.ask_again(talk, voice)
    _save(tx, desk, caller, session, talk, turn)


def tapped(tx: Tx, desk: Desk, caller: Caller, key: Key) -> str:
    """A button under a question; what to say beside it."""
    session = sessions.by_id(tx, key.id)
    stale = desk.texts.say("err.stale_button", caller.language)
    if session is None or session.person_id != caller.person.id:
        return stale
    outbox.arrived(tx, caller.urn, caller.incoming.message or "", session.id, key.turn, desk.now)
    talk = _load(tx, desk, session)
    if key.turn != talk.asking or not _is_open(desk, session):
        return stale
    if key.act == "more":
        tell(tx, desk, caller, "parts.more")
        return ""
    event = _event(talk, key)
    return stale if event is None else _take(tx, desk, caller, session, talk, event)


def wrote(tx: Tx, desk: Desk, caller: Caller, session: Session, text: str) -> None:
    """Typed words answer the question that had arrived when they were written; in doubt the bot asks."""
    talk = _load(tx, desk, session)
    if _crossed(tx, caller, talk):
        voice = _voice(tx, desk, caller.person, session)
        turn = dialogue.ask_again(talk, voice, voice.say("err.crossed"))
        _save(tx, desk, caller, session, talk, turn)
        return
    _take(tx, desk, caller, session, talk, Wrote(text, source_of(caller)))


def went(tx: Tx, desk: Desk, caller: Caller, session: Session, way: Way) -> None:
    """A command that means a way through the questions."""
    _take(tx, desk, caller, session, _load(tx, desk, session), Went(way))


def sent_file(tx: Tx, desk: Desk, caller: Caller, session: Session, file: File, caption: str) -> None:
    """A recording or a picture: kept if it may be and if the question can take it."""
    talk = _load(tx, desk, session)
    kind = _KINDS.get(file.kind)
    refusal = _refusal(caller, talk, file, kind)
    if refusal is not None:
        _take(tx, desk, caller, session, talk, Missed(refusal))
        if caller.person.media_allowed is None and kind is not None:
            ask_media(tx, desk, caller)
        return
    if (file.size or 0) > BIGGEST_FILE:
        tell(tx, desk, caller, "err.file_too_big", megabytes=BIGGEST_FILE // 1024**2)
        return
    assert kind is not None, "a file of another kind was refused"
    kept = media.add(tx, session.id, kind, file.ref, file.seconds, desk.now)
    jobs.add(tx, "fetch_media", {"media": kept.id}, desk.now, once_key=f"media:{kept.id}")
    part = Part("photo" if kind == "photo" else "voice", caption, source_of(caller), kept.id, kept.file)
    _take(tx, desk, caller, session, talk, Showed(part))


def missed(tx: Tx, desk: Desk, caller: Caller, session: Session, key: str) -> None:
    """Something no question can take."""
    _take(tx, desk, caller, session, _load(tx, desk, session), Missed(key))


def edited(tx: Tx, desk: Desk, caller: Caller, text: str) -> None:
    """An earlier message was edited: its answer is corrected, or the person reads why not."""
    source = source_of(caller)
    spoken = answers.spoken_in(tx, source)
    session = None if spoken is None else sessions.by_id(tx, spoken.session_id)
    if spoken is None or session is None or session.person_id != caller.person.id or spoken.text == text:
        return
    if not _is_open(desk, session):
        tell(tx, desk, caller, "edit.locked", contact=desk.study.contact)
        return
    talk = _load(tx, desk, session)
    voice = _voice(tx, desk, caller.person, session)
    is_draft = any(part.source == source for part in talk.parts)
    if not is_draft and source not in answers.sources(tx, session.id, spoken.path):
        tell(tx, desk, caller, "edit.replaced")
        return
    before = () if spoken.answer_id is None else answers.parts_of(tx, spoken.answer_id)
    parts = tuple(_reworded(part, text) if part.source == source else part for part in talk.parts or before)
    if is_draft:
        turn = dialogue.correct_draft(talk, next(part for part in parts if part.source == source), voice)
    elif before:
        turn = dialogue.correct_parts(talk, spoken.path, parts, source, voice)
    else:
        turn = dialogue.correct(talk, spoken.path, text, source, voice)
    _save(tx, desk, caller, session, talk, turn)


def overview(tx: Tx, desk: Desk, caller: Caller) -> None:
    """/antwoorden: the answers of what is being filled, or of what was sent last, to change one."""
    session = sessions.active_of(tx, caller.person.id) or sessions.last_completed(tx, caller.person.id)
    if session is None or not _is_open(desk, session):
        tell(tx, desk, caller, "answers.none")
        return
    talk = _load(tx, desk, session)
    _save(tx, desk, caller, session, talk, dialogue.overview(talk, _voice(tx, desk, caller.person, session)))


def source_of(caller: Caller) -> str:
    """The message somebody wrote, under a name that is the same when it is edited."""
    return f"{caller.urn}#{caller.incoming.message}"


def progress(tx: Tx, desk: Desk, session: Session) -> tuple[int, int]:
    """Which question waits, counting from 1, and how many there are now."""
    talk = _load(tx, desk, session)
    items = [question.path for question in talk.walk.items()]
    return (items.index(session.path) + 1 if session.path in items else len(items)), len(items)


def expire(tx: Tx, desk: Desk, person: Person, session: Session) -> tuple[int, int]:
    """Close a session that was not sent; how many questions were answered, of how many."""
    talk = _load(tx, desk, session)
    urn = people.urn_of(tx, person.id)
    if urn is not None:
        for speech in dialogue.without_buttons(talk, _voice(tx, desk, person, session)):
            _say(tx, desk, urn, session, speech)
    sessions.expired(tx, session.id)
    items = talk.walk.items()
    return sum(question.path in talk.walk.values for question in items), len(items)


def number_of_questions(form: Form) -> int:
    """How many questions there are before the first is answered."""
    return len(begin_walk(form, {}).items())


def _take(tx: Tx, desk: Desk, caller: Caller, session: Session, talk: Conversation, event: Event) -> str:
    turn = dialogue.step(talk, event, _voice(tx, desk, caller.person, session))
    _save(tx, desk, caller, session, talk, turn)
    return turn.toast


def _refusal(caller: Caller, talk: Conversation, file: File, kind: str | None) -> str | None:
    """Which text says that this file cannot be kept here; None where it can."""
    if kind is None:
        return "err.file_type"
    if not caller.person.media_allowed or not dialogue.takes(talk, kind):
        return "err.voice_off" if kind == "voice" else "err.photo_for_text"
    return None


def _is_open(desk: Desk, session: Session) -> bool:
    """Whether answers may still be given or changed."""
    if session.completed_on is None:
        return session.state == "waiting"
    return desk.now <= session.completed_on + desk.study.rhythm.amend_after


def _crossed(tx: Tx, caller: Caller, talk: Conversation) -> bool:
    """Whether the words were written before what waits had arrived. Parts of one answer may come in a row."""
    if talk.parts or talk.stage is Stage.PAUSED:
        return False
    return not outbox.was_there(tx, talk.session, talk.asking, caller.incoming.said_on + _CLOCKS_DIFFER)


def _hidden(tx: Tx, form: Form, person_id: int) -> dict[str, str]:
    """What the form wants to know of earlier reflections: how many, and `previous_…` an answer of the last one."""
    last = sessions.last_completed(tx, person_id)
    said = {} if last is None else answers.latest_by_name(tx, last.id)
    known = {f"previous_{name}": value for name, value in said.items()}
    known["completed_count"] = str(sessions.count_completed(tx, person_id))
    return {name: known[name] for name in form.hidden if name in known}


def _uuid(desk: Desk) -> str:
    digits = f"{desk.random.getrandbits(128):032x}"
    return "-".join((digits[:8], digits[8:12], "4" + digits[13:16], "a" + digits[17:20], digits[20:]))


def _load(tx: Tx, desk: Desk, session: Session) -> Conversation:
    """The conversation as its rows tell it."""
    form = desk.forms[session.form_hash]
    current = answers.current(tx, session.id).values()
    hidden = begin_walk(form, session.hidden).values
    given = {answer.path: answer.value for answer in current if answer.outcome == "answered"}
    passed = frozenset(answer.path for answer in current if answer.outcome != "answered")
    walk = Walk(form, {**hidden, **given}, passed)
    if session.asking:
        walk = dialogue.with_notes_read(walk, session.path)
    return Conversation(
        session=session.id,
        walk=walk,
        stage=Stage(session.stage),
        path=session.path,
        asking=session.asking,
        shown=session.shown,
        ticked=answers.ticked(tx, session.id),
        parts=answers.draft_parts(tx, session.id),
        misses=session.misses,
        sent=session.completed_on is not None,
    )


def _voice(tx: Tx, desk: Desk, person: Person, session: Session) -> Voice:
    prompt = None if session.prompt_id is None else prompts.by_id(tx, session.prompt_id)
    sent_on = session.completed_on or desk.now
    zone = desk.study.timezone
    closes_on = prompt.closes_on if prompt else None
    return Voice(
        texts=desk.texts,
        language=person.language,
        first_name=people.name_of(tx, person.id),
        deadline=wording.when(closes_on or desk.now + desk.study.rhythm.close_after, zone, person.language),
        amend_until=wording.when(sent_on + desk.study.rhythm.amend_after, zone, person.language),
        media_allowed=bool(person.media_allowed),
    )


def _save(tx: Tx, desk: Desk, caller: Caller, session: Session, before: Conversation, turn: Turn) -> None:
    """Keep what the step came to, and queue what is to be said about it."""
    now = turn.conversation
    if turn.record is not None:
        answers.add(tx, session.id, turn.record, caller.language, caller.incoming.said_on, before.sent)
    if (now.path, now.ticked, now.parts) != (before.path, before.ticked, before.parts):
        answers.keep_draft(tx, session.id, now.path, now.ticked, now.parts, desk.now)
    sessions.moved(tx, session, now.stage, now.path, now.asking, now.shown, now.misses, desk.now)
    if now.stage is Stage.ENDED and now.sent:
        _complete(tx, desk, session, now)
    for speech in turn.speeches:
        _say(tx, desk, caller.urn, session, speech)


def _complete(tx: Tx, desk: Desk, session: Session, talk: Conversation) -> None:
    """The answers were sent: the prompt ends as they say."""
    sessions.completed(tx, session.id, desk.now)
    if session.prompt_id is not None:
        prompts.ended(
            tx, session.prompt_id, attendance.outcome(talk.walk.submission()), session.completed_on or desk.now
        )


def _say(tx: Tx, desk: Desk, urn: str, session: Session, speech: Speech) -> None:
    if speech.edits is None:
        question = session.id if speech.asking is not None else None
        outbox.write(tx, urn, speech.say, now=desk.now, session_id=question, asking=speech.asking)
    elif (row := outbox.row_of_question(tx, session.id, speech.edits)) is not None:
        outbox.write(tx, urn, speech.say, now=desk.now, edit_of=row)


def _event(talk: Conversation, key: Key) -> Event | None:
    """What a button's act means for what waits; None for what its form does not know."""
    if key.act in _ACTS:
        return Went(_ACTS[key.act])
    read = _READERS.get(key.act)
    return None if read is None else read(talk, key.arg)


def _code(talk: Conversation, arg: str) -> str | None:
    """The code a choice button stands for; None where there is no such choice."""
    if talk.path is None or len(arg) > 40:
        return None
    choices = talk.question.choices
    if not choices:
        return arg
    return choices[int(arg)].name if arg.isascii() and arg.isdigit() and int(arg) < len(choices) else None


def _chose(talk: Conversation, arg: str) -> Event | None:
    code = _code(talk, arg)
    return None if code is None else Chose(code)


def _ticked(on: bool) -> Callable[[Conversation, str], Event | None]:
    def read(talk: Conversation, arg: str) -> Event | None:
        code = _code(talk, arg)
        return None if code is None else Ticked(code, on)

    return read


def _jumped(talk: Conversation, arg: str) -> Event | None:
    questions = talk.walk.form.questions
    known = arg.isascii() and arg.isdigit() and len(arg) < 6 and int(arg) < len(questions)
    return Jumped(questions[int(arg)].path) if known and talk.walk.is_done(questions[int(arg)].path) else None


def _reworded(part: Part, text: str) -> Part:
    return Part(part.kind, text, part.source, part.media, part.file)


_READERS: dict[str, Callable[[Conversation, str], Event | None]] = {
    "choose": _chose,
    "on": _ticked(True),
    "off": _ticked(False),
    "jump": _jumped,
    "keep": lambda talk, arg: Went(Way.KEEP),
    "send": lambda talk, arg: Confirmed(),
    "change": lambda talk, arg: Doubted(),
}
