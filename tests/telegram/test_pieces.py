"""Long texts leave in messages that are short enough, and lose nothing but blanks."""

from hypothesis import given
from hypothesis import strategies as st

from fieldwork.messages import Attachment, Button, Say
from fieldwork.pieces import LONGEST, LONGEST_CAPTION, pieces, shortened, split, units

words = st.text(st.sampled_from("ab \n😀é"), max_size=300)
YES = ((Button("Ja", "yes"),),)


def in_utf16(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


@given(words, st.integers(2, 40))
def test_every_part_fits_and_only_blanks_are_lost(text: str, most: int) -> None:
    parts = split(text, most)
    assert all(in_utf16(part) <= most for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


@given(words)
def test_units_are_counted_as_utf16(text: str) -> None:
    assert units(text) == in_utf16(text)


def test_a_text_of_the_greatest_length_stays_one_message() -> None:
    assert pieces(Say("x" * LONGEST, YES)) == [Say("x" * LONGEST, YES)]


def test_emoji_count_twice_and_the_buttons_stand_under_the_last_piece() -> None:
    first, last = pieces(Say("😀" * (LONGEST // 2 + 1), YES))
    assert (first, last) == (Say("😀" * (LONGEST // 2)), Say("😀", YES))


def test_a_text_is_cut_at_a_line_end_rather_than_inside_a_word() -> None:
    assert split("een regel\nnog een regel", 16) == ["een regel", "nog een regel"]


def test_a_caption_that_is_too_long_goes_before_the_file() -> None:
    file = Attachment("/tmp/week.xlsx", "week.xlsx")
    text = "x" * (LONGEST_CAPTION + 1)
    assert pieces(Say(text, YES, file)) == [Say(text), Say("", YES, file)]


@given(words)
def test_a_shortened_text_fits_and_says_that_it_was_cut(text: str) -> None:
    long = Say("x" * LONGEST + text + "y", YES)
    cut = shortened(long)
    assert in_utf16(cut.text) <= LONGEST
    assert cut.text.endswith("…")
    assert cut.buttons == YES
