"""What each command does, by every name it has, and the verb it takes."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from fieldwork.conversation import Went
from fieldwork.messages import Command, Tap
from fieldwork.people import KEPT, MAY, Verb, may
from fieldwork.recognise import Way
from fieldwork.taps import Key
from handlers import interrupting, operating, paging
from handlers.cities import CityCommand, in_city, known_or_told
from handlers.delivery import exporting, mailbox, overview, quoting
from handlers.desk import Caller, Desk, tell
from handlers.people import enquiries, inviting, languages, members, onboarding, openinvitations, reminding, status
from handlers.publishing import questionnaires
from handlers.reflecting import reflection, resuming
from handlers.reflecting.talks import active_talk
from handlers.rights import auditing, erasures, flagging, owncopy, ownreflections, proofs, stopping, tooold
from handlers.workshops import agenda, planning
from storage import people
from storage.tx import Tx

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
    """A command: its names, what it does, and the verb it takes, or others of which one will do."""

    names: tuple[str, ...]
    act: Act
    verb: Verb
    or_verbs: tuple[Verb, ...] = ()
    midway: Midway = Midway.REPEATS
    is_list: bool = False
    """It shows pages, and buttons between them."""

    @property
    def verbs(self) -> tuple[Verb, ...]:
        """Who may do one of these may use it."""
        return (self.verb, *self.or_verbs)


def _for_city(name: str, verb: Verb, act: CityCommand, *, takes_words: bool = False) -> Act:
    def run(tx: Tx, desk: Desk, caller: Caller, rest: str) -> None:
        if rest and not takes_words and known_or_told(tx, desk, caller, rest) is None:
            return
        in_city(tx, desk, caller, verb, name, rest, act)

    return run


def _list_of(name: str, verb: Verb, act: CityCommand) -> Act:
    """A list of a city, of which a page may be named behind it: `/people Utrecht 3`."""

    def run(tx: Tx, desk: Desk, caller: Caller, rest: str) -> None:
        words, turn = paging.parted(rest)
        if not words or known_or_told(tx, desk, caller, words) is not None:
            in_city(tx, desk, caller, verb, name, " ".join(filter(None, (words, turn))), act)

    return run


def _plain(act: Callable[[Tx, Desk, Caller], None]) -> Act:
    def run(tx: Tx, desk: Desk, caller: Caller, rest: str) -> None:
        act(tx, desk, caller)

    return run


def _way(way: Way) -> Act:
    def run(tx: Tx, desk: Desk, caller: Caller, rest: str) -> None:
        talk = active_talk(tx, desk, caller.person)
        if talk is None:
            resuming.tell_nothing_open(tx, desk, caller, way)
        else:
            talk.take(Went(way), caller.incoming.said_on)

    return run


def _weekly(act: Act) -> Act:
    """A week may be named behind it, before or behind the city: `/status week 46`."""

    def run(tx: Tx, desk: Desk, caller: Caller, rest: str) -> None:
        act(tx, desk, caller, status.with_week(desk, rest))

    return run


_status_of_city = _weekly(_for_city("status", Verb.SEE_STATUS, status.show, takes_words=True))


def _status(tx: Tx, desk: Desk, caller: Caller, rest: str) -> None:
    """The bot's health for the operator, all cities for who investigates, the own city for who coordinates it."""
    is_typed = not isinstance(caller.incoming.what, Tap)
    if is_typed and may(caller.person, Verb.SEE_HEALTH):
        operating.show(tx, desk, caller)
    if is_typed and may(caller.person, Verb.SEE_OVERVIEW):
        overview.ask(tx, desk, caller)
    if may(caller.person, Verb.SEE_STATUS):
        _status_of_city(tx, desk, caller, rest)


def _start(tx: Tx, desk: Desk, caller: Caller, rest: str) -> None:
    """Who comes back, also after blocking the bot, sees again what waits."""
    onboarding.start_known(tx, desk, caller)
    if not rest and caller.person.standing != "invited":
        resuming.put_again(tx, desk, caller, wakes=True)


_invite = _for_city("invite", Verb.INVITE, inviting.invite, takes_words=True)

COMMANDS: tuple[Known, ...] = (
    Known(("start",), _start, Verb.OWN_AFFAIRS, midway=Midway.BELONGS),
    Known(("help",), _plain(onboarding.help_), Verb.OWN_AFFAIRS),
    Known(("privacy",), _plain(onboarding.privacy), Verb.OWN_AFFAIRS),
    Known(("mijngegevens", "mydata"), _plain(owncopy.ask), Verb.OWN_AFFAIRS),
    Known(("taal", "language"), _plain(languages.ask), Verb.OWN_AFFAIRS, midway=Midway.BELONGS),
    Known(("stop",), _plain(stopping.ask), Verb.OWN_WORDS, midway=Midway.ASKS),
    Known(("vraag", "question"), enquiries.ask, Verb.ENQUIRE, midway=Midway.BELONGS),
    Known(("antwoorden", "answers"), _plain(reflection.overview), Verb.REFLECT, midway=Midway.BELONGS),
    Known(("mijnreflecties", "myreflections"), _plain(ownreflections.ask), Verb.OWN_WORDS, midway=Midway.BELONGS),
    Known(("terug", "back"), _way(Way.BACK), Verb.REFLECT, midway=Midway.BELONGS),
    Known(("overslaan", "skip"), _way(Way.SKIP), Verb.REFLECT, midway=Midway.BELONGS),
    Known(("pauze", "pause"), _way(Way.PAUSE), Verb.REFLECT, midway=Midway.BELONGS),
    Known(("plan",), _for_city("plan", Verb.PLAN, planning.ask_lines, takes_words=True), Verb.PLAN, midway=Midway.ASKS),
    Known(("workshops",), _list_of("workshops", Verb.PLAN, agenda.show), Verb.PLAN, is_list=True),
    Known(("status",), _status, Verb.SEE_STATUS, (Verb.SEE_OVERVIEW, Verb.SEE_HEALTH), is_list=True),
    Known(
        ("missing",),
        _weekly(_for_city("missing", Verb.SEE_STATUS, status.missing, takes_words=True)),
        Verb.SEE_STATUS,
        is_list=True,
    ),
    Known(("people",), _list_of("people", Verb.SEE_PEOPLE, members.show), Verb.SEE_PEOPLE, is_list=True),
    Known(("remind",), _for_city("remind", Verb.REMIND, reminding.ask), Verb.REMIND, midway=Midway.ASKS),
    Known(("invite",), _invite, Verb.INVITE, midway=Midway.ASKS),
    Known(
        ("uitnodigingen", "invitations"),
        _list_of("invitations", Verb.INVITE, openinvitations.show),
        Verb.INVITE,
        is_list=True,
    ),
    Known(("export",), exporting.ask, Verb.EXPORT),
    Known(("quotes",), _for_city("quotes", Verb.QUOTE, quoting.show), Verb.QUOTE, midway=Midway.ASKS),
    Known(("forms",), questionnaires.show, Verb.PUBLISH, is_list=True),
    Known(("digest",), exporting.digest, Verb.DIGEST),
    Known(("email",), _plain(mailbox.ask), Verb.DIGEST, midway=Midway.ASKS),
    Known(("audit",), auditing.show, Verb.SEE_AUDIT, is_list=True),
    Known(("consent",), proofs.show, Verb.SEE_CONSENT),
    Known(("retention",), tooold.ask, Verb.SEE_RETENTION),
    Known(("flags",), flagging.show, Verb.SEE_FLAGS, is_list=True),
    Known(("erasures",), erasures.show, Verb.SEE_ERASURES, is_list=True),
)
BY_NAME: dict[str, Known] = {name: known for known in COMMANDS for name in known.names}


def run(tx: Tx, desk: Desk, caller: Caller, command: Command) -> None:
    """Carry a command out, if there is one of that name and the person may."""
    known = BY_NAME.get(command.name)
    if known is None:
        tell(tx, desk, caller, "err.unknown_command")
    elif not _allows(tx, caller, known):
        tell(tx, desk, caller, "denied.role")
    else:
        _carry_out(tx, desk, caller, known, command)


def turn_page(tx: Tx, desk: Desk, caller: Caller, key: Key) -> None:
    """[Vorige] or [Volgende] under a list: its command once more, for the page that the button names."""
    name, _, rest = key.arg.partition(" ")
    known = BY_NAME.get(name)
    is_city = 0 < key.turn <= len(desk.study.cities)
    if known is None or not known.is_list or not _allows(tx, caller, known) or is_city != (key.turn > 0):
        tell(tx, desk, caller, "err.stale_button")
    else:
        known.act(tx, desk, caller, f"{desk.study.cities[key.turn - 1].code} {rest}" if is_city else rest)


def is_kept(tx: Tx, caller: Caller, known: Known) -> bool:
    """Whether the command is for everybody, or stays with the caller since they told something."""
    return known.verb in MAY[None] or (known.verb in KEPT and people.is_participant(tx, caller.person.id))


def _allows(tx: Tx, caller: Caller, known: Known) -> bool:
    return any(may(caller.person, verb) for verb in known.verbs) or is_kept(tx, caller, known)


def _carry_out(tx: Tx, desk: Desk, caller: Caller, known: Known, command: Command) -> None:
    """Do what the command says; in the middle of a questionnaire ask first, or put the question again behind it."""
    if known.midway is Midway.ASKS:
        talk = interrupting.busy_with(tx, desk, caller)
        if talk is not None and not talk.now.sent:
            interrupting.ask_first(tx, desk, caller, talk, command)
            return
    known.act(tx, desk, caller, command.rest)
    if known.midway is Midway.REPEATS:
        resuming.put_question_after(tx, desk, caller)
