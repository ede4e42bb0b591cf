"""A new version of the consent text: it is put to people before anything else is asked of them."""

from datetime import timedelta

from fieldwork.messages import Command, Located, Sent, Tap, Text, Unusable
from fieldwork.people import Verb
from fieldwork.recognise import is_no, is_yes
from fieldwork.taps import About, Key, read_key
from handlers import consenting, earlier, menus, replanning, resuming, stopping
from handlers.commands import BY_NAME
from handlers.desk import Caller, Desk, tell
from handlers.talks import active_talk
from storage import audit, consents, held, pending, people, prompts
from storage.tx import Tx

_RIGHTS = ("stop", "mijnreflecties", "myreflections")
"""Commands of a participant that need no consent of today."""


def holds(tx: Tx, desk: Desk, caller: Caller) -> bool:
    """Whether what somebody did has to wait for their consent; the text is then put to them."""
    if not consenting.is_outdated(tx, desk, caller.person) or not _is_about_answering(tx, desk, caller):
        return False
    what = caller.incoming.what
    asked = consents.asked_version(tx, caller.person.id) == desk.study.consent.version
    if asked and isinstance(what, Text) and (is_yes(what.text) or is_no(what.text)):
        decide(tx, desk, caller, is_yes(what.text), caller.language)
    else:
        _put_first(tx, desk, caller)
    return True


def holds_rest(tx: Tx, desk: Desk, caller: Caller) -> bool:
    """Whether words or a file have to wait that were for nothing of what the desk waits for."""
    is_outdated = consenting.is_outdated(tx, desk, caller.person)
    if is_outdated:
        _put_first(tx, desk, caller)
    return is_outdated


def _put_first(tx: Tx, desk: Desk, caller: Caller) -> None:
    """Keep what can be kept, and put the text, unless it was put for something that is kept already."""
    is_put = held.is_any(tx, caller.person.id)
    if _keeps(tx, desk, caller):
        tell(tx, desk, caller, "consent.held_too" if is_put else "consent.held", days=_held_for(desk).days)
        if is_put:
            return
    consenting.put_new(tx, desk, caller.person)


def forget_held(tx: Tx, desk: Desk) -> None:
    """Who did not choose for a week has what was held for them erased."""
    held.forget_old(tx, desk.now - _held_for(desk), desk.now)


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
    tell(tx, desk, caller, "consent.renewed_held" if was_held else "consent.renewed")
    replanning.plan_for(tx, desk, people.by_id(tx, caller.person.id))
    if not was_held:
        resuming.put_again(tx, desk, caller, wakes=True)


def tapped(tx: Tx, desk: Desk, caller: Caller, key: Key) -> None:
    """A button under the new text."""
    language = consenting.tapped(tx, desk, caller, key)
    if language is not None:
        decide(tx, desk, caller, key.arg == "yes", language)


def _keeps(tx: Tx, desk: Desk, caller: Caller) -> bool:
    """Whether this is something said to a question that waits; it is then held, to be handled after a yes."""
    what = caller.incoming.what
    if caller.row is None or not isinstance(what, Text | Sent | Located):
        return False
    talk = active_talk(tx, desk, caller.person)
    if talk is None and not (isinstance(what, Text) and prompts.open_of(tx, caller.person.id)):
        return False
    question = None if talk is None or caller.incoming.edited else earlier.question_of(talk)
    held.hold(tx, caller.row, question, desk.now)
    return True


def _held_for(desk: Desk) -> timedelta:
    """As long as sent answers can still be changed."""
    return desk.study.rhythm.amend_after


def _is_about_answering(tx: Tx, desk: Desk, caller: Caller) -> bool:
    """Whether this is a participant's doing, and not the desk's or one of the rights that everybody always has."""
    match caller.incoming.what:
        case Command("start", rest):
            return not rest
        case Command(name):
            known = BY_NAME.get(name)
            return known is not None and known.verb is Verb.REFLECT and name not in _RIGHTS
        case Tap(data):
            key = read_key(data)
            return key is not None and (
                key.about in (About.SESSION, About.PROMPT) or (key.act, key.arg) == ("midway", "continue")
            )
        case Located() | Unusable():
            return True
        case Text() | Sent():
            is_for_a_question = caller.incoming.edited or caller.meant is not None
            return is_for_a_question or pending.waiting_for(tx, caller.person.id, desk.now) is None
    return False
