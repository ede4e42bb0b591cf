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
    """What somebody wants to do to the study, beyond answering for themselves."""

    REFLECT = "reflect"
    PLAN = "plan"
    SEE_STATUS = "see_status"
    SEE_PEOPLE = "see_people"
    INVITE = "invite"
    REMIND = "remind"
    EXPORT = "export"
    DIGEST = "digest"
    PUBLISH = "publish"
    SEE_HEALTH = "see_health"
    SEE_AUDIT = "see_audit"
    SEE_ERASURES = "see_erasures"
    SEE_CONSENT = "see_consent"
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
        """Said yes to the study and did not take it back."""
        return self.standing == "taking_part"

    def roles(self) -> frozenset[Role]:
        """Every role the person holds, anywhere."""
        return frozenset(grant.role for grant in self.grants)

    def lines(self) -> tuple[str, ...]:
        """The research lines the person investigates."""
        return tuple(grant.line for grant in self.grants if grant.role is Role.INVESTIGATOR)


OWN_CITY = frozenset({Role.FIELDWORKER, Role.COORDINATOR})
"""Roles that hold for the cities they were granted for; the others hold everywhere."""

MAY: dict[Role, frozenset[Verb]] = {
    Role.FIELDWORKER: frozenset({Verb.REFLECT}),
    Role.COORDINATOR: frozenset(
        {Verb.PLAN, Verb.SEE_STATUS, Verb.SEE_PEOPLE, Verb.INVITE, Verb.REMIND, Verb.EXPORT, Verb.PUBLISH, Verb.QUOTE}
    ),
    Role.INVESTIGATOR: frozenset({Verb.DIGEST}),
    Role.STEWARD: frozenset({Verb.PUBLISH, Verb.SEE_AUDIT, Verb.SEE_ERASURES, Verb.SEE_CONSENT, Verb.SEE_FLAGS}),
    Role.OPERATOR: frozenset({Verb.SEE_HEALTH}),
}
"""The whole table; what is not here is refused."""


def may(person: Person, verb: Verb, city: str = "") -> bool:
    """Whether one of the person's roles allows the verb in that city ('' asks: anywhere at all)."""
    return any(
        verb in MAY[grant.role] and (grant.role not in OWN_CITY or city in ("", grant.city)) for grant in person.grants
    )


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
