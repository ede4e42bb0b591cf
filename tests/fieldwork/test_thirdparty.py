"""What may tell of somebody is found by its form, and measured on sentences that nobody tuned by."""

import re
import time

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from fieldwork.conversation import Part
from fieldwork.pointing import reworded, sorts_in
from fieldwork.thirdparty import Sort, found_in, is_bsn, is_iban
from tests.fieldwork.marked import OTHER, measured, sentences

_DIGIT = st.sampled_from("0123456789")
_BETWEEN = st.sampled_from(["", " ", "-", ".", " - ", "/"])
_READS_AS_A_DATE = re.compile(r"06[-/. ]\d{1,2}[-/. ](?:19|20)\d\d(?!\d)")


def found(text: str) -> list[tuple[Sort, str]]:
    return [(one.sort, text[one.start : one.end]) for one in found_in(text)]


def test_at_least_four_hundred_sentences_in_two_halves_that_share_none() -> None:
    dev, test = sentences("dev"), sentences("test")
    assert len(dev) + len(test) >= 400 and min(len(dev), len(test)) >= 195
    assert not {one.text for one in dev} & {one.text for one in test}
    assert {sort for one in test for sort, _, _ in one.spans} == {*Sort, OTHER}


@pytest.mark.parametrize("half", ["dev", "test"])
def test_of_each_sort_at_least_nine_in_ten_are_found_and_right(half: str) -> None:
    scores = measured(sentences(half))
    assert scores.pop(OTHER).found == 0
    poor = {sort: score for sort, score in scores.items() if score.recall < 0.9 or score.precision < 0.9}
    assert poor == {}


@example(list("01900000"), ["", " ", " ", *[""] * 6])
@given(st.lists(_DIGIT, min_size=8, max_size=8), st.lists(_BETWEEN, min_size=9, max_size=9))
def test_a_mobile_number_is_found_however_it_is_written(digits: list[str], between: list[str]) -> None:
    signs = ["0", "6", *digits]
    number = "".join(sign + gap for sign, gap in zip(signs, [*between, ""], strict=True))
    assume(not _READS_AS_A_DATE.match(number))
    assert (Sort.PHONE, number) in found(f"Bel {number} na zessen")
    assert Sort.PHONE in [sort for sort, _ in found(f"Bel +31 {number[1:].lstrip(' -./')} na zessen")]


@given(st.integers(0, 10**10 - 1), st.sampled_from(["INGB", "RABO", "ABNA"]), st.integers(0, 98))
def test_an_account_is_found_where_its_check_figures_are_right_and_only_there(number: int, bank: str, off: int) -> None:
    bban = f"{bank}{number:010d}"
    right = 98 - int("".join(str(int(sign, 36)) for sign in f"{bban}NL00")) % 97
    check = (right + off) % 100
    iban = f"NL{check:02d}{bban}"
    spaced = " ".join(iban[place : place + 4] for place in range(0, len(iban), 4))
    expected = is_iban(iban)
    assert expected or off
    for written in (iban, spaced, iban.lower()):
        assert ((Sort.IBAN, written) in found(f"naar {written}, zei hij")) == expected


@given(st.integers(0, 999_999_999))
def test_a_citizen_service_number_is_nine_digits_that_pass_the_test_by_eleven(number: int) -> None:
    digits = f"{number:09d}"
    assert ((Sort.BSN, digits) in found(f"nummer {digits} op de kaart")) == is_bsn(digits)
    weights = zip(range(9, 1, -1), digits, strict=False)
    assert is_bsn(digits) == (number > 0 and sum(w * int(d) for w, d in weights) % 11 == int(digits[8]))


@given(st.text(max_size=300))
def test_whatever_is_written_findings_lie_in_it_in_order_and_apart(text: str) -> None:
    findings = found_in(text)
    edges = [edge for one in findings for edge in (one.start, one.end)]
    assert edges == sorted(edges) and all(one.start < one.end <= len(text) for one in findings)


def test_the_longest_answer_takes_no_time_whatever_stands_in_it() -> None:
    began = time.process_time()
    for piece in ("0", "+31 ", "a@", "NL12", "Meneer ", "A ", "1234 AB ", "meneer van de ", "1-", "(0 "):
        found_in((piece * 20_000)[:20_000])
    assert time.process_time() - began < 10


@pytest.mark.parametrize(
    "text",
    [
        "Om 06.30 uur, tot 08.15 uur",
        "02-03-2026 19.00 uur",
        "In 2015 en 2025 op 3 dagen",
        "Mevrouw was boos",
        "Meneer de wethouder",
        "Mevrouw van de gemeente",
        "MEVROUW WAS BOOS",
        "Order 388573218",
        "De Mr. Treublaan",
    ],
)
def test_what_only_looks_like_it_is_let_be(text: str) -> None:
    assert found(text) == []


def part(text: str, file: str = "") -> Part:
    return Part("photo" if file else "text", text, f"m:{text}", 1 if file else None, file)


def test_new_words_take_the_place_of_those_in_which_something_was_found_and_files_stay() -> None:
    told = (part("Eerst."), part("Mevrouw Jansen belde."), part("Mail a@b.nl", "p1.jpg"), part("Bel 0612345678"))
    fresh = part("Een bewoner belde.")
    assert reworded(told, fresh) == (told[0], fresh, Part("photo", "", "m:Mail a@b.nl", 1, "p1.jpg"))
    assert sorts_in(told) == (Sort.NAME, Sort.EMAIL, Sort.PHONE)
    assert reworded((told[2],), fresh) == (Part("photo", "", "m:Mail a@b.nl", 1, "p1.jpg"), fresh)
