"""What somebody says or taps before they have read a new consent text is held, and handled after a yes."""

from datetime import timedelta

from fieldwork.messages import Located, Sent, Tap, Text
from fieldwork.taps import About, Key, read_key
from handlers.desk import Caller, Desk
from handlers.reflecting import earlier
from handlers.reflecting.talks import active_talk
from storage import held, prompts
from storage.inbox import Meant
from storage.tx import Tx

_SWITCHES = ("on", "off")
_ASKS_ONLY = ("explain", "more")
"""Buttons that decide nothing: they stand beside what is chosen."""


def held_for(desk: Desk) -> timedelta:
    """As long as sent answers can still be changed."""
    return desk.study.rhythm.amend_after


def keep(tx: Tx, desk: Desk, caller: Caller) -> bool:
    """Hold what was said to a question that waits, or tapped under it; whether there was such a thing."""
    if caller.row is None:
        return False
    match caller.incoming.what:
        case Tap(data):
            return _keep_tap(tx, desk, caller, caller.row, read_key(data))
        case Text() | Sent() | Located() as what:
            talk = active_talk(tx, desk, caller.person)
            if talk is None and not (isinstance(what, Text) and prompts.open_of(tx, caller.person.id)):
                return False
            question = None if talk is None or caller.incoming.edited else earlier.question_of(talk)
            held.hold(tx, caller.row, question, desk.now)
            return True
    return False


def _keep_tap(tx: Tx, desk: Desk, caller: Caller, row: int, key: Key | None) -> bool:
    """Nobody sees anything come of it yet, so who taps once more chooses anew: the last tap counts."""
    match key:
        case Key(About.PROMPT):
            prompt = prompts.by_id(tx, key.id)
            if prompt is None or prompt.person_id != caller.person.id:
                return False
            meant = None
        case Key(About.SESSION):
            talk = active_talk(tx, desk, caller.person)
            if talk is None or (talk.session.id, talk.now.asking) != (key.id, key.turn):
                return False
            meant = Meant(key.id, key.turn, talk.now.path or "")
        case _:
            return False
    question, about = _about(key)
    if key.act not in _ASKS_ONLY:
        held.forget_tap(tx, caller.person.id, question, desk.now)
    held.forget_tap(tx, caller.person.id, about, desk.now)
    held.hold(tx, row, meant, desk.now, about)
    return True


def _about(key: Key) -> tuple[str, str]:
    """The question that a button is under, and what it is about: that question, or one switch of it."""
    question = f"{key.about}:{key.id}:{key.turn}"
    if key.act in _SWITCHES:
        return question, f"{question}:{key.arg}"
    return question, f"{question}:{key.act}" if key.act in _ASKS_ONLY else question
