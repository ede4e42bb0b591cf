"""What each command does, by every name it has, and the verb it takes."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum

from fieldwork.conversation import Went
from fieldwork.messages import Command
from fieldwork.people import Verb, may
from fieldwork.recognise import Way
from handlers import (
    agenda,
    auditing,
    erasures,
    exporting,
    flagging,
    interrupting,
    inviting,
    languages,
    onboarding,
    operating,
    owncopy,
    ownreflections,
    planning,
    proofs,
    questionnaires,
    quoting,
    reflection,
    resuming,
    status,
    stopping,
)
from handlers.cities import CityCommand, in_city, known_or_told
from handlers.desk import Caller, Desk, tell
from handlers.talks import active_talk
from storage.connection import Tx

Act = Callable[[Tx, Desk, Caller, str], None]


class Midway(StrEnum):
    """What a command means in the middle of a questionnaire."""

    REPEATS = "repeats"
    """It only shows something: it is answered, and then the question is put again."""
    ASKS = "asks"
    """It changes something: first the person says what to do with the questionnaire."""
    BELONGS = "belongs"
    """It is about the questionnaire, or leads back to it by itself."""


@dataclass(frozen=True, slots=True)
class Known:
    """A command: its names, what it does, and the verb it takes (None: anybody may), or another that does too."""

    names: tuple[str, ...]
    act: Act
    verb: Verb | None = None
    or_verb: Verb | None = None
    midway: Midway = Midway.REPEATS


def _for_city(name: str, verb: Verb, act: CityCommand, *, takes_words: bool = False) -> Act:
    def run(tx: Tx, desk: Desk, caller: Caller, rest: str) -> None:
        if rest and not takes_words and known_or_told(tx, desk, caller, rest) is None:
            return
        in_city(tx, desk, caller, verb, name, rest, act)

    return run


def _plain(act: Callable[[Tx, Desk, Caller], None]) -> Act:
    def run(tx: Tx, desk: Desk, caller: Caller, rest: str) -> None:
        act(tx, desk, caller)

    return run


def _way(way: Way) -> Act:
    def run(tx: Tx, desk: Desk, caller: Caller, rest: str) -> None:
        talk = active_talk(tx, desk, caller.person)
        if talk is None:
            tell(tx, desk, caller, "answers.none")
        else:
            talk.take(Went(way), caller.incoming.said_on)

    return run


_status_of_city = _for_city("status", Verb.SEE_STATUS, status.show)


def _status(tx: Tx, desk: Desk, caller: Caller, rest: str) -> None:
    """The bot's health for the operator, the week's figures for who coordinates; both for who is both."""
    if may(caller.person, Verb.SEE_HEALTH):
        operating.show(tx, desk, caller)
    if may(caller.person, Verb.SEE_STATUS):
        _status_of_city(tx, desk, caller, rest)


def _start(tx: Tx, desk: Desk, caller: Caller, rest: str) -> None:
    """Who comes back, also after blocking the bot, sees again what waits."""
    onboarding.start_known(tx, desk, caller)
    if not rest and caller.person.standing != "invited":
        resuming.put_again(tx, desk, caller, wakes=True)


_invite = _for_city("invite", Verb.INVITE, inviting.invite, takes_words=True)

COMMANDS: tuple[Known, ...] = (
    Known(("start",), _start, midway=Midway.BELONGS),
    Known(("help",), _plain(onboarding.help_)),
    Known(("privacy",), _plain(onboarding.privacy)),
    Known(("mijngegevens", "mydata"), _plain(owncopy.ask)),
    Known(("taal", "language"), _plain(languages.ask), midway=Midway.BELONGS),
    Known(("stop",), _plain(stopping.ask), Verb.REFLECT, midway=Midway.ASKS),
    Known(("antwoorden", "answers"), _plain(reflection.overview), Verb.REFLECT, midway=Midway.BELONGS),
    Known(("mijnreflecties", "myreflections"), _plain(ownreflections.ask), Verb.REFLECT),
    Known(("terug", "back"), _way(Way.BACK), Verb.REFLECT, midway=Midway.BELONGS),
    Known(("overslaan", "skip"), _way(Way.SKIP), Verb.REFLECT, midway=Midway.BELONGS),
    Known(("pauze", "pause"), _way(Way.PAUSE), Verb.REFLECT, midway=Midway.BELONGS),
    Known(("plan",), _for_city("plan", Verb.PLAN, planning.ask_lines, takes_words=True), Verb.PLAN, midway=Midway.ASKS),
    Known(("workshops",), _for_city("workshops", Verb.PLAN, agenda.show), Verb.PLAN),
    Known(("status",), _status, Verb.SEE_STATUS, Verb.SEE_HEALTH),
    Known(("missing",), _for_city("missing", Verb.SEE_STATUS, status.missing), Verb.SEE_STATUS),
    Known(("people",), _for_city("people", Verb.SEE_PEOPLE, status.list_people), Verb.SEE_PEOPLE),
    Known(("remind",), _for_city("remind", Verb.REMIND, status.ask_to_remind), Verb.REMIND, midway=Midway.ASKS),
    Known(("invite",), _invite, Verb.INVITE, midway=Midway.ASKS),
    Known(("export",), _for_city("export", Verb.EXPORT, exporting.ask_period), Verb.EXPORT),
    Known(("quotes",), _for_city("quotes", Verb.QUOTE, quoting.show), Verb.QUOTE, midway=Midway.ASKS),
    Known(("forms",), questionnaires.show, Verb.PUBLISH),
    Known(("digest",), exporting.digest, Verb.DIGEST),
    Known(("audit",), auditing.show, Verb.SEE_AUDIT),
    Known(("consent",), proofs.show, Verb.SEE_CONSENT),
    Known(("flags",), flagging.show, Verb.SEE_FLAGS),
    Known(("erasures",), erasures.show, Verb.SEE_ERASURES),
)
BY_NAME: dict[str, Known] = {name: known for known in COMMANDS for name in known.names}


def run(tx: Tx, desk: Desk, caller: Caller, command: Command) -> None:
    """Carry a command out, if there is one of that name and the person may."""
    known = BY_NAME.get(command.name)
    if known is None:
        tell(tx, desk, caller, "err.unknown_command")
    elif known.verb is not None and not any(may(caller.person, verb) for verb in (known.verb, known.or_verb) if verb):
        tell(tx, desk, caller, "denied.role")
    else:
        _carry_out(tx, desk, caller, known, command)


def _carry_out(tx: Tx, desk: Desk, caller: Caller, known: Known, command: Command) -> None:
    """Do what the command says; in the middle of a questionnaire ask first, or put the question again behind it."""
    if known.midway is Midway.ASKS:
        talk = interrupting.busy_with(tx, desk, caller)
        if talk is not None and not talk.now.sent:
            interrupting.ask_first(tx, desk, caller, talk, command)
            return
    known.act(tx, desk, caller, command.rest)
    if known.midway is Midway.REPEATS:
        # A questionnaire that cannot be read must not stand in the way of /help.
        with suppress(LookupError, ValueError, AssertionError), tx.part():
            resuming.put_question_again(tx, desk, caller)
