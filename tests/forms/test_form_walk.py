"""What holds for every form and every walk through it."""

from collections.abc import Mapping
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.form import Form
from forms.question import Kind, Question
from forms.walk import Reason, Refused, Walk, begin
from tests.examples import examples
from tests.forms.xlsform_sheets import default_form, small_form

STEPS = 60
HEADER = ["type", "name", "label", "required", "relevant", "constraint", "constraint_message", "calculation"]


def form_of(*rows: list[str]) -> Form:
    choices = [["list_name", "name", "label"], ["yn", "yes", "Yes"], ["yn", "no", "No"]]
    return small_form([HEADER, *rows, ["note", "end_note", "Done"]], choices)


def values_for(question: Question) -> st.SearchStrategy[str]:
    names = [choice.name for choice in question.choices]
    match question.kind:
        case Kind.SELECT_ONE:
            return st.sampled_from(names)
        case Kind.SELECT_MULTIPLE:
            return st.lists(st.sampled_from(names), min_size=1, max_size=3).map(" ".join)
        case _:
            return st.text(min_size=1, max_size=20)


@st.composite
def walks(draw: st.DrawFn) -> Walk:
    """A walk reached by answers and skips in any order, refusals passed over."""
    counts = st.integers(0, 8).map(str)
    hidden: Mapping[str, str] = {"previous_next": draw(st.sampled_from(["", "x"])), "completed_count": draw(counts)}
    walk = begin(default_form(), hidden)
    for question in draw(st.lists(st.sampled_from(walk.form.questions), max_size=STEPS)):
        try:
            if draw(st.booleans()):
                walk = walk.answer(question.path, draw(values_for(question)))
            else:
                walk = walk.skip(question.path)
        except Refused as refused:
            assert refused.reason in (Reason.NOT_RELEVANT, Reason.REQUIRED, Reason.EXCLUSIVE)
    return walk


@given(walks())
@examples(40)
def test_a_walk_waits_at_a_relevant_question_or_everything_is_done(walk: Walk) -> None:
    for place in (None, *(question.path for question in walk.form.questions)):
        waiting = walk.following(place)
        if waiting is None:
            assert all(walk.is_done(question.path) for question in walk.asked())
        else:
            assert walk.is_relevant(waiting.path)
            assert not walk.is_done(waiting.path)


@given(walks())
@examples(30)
def test_walking_back_gives_the_reverse_order(walk: Walk) -> None:
    items = walk.items()
    for earlier, later in pairwise(items):
        assert walk.preceding(later.path) == earlier
    assert walk.preceding(items[0].path) is None
    assert walk.preceding() == items[-1]


@given(walks())
@examples(30)
def test_nothing_irrelevant_is_submitted_and_nothing_relevant_left_out(walk: Walk) -> None:
    submission = walk.submission()
    for question in walk.form.questions:
        expected = walk.values.get(question.path) if walk.is_relevant(question.path) else None
        assert submission.get(question.name) == (None if question.kind is Kind.NOTE else expected)


@given(walks())
@examples(30)
def test_a_walk_rebuilt_from_what_was_stored_is_the_same(walk: Walk) -> None:
    rebuilt = Walk(walk.form, dict(walk.values), frozenset(walk.skipped))
    assert rebuilt == walk
    assert rebuilt.asked() == walk.asked()
    assert rebuilt.submission() == walk.submission()


def test_a_step_leaves_the_walk_it_was_taken_from_alone() -> None:
    before = begin(default_form(), {})
    before.answer("/data/held", "absent")
    assert before.values == {}
    assert before == begin(default_form(), {})


def test_what_follows_goes_on_from_the_start_after_the_last_question() -> None:
    walk = begin(form_of(["text", "a", "A"], ["text", "b", "B"]), {}).answer("/data/b", "x").skip("/data/end_note")
    following = walk.following("/data/b")
    assert following is not None
    assert following.name == "a"


def test_a_question_in_an_irrelevant_group_is_irrelevant_at_any_depth() -> None:
    form = form_of(
        ["select_one yn", "more", "More?"],
        ["begin_group", "outer", "", "", "${more} = 'yes'"],
        ["begin_group", "inner", ""],
        ["text", "deep", "Deep"],
        ["end_group", "", ""],
        ["end_group", "", ""],
        ["text", "after", "After", "", "${deep} != ''"],
    )
    walk = begin(form, {}).answer("/data/more", "yes").answer("/data/outer/inner/deep", "x")
    assert walk.is_relevant("/data/after")
    closed = walk.answer("/data/more", "no")
    assert not closed.is_relevant("/data/outer/inner/deep")
    assert not closed.is_relevant("/data/after")


def test_a_calculation_is_seen_by_conditions_labels_and_the_submission() -> None:
    form = form_of(
        ["calculate", "double", "", "", "", "", "", "${count} * 2"],
        ["integer", "count", "Count"],
        ["text", "many", "You said ${double}", "", "${double} > 10"],
    )
    walk = begin(form, {})
    assert walk.value("/data/double") == ""
    walk = walk.answer("/data/count", "6")
    assert walk.label(form.question("/data/many"), "nl") == "You said 12"
    assert walk.submission() == {"double": "12", "count": "6"}


def test_a_broken_constraint_is_refused_in_the_words_of_the_form() -> None:
    form = form_of(["integer", "age", "Age", "", "", ". >= 18 and . < 100", "From 18 to 99"])
    walk = begin(form, {})
    with pytest.raises(Refused) as refused:
        walk.answer("/data/age", "17")
    assert refused.value.reason is Reason.CONSTRAINT
    assert list(refused.value.messages.values()) == ["From 18 to 99"]
    assert walk.answer("/data/age", "18").submission() == {"age": "18"}


@pytest.mark.parametrize(
    ("kind", "value", "reason"),
    [
        ("select_one yn", "maybe", Reason.UNKNOWN_CHOICE),
        ("select_one yn", "yes no", Reason.UNKNOWN_CHOICE),
        ("select_multiple yn", "yes maybe", Reason.UNKNOWN_CHOICE),
        ("integer", "2.5", Reason.NOT_WHOLE),
        ("integer", "twee", Reason.NOT_A_NUMBER),
        ("decimal", "1,5", Reason.NOT_A_NUMBER),
        ("decimal", "NaN", Reason.NOT_A_NUMBER),
        ("decimal", "1e999999", Reason.NOT_A_NUMBER),
    ],
)
def test_an_answer_that_does_not_fit_its_kind_is_refused(kind: str, value: str, reason: Reason) -> None:
    walk = begin(form_of([kind, "q", "Q"]), {})
    with pytest.raises(Refused) as refused:
        walk.answer("/data/q", value)
    assert refused.value.reason is reason
    assert walk.values == {}


@pytest.mark.parametrize(("value", "reason"), [("0", "out_of_range"), ("3.5", "out_of_range"), ("1.2", "step")])
def test_a_range_takes_its_own_steps_only(value: str, reason: str) -> None:
    rows = [["type", "name", "label", "parameters"], ["range", "r", "R", "start=1 end=3 step=0.5"]]
    form = small_form(rows)
    limits = form.question("/data/r").range
    assert limits is not None
    assert limits.values() == ("1.0", "1.5", "2.0", "2.5", "3.0")
    with pytest.raises(Refused) as refused:
        begin(form, {}).answer("/data/r", value)
    assert refused.value.reason == reason
    assert all(begin(form, {}).answer("/data/r", step) for step in limits.values())


def test_a_question_that_is_not_asked_takes_no_answer() -> None:
    form = form_of(["select_one yn", "a", "A"], ["text", "b", "B", "", "${a} = 'yes'"])
    with pytest.raises(Refused) as refused:
        begin(form, {}).answer("/data/b", "x")
    assert refused.value.reason is Reason.NOT_RELEVANT
    with pytest.raises(KeyError):
        begin(form, {}).answer("/data/nowhere", "x")


def test_a_missing_translation_falls_back_to_the_default_language() -> None:
    header = ["type", "name", "label::Nederlands (nl)", "label::English (en)", "hint::Nederlands (nl)"]
    form = small_form([header, ["text", "a", "Vraag", "Question", "Uitleg"], ["text", "b", "Alleen", ""]])
    walk, (first, second) = begin(form, {}), form.questions
    assert walk.label(first, "en") == "Question"
    assert walk.label(second, "en") == "Alleen"
    assert walk.hint(first, "en") == "Uitleg"
    assert walk.label(first, "fr") == "Vraag"
