"""What a person reads when a file of theirs turns out not to be what a question can keep."""

from fieldwork.messages import Say
from handlers.desk import Desk, send
from storage import media, people, sessions
from storage.tx import Tx


def lost(tx: Tx, desk: Desk, media_id: int) -> None:
    """Note that the file cannot be had, and tell who sent it for which question."""
    media.lost(tx, media_id)
    place = media.place_of(tx, media_id)
    session = None if place is None else sessions.by_id(tx, place.session_id)
    if place is None or session is None:
        return
    person = people.by_id(tx, session.person_id)
    form = desk.forms[session.form_hash]
    labels = form.question(place.path).labels
    label = labels.get(person.language) or labels.get(form.default_language) or form.question(place.path).name
    send(tx, desk, person.id, Say(desk.texts.say("err.file_lost", person.language, question=label)), priority=0)
