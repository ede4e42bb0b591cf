from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from exports.compliance import by_city_week_role, compliance
from exports.dispositions import Disposition, disposition
from exports.spans import span
from storage.exporting import PromptRow

ASKED = datetime(2026, 11, 17, 16, 15, tzinfo=UTC)
PROMPT = PromptRow(
    id=1,
    state="asked",
    person_code="K7M4",
    standing="taking_part",
    role="fieldworker",
    city="leiden",
    neighbourhood="Noord",
    workshop_id=1,
    workshop_start=ASKED - timedelta(hours=2),
    workshop_state="planned",
    prompted_on=ASKED,
    opened_on=None,
    closes_on=None,
    ended_on=None,
    reminders=0,
    snoozes=0,
    undeliverable=False,
    response_id="",
    session_state="",
    submitted_on=None,
    is_late=False,
    has_answers=False,
)


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"state": "planned", "prompted_on": None}, "planned"),
        ({}, "sent"),
        ({"state": "snoozed"}, "snoozed"),
        ({"state": "opened", "session_state": "waiting"}, "opened"),
        ({"state": "completed", "session_state": "completed"}, "complete"),
        ({"state": "completed", "session_state": "completed", "is_late": True}, "late"),
        ({"state": "expired", "session_state": "completed", "is_late": True}, "late"),
        ({"state": "expired", "session_state": "expired", "has_answers": True}, "partial"),
        ({"state": "expired"}, "expired"),
        ({"state": "declined"}, "declined"),
        ({"state": "missed", "prompted_on": None}, "missed"),
        ({"state": "missed", "prompted_on": None, "undeliverable": True}, "undeliverable"),
        ({"state": "expired", "undeliverable": True}, "undeliverable"),
        ({"state": "not_held", "session_state": "completed"}, "not_held"),
        ({"state": "absent"}, "absent"),
        ({"state": "cancelled"}, "cancelled"),
        ({"state": "asked", "workshop_state": "cancelled"}, "cancelled"),
        ({"state": "cancelled", "standing": "withdrawn"}, "withdrawn"),
        ({"state": "not_held", "session_state": "completed", "held": "held"}, "absent"),
        ({"state": "completed", "session_state": "completed", "held": "held"}, "complete"),
        ({"state": "completed", "session_state": "completed", "held": "not_held"}, "not_held"),
        ({"state": "declined", "held": "not_held"}, "not_held"),
        ({"state": "expired", "held": "held"}, "expired"),
        ({"state": "cancelled", "standing": "withdrawn", "held": "not_held"}, "withdrawn"),
        ({"state": "completed", "held": "not_held", "is_erased": True}, "erased"),
        ({"state": "completed", "standing": "withdrawn"}, "complete"),
    ],
)
def test_every_prompt_has_one_word(changes: dict[str, object], word: str) -> None:
    assert disposition(replace(PROMPT, **changes)) == word  # type: ignore[arg-type]  # one case changes one field


def answered(minutes: int) -> PromptRow:
    return replace(PROMPT, state="completed", submitted_on=ASKED + timedelta(minutes=minutes))


def test_only_workshops_that_took_place_and_were_attended_are_due() -> None:
    aside = [replace(PROMPT, state=state) for state in ("absent", "not_held", "cancelled", "planned")]
    counts = compliance([answered(10), answered(30), replace(PROMPT, state="missed", undeliverable=True), *aside])
    assert (counts.due, counts.done) == (3, 2)
    assert counts.rate == pytest.approx(2 / 3)
    assert counts.median_delay == 20
    assert counts.counts[Disposition.ABSENT] == 1


def test_nothing_due_gives_no_rate() -> None:
    counts = compliance([replace(PROMPT, state="absent")])
    assert (counts.due, counts.rate, counts.median_delay) == (0, None, None)


def test_a_workshop_just_after_monday_midnight_counts_in_the_new_week() -> None:
    early = replace(PROMPT, workshop_start=datetime(2026, 11, 15, 23, 30, tzinfo=UTC))
    late = replace(PROMPT, workshop_start=datetime(2026, 11, 15, 22, 30, tzinfo=UTC), role="coordinator")
    groups = by_city_week_role([early, late], ZoneInfo("Europe/Amsterdam"))
    assert list(groups) == [("leiden", "2026-W46", "coordinator"), ("leiden", "2026-W47", "fieldworker")]


@pytest.mark.parametrize(
    ("minutes", "told"), [(0.2, "1 minuut"), (1, "1 minuut"), (89, "89 minuten"), (91, "2 uur"), (3000, "2 dagen")]
)
def test_a_stretch_of_time_is_told_in_the_unit_a_person_would_use(minutes: float, told: str) -> None:
    assert span(minutes, "nl") == told
