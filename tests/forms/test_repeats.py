"""Groups that are filled in more than once."""

import pytest

from forms.form import Form
from forms.nodes import MAX_INSTANCES
from forms.walk import Walk, begin
from tests.forms.xlsform_sheets import small_form

HEADER = ["type", "name", "label", "relevant", "calculation", "repeat_count", "choice_filter"]


def family(*after: list[str], count: str = "") -> Form:
    return small_form(
        [
            HEADER,
            *([["integer", "many", "How many?"]] if count else []),
            ["begin_repeat", "member", "Member", "", "", count],
            ["text", "called", "Name"],
            ["integer", "age", "Age of ${called}"],
            ["calculate", "place", "", "", "position(..)"],
            ["calculate", "older", "", "", "${age} > indexed-repeat(${age}, ${member}, position(..) - 1)"],
            ["text", "school", "School", "${age} < 18"],
            ["end_repeat"],
            *after,
        ]
    )


def filled(form: Form, *ages: int) -> Walk:
    walk = begin(form, {})
    for number, age in enumerate(ages, start=1):
        if number > 1:
            walk = walk.answer(f"/data/member[{number}]", "yes")
        walk = walk.answer(f"/data/member[{number}]/called", f"M{number}").answer(
            f"/data/member[{number}]/age", str(age)
        )
    return walk


def test_another_one_is_asked_for_after_each() -> None:
    walk = filled(family(), 40)
    question = walk.following("/data/member[1]/age")
    assert question is not None
    assert (question.path, question.adds) == ("/data/member[2]", "/data/member")
    assert walk.label(question, "nl") == "Nog een: Member?"
    walk = walk.answer(question.path, "yes")
    after = walk.following(question.path)
    assert after is not None
    assert after.path == "/data/member[2]/called"
    assert walk.answer(question.path, "no").following() is None


def test_each_instance_reads_its_own_answers() -> None:
    walk = filled(family(), 40, 12)
    paths = [question.path for question in walk.asked()]
    assert "/data/member[2]/school" in paths
    assert "/data/member[1]/school" not in paths
    assert walk.label(walk.question("/data/member[2]/age"), "nl") == "Age of M2"
    assert walk.submission()["place[2]"] == "2"
    assert walk.value("/data/member[2]/older") == "0"


@pytest.mark.parametrize(
    ("calculation", "value"),
    [
        ("sum(${age})", "60"),
        ("count(${member})", "3"),
        ("max(${age})", "40"),
        ("join(', ', ${called})", "M1, M2, M3"),
        ("sum(/data/member[age < 18]/age)", "20"),
        ("/data/member[position() = 2]/called", "M2"),
        ("/data/member[3]/called", "M3"),
        ("indexed-repeat(${called}, ${member}, 2)", "M2"),
        ("indexed-repeat(${called}, ${member}, 9)", ""),
        ("count-non-empty(${school})", "0"),
        ("count(/data/member[called = 'M1' or called = 'M3'])", "2"),
    ],
)
def test_the_rest_of_the_form_reads_over_all_instances(calculation: str, value: str) -> None:
    form = family(["calculate", "found", "", "", calculation])
    assert filled(form, 40, 12, 8).value("/data/found") == value


def test_instances_taken_away_are_kept_and_come_back() -> None:
    form = family(["calculate", "total", "", "", "sum(${age})"])
    walk = filled(form, 40, 12)
    away = walk.answer("/data/member[2]", "no")
    assert away.value("/data/total") == "40"
    assert away.values["/data/member[2]/age"] == "12"
    assert away.answer("/data/member[2]", "yes").submission() == walk.submission()


def test_a_repeat_may_be_counted_by_an_answer() -> None:
    walk = begin(family(count="${many}"), {})
    assert [question.path for question in walk.asked()] == ["/data/many"]
    walk = walk.answer("/data/many", "2")
    assert [q.path for q in walk.asked()][-1] == "/data/member[2]/age"
    assert not any(question.adds for question in walk.asked())
    assert walk.answer("/data/many", "900").count("/data/member") == MAX_INSTANCES


def test_there_are_at_most_twenty() -> None:
    walk = filled(family(), *range(20, 20 + MAX_INSTANCES))
    assert walk.count("/data/member") == MAX_INSTANCES
    assert walk.following() is None
    with pytest.raises(KeyError):
        walk.form.question(f"/data/member[{MAX_INSTANCES + 1}]")


def test_choices_may_come_from_a_repeat() -> None:
    form = family(["select_one ${called}", "eldest", "Who?"])
    walk = filled(form, 40, 12)
    assert [choice.name for choice in walk.choices("/data/eldest")] == ["M1", "M2"]
    assert walk.answer("/data/eldest", "M2").value("/data/eldest") == "M2"


def test_the_words_of_a_choice_are_found_within_the_instance() -> None:
    form = small_form(
        [
            HEADER,
            ["begin_repeat", "visit", "Visit"],
            ["select_one yn", "open", "Open?"],
            ["calculate", "words", "", "", "jr:choice-name(${open}, '${open}')"],
            ["end_repeat"],
        ],
        [["list_name", "name", "label"], ["yn", "y", "Yes, open"], ["yn", "n", "No"]],
    )
    walk = begin(form, {}).answer("/data/visit[1]/open", "y")
    assert walk.value("/data/visit[1]/words") == "Yes, open"


def test_choices_from_a_repeat_follow_the_answers_they_are_made_of() -> None:
    form = small_form(
        [
            ["type", "name", "label", "choice_filter"],
            ["begin_repeat", "member", "Member", ""],
            ["text", "called", "Name", ""],
            ["integer", "age", "Age", ""],
            ["end_repeat", "", "", ""],
            ["select_one ${called}", "adult", "Which adult?", "${age} >= 18"],
        ]
    )
    walk = begin(form, {}).answer("/data/member[1]/called", "Bo").answer("/data/member[1]/age", "40")
    walk = walk.answer("/data/member[2]", "no").answer("/data/adult", "Bo")
    renamed = walk.answer("/data/member[1]/called", "Bea")
    assert renamed.value("/data/adult") == ""
    assert [choice.name for choice in renamed.choices("/data/adult")] == ["Bea"]
