"""What is fixed for a whole study: its name, cities, research lines, consent text and hours."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

Language = str
"""`nl` or `en`."""
LANGUAGES: tuple[Language, ...] = ("nl", "en")


class UnknownCity(Exception):
    """No city of the study has this name."""


@dataclass(frozen=True, slots=True)
class City:
    """A city of the study; `code` is what stands in file names and links."""

    code: str
    name: str
    timezone: ZoneInfo
    language: Language = "nl"
    """Of the weekly workbook."""


@dataclass(frozen=True, slots=True)
class Line:
    """A research line, with the questions marked for it."""

    code: str
    names: Mapping[Language, str]


@dataclass(frozen=True, slots=True)
class ConsentText:
    """What people agree to, in each language; the version tells which words somebody was shown.

    `{channel_notice}` and `{retention_date}` are filled in when it is shown.
    """

    version: str
    texts: Mapping[Language, str]


def words_hash(words: str) -> str:
    """SHA-256 (hex) of the words somebody was shown."""
    return hashlib.sha256(words.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `start` in the evening until `end` in the morning nobody is written to unasked."""

    start: time
    end: time


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When people are asked, reminded and let go."""

    quiet: QuietHours
    prompt_after: timedelta = timedelta(minutes=15)
    latest_same_evening: time = time(22, 0)
    """Who chose to be asked right after the workshop is asked until this hour."""
    remind_after: tuple[timedelta, ...] = (timedelta(hours=24), timedelta(hours=48))
    close_after: timedelta = timedelta(hours=72)
    amend_after: timedelta = timedelta(days=7)
    """How long after sending an answer may still be changed."""
    invitation_after: timedelta = timedelta(days=14)
    """How long an invitation can be used."""


@dataclass(frozen=True, slots=True)
class Retention:
    """How long each kind of thing is kept; what is said about people is kept until the study's own date at most."""

    contact_after: timedelta = timedelta(days=90)
    """Names and addresses, after somebody stopped or said no."""
    media_after: timedelta = timedelta(days=730)
    """Photos and recordings, after they were sent."""
    answers_after: timedelta | None = None
    """Answers, after they were given; None: until the study's own date."""
    backups_after: timedelta = timedelta(days=14)
    """How long copies of the database still hold what was deleted."""
    is_automatic: bool = False
    """Whether what is too old goes by itself, every day."""


@dataclass(frozen=True, slots=True)
class Study:
    """Everything the rules need to know that is not in the database."""

    name: str
    contact: str
    cities: tuple[City, ...]
    lines: tuple[Line, ...]
    consent: ConsentText
    rhythm: Rhythm
    timezone: ZoneInfo
    """The study's own: weekly work and ISO weeks follow it."""
    retention_date: date
    store: str
    """Where exports belong, in words people know."""
    care_words: tuple[str, ...] = ()
    """Words in an answer after which the person reads whom to call; none, and nothing is ever said of it."""
    care_contact: str = ""
    """Whom they can call."""
    minutes: int = 5
    """What a reflection is said to cost."""
    retention: Retention = Retention()
    points_out: bool = True
    """Whether people are asked about what in an answer may tell of others, and such answers are flagged."""
    tidies: bool = False
    """Whether questions and answers leave the chat after sending, where a person has no wish of their own."""
    kept_at: Mapping[str, str] = field(
        default_factory=lambda: {"nl": "een server van het onderzoek", "en": "a server of the study"}
    )
    """Where the bot keeps things, in words people know, by language."""

    def is_over(self, moment: datetime) -> bool:
        """Whether the day until which everything about fieldworkers is kept lies behind."""
        return moment.astimezone(self.timezone).date() > self.retention_date

    def city(self, name: str) -> City:
        """The city by code or name, whatever its capitals."""
        wanted = name.strip().casefold()
        for city in self.cities:
            if wanted in (city.code.casefold(), city.name.casefold()):
                return city
        raise UnknownCity(f"{name!r} is not a city of this study: " + ", ".join(c.name for c in self.cities))
