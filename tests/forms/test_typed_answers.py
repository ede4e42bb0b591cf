"""What a person types for a number or a text."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.answers import Misread, Unparsed, parse
from forms.form import Kind, Question


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
