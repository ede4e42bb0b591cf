"""The lines in which coordinators plan workshops: read as they are meant, or refused with the reason."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fieldwork.planning import Span, Unplanned, read_clock, read_day, read_line, read_span, span
from tests.examples import examples
from tests.fieldwork.dialogue_parts import catalogue

ZONE = ZoneInfo("Europe/Amsterdam")
NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
LINE = "12-12 19:00–21:00 | Overvecht | Groen in de straat | K7M4 R2QX"


def local(year: int, month: int, day: int, hour: int) -> datetime:
    return datetime(year, month, day, hour, tzinfo=ZONE).astimezone(UTC)


def refused(line: str) -> Unplanned:
    with pytest.raises(Unplanned) as refusal:
        read_line(line, ZONE, NOW)
    return refusal.value


def test_a_line_is_a_workshop() -> None:
    planned = read_line(LINE, ZONE, NOW)
    assert planned.span == Span(local(2026, 12, 12, 19), local(2026, 12, 12, 21))
    assert (planned.neighbourhood, planned.title) == ("Overvecht", "Groen in de straat")
    assert planned.codes == ("K7M4", "R2QX")


@pytest.mark.parametrize(
    "when",
    [
        "12-12 19:00–21:00",
        "12-12 19:00-21:00",
        "12-12  19.00 — 21.00",
        "12/12 19:00 tot 21:00",
        "12.12 19:00 to 21:00",
        "12-12-2026 19:00 until 21:00",
        "2026-12-12 19:00–21:00",
        "  12-12 19:00–21:00 ",
    ],
)
def test_a_day_and_times_are_read_in_any_usual_way(when: str) -> None:
    assert read_span(when, ZONE, NOW) == Span(local(2026, 12, 12, 19), local(2026, 12, 12, 21))


@pytest.mark.parametrize(
    ("day", "meant"),
    [
        ("20-11", date(2026, 11, 20)),
        ("19-11", date(2026, 11, 19)),
        ("05-01", date(2027, 1, 5)),
        ("1-3", date(2027, 3, 1)),
        ("29-02-2028", date(2028, 2, 29)),
    ],
)
def test_a_day_without_a_year_is_the_one_that_comes(day: str, meant: date) -> None:
    assert read_day(day, ZONE, NOW) == meant


def test_a_workshop_may_end_after_midnight() -> None:
    found = read_span("12-12 22:00–00:30", ZONE, NOW)
    assert found.ends_on - found.starts_on == timedelta(hours=2, minutes=30)


def test_the_times_are_those_of_the_city_on_the_night_the_clocks_change() -> None:
    found = span(date(2027, 3, 27), time(23), time(4), ZONE, NOW)
    assert found.ends_on - found.starts_on == timedelta(hours=4)


def test_codes_are_read_in_capitals_and_once() -> None:
    planned = read_line(LINE.replace("K7M4 R2QX", " k7m4, r2qx ; K7M4 "), ZONE, NOW)
    assert planned.codes == ("K7M4", "R2QX")


@pytest.mark.parametrize(
    ("line", "key", "found"),
    [
        ("12-12 19:00–21:00 | Overvecht | Groen", "plan.pieces", "3"),
        ("12-12 19:00–21:00 | Overvecht | Groen | K7M4 | R2QX", "plan.pieces", "5"),
        ("", "plan.pieces", "1"),
        ("zaterdag om zeven | O | G | K7M4", "plan.when", "zaterdag om zeven"),
        ("12-12 19:00 | O | G | K7M4", "plan.when", "12-12 19:00"),
        ("12-13 19:00–21:00 | O | G | K7M4", "plan.day", "12-13"),
        ("29-02-2027 19:00–21:00 | O | G | K7M4", "plan.day", "29-02-2027"),
        ("ooit 19:00–21:00 | O | G | K7M4", "plan.day", "ooit"),
        ("zaterdag 11 december 19–21 | O | G | K7M4", "plan.weekday", "zaterdag 11 december"),
        ("31-12-9999 23:00–01:00 | O | G | K7M4", "plan.far", "31-12-9999"),
        ("31-12-9999 19:00–21:00 | O | G | K7M4", "plan.far", "31-12-9999"),
        ("01-12-2028 19:00–21:00 | O | G | K7M4", "plan.far", "01-12-2028"),
        ("0001-01-01 00:10–01:00 | O | G | K7M4", "plan.day", "0001-01-01"),
        ("12-12 24:00–25:00 | O | G | K7M4", "plan.clock", "24:00"),
        ("12-12 19:60–21:00 | O | G | K7M4", "plan.clock", "19:60"),
        ("20-11 13:00–15:30 | O | G | K7M4", "plan.past", "20-11-2026"),
        ("12-12-2025 19:00–21:00 | O | G | K7M4", "plan.past", "12-12-2025"),
        ("12-12 19:00–21:00 | | G | K7M4", "plan.no_name", ""),
        (f"12-12 19:00–21:00 | O | {'g' * 81} | K7M4", "plan.name", "g" * 80),
    ],
)
def test_a_wrong_line_is_refused_with_what_was_found(line: str, key: str, found: str) -> None:
    refusal = refused(line)
    assert (refusal.key, refusal.values["found"]) == (key, found)


@pytest.mark.parametrize("people", ["", "  ", ",", " ; , "])
def test_a_line_without_people_is_refused(people: str) -> None:
    assert refused(f"12-12 19:00–21:00 | O | G | {people}").key == "plan.people"


def test_a_workshop_of_more_than_fourteen_hours_is_refused() -> None:
    refusal = refused("12-12 09:00–08:00 | O | G | K7M4")
    assert (refusal.key, refusal.values) == ("plan.long", {"start": "09:00", "end": "08:00"})


def test_the_end_decides_whether_a_workshop_is_past() -> None:
    running = read_span("20-11 15:00–17:00", ZONE, NOW)
    assert running.starts_on < NOW < running.ends_on


MONTHS = [
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
]
WEEKDAYS = ["maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"]
SPELLINGS: tuple[Callable[[date], str], ...] = (
    lambda day: f"{day:%d-%m-%Y}",
    lambda day: f"{day.day}/{day.month}/{day.year}",
    lambda day: f"{day:%Y-%m-%d}",
    lambda day: f"{day.day} {MONTHS[day.month - 1]} {day.year}",
    lambda day: f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1][:3]}. {day.year}",
    lambda day: f"{day:%B} {day.day}, {day.year}",
    lambda day: f"{day:%a} {day.day} {day:%b} {day.year}",
)


@given(st.dates(date(2026, 1, 1), date(2029, 12, 31)), st.sampled_from(SPELLINGS), st.booleans())
@examples(50)
def test_a_day_is_the_same_however_it_is_spelled(day: date, spelled: Callable[[date], str], loud: bool) -> None:
    text = spelled(day)
    assert read_day(text.upper() if loud else f" {text} ", ZONE, NOW) == day


@pytest.mark.parametrize(
    ("text", "meant"),
    [("19:00", 19.0), ("9.30", 9.5), ("19u30", 19.5), ("19 uur", 19), ("1900", 19), ("7 pm", 19), ("12 AM", 0)],
)
def test_a_time_is_read_in_any_usual_way(text: str, meant: float) -> None:
    clock = read_clock(text)
    assert clock.hour + clock.minute / 60 == meant


DAYS = st.from_regex(r"\d{1,4}[-/.]\d{1,4}([-/.]\d{1,4})?", fullmatch=True)
CLOCKS = st.from_regex(r"\d{1,2}[:.]\d{2}", fullmatch=True)
WHENS = st.tuples(DAYS, st.just(" "), CLOCKS, st.sampled_from(("-", "–", " tot ")), CLOCKS).map("".join)
LINES = st.lists(WHENS | st.text(max_size=90), min_size=1, max_size=5).map("|".join)


@given(LINES | st.text())
@example("31-12-9999 23:30–00:30 | a | b | c")
@example("01-01-0001 00:30–01:30 | a | b | c")
@examples(100)
def test_any_line_is_a_workshop_to_come_or_refused_in_words_of_the_catalogue(line: str) -> None:
    try:
        planned = read_line(line, ZONE, NOW)
    except Unplanned as refusal:
        for language in ("nl", "en"):
            assert catalogue().say(refusal.key, language, **refusal.values)
        return
    assert planned.span.ends_on > NOW
    assert planned.span.ends_on > planned.span.starts_on
    assert all(planned.codes) and planned.codes
    assert planned.neighbourhood
    assert planned.title
