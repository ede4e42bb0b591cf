"""Who is this, what did they do, and which handler is it for."""

import re
from dataclasses import replace
from datetime import timedelta

from fieldwork.conversation import Missed, Stage
from fieldwork.messages import Command, Elsewhere, Incoming, Leave, Located, Reach, Say, Sent, Tap, Text, Unusable
from fieldwork.misses import ARRIVALS
from fieldwork.needs import needed
from fieldwork.people import Role, Verb, may
from fieldwork.study import LANGUAGES
from fieldwork.taps import About, Key, read_key
from handlers import (
    agenda,
    cities,
    commands,
    consenting,
    course,
    earlier,
    enquiries,
    erasures,
    exporting,
    inactive,
    interrupting,
    inviting,
    languages,
    mailbox,
    members,
    onboarding,
    openinvitations,
    planchat,
    planning,
    plansteps,
    plantemplate,
    pointing,
    prompting,
    questionnaires,
    quoting,
    reflection,
    reminding,
    renewing,
    replies,
    returning,
    settling,
    stopping,
    teamchanging,
    typed_labels,
    undoing,
)
from handlers.desk import Caller, Desk, tell
from handlers.talks import Talk, active_talk
from handlers.undoable import WAYS
from storage import outbox, pending, people, prompts, shown, workshops
from storage.connection import Tx
from storage.inbox import Meant
from storage.pending import Pending

_GROUP_TOLD_AGAIN_AFTER = timedelta(hours=1)
_LEAVES_AGAIN_AFTER = timedelta(minutes=1)
_OF_PLANNING = ("plan_lines", "plan_confirm", plansteps.KIND, teamchanging.KIND)
_LIKE_PLANNING = re.compile(r"\||\d[:.]\d\d")
"""Words with this in them are for the desk rather than an answer, where both wait."""


def handle(tx: Tx, desk: Desk, incoming: Incoming, meant: Meant | None = None) -> str:
    """Handle one thing a person did; the word to show beside a tapped button, '' for none.

    `meant` is the question it was about, where it is handled once more.
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
    return _answer(tx, desk, Caller(person, incoming.urn, incoming, meant))


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
    if talk is None or talk.now.path is None:
        return None
    return Meant(talk.session.id, talk.now.asking, talk.now.path)


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
        case Text(text) if caller.incoming.edited:
            reflection.edited(tx, desk, caller, text)
        case Sent(caption=caption) if caller.incoming.edited:
            reflection.edited(tx, desk, caller, caption)
        case Text(text):
            _wrote(tx, desk, caller, text)
        case Sent(caption=caption) if enquiries.refused_file(tx, desk, caller, caption):
            pass
        case Sent(file) if planchat.is_plan(tx, desk, caller, file):
            planchat.received(tx, desk, caller, file)
        case Sent(file) if questionnaires.is_questionnaire(caller, file):
            questionnaires.received(tx, desk, caller, file)
        case Sent(file, _) if questionnaires.is_awaited_picture(tx, caller, file):
            questionnaires.received_picture(tx, desk, caller, file)
        case Sent(file, caption) if caller.meant is not None:
            earlier.sent_file(tx, desk, caller, caller.meant, file, caption)
        case Sent(file, caption, album):
            talk = active_talk(tx, desk, caller.person)
            if talk is None:
                _nothing_asked(tx, desk, caller, "")
            elif caller.incoming.not_own:
                talk.take(Missed("err.not_own", caller.incoming.not_own), caller.incoming.said_on)
            else:
                reflection.sent_file(tx, desk, caller, talk, file, caption, album)
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
        case About.SESSION:
            return reflection.tapped(tx, desk, caller, key)
        case About.PROMPT:
            return prompting.tapped(tx, desk, caller, key)
        case About.PERSON if key.id == caller.person.id and key.act in ("stop", "stop_surely"):
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
            _at_desk(tx, desk, caller, key)
    return ""


def _at_desk(tx: Tx, desk: Desk, caller: Caller, key: Key) -> None:
    """A coordinator's or investigator's button; each handler asks again whether the person may."""
    match key.act:
        case "city" if key.turn < len(desk.study.cities):
            command = cities.asked_for(tx, desk, caller, key)
            if command is None:
                tell(tx, desk, caller, "err.stale_button")
            else:
                commands.run(tx, desk, caller, command)
        case "plan":
            planning.decide(tx, desk, caller, key, plansteps.begin_again)
        case "steps":
            plansteps.begin(tx, desk, caller, key)
        case "step":
            plansteps.tapped(tx, desk, caller, key, agenda.confirm_move)
        case "moveto":
            agenda.move(tx, desk, caller, key)
        case "team":
            teamchanging.tapped(tx, desk, caller, key)
        case "template":
            plantemplate.order(tx, desk, caller, key)
        case "workshop" | "move" | "crew" | "cancel":
            agenda.tapped(tx, desk, caller, key)
        case "invitation":
            openinvitations.tapped(tx, desk, caller, key)
        case "member":
            members.tapped(tx, desk, caller, key)
        case "dispute":
            settling.ask(tx, desk, caller, key)
        case "held" | "not_held":
            settling.tapped(tx, desk, caller, key)
        case "remind":
            reminding.tapped(tx, desk, caller, key)
        case "file":
            exporting.pick_file(tx, desk, caller, key)
        case "export":
            exporting.order(tx, desk, caller, key)
        case "exportall":
            exporting.order_all(tx, desk, caller, key)
        case course.STOPPING:
            course.stop(tx, desk, caller, key)
        case "preview" | "use" | "usein" | "workbook":
            questionnaires.tapped(tx, desk, caller, key)
        case "digest":
            exporting.pick_digest(tx, desk, caller, key)
        case "email":
            mailbox.tapped(tx, desk, caller, key)
        case "enquire":
            enquiries.tapped(tx, desk, caller, key)
        case "answer":
            replies.tapped(tx, desk, caller, key)
        case "unasked":
            enquiries.not_after_all(tx, desk, caller, key)
        case "page" | "open":
            commands.turn_page(tx, desk, caller, key)
        case "undo":
            undoing.undo(tx, desk, caller, key, WAYS)
        case "erasure" | "recalled":
            erasures.tapped(tx, desk, caller, key)
        case "quote":
            quoting.tapped(tx, desk, caller, key)
        case "flag":
            pointing.tapped(tx, desk, caller, key)


def _wrote(tx: Tx, desk: Desk, caller: Caller, text: str) -> None:
    """Words: for what was asked at the desk, else for the questionnaire that waits."""
    if caller.meant is not None:
        earlier.wrote(tx, desk, caller, caller.meant, text)
        return
    if stopping.wrote(tx, desk, caller, text):
        return
    if (tapped := typed_labels.meant(tx, caller, text)) is not None:
        toast = _tapped(tx, desk, tapped[0], read_key(tapped[1]))
        if toast:
            outbox.write(tx, caller.urn, Say(toast), now=desk.now)
        return
    if enquiries.wrote(tx, desk, caller, text) or replies.wrote(tx, desk, caller, text):
        return
    waiting = pending.waiting_for(tx, caller.person.id, desk.now)
    talk = active_talk(tx, desk, caller.person)
    if waiting is not None and waiting.kind == quoting.WAITING and quoting.wrote(tx, desk, caller, waiting, text):
        return
    if waiting is not None and talk is not None and not _is_for_desk(waiting, talk, text):
        waiting = None
    if waiting is not None and _wrote_at_desk(tx, desk, caller, waiting, text):
        return
    if talk is not None:
        if not prompting.put_off(tx, desk, caller, talk, text):
            reflection.wrote(tx, desk, caller, talk, text)
    else:
        _nothing_asked(tx, desk, caller, text)


def _is_for_desk(waiting: Pending, talk: Talk, text: str) -> bool:
    """Whether words are for what waits at the desk rather than for the questionnaire that waits, too."""
    is_asked_word_for_word = waiting.kind in (plansteps.KIND, teamchanging.KIND)
    return bool(_LIKE_PLANNING.search(text)) or (is_asked_word_for_word and talk.now.stage is Stage.PAUSED)


def _wrote_at_desk(tx: Tx, desk: Desk, caller: Caller, waiting: Pending, text: str) -> bool:
    """Words for what was asked at the desk; whether they were."""
    if waiting.kind in _OF_PLANNING and not may(caller.person, Verb.PLAN):
        # The role was taken away since it was asked.
        return False
    match waiting.kind:
        case "plan_lines":
            planning.read_lines(tx, desk, caller, desk.city(waiting.detail["city"]), text)
        case plansteps.KIND if "|" in text and "workshop" not in waiting.detail:
            planning.read_lines(tx, desk, caller, desk.city(waiting.detail["city"]), text)
        case plansteps.KIND:
            plansteps.wrote(tx, desk, caller, waiting, text, agenda.confirm_move)
        case teamchanging.KIND:
            teamchanging.wrote(tx, desk, caller, waiting, text)
        case "plan_confirm" if "|" in text:
            planning.read_more(tx, desk, caller, waiting, text)
        case inviting.KIND if inviting.is_asked_of(desk, caller, waiting):
            inviting.read(tx, desk, caller, desk.city(waiting.detail["city"]), text)
        case mailbox.ADDRESS | mailbox.CODE if mailbox.is_asked_of(caller, waiting):
            mailbox.wrote(tx, desk, caller, waiting, text)
        case _:
            return False
    return True


def _unusable(tx: Tx, desk: Desk, caller: Caller, kind: str) -> None:
    """A sticker and the like: say what is needed instead."""
    talk = active_talk(tx, desk, caller.person)
    key = "err.sticker" if kind == "sticker" else "err.unusable"
    what = kind if kind in ARRIVALS else "other"
    if talk is None or kind == "reaction":
        need = "" if talk is None else needed(talk.now, talk.voice)
        words = desk.texts.say(key, caller.language, what=desk.texts.say(f"arrived.{what}", caller.language))
        outbox.write(tx, caller.urn, Say("\n".join(filter(None, (words, need)))), now=desk.now)
    else:
        talk.take(Missed(key, what), caller.incoming.said_on)


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
    elif text and (example := typed_labels.one_unanswered(tx, caller)):
        words = (
            desk.texts.say("err.no_match", caller.language),
            desk.texts.say("need.choice", caller.language, example=example),
        )
        outbox.write(tx, caller.urn, Say("\n".join(words)), now=desk.now)
    else:
        _say_nothing_open(tx, desk, caller)


def _say_nothing_open(tx: Tx, desk: Desk, caller: Caller) -> None:
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
