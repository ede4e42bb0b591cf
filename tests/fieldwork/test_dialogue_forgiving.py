"""Nobody is stuck: near numbers are asked about, ticks survive Back, the overview jumps, and not knowing leads on."""

import pytest

from fieldwork.conversation import Missed, Stage, Went
from fieldwork.misses import ARRIVALS
from fieldwork.recognise import Way, number_within, plain
from tests.fieldwork.dialogue_parts import Talker, at, at_summary, catalogue, form_of, told, voice

COUNT = form_of(["type", "name", "label"], ["integer", "people", "Hoeveel bewoners?"], ["text", "more", "Wat nog?"])
WEIGHT = form_of(["type", "name", "label"], ["decimal", "weight", "Hoeveel kilo?"])


@pytest.mark.parametrize("words", ["12", "twaalf", "Twelve", " 12. ", "12,0"])
def test_a_number_is_typed_in_digits_or_as_a_word(words: str) -> None:
    somebody = Talker(COUNT)
    somebody.write(words)
    assert (somebody.values, somebody.name) == ({"people": "12"}, "more")


@pytest.mark.parametrize("words", ["ongeveer 12", "12 mensen", "een stuk of twaalf", "about twelve", "± 12"])
def test_a_number_among_words_is_asked_about_before_it_counts(words: str) -> None:
    somebody = Talker(COUNT)
    somebody.write(words)
    assert (told(somebody), somebody.values) == ("Bedoel je 12?", {})
    assert somebody.labels == ["Ja, 12", "Nee", "Pauze", "Overzicht"]
    somebody.tap("Ja, 12")
    assert (somebody.values, somebody.name) == ({"people": "12"}, "more")


@pytest.mark.parametrize("words", ["ja", "👍", "👍🏽"])
def test_the_number_that_was_meant_is_confirmed_by_typing(words: str) -> None:
    somebody = Talker(COUNT)
    somebody.write("ongeveer 12")
    somebody.write(words)
    assert somebody.values == {"people": "12"}


def test_a_no_to_the_number_asks_the_question_again_and_leaves_one_place_to_tap() -> None:
    somebody = Talker(COUNT)
    somebody.write("ongeveer 12")
    somebody.write("nee")
    assert (somebody.values, somebody.name, somebody.talk.offered) == ({}, "people", "")
    assert [say.text for say in somebody.chat.values() if say.text == "Bedoel je 12?" and say.buttons] == []
    somebody.write("ja")
    assert somebody.values == {}, "a yes to nothing is no number"


def test_another_number_typed_instead_of_a_yes_is_the_answer() -> None:
    somebody = Talker(COUNT)
    somebody.write("ongeveer 12")
    somebody.write("14")
    assert somebody.values == {"people": "14"}


@pytest.mark.parametrize(
    "words", ["tussen 10 en 12", "10-12", "veel", "1.200", "een paar", "3,5", "12 van de 20", "x" * 90 + " 12", "12a3"]
)
def test_what_holds_no_single_number_is_asked_again(words: str) -> None:
    somebody = Talker(COUNT)
    somebody.write(words)
    assert somebody.values == {}
    assert told(somebody).startswith("Ik heb een getal nodig. Bijvoorbeeld: 12")


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("ongeveer 12", "12"),
        ("vijfentwintig man", "25"),
        ("tweeëntwintig", "22"),
        ("twenty-two", "22"),
        ("-3 op", "-3"),
    ],
)
def test_the_one_number_in_words_is_found(words: str, number: str) -> None:
    assert number_within(words) == number


def test_a_decimal_comma_is_dutch() -> None:
    somebody, english = Talker(WEIGHT), Talker(WEIGHT, voice=voice("en"))
    for one in (somebody, english):
        one.write("3,5")
        assert one.values == {"weight": "3.5"}
    assert "→ 3,5" in told(somebody)
    assert "→ 3.5" in told(english)


@pytest.mark.parametrize("way", ["Terug", "overzicht"])
def test_ticks_are_kept_as_the_answer_when_the_person_goes_elsewhere(way: str) -> None:
    somebody = at("present")
    somebody.tap("1")
    somebody.tap("3")
    somebody.write(way)
    if way == "overzicht":
        somebody.tap("1")
    assert somebody.name == "held"
    assert somebody.values["present"] == "residents social_work"
    somebody.tap("Houden")
    assert somebody.name == "influence"
    somebody.tap("Terug")
    assert "✓ 1" in somebody.labels


def test_ticks_that_are_as_they_were_make_no_new_revision() -> None:
    somebody = at("present")
    somebody.tap("1")
    somebody.tap("Klaar")
    somebody.tap("Terug")
    records = len(somebody.records)
    somebody.tap("Terug")
    assert len(somebody.records) == records


@pytest.mark.parametrize("name", ["held", "present", "influence", "moment", "photo"])
@pytest.mark.parametrize("word", ["overzicht", "Overview", "antwoorden", "answers"])
def test_the_overview_is_a_button_and_a_word_at_every_kind_of_question(name: str, word: str) -> None:
    somebody = Talker() if name == "held" else at(name)
    assert somebody.labels.count("Overzicht") == 1
    somebody.write(word)
    assert somebody.talk.stage is Stage.CHOOSING
    somebody.tap("Niets wijzigen")
    assert (somebody.talk.stage, somebody.name) == (Stage.ASKING, name)


def test_the_overview_lists_what_was_answered_and_jumps_there() -> None:
    somebody = at("moment")
    somebody.tap("Overzicht")
    assert "1. Ging de wijkwerkplaats door" in told(somebody)
    assert "Welk moment" not in told(somebody)
    assert somebody.labels == ["1", "2", "3", "Niets wijzigen"]
    somebody.tap("3")
    somebody.tap("5")
    assert (somebody.values["influence"], somebody.name) == ("5", "moment")


def test_the_overview_at_the_first_question_says_that_nothing_was_answered() -> None:
    somebody = Talker()
    somebody.tap("Overzicht")
    assert told(somebody) == "Je hebt nog geen vraag beantwoord."
    somebody.tap("Niets wijzigen")
    assert somebody.name == "held"


@pytest.mark.parametrize(("word", "way"), [("terug", Way.BACK), ("skip", Way.SKIP), ("Pauze.", Way.PAUSE)])
@pytest.mark.parametrize("name", ["present", "influence", "moment", "photo"])
def test_a_word_of_the_way_is_the_way_at_every_kind_of_question(name: str, word: str, way: Way) -> None:
    typing, walking = at(name), at(name)
    typing.write(word)
    walking.step(Went(way))
    assert (typing.talk, typing.records) == (walking.talk, walking.records)


def test_a_word_of_the_way_within_a_story_is_a_part_of_the_story() -> None:
    somebody = at("moment")
    somebody.write("We gingen terug.")
    assert [part.text for part in somebody.talk.parts] == ["We gingen terug."]


def test_who_does_not_know_a_required_question_gets_past_it() -> None:
    somebody = Talker()
    somebody.write("overslaan")
    somebody.tap("Weet ik niet")
    assert (somebody.records[-1].outcome, somebody.name) == ("given_up", "present")
    assert somebody.reloaded().walk == somebody.talk.walk


@pytest.mark.parametrize("words", ["weet ik niet", "Weet niet.", "geen idee", "no idea", "I don’t know"])
def test_not_knowing_is_the_choice_that_the_form_offers_for_it(words: str) -> None:
    somebody = at("influence")
    somebody.write(words)
    assert somebody.values["influence"] == "dont_know"


def test_not_knowing_typed_to_an_open_question_is_an_answer() -> None:
    somebody = at("moment")
    somebody.write("Weet ik niet")
    assert [part.text for part in somebody.talk.parts] == ["Weet ik niet"]


def test_the_third_miss_at_a_required_question_offers_the_way_past_it() -> None:
    somebody = Talker()
    for _ in range(3):
        somebody.write("misschien")
    assert told(somebody).startswith("Deze vraag hebben we echt nodig.")
    assert "Weet ik niet" in somebody.labels
    assert somebody.talk.stuck
    somebody.write("weet ik niet")
    assert somebody.name == "present"


def test_the_way_past_a_required_question_leaves_its_answers_to_be_tapped() -> None:
    somebody = Talker()
    asked = somebody.waiting
    somebody.write("overslaan")
    assert asked.text in somebody.waiting.text, "the choices stand under it once more"
    assert set(somebody.labels) == {button.label for row in asked.buttons for button in row} | {"Weet ik niet"}
    somebody.tap("1")
    assert somebody.values["held"] == "as_planned"


def test_the_third_miss_is_noted_for_the_coordinator() -> None:
    somebody = at("influence")
    for _ in range(3):
        assert not somebody.talk.stuck
        somebody.write("geen idee hoor")
    assert somebody.talk.stuck
    assert "vertel het je coördinator" in told(somebody)


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("what", ARRIVALS)
@pytest.mark.parametrize(
    ("name", "example"), [("held", "zoals gepland"), ("moment", "oudere bewoner"), ("photo", "Geen foto")]
)
def test_whatever_comes_is_named_with_what_is_needed_and_one_example(
    what: str, name: str, example: str, language: str
) -> None:
    somebody = Talker(voice=voice(language)) if name == "held" else at(name, language=language)
    somebody.step(Missed("err.unusable", what))
    assert catalogue().say(f"arrived.{what}", language) in told(somebody)
    assert len(told(somebody).splitlines()) == 2
    if language == "nl":
        assert example in told(somebody)


def test_three_quiet_minutes_ask_whether_that_was_all() -> None:
    somebody = at("moment")
    somebody.write("De zaal werd stil.")
    somebody.nudge()
    assert told(somebody).startswith("Klaar met vertellen?")
    somebody.tap("Nog niet")
    assert told(somebody) == "Goed. Stuur je volgende bericht."
    somebody.write("nog niet")
    assert len(somebody.talk.parts) == 1
    somebody.tap("Klaar")
    assert somebody.values["moment"] == "De zaal werd stil."
    assert told(somebody).startswith("Dank je.")


def test_nothing_is_asked_where_no_open_answer_was_begun() -> None:
    somebody = at("moment")
    before = somebody.talk
    somebody.nudge()
    assert (somebody.talk, somebody.said) == (before, ())


def test_an_edit_that_means_the_same_says_nothing() -> None:
    somebody = at("influence")
    source = somebody.write("4")
    records = len(somebody.records)
    somebody.edit(source, "vier")
    assert (len(somebody.records), somebody.said) == (records, ())


def test_the_labels_under_one_message_are_unique_and_what_is_chosen_stands_in_the_text() -> None:
    somebody = at("present")
    somebody.tap("3")
    assert "Gekozen: Sociaal werk" in somebody.waiting.text
    somebody.tap("Klaar")
    while somebody.talk.stage is Stage.ASKING:
        assert len({plain(label) for label in somebody.labels}) == len(somebody.labels)
        somebody.step(Went(Way.SKIP))


@pytest.mark.parametrize(
    ("words", "stage"),
    [
        ("Ja, versturen", Stage.ENDED),
        ("Versturen.", Stage.ENDED),
        ("iets wijzigen", Stage.CHOOSING),
        ("wijzigen", Stage.CHOOSING),
    ],
)
def test_the_labels_of_the_summary_can_be_typed(words: str, stage: Stage) -> None:
    somebody = at_summary()
    somebody.write(words)
    assert somebody.talk.stage is stage
