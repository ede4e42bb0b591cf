"""/vraag: a participant's question to who coordinates their city; the words are kept nowhere."""

from datetime import timedelta

from fieldwork import wording
from fieldwork.messages import Text
from fieldwork.people import Person, Verb, cities_for
from fieldwork.schedule import out_of_quiet
from fieldwork.study import City
from fieldwork.taps import Key, button
from handlers.cities import picked
from handlers.desk import Caller, Desk, say_over, settle, tell
from handlers.people import relay
from handlers.reflecting import resuming
from storage import audit, enquiries, pending
from storage.stamps import stamp
from storage.tx import Tx

MOST_AN_HOUR = 5
_KIND = "enquiry"
_NAMES = ("/vraag", "/question")


def ask(tx: Tx, desk: Desk, caller: Caller, rest: str) -> None:
    """/vraag WORDS: pass them on; /vraag alone: ask for them. Who is in several cities says for which."""
    codes = cities_for(caller.person, Verb.ENQUIRE, tuple(city.code for city in desk.study.cities))
    cities = [desk.city(code) for code in codes]
    if _is_refused(tx, desk, caller, rest):
        resuming.put_question_after(tx, desk, caller)
    elif len(cities) == 1:
        _begin(tx, desk, caller, cities[0], rest)
    else:
        made_on = stamp(desk.now)
        pending.wait_for(tx, caller.person.id, _KIND, {"words": rest, "made_on": made_on}, desk.now)
        keys = [(city.name, relay.key(desk, caller.person, city, "enquire", made_on)) for city in cities]
        tell(tx, desk, caller, "city.ask", tuple((button(name, key),) for name, key in keys))


def tapped(tx: Tx, desk: Desk, caller: Caller, key: Key) -> None:
    """The city a question is for, or [Nog een vraag] under an answer."""
    city = picked(desk, caller, Verb.ENQUIRE, key)
    waiting = pending.waiting_for(tx, caller.person.id, desk.now)
    if city is not None and key.arg == "again":
        if not _is_refused(tx, desk, caller, ""):
            _begin(tx, desk, caller, city, "")
    elif city is None or waiting is None or not _is_for_city(waiting, key):
        tell(tx, desk, caller, "err.stale_button")
    else:
        settle(tx, desk, caller, str(key))
        pending.done(tx, caller.person.id)
        _begin(tx, desk, caller, city, waiting.detail["words"])


def not_after_all(tx: Tx, desk: Desk, caller: Caller, key: Key) -> None:
    """[Toch niet], under a question or an answer that words are waited for."""
    waiting = pending.waiting_for(tx, caller.person.id, desk.now)
    if waiting is None or waiting.kind not in relay.KINDS or waiting.detail["made_on"] != key.arg:
        say_over(tx, desk, caller, str(key))
        return
    settle(tx, desk, caller, str(key))
    pending.done(tx, caller.person.id)
    tell(tx, desk, caller, "enquiry.not")
    resuming.put_question_after(tx, desk, caller)


def wrote(tx: Tx, desk: Desk, caller: Caller, text: str) -> bool:
    """Whether typed words are the question that was just asked for; it is passed on then."""
    waiting = relay.awaited(tx, desk, caller)
    if waiting is None or waiting.kind != _KIND:
        return False
    _pass_on(tx, desk, caller, desk.city(waiting.detail["city"]), text)
    return True


def replied(tx: Tx, desk: Desk, caller: Caller) -> bool:
    """Whether words were typed as a reply to a coordinator's answer; they are passed on as another question."""
    key, what = relay.replied_to(tx, caller), caller.incoming.what
    if key is None or key.act != "enquire" or not isinstance(what, Text):
        return False
    city = picked(desk, caller, Verb.ENQUIRE, key)
    if city is None:
        tell(tx, desk, caller, "err.stale_button")
    else:
        _pass_on(tx, desk, caller, city, what.text)
    return True


def refused_file(tx: Tx, desk: Desk, caller: Caller, caption: str) -> bool:
    """Whether a recording or picture was meant to be passed on; only typed words are."""
    is_meant = caption.casefold().startswith(_NAMES) or relay.replied_to(tx, caller) is not None
    if not is_meant and relay.awaited(tx, desk, caller) is None:
        return False
    tell(tx, desk, caller, "enquiry.text_only")
    return True


def _is_for_city(waiting: pending.Pending, key: Key) -> bool:
    """Whether the city of this button is what is waited for."""
    return waiting.kind == _KIND and "words" in waiting.detail and waiting.detail["made_on"] == key.arg


def _begin(tx: Tx, desk: Desk, caller: Caller, city: City, words: str) -> None:
    if words:
        _pass_on(tx, desk, caller, city, words)
    else:
        relay.wait(tx, desk, caller, city, _KIND, {"city": city.code}, "enquiry.ask")


def _is_refused(tx: Tx, desk: Desk, caller: Caller, words: str) -> bool:
    """Whether the person cannot ask this, or not now; they are told."""
    if relay.too_long(tx, desk, caller, words):
        return True
    has_asked = enquiries.asked_since(tx, caller.person.id, desk.now - timedelta(hours=1))
    if has_asked >= MOST_AN_HOUR:
        tell(tx, desk, caller, "enquiry.limit", most=MOST_AN_HOUR, contact=desk.study.contact)
    return has_asked >= MOST_AN_HOUR


def _pass_on(tx: Tx, desk: Desk, caller: Caller, city: City, words: str) -> None:
    """Every coordinator of the city who can be reached reads the words, and who asked reads when."""
    relay.let_go(tx, desk, caller)
    readers = relay.coordinators(tx, city, caller.person.id)
    if not readers:
        tell(tx, desk, caller, "enquiry.nobody", city=city.name, contact=desk.study.contact)
    elif not _is_refused(tx, desk, caller, words):
        enquiry = enquiries.add(tx, caller.person.id, city.code, desk.now)
        audit.note(tx, caller.person.id, "enquired", city.code, str(enquiry), desk.now)
        for reader in readers:
            _put(tx, desk, caller.person, city, reader, enquiry, words)
        _tell_when(tx, desk, caller, city)
    resuming.put_question_after(tx, desk, caller)


def _put(tx: Tx, desk: Desk, asker: Person, city: City, reader: Person, enquiry: int, words: str) -> None:
    """One coordinator reads the question, under the code of who asks it."""
    (label,) = desk.texts.buttons("enquiry.put", reader.language)
    text = desk.texts.say("enquiry.put", reader.language, code=asker.code, city=city.name, words=words)
    relay.hand_on(tx, desk, asker, reader, city, text, label, relay.key(desk, reader, city, "answer", str(enquiry)))


def _tell_when(tx: Tx, desk: Desk, caller: Caller, city: City) -> None:
    read_on = out_of_quiet(desk.now, desk.study.rhythm.quiet, city.timezone)
    if read_on == desk.now:
        tell(tx, desk, caller, "enquiry.sent")
    else:
        tell(tx, desk, caller, "enquiry.later", when=wording.when(read_on, city.timezone, caller.language))
