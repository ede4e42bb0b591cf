"""What failed before or was held is handled once more, as an answer to the question of then."""

from dataclasses import replace

from fieldwork import corrections
from fieldwork.conversation import Missed, Part, Stage, Turn
from fieldwork.messages import File
from fieldwork.pressed import event_of
from fieldwork.taps import Key
from forms.question import Kind
from handlers.desk import Caller, Desk, tell
from handlers.reflecting import answeringlate, reflection, resuming, sentfiles
from handlers.reflecting.pointing import point_out
from handlers.reflecting.talks import Talk, talk_of
from storage import answers, inbox, prompts, sessions
from storage.inbox import Meant
from storage.sessions import Session
from storage.tx import Tx


def question_of(talk: Talk) -> Meant | None:
    """The question that waits in a talk; None where none does."""
    return None if talk.now.path is None else Meant(talk.session.id, talk.now.asking, talk.now.path)


def wrote(tx: Tx, desk: Desk, caller: Caller, meant: Meant, text: str) -> None:
    """Words that failed before or were held."""
    talk = _talk_of_then(tx, desk, caller, meant)
    if talk is None:
        return
    if _still_waits(talk, meant) or caller.incoming.not_own:
        reflection.take_words(tx, desk, caller, talk, text)
    else:
        source = reflection.source_of(caller)
        added = _added(talk, meant, Part("text", text, source))
        turn = added or corrections.correct(talk.now, meant.path, text, source, talk.voice)
        reflection.care(tx, desk, caller, talk, text)
        talk.keep(turn, caller.incoming.said_on)
        point_out(tx, desk, caller, talk, source)


def sent_file(tx: Tx, desk: Desk, caller: Caller, meant: Meant, file: File, caption: str) -> None:
    """A recording or a picture that failed before or was held."""
    talk = _talk_of_then(tx, desk, caller, meant)
    if talk is None:
        return
    if caller.incoming.not_own:
        talk.take(Missed("err.not_own", caller.incoming.not_own), caller.incoming.said_on)
        return
    if _still_waits(talk, meant):
        sentfiles.take(tx, desk, caller, talk, file, caption, None)
        return
    then = replace(talk, now=replace(talk.now, stage=Stage.ASKING, path=meant.path))
    refusal = sentfiles.refusal_of(then, file)
    if refusal is not None:
        what = desk.texts.say(f"arrived.{refusal.found}", caller.language) if refusal.found else ""
        tell(tx, desk, caller, refusal.key, megabytes=refusal.megabytes, what=what)
        return
    part = sentfiles.kept(tx, desk, caller, talk, file, caption)
    added = _added(talk, meant, part)
    turn = added or corrections.correct_parts(talk.now, meant.path, (part,), part.source, talk.voice)
    reflection.care(tx, desk, caller, talk, caption)
    talk.keep(turn, caller.incoming.said_on)
    point_out(tx, desk, caller, talk, part.source)


def tapped(tx: Tx, desk: Desk, caller: Caller, meant: Meant, key: Key) -> None:
    """A button that was held does what it stands for; where nothing can come of it the person reads so.

    Behind the last of what was held the question stands at the bottom of the chat.
    """
    session = sessions.by_id(tx, meant.session_id)
    talk = None if session is None else _opened(tx, desk, caller, session)
    waits = talk is not None and talk.is_open and (talk.now.asking == meant.asking or _still_waits(talk, meant))
    event = event_of(talk.now, key) if talk is not None and waits else None
    if talk is None or event is None or talk.take(event, caller.incoming.said_on):
        tell(tx, desk, caller, "tap.in_vain")
    after = sessions.by_id(tx, meant.session_id)
    is_put = talk is not None and after is not None and after.asking != talk.now.asking
    if not is_put and caller.row is not None and inbox.is_last_of_replayed(tx, caller.row):
        resuming.put_again(tx, desk, caller)


def _added(talk: Talk, meant: Meant, part: Part) -> Turn | None:
    """One more message of an open answer that was closed before it; None where it is none."""
    given = answers.latest(talk.tx, talk.session.id, meant.path)
    if given is None or talk.now.walk.form.question(meant.path).kind is not Kind.TEXT:
        return None
    told = answers.parts_of(talk.tx, given)
    return corrections.add_late(talk.now, meant.path, (*told, part), part.source, talk.voice) if told else None


def _talk_of_then(tx: Tx, desk: Desk, caller: Caller, meant: Meant) -> Talk | None:
    """The talk it belongs to; None where nothing can be changed there, and the person reads why."""
    session = sessions.by_id(tx, meant.session_id)
    if session is None:
        tell(tx, desk, caller, "answers.none")
        return None
    talk = _opened(tx, desk, caller, session)
    if not talk.is_open:
        tell(tx, desk, caller, "edit.locked", contact=desk.study.contact)
    elif not meant.is_held and not _still_waits(talk, meant) and talk.now.walk.values.get(meant.path):
        tell(tx, desk, caller, "edit.replaced")
    else:
        return talk
    return None


def _opened(tx: Tx, desk: Desk, caller: Caller, session: Session) -> Talk:
    """The talk, opened once more where its questions closed meanwhile and late answers are taken."""
    talk = talk_of(tx, desk, caller.person, session)
    prompt = None if session.prompt_id is None else prompts.by_id(tx, session.prompt_id)
    if talk.is_open or prompt is None or not answeringlate.let_in_late(tx, desk, caller, prompt):
        return talk
    opened = sessions.by_id(tx, session.id)
    assert opened is not None, "opening it again deletes nothing"
    return talk_of(tx, desk, caller.person, opened)


def _still_waits(talk: Talk, meant: Meant) -> bool:
    return talk.now.path == meant.path and talk.now.stage in (Stage.ASKING, Stage.PAUSED)
