"""The rows that exports are made of, and which of them are meant."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Generic, TypeVar

from storage.driver import Row, Value
from storage.stamps import stamp
from storage.tx import Rows

T = TypeVar("T")

EVER = datetime(1970, 1, 1, tzinfo=UTC)
NEVER = datetime(9999, 12, 31, tzinfo=UTC)
"""Between these two lies all there is."""


@dataclass(frozen=True, slots=True)
class Each(Generic[T]):
    """What a query gives, asked anew whenever it is gone through and one row at a time, so that memory stays small."""

    rows: Rows
    sql: str
    values: Mapping[str, Value]
    made: Callable[[Row], T]

    def __iter__(self) -> Iterator[T]:
        return map(self.made, self.rows.each(self.sql, **self.values))


@dataclass(frozen=True, slots=True)
class Scope:
    """Which rows are meant: from `since` until just before `until`, of one city and form ('' is every one)."""

    since: datetime
    until: datetime
    city: str = ""
    form_id: str = ""

    @property
    def is_all_time(self) -> bool:
        """Whether no period is meant."""
        return (self.since, self.until) == (EVER, NEVER)

    def values(self) -> dict[str, Value]:
        """The parameters that every query here takes."""
        return {
            "since": stamp(self.since),
            "until": stamp(self.until),
            "city": self.city,
            "form_id": self.form_id,
        }


@dataclass(frozen=True, slots=True)
class FormText:
    """One published version of a questionnaire."""

    hash: str
    form_id: str
    version: str
    xform: str


@dataclass(frozen=True, slots=True)
class ReflectionRow:
    """A session that is exported, with what is known about it."""

    id: int
    response_id: str
    state: str
    person_code: str
    role: str
    city: str
    neighbourhood: str
    workshop_id: int
    workshop_start: datetime
    form_hash: str
    language: str
    hidden: str
    """JSON, as the session keeps it."""
    frozen: str
    """JSON, as the session keeps it."""
    prompted_on: datetime | None
    started_on: datetime
    submitted_on: datetime | None
    ended_on: datetime
    active_seconds: int
    reminders: int
    snoozes: int
    edits: int
    is_late: bool
    is_test: bool
    consent_version: str
    files_missing: int
    is_flagged: bool = False
    """Whether something in its answers may tell of somebody else."""


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """The current answer to one question."""

    id: int
    session_id: int
    path: str
    outcome: str
    value: str
    language: str
    """What the person read when they gave it."""


@dataclass(frozen=True, slots=True)
class PartRow:
    """One message of an open answer."""

    answer_id: int
    kind: str
    text: str
    file: str
    seconds: int | None
    is_kept: bool
    """Whether the file has been fetched; True where there is no file."""
    is_allowed: bool = False
    """Whether the person agrees that photos and recordings are kept."""


@dataclass(frozen=True, slots=True)
class RevisionRow:
    """An answer changed after sending; `before` is None where it was not answered until then."""

    response_id: str
    person_code: str
    path: str
    form_hash: str
    before: AnswerRow | None
    after: AnswerRow
    changed_on: datetime


@dataclass(frozen=True, slots=True)
class PromptRow:
    """Somebody was, or will be, asked about a workshop."""

    id: int
    state: str
    person_code: str
    standing: str
    role: str
    city: str
    neighbourhood: str
    workshop_id: int
    workshop_start: datetime
    workshop_state: str
    prompted_on: datetime | None
    opened_on: datetime | None
    closes_on: datetime | None
    ended_on: datetime | None
    reminders: int
    snoozes: int
    undeliverable: bool
    """It ended while the person could not be reached and had begun nothing."""
    response_id: str
    """'' where the questions were never opened."""
    session_state: str
    submitted_on: datetime | None
    is_late: bool
    has_answers: bool
    held: str = ""
    """`held` or `not_held` where people disagreed and the coordinator settled it."""
    is_erased: bool = False
    """The person was erased; what they had said about the workshop is gone."""


@dataclass(frozen=True, slots=True)
class WorkshopRow:
    """A workshop and the size of its team."""

    id: int
    city: str
    neighbourhood: str
    title: str
    starts_on: datetime
    ends_on: datetime
    state: str
    form_hash: str
    team: int
