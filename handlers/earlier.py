"""What failed before and is handled once more: it answers the question of then, unless that was answered since."""

from dataclasses import replace

from fieldwork import dialogue
from fieldwork.conversation import Stage, Wrote
from fieldwork.messages import File
from handlers import reflection
from handlers.desk import Caller, Desk, tell
from handlers.talks import Talk, talk_of
from storage import sessions
from storage.connection import Tx
from storage.inbox import Meant


def wrote(tx: Tx, desk: Desk, caller: Caller, meant: Meant, text: str) -> None:
    """Words that failed before."""
    talk = _talk_of_then(tx, desk, caller, meant)
    if talk is None:
        return
    source = reflection.source_of(caller)
    if _still_waits(talk, meant):
        talk.take(Wrote(text, source), caller.incoming.said_on)
    else:
        talk.keep(dialogue.correct(talk.now, meant.path, text, source, talk.voice), caller.incoming.said_on)


def sent_file(tx: Tx, desk: Desk, caller: Caller, meant: Meant, file: File, caption: str) -> None:
    """A recording or a picture that failed before."""
    talk = _talk_of_then(tx, desk, caller, meant)
    if talk is None:
        return
    if _still_waits(talk, meant):
        reflection.sent_file(tx, desk, caller, talk, file, caption, None)
        return
    then = replace(talk, now=replace(talk.now, stage=Stage.ASKING, path=meant.path))
    refusal = reflection.refusal_of(then, file)
    if refusal is not None:
        what = desk.texts.say(f"arrived.{refusal.found}", caller.language) if refusal.found else ""
        tell(tx, desk, caller, refusal.key, megabytes=refusal.megabytes, what=what)
        return
    part = reflection.kept(tx, desk, caller, talk, file, caption)
    turn = dialogue.correct_parts(talk.now, meant.path, (part,), part.source, talk.voice)
    talk.keep(turn, caller.incoming.said_on)


def _talk_of_then(tx: Tx, desk: Desk, caller: Caller, meant: Meant) -> Talk | None:
    """The talk it belongs to; None where nothing can be changed there, and the person reads why."""
    session = sessions.by_id(tx, meant.session_id)
    if session is None:
        tell(tx, desk, caller, "answers.none")
        return None
    talk = talk_of(tx, desk, caller.person, session)
    if not talk.is_open:
        tell(tx, desk, caller, "edit.locked", contact=desk.study.contact)
    elif not _still_waits(talk, meant) and talk.now.walk.values.get(meant.path):
        tell(tx, desk, caller, "edit.replaced")
    else:
        return talk
    return None


def _still_waits(talk: Talk, meant: Meant) -> bool:
    return talk.now.path == meant.path and talk.now.stage in (Stage.ASKING, Stage.PAUSED)
