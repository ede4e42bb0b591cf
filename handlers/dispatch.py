"""Who is this, what did they do, and which handler is it for."""

from dataclasses import replace
from datetime import timedelta

from fieldwork.conversation import Missed
from fieldwork.messages import Command, Elsewhere, Incoming, Leave, Located, Reach, Say, Sent, Tap, Text, Unusable
from fieldwork.misses import ARRIVALS
from fieldwork.needs import needed
from fieldwork.people import Role
from fieldwork.study import LANGUAGES
from fieldwork.taps import About, Key, read_key
from handlers import commands, desktaps, deskwords, interrupting, typed_labels
from handlers.desk import Caller, Desk, tell
from handlers.people import enquiries, inactive, inviting, languages, onboarding, replies
from handlers.publishing import awaitedpictures, formchecks
from handlers.reflecting import earlier, edits, prompting, reflection, resuming, returning, sentfiles, snoozing
from handlers.reflecting.talks import active_talk
from handlers.rights import consenting, renewing, stopping
from handlers.workshops import planchat
from storage import outbox, pending, people, prompts, shown, workshops
from storage.inbox import Meant
from storage.tx import Tx

_GROUP_TOLD_AGAIN_AFTER = timedelta(hours=1)
_LEAVES_AGAIN_AFTER = timedelta(minutes=1)


def handle(tx: Tx, desk: Desk, incoming: Incoming, meant: Meant | None = None, row: int | None = None) -> str:
    """Handle one thing a person did; the word to show beside a tapped button, '' for none.

    `meant` is the question it was about, where it is handled once more; `row` is where the inbox has it.
    """
    match incoming.what:
        case Reach(reachable):
            returning.reach(tx, desk, incoming, reachable)
            return ""
        case Elsewhere(may_speak):
            _leave(tx, desk, incoming, may_speak)
            return ""
    person = people.by_urn(tx, incoming.urn)
    if person is None:
        _meet(tx, desk, incoming)
        return ""
    returning.wrote_again(tx, desk, person, incoming.urn)
    return _answer(tx, desk, Caller(person, incoming.urn, incoming, meant, row))


def apologise_to(tx: Tx, desk: Desk, urn: str) -> None:
    """Something came that could not even be read: who is known at this address hears so."""
    person = people.by_urn(tx, urn)
    if person is not None:
        outbox.write(tx, urn, Say(desk.texts.say("err.unreadable", person.language)), now=desk.now)


def meaning(tx: Tx, desk: Desk, incoming: Incoming) -> Meant | None:
    """The question that waits for who wrote this; None for anything but words and files, or where none waits."""
    if not isinstance(incoming.what, Text | Sent) or incoming.edited:
        return None
    person = people.by_urn(tx, incoming.urn)
    if person is None or pending.waiting_for(tx, person.id, desk.now) is not None:
        return None
    talk = active_talk(tx, desk, person)
    return None if talk is None else earlier.question_of(talk)


def ask_for_patience(tx: Tx, desk: Desk, urn: str) -> None:
    """So much comes from this person that it has to wait its turn: they read that nothing is lost."""
    person = people.by_urn(tx, urn)
    if person is not None:
        outbox.write(tx, urn, Say(desk.texts.say("err.too_fast", person.language)), now=desk.now)


def apologise(tx: Tx, desk: Desk, incoming: Incoming) -> None:
    """An update failed for good: the person reads that it did, and that nothing else is lost."""
    person = people.by_urn(tx, incoming.urn)
    language = person.language if person else _language(incoming)
    outbox.write(tx, incoming.urn, Say(desk.texts.say("err.internal", language)), now=desk.now)


def _answer(tx: Tx, desk: Desk, caller: Caller) -> str:
    if (
        inactive.holds(tx, desk, caller)
        or enquiries.replied(tx, desk, caller)
        or replies.replied(tx, desk, caller)
        or renewing.holds(tx, desk, caller)
    ):
        return ""
    if isinstance(caller.incoming.what, Tap | Command):
        inviting.let_go(tx, desk, caller)
    match caller.incoming.what:
        case Tap(data):
            caller = _under_a_message(tx, caller, data)
            outbox.proven_by_tap(tx, caller.urn, caller.incoming.message or "", data, desk.now)
            return _tapped(tx, desk, caller, read_key(data))
        case Command() as command if not caller.incoming.edited:
            commands.run(tx, desk, caller, command)
        case Text(text) | Sent(caption=text) if caller.incoming.edited:
            edits.take(tx, desk, caller, text)
        case Text(text):
            _wrote(tx, desk, caller, text)
        case Sent() as sent:
            _sent(tx, desk, caller, sent)
        case Located() as place:
            _located(tx, desk, caller, place)
        case Unusable(kind):
            _unusable(tx, desk, caller, kind)
    return ""


def _under_a_message(tx: Tx, caller: Caller, data: str) -> Caller:
    """Where the channel does not tell which message was tapped, it is the newest that has this button."""
    if caller.incoming.message:
        return caller
    message = shown.message_of_button(tx, caller.urn, data)
    return replace(caller, incoming=replace(caller.incoming, message=message))


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
        case About.SESSION if caller.meant is not None:
            earlier.tapped(tx, desk, caller, caller.meant, key)
        case About.SESSION:
            return reflection.tapped(tx, desk, caller, key)
        case About.PROMPT:
            return prompting.tapped(tx, desk, caller, key)
        case About.PERSON if key.id == caller.person.id and key.act in stopping.ACTS:
            stopping.decide(tx, desk, caller, key)
        case About.PERSON if (
            key.id == caller.person.id and key.act == "consent" and consenting.is_outdated(tx, desk, caller.person)
        ):
            renewing.tapped(tx, desk, caller, key)
        case About.PERSON if key.act == "language":
            languages.choose(tx, desk, caller, key)
        case About.PERSON if key.id == caller.person.id and key.act == "midway":
            return interrupting.decide(tx, desk, caller, key, lambda command: commands.run(tx, desk, caller, command))
        case About.PERSON:
            onboarding.tapped(tx, desk, caller, key)
        case About.DESK if key.id == caller.person.id:
            desktaps.tapped(tx, desk, caller, key)
    return ""


def _wrote(tx: Tx, desk: Desk, caller: Caller, text: str) -> None:
    """Words: for what was asked at the desk, else for the questionnaire that waits."""
    if caller.meant is not None:
        earlier.wrote(tx, desk, caller, caller.meant, text)
        return
    if stopping.wrote(tx, desk, caller, text):
        return
    if (tapped := typed_labels.meant(tx, caller, text)) is not None:
        if renewing.holds(tx, desk, tapped[0]):
            return
        inviting.let_go(tx, desk, tapped[0])
        toast = _tapped(tx, desk, tapped[0], read_key(tapped[1]))
        if toast:
            outbox.write(tx, caller.urn, Say(toast), now=desk.now)
        return
    if enquiries.wrote(tx, desk, caller, text) or replies.wrote(tx, desk, caller, text):
        return
    talk = active_talk(tx, desk, caller.person)
    if deskwords.wrote(tx, desk, caller, talk, text) or renewing.holds_rest(tx, desk, caller):
        return
    if talk is not None:
        if not snoozing.put_off(tx, desk, caller, talk, text):
            reflection.wrote(tx, desk, caller, talk, text)
    else:
        _nothing_asked(tx, desk, caller, text)


def _sent(tx: Tx, desk: Desk, caller: Caller, sent: Sent) -> None:
    """A file: for what was asked at the desk, else for the questionnaire that waits."""
    if enquiries.refused_file(tx, desk, caller, sent.caption):
        return
    if planchat.is_plan(tx, desk, caller, sent.file):
        planchat.received(tx, desk, caller, sent.file)
    elif formchecks.is_questionnaire(caller, sent.file):
        formchecks.received(tx, desk, caller, sent.file)
    elif awaitedpictures.is_awaited(tx, caller, sent.file):
        awaitedpictures.received(tx, desk, caller, sent.file)
    elif renewing.holds_rest(tx, desk, caller):
        return
    elif caller.meant is not None:
        earlier.sent_file(tx, desk, caller, caller.meant, sent.file, sent.caption)
    else:
        _sent_to_question(tx, desk, caller, sent)


def _sent_to_question(tx: Tx, desk: Desk, caller: Caller, sent: Sent) -> None:
    talk = active_talk(tx, desk, caller.person)
    if talk is None:
        _nothing_asked(tx, desk, caller, "")
    elif caller.incoming.not_own:
        talk.take(Missed("err.not_own", caller.incoming.not_own), caller.incoming.said_on)
    else:
        sentfiles.take(tx, desk, caller, talk, sent.file, sent.caption, sent.album)


def _unusable(tx: Tx, desk: Desk, caller: Caller, kind: str) -> None:
    """A sticker and the like: say what is needed instead. A thumb under what the bot said asks for nothing."""
    talk = active_talk(tx, desk, caller.person)
    key = "err.sticker" if kind == "sticker" else "err.unusable"
    what = kind if kind in ARRIVALS else "other"
    if talk is not None and kind != "reaction":
        talk.take(Missed(key, what), caller.incoming.said_on)
    elif talk is not None or kind != "reaction":
        need = _need_of_own_question(tx, desk, caller) if talk is None else needed(talk.now, talk.voice)
        words = desk.texts.say(key, caller.language, what=desk.texts.say(f"arrived.{what}", caller.language))
        outbox.write(tx, caller.urn, Say("\n".join(filter(None, (words, need)))), now=desk.now)
        if talk is None and not need:
            resuming.put_again(tx, desk, caller)


def _need_of_own_question(tx: Tx, desk: Desk, caller: Caller) -> str:
    """What the question that waits for who takes part needs: when to ask, or what may be kept; '' where none does."""
    example = typed_labels.one_unanswered(tx, caller) if caller.person.is_taking_part else ""
    return desk.texts.say("need.choice", caller.language, example=example) if example else ""


def _located(tx: Tx, desk: Desk, caller: Caller, place: Located) -> None:
    talk = active_talk(tx, desk, caller.person)
    if talk is None:
        _unusable(tx, desk, caller, "location")
    else:
        reflection.located(caller, talk, place)


def _nothing_asked(tx: Tx, desk: Desk, caller: Caller, text: str) -> None:
    """No question waits: perhaps the question whether to begin does, or the one for consent."""
    prompt = prompts.open_of(tx, caller.person.id) if caller.person.is_taking_part else None
    if prompt is not None:
        prompting.wrote(tx, desk, caller, prompt, text)
    elif Role.FIELDWORKER in caller.person.roles() and caller.person.standing == "invited":
        onboarding.wrote(tx, desk, caller, text)
    elif need := _need_of_own_question(tx, desk, caller):
        words = desk.texts.say("err.no_match", caller.language)
        outbox.write(tx, caller.urn, Say(f"{words}\n{need}"), now=desk.now)
    else:
        _say_nothing_open(tx, desk, caller)


def _say_nothing_open(tx: Tx, desk: Desk, caller: Caller) -> None:
    """Nothing waits for words: what comes next, or why nothing does."""
    if caller.person.is_paused:
        tell(tx, desk, caller, "stop.paused")
        return
    if not caller.person.is_taking_part:
        is_only_fieldworker = caller.person.roles() == {Role.FIELDWORKER}
        tell(tx, desk, caller, "err.not_taking_part" if is_only_fieldworker else "err.not_understood")
        return
    workshop = workshops.next_of(tx, caller.person.id, desk.now)
    if workshop is None:
        following = desk.texts.say("none_planned", caller.language)
    else:
        following = desk.when(workshop.starts_on, workshop.city, caller.language)
    tell(tx, desk, caller, "err.no_open", next=following)


def _leave(tx: Tx, desk: Desk, incoming: Incoming, may_speak: bool) -> None:
    """Say that we only talk with one person, once an hour at most, and go."""
    told_on = outbox.last_written_on(tx, incoming.urn)
    ago = None if told_on is None else desk.now - told_on
    if ago is not None and ago < _LEAVES_AGAIN_AFTER:
        return
    is_told = ago is not None and ago < _GROUP_TOLD_AGAIN_AFTER
    words = desk.texts.say("err.group", _language(incoming)) if may_speak and not is_told else ""
    outbox.write(tx, incoming.urn, Leave(words), now=desk.now)


def _language(incoming: Incoming) -> str:
    """The messenger's language where we speak it; people in the Netherlands mostly read Dutch."""
    return incoming.language if incoming.language in LANGUAGES else LANGUAGES[0]
