"""What each command does, by every name it has, and the verb it takes."""

from collections.abc import Callable
from dataclasses import dataclass

from fieldwork.conversation import Went
from fieldwork.messages import Command
from fieldwork.people import Verb, may
from fieldwork.recognise import Way
from handlers import (
    agenda,
    auditing,
    erasures,
    exporting,
    inviting,
    onboarding,
    operating,
    owncopy,
    planning,
    proofs,
    questionnaires,
    reflection,
    status,
    stopping,
)
from handlers.cities import CityCommand, in_city, known_or_told
from handlers.desk import Caller, Desk, tell
from handlers.talks import active_talk
from storage.connection import Tx

Act = Callable[[Tx, Desk, Caller, str], None]


@dataclass(frozen=True, slots=True)
class Known:
    """A command: its names, what it does, and the verb it takes (None: anybody may), or another that does too."""

    names: tuple[str, ...]
    act: Act
    verb: Verb | None = None
    or_verb: Verb | None = None


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
    talk = None if rest else active_talk(tx, desk, caller.person)
    if talk is not None:
        reflection.repeat(caller, talk)


COMMANDS: tuple[Known, ...] = (
    Known(("start",), _start),
    Known(("help",), _plain(onboarding.help_)),
    Known(("privacy",), _plain(onboarding.privacy)),
    Known(("mijngegevens", "mydata"), _plain(owncopy.ask)),
    Known(("taal", "language"), _plain(onboarding.ask_language)),
    Known(("stop",), _plain(stopping.ask), Verb.REFLECT),
    Known(("antwoorden", "answers"), _plain(reflection.overview), Verb.REFLECT),
    Known(("terug", "back"), _way(Way.BACK), Verb.REFLECT),
    Known(("overslaan", "skip"), _way(Way.SKIP), Verb.REFLECT),
    Known(("pauze", "pause"), _way(Way.PAUSE), Verb.REFLECT),
    Known(("plan",), _for_city("plan", Verb.PLAN, planning.ask_lines, takes_words=True), Verb.PLAN),
    Known(("workshops",), _for_city("workshops", Verb.PLAN, agenda.show), Verb.PLAN),
    Known(("status",), _status, Verb.SEE_STATUS, Verb.SEE_HEALTH),
    Known(("missing",), _for_city("missing", Verb.SEE_STATUS, status.missing), Verb.SEE_STATUS),
    Known(("people",), _for_city("people", Verb.SEE_PEOPLE, status.list_people), Verb.SEE_PEOPLE),
    Known(("remind",), _for_city("remind", Verb.REMIND, status.ask_to_remind), Verb.REMIND),
    Known(("invite",), _for_city("invite", Verb.INVITE, inviting.invite, takes_words=True), Verb.INVITE),
    Known(("export",), _for_city("export", Verb.EXPORT, exporting.ask_period), Verb.EXPORT),
    Known(("forms",), questionnaires.show, Verb.PUBLISH),
    Known(("digest",), exporting.digest, Verb.DIGEST),
    Known(("audit",), auditing.show, Verb.SEE_AUDIT),
    Known(("consent",), proofs.show, Verb.SEE_CONSENT),
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
        known.act(tx, desk, caller, command.rest)
