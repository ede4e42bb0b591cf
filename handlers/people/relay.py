"""Words of one person on their way to another: waited for, handed on, and blanked once they arrived."""

from datetime import timedelta

from fieldwork.messages import Say
from fieldwork.people import Person, Role
from fieldwork.schedule import out_of_quiet
from fieldwork.study import City
from fieldwork.taps import About, Key, button, is_count, read_key
from handlers.desk import Caller, Desk, tell
from handlers.reflecting.talks import active_talk
from storage import outbox, passing, pending, people
from storage.stamps import moment, stamp
from storage.tx import Tx

LONGEST = 1000
"""Characters, so that they go into one message with what stands around them."""
KINDS = ("enquiry", "enquiry_answer")
"""What can be waited for here: a question to who coordinates, or the answer."""
_WAITED_FOR = timedelta(minutes=30)


def key(desk: Desk, person: Person, city: City, act: str, arg: str) -> Key:
    """What goes under a button that is about a city, for this person alone."""
    return Key(About.DESK, person.id, desk.study.cities.index(city), act, arg)


def wait(
    tx: Tx, desk: Desk, caller: Caller, city: City, kind: str, detail: dict[str, object], text: str, **values: object
) -> None:
    """Ask for words; the next typed ones are meant, unless a questionnaire goes on before."""
    made_on = stamp(desk.now)
    (label,) = desk.texts.buttons(text, caller.language)
    asked = Say(
        desk.texts.say(text, caller.language, **values),
        ((button(label, key(desk, caller.person, city, "unasked", made_on)),),),
    )
    said = outbox.write(tx, caller.urn, asked, now=desk.now)
    whole = {**detail, "made_on": made_on, "at": _moment(tx, desk, caller), "said": said, "text": asked.text}
    pending.wait_for(tx, caller.person.id, kind, whole, desk.now)


def awaited(tx: Tx, desk: Desk, caller: Caller) -> pending.Pending | None:
    """What words are waited for, if nothing happened in a questionnaire since they were asked for."""
    waiting = pending.waiting_for(tx, caller.person.id, desk.now)
    if waiting is None or waiting.kind not in KINDS or waiting.detail.get("at") != _moment(tx, desk, caller):
        return None
    return waiting if desk.now - moment(waiting.detail["made_on"]) < _WAITED_FOR else None


def let_go(tx: Tx, desk: Desk, caller: Caller) -> None:
    """Wait for no words any more, which the question for them shows; anything else that is waited for stays."""
    waiting = pending.waiting_for(tx, caller.person.id, desk.now)
    if waiting is None or waiting.kind not in KINDS:
        return
    pending.done(tx, caller.person.id)
    said = waiting.detail.get("said")
    if said is not None and outbox.is_kept(tx, said):
        outbox.write(tx, caller.urn, Say(waiting.detail["text"]), now=desk.now, edit_of=said)


def replied_to(tx: Tx, caller: Caller) -> Key | None:
    """The button under the message this is a reply to, where that message passed somebody's words on."""
    message = caller.incoming.reply_to
    found = outbox.row_of_message(tx, caller.urn, message) if message and not caller.incoming.edited else None
    if found is None or not isinstance(found[1], Say):
        return None
    keys = [read_key(one.data) for row in found[1].buttons for one in row]
    return next((one for one in keys if one is not None and _passed_words(caller, one)), None)


def too_long(tx: Tx, desk: Desk, caller: Caller, words: str) -> bool:
    """Whether there are too many words to be passed on; the person is told so."""
    if len(words) > LONGEST:
        tell(tx, desk, caller, "enquiry.long", chars=len(words), max=LONGEST)
    return len(words) > LONGEST


def hand_on(tx: Tx, desk: Desk, author: Person, reader: Person, city: City, text: str, label: str, below: Key) -> None:
    """One person's words go to another, not at night."""
    urn = people.urn_of(tx, reader.id)
    if urn is not None:
        morning_on = out_of_quiet(desk.now, desk.study.rhythm.quiet, city.timezone)
        said = Say(text, ((button(label, below),),))
        row = outbox.write(tx, urn, said, now=desk.now, priority=1, not_before_on=morning_on)
        passing.mark(tx, row, author.id)


def coordinators(tx: Tx, city: City, but: int) -> list[Person]:
    """Who coordinates the city and can be reached, except one."""
    found = people.with_role(tx, Role.COORDINATOR, city.code)
    return [one for one in found if one.id != but and people.urn_of(tx, one.id) is not None]


def _moment(tx: Tx, desk: Desk, caller: Caller) -> str:
    """Where the person's questionnaire stands; '' where none waits."""
    talk = active_talk(tx, desk, caller.person)
    return "" if talk is None else f"{talk.session.id} {talk.now.asking} {stamp(talk.session.touched_on)}"


def _passed_words(caller: Caller, key: Key) -> bool:
    is_answer = key.act == "answer" and is_count(key.arg)
    is_own = key.about is About.DESK and key.id == caller.person.id
    return is_own and (is_answer or (key.act, key.arg) == ("enquire", "again"))
