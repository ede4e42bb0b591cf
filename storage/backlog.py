"""How much waits to be handled, said and done."""

from dataclasses import dataclass
from datetime import datetime

from storage.database import Reader
from storage.stamps import moment_or_none, stamp
from storage.tx import Rows

_WAITING = """
SELECT (SELECT count(*) FROM inbox WHERE state = 'new') AS updates,
    (SELECT count(*) FROM outbox o WHERE o.state IN ('queued', 'sending', 'uncertain') AND (o.state = 'sending'
        OR (o.not_before_on <= :now AND NOT EXISTS (
            SELECT 1 FROM outbox ahead WHERE ahead.urn = o.urn AND ahead.id < o.id AND ahead.not_before_on > :now
                AND (ahead.state = 'uncertain' OR (ahead.state = 'queued' AND ahead.tries > 0)))))) AS messages,
    (SELECT count(*) FROM job WHERE state = 'open' AND (due_on <= :now OR (tries > 0 AND error IS NULL))) AS jobs
"""

_NEXT = """
SELECT min(due_on) AS due_on FROM (
    SELECT min(due_on) AS due_on FROM prompt WHERE due_on > :after AND error IS NULL
    UNION ALL SELECT min(nudge_on) FROM session WHERE nudge_on > :after
    UNION ALL SELECT min(not_before_on) FROM outbox WHERE state IN ('queued', 'uncertain') AND not_before_on > :after
    UNION ALL SELECT min(due_on) FROM job WHERE state = 'open' AND due_on > :after
)
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


def next_due_on(rows: Rows, after: datetime) -> datetime | None:
    """When something is to be asked, said or done next."""
    row = rows.one(_NEXT, after=stamp(after))
    return None if row is None else moment_or_none(row["due_on"])
