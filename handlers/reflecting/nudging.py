"""Some quiet minutes after a message of an open answer: once the question whether that was all."""

from datetime import timedelta

from fieldwork import dialogue
from fieldwork.schedule import is_quiet
from handlers.desk import Desk
from handlers.reflecting.talks import talk_of
from handlers.rights import consenting
from storage import drafts, people, sessions
from storage.tx import Tx

_MOST_AT_ONCE = 200
_STILL_THERE = timedelta(minutes=30)
"""Who wrote so lately may be asked at night too."""


def look_at_drafts(tx: Tx, desk: Desk) -> None:
    """Ask where it is time; after an outage nobody is woken up for it. A new consent text comes instead of it."""
    for session_id in drafts.due(tx, desk.now, _MOST_AT_ONCE):
        drafts.ask_on(tx, session_id, None)
        session = sessions.by_id(tx, session_id)
        assert session is not None, "it was found a moment ago"
        talk = talk_of(tx, desk, people.by_id(tx, session.person_id), session)
        is_lately = desk.now - session.touched_on < _STILL_THERE
        if not talk.is_open or (not is_lately and is_quiet(desk.now, desk.study.rhythm.quiet, talk.zone)):
            continue
        if consenting.is_outdated(tx, desk, talk.person):
            consenting.put_once(tx, desk, talk.person)
        else:
            talk.keep(dialogue.nudge(talk.now, talk.voice), desk.now)
