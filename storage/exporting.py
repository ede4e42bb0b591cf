"""What exports read: sessions with their answers, prompts, workshops and forms, never a name or an address."""

from collections.abc import Mapping
from datetime import datetime

from storage.driver import Row, Value
from storage.exportrows import (
    AnswerRow,
    Each,
    FormText,
    PartRow,
    PromptRow,
    ReflectionRow,
    RevisionRow,
    Scope,
    WorkshopRow,
)
from storage.stamps import moment, moment_or_none
from storage.tx import Rows

__all__ = [
    "AnswerRow",
    "Each",
    "FormText",
    "PartRow",
    "PromptRow",
    "ReflectionRow",
    "RevisionRow",
    "Scope",
    "WorkshopRow",
]

_ENDED = "COALESCE(s.completed_on, p.ended_on, s.touched_on)"

_ROLE = """COALESCE((
    SELECT substr(min(
        CASE WHEN g.city = w.city THEN '0' ELSE '1' END || CASE WHEN g.role = 'fieldworker' THEN '0' ELSE '1' END
        || g.role), 3)
    FROM role_grant g WHERE g.person_id = n.id), CASE WHEN n.erased_on IS NULL THEN '' ELSE 'fieldworker' END)"""
"""The role held in the workshop's city goes before one held elsewhere, and fieldworker before the others."""

_REASON = f"""CASE
    WHEN s.is_test = 1 THEN 'test'
    WHEN w.id IS NULL THEN 'no_workshop'
    WHEN :form_id <> '' AND f.form_id <> :form_id THEN 'other_form'
    WHEN :city <> '' AND w.city <> :city THEN 'other_city'
    WHEN s.state = 'waiting' THEN 'unfinished'
    WHEN s.state = 'interrupted' THEN 'interrupted'
    WHEN {_ENDED} < :since OR {_ENDED} >= :until THEN 'other_period'
    ELSE '' END"""
"""Why a session is not exported; '' where it is."""

_TOLD = "CASE WHEN {0}.replaced_on IS NOT NULL AND {0}.value = '' THEN 'replaced' ELSE {0}.outcome END"
"""What became of an answer; one whose words were taken out was not empty."""

_SESSIONS = """session s
    JOIN form f ON f.hash = s.form_hash
    JOIN person n ON n.id = s.person_id
    LEFT JOIN prompt p ON p.id = s.prompt_id
    LEFT JOIN workshop w ON w.id = p.workshop_id"""

_MAY_HAVE_ENDED = """s.id IN (
    SELECT id FROM session WHERE completed_on >= :since AND completed_on < :until
    UNION ALL SELECT t.id FROM prompt q JOIN session t ON t.prompt_id = q.id
        WHERE q.ended_on >= :since AND q.ended_on < :until
    UNION ALL SELECT id FROM session
        WHERE touched_on >= :since AND touched_on < :until AND state <> 'waiting' AND is_test = 0)"""
"""Sessions of which any of the three times that may count as its end lies in the period, each found by an index."""


def _exported(scope: Scope) -> str:
    """What holds for the sessions that are exported; of a period only those of that time are looked at."""
    return f"{_REASON} = ''" if scope.is_all_time else f"{_MAY_HAVE_ENDED} AND {_REASON} = ''"


def _planned_in(scope: Scope) -> str:
    """What holds for the workshops in the scope; written so that an index finds those of a city or a period."""
    in_city = "w.city = :city AND " if scope.city else ""
    return (
        f"{in_city}(:form_id = '' OR f.form_id = :form_id)"
        " AND w.starts_on >= :since AND w.starts_on < :until AND w.unplanned_on IS NULL"
    )


def form_texts(rows: Rows, form_id: str = "") -> tuple[FormText, ...]:
    """Every version of a form ('' is every form), first published first."""
    found = rows.all(
        """SELECT hash, form_id, version, xform FROM form WHERE :form_id = '' OR form_id = :form_id
        ORDER BY published_on, hash""",
        form_id=form_id,
    )
    return tuple(FormText(row["hash"], row["form_id"], row["version"], row["xform"]) for row in found)


def form_ids(rows: Rows, scope: Scope) -> tuple[str, ...]:
    """The forms with a reflection or a workshop in the scope."""
    found = rows.all(
        f"""SELECT f.form_id FROM {_SESSIONS} WHERE {_exported(scope)}
        UNION SELECT f.form_id FROM workshop w JOIN form f ON f.hash = w.form_hash WHERE {_planned_in(scope)}
        ORDER BY 1""",
        **scope.values(),
    )
    return tuple(row["form_id"] for row in found)


def count_sessions(rows: Rows) -> int:
    """Every session there is, whatever its state."""
    row = rows.one("SELECT count(*) AS n FROM session")
    return 0 if row is None else int(row["n"])


def count(rows: Rows, scope: Scope) -> int:
    """How many sessions are exported."""
    row = rows.one(f"SELECT count(*) AS n FROM {_SESSIONS} WHERE {_exported(scope)}", **scope.values())
    return 0 if row is None else int(row["n"])


def left_out(rows: Rows, scope: Scope) -> dict[str, int]:
    """How many sessions are not exported, by reason."""
    found = rows.all(
        f"SELECT {_REASON} AS reason, count(*) AS n FROM {_SESSIONS} GROUP BY 1 ORDER BY 1",
        **scope.values(),
    )
    return {row["reason"]: row["n"] for row in found if row["reason"]}


def reflections(rows: Rows, scope: Scope, after: int, most: int) -> tuple[ReflectionRow, ...]:
    """Up to `most` exported sessions with an id above `after`, by id."""
    found = rows.all(
        f"""SELECT s.id, s.instance_id, s.state, n.code, {_ROLE} AS role, w.city, w.neighbourhood,
            w.id AS workshop_id, w.starts_on, s.form_hash, s.language, s.hidden, s.frozen, p.asked_on, s.started_on,
            s.completed_on, {_ENDED} AS ended_on, s.active_seconds, p.reminders, p.snoozes, s.is_late, s.is_test,
            s.consent_version,
            (SELECT count(*) FROM answer a WHERE a.session_id = s.id AND a.after_sending = 1) AS edits,
            (SELECT count(*) FROM media m WHERE m.session_id = s.id AND m.state <> 'kept') AS files_missing,
            EXISTS (SELECT 1 FROM flag g JOIN answer a ON a.id = g.answer_id WHERE g.session_id = s.id
                AND a.revision = (SELECT max(b.revision) FROM answer b
                    WHERE b.session_id = s.id AND b.path = a.path)) AS is_flagged
        FROM {_SESSIONS} WHERE s.id > :after AND {_exported(scope)} ORDER BY s.id LIMIT :most""",
        after=after,
        most=most,
        **scope.values(),
    )
    return tuple(_reflection(row) for row in found)


def _reflection(row: Row) -> ReflectionRow:
    return ReflectionRow(
        id=row["id"],
        response_id=row["instance_id"],
        state=row["state"],
        person_code=row["code"],
        role=row["role"],
        city=row["city"],
        neighbourhood=row["neighbourhood"],
        workshop_id=row["workshop_id"],
        workshop_start=moment(row["starts_on"]),
        form_hash=row["form_hash"],
        language=row["language"],
        hidden=row["hidden"],
        frozen=row["frozen"],
        prompted_on=moment_or_none(row["asked_on"]),
        started_on=moment(row["started_on"]),
        submitted_on=moment_or_none(row["completed_on"]),
        ended_on=moment(row["ended_on"]),
        active_seconds=row["active_seconds"],
        reminders=row["reminders"],
        snoozes=row["snoozes"],
        edits=row["edits"],
        is_late=bool(row["is_late"]),
        is_test=bool(row["is_test"]),
        consent_version=row["consent_version"],
        files_missing=row["files_missing"],
        is_flagged=bool(row["is_flagged"]),
    )


def answers(rows: Rows, scope: Scope, first: int, last: int) -> tuple[AnswerRow, ...]:
    """The current answers of the exported sessions with ids from `first` to `last`."""
    found = rows.all(
        f"""SELECT a.id, a.session_id, a.path, a.outcome, a.value, a.language FROM {_SESSIONS}
        JOIN answer a ON a.session_id = s.id
        WHERE s.id BETWEEN :first AND :last AND {_exported(scope)} AND a.revision = (
            SELECT max(b.revision) FROM answer b WHERE b.session_id = a.session_id AND b.path = a.path)
        ORDER BY a.id""",
        first=first,
        last=last,
        **scope.values(),
    )
    return tuple(_answer(row) for row in found)


def _answer(row: Row) -> AnswerRow:
    return AnswerRow(row["id"], row["session_id"], row["path"], row["outcome"], row["value"], row["language"])


def parts(rows: Rows, scope: Scope, first: int, last: int) -> tuple[PartRow, ...]:
    """The messages of open answers of the exported sessions with ids from `first` to `last`, in order."""
    found = rows.all(
        f"""SELECT t.answer_id, t.kind, t.text, m.file, m.seconds, m.state AS kept,
            coalesce(n.media_allowed, 0) AS allowed FROM {_SESSIONS}
        JOIN part t ON t.session_id = s.id LEFT JOIN media m ON m.id = t.media_id
        WHERE s.id BETWEEN :first AND :last AND {_exported(scope)} AND t.answer_id IS NOT NULL
        ORDER BY t.answer_id, t.position, t.id""",
        first=first,
        last=last,
        **scope.values(),
    )
    return tuple(
        PartRow(
            row["answer_id"],
            row["kind"],
            row["text"],
            row["file"] or "",
            row["seconds"],
            row["kept"] in (None, "kept"),
            bool(row["allowed"]),
        )
        for row in found
    )


def revisions(rows: Rows, scope: Scope) -> Each[RevisionRow]:
    """What was changed after sending in the exported sessions, in the order it happened."""
    return Each(
        rows,
        f"""SELECT s.instance_id, n.code, s.form_hash, a.id, a.session_id, a.path, {_TOLD.format("a")} AS outcome,
            a.value, a.language, a.said_on, b.id AS old_id, {_TOLD.format("b")} AS old_outcome, b.value AS old_value,
            b.language AS old_language
        FROM {_SESSIONS} JOIN answer a ON a.session_id = s.id AND a.after_sending = 1
        LEFT JOIN answer b ON b.session_id = a.session_id AND b.path = a.path AND b.revision = (
            SELECT max(c.revision) FROM answer c
            WHERE c.session_id = a.session_id AND c.path = a.path AND c.revision < a.revision)
        WHERE {_exported(scope)} ORDER BY a.id""",
        scope.values(),
        _revision,
    )


def _revision(row: Row) -> RevisionRow:
    before = None
    if row["old_id"] is not None:
        old = (row["old_outcome"], row["old_value"], row["old_language"])
        before = AnswerRow(row["old_id"], row["session_id"], row["path"], *old)
    return RevisionRow(
        response_id=row["instance_id"],
        person_code=row["code"],
        path=row["path"],
        form_hash=row["form_hash"],
        before=before,
        after=_answer(row),
        changed_on=moment(row["said_on"]),
    )


def prompts(rows: Rows, scope: Scope) -> Each[PromptRow]:
    """The prompts of the workshops that start in the scope."""
    return Each(
        rows,
        f"""SELECT p.id, p.state, n.code, n.standing, n.erased_on, {_ROLE} AS role, w.city, w.neighbourhood,
            w.id AS workshop_id, w.starts_on, w.state AS workshop_state, w.held, p.asked_on, p.opened_on, p.closes_on,
            p.ended_on, p.reminders, p.snoozes, p.undeliverable,
            s.instance_id, s.state AS session_state, s.completed_on, s.is_late,
            EXISTS (SELECT 1 FROM answer a WHERE a.session_id = s.id AND a.outcome = 'answered') AS has_answers
        FROM prompt p JOIN workshop w ON w.id = p.workshop_id JOIN form f ON f.hash = w.form_hash
        JOIN person n ON n.id = p.person_id LEFT JOIN session s ON s.prompt_id = p.id AND s.is_test = 0
        WHERE {_planned_in(scope)} ORDER BY w.starts_on, w.id, n.code""",
        scope.values(),
        _prompt,
    )


def _prompt(row: Row) -> PromptRow:
    return PromptRow(
        id=row["id"],
        state=row["state"],
        person_code=row["code"],
        standing=row["standing"],
        role=row["role"],
        city=row["city"],
        neighbourhood=row["neighbourhood"],
        workshop_id=row["workshop_id"],
        workshop_start=moment(row["starts_on"]),
        workshop_state=row["workshop_state"],
        prompted_on=moment_or_none(row["asked_on"]),
        opened_on=moment_or_none(row["opened_on"]),
        closes_on=moment_or_none(row["closes_on"]),
        ended_on=moment_or_none(row["ended_on"]),
        reminders=row["reminders"],
        snoozes=row["snoozes"],
        undeliverable=bool(row["undeliverable"]),
        response_id=row["instance_id"] or "",
        session_state=row["session_state"] or "",
        submitted_on=moment_or_none(row["completed_on"]),
        is_late=bool(row["is_late"]),
        has_answers=bool(row["has_answers"]),
        held=row["held"] or "",
        is_erased=row["erased_on"] is not None,
    )


def workshops(rows: Rows, scope: Scope) -> Each[WorkshopRow]:
    """The workshops that start in the scope, cancelled ones too."""
    return Each(
        rows,
        f"""SELECT w.id, w.city, w.neighbourhood, w.title, w.starts_on, w.ends_on, w.state, w.form_hash,
            (SELECT count(*) FROM team t WHERE t.workshop_id = w.id) AS team
        FROM workshop w JOIN form f ON f.hash = w.form_hash
        WHERE {_planned_in(scope)} ORDER BY w.starts_on, w.id""",
        scope.values(),
        _workshop,
    )


def _workshop(row: Row) -> WorkshopRow:
    return WorkshopRow(
        id=row["id"],
        city=row["city"],
        neighbourhood=row["neighbourhood"],
        title=row["title"],
        starts_on=moment(row["starts_on"]),
        ends_on=moment(row["ends_on"]),
        state=row["state"],
        form_hash=row["form_hash"],
        team=row["team"],
    )


def files_missing(rows: Rows, scope: Scope) -> int:
    """Photos and recordings of the exported sessions that were not fetched."""
    row = rows.one(
        f"""SELECT count(*) AS n FROM {_SESSIONS} JOIN media m ON m.session_id = s.id
        WHERE {_exported(scope)} AND m.state <> 'kept'""",
        **scope.values(),
    )
    return 0 if row is None else int(row["n"])


def last_change(rows: Rows, scope: Scope) -> datetime | None:
    """When anything in the scope last changed; None where there is nothing."""
    queries = (
        f"SELECT max({_ENDED}) AS latest FROM {_SESSIONS} WHERE {_exported(scope)}",
        f"SELECT max(s.touched_on) AS latest FROM {_SESSIONS} WHERE {_exported(scope)}",
        f"""SELECT max(a.said_on) AS latest FROM {_SESSIONS} JOIN answer a ON a.session_id = s.id
        WHERE {_exported(scope)}""",
        f"""SELECT max(COALESCE(p.ended_on, p.opened_on, p.asked_on)) AS latest FROM prompt p
        JOIN workshop w ON w.id = p.workshop_id JOIN form f ON f.hash = w.form_hash WHERE {_planned_in(scope)}""",
        f"""SELECT max(w.planned_on) AS latest FROM workshop w JOIN form f ON f.hash = w.form_hash
        WHERE {_planned_in(scope)}""",
    )
    found: Mapping[str, Value] = scope.values()
    stamps = [row["latest"] for query in queries if (row := rows.one(query, **found)) is not None]
    return max((moment(text) for text in stamps if text), default=None)
