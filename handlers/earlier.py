"""What failed before or was held is handled once more, as an answer to the question of then."""

from dataclasses import replace

from fieldwork import corrections
from fieldwork.conversation import Missed, Stage
from fieldwork.messages import File
from handlers import answeringlate, reflection, sentfiles
from handlers.desk import Caller, Desk, tell
from handlers.talks import Talk, talk_of
from storage import prompts, sessions
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
        turn = corrections.correct(talk.now, meant.path, text, reflection.source_of(caller), talk.voice)
        talk.keep(turn, caller.incoming.said_on)


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
    turn = corrections.correct_parts(talk.now, meant.path, (part,), part.source, talk.voice)
    talk.keep(turn, caller.incoming.said_on)


def _talk_of_then(tx: Tx, desk: Desk, caller: Caller, meant: Meant) -> Talk | None:
    """The talk it belongs to; None where nothing can be changed there, and the person reads why."""
    session = sessions.by_id(tx, meant.session_id)
    if session is None:
        tell(tx, desk, caller, "answers.none")
        return None
    talk = _opened(tx, desk, caller, session)
    if not talk.is_open:
        tell(tx, desk, caller, "edit.locked", contact=desk.study.contact)
    elif not _still_waits(talk, meant) and talk.now.walk.values.get(meant.path):
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
