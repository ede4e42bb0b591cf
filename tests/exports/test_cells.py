import math
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports import cells

ANY_TEXT = st.text(st.characters(codec=None, categories=None))


@pytest.mark.parametrize(
    ("typed", "kept", "is_cleaned"),
    [
        ("=1+1", "=1+1", False),
        ("regel\r\ntwee\rdrie", "regel\ntwee\ndrie", False),
        ("tik\x0btak", "tik\ufffdtak", True),
        ("\ud83d alleen", "\ufffd alleen", True),
        ("\ufffe\uffff", "\ufffd\ufffd", True),
        ("👩\u200d🌾 שלום\t", "👩\u200d🌾 שלום\t", False),
    ],
)
def test_a_text_is_changed_only_where_no_spreadsheet_can_hold_it(typed: str, kept: str, is_cleaned: bool) -> None:
    assert cells.safe(typed) == cells.SafeText(kept, is_cleaned)


def test_a_text_is_cut_with_a_mark_at_excels_limit_in_utf_16() -> None:
    assert cells.safe("a" * 32_767) == cells.SafeText("a" * 32_767)
    long = cells.safe("🙂" * 16_384)
    assert long.is_cut
    assert long.text.endswith(cells.CUT)
    assert len(long.text.encode("utf-16-le")) // 2 <= 32_767


def test_a_text_is_cut_at_the_254th_line_feed() -> None:
    assert not cells.safe("\n" * 253).is_cut
    cut = cells.safe("\n" * 254)
    assert cut.is_cut
    assert cut.text.count("\n") == 253


@given(st.text(st.sampled_from("a\n\r🙂é"), max_size=400), st.integers(1, 200))
def test_the_pieces_of_a_text_are_the_text_and_each_fits_a_cell(short: str, times: int) -> None:
    text = short * times
    found = cells.pieces(text)
    assert "".join(found) == text.replace("\r\n", "\n").replace("\r", "\n")
    assert not any(cells.safe(piece).is_cut for piece in found)


@given(ANY_TEXT)
def test_any_text_becomes_one_that_xml_can_hold(text: str) -> None:
    kept = cells.safe(text).text
    kept.encode()
    assert not any(sign in kept for sign in "\x00\x0b\x1f\ufffe\uffff\r")
    assert cells.safe(kept).text == kept


@pytest.mark.parametrize("text", ["=1+1", "@x", "+31612345678", "-5 graden", "\t=1", " =1", "\n=1"])
def test_what_looks_like_a_formula_is_marked_as_text(text: str) -> None:
    assert cells.needs_quote(text)


def test_ordinary_text_is_not_marked() -> None:
    assert not any(cells.needs_quote(text) for text in ("", "gewoon", "1 = geen", "a=b", "#N/A"))


@pytest.mark.parametrize(
    ("text", "escaped"),
    [("_x0041_", "_x005F_x0041_"), ("_x0041_x0042_", "_x005F_x0041_x005F_x0042_"), ("_x41_ x_", "_x41_ x_")],
)
def test_what_excel_would_read_as_a_letter_is_escaped(text: str, escaped: str) -> None:
    assert cells.escaped(text) == escaped


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("4", 4),
        ("-77", -77),
        ("3.5", 3.5),
        ("123456789012345", 123456789012345),
        ("1234567890123456", "1234567890123456"),
        ("0.12345678901234567", "0.12345678901234567"),
        ("1e5", None),
        ("vier", None),
        ("", None),
        ("٣", None),
    ],
)
def test_a_number_is_a_number_only_where_no_digit_is_lost(text: str, value: object) -> None:
    assert cells.number(text) == value
    assert type(cells.number(text)) is type(value)


def test_numbers_a_spreadsheet_cannot_hold_are_known() -> None:
    assert cells.fits(999_999_999_999_999)
    assert not cells.fits(10**15)
    assert not cells.fits(math.nan)
    assert not cells.fits(math.inf)


def test_a_moment_is_shown_on_the_local_wall_clock() -> None:
    night = datetime(2026, 10, 25, 1, 30, 0, 999, tzinfo=UTC)
    assert cells.local(night, ZoneInfo("Europe/Amsterdam")).isoformat() == "2026-10-25T02:30:00"


@pytest.mark.parametrize("title", ["Week 47: alles", "History", "'aan", "a/b\\c?*[x]", "", "x" * 40, "'" * 40])
def test_a_sheet_title_is_one_excel_accepts(title: str) -> None:
    safe = cells.sheet_title(title)
    assert 0 < len(safe) <= 31
    assert not set(safe) & set(":\\/?*[]")
    assert safe[0] != "'" != safe[-1]
    assert safe.casefold() != "history"


def test_sheet_titles_differ_even_in_capitals() -> None:
    assert cells.sheet_title("Codes", ["codes"]) == "Codes 2"
    assert cells.sheet_title("Y" * 31, ["y" * 31]) == "Y" * 29 + " 2"


def test_headers_are_never_empty_and_never_alike() -> None:
    found = cells.headers(["a", "A", "", "a", "-", "regel\ntwee", "a_2"])
    assert found == ("a", "A_2", "-", "a_3", "-_2", "regel twee", "a_2_2")
    assert len({header.casefold() for header in found}) == len(found)


def test_a_header_is_never_longer_than_excel_takes() -> None:
    found = cells.headers(["🙂" * 300, "🙂" * 301, "x" * 300, "X" * 300])
    assert max(len(header.encode("utf-16-le")) // 2 for header in found) <= 255
    assert len({header.casefold() for header in found}) == 4
