"""Sessions: one person filling one form, and where they stand in it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from storage.driver import Row
from storage.stamps import moment, moment_or_none, stamp
from storage.tx import Rows, Tx

_SESSION = (
    "SELECT s.id, s.instance_id, s.prompt_id, s.person_id, s.form_hash, s.state, s.stage, s.path, s.asking, s.shown,"
    " s.misses, s.offered, s.stuck, s.cared,"
    " s.hidden, s.frozen, s.language, s.is_test, s.started_on, s.touched_on, s.completed_on,"
    " (SELECT t.choices FROM ticked t WHERE t.session_id = s.id) AS ticked,"
    " EXISTS (SELECT 1 FROM part d WHERE d.session_id = s.id AND d.answer_id IS NULL) AS has_draft"
    " FROM session s"
)
_LONGEST_PAUSE = 300
"""Seconds between two replies that still count as being busy with it."""


@dataclass(frozen=True, slots=True)
class Session:
    """A session as it is kept; the answers are rows of their own."""

    id: int
    instance_id: str
    prompt_id: int | None
    person_id: int
    form_hash: str
    state: str
    stage: str
    path: str | None
    asking: int
    shown: int
    misses: int
    offered: str
    stuck: bool
    cared: bool
    hidden: Mapping[str, str]
    frozen: Mapping[str, str]
    language: str
    is_test: bool
    started_on: datetime
    touched_on: datetime
    completed_on: datetime | None
    ticked: tuple[str, ...]
    """What is ticked for the question that waits."""
    has_draft: bool
    """Whether something was said to the question that waits of which no answer was made yet."""


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a session begins with."""

    instance_id: str
    person_id: int
    form_hash: str
    language: str
    prompt_id: int | None = None
    """None where it counts nowhere."""
    consent_version: str = ""
    hidden: Mapping[str, str] = field(default_factory=dict)
    """The form's hidden fields by name."""
    is_late: bool = False
    is_test: bool = False


def begin(tx: Tx, beginning: Beginning, now: datetime) -> int:
    """A new session that waits; its id."""
    return tx.add(
        "INSERT INTO session (instance_id, prompt_id, person_id, form_hash, state, stage, hidden, language,"
        " consent_version, is_late, is_test, started_on, touched_on)"
        " VALUES (:instance, :prompt, :person, :form, 'waiting', 'asking', :hidden, :language, :consent, :late,"
        " :test, :now, :now) RETURNING id",
        instance=beginning.instance_id,
        prompt=beginning.prompt_id,
        person=beginning.person_id,
        form=beginning.form_hash,
        hidden=json.dumps(dict(beginning.hidden), ensure_ascii=False),
        language=beginning.language,
        consent=beginning.consent_version,
        late=int(beginning.is_late),
        test=int(beginning.is_test),
        now=stamp(now),
    )


def spoken_to(tx: Tx, person_id: int, language: str) -> None:
    """What waits for the person is put, and worked out, in this language from here on; what was sent stays as it is."""
    tx.run(
        "UPDATE session SET language = :language WHERE person_id = :person AND state = 'waiting'",
        language=language,
        person=person_id,
    )


def by_id(rows: Rows, session_id: int) -> Session | None:
    """The session with this id."""
    row = rows.one(f"{_SESSION} WHERE s.id = :id", id=session_id)
    return None if row is None else _session(row)


def of_prompt(rows: Rows, prompt_id: int) -> Session | None:
    """The session that answers this prompt."""
    row = rows.one(f"{_SESSION} WHERE s.prompt_id = :id", id=prompt_id)
    return None if row is None else _session(row)


def last_completed(rows: Rows, person_id: int) -> Session | None:
    """The person's reflection that was sent last."""
    row = rows.one(
        f"{_SESSION} WHERE s.person_id = :person AND s.state = 'completed' AND s.is_test = 0"
        " ORDER BY s.completed_on DESC LIMIT 1",
        person=person_id,
    )
    return None if row is None else _session(row)


_TOLD = (
    " JOIN form f ON f.hash = s.form_hash JOIN prompt p ON p.id = s.prompt_id"
    " WHERE s.person_id = :person AND s.state = 'completed' AND p.state = 'completed' AND f.form_id = :form_id"
)
"""Sent, about a workshop that took place and that the person attended, with any version of this form."""


def last_told(rows: Rows, person_id: int, form_id: str) -> Session | None:
    """The person's last reflection that told of a workshop."""
    row = rows.one(
        f"{_SESSION}{_TOLD} ORDER BY s.completed_on DESC, s.id DESC LIMIT 1", person=person_id, form_id=form_id
    )
    return None if row is None else _session(row)


def count_told(rows: Rows, person_id: int, form_id: str) -> int:
    """How many of the person's reflections told of a workshop."""
    row = rows.one(f"SELECT count(*) AS n FROM session s{_TOLD}", person=person_id, form_id=form_id)
    return 0 if row is None else int(row["n"])


def moved(
    tx: Tx, before: Session, stage: str, path: str | None, asking: int, shown: int, misses: int, now: datetime
) -> None:
    """The talk stands somewhere else now; short breaks count as time spent on it."""
    spent = int((now - before.touched_on).total_seconds())
    tx.run(
        "UPDATE session SET stage = :stage, path = :path, asking = :asking, shown = :shown, misses = :misses,"
        " touched_on = :now, active_seconds = active_seconds + :spent WHERE id = :id",
        stage=stage,
        path=path,
        asking=asking,
        shown=shown,
        misses=misses,
        now=stamp(now),
        spent=spent if 0 <= spent <= _LONGEST_PAUSE else 0,
        id=before.id,
    )


def noted(tx: Tx, session_id: int, offered: str, stuck: bool) -> None:
    """What the message put last asks to confirm, and whether some question was asked in vain three times."""
    tx.run(
        "UPDATE session SET offered = :offered, stuck = :stuck WHERE id = :id",
        offered=offered,
        stuck=int(stuck),
        id=session_id,
    )


def cared_for(tx: Tx, session_id: int) -> None:
    """The words of care were said; once is enough."""
    tx.run("UPDATE session SET cared = 1 WHERE id = :id", id=session_id)


def reopened(tx: Tx, session_id: int) -> None:
    """It was closed, or put down before that, and is answered after all, late."""
    tx.run(
        "UPDATE session SET state = 'waiting', stage = 'asking', is_late = 1"
        " WHERE id = :id AND state IN ('expired', 'interrupted')",
        id=session_id,
    )


def taken_up(tx: Tx, session_id: int, path: str | None) -> None:
    """It was interrupted and rests instead, at this question (None: at the summary)."""
    tx.run(
        "UPDATE session SET state = 'waiting', stage = 'paused', path = :path WHERE id = :id AND state = 'interrupted'",
        path=path,
        id=session_id,
    )


def forget_test(tx: Tx, session_id: int) -> None:
    """A test leaves nothing behind; a session that is no test is never forgotten this way."""
    if tx.one("SELECT 1 FROM session WHERE id = :id AND is_test = 1", id=session_id) is None:
        return
    tx.run("UPDATE outbox SET session_id = NULL, asking = NULL WHERE session_id = :id", id=session_id)
    for table in ("album", "part", "answer", "ticked", "media"):
        tx.run(f"DELETE FROM {table} WHERE session_id = :id", id=session_id)
    tx.run("DELETE FROM session WHERE id = :id", id=session_id)


def tests_before(rows: Rows, moment_on: datetime) -> list[int]:
    """Tests that were begun before this moment."""
    found = rows.all("SELECT id FROM session WHERE is_test = 1 AND started_on < :moment", moment=stamp(moment_on))
    return [row["id"] for row in found]


def froze(tx: Tx, session_id: int, frozen: Mapping[str, str]) -> None:
    """What the form set by itself and will not change again."""
    tx.run(
        "UPDATE session SET frozen = :frozen WHERE id = :id",
        frozen=json.dumps(dict(frozen), ensure_ascii=False),
        id=session_id,
    )


def completed(tx: Tx, session_id: int, now: datetime) -> None:
    """The person sent it; sending a change later keeps the first time."""
    tx.run(
        "UPDATE session SET state = 'completed', completed_on = coalesce(completed_on, :now) WHERE id = :id",
        now=stamp(now),
        id=session_id,
    )


def end(tx: Tx, session_id: int, active_seconds: int) -> None:
    """Nothing waits in it any more; so long the person was busy with it."""
    tx.run(
        "UPDATE session SET stage = 'ended', path = NULL, active_seconds = :seconds WHERE id = :id",
        seconds=active_seconds,
        id=session_id,
    )


def expired(tx: Tx, session_id: int) -> None:
    """It was closed before it was sent; what was answered stays."""
    tx.run(
        "UPDATE session SET state = 'expired', stage = 'ended', path = NULL WHERE id = :id AND state = 'waiting'",
        id=session_id,
    )


def leave(tx: Tx, session_id: int) -> None:
    """Nothing waits in it any more: what was not sent is interrupted, what was sent stays so."""
    tx.run(
        "UPDATE session SET state = CASE state WHEN 'waiting' THEN 'interrupted' ELSE state END,"
        " stage = 'ended', path = NULL WHERE id = :id",
        id=session_id,
    )


def all_active_of(rows: Rows, person_id: int) -> list[Session]:
    """Every session in which something waits for this person."""
    found = rows.all(f"{_SESSION} WHERE s.person_id = :person AND s.stage <> 'ended' ORDER BY s.id", person=person_id)
    return [_session(row) for row in found]


def _session(row: Row) -> Session:
    return Session(
        id=row["id"],
        instance_id=row["instance_id"],
        prompt_id=row["prompt_id"],
        person_id=row["person_id"],
        form_hash=row["form_hash"],
        state=row["state"],
        stage=row["stage"],
        path=row["path"],
        asking=row["asking"],
        shown=row["shown"],
        misses=row["misses"],
        offered=row["offered"],
        stuck=bool(row["stuck"]),
        cared=bool(row["cared"]),
        hidden=json.loads(row["hidden"]),
        frozen=json.loads(row["frozen"]),
        language=row["language"],
        is_test=bool(row["is_test"]),
        started_on=moment(row["started_on"]),
        touched_on=moment(row["touched_on"]),
        completed_on=moment_or_none(row["completed_on"]),
        ticked=tuple((row["ticked"] or "").split()),
        has_draft=bool(row["has_draft"]),
    )
