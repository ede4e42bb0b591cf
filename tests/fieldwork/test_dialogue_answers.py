"""What is an answer: a tap, typed words, ticks, messages, recordings and pictures."""

import pytest

from fieldwork import wording
from fieldwork.conversation import Chose, Stage, Went
from fieldwork.recognise import Way
from fieldwork.turns import LONGEST_ANSWER
from tests.fieldwork.dialogue_parts import Talker, at, form_of, label, told, voice


def test_the_talk_begins_with_the_intro_and_the_first_question() -> None:
    somebody = Talker()
    intro, question = somebody.said
    assert intro.text.startswith("Vertel wat jij zag en deed.")
    assert not intro.buttons
    assert question.text.startswith("Vraag 1 van 11\nGing de wijkwerkplaats door")
    assert "2. " in question.text


def test_a_tap_is_an_answer_shown_in_its_question() -> None:
    somebody = Talker()
    somebody.tap("1")
    [record] = somebody.records
    assert (record.path, record.outcome, record.value, record.way, record.source) == (
        "/data/held",
        "answered",
        "as_planned",
        "tap",
        None,
    )
    assert somebody.chat[1].text.endswith("\n✓ Jouw antwoord: " + label(somebody, "held", "as_planned"))
    assert not somebody.chat[1].buttons
    assert somebody.name == "present"


@pytest.mark.parametrize("words", ["4", "vier", "4."])
def test_a_typed_scale_value_answers_like_its_button(words: str) -> None:
    somebody = at("influence")
    source = somebody.write(words)
    assert somebody.values["influence"] == "4"
    assert (somebody.records[-1].way, somebody.records[-1].source) == ("typed", source)


@pytest.mark.parametrize("agree", ["Ja, 4", "ja"])
def test_a_number_among_words_on_a_scale_of_choices_is_asked_about_before_it_counts(agree: str) -> None:
    somebody = at("influence")
    somebody.write("ongeveer vier")
    assert told(somebody) == "Bedoel je 4?"
    somebody.tap(agree) if agree in somebody.labels else somebody.write(agree)
    assert somebody.values["influence"] == "4"
    outside = at("influence")
    outside.write("ongeveer 9")
    assert told(outside).startswith("Dat antwoord herken ik niet.")


def test_typed_words_that_fit_nothing_change_nothing() -> None:
    somebody = at("influence")
    asked = somebody.talk.asking
    somebody.write("best veel")
    assert told(somebody).startswith("Dat antwoord herken ik niet.")
    assert (somebody.name, somebody.talk.asking, somebody.talk.misses) == ("influence", asked, 1)
    somebody.tap("4")
    assert somebody.values["influence"] == "4"


def test_several_are_ticked_and_become_one_answer_with_klaar() -> None:
    somebody = at("present")
    asked, records = somebody.talk.asking, len(somebody.records)
    somebody.tap("7")
    somebody.tap("1")
    assert "✓ 1" in somebody.labels
    assert f"Gekozen: {label(somebody, 'present', 'residents')}, " in somebody.waiting.text
    assert (somebody.talk.asking, len(somebody.records)) == (asked, records)
    somebody.tap("Klaar")
    assert somebody.values["present"] == "residents police"


def test_tapping_a_tick_twice_before_the_message_changes_does_no_harm() -> None:
    somebody = at("present")
    first = next(button.data for row in somebody.waiting.buttons for button in row if button.label == "1")
    somebody.press(first)
    somebody.press(first)
    assert somebody.talk.ticked == ("residents",)
    assert somebody.said == ()


def test_an_exclusive_choice_stands_alone_and_yields_to_another() -> None:
    somebody = at("voice_acts")
    places = {choice.name: str(i) for i, choice in enumerate(somebody.question("voice_acts").choices, start=1)}
    somebody.tap(places["mediated"])
    somebody.tap(places["none"])
    assert somebody.talk.ticked == ("none",)
    somebody.tap(places["mediated"])
    assert somebody.talk.ticked == ("mediated",)


def test_an_exclusive_choice_typed_with_another_is_refused() -> None:
    somebody = at("voice_acts")
    places = {choice.name: str(i) for i, choice in enumerate(somebody.question("voice_acts").choices, start=1)}
    somebody.write(f"{places['none']} en {places['mediated']}")
    assert told(somebody).startswith("Dit antwoord kan niet samen met een ander.")
    assert "voice_acts" not in somebody.values


def test_several_are_typed_at_once() -> None:
    somebody = at("present")
    somebody.write("1 en 7")
    assert somebody.values["present"] == "residents police"


def test_klaar_without_anything_asks_for_an_answer() -> None:
    somebody = at("present")
    somebody.tap("Klaar")
    assert told(somebody).startswith("Ik heb nog geen antwoord van je.")
    assert somebody.name == "present"


def test_messages_make_one_open_answer_until_klaar() -> None:
    somebody = at("moment")
    first = somebody.write("Een vader sprak de agent aan.")
    assert told(somebody).startswith("Ik heb je bericht.")
    somebody.write("Daarna ging het beter.")
    assert "2 berichten" in told(somebody)
    assert "moment" not in somebody.values
    somebody.tap("Klaar")
    assert somebody.values["moment"] == "Een vader sprak de agent aan.\nDaarna ging het beter."
    record = somebody.records[-1]
    assert (record.way, record.source, len(record.parts)) == ("parts", first, 2)


def test_a_recording_is_a_part_of_an_open_answer() -> None:
    somebody = at("moment")
    somebody.show("voice")
    somebody.write("Zie ook de foto.")
    somebody.write("klaar")
    file = somebody.records[-1].parts[0].file
    assert somebody.values["moment"] == f"[{file}]\nZie ook de foto."


def test_a_picture_is_a_whole_answer_where_one_is_asked_for() -> None:
    somebody = at("photo")
    somebody.show("photo", "de flap")
    [part] = somebody.records[-1].parts
    assert somebody.values["photo"] == part.file
    assert part.text == "de flap"
    assert somebody.talk.stage is Stage.SUMMARY


def test_words_where_a_picture_is_asked_for_are_no_answer() -> None:
    somebody = at("photo")
    somebody.write("de flap hing scheef")
    assert told(somebody).startswith("Hier past een foto.")
    assert somebody.name == "photo"


def test_an_open_answer_that_is_too_long_keeps_what_was_told_before() -> None:
    somebody = at("moment")
    somebody.write("kort")
    somebody.write("x" * LONGEST_ANSWER)
    assert f"{wording.number(LONGEST_ANSWER + 5, 'nl')} tekens" in told(somebody)
    somebody.tap("Klaar")
    assert somebody.values["moment"] == "kort"


def test_blank_words_are_no_open_answer() -> None:
    somebody = at("moment")
    somebody.write(" \u00a0\n")
    assert somebody.talk.parts == ()
    assert told(somebody).startswith("Ik heb nog geen antwoord van je.")


def test_the_intention_of_last_time_is_asked_about() -> None:
    somebody = Talker(hidden={"previous_next": "de huismeester bellen"})
    somebody.tap("1")
    assert somebody.name == "followup"
    assert "'de huismeester bellen'" in told(somebody)


def test_who_reads_english_is_asked_in_english() -> None:
    somebody = at("influence", language="en")
    assert somebody.waiting.text.startswith("Question 3 of 11\n")
    assert {"Back", "Skip", "Pause"} <= set(somebody.labels)


def test_who_sends_text_only_is_told_how_to_pass_a_picture() -> None:
    somebody = Talker(voice=voice(media_allowed=False))
    somebody.step(Chose("as_planned"))
    while somebody.name != "photo":
        somebody.step(Chose("none") if somebody.name == "friction" else Went(Way.SKIP))
    assert "alleen tekst" in somebody.waiting.text


def test_a_text_that_the_form_refuses_can_be_told_anew() -> None:
    form = form_of(
        ["type", "name", "label", "constraint", "constraint_message"],
        ["text", "story", "Wat gebeurde er?", "string-length(.) < 20", "Houd het kort."],
        ["integer", "people", "Hoeveel?", ". < 100", ""],
    )
    somebody = Talker(form)
    somebody.write("Een verhaal dat langer is dan twintig tekens.")
    somebody.tap("Klaar")
    assert told(somebody) == "Houd het kort."
    somebody.write("Kort.")
    somebody.tap("Klaar")
    assert somebody.values == {"story": "Kort."}
    somebody.write("200")
    assert somebody.name == "people"
    somebody.write("20")
    assert somebody.values == {"story": "Kort.", "people": "20"}


def test_a_number_outside_its_range_is_named_with_the_range() -> None:
    form = form_of(["type", "name", "label", "parameters"], ["range", "grade", "Cijfer?", "start=1 end=5 step=1"])
    somebody = Talker(form)
    assert {"1", "2", "3", "4", "5"} <= set(somebody.labels)
    somebody.write("9")
    assert told(somebody) == "Je stuurde 9. Dat kan niet. Stuur een getal van 1 tot en met 5. Bijvoorbeeld: 1"
    somebody.write("veel")
    assert told(somebody).startswith("Ik heb een getal nodig.")
    somebody.tap("5")
    assert somebody.values == {"grade": "5"}


def test_a_note_between_questions_is_read_out_on_the_way() -> None:
    form = form_of(
        ["type", "name", "label"],
        ["text", "first", "Eerst?"],
        ["note", "halfway", "Je bent halverwege."],
        ["text", "second", "Dan?"],
    )
    somebody = Talker(form)
    somebody.tap("Overslaan")
    assert somebody.said[0].text == "Je bent halverwege."
    assert somebody.name == "second"
