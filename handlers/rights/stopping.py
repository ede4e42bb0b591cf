"""/stop: a break, stopping with the answers kept, or stopping with everything erased."""

from collections.abc import Callable

from fieldwork import wording
from fieldwork.messages import Rows, Say
from fieldwork.people import Person, Role
from fieldwork.recognise import plain
from fieldwork.taps import About, Key, button
from handlers import menus
from handlers.desk import Caller, Desk, settle, tell
from handlers.people.rolewords import role_words
from handlers.reflecting.talks import active_talk, talk_of
from handlers.rights import erasures
from storage import audit, held, outbox, pending, people, prompts, sessions
from storage.tx import Tx

_WAYS = ("pause", "keep", "erase", "not")
_SURELY = ("yes", "no")
_ASKED = {
    "stop": ("stop.ask", _WAYS),
    "stop_left": ("stop.left", ("erase", "not")),
    "stop_surely": ("stop.erase_confirm", _SURELY),
}
"""What waits for an answer: its text, and what its buttons do."""
ACTS = tuple(_ASKED)
"""What the buttons are known by."""


def ask(tx: Tx, desk: Desk, caller: Caller) -> None:
    """/stop: which way; who has left already can still have everything erased."""
    _put(tx, desk, caller, "stop_left" if caller.person.standing in ("withdrawn", "declined") else "stop")


def decide(tx: Tx, desk: Desk, caller: Caller, key: Key) -> None:
    """One of the buttons under what /stop asks."""
    if key.act not in _ASKED or key.arg not in _ASKED[key.act][1]:
        return
    waiting = pending.waiting_for(tx, caller.person.id, desk.now)
    if not people.is_participant(tx, caller.person.id):
        tell(tx, desk, caller, "err.stale_button")
        return
    if key.act == "stop_surely" and (waiting is None or waiting.kind != key.act):
        # To erase takes a question that was put lately, and only once.
        tell(tx, desk, caller, "err.stale_button")
        return
    settle(tx, desk, caller, str(key))
    _take(tx, desk, caller, key.arg)


def wrote(tx: Tx, desk: Desk, caller: Caller, text: str) -> bool:
    """Whether typed words choose a way to stop: a label, or its number where no questionnaire waits."""
    waiting = pending.waiting_for(tx, caller.person.id, desk.now)
    if waiting is None or waiting.kind not in _ASKED:
        return False
    question, ways = _ASKED[waiting.kind]
    labels = [plain(label) for label in desk.texts.buttons(question, caller.language)]
    is_free = active_talk(tx, desk, caller.person) is None
    for number, (label, way) in enumerate(zip(labels, ways, strict=True), start=1):
        # A short word may be the answer to a question that waits; erasing takes all its words in any case.
        if (plain(text) == label and (is_free or " " in label)) or (
            is_free and way != "yes" and text.strip() == str(number)
        ):
            _take(tx, desk, caller, way)
            return True
    return False


def leave_talks(tx: Tx, desk: Desk, person: Person) -> None:
    """Nothing is asked any more: questionnaires are put down, what was planned is cancelled, what was held erased."""
    held.forget(tx, person.id, desk.now)
    for session in sessions.all_active_of(tx, person.id):
        talk_of(tx, desk, person, session).leave()
    for prompt in prompts.unfinished_of(tx, person.id):
        prompts.ended(tx, prompt.id, "cancelled", desk.now)


def _put(tx: Tx, desk: Desk, caller: Caller, kind: str) -> None:
    question, ways = _ASKED[kind]
    labels = desk.texts.buttons(question, caller.language)
    rows: Rows = tuple(
        (button(label, Key(About.PERSON, caller.person.id, 0, kind, way)),)
        for label, way in zip(labels, ways, strict=True)
    )
    pending.wait_for(tx, caller.person.id, kind, {}, desk.now)
    text = desk.texts.say(question, caller.language)
    outbox.write(tx, caller.urn, Say("\n\n".join(filter(None, (text, _other_roles(desk, caller)))), rows), now=desk.now)


def _other_roles(desk: Desk, caller: Caller) -> str:
    """What the person stays when they stop answering; '' where nothing."""
    others = (one for one in caller.person.grants if one.role is not Role.FIELDWORKER)
    grants = sorted(others, key=lambda one: (tuple(Role).index(one.role), one.city, one.line))
    if not grants:
        return ""
    roles = ", ".join(role_words(desk, one, caller.language) for one in grants)
    return desk.texts.say("stop.other_roles", caller.language, roles=roles)


def _take(tx: Tx, desk: Desk, caller: Caller, way: str) -> None:
    """Take the way that was chosen."""
    waiting = pending.waiting_for(tx, caller.person.id, desk.now)
    if waiting is not None and waiting.kind in _ASKED:
        pending.done(tx, caller.person.id)
    acts: dict[str, Callable[[Tx, Desk, Caller], None]] = {
        "pause": _pause,
        "keep": _keep,
        "erase": lambda tx, desk, caller: _put(tx, desk, caller, "stop_surely"),
        "yes": _erase,
    }
    if way in acts:
        acts[way](tx, desk, caller)
    else:
        tell(tx, desk, caller, "stop.not")


def _pause(tx: Tx, desk: Desk, caller: Caller) -> None:
    """Ask nothing until /start."""
    if not caller.person.is_taking_part:
        tell(tx, desk, caller, "err.not_taking_part")
        return
    people.pause(tx, caller.person.id, desk.now)
    audit.note(tx, caller.person.id, "paused", "", caller.person.code, desk.now)
    tell(tx, desk, caller, "stop.paused")


def come_back(tx: Tx, desk: Desk, caller: Caller) -> None:
    """/start after a break."""
    people.come_back(tx, caller.person.id)
    audit.note(tx, caller.person.id, "came_back", "", caller.person.code, desk.now)
    tell(tx, desk, caller, "stop.back")


def _keep(tx: Tx, desk: Desk, caller: Caller) -> None:
    """No more questions; what was told stays until the study's date. Also for who was deactivated meanwhile."""
    if caller.person.standing == "taking_part":
        leave_talks(tx, desk, caller.person)
        people.leave(tx, caller.person.id, "withdrawn", desk.now)
        menus.renew_of(tx, desk, caller.person.id)
        audit.note(tx, caller.person.id, "withdrawn_keeping", "", caller.person.code, desk.now)
    until = wording.date_in_words(desk.study.retention_date, caller.language)
    text = desk.texts.say("stop.kept", caller.language, retention_date=until)
    outbox.write(tx, caller.urn, Say("\n".join(filter(None, (text, _other_roles(desk, caller))))), now=desk.now)


def _erase(tx: Tx, desk: Desk, caller: Caller) -> None:
    """No more questions, and everything goes; the deleting itself is a job."""
    leave_talks(tx, desk, caller.person)
    people.leave(tx, caller.person.id, "withdrawn", desk.now)
    erasures.order(tx, desk, caller.person)
    tell(tx, desk, caller, "stop.erasing")
