"""What in a kept answer may tell of somebody else: pointed out where it came by an edit or a caption."""

from fieldwork.messages import Say
from fieldwork.pointing import pointed_out
from fieldwork.taps import About, Key, button, is_count
from fieldwork.turns import return_to
from forms.question import Kind
from handlers.desk import Caller, Desk, settle, tell
from handlers.reflecting.talks import Talk, talk_of
from storage import answers, flags, outbox, sessions
from storage.tx import Tx

_ACTS = ("reword", "leave")


def point_out(tx: Tx, desk: Desk, caller: Caller, talk: Talk, source: str) -> None:
    """Where the message is part of a kept answer in which something was found: ask whether it has to change."""
    spoken = answers.spoken_in(tx, source)
    if spoken is None or spoken.answer_id is None or not flags.is_unsettled(tx, spoken.answer_id):
        return
    labels = talk.voice.labels("third.ask")
    row = tuple(
        button(label, Key(About.DESK, caller.person.id, 0, "flag", f"{act} {spoken.answer_id}"))
        for label, act in zip(labels, _ACTS, strict=True)
    )
    text = pointed_out(answers.parts_of(tx, spoken.answer_id), talk.voice)
    outbox.write(tx, caller.urn, Say(text, (row,)), now=desk.now, session_id=spoken.session_id)


def tapped(tx: Tx, desk: Desk, caller: Caller, key: Key) -> None:
    """Aanpassen or Zo laten under an answer that is kept."""
    act, _, number = key.arg.partition(" ")
    place = flags.place_of(tx, int(number)) if is_count(number) and act in _ACTS else None
    session = None if place is None else sessions.by_id(tx, place[0])
    is_own = session is not None and session.person_id == caller.person.id
    talk = talk_of(tx, desk, caller.person, session) if session is not None and is_own else None
    if place is None or talk is None or not talk.is_open or not flags.is_unsettled(tx, int(number)):
        tell(tx, desk, caller, "err.stale_button")
        return
    settle(tx, desk, caller, str(key))
    question = talk.now.walk.form.question(place[1])
    if act == "leave":
        flags.left(tx, int(number), desk.now)
        tell(tx, desk, caller, "third.left")
    elif question.kind is not Kind.TEXT or not talk.now.walk.is_relevant(place[1]):
        tell(tx, desk, caller, "third.caption")
    else:
        talk.keep(return_to(talk.now, question, talk.voice, "third.again"), caller.incoming.said_on)
