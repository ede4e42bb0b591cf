"""How a question of each type is put, suggested, and told back in the person's words."""

from datetime import UTC, datetime

import pytest

from fieldwork.answerwords import moment_in_words, value_in_words
from fieldwork.conversation import Pointed
from fieldwork.filekinds import ending_of, sort_of
from fieldwork.messages import File
from forms.circumstances import Circumstances
from forms.points import point, point_in_words
from tests.fieldwork.dialogue_parts import Talker, told, voice
from tests.forms.xlsform_sheets import small_form

YES_NO = [["list_name", "name", "label"], ["yn", "y", "Ja"], ["yn", "n", "Nee"]]


def talker(kind: str, choices: list[list[str]] | None = None, **cells: str) -> Talker:
    """Somebody at a form with one question, and an open one after it."""
    survey = [["type", "name", "label", *cells], [kind, "a", "A?", *cells.values()], ["text", "z", "Z?"]]
    return Talker(form=small_form(survey, choices or YES_NO))


@pytest.mark.parametrize(
    ("kind", "default", "shown"),
    [
        ("select_multiple yn", "y n", "Ja, Nee"),
        ("select_one yn", "n", "Nee"),
        ("decimal", "0.5", "0,5"),
        ("text", "zoals altijd", "zoals altijd"),
        ("date", "2026-11-22", "22 november 2026"),
    ],
)
def test_a_default_is_suggested_in_words_and_kept_by_ok(kind: str, default: str, shown: str) -> None:
    somebody = talker(kind, default=default)
    assert f"Voorstel: {shown}" in somebody.waiting.text
    assert "Houden" in somebody.labels
    somebody.write("ok")
    assert (somebody.name, somebody.values["a"]) == ("z", default)


def test_words_to_an_open_question_take_the_place_of_its_suggestion() -> None:
    somebody = talker("text", default="zoals altijd")
    somebody.write("Anders dan anders.")
    somebody.tap("Klaar")
    assert somebody.values["a"] == "Anders dan anders."


def test_ok_without_a_suggestion_is_an_answer_like_any_other() -> None:
    somebody = talker("text")
    somebody.write("ok")
    assert somebody.talk.parts


def test_a_list_too_long_for_buttons_is_answered_by_number() -> None:
    many = [YES_NO[0], *(["yn", f"c{i}", f"Straat {i}"] for i in range(1, 121))]
    somebody = talker("select_one yn", many)
    assert somebody.labels[0] == "Overslaan"
    assert "120. Straat 120" in somebody.waiting.text
    somebody.write("117")
    assert somebody.values["a"] == "c117"


def test_explanation_of_a_question_without_any_says_so() -> None:
    somebody = talker("integer")
    assert "Uitleg" not in somebody.labels
    somebody.write("uitleg")
    assert "geen verdere uitleg" in told(somebody)


@pytest.mark.parametrize("kind", ["text", "select_one yn", "image"])
def test_a_place_where_none_is_asked_for_is_refused(kind: str) -> None:
    somebody = talker(kind)
    somebody.step(Pointed("52 5 0 0", "chat#1"))
    assert (somebody.name, somebody.values) == ("a", {})
    assert "Je stuurde een locatie." in told(somebody)


def test_a_place_in_a_pause_is_the_answer() -> None:
    somebody = talker("geopoint")
    somebody.tap("Pauze")
    somebody.step(Pointed("52.1 5.1 0 8", "chat#1"))
    assert (somebody.name, somebody.values["a"]) == ("z", "52.1 5.1 0 8")


def test_now_is_the_moment_of_the_tap() -> None:
    form = small_form([["type", "name", "label"], ["time", "a", "A?"], ["dateTime", "b", "B?"]])
    begun_on = datetime(2026, 11, 22, 14, 30, 59, tzinfo=UTC)
    somebody = Talker(form=form, around=Circumstances(begun_on, "", ""))
    somebody.tap("Nu")
    somebody.write("nu")
    assert list(somebody.talk.walk.values.values()) == ["14:30:00", "2026-11-22T14:30:00"]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("52.09 5.12 0 0", "52.09, 5.12"),
        ("52.09 5.12 0.0 12.5", "52.09, 5.12 (± 12.5 m)"),
        ("52.09", "52.09"),
        ("", ""),
    ],
)
def test_a_place_is_told_as_a_map_shows_it(value: str, words: str) -> None:
    assert point_in_words(value) == words


def test_a_place_is_written_without_superfluous_digits() -> None:
    assert point(52.0907000001, -0.00000001, 12.04) == "52.0907 0 0 12"
    assert point(-90, 180) == "-90 180 0 0"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("2026-11-22", "22 november 2026"),
        ("14:30:00", "14:30"),
        ("2026-11-22T14:30:00", "22 november 2026, 14:30"),
        ("2026-11-22T14:30:00.000+01:00", "22 november 2026, 14:30"),
        ("ooit", "ooit"),
    ],
)
def test_a_moment_is_told_as_people_write_it(value: str, words: str) -> None:
    assert moment_in_words(value, "nl") == words


def test_what_is_acknowledged_is_told_by_its_button() -> None:
    somebody = talker("acknowledge")
    assert value_in_words(somebody.talk, somebody.talk.question, "OK", somebody.voice) == "Gelezen"


@pytest.mark.parametrize(
    ("file", "sort", "ending"),
    [
        (File("photo", "r"), "photo", "jpg"),
        (File("voice", "r"), "voice", "ogg"),
        (File("audio", "r", name="lied.MP3"), "voice", "mp3"),
        (File("video", "r"), "video", "mp4"),
        (File("document", "r", name="kaart.PNG"), "photo", "jpg"),
        (File("document", "r", name="film.mov"), "video", "mov"),
        (File("document", "r", name="verslag.pdf", mime="image/png"), "file", "pdf"),
        (File("document", "r", name="x.exe"), "file", "bin"),
        (File("document", "r", mime="video/mp4"), "video", "mp4"),
        (File("document", "r"), "file", "bin"),
    ],
)
def test_a_file_is_told_by_its_ending(file: File, sort: str, ending: str) -> None:
    assert sort_of(file) == sort
    assert ending_of(file, sort_of(file)) == ending


def test_a_required_question_for_a_file_is_passed_by_who_sends_text_only() -> None:
    survey = [["type", "name", "label", "required"], ["image", "a", "A?", "yes"], ["text", "z", "Z?", ""]]
    form = small_form(survey, YES_NO)
    for said in ("Weet ik niet", "", "ik heb geen camera"):
        somebody = Talker(form=form, voice=voice(media_allowed=False))
        assert "Tik dus op Weet ik niet." in somebody.waiting.text
        for _ in range(3 if said else 0):
            somebody.write(said)
        if somebody.name == "a":
            somebody.tap("Weet ik niet")
        assert (somebody.name, somebody.values) == ("z", {})


def test_the_words_for_no_photo_pass_over_a_photo_only() -> None:
    for kind, place in (("image", "z"), ("integer", "a"), ("text", "a")):
        somebody = talker(kind)
        somebody.write("geen foto")
        assert somebody.name == place
