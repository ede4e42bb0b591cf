"""Shortening a quote: words go, none come, and every gap is marked."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldwork.quotes import MARK, codes_in, cut_down, left_of, names_within, on_one_line, without, without_findings

TOLD = "Een oudere bewoner zei dat zij niet durfde te bellen. Later belde zij toch – met de wijkagent."


@pytest.mark.parametrize(
    ("sent", "left"),
    [
        (TOLD, TOLD),
        ("een oudere bewoner zei", "Een oudere bewoner zei […]"),
        ("Later belde zij toch met de wijkagent", "[…] Later belde zij toch – met de wijkagent."),
        ("Een bewoner durfde te bellen.", "Een […] bewoner […] durfde te bellen. […]"),
        ("Een oudere bewoner […] belde zij toch.", "Een oudere bewoner […] belde zij toch […]"),
        ("Een oudere bewoner ... belde... zij toch", "Een oudere bewoner […] belde zij toch […]"),
        ("zij toch – met", "[…] zij toch – met […]"),
    ],
)
def test_what_was_left_out_is_marked(sent: str, left: str) -> None:
    kept = left_of(TOLD, sent)
    assert kept is not None
    assert cut_down(TOLD, kept) == left


@pytest.mark.parametrize("sent", ["", "[…]", "…", "Een jonge bewoner", "zij zei bewoner", "bel", f"{TOLD} {TOLD}"])
def test_a_word_more_another_order_or_nothing_is_refused(sent: str) -> None:
    assert left_of(TOLD, sent) is None


_WORDS = st.lists(st.sampled_from(["de", "man", "niet", "–", "boos.", "Boos", "[…]", "ja,", "12"]), max_size=12)


@given(_WORDS, st.randoms(use_true_random=False))
def test_any_words_left_out_leave_those_words_in_order_and_a_mark_at_each_gap(words: list[str], random: Random) -> None:
    original = " ".join(words)
    wanted = [word for word in words if random.random() < 0.6]
    kept = left_of(original, " ".join(wanted))
    letters = [word for word in wanted if any(sign.isalnum() for sign in word)]
    if not letters:
        assert kept is None
        return
    assert kept is not None
    left = cut_down(original, kept)
    bare = [word.casefold().strip(".,") for word in left.split() if any(sign.isalnum() for sign in word)]
    assert bare == [word.casefold().strip(".,") for word in letters]
    assert (MARK in left) or len(letters) == sum(any(sign.isalnum() for sign in word) for word in words)
    again = left_of(left, left)
    assert again is None or cut_down(left, again) == left


def test_names_and_codes_are_left_out_as_whole_words_only() -> None:
    text = "Amina zei tegen K7M4 dat Aminata en de Vries kwamen."
    assert without(text, (*names_within("Amina de Vries"), *codes_in(text))) == (
        "[…] zei tegen […] dat Aminata en de […] kwamen."
    )
    assert without(text, ()) == text
    assert without_findings("Bel mevrouw Jansen op 0612345678.") == "Bel […] op […]."
    assert without_findings("De buurvrouw (06-12345678) of (030) 1234567.") == "De buurvrouw ([…]) of […]."
    assert without("Jo ging", ("Jo",)) == "Jo ging"


def test_a_quote_stands_on_one_line() -> None:
    assert on_one_line(" een\n\ntwee\tdrie ") == "een twee drie"
