"""What a person types for a number or a text."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.answers import Misread, Unparsed, parse
from forms.check import accepted
from forms.question import Kind, Question


def question(kind: Kind) -> Question:
    return Question("/data/q", "q", kind, {})


@pytest.mark.parametrize(
    ("kind", "typed", "stored"),
    [
        (Kind.INTEGER, " 12 ", "12"),
        (Kind.INTEGER, "+7", "7"),
        (Kind.INTEGER, "−3", "-3"),
        (Kind.INTEGER, "007", "7"),
        (Kind.INTEGER, "12,0", "12"),
        (Kind.DECIMAL, "1,5", "1.5"),
        (Kind.DECIMAL, "1.50", "1.5"),
        (Kind.DECIMAL, "-,5", "-0.5"),
        (Kind.DECIMAL, "0,125", "0.125"),
        (Kind.DECIMAL, "12", "12"),
        (Kind.RANGE, "3", "3"),
        (Kind.TEXT, " as it is ", " as it is "),
    ],
)
def test_typed_text_becomes_the_stored_value(kind: Kind, typed: str, stored: str) -> None:
    assert parse(question(kind), typed) == stored


@pytest.mark.parametrize(
    ("kind", "typed", "reason"),
    [
        (Kind.INTEGER, "1.200", Misread.AMBIGUOUS),
        (Kind.DECIMAL, "1,200", Misread.AMBIGUOUS),
        (Kind.INTEGER, "1.200,50", Misread.AMBIGUOUS),
        (Kind.INTEGER, "1,5", Misread.NOT_WHOLE),
        (Kind.INTEGER, "twaalf", Misread.NOT_A_NUMBER),
        (Kind.INTEGER, "12 13", Misread.NOT_A_NUMBER),
        (Kind.DECIMAL, "1e5", Misread.NOT_A_NUMBER),
        (Kind.DECIMAL, ".", Misread.NOT_A_NUMBER),
        (Kind.DECIMAL, "١٢", Misread.NOT_A_NUMBER),
        (Kind.TEXT, "  ", Misread.BLANK),
        (Kind.SELECT_ONE, "yes", Misread.NOT_TYPED),
    ],
)
def test_what_is_no_clear_answer_is_refused_with_its_reason(kind: Kind, typed: str, reason: Misread) -> None:
    with pytest.raises(Unparsed) as unparsed:
        parse(question(kind), typed)
    assert unparsed.value.reason is reason


@given(st.decimals(-999, 999, places=2), st.sampled_from([".", ","]))
def test_a_decimal_keeps_its_worth_with_a_comma_or_a_point(number: Decimal, mark: str) -> None:
    assert Decimal(parse(question(Kind.DECIMAL), f"{number:f}".replace(".", mark))) == number


@given(st.text(), st.sampled_from([Kind.INTEGER, Kind.DECIMAL, Kind.RANGE]))
def test_any_typed_text_is_a_number_or_refused(typed: str, kind: Kind) -> None:
    try:
        assert Decimal(parse(question(kind), typed)).is_finite()
    except Unparsed as unparsed:
        assert unparsed.found == typed


TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("22-11-2026", "2026-11-22"),
        ("3/4/26", "2026-04-03"),
        ("2026-04-03", "2026-04-03"),
        ("3 april", "2026-04-03"),
        ("vrijdag 3 april 2026", "2026-04-03"),
        ("24 december", "2025-12-24"),
        ("March 3rd, 2026", "2026-03-03"),
        ("3e maart", "2026-03-03"),
        ("gisteren", "2026-11-21"),
        ("Eergisteren", "2026-11-20"),
        ("afgelopen vrijdag", "2026-11-20"),
        ("today", "2026-11-22"),
        ("29-2-24", "2024-02-29"),
    ],
)
def test_a_day_is_read_as_people_type_it(typed: str, stored: str) -> None:
    assert parse(question(Kind.DATE), typed, TODAY) == stored


@pytest.mark.parametrize("typed", ["31-2-2026", "soon", "13/13/2026", "april", "20261122"])
def test_what_is_no_day_is_refused(typed: str) -> None:
    with pytest.raises(Unparsed) as unparsed:
        parse(question(Kind.DATE), typed, TODAY)
    assert unparsed.value.reason is Misread.NOT_A_DATE


@pytest.mark.parametrize(
    ("kind", "typed", "stored"),
    [
        (Kind.TIME, "14:30", "14:30:00"),
        (Kind.TIME, "14.30 uur", "14:30:00"),
        (Kind.TIME, "2 pm", "14:00:00"),
        (Kind.TIME, "9", "09:00:00"),
        (Kind.TIME, "14u30", "14:30:00"),
        (Kind.DATETIME, "gisteren om 9:15", "2026-11-21T09:15:00"),
        (Kind.DATETIME, "3 april 2026, 14:00", "2026-04-03T14:00:00"),
        (Kind.ACKNOWLEDGE, "Oké!", "OK"),
        (Kind.GEOPOINT, "52.09, 5.11", "52.09 5.11 0 0"),
    ],
)
def test_other_kinds_are_read_as_people_type_them(kind: Kind, typed: str, stored: str) -> None:
    assert parse(question(kind), typed, TODAY) == stored


@given(st.text(max_size=20), st.sampled_from([Kind.DATE, Kind.TIME, Kind.DATETIME, Kind.GEOPOINT, Kind.ACKNOWLEDGE]))
def test_anything_typed_is_read_or_refused(typed: str, kind: Kind) -> None:
    try:
        stored = parse(question(kind), typed, TODAY)
    except Unparsed:
        return
    assert accepted(question(kind), stored)


@given(st.dates(date(1930, 1, 1), date(2030, 12, 31)))
def test_a_day_keeps_its_worth_in_each_way_of_writing(day: date) -> None:
    for written in (f"{day.day}-{day.month}-{day.year}", day.isoformat(), f"{day:%d/%m/%Y}"):
        assert parse(question(Kind.DATE), written) == day.isoformat()
