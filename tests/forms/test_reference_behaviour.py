"""What ODK's engine does where an author might expect something else, done here in the same way."""

from datetime import UTC, datetime

import pytest

from forms.circumstances import Circumstances
from forms.form import Form
from forms.walk import Walk, begin
from tests.forms.xlsform_sheets import small_form

HEADER = ["type", "name", "label", "calculation", "default", "trigger", "relevant", "repeat_count"]
AROUND = Circumstances(datetime(2026, 11, 22, 9, 0, tzinfo=UTC), "P01", "seed")


def form_of(*rows: list[str]) -> Form:
    return small_form([HEADER, *rows])


def again(walk: Walk) -> Walk:
    """The walk built anew from what is kept of it."""
    return Walk(walk.form, dict(walk.values), walk.skipped, dict(walk.frozen), walk.around)


def test_a_calculated_question_keeps_its_answer_until_its_calculation_has_something_new_to_say() -> None:
    form = form_of(
        ["integer", "adults", "Adults"],
        ["integer", "children", "Children"],
        ["integer", "total", "In all?", "${adults} + ${children}"],
    )
    walk = begin(form, {}).answer("/data/adults", "2").answer("/data/children", "1")
    assert walk.value("/data/total") == "3"
    walk = walk.answer("/data/total", "9")
    assert walk.value("/data/total") == "9"
    same = walk.answer("/data/children", "1")
    assert same.value("/data/total") == "9"
    changed = walk.answer("/data/children", "4")
    assert (changed.value("/data/total"), again(changed).value("/data/total")) == ("6", "6")
    assert changed.is_done("/data/total")
    once_more = changed.answer("/data/total", "7")
    assert (once_more.value("/data/total"), again(once_more)) == ("7", once_more)


def test_a_calculation_reaches_a_question_through_conditions_and_other_calculations() -> None:
    form = form_of(
        ["text", "a", "A"],
        ["text", "b", "B", "", "x", "", "${a} = 'yes'"],
        ["calculate", "c", "", "concat(${b}, '!')"],
        ["text", "d", "D", "${c}"],
    )
    walk = begin(form, {}).answer("/data/a", "yes").answer("/data/d", "mine")
    assert walk.value("/data/d") == "mine"
    assert walk.answer("/data/a", "no").value("/data/d") == "!"


@pytest.mark.parametrize(("seed", "order"), [("1234", "gfedahbc"), ("'1234'", "gfedahbc"), ("'foo'", "eadbhgcf")])
def test_a_seed_puts_a_list_in_the_order_that_the_reference_engine_gives_it(seed: str, order: str) -> None:
    choices = [["list_name", "name", "label"], *(["letters", letter, letter] for letter in "abcdefgh")]
    survey = [["type", "name", "label", "calculation", "parameters"], ["calculate", "seed", "", seed, ""]]
    form = small_form([*survey, ["select_one letters", "q", "Q", "", "randomize=true, seed=${seed}"]], choices)
    assert "".join(choice.name for choice in begin(form, {}).choices("/data/q")) == order


def test_in_a_repeat_only_the_same_instance_is_calculated_again() -> None:
    form = form_of(
        ["begin_repeat", "r", "R"],
        ["integer", "a", "A"],
        ["integer", "b", "B", "${a} * 10"],
        ["end_repeat"],
    )
    walk = begin(form, {}).answer("/data/r[2]", "yes")
    for key, value in {"/data/r[1]/a": "1", "/data/r[1]/b": "5", "/data/r[2]/a": "2", "/data/r[2]/b": "6"}.items():
        walk = walk.answer(key, value)
    walk = walk.answer("/data/r[2]/a", "3")
    assert (walk.value("/data/r[1]/b"), walk.value("/data/r[2]/b")) == ("5", "30")


def test_a_dynamic_default_sees_what_stands_in_the_form_before_anything_is_calculated() -> None:
    form = form_of(
        ["calculate", "three", "", "1 + 2"],
        ["integer", "four", "Four", "", "4"],
        ["integer", "from_default", "D", "", "${four} + 1"],
        ["text", "from_calculation", "C", "", "concat('<', ${three}, '>')"],
        ["calculate", "after_default", "", "${from_default} * 2"],
        ["integer", "chained", "E", "", "${after_default} + 1"],
    )
    walk = begin(form, {}, AROUND)
    found = [walk.value(f"/data/{name}") for name in ("three", "from_default", "from_calculation", "chained")]
    assert found == ["3", "5", "<>", "11"]
    assert again(walk) == walk


def test_a_dynamic_default_in_a_repeat_is_set_when_its_instance_comes() -> None:
    form = form_of(
        ["text", "street", "Street"],
        ["begin_repeat", "r", "R"],
        ["calculate", "place", "", "position(..)"],
        ["text", "where", "Where", "", "concat(${street}, '/', ${place})"],
        ["end_repeat"],
    )
    walk = begin(form, {}, AROUND)
    assert walk.value("/data/r[1]/where") == "/"
    walk = walk.answer("/data/street", "Kade").answer("/data/r[2]", "yes")
    assert (walk.value("/data/r[1]/where"), walk.value("/data/r[2]/where")) == ("/", "Kade/")
    assert again(walk) == walk


def test_what_a_trigger_sets_may_trigger_again() -> None:
    form = form_of(
        ["text", "a", "A"],
        ["text", "b", "B", "concat(${a}, '1')", "", "${a}"],
        ["text", "c", "C", "concat(${b}, '2')", "", "${b}"],
    )
    walk = begin(form, {}).answer("/data/a", "x")
    assert (walk.value("/data/b"), walk.value("/data/c")) == ("x1", "x12")


def test_a_trigger_waits_for_a_change() -> None:
    form = form_of(["integer", "a", "A", "", "5"], ["integer", "b", "B", "${a} + 1", "", "${a}"])
    walk = begin(form, {})
    assert walk.answer("/data/a", "5").value("/data/b") == ""
    assert walk.answer("/data/a", "6").value("/data/b") == "7"


@pytest.mark.parametrize(
    ("rows", "answers", "sent"),
    [
        ([["decimal", "q", "Q"]], {"q": "3"}, "3.0"),
        ([["decimal", "q", "Q"]], {"q": "2.50"}, "2.5"),
        ([["decimal", "q", "Q", "", "4"]], {}, "4.0"),
        ([["integer", "q", "Q"]], {"q": "3"}, "3"),
        ([["decimal", "a", "A"], ["calculate", "q", "", "${a} * 2"]], {"a": "1.5"}, "3"),
        ([["calculate", "q", "", "1 div 0"]], {}, "Infinity"),
        ([["calculate", "q", "", "0 div 0"]], {}, ""),
        ([["calculate", "q", "", "number('x')"]], {}, ""),
        ([["calculate", "q", "", "5000000000 + 0"]], {}, "5000000000"),
        ([["calculate", "q", "", "concat(5000000000, '')"]], {}, "5.0E9"),
        ([["calculate", "q", "", "1 = 1"]], {}, "1"),
    ],
)
def test_values_are_sent_as_the_reference_engine_writes_them(
    rows: list[list[str]], answers: dict[str, str], sent: str
) -> None:
    walk = begin(form_of(*rows, ["note", "n", "N"]), {}, AROUND)
    for name, value in answers.items():
        walk = walk.answer(f"/data/{name}", value)
    assert dict(walk.leaves())["/data/q"] == sent
