"""What comes of editing a message that was an answer, or a part of one."""

from dataclasses import replace

from fieldwork.asking import acknowledged, in_words, progress
from fieldwork.conversation import AGAIN, POINTED, Conversation, Part, Record, Speech, Stage, Turn, Voice
from fieldwork.messages import Say
from fieldwork.turns import go_on, told, too_long, without_buttons
from fieldwork.typed import meant
from fieldwork.ways import take_told
from forms.question import Question
from forms.walk import Refused, Walk


def correct(talk: Conversation, path: str, text: str, source: str, voice: Voice) -> Turn:
    """A typed answer was edited: a new revision, or the old answer stays and the person reads why."""
    return _replaced(talk, path, meant(talk, talk.walk.form.question(path), text, voice), source, (), voice)


def correct_parts(talk: Conversation, path: str, parts: tuple[Part, ...], source: str, voice: Voice) -> Turn:
    """One message of an open answer was edited: the answer is put together again."""
    if refusal := too_long(parts, voice):
        return Turn(talk, (refusal,))
    is_file = talk.walk.form.question(path).kind.is_media
    return _replaced(talk, path, parts[0].file if is_file else told(parts), source, parts, voice)


def correct_draft(talk: Conversation, part: Part, voice: Voice) -> Turn:
    """A message was edited before Klaar: its new words take its place."""
    parts = tuple(part if old.source == part.source else old for old in talk.parts)
    if refusal := too_long(parts, voice):
        return Turn(talk, (refusal,))
    changed = replace(talk, parts=parts)
    if talk.offered in (POINTED, AGAIN):
        return take_told(changed, voice)
    return Turn(changed, (Speech(Say(voice.say("edit.draft"))),))


def add_late(talk: Conversation, path: str, parts: tuple[Part, ...], source: str, voice: Voice) -> Turn:
    """A message that was written before Klaar and came after it: the answer is put together again."""
    question = talk.walk.form.question(path)
    try:
        walk = None if too_long(parts, voice) else talk.walk.answer(path, told(parts))
    except Refused:
        walk = None
    if walk is None:
        return Turn(talk, (_confirmed(talk, question, voice, "edit.invalid"),))
    shown = talk.shown_at.get(path, 0)
    record = Record(path, "answered", walk.values[path], "parts", parts[0].source, parts, shown)
    changed = replace(talk, walk=walk)
    answer = acknowledged(changed, question, voice, in_words(changed, question, voice))
    in_place = (Speech(answer, edits=shown),) if shown else ()
    i, _ = progress(changed, path)
    return Turn(changed, (*in_place, Speech(Say(voice.say("parts.added", i=i)))), record)


def _replaced(
    talk: Conversation, path: str, value: str | None, source: str, parts: tuple[Part, ...], voice: Voice
) -> Turn:
    """Take the new value; nothing changes where it is none or does not fit."""
    question = talk.walk.form.question(path)
    try:
        walk = talk.walk.answer(path, value) if value and value.strip() else None
    except Refused:
        walk = None
    if walk is None:
        return Turn(talk, (_confirmed(talk, question, voice, "edit.invalid"),))
    if not parts and walk.values[path] == talk.walk.values.get(path):
        return Turn(talk)
    return _rerouted(talk, walk, Record(path, "answered", walk.values[path], "edit", source, parts), voice)


def _rerouted(talk: Conversation, walk: Walk, record: Record, voice: Voice) -> Turn:
    """Confirm a corrected answer, and go on elsewhere where it changed what has to be asked."""
    changed, question = replace(talk, walk=walk), walk.form.question(record.path)
    shown = talk.shown_at.get(record.path, 0)
    record = replace(record, shown=shown)
    answer = acknowledged(changed, question, voice, in_words(changed, question, voice))
    in_place = (Speech(answer, edits=shown),) if shown else ()
    said = (*in_place, _confirmed(changed, question, voice, "edit.applied"))
    asks_in_vain = talk.stage is Stage.ASKING and not walk.is_relevant(talk.question.path)
    is_done = talk.stage is Stage.SUMMARY or (talk.stage is Stage.ENDED and talk.sent)
    asks_too_little = is_done and walk.following(None) is not None
    if not asks_in_vain and not asks_too_little:
        return Turn(changed, said, record)
    turn = go_on(changed, talk.path, voice, (*said, *without_buttons(talk, voice)))
    return replace(turn, record=record)


def _confirmed(talk: Conversation, question: Question, voice: Voice, key: str) -> Speech:
    i, _ = progress(talk, question.path)
    return Speech(Say(voice.say(key, i=i, answer=in_words(talk, question, voice))))
