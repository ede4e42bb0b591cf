"""Which commands a person is offered: those of all their roles together."""

import hashlib
from dataclasses import dataclass

from fieldwork.envelope import dump
from fieldwork.messages import Menu, MenuItem
from fieldwork.people import Person, Role, Verb, may
from handlers.desk import Desk, send
from storage import menus, people
from storage.tx import Tx


@dataclass(frozen=True, slots=True)
class Offer:
    """A command, its name in each language, and the verb it takes."""

    names: dict[str, str]
    verb: Verb
    words: str = ""
    """The text that describes it, where that is not named as the command."""
    standings: frozenset[str] = frozenset()
    """How a fieldworker must stand with the study for it to be of use; empty: it always is."""


_TAKES_PART = frozenset({"taking_part"})
_HAS_LEFT = frozenset({"declined", "withdrawn"})

OFFERS: tuple[Offer, ...] = (
    Offer({"nl": "antwoorden", "en": "answers"}, Verb.REFLECT, standings=_TAKES_PART),
    Offer({"nl": "pauze", "en": "pause"}, Verb.REFLECT, standings=_TAKES_PART),
    Offer({"nl": "mijnreflecties", "en": "myreflections"}, Verb.REFLECT, standings=_TAKES_PART | {"withdrawn"}),
    Offer({"nl": "vraag", "en": "question"}, Verb.ENQUIRE),
    Offer({"nl": "plan", "en": "plan"}, Verb.PLAN),
    Offer({"nl": "workshops", "en": "workshops"}, Verb.PLAN),
    Offer({"nl": "status", "en": "status"}, Verb.SEE_STATUS),
    Offer({"nl": "status", "en": "status"}, Verb.SEE_OVERVIEW, "command.overview"),
    Offer({"nl": "status", "en": "status"}, Verb.SEE_HEALTH, "command.health"),
    Offer({"nl": "remind", "en": "remind"}, Verb.REMIND),
    Offer({"nl": "export", "en": "export"}, Verb.EXPORT),
    Offer({"nl": "quotes", "en": "quotes"}, Verb.QUOTE),
    Offer({"nl": "invite", "en": "invite"}, Verb.INVITE),
    Offer({"nl": "people", "en": "people"}, Verb.SEE_PEOPLE),
    Offer({"nl": "forms", "en": "forms"}, Verb.PUBLISH),
    Offer({"nl": "digest", "en": "digest"}, Verb.DIGEST),
    Offer({"nl": "email", "en": "email"}, Verb.DIGEST),
    Offer({"nl": "audit", "en": "audit"}, Verb.SEE_AUDIT),
    Offer({"nl": "consent", "en": "consent"}, Verb.SEE_CONSENT),
    Offer({"nl": "retention", "en": "retention"}, Verb.SEE_RETENTION),
    Offer({"nl": "flags", "en": "flags"}, Verb.SEE_FLAGS),
    Offer({"nl": "erasures", "en": "erasures"}, Verb.SEE_ERASURES),
    Offer({"nl": "stop", "en": "stop"}, Verb.REFLECT, standings=_TAKES_PART | {"invited"}),
    Offer({"nl": "stop", "en": "stop"}, Verb.REFLECT, "command.erase", standings=_HAS_LEFT),
    Offer({"nl": "taal", "en": "language"}, Verb.OWN_AFFAIRS),
    Offer({"nl": "mijngegevens", "en": "mydata"}, Verb.OWN_AFFAIRS),
    Offer({"nl": "privacy", "en": "privacy"}, Verb.OWN_AFFAIRS),
    Offer({"nl": "help", "en": "help"}, Verb.OWN_AFFAIRS),
)
"""In the order in which menus show them."""


def offered(person: Person) -> tuple[Offer, ...]:
    """What this person may use and has use for; of one name the first."""
    allowed = [offer for offer in OFFERS if _is_of_use(person, offer)]
    return tuple({offer.names["en"]: offer for offer in reversed(allowed)}.values())[::-1]


def _is_of_use(person: Person, offer: Offer) -> bool:
    """Who is no fieldworker now but told something can still stop, and have everything erased."""
    if offer.standings and person.standing not in offer.standings:
        return False
    is_left = Role.FIELDWORKER not in person.roles() and person.standing != "invited" and offer.names["en"] == "stop"
    return is_left or may(person, offer.verb)


def menu(desk: Desk, person: Person) -> Menu:
    """The person's command menu, in their language."""
    return Menu(
        tuple(MenuItem(offer.names[person.language], _what(desk, offer, person.language)) for offer in offered(person))
    )


def show(tx: Tx, desk: Desk, person: Person, *, priority: int = 0) -> None:
    """Give the person the menu of their roles and language."""
    made = menu(desk, person)
    menus.shown(tx, person.id, _hash(made))
    send(tx, desk, person.id, made, priority=priority)


def renew(tx: Tx, desk: Desk) -> None:
    """Whose roles changed since, or whose menu an older program made, gets a new one."""
    for person_id, had in menus.known(tx).items():
        _renew(tx, desk, person_id, had, priority=1)


def renew_of(tx: Tx, desk: Desk, person_id: int) -> None:
    """Something about the person changed: what they can do now is what the menu shows."""
    had = menus.of(tx, person_id)
    if had:
        _renew(tx, desk, person_id, had, priority=0)


def _renew(tx: Tx, desk: Desk, person_id: int, had: str, priority: int) -> None:
    person = people.by_id(tx, person_id)
    if _hash(menu(desk, person)) != had:
        show(tx, desk, person, priority=priority)


def _hash(made: Menu) -> str:
    return hashlib.sha256(dump(made).encode()).hexdigest()[:16]


def command_list(desk: Desk, person: Person) -> str:
    """The same as lines of text."""
    return "\n".join(f"/{item.command} – {item.description}" for item in menu(desk, person).items)


def _what(desk: Desk, offer: Offer, language: str) -> str:
    return desk.texts.say(offer.words or f"command.{offer.names['en']}", language)
