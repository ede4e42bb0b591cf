"""What is too small to be shown is not shown, and nobody can work it out from what is."""

from collections.abc import Iterable, Iterator
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from exports.smallcells import K_IN_PUBLIC, Concealed, classes_of, concealed, is_small
from tests.examples import examples

Table = dict[int, tuple[int, int]]
TABLES: st.SearchStrategy[Table] = st.dictionaries(
    st.integers(0, 6), st.tuples(st.integers(1, 9), st.integers(0, 9)).map(lambda row: (max(row), min(row))), max_size=6
)
"""For some cities how many were asked and how many of them answered."""


def test_two_is_small_and_three_is_not() -> None:
    assert is_small(2)
    assert is_small(0)
    assert not is_small(3)
    assert is_small(9, K_IN_PUBLIC)
    assert not is_small(10, K_IN_PUBLIC)


def test_a_single_small_count_takes_the_next_smallest_with_it() -> None:
    found = concealed({"leiden": (9, 8), "utrecht": (14, 12), "almere": (2, 1)})
    assert found.keys == {"almere", "leiden"}
    assert not found.hides_total


def test_two_small_counts_hide_each_other_when_their_sum_is_not_small() -> None:
    assert concealed({"leiden": (9, 8), "utrecht": (4, 2), "almere": (3, 1)}).keys == {"utrecht", "almere"}


def test_nothing_is_hidden_where_nothing_is_small() -> None:
    assert concealed({"leiden": (9, 8), "utrecht": (4, 3)}) == Concealed(frozenset(), False)


def test_what_is_hidden_in_one_table_is_hidden_in_the_next_and_takes_another_with_it() -> None:
    found = concealed({"leiden": (8,), "utrecht": (12,), "almere": (5,)}, hidden={"leiden"})
    assert found.keys == {"leiden", "almere"}


def test_three_cities_of_one_each_hide_their_total_too() -> None:
    assert concealed({"leiden": (1, 1), "utrecht": (1, 1), "almere": (1, 1)}).hides_total


def possible(found: Concealed[int], table: Table) -> Iterator[tuple[int, int]]:
    """Every pair of counts that one hidden city may have, for who knows all that is shown."""
    others = len(found.keys) - 1
    due, done = (sum(table[key][column] for key in found.keys) for column in (0, 1))
    for mine in range(1, due + 1):
        for answered in range(min(mine, done) + 1):
            left = (due - mine, done - answered)
            if left == (0, 0) if others == 0 else left[0] >= others and left[1] <= left[0]:
                yield mine, answered


@examples(60)
@given(TABLES)
def test_no_hidden_count_can_be_worked_out_from_the_totals_and_what_is_shown(table: Table) -> None:
    found = concealed(table)
    shown = [row for key, row in table.items() if key not in found]
    assert not any(is_small(count) for row in shown for count in row)
    if found.keys and not found.hides_total:
        assert all(len(set(counts)) > 1 for counts in zip(*possible(found, table), strict=True))


def by_different_people(counts: Iterable[int]) -> list[list[str]]:
    return [[f"{point}-{number}" for number in range(count)] for point, count in enumerate(counts)]


def test_a_distribution_is_shown_as_fine_as_its_counts_allow() -> None:
    assert classes_of(by_different_people([3, 3, 4, 5, 3])) == ((0,), (1,), (2,), (3,), (4,))
    assert classes_of(by_different_people([1, 2, 4, 5, 1])) == ((0, 1), (2,), (3, 4))
    assert classes_of(by_different_people([0, 2, 2, 3, 1])) == ((0, 1, 2), (3, 4))
    assert classes_of(by_different_people([0, 0, 0, 3, 4])) == ()
    assert classes_of(by_different_people([1, 1, 0, 1, 0])) == ()


def test_three_answers_of_one_person_are_not_three_people() -> None:
    assert classes_of([["a", "a", "a"], [], [], [], ["b", "c", "d"]]) == ()


def compositions(total: int, places: int) -> Iterator[tuple[int, ...]]:
    """Every way to spread a count over so many places."""
    if places == 1:
        yield (total,)
        return
    for first in range(total + 1):
        yield from ((first, *others) for others in compositions(total - first, places - 1))


@examples(40)
@given(st.lists(st.integers(0, 5), min_size=3, max_size=5))
def test_no_point_of_a_class_can_be_worked_out_from_the_classes_and_the_mean(counts: list[int]) -> None:
    classes = classes_of(by_different_people(counts))
    sums = [sum(counts[place] for place in places) for places in classes]
    assert not any(is_small(each) for each in sums)
    weighed = sum(place * count for place, count in enumerate(counts))
    could_be: list[set[int]] = [set() for _ in counts]
    for ways in product(*(compositions(each, len(places)) for each, places in zip(sums, classes, strict=True))):
        spread = [count for way in ways for count in way]
        if classes and sum(place * count for place, count in enumerate(spread)) == weighed:
            for place, count in enumerate(spread):
                could_be[place].add(count)
    assert all(len(could_be[place]) > 1 for places in classes if len(places) > 1 for place in places)
