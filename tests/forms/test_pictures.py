"""Which pictures a form shows, and which of its media are left out by name."""

from forms.pictures import unshown, wanted
from forms.problems import Severity
from forms.xlsform import compile_workbook
from tests.fieldwork.dialogue_parts import Talker
from tests.forms.xlsform_sheets import small_form, xlsform

CHOICES = [["list_name", "name", "label", "media::image"], ["yn", "y", "Yes", "yes.png"], ["yn", "n", "No", "no.png"]]
SURVEY = [
    ["type", "name", "label", "media::image", "media::audio"],
    ["select_one yn", "a", "A?", "map.jpg", "a.mp3"],
    ["select_multiple yn", "b", "B?", "map.jpg", ""],
]


def test_a_form_wants_each_of_its_pictures_once() -> None:
    assert wanted(small_form(SURVEY, CHOICES)) == ("map.jpg", "yes.png", "no.png")


def test_pictures_come_before_the_question_those_of_choices_with_their_words() -> None:
    somebody = Talker(form=small_form(SURVEY, CHOICES))
    assert [(speech.picture, speech.say.text) for speech in somebody.pictures] == [
        ("map.jpg", ""),
        ("yes.png", "Yes"),
        ("no.png", "No"),
    ]


def test_sound_with_words_is_left_out_and_told_by_name_and_row() -> None:
    (problem,) = compile_workbook(xlsform(SURVEY, CHOICES)).warnings
    assert (problem.severity, problem.sheet, problem.row, problem.column) == (
        Severity.IGNORED,
        "survey",
        2,
        "media::audio",
    )
    assert '"a.mp3"' in problem.text("nl")


def test_the_pictures_of_a_long_list_are_left_out_and_told() -> None:
    many = [CHOICES[0], *(["yn", f"c{i}", f"C {i}", f"{i}.png"] for i in range(7))]
    form = small_form([["type", "name", "label"], ["select_one yn", "a", "A?"]], many)
    assert wanted(form) == ()
    assert [problem.column for problem in unshown(form)] == ["media::image"]
