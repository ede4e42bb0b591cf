"""A coordinator's answer to a participant's question: passed back, once, and the other coordinators see that it was."""

from fieldwork.messages import Say, Text
from fieldwork.people import Person, Verb, may
from fieldwork.study import City
from fieldwork.taps import Key, is_count
from handlers.cities import picked
from handlers.desk import Caller, Desk, send, tell
from handlers.people import relay
from handlers.reflecting import resuming
from storage import audit, enquiries, people
from storage.enquiries import Enquiry
from storage.tx import Tx

_KIND = "enquiry_answer"


def tapped(tx: Tx, desk: Desk, caller: Caller, key: Key) -> None:
    """[Antwoorden]: ask for the words."""
    found = _open_under(tx, desk, caller, key)
    if found is not None:
        code = people.by_id(tx, found.person_id).code
        detail: dict[str, object] = {"enquiry": found.id}
        relay.wait(tx, desk, caller, desk.city(found.city), _KIND, detail, "enquiry.answer_ask", code=code)


def wrote(tx: Tx, desk: Desk, caller: Caller, text: str) -> bool:
    """Whether typed words are the answer that was just asked for; it is passed back then."""
    waiting = relay.awaited(tx, desk, caller)
    if waiting is None or waiting.kind != _KIND:
        return False
    found = enquiries.by_id(tx, waiting.detail["enquiry"])
    if found is None or not may(caller.person, Verb.ANSWER, found.city):
        relay.let_go(tx, desk, caller)
        return False
    _answer(tx, desk, caller, found, text)
    return True


def replied(tx: Tx, desk: Desk, caller: Caller) -> bool:
    """Whether words were typed as a reply to a question that was passed on; they are passed back then."""
    key, what = relay.replied_to(tx, caller), caller.incoming.what
    if key is None or key.act != "answer" or not isinstance(what, Text):
        return False
    found = _open_under(tx, desk, caller, key)
    if found is not None:
        _answer(tx, desk, caller, found, what.text)
    return True


def _open_under(tx: Tx, desk: Desk, caller: Caller, key: Key) -> Enquiry | None:
    """The question under a button, if this person may answer it and nobody has; they are told where not."""
    city = picked(desk, caller, Verb.ANSWER, key)
    found = enquiries.by_id(tx, int(key.arg)) if is_count(key.arg) else None
    if city is None or found is None or found.city != city.code:
        tell(tx, desk, caller, "err.stale_button")
        return None
    if found.answered_by is not None:
        _tell_taken(tx, desk, caller.person, found, found.answered_by)
        return None
    return found


def _answer(tx: Tx, desk: Desk, caller: Caller, found: Enquiry, words: str) -> None:
    """Who asked reads the answer; the first one counts."""
    if relay.too_long(tx, desk, caller, words):
        return
    relay.let_go(tx, desk, caller)
    city, asker = desk.city(found.city), people.by_id(tx, found.person_id)
    if people.urn_of(tx, asker.id) is None:
        tell(tx, desk, caller, "enquiry.unreachable", code=asker.code)
    elif found.answered_by is not None or not enquiries.answered(tx, found.id, caller.person.id, desk.now):
        _tell_taken(tx, desk, caller.person, found, found.answered_by)
    else:
        _pass_back(tx, desk, caller.person, city, asker, words)
        audit.note(tx, caller.person.id, "enquiry_answered", city.code, str(found.id), desk.now)
        for other in relay.coordinators(tx, city, caller.person.id):
            _tell_taken(tx, desk, other, found, caller.person.id)
        tell(tx, desk, caller, "enquiry.answered", code=asker.code)
    resuming.put_question_after(tx, desk, caller)


def _pass_back(tx: Tx, desk: Desk, author: Person, city: City, asker: Person, words: str) -> None:
    (label,) = desk.texts.buttons("enquiry.answer", asker.language)
    text = desk.texts.say("enquiry.answer", asker.language, words=words)
    relay.hand_on(tx, desk, author, asker, city, text, label, relay.key(desk, asker, city, "enquire", "again"))


def _tell_taken(tx: Tx, desk: Desk, reader: Person, found: Enquiry, by: int | None) -> None:
    """A coordinator reads that a question was answered, and by whom."""
    who = "–" if by is None else people.name_of(tx, by) or people.by_id(tx, by).code
    code = people.by_id(tx, found.person_id).code
    send(tx, desk, reader.id, Say(desk.texts.say("enquiry.taken", reader.language, code=code, who=who)))
