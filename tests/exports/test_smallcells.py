from hypothesis import given
from hypothesis import strategies as st

from exports.smallcells import K, concealed, is_small

COUNTS = st.dictionaries(
    st.integers(0, 8), st.tuples(st.integers(1, 12), st.integers(0, 12)).map(lambda row: (max(row), min(row)))
)


def test_two_is_small_and_three_is_not() -> None:
    assert is_small(2)
    assert is_small(0)
    assert not is_small(3)


def test_a_single_small_count_takes_the_next_smallest_with_it() -> None:
    found = concealed({"leiden": (9, 8), "utrecht": (14, 12), "almere": (2, 1)})
    assert found.small == {"almere"}
    assert found.beside == {"leiden"}
    assert "almere" in found
    assert "leiden" in found
    assert "utrecht" not in found


def test_two_small_counts_hide_each_other_when_their_sum_is_not_small() -> None:
    found = concealed({"leiden": (9, 8), "utrecht": (4, 2), "almere": (3, 1)})
    assert found.small == {"utrecht", "almere"}
    assert not found.beside


def test_nothing_is_hidden_where_nothing_is_small() -> None:
    found = concealed({"leiden": (9, 8), "utrecht": (4, 3)})
    assert not found.small | found.beside


@given(COUNTS)
def test_no_small_count_is_shown_nor_left_over_from_the_total(counts: dict[int, tuple[int, int]]) -> None:
    found = concealed(counts)
    shown = [row for key, row in counts.items() if key not in found]
    assert not any(is_small(count) for row in shown for count in row)
    rest = [row for key, row in counts.items() if key in found]
    if shown and rest:
        assert len(rest) > 1
        assert all(sum(column) >= K for column in zip(*rest, strict=True))
