"""What comes of editing a message that was an answer, or a part of one."""

import pytest

from fieldwork import wording
from fieldwork.conversation import Stage, Went
from fieldwork.recognise import Way
from fieldwork.turns import LONGEST_ANSWER
from tests.fieldwork.dialogue_parts import at, told


def test_an_edited_message_corrects_its_answer() -> None:
    somebody = at("influence")
    source = somebody.write("4")
    somebody.edit(source, "2")
    assert somebody.values["influence"] == "2"
    assert (somebody.records[-1].way, somebody.records[-1].source) == ("edit", source)
    assert told(somebody).endswith("Je antwoord op vraag 3 is nu: 2")
    assert somebody.name == "moment"


def test_an_edit_that_fits_nothing_leaves_the_old_answer() -> None:
    somebody = at("influence")
    source = somebody.write("4")
    records = len(somebody.records)
    somebody.edit(source, "zes")
    assert (somebody.values["influence"], len(somebody.records)) == ("4", records)
    assert "past niet bij vraag 3" in told(somebody)
    assert told(somebody).endswith(": 4")


def test_an_edit_that_takes_the_waiting_question_away_goes_on_with_the_next() -> None:
    somebody = at("friction")
    source = somebody.write("2")
    assert somebody.name == "friction_story"
    somebody.edit(source, "nee")
    assert (somebody.values["friction"], somebody.name) == ("none", "resilience")


def test_an_edit_at_the_summary_that_brings_a_question_asks_it() -> None:
    somebody = at("friction")
    source = somebody.write("nee")
    while somebody.talk.stage is Stage.ASKING:
        somebody.step(Went(Way.SKIP))
    somebody.edit(source, "2")
    assert somebody.name == "friction_story"


def test_an_edit_during_a_pause_that_takes_the_question_away_goes_on_with_the_next_after_it() -> None:
    somebody = at("friction")
    source = somebody.write("2")
    somebody.tap("Pauze")
    somebody.edit(source, "nee")
    assert somebody.talk.stage is Stage.PAUSED
    somebody.tap("Verder")
    assert somebody.name == "resilience"


def test_a_question_that_an_edit_took_away_cannot_be_picked_from_an_older_list() -> None:
    somebody = at("friction")
    source = somebody.write("2")
    somebody.write("Ik twijfelde.")
    somebody.tap("Klaar")
    somebody.look_back()
    somebody.edit(source, "nee")
    somebody.tap("9")
    assert somebody.talk.stage is Stage.CHOOSING
    assert "Wat botste er?" not in told(somebody)


def test_an_edited_part_of_an_open_answer_is_put_together_again() -> None:
    somebody = at("moment")
    somebody.write("Een vader sprak de agent aan.")
    second = somebody.write("Daarna ging het beter.")
    somebody.tap("Klaar")
    somebody.edit(second, "Daarna werd het stil.")
    assert somebody.values["moment"] == "Een vader sprak de agent aan.\nDaarna werd het stil."
    assert len(somebody.records[-1].parts) == 2


def test_a_message_edited_before_klaar_counts_as_edited() -> None:
    somebody = at("moment")
    source = somebody.write("Een vader sprak de agent aan.")
    somebody.edit(source, "Een moeder sprak de agent aan.")
    assert told(somebody).endswith("Ik bewaar de nieuwe tekst.")
    somebody.tap("Klaar")
    assert somebody.values["moment"] == "Een moeder sprak de agent aan."


def test_an_edit_of_an_answer_to_a_question_no_longer_asked_changes_nothing() -> None:
    somebody = at("friction_story")
    source = somebody.write("Ik twijfelde.")
    somebody.tap("Klaar")
    somebody.tap("Terug")
    somebody.tap("Terug")
    somebody.tap("1")
    records = len(somebody.records)
    somebody.edit(source, "Ik twijfelde niet.")
    assert len(somebody.records) == records


def test_an_edited_caption_leaves_the_picture_as_the_answer() -> None:
    somebody = at("photo")
    source = somebody.show("photo", "de flap")
    file = somebody.values["photo"]
    somebody.edit(source, "de kaart")
    assert somebody.values["photo"] == file
    assert somebody.records[-1].parts[0].text == "de kaart"


@pytest.mark.parametrize("closed", [True, False])
def test_an_edit_that_makes_an_open_answer_too_long_is_refused(closed: bool) -> None:
    somebody = at("moment")
    source = somebody.write("kort")
    if closed:
        somebody.tap("Klaar")
    somebody.edit(source, "x" * (LONGEST_ANSWER + 1))
    assert f"{wording.number(LONGEST_ANSWER + 1, 'nl')} tekens" in told(somebody)
    if not closed:
        somebody.tap("Klaar")
    assert somebody.values["moment"] == "kort"
