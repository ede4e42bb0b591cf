"""Answers that may perhaps be quoted, and what was decided about each."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from storage.answers import parts_of
from storage.driver import Row
from storage.stamps import stamp
from storage.tx import Rows, Tx

Verdict = Literal["yes", "no"]
Marked = Mapping[str, Sequence[str]]
"""By the hash of each form, the paths whose answers may be quoted."""

_NEWEST = "(SELECT max(b.id) FROM answer b WHERE b.session_id = s.id)"
_LATEST = "(SELECT max(b.revision) FROM answer b WHERE b.session_id = a.session_id AND b.path = a.path)"
_ALLOWED = "s.state = 'completed' AND s.is_test = 0 AND n.quotes_allowed = 1 AND n.standing = 'taking_part'"
"""Sent, by somebody who takes part and said that they may be quoted."""
_QUOTABLE = f"""answer a JOIN session s ON s.id = a.session_id JOIN person n ON n.id = s.person_id
    JOIN prompt p ON p.id = s.prompt_id JOIN workshop w ON w.id = p.workshop_id
    LEFT JOIN quote q ON q.answer_id = a.id AND q.newest = {_NEWEST}
    WHERE w.city = :city AND {_ALLOWED} AND a.outcome = 'answered' AND a.revision = {_LATEST}
    AND s.form_hash || a.path IN (SELECT value FROM json_each(:marked))"""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An answer that may perhaps be quoted, and what was decided of it as it stands now."""

    answer_id: int
    session_id: int
    person_id: int
    path: str
    newest: int
    words: str
    """What was typed; '' where it was only spoken or shown."""
    verdict: Verdict | None
    """None: nothing was decided since it was last changed."""
    quoted: str
    """The words that may be quoted, as they were approved; '' where none were."""


@dataclass(frozen=True, slots=True)
class Quote:
    """Words that may be quoted: without a code or a name, with the city they come from."""

    city: str
    words: str


def undecided(rows: Rows, city: str, marked: Marked, after: int, most: int) -> list[Candidate]:
    """The first answers behind this one of which nothing was decided, by id."""
    return _candidates(rows, "q.id IS NULL AND a.id > :place ORDER BY a.id", city, marked, after, most)


def decided(rows: Rows, city: str, marked: Marked, before: int, most: int) -> list[Candidate]:
    """The last answers before this one of which something was decided, the newest first."""
    return _candidates(rows, "q.id IS NOT NULL AND a.id < :place ORDER BY a.id DESC", city, marked, before, most)


def by_answer(rows: Rows, city: str, marked: Marked, answer_id: int) -> Candidate | None:
    """The answer with this id; None where it may not, or no longer, be quoted in this city."""
    found = _candidates(rows, "a.id = :place", city, marked, answer_id, 1)
    return found[0] if found else None


def decide(
    tx: Tx, candidate: Candidate, verdict: Verdict, words: str, line: str, decided_by: int, now: datetime
) -> None:
    """Keep what was decided; it takes the place of what was decided before."""
    tx.run(
        "INSERT INTO quote (session_id, answer_id, newest, verdict, words, line, decided_by, decided_on)"
        " VALUES (:session, :answer, :newest, :verdict, :words, :line, :person, :now)"
        " ON CONFLICT (answer_id) DO UPDATE SET newest = excluded.newest, verdict = excluded.verdict,"
        " words = excluded.words, line = excluded.line, decided_by = excluded.decided_by,"
        " decided_on = excluded.decided_on",
        session=candidate.session_id,
        answer=candidate.answer_id,
        newest=candidate.newest,
        verdict=verdict,
        words=words if verdict == "yes" else "",
        line=line,
        person=decided_by,
        now=stamp(now),
    )


def approved(rows: Rows, line: str, since: datetime, until: datetime, told_after: timedelta) -> list[Quote]:
    """What may be quoted for a research line and a week, from `since` up to `until`: told in that week first.

    A week is summarised `told_after` its end. A quote belongs to the first summary after its approval, so that one
    approved too late for its own week is not passed over, and none comes twice.
    `line` is a code of the study, or `G` for quotes of no line in particular. The newest come first.

    Nobody is named: `words` hold no code of a person, no name the bot knows, and `[…]` where something was left
    out. Left out of the answer are the quotes of who no longer wants to be quoted, has stopped or was erased, and of
    reflections that were changed since. The city is that of the workshop; whether it is large enough to be named is
    for the caller to say. Print `words` as they are: erasing somebody finds them in sent messages by that.
    """
    found = rows.all(
        f"""SELECT w.city, q.words FROM quote q JOIN session s ON s.id = q.session_id
        JOIN person n ON n.id = s.person_id JOIN prompt p ON p.id = s.prompt_id JOIN workshop w ON w.id = p.workshop_id
        WHERE q.line = :line AND q.verdict = 'yes' AND {_ALLOWED} AND q.newest = {_NEWEST}
        AND s.completed_on < :until AND q.decided_on < :summarised
        AND (s.completed_on >= :since OR q.decided_on >= :summarised_before)
        ORDER BY s.completed_on >= :since DESC, s.completed_on DESC, q.id DESC""",
        line=line,
        since=stamp(since),
        until=stamp(until),
        summarised=stamp(until + told_after),
        summarised_before=stamp(since + told_after),
    )
    return [Quote(row["city"], row["words"]) for row in found]


def cleared(rows: Rows, city: str, form_id: str) -> dict[int, str]:
    """All that may be quoted of a city's answers to a questionnaire, by the id of the answer; as for `approved`."""
    found = rows.all(
        f"""SELECT q.answer_id, q.words FROM quote q JOIN session s ON s.id = q.session_id
        JOIN form f ON f.hash = s.form_hash JOIN person n ON n.id = s.person_id
        JOIN prompt p ON p.id = s.prompt_id JOIN workshop w ON w.id = p.workshop_id
        WHERE w.city = :city AND f.form_id = :form_id AND q.verdict = 'yes' AND {_ALLOWED} AND q.newest = {_NEWEST}""",
        city=city,
        form_id=form_id,
    )
    return {row["answer_id"]: row["words"] for row in found}


def forget_of(tx: Tx, person_id: int) -> None:
    """Nothing of this person may be quoted any more; if they allow it again, it is decided anew."""
    tx.run("DELETE FROM quote WHERE session_id IN (SELECT id FROM session WHERE person_id = :person)", person=person_id)


def _candidates(rows: Rows, where: str, city: str, marked: Marked, place: int, most: int) -> list[Candidate]:
    paths = [f"{form}{path}" for form, found in marked.items() for path in found]
    found = rows.all(
        f"SELECT a.id, a.session_id, s.person_id, a.path, a.value, q.verdict, q.words, {_NEWEST} AS newest"
        f" FROM {_QUOTABLE} AND {where} LIMIT :most",
        city=city,
        marked=json.dumps(paths),
        place=place,
        most=most,
    )
    return [_candidate(rows, row) for row in found]


def _candidate(rows: Rows, row: Row) -> Candidate:
    parts = parts_of(rows, row["id"])
    told = "\n".join(part.text for part in parts if part.kind == "text") if parts else row["value"]
    return Candidate(
        answer_id=row["id"],
        session_id=row["session_id"],
        person_id=row["person_id"],
        path=row["path"],
        newest=row["newest"],
        words=told,
        verdict=row["verdict"],
        quoted=row["words"] or "",
    )
