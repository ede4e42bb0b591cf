"""What stands under a button is read back as it was written, and anything else as nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldwork.taps import About, Key, button, read_key

WORDS = st.text(st.characters(exclude_characters=":"), max_size=10)


@given(st.sampled_from(About), st.integers(0, 10**18 - 1), st.integers(0, 10**18 - 1), WORDS, st.text())
def test_a_key_is_read_back_as_it_was_written(about: About, row: int, turn: int, act: str, arg: str) -> None:
    key = Key(about, row, turn, act, arg)
    assert read_key(button("Klaar", key).data) == key


@given(st.text() | st.from_regex(r"[spudx]:\d*:\d*:\w*:.*", fullmatch=True))
def test_any_text_is_a_key_that_reads_back_or_nothing(text: str) -> None:
    key = read_key(text)
    assert key is None or read_key(str(key)) == key


@pytest.mark.parametrize(
    "text",
    ["", "s", "s:1:2:choose", "x:1:2:choose:", "s:-1:2:choose:", "s:1:٣:choose:", "s:²:1:choose:", "s:1:1" + "0" * 18],
)
def test_what_we_never_wrote_is_nothing(text: str) -> None:
    assert read_key(text) is None
