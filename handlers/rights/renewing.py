"""A new version of the consent text: it is put to people before anything else is asked of them."""

from fieldwork.messages import Command, Located, Say, Sent, Tap, Text, Unusable
from fieldwork.people import Person, Verb
from fieldwork.recognise import is_no, is_yes
from fieldwork.schedule import out_of_quiet
from fieldwork.taps import About, Key, read_key
from handlers import menus, typed_labels
from handlers.commands import BY_NAME
from handlers.desk import Caller, Desk, send, tell
from handlers.reflecting import resuming
from handlers.rights import consenting, holding, stopping
from handlers.workshops import replanning
from storage import audit, consents, held, pending, people
from storage.tx import Tx


def holds(tx: Tx, desk: Desk, caller: Caller) -> bool:
    """Whether what somebody did has to wait for their consent; the text is then put to them."""
    if not consenting.is_outdated(tx, desk, caller.person) or not _is_about_answering(tx, desk, caller):
        return False
    what = caller.incoming.what
    if isinstance(what, Text) and _chooses(tx, caller, what.text) and _is_asked(tx, desk, caller):
        decide(tx, desk, caller, is_yes(what.text), caller.language)
    else:
        _put_first(tx, desk, caller)
    return True


def _chooses(tx: Tx, caller: Caller, text: str) -> bool:
    """Whether this is a yes or no to a new text that was put, be it today's or one that changed once more since."""
    asked = consents.asked_version(tx, caller.person.id)
    is_open = asked is not None and asked != consents.version_agreed(tx, caller.person.id)
    return is_open and caller.meant is None and (is_yes(text) or is_no(text))


def holds_rest(tx: Tx, desk: Desk, caller: Caller) -> bool:
    """Whether words or a file have to wait that were for nothing of what the desk waits for."""
    is_outdated = consenting.is_outdated(tx, desk, caller.person)
    if is_outdated:
        _put_first(tx, desk, caller)
    return is_outdated


def _put_first(tx: Tx, desk: Desk, caller: Caller) -> None:
    """Keep what can be kept, and put the text, unless it was put for something that is kept already."""
    what = caller.incoming.what
    is_put = held.is_any(tx, caller.person.id) and _is_asked(tx, desk, caller)
    # A yes or no that does not count, as it was said to other words, is no answer to a question either.
    if not (isinstance(what, Text) and _chooses(tx, caller, what.text)) and holding.keep(tx, desk, caller):
        is_tap = isinstance(what, Tap)
        first = "consent.held_tap" if is_tap else "consent.held"
        tell(tx, desk, caller, "consent.held_too" if is_put else first, days=holding.held_for(desk).days)
        if is_put:
            return
    consenting.put_new(tx, desk, caller.person)


def _is_asked(tx: Tx, desk: Desk, caller: Caller) -> bool:
    """Whether the text of today was put to them."""
    return consents.asked_version(tx, caller.person.id) == desk.study.consent.version


def look_at_held(tx: Tx, desk: Desk) -> None:
    """Who did not choose for a week has what was held for them erased, reads so, and is asked once more, not at night;
    where there is nothing left to choose, as the text they agreed to is in force again, it is handled.
    """
    for person_id in held.forget_old(tx, desk.now - holding.held_for(desk), desk.now):
        person = people.by_id(tx, person_id)
        if consenting.is_outdated(tx, desk, person) and not held.is_any(tx, person_id):
            _tell_erased(tx, desk, person)
    for person_id in held.people_waiting(tx):
        person = people.by_id(tx, person_id)
        if person.is_taking_part and not consenting.is_outdated(tx, desk, person):
            held.hand_on(tx, person_id)


def _tell_erased(tx: Tx, desk: Desk, person: Person) -> None:
    """What was held is gone; who takes a break is asked nothing with it."""
    awake_on = out_of_quiet(desk.now, desk.study.rhythm.quiet, desk.study.timezone)
    if person.is_paused:
        text = desk.texts.say("consent.held_erased", person.language)
        send(tx, desk, person.id, Say(text), not_before_on=awake_on)
    else:
        consenting.put_new(tx, desk, person, why="consent.held_expired", not_before_on=awake_on)


def decide(tx: Tx, desk: Desk, caller: Caller, agreed: bool, language: str) -> None:
    """Keep the answer; who says yes goes on where they were, who says no has stopped and what they told stays."""
    consenting.keep_answer(tx, desk, caller.person.id, agreed, language)
    if not agreed:
        was_held = held.is_any(tx, caller.person.id)
        stopping.leave_talks(tx, desk, caller.person)
        people.leave(tx, caller.person.id, "withdrawn", desk.now)
        menus.renew_of(tx, desk, caller.person.id)
        audit.note(tx, caller.person.id, "withdrawn_keeping", "", caller.person.code, desk.now)
        if was_held:
            tell(tx, desk, caller, "consent.held_erased")
        tell(tx, desk, caller, "consent.no_longer")
        return
    was_held = held.hand_on(tx, caller.person.id)
    tell(tx, desk, caller, "consent.renewed_held" if was_held else _thanks(tx, desk, caller))
    replanning.plan_for(tx, desk, people.by_id(tx, caller.person.id))
    if not was_held:
        resuming.put_again(tx, desk, caller, wakes=True)


def _thanks(tx: Tx, desk: Desk, caller: Caller) -> str:
    """The words for who said yes and has nothing held: that it goes on, or what comes next where nothing waits."""
    if resuming.waits(tx, desk, caller):
        return "consent.renewed"
    return "stop.paused" if caller.person.is_paused else "consent.renewed_later"


def tapped(tx: Tx, desk: Desk, caller: Caller, key: Key) -> None:
    """A button under the new text."""
    language = consenting.tapped(tx, desk, caller, key)
    if language is not None:
        decide(tx, desk, caller, key.arg == "yes", language)


def _is_about_answering(tx: Tx, desk: Desk, caller: Caller) -> bool:
    """Whether this is a participant's doing, and not the desk's or one of the rights that everybody always has."""
    match caller.incoming.what:
        case Command("start", rest):
            return not rest
        case Command(name):
            known = BY_NAME.get(name)
            return known is not None and known.verb is Verb.REFLECT
        case Tap(data):
            key = read_key(data)
            return key is not None and (
                key.about in (About.SESSION, About.PROMPT) or (key.act, key.arg) == ("midway", "continue")
            )
        case Located() | Unusable():
            return True
        case Text() | Sent() as what:
            is_for_a_question = caller.incoming.edited or caller.meant is not None
            if isinstance(what, Text) and not is_for_a_question:
                label = typed_labels.meant(tx, caller, what.text)
                if label is not None:
                    return _is_about_answering(tx, desk, label[0])
            return is_for_a_question or pending.waiting_for(tx, caller.person.id, desk.now) is None
    return False
