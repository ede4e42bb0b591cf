"""What was written before the question that waits had arrived, or just after an open answer was closed."""

from datetime import datetime, timedelta

from fieldwork import corrections
from fieldwork.conversation import Part, Stage
from forms.question import Kind
from handlers.reflecting.talks import Talk
from storage import answers, outbox
from storage.answers import Told

_CLOCKS_DIFFER = timedelta(seconds=3)
"""The channel tells whole seconds, by its own clock."""


def crossed(talk: Talk, said_on: datetime) -> bool:
    """Whether the words were written before what waits had arrived. Parts of one answer may come in a row."""
    if talk.now.parts or talk.now.stage is Stage.PAUSED:
        return False
    return not outbox.was_there(talk.tx, talk.now.session, talk.now.asking, said_on + _CLOCKS_DIFFER)


def just_told(talk: Talk, said_on: datetime) -> Told | None:
    """The open answer that was closed last, if its question had arrived by then and nothing was answered since."""
    found = answers.last_told(talk.tx, talk.session.id)
    if found is None or talk.now.walk.form.question(found.path).kind is not Kind.TEXT:
        return None
    return found if outbox.was_there(talk.tx, talk.session.id, found.shown, said_on + _CLOCKS_DIFFER) else None


def add_late(talk: Talk, part: Part, said_on: datetime) -> bool:
    """Words that came just after Klaar belong to the open answer they were written for; whether they do."""
    found = just_told(talk, said_on)
    if found is None:
        return False
    parts = (*answers.parts_of(talk.tx, found.id), part)
    turn = corrections.add_late(talk.now, found.path, parts, part.source, talk.voice)
    talk.keep(turn, said_on)
    return True
