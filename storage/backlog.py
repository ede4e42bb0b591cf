"""How much waits to be handled, said and done."""

from dataclasses import dataclass
from datetime import datetime

from storage.connection import stamp
from storage.database import Reader

_WAITING = """
SELECT (SELECT count(*) FROM inbox WHERE state = 'new') AS updates,
    (SELECT count(*) FROM outbox WHERE state IN ('queued', 'sending') AND not_before_on <= :now) AS messages,
    (SELECT count(*) FROM job WHERE state = 'open' AND (due_on <= :now OR (tries > 0 AND error IS NULL))) AS jobs
"""


@dataclass(frozen=True, slots=True)
class Backlog:
    """Updates not handled, messages not sent, jobs not done, of those that could be."""

    updates: int
    messages: int
    jobs: int

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits."""
        return not (self.updates or self.messages or self.jobs)


async def backlog(reader: Reader, now: datetime) -> Backlog:
    """What waits now; a job that somebody works on counts until it is done or has failed."""
    row = await reader.one(_WAITING, now=stamp(now))
    assert row is not None
    return Backlog(row["updates"], row["messages"], row["jobs"])
