"""Who was deactivated is asked nothing and cannot act; what everybody may always see and decide stays theirs."""

from datetime import timedelta

from fieldwork.messages import Command, Tap, Text
from fieldwork.taps import About, read_key
from handlers import typed_labels
from handlers.commands import BY_NAME, is_kept
from handlers.desk import Caller, Desk, tell
from handlers.rights import stopping
from storage import people
from storage.tx import Tx

_OWN = (*stopping.ACTS, "language", "media", "quotes", "tidy")
"""Buttons of theirs that go on working."""
_TOLD_AGAIN_AFTER = timedelta(hours=1)


def holds(tx: Tx, desk: Desk, caller: Caller) -> bool:
    """Whether what somebody did comes to nothing, since they hold no role now; they read so, once an hour at most."""
    if caller.person.grants or not people.is_deactivated(tx, caller.person.id):
        return False
    is_participant = people.is_participant(tx, caller.person.id)
    match caller.incoming.what:
        case Command("start", rest) if rest:
            return False
        case Command(name) if name != "start" and name in BY_NAME and is_kept(tx, caller, BY_NAME[name]):
            return False
        case Tap(data) if (key := read_key(data)) is not None and key.about is About.PERSON and key.act in _OWN:
            return False
        case Text(text) if stopping.wrote(tx, desk, caller, text):
            return True
        case Text(text) if (label := typed_labels.meant(tx, caller, text)) is not None:
            return holds(tx, desk, label[0])
    if people.told_inactive(tx, caller.person.id, desk.now, _TOLD_AGAIN_AFTER):
        words = "inactive" if is_participant else "inactive.desk"
        tell(tx, desk, caller, words, project=desk.study.name, contact=desk.study.contact)
    return True
