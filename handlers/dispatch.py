"""Who is this, what did they do, and which handler is it for."""

from fieldwork.messages import Command, Elsewhere, Incoming, Reach, Say, Sent, Tap, Text, Unusable
from fieldwork.study import LANGUAGES
from fieldwork.taps import About, Key, read_key
from handlers import agenda, commands, exporting, onboarding, planning, prompting, reflection, status, stopping
from handlers.desk import Caller, Desk, tell
from storage import outbox, pending, people, sessions, workshops
from storage.connection import Tx
from storage.inbox import Meant


def handle(tx: Tx, desk: Desk, incoming: Incoming, meant: Meant | None = None) -> str:
    """Handle one thing a person did; the word to show beside a tapped button, '' for none.

    `meant` is the question it was about, where it is handled once more.
    """
    match incoming.what:
        case Reach(reachable):
            people.set_reachable(tx, incoming.urn, reachable, desk.now)
            return ""
        case Elsewhere():
            _say_private_only(tx, desk, incoming)
            return ""
    person = people.by_urn(tx, incoming.urn)
    if person is None:
        _meet(tx, desk, incoming)
        return ""
    return _answer(tx, desk, Caller(person, incoming.urn, incoming, meant))


def meaning(tx: Tx, incoming: Incoming) -> Meant | None:
    """The question that waits for who wrote this; None for anything but words and files, or where none waits."""
    if not isinstance(incoming.what, Text | Sent) or incoming.edited:
        return None
    person = people.by_urn(tx, incoming.urn)
    if person is None or pending.waiting_for(tx, person.id) is not None:
        return None
    session = sessions.active_of(tx, person.id)
    if session is None or session.path is None:
        return None
    return Meant(session.id, session.asking, session.path)


def apologise(tx: Tx, desk: Desk, incoming: Incoming) -> None:
    """An update failed for good: the person reads that it did, and that nothing else is lost."""
    person = people.by_urn(tx, incoming.urn)
    language = person.language if person else _language(incoming)
    outbox.write(tx, incoming.urn, Say(desk.texts.say("err.internal", language)), now=desk.now)


def _answer(tx: Tx, desk: Desk, caller: Caller) -> str:
    match caller.incoming.what:
        case Tap(data):
            outbox.proven_by_tap(tx, caller.urn, caller.incoming.message or "", data, desk.now)
            return _tapped(tx, desk, caller, read_key(data))
        case Command() as command if not caller.incoming.edited:
            commands.run(tx, desk, caller, command)
        case Text(text) if caller.incoming.edited:
            reflection.edited(tx, desk, caller, text)
        case Sent(_, caption) if caller.incoming.edited:
            reflection.edited(tx, desk, caller, caption)
        case Text(text):
            _wrote(tx, desk, caller, text)
        case Sent(file, caption):
            session = sessions.active_of(tx, caller.person.id)
            if session is None:
                _say_nothing_open(tx, desk, caller)
            else:
                reflection.sent_file(tx, desk, caller, session, file, caption)
        case Unusable(kind):
            _unusable(tx, desk, caller, kind)
    return ""


def _meet(tx: Tx, desk: Desk, incoming: Incoming) -> None:
    """Somebody unknown: only an invitation makes them known."""
    token = incoming.what.rest.strip() if isinstance(incoming.what, Command) and incoming.what.name == "start" else ""
    person = onboarding.start_unknown(tx, desk, incoming.urn, token, incoming.first_name, _language(incoming))
    if person is not None:
        onboarding.welcome(tx, desk, Caller(person, incoming.urn, incoming))


def _tapped(tx: Tx, desk: Desk, caller: Caller, key: Key | None) -> str:
    """A button: of a question, a prompt, the person's own settings, or the coordinator's desk."""
    if key is None:
        return desk.texts.say("err.stale_button", caller.language)
    match key.about:
        case About.SESSION:
            return reflection.tapped(tx, desk, caller, key)
        case About.PROMPT:
            return prompting.tapped(tx, desk, caller, key)
        case About.PERSON if key.id == caller.person.id and key.act == "stop":
            stopping.decide(tx, desk, caller, key)
        case About.PERSON:
            onboarding.tapped(tx, desk, caller, key)
        case About.DESK if key.id == caller.person.id:
            _at_desk(tx, desk, caller, key)
    return ""


def _at_desk(tx: Tx, desk: Desk, caller: Caller, key: Key) -> None:
    """A coordinator's or investigator's button; each handler asks again whether the person may."""
    match key.act:
        case "city" if key.turn < len(desk.study.cities):
            commands.run(tx, desk, caller, Command(key.arg, desk.study.cities[key.turn].code))
        case "plan":
            planning.decide(tx, desk, caller, key)
        case "workshop" | "move" | "cancel":
            agenda.tapped(tx, desk, caller, key)
        case "remind":
            status.remind(tx, desk, caller, key)
        case "export":
            exporting.order(tx, desk, caller, key)
        case "digest":
            exporting.pick_digest(tx, desk, caller, key)


def _wrote(tx: Tx, desk: Desk, caller: Caller, text: str) -> None:
    """Words: for what was asked at the desk, else for the questionnaire that waits."""
    waiting = pending.waiting_for(tx, caller.person.id)
    session = sessions.active_of(tx, caller.person.id)
    if caller.meant is not None:
        reflection.wrote_earlier(tx, desk, caller, caller.meant, text)
        return
    if waiting is not None and waiting.kind == "plan_lines":
        planning.read_lines(tx, desk, caller, desk.city(waiting.detail["city"]), text)
    elif waiting is not None and waiting.kind == "move":
        agenda.move(tx, desk, caller, waiting.detail["workshop"], text)
    elif session is not None:
        reflection.wrote(tx, desk, caller, session, text)
    else:
        _say_nothing_open(tx, desk, caller)


def _unusable(tx: Tx, desk: Desk, caller: Caller, kind: str) -> None:
    """A sticker and the like: say what is needed instead."""
    session = sessions.active_of(tx, caller.person.id)
    key = "err.sticker" if kind == "sticker" else "err.unusable"
    if session is None:
        tell(tx, desk, caller, key)
    else:
        reflection.missed(tx, desk, caller, session, key)


def _say_nothing_open(tx: Tx, desk: Desk, caller: Caller) -> None:
    workshop = workshops.next_of(tx, caller.person.id, desk.now)
    if workshop is None:
        following = desk.texts.say("none_planned", caller.language)
    else:
        following = desk.when(workshop.starts_on, workshop.city, caller.language)
    tell(tx, desk, caller, "err.no_open", next=following)


def _say_private_only(tx: Tx, desk: Desk, incoming: Incoming) -> None:
    text = desk.texts.say("err.group", _language(incoming))
    outbox.write(tx, incoming.urn, Say(text), now=desk.now)


def _language(incoming: Incoming) -> str:
    """The messenger's language where we speak it; people in the Netherlands mostly read Dutch."""
    return incoming.language if incoming.language in LANGUAGES else LANGUAGES[0]
