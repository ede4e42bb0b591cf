"""Patterns: what they match, and that none of them takes long."""

import contextlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.xpath.automaton import TooMuchWork
from forms.xpath.pattern import Unreadable, compiled, matches
from forms.xpath.syntax import Fault
from tests.yardstick import cpu_seconds


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        ("^1302-[0-9]{5}-[0-9]{3}$", "1302-12345-678", True),
        ("[A-Z]{2}-[A-Z]{2}", "AB-cd", False),
        ("(?i)[a-z]+", "ABC", True),
        (r"\d{1,3}(\.\d+)?", "12.5", True),
        (r"(06|\+31)[ -]?\d{8}", "+31 12345678", True),
        (r"[^\s@]+@[^\s@]+\.\w{2,}", "a@b.co", True),
        (r"\p{Lu}\p{L}*", "Éva", True),
        ("a|b|", "", True),
        ("(?:ab)*?", "ababab", True),
        (r"[\w.-]+", "a.b-c", True),
        ("[]a]+", "]a", True),
        (r"\bword\b", "word", True),
        (".*", "a\nb", False),
    ],
)
def test_a_pattern_fits_the_whole_text_or_not(pattern: str, text: str, fits: bool) -> None:
    assert matches(text, pattern) is fits


@pytest.mark.parametrize(
    ("pattern", "found", "fault"),
    [
        ("(", "(", Fault.OPEN_PATTERN),
        ("[a", "[a", Fault.OPEN_PATTERN),
        ("\\", "\\", Fault.OPEN_PATTERN),
        ("xa{2", "{2", Fault.BAD_PATTERN),
        ("*a", "*a", Fault.BAD_PATTERN),
        ("xa{5,2}", "a{5,2}", Fault.BAD_PATTERN),
        (r"(x)\1", r"\1", Fault.REPEATING_PATTERN),
        ("x(?=a)b", "(?=a)b", Fault.LOOKING_PATTERN),
        ("x(?<!a)b", "(?<!a)b", Fault.LOOKING_PATTERN),
        ("(a{1,99}){1,99}", "(a{1,99}){1,99}", Fault.LARGE_PATTERN),
    ],
)
def test_what_cannot_be_matched_in_time_is_refused_with_the_piece_at_fault(
    pattern: str, found: str, fault: Fault
) -> None:
    with pytest.raises(Unreadable) as refused:
        compiled(pattern)
    assert (refused.value.found, refused.value.fault) == (found, fault)


@pytest.mark.parametrize("pattern", ["(a+)+b", "(a|a)*b", "(a*)*b", "(.*a){20}", "([a-zA-Z]+)*1"])
def test_a_hostile_pattern_takes_no_longer_than_another(pattern: str) -> None:
    def match() -> None:
        with contextlib.suppress(TooMuchWork):
            assert not matches("a" * 3_000 + "!", pattern)

    assert cpu_seconds(match, 1.9) < 2


PIECES = ["a", "b", "ab", ".", "[ab]", "[^a]", "(a|b)", "(?:ab|c)", r"\d", r"\w"]
SIGNS = ["", "*", "+", "?", "{2}", "{1,3}", "{0,2}", "{2,}"]


@given(
    st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(SIGNS)).map("".join), max_size=5).map("".join),
    st.text("abc1", max_size=8),
)
def test_a_pattern_fits_where_that_of_python_does(pattern: str, text: str) -> None:
    assert matches(text, pattern) is bool(re.fullmatch(pattern, text))


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_pattern_is_read_or_refused(pattern: str, text: str) -> None:
    try:
        assert matches(text, pattern) in (True, False)
    except (Unreadable, TooMuchWork):
        return
