"""The questionnaire that comes with the project, walked from begin to end."""

import hashlib

import pytest

from forms.question import Kind, Question
from forms.quoting import line_of, quotable
from forms.walk import Reason, Refused, Walk, begin
from forms.xlsform import check_workbook, compile_workbook
from tests.forms.xlsform_sheets import QUESTIONNAIRE, default_form

ELEVEN = [
    "held",
    "present",
    "influence",
    "moment",
    "moment_domain",
    "room",
    "voice_acts",
    "friction",
    "resilience",
    "next",
    "photo",
]


def started(**hidden: str) -> Walk:
    return begin(default_form(), hidden)


def path(name: str) -> str:
    question = default_form().named(name)
    assert question is not None
    return question.path


def named(questions: tuple[Question, ...]) -> list[str]:
    return [question.name for question in questions]


def test_the_questionnaire_has_no_problem_at_all() -> None:
    assert check_workbook(QUESTIONNAIRE.read_bytes()) == ()


def test_compiling_the_same_workbook_twice_gives_the_same_hash() -> None:
    compiled = compile_workbook(QUESTIONNAIRE.read_bytes())
    assert compiled.form.hash == default_form().hash == hashlib.sha256(compiled.xform.encode()).hexdigest()


def test_the_form_knows_its_name_version_languages_and_hidden_values() -> None:
    form = default_form()
    assert (form.form_id, form.version) == ("wijkwerkplaats_reflectie", "1")
    assert (form.default_language, form.languages) == ("nl", ("nl", "en"))
    assert form.hidden == ("previous_next", "completed_count")


def test_every_question_choice_and_hint_is_in_dutch_and_english() -> None:
    for question in default_form().questions:
        assert set(question.labels) == {"nl", "en"}
        assert set(question.hints) in (set(), {"nl", "en"})
        assert all(set(choice.labels) == {"nl", "en"} for choice in question.choices)


def test_every_question_but_the_intro_belongs_to_a_research_line() -> None:
    lines = {question.name: question.line for question in default_form().questions}
    assert lines.pop("intro") is None
    assert set(lines.values()) == {"L1", "L2", "L3", "G"}
    assert (lines["influence"], lines["room"], lines["friction_story"]) == ("L1", "L2", "L3")


def test_the_moment_is_quoted_for_the_line_it_was_mainly_about_and_plans_are_never_quoted() -> None:
    assert quotable(default_form()) == (path("moment"), path("friction_story"), path("msc"))
    walk = started().answer(path("held"), "as_planned").answer(path("moment"), "Iets")
    lines = {
        choice: line_of(walk.answer(path("moment_domain"), choice), path("moment"))
        for choice in ("relations", "own_role", "care_safety", "residents", "other")
    }
    assert list(lines.values()) == ["L1", "L2", "L3", "G", "G"]
    assert (line_of(walk, path("moment")), line_of(walk, path("friction_story"))) == ("G", "L3")


def test_a_first_reflection_asks_eleven_things_after_the_intro() -> None:
    assert named(started().asked()) == ["intro", *ELEVEN]
    assert named(started().items()) == ELEVEN


def test_only_whether_it_took_place_is_required() -> None:
    walk = started()
    assert [name for name in ELEVEN if walk.is_required(path(name))] == ["held"]
    with pytest.raises(Refused) as refused:
        walk.skip(path("held"))
    assert refused.value.reason is Reason.REQUIRED
    assert set(refused.value.messages) == {"nl", "en"}


@pytest.mark.parametrize("held", ["not_held", "absent"])
def test_nothing_more_is_asked_where_the_workshop_or_the_person_was_not_there(held: str) -> None:
    walk = started(previous_next="bellen", completed_count="3").answer(path("held"), held)
    assert named(walk.items()) == ["held"]
    assert walk.skip(path("intro")).following(path("held")) is None


@pytest.mark.parametrize("held", ["as_planned", "differently"])
def test_everything_is_asked_where_the_workshop_took_place(held: str) -> None:
    assert named(started().answer(path("held"), held).items()) == ELEVEN


@pytest.mark.parametrize(("friction", "asked"), [("none", False), ("other", True), ("help_enforce", True)])
def test_the_story_of_a_friction_is_asked_only_where_there_was_one(friction: str, asked: bool) -> None:
    walk = started().answer(path("friction"), friction)
    assert walk.is_relevant(path("friction_story")) is asked


@pytest.mark.parametrize("count", range(12))
def test_the_monthly_question_comes_with_every_fourth_reflection(count: int) -> None:
    walk = started(completed_count=str(count))
    assert walk.is_relevant(path("msc")) is (count % 4 == 3)


def test_the_intention_of_last_time_is_asked_about_in_its_own_words() -> None:
    walk = started(previous_next="de huismeester bellen")
    followup = walk.form.question(path("followup"))
    assert named(walk.items())[:2] == ["held", "followup"]
    assert walk.label(followup, "nl") == ("De vorige keer nam je je voor: 'de huismeester bellen' Is dat gelukt?")
    assert walk.choice_label(followup, "partly", "en") == "Partly"


def test_none_of_these_cannot_go_with_another_choice() -> None:
    with pytest.raises(Refused) as refused:
        started().answer(path("voice_acts"), "mediated none")
    assert refused.value.reason is Reason.EXCLUSIVE
    assert started().answer(path("voice_acts"), "none").value(path("voice_acts")) == "none"


def test_a_whole_walk_with_back_gives_the_submission() -> None:
    walk = started(completed_count="0").skip(path("intro"))
    replies = {"held": "as_planned", "friction": "other", "present": "police residents", "room": "na"}
    asked = None
    while question := walk.following(asked):
        asked = question.path
        walk = walk.answer(asked, replies[question.name]) if question.name in replies else walk.skip(asked)
    assert asked == path("photo")
    back = walk.preceding(path("friction_story"))
    assert back is not None
    assert back.name == "friction"
    assert walk.submission() == {
        "completed_count": "0",
        "held": "as_planned",
        "present": "residents police",
        "room": "na",
        "friction": "other",
    }


def test_going_back_from_the_end_passes_every_question_but_not_the_intro() -> None:
    walk, back, place = started(), [], None
    while question := walk.preceding(place):
        back.append(question.name)
        place = question.path
        assert question.kind is not Kind.NOTE
    assert back == ELEVEN[::-1]


def test_an_answer_hidden_by_another_returns_when_that_is_changed_back() -> None:
    told = started().answer(path("friction"), "other").answer(path("friction_story"), "het botste")
    denied = told.answer(path("friction"), "none")
    assert "friction_story" not in denied.submission()
    assert denied.values[path("friction_story")] == "het botste"
    assert denied.answer(path("friction"), "other").submission()["friction_story"] == "het botste"
