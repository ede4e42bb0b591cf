from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports.period import NoSuchWeek, everything, iso_week, of_week, week_before, week_label, weeks_until
from fieldwork.schedule import Week

ZONE = ZoneInfo("Europe/Amsterdam")


def test_a_week_runs_from_monday_midnight_local_to_the_next() -> None:
    week = iso_week("2026-W47", ZONE)
    assert week.since == datetime(2026, 11, 15, 23, tzinfo=UTC)
    assert week.until == datetime(2026, 11, 22, 23, tzinfo=UTC)
    assert (week.label, week.weeks) == ("2026-W47", ("2026-W47",))


def test_half_past_midnight_on_monday_belongs_to_the_new_week() -> None:
    assert week_label(datetime(2026, 11, 15, 22, 59, tzinfo=UTC), ZONE) == "2026-W46"
    assert week_label(datetime(2026, 11, 15, 23, 30, tzinfo=UTC), ZONE) == "2026-W47"


def test_the_first_days_of_january_belong_to_week_53_of_the_year_before() -> None:
    week = of_week(Week.of(datetime(2027, 1, 3, 12, tzinfo=UTC), ZONE), ZONE)
    assert week.label == "2026-W53"
    assert week_before(iso_week("2027-W01", ZONE), ZONE) == week


def test_the_week_in_which_the_clock_changes_is_an_hour_shorter_or_longer() -> None:
    assert iso_week("2026-W13", ZONE).until - iso_week("2026-W13", ZONE).since == timedelta(days=7, hours=-1)
    assert iso_week("2026-W43", ZONE).until - iso_week("2026-W43", ZONE).since == timedelta(days=7, hours=1)


@pytest.mark.parametrize("label", ["2025-W53", "2026-W54", "2026-W00", "2026-47", "W47", "2026-W7", "", "2026-W47 "])
def test_what_is_no_week_is_refused_by_name(label: str) -> None:
    with pytest.raises(NoSuchWeek, match=repr(label)):
        iso_week(label, ZONE)


def test_several_weeks_end_with_the_week_asked_for() -> None:
    weeks = weeks_until(iso_week("2027-W01", ZONE), 3, ZONE)
    assert weeks.weeks == ("2026-W52", "2026-W53", "2027-W01")
    assert weeks.since == iso_week("2026-W52", ZONE).since


@given(st.datetimes(datetime(2000, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - given UTC
def test_every_moment_lies_in_its_own_week_and_in_everything(moment: datetime) -> None:
    week = of_week(Week.of(moment, ZONE), ZONE)
    assert week.since <= moment < week.until
    assert everything().since <= moment < everything().until
