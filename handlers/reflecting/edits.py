"""A message that was edited later: its answer is corrected, or its writer reads why not."""

from fieldwork import corrections, dialogue
from fieldwork.conversation import Part, Stage, Turn, Wrote
from fieldwork.messages import Text
from fieldwork.taps import is_count
from handlers.desk import Caller, Desk, tell
from handlers.reflecting.pointing import point_out
from handlers.reflecting.reflection import care, source_of
from handlers.reflecting.talks import Talk, active_talk, talk_of
from storage import answers, sessions, shown
from storage.answers import Spoken
from storage.tx import Tx


def take(tx: Tx, desk: Desk, caller: Caller, text: str) -> None:
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
        care(tx, desk, caller, talk, text)
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
        care(tx, desk, caller, talk, text)
        talk.keep(turn, caller.incoming.said_on)


def _corrected(talk: Talk, spoken: Spoken, source: str, text: str) -> Turn | None:
    """The answer, or the draft of it, with the new words; None where the answer was given anew since."""
    now, voice, path = talk.now, talk.voice, spoken.path
    draft = next((part for part in now.parts if part.source == source), None)
    if draft is not None:
        return corrections.correct_draft(now, _reworded(draft, text), voice)
    if source not in answers.sources(talk.tx, talk.session.id, path):
        return None
    parts = () if spoken.answer_id is None else answers.parts_of(talk.tx, spoken.answer_id)
    if not parts:
        return corrections.correct(now, path, text, source, voice)
    changed = tuple(_reworded(part, text) if part.source == source else part for part in parts)
    return corrections.correct_parts(now, path, changed, source, voice)


def _reworded(part: Part, text: str) -> Part:
    return Part(part.kind, text, part.source, part.media, part.file)
