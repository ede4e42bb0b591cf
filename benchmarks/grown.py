"""A study that has run for long: one real reflection, multiplied over cities, weeks and people by SQL."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil, sqrt

from benchmarks.answering import Bot, Person
from bot.program import Program
from fieldwork.people import Grant, Role
from fieldwork.planning import PlannedWorkshop, Span
from handlers import due
from handlers.desk import Desk
from handlers.workshops.planning import save
from storage import consents, people
from storage.driver import Value
from storage.stamps import stamp
from storage.tx import Tx

NOW = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)
"""A Sunday at noon: this week's workshops are over, and nobody sleeps."""
PLAYED_IN = "utrecht"
"""The city of those who answer while it is measured; nothing is multiplied there."""
_ANSWERS = 11
"""Of a reflection."""
_A_WEEK = 40
"""Reflections of a city: ten workshops of four people who tell and one who does not."""
_MOST_CITIES = 40
_KEPT = timedelta(days=30)
"""What came in and what was said is forgotten after this."""
_TO_UPDATES = 14

_FILLS = (
    # The model's rows are copied first, so that nothing is read that is being written.
    "CREATE TEMP TABLE said AS SELECT * FROM answer",
    "CREATE TEMP TABLE piece AS SELECT part.*, part.answer_id - (SELECT min(id) FROM answer) AS place FROM part",
    "CREATE TEMP TABLE letter AS SELECT *, id - (SELECT min(id) FROM outbox) AS place FROM outbox",
    "CREATE TEMP TABLE wish AS SELECT * FROM consent WHERE person_id = :model",
    """
    CREATE TEMP TABLE told AS WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :sessions)
    SELECT 1000 + i AS id, i / 4 AS place, i / :a_week % :cities AS city, i / :a_week / :cities AS week,
        i % :a_week AS seat FROM n
    """,
    """
    CREATE TEMP TABLE held AS WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :workshops)
    SELECT 1000 + i AS id, 'stad' || (i / 10 % :cities) AS city,
        strftime('%Y-%m-%dT%H:%M:%S.000Z', :first, (i / 10 / :cities * 7 + i % 5) || ' days',
            (9 + i % 10) || ' hours') AS starts_on FROM n
    """,
    """
    INSERT INTO person (id, code, language, ask_when, standing, media_allowed, quotes_allowed, joined_on)
    WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :people)
    SELECT 1000 + i, printf('%05X', i), 'nl', 'after', 'taking_part', 1, 1, :first FROM n
    """,
    "INSERT INTO contact (person_id, name) SELECT id, 'Amina ' || id FROM person WHERE id >= 1000",
    """
    INSERT INTO address (urn, person_id, changed_on, menu)
    SELECT 'telegram:' || (700000000 + id * 7919 % 99999989), id, :first, 'a menu' FROM person WHERE id >= 1000
    """,
    """
    INSERT INTO role_grant (person_id, role, city, granted_on)
    SELECT id, 'fieldworker', 'stad' || ((id - 1000) / :a_week % :cities), :first FROM person WHERE id >= 1000
    """,
    """
    INSERT INTO consent (person_id, kind, answer, version, text_hash, language, given_on)
    SELECT p.id, w.kind, w.answer, w.version, w.text_hash, w.language, :first FROM person p, wish w WHERE p.id >= 1000
    """,
    """
    INSERT INTO workshop (id, city, neighbourhood, title, starts_on, ends_on, form_hash, planned_on)
    SELECT id, city, 'Noord', 'Koffie ' || id % 7, starts_on,
        strftime('%Y-%m-%dT%H:%M:%S.000Z', starts_on, '90 minutes'), (SELECT form_hash FROM session), :first FROM held
    """,
    """
    INSERT INTO prompt (id, workshop_id, person_id, state, asked_on, closes_on, opened_on, ended_on)
    SELECT t.id, w.id, 1000 + (t.week / 52 * :cities + t.city) * :a_week + t.seat,
        CASE WHEN t.seat % 10 = 3 THEN 'expired' ELSE 'completed' END,
        w.ends_on, strftime('%Y-%m-%dT%H:%M:%S.000Z', w.ends_on, '3 days'), w.ends_on,
        strftime('%Y-%m-%dT%H:%M:%S.000Z', w.ends_on, '20 minutes')
    FROM told t JOIN workshop w ON w.id = 1000 + t.place ORDER BY t.id
    """,
    """
    INSERT INTO prompt (workshop_id, person_id, state, asked_on, closes_on, ended_on)
    SELECT w.id, 1000 + (t.week / 52 * :cities + t.city) * :a_week + (t.seat + 7) % :a_week, 'expired',
        w.ends_on, strftime('%Y-%m-%dT%H:%M:%S.000Z', w.ends_on, '3 days'),
        strftime('%Y-%m-%dT%H:%M:%S.000Z', w.ends_on, '3 days')
    FROM told t JOIN workshop w ON w.id = 1000 + t.place WHERE t.seat % 4 = 0
    """,
    """
    INSERT INTO prompt (workshop_id, person_id, due_on)
    SELECT w.id, 1000 + i, strftime('%Y-%m-%dT%H:%M:%S.000Z', w.ends_on, '1 month')
    FROM workshop w, (WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 4) SELECT i FROM n)
    WHERE w.starts_on > :last AND w.id >= 1000 AND NOT EXISTS
        (SELECT 1 FROM prompt p WHERE p.workshop_id = w.id AND p.person_id = 1000 + i)
    """,
    "INSERT INTO team (workshop_id, person_id) SELECT workshop_id, person_id FROM prompt WHERE id >= 1000",
    """
    INSERT INTO session (id, instance_id, prompt_id, person_id, form_hash, state, stage, asking, hidden, frozen,
        language, consent_version, started_on, touched_on, active_seconds, completed_on)
    SELECT p.id, 'uuid:' || lower(hex(randomblob(16))), p.id, p.person_id, m.form_hash, p.state, 'ended', m.asking,
        m.hidden, m.frozen, m.language, m.consent_version, p.opened_on, p.ended_on, 240,
        CASE p.state WHEN 'completed' THEN p.ended_on END
    FROM told t JOIN prompt p ON p.id = t.id, (SELECT * FROM session LIMIT 1) m ORDER BY t.id
    """,
    """
    INSERT INTO answer (id, session_id, path, revision, outcome, value, way, language, source, shown, said_on)
    SELECT s.id * 16 + a.id - (SELECT min(id) FROM said), s.id, a.path, a.revision, a.outcome, a.value, a.way,
        a.language, CASE WHEN a.source IS NOT NULL THEN 'telegram:' || s.person_id || '#' || s.id END, a.shown,
        s.touched_on
    FROM session s CROSS JOIN said a WHERE s.id >= 1000 ORDER BY s.id, a.id
    """,
    """
    INSERT INTO answer (id, session_id, path, revision, outcome, value, way, language, shown, said_on, after_sending)
    SELECT s.id * 16 + 15, s.id, a.path, 2, 'answered', a.value, a.way, a.language, a.shown, s.touched_on, 1
    FROM session s CROSS JOIN (SELECT * FROM said WHERE outcome = 'answered' AND source IS NULL LIMIT 1) a
    WHERE s.id >= 1000 AND s.id % 20 = 0 AND s.completed_on IS NOT NULL
    """,
    """
    INSERT INTO part (session_id, path, answer_id, position, kind, text, source, said_on)
    SELECT s.id, p.path, s.id * 16 + p.place, p.position, p.kind, p.text,
        'telegram:' || s.person_id || '#' || s.id, s.touched_on
    FROM session s CROSS JOIN piece p WHERE s.id >= 1000 ORDER BY s.id
    """,
    """
    INSERT INTO flag (session_id, answer_id, sort, left_on)
    SELECT session_id, answer_id, 'name', said_on FROM part WHERE session_id >= 1000 AND session_id % 50 = 0
    """,
    """
    INSERT INTO outbox (id, urn, body, edit_of, priority, session_id, asking, state, not_before_on, tries, message,
        written_on, sent_on)
    SELECT s.id * 64 + l.place, d.urn, replace(l.body, 's:1:', 's:' || s.id || ':'),
        s.id * 64 + (l.edit_of - l.id + l.place), l.priority, s.id, l.asking, 'sent', l.not_before_on, 0,
        CASE WHEN l.message IS NOT NULL THEN s.id * 64 + l.place END, s.touched_on, s.touched_on
    FROM session s JOIN address d ON d.person_id = s.person_id CROSS JOIN letter l
    WHERE s.id >= 1000 AND s.touched_on >= :kept ORDER BY s.id, l.place
    """,
    """
    INSERT INTO inbox (channel, update_key, chat, thing_key, state, received_on, handled_on)
    WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :updates)
    SELECT 'telegram', 'f' || (s.id * 16 + i), d.urn, d.urn || '#' || (s.id * 16 + i), 'done', s.touched_on,
        s.touched_on
    FROM session s JOIN address d ON d.person_id = s.person_id CROSS JOIN n
    WHERE s.id >= 1000 AND s.touched_on >= :kept ORDER BY s.id, i
    """,
    """
    INSERT INTO audit (done_on, verb, city, subject)
    SELECT starts_on, 'workshop_planned', city, id FROM workshop WHERE id >= 1000 ORDER BY id
    """,
    """
    INSERT INTO ledger (work, city, week, claimed_on, finished_on, made)
    WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :weeks * :cities)
    SELECT k.column1, 'stad' || (i / :weeks), strftime('%Y-W%W', :first, (i % :weeks * 7) || ' days'), :first, :first,
        '[]'
    FROM (VALUES ('workbook'), ('delivery')) k, n WHERE 1 ON CONFLICT (work, city, week) DO NOTHING
    """,
)


@dataclass(frozen=True, slots=True)
class Shape:
    """How a study of so many answers is spread: a week of a city is as large in a small study as in a large one."""

    cities: int
    weeks: int

    @property
    def sessions(self) -> int:
        """The last week of every city is whole."""
        return self.cities * self.weeks * _A_WEEK

    @property
    def people(self) -> int:
        """Everybody stays a year."""
        return ceil(self.weeks / 52) * self.cities * _A_WEEK


def shape(answers: int) -> Shape:
    """Cities and weeks both grow, the weeks faster."""
    whole = answers / _ANSWERS / _A_WEEK
    cities = min(_MOST_CITIES, max(1, round(sqrt(whole / 13))))
    return Shape(cities, max(2, round(whole / cities)))


def add_person(tx: Tx, desk: Desk, number: int, asked_on: datetime) -> str:
    """A fieldworker who is asked at this moment about a workshop of their own; where they are written to."""
    code, urn = f"Z{number:03d}", f"telegram:{number + 1}"
    person = people.add(tx, code, "nl", NOW)
    people.name(tx, person, "Amina")
    people.reach_at(tx, person, urn, NOW)
    people.grant(tx, person, Grant(Role.FIELDWORKER, PLAYED_IN), NOW)
    people.set_standing(tx, person, "taking_part")
    people.set_ask_when(tx, person, "after")
    people.set_media_allowed(tx, person, True)
    people.set_quotes_allowed(tx, person, True)
    consents.add(tx, person, "study", "yes", desk.study.consent.version, "of the words", "nl", NOW)
    ends_on = asked_on - desk.study.rhythm.prompt_after
    span = Span(ends_on - timedelta(minutes=90), ends_on)
    save(tx, desk, desk.city(PLAYED_IN), PlannedWorkshop(span, "Zuid", f"Groen {number}", (code,)), None)
    return urn


async def play_model(bot: Bot) -> None:
    """One person is asked and answers, in the week before; their rows are what is multiplied."""
    now, bot.clock.shows = bot.clock.shows, bot.clock.shows - timedelta(days=7)
    urn = await bot.writer.run(lambda tx: add_person(tx, bot.desk(), 0, bot.clock.shows))
    await bot.writer.run(lambda tx: due.look_at_prompts(tx, bot.desk()))
    person = Person(bot, urn)
    await person.hear()
    await person.reflect()
    bot.clock.shows = now


def grow(tx: Tx, program: Program, answers: int) -> None:
    """Multiply the model until so many answers are stored."""
    size = shape(answers)
    monday = datetime(NOW.year, NOW.month, NOW.day, tzinfo=UTC) - timedelta(days=NOW.weekday())
    values: dict[str, Value] = {
        "model": 1,
        "sessions": size.sessions,
        "a_week": _A_WEEK,
        "cities": size.cities,
        "weeks": size.weeks,
        "people": size.people,
        # A week more is planned than has been.
        "workshops": (size.weeks + 1) * size.cities * _A_WEEK // 4,
        "first": stamp(monday - timedelta(weeks=size.weeks - 1)),
        "last": stamp(NOW),
        "kept": stamp(NOW - _KEPT),
        "updates": _TO_UPDATES,
    }
    for sql in _FILLS:
        tx.run(sql, **{name: value for name, value in values.items() if f":{name}" in sql})
