"""Words that set a city apart: shared by several people, no names, and commoner there than elsewhere."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports.themes import Told, Words, keyness, themes


class Plain:
    """Words as they stand; `de` says nothing."""

    def base(self, word: str) -> str:
        return word.rstrip("en")

    def is_empty(self, word: str) -> bool:
        return word == "het"


ELSEWHERE = [Told("leiden", f"L{n}", "het verkeer was druk en het plein was vol met auto's") for n in range(6)]


def found(*told: Told) -> Mapping[str, tuple[str, ...]]:
    return themes([*told, *ELSEWHERE], Plain())


def test_a_word_of_three_reflections_by_two_people_that_is_rare_elsewhere_is_named_as_it_is_mostly_spelled() -> None:
    told = [
        Told("utrecht", "A", "de speeltuinen"),
        Told("utrecht", "A", "speeltuinen"),
        Told("utrecht", "B", "speeltuin"),
    ]
    assert found(*told)["utrecht"] == ("speeltuinen",)


def test_two_reflections_or_one_person_are_too_few() -> None:
    assert found(*[Told("utrecht", name, "speeltuin") for name in "AB"])["utrecht"] == ()
    assert found(*[Told("utrecht", "A", "speeltuin") for _ in range(5)])["utrecht"] == ()


def test_a_word_with_a_capital_everywhere_is_a_name_and_stays_out() -> None:
    assert found(*[Told("utrecht", name, "Fatima kwam") for name in "ABCD"])["utrecht"] == ("kwam",)


def test_a_name_without_its_capital_once_stays_out_and_a_word_that_begins_sentences_does_not() -> None:
    told = [Told("utrecht", name, "Fatima kwam. Regen. Straks regen.") for name in "ABCD"]
    assert found(*told, Told("utrecht", "E", "fatima kwam"))["utrecht"] == ("regen", "kwam")


def test_what_everybody_says_sets_nobody_apart() -> None:
    assert found(*[Told("utrecht", name, "het plein was vol") for name in "ABCD"])["utrecht"] == ()


def test_at_most_three_words_the_most_telling_first() -> None:
    told = [Told("utrecht", name, "vrede vrede vrede regen wind hagel sneeuw") for name in "ABCD"]
    assert len(found(*told)["utrecht"]) == 3
    assert found(*told)["utrecht"][0] == "vrede"


def test_keyness_is_the_log_likelihood_of_a_known_table() -> None:
    # 10 of 100 against 5 of 1,000: 2(10 ln(10 / 1.3636) + 5 ln(5 / 13.6364)).
    assert keyness(10, 100, 5, 1000) == pytest.approx(29.81577, abs=1e-3)


@given(*[st.integers(0, 1000)] * 4)
def test_keyness_is_never_negative_and_zero_where_a_word_is_not_commoner(a: int, c: int, b: int, d: int) -> None:
    size, elsewhere = a + c, b + d
    score = keyness(a, size, b, elsewhere)
    assert score >= 0
    assert score == 0 or a / size > b / elsewhere


def test_the_words_are_dutch_and_english() -> None:
    words = Words()
    assert [words.base(word) for word in ("bewoners", "speeltuinen", "meetings")] == ["bewoner", "speeltuin", "meeting"]
    assert words.is_empty("omdat")
    assert words.is_empty("because")
    assert not words.is_empty("wijk")
