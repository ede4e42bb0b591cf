"""When people are asked, reminded and let go, on the clocks of their city, in winter, in summer and between."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldwork.schedule import (
    Snooze,
    Week,
    at,
    can_ask_now,
    first_asked_on,
    is_quiet,
    later_times,
    nearest_week,
    next_at,
    out_of_quiet,
    reminders,
    weeks_after,
)
from fieldwork.study import QuietHours, Rhythm

ZONE = ZoneInfo("Europe/Amsterdam")
RHYTHM = Rhythm(QuietHours(time(21, 0), time(8, 30)))
QUIET = RHYTHM.quiet
START = datetime(2026, 6, 1, tzinfo=UTC)
YEAR = st.timedeltas(timedelta(0), timedelta(days=365)).map(lambda later: START + later)
MINUTES = YEAR.map(lambda moment: moment.replace(second=0, microsecond=0))


def local(text: str) -> datetime:
    """`2026-11-20 21:45` on Amsterdam's clocks, as UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)


def shown(moment: datetime) -> str:
    """A moment as Amsterdam's clocks show it."""
    return moment.astimezone(ZONE).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("clock", "quiet"),
    [("20:59", False), ("21:00", True), ("23:59", True), ("00:00", True), ("08:29", True), ("08:30", False)],
)
def test_the_quiet_hours_begin_at_nine_and_end_at_half_past_eight(clock: str, quiet: bool) -> None:
    assert is_quiet(local(f"2026-11-20 {clock}"), QUIET, ZONE) is quiet


def test_quiet_hours_within_one_day_are_read_the_same_way() -> None:
    siesta = QuietHours(time(13, 0), time(15, 0))
    assert [is_quiet(local(f"2026-11-20 {clock}"), siesta, ZONE) for clock in ("12:59", "13:00", "15:00")] == [
        False,
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("ends", "asked"),
    [
        ("2026-11-20 16:00", "2026-11-20 16:15"),
        ("2026-11-20 20:50", "2026-11-20 21:05"),
        ("2026-11-20 21:45", "2026-11-20 22:00"),
        ("2026-11-20 21:46", "2026-11-21 08:30"),
        ("2026-11-20 22:00", "2026-11-21 08:30"),
        ("2026-11-20 22:01", "2026-11-21 08:30"),
        ("2026-11-20 23:50", "2026-11-21 08:30"),
        ("2026-11-21 00:30", "2026-11-21 08:30"),
        ("2026-11-21 08:14", "2026-11-21 08:30"),
        ("2026-11-21 08:15", "2026-11-21 08:30"),
        ("2026-11-21 08:16", "2026-11-21 08:31"),
    ],
)
def test_who_wants_it_right_after_is_asked_a_quarter_later_until_ten(ends: str, asked: str) -> None:
    assert shown(first_asked_on(local(ends), "after", RHYTHM, ZONE)) == asked


@pytest.mark.parametrize(
    ("ends", "asked"),
    [
        ("2026-11-20 11:00", "2026-11-21 08:30"),
        ("2026-11-20 21:45", "2026-11-21 08:30"),
        ("2026-11-20 22:00", "2026-11-21 08:30"),
        ("2026-11-20 22:01", "2026-11-21 08:30"),
        ("2026-11-21 00:30", "2026-11-21 08:30"),
    ],
)
def test_who_prefers_the_morning_is_asked_at_the_end_of_the_quiet_hours(ends: str, asked: str) -> None:
    assert shown(first_asked_on(local(ends), "morning", RHYTHM, ZONE)) == asked


@pytest.mark.parametrize(
    ("ends", "asked"),
    [
        ("2026-10-24 22:30", "2026-10-25T07:30:00+00:00"),
        ("2026-10-25 01:30", "2026-10-25T07:30:00+00:00"),
        ("2027-03-27 22:30", "2027-03-28T06:30:00+00:00"),
        ("2027-03-28 01:30", "2027-03-28T06:30:00+00:00"),
    ],
)
def test_the_morning_after_the_clocks_change_is_half_past_eight_on_the_new_clocks(ends: str, asked: str) -> None:
    for ask_when in ("after", "morning"):
        assert first_asked_on(local(ends), ask_when, RHYTHM, ZONE).isoformat() == asked


@given(YEAR, st.sampled_from(("after", "morning")))
@settings(max_examples=150, deadline=None)
def test_nobody_is_asked_late_or_before_the_end_whenever_a_workshop_ends(ends_on: datetime, ask_when: str) -> None:
    asked_on = first_asked_on(ends_on, ask_when, RHYTHM, ZONE)
    clock = asked_on.astimezone(ZONE).time().replace(second=0, microsecond=0)
    assert RHYTHM.quiet.end <= clock <= RHYTHM.latest_same_evening
    assert RHYTHM.prompt_after <= asked_on - ends_on <= timedelta(hours=25, minutes=15)
    assert can_ask_now(asked_on, ask_when, RHYTHM, ZONE)


@pytest.mark.parametrize(
    ("clock", "ask_when", "may"),
    [
        ("12:00", "after", True),
        ("12:00", "morning", True),
        ("21:30", "after", True),
        ("22:00", "after", True),
        ("22:01", "after", False),
        ("21:30", "morning", False),
        ("08:29", "after", False),
        ("08:30", "morning", True),
    ],
)
def test_who_chose_right_after_may_be_asked_until_ten_and_nobody_else(clock: str, ask_when: str, may: bool) -> None:
    assert can_ask_now(local(f"2026-11-20 {clock}"), ask_when, RHYTHM, ZONE) is may


@pytest.mark.parametrize(
    ("moment", "out"),
    [
        ("2026-11-20 20:59", "2026-11-20 20:59"),
        ("2026-11-20 21:00", "2026-11-21 08:30"),
        ("2026-11-21 03:00", "2026-11-21 08:30"),
        ("2026-10-25 02:30", "2026-10-25 08:30"),
        ("2027-03-28 01:59", "2027-03-28 08:30"),
    ],
)
def test_what_falls_in_the_quiet_hours_waits_until_they_end(moment: str, out: str) -> None:
    assert shown(out_of_quiet(local(moment), QUIET, ZONE)) == out


def test_the_hour_that_comes_twice_is_quiet_both_times() -> None:
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert shown(first) == shown(first + timedelta(hours=1)) == "2026-10-25 02:30"
    morning = datetime(2026, 10, 25, 7, 30, tzinfo=UTC)
    assert out_of_quiet(first, QUIET, ZONE) == out_of_quiet(first + timedelta(hours=1), QUIET, ZONE) == morning


def test_reminders_come_after_one_and_two_days() -> None:
    moments = reminders(local("2026-11-20 16:15"), RHYTHM, ZONE)
    assert [shown(moment) for moment in moments] == ["2026-11-21 16:15", "2026-11-22 16:15"]


def test_reminders_move_out_of_the_quiet_hours() -> None:
    moments = reminders(local("2026-11-20 21:30"), RHYTHM, ZONE)
    assert [shown(moment) for moment in moments] == ["2026-11-22 08:30", "2026-11-23 08:30"]


@given(YEAR)
@settings(max_examples=150, deadline=None)
def test_reminders_come_in_order_by_day_and_before_closing(asked_on: datetime) -> None:
    moments = reminders(asked_on, RHYTHM, ZONE)
    assert len(moments) == 2
    assert asked_on < moments[0] < moments[1] < asked_on + RHYTHM.close_after
    assert not any(is_quiet(moment, QUIET, ZONE) for moment in moments)


@pytest.mark.parametrize(
    ("now", "hour", "evening", "morning"),
    [
        ("2026-11-20 12:00", "2026-11-20 13:00", "2026-11-20 20:00", "2026-11-21 08:30"),
        ("2026-11-20 19:00", "2026-11-20 20:00", None, "2026-11-21 08:30"),
        ("2026-11-20 19:30", "2026-11-20 20:30", "2026-11-20 20:00", "2026-11-21 08:30"),
        ("2026-11-20 20:30", None, None, "2026-11-21 08:30"),
        ("2026-11-20 23:30", None, None, "2026-11-21 08:30"),
        ("2026-11-21 07:30", "2026-11-21 08:30", "2026-11-21 20:00", "2026-11-22 08:30"),
        ("2027-03-27 20:30", None, None, "2027-03-28 08:30"),
    ],
)
def test_later_offers_an_hour_tonight_and_tomorrow_as_far_as_they_are_not_quiet(
    now: str, hour: str | None, evening: str | None, morning: str
) -> None:
    found = later_times(local(now), local(now) + timedelta(hours=72), RHYTHM, ZONE)
    offers = {snooze: shown(moment) for snooze, moment in found.items()}
    assert (offers.pop(Snooze.HOUR, None), offers.pop(Snooze.EVENING, None)) == (hour, evening)
    assert offers == {Snooze.MORNING: morning}


def test_later_offers_nothing_after_closing() -> None:
    now = local("2026-11-20 12:00")
    assert set(later_times(now, now + timedelta(hours=9), RHYTHM, ZONE)) == {Snooze.HOUR, Snooze.EVENING}
    assert later_times(now, now + timedelta(minutes=30), RHYTHM, ZONE) == {}


@given(MINUTES, st.integers(0, 72))
@settings(max_examples=250, deadline=None)
def test_later_never_offers_quiet_hours_the_past_or_one_moment_twice(now: datetime, hours_left: int) -> None:
    closes_on = now + timedelta(hours=hours_left)
    offers = list(later_times(now, closes_on, RHYTHM, ZONE).values())
    assert not any(is_quiet(moment, QUIET, ZONE) for moment in offers)
    assert all(now < moment < closes_on for moment in offers)
    assert len(set(offers)) == len(offers)


@given(MINUTES)
@settings(max_examples=200, deadline=None)
def test_there_is_always_something_later_while_a_day_and_a_half_is_left(now: datetime) -> None:
    assert later_times(now, now + timedelta(hours=36), RHYTHM, ZONE)


@given(YEAR, st.times(min_value=time(4, 0)))
@settings(max_examples=150, deadline=None)
def test_the_next_time_a_clock_shows_an_hour_is_within_a_day_and_shows_it(moment: datetime, clock: time) -> None:
    found = next_at(moment, clock, ZONE)
    assert timedelta(0) < found - moment <= timedelta(hours=25)
    assert found.astimezone(ZONE).time() == clock


def test_a_local_day_and_time_are_told_in_utc() -> None:
    assert at(date(2026, 7, 1), time(9), ZONE) == datetime(2026, 7, 1, 7, tzinfo=UTC)
    assert at(date(2026, 12, 1), time(9), ZONE) == datetime(2026, 12, 1, 8, tzinfo=UTC)


def test_the_iso_week_follows_local_days() -> None:
    sunday_night = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    assert Week.of(sunday_night, ZONE) == Week(2026, 48)
    assert Week.of(sunday_night, ZoneInfo("UTC")) == Week(2026, 47)


def test_a_long_year_has_a_week_53() -> None:
    assert Week.of(local("2026-12-31 12:00"), ZONE) == Week.of(local("2027-01-03 12:00"), ZONE) == Week(2026, 53)
    assert Week(2026, 52).plus(1) == Week(2026, 53)
    assert Week(2026, 53).plus(1) == Week(2027, 1)
    assert Week(2027, 1).plus(-1) == Week(2026, 53)
    assert str(Week.parse("2026-W53")) == "2026-W53"


def test_a_week_begins_on_monday_at_midnight_on_local_clocks() -> None:
    assert Week(2026, 43).starts_on(ZONE) == local("2026-10-19 00:00")
    assert Week(2026, 44).starts_on(ZONE) - Week(2026, 43).starts_on(ZONE) == timedelta(days=7, hours=1)
    assert Week(2026, 44).monday() == date(2026, 10, 26)


@pytest.mark.parametrize("text", ["2026-W54", "2027-W53", "2026-W0", "2026-47", "W47", "", "2026-W1_0", "2026-W٤٧"])
def test_what_is_no_iso_week_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"week|Week"):
        Week.parse(text)


@given(st.text(max_size=20) | st.from_regex(r"-?\d{1,30}-W\d{1,30}", fullmatch=True))
@settings(max_examples=150, deadline=None)
def test_any_text_is_a_week_or_a_value_error(text: str) -> None:
    try:
        week = Week.parse(text)
    except ValueError:
        return
    assert Week.parse(str(week)) == week


def test_weekly_work_owes_each_week_after_the_last_one_done() -> None:
    assert [str(week) for week in weeks_after(Week(2026, 51), Week(2027, 2))] == [
        "2026-W52",
        "2026-W53",
        "2027-W01",
        "2027-W02",
    ]
    assert list(weeks_after(Week(2026, 47), Week(2026, 47))) == []
    assert list(weeks_after(Week(2027, 1), Week(2026, 53))) == []


@given(MINUTES, st.integers(0, 60))
@settings(max_examples=100, deadline=None)
def test_as_many_weeks_are_owed_as_have_gone_by(now: datetime, weeks: int) -> None:
    last = Week.of(now, ZONE)
    owed = list(weeks_after(last, last.plus(weeks)))
    assert len(owed) == len(set(owed)) == weeks
    assert owed == sorted(owed)


@pytest.mark.parametrize(
    ("number", "now", "found"),
    [
        (46, Week(2026, 47), Week(2026, 46)),
        (2, Week(2026, 47), Week(2027, 2)),
        (50, Week(2027, 2), Week(2026, 50)),
        (53, Week(2026, 30), Week(2026, 53)),
        (53, Week(2024, 30), None),
        (0, Week(2026, 30), None),
        (99, Week(2026, 30), None),
    ],
)
def test_a_bare_week_number_is_the_nearest_week_of_that_number(number: int, now: Week, found: Week | None) -> None:
    assert nearest_week(number, now) == found
