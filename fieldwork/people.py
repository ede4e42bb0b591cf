"""Who may do what: role, city and verb, denied unless it stands here."""

from dataclasses import dataclass
from enum import StrEnum
from random import Random


class Role(StrEnum):
    """What a person is to the study; one person may be several things."""

    FIELDWORKER = "fieldworker"
    COORDINATOR = "coordinator"
    INVESTIGATOR = "investigator"
    STEWARD = "steward"
    OPERATOR = "operator"


class Verb(StrEnum):
    """What somebody wants to do."""

    OWN_AFFAIRS = "own_affairs"
    """One's own language, help, and everything that is kept about oneself."""
    OWN_WORDS = "own_words"
    """To get back what one told, and to stop or have it erased."""
    REFLECT = "reflect"
    ENQUIRE = "enquire"
    """To ask who coordinates something."""
    ANSWER = "answer"
    """To answer such a question."""
    PLAN = "plan"
    SEE_STATUS = "see_status"
    SEE_OVERVIEW = "see_overview"
    """How far every city is, in counts that point at nobody."""
    SEE_PEOPLE = "see_people"
    INVITE = "invite"
    REMIND = "remind"
    EXPORT = "export"
    """The workbook, with answers under codes."""
    EXPORT_FILES = "export_files"
    """Other files than the workbook; they may hold photos and recordings."""
    DIGEST = "digest"
    PUBLISH = "publish"
    SEE_HEALTH = "see_health"
    SEE_AUDIT = "see_audit"
    SEE_ERASURES = "see_erasures"
    SEE_CONSENT = "see_consent"
    SEE_RETENTION = "see_retention"
    QUOTE = "quote"
    SEE_FLAGS = "see_flags"


@dataclass(frozen=True, slots=True)
class Grant:
    """A role, and the city or research line it holds for ('' where it is not bound to one)."""

    role: Role
    city: str = ""
    line: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """Someone the bot knows, without their name."""

    id: int
    code: str
    language: str
    ask_when: str
    standing: str
    media_allowed: bool | None
    grants: tuple[Grant, ...]
    quotes_allowed: bool | None = None
    tidies: bool | None = None
    """Whether the questions and answers leave the chat after sending; None: as the study has it."""
    is_paused: bool = False
    """Takes a break: is not asked until they come back."""

    @property
    def is_taking_part(self) -> bool:
        """Said yes to the study, did not take it back, and still is a fieldworker."""
        return self.standing == "taking_part" and Role.FIELDWORKER in self.roles()

    def roles(self) -> frozenset[Role]:
        """Every role the person holds, anywhere."""
        return frozenset(grant.role for grant in self.grants)

    def lines(self) -> tuple[str, ...]:
        """The research lines the person investigates."""
        return tuple(grant.line for grant in self.grants if grant.role is Role.INVESTIGATOR)


class Where(StrEnum):
    """For which cities a role allows something."""

    OWN_CITY = "own city"
    """Only the cities the role was granted for."""
    EVERYWHERE = "everywhere"


_OWN, _ALL = Where.OWN_CITY, Where.EVERYWHERE
MAY: dict[Role | None, dict[Verb, Where]] = {
    None: {Verb.OWN_AFFAIRS: _ALL},
    Role.FIELDWORKER: {Verb.OWN_WORDS: _OWN, Verb.REFLECT: _OWN, Verb.ENQUIRE: _OWN},
    Role.COORDINATOR: {
        Verb.PLAN: _OWN,
        Verb.SEE_STATUS: _OWN,
        Verb.SEE_PEOPLE: _OWN,
        Verb.INVITE: _OWN,
        Verb.REMIND: _OWN,
        Verb.EXPORT: _OWN,
        Verb.EXPORT_FILES: _OWN,
        Verb.PUBLISH: _OWN,
        Verb.ANSWER: _OWN,
        Verb.QUOTE: _OWN,
    },
    Role.INVESTIGATOR: {Verb.DIGEST: _ALL, Verb.SEE_OVERVIEW: _ALL, Verb.EXPORT: _ALL},
    Role.STEWARD: {
        Verb.PUBLISH: _ALL,
        Verb.SEE_AUDIT: _ALL,
        Verb.SEE_ERASURES: _ALL,
        Verb.SEE_CONSENT: _ALL,
        Verb.SEE_RETENTION: _ALL,
        Verb.SEE_FLAGS: _ALL,
    },
    Role.OPERATOR: {Verb.SEE_HEALTH: _ALL},
}
"""Who may do what, and for which cities: the whole table. What is not here is refused.

None is everybody the bot knows, whatever else they are.
"""

KEPT = frozenset({Verb.OWN_WORDS})
"""What who ever told something as a fieldworker may, whatever they are now, until it is deleted."""

OWN_CITY = frozenset(role for role, rights in MAY.items() if role is not None and _OWN in rights.values())
"""Roles that are granted for a city."""


def may(person: Person, verb: Verb, city: str = "") -> bool:
    """Whether one of the person's roles allows the verb in that city ('' asks: anywhere at all)."""
    if verb in MAY[None]:
        return True
    return any(_allows(grant, verb, city) for grant in person.grants)


def _allows(grant: Grant, verb: Verb, city: str) -> bool:
    where = MAY[grant.role].get(verb)
    return where is _ALL or (where is _OWN and city in ("", grant.city))


def cities_for(person: Person, verb: Verb, all_cities: tuple[str, ...]) -> tuple[str, ...]:
    """The cities in which the person may do this, in the study's order."""
    return tuple(city for city in all_cities if may(person, verb, city))


CODE_SIGNS = "BCDFGHJKLMNPQRTVWXYZ2346789"
"""No sign that is read as another, and no vowel, so that a code spells no word."""


def new_code(random: Random) -> str:
    """A person's code, like K7M4, with nothing behind it."""
    return "".join(random.choices(CODE_SIGNS, k=4))


def new_token(random: Random) -> str:
    """An invitation's secret: 128 random bits, in letters a link may hold."""
    return f"{random.getrandbits(128):032x}"
