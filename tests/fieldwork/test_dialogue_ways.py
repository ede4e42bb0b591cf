"""The ways through the questions: back, skip, pause, the list, the summary, and what nothing fits."""

import pytest

from fieldwork.conversation import Chose, Missed, Stage, Went
from fieldwork.pieces import LONGEST, units
from fieldwork.recognise import Way
from tests.fieldwork.dialogue_parts import Talker, at, at_summary, form_of, told


def test_a_tick_is_taken_back_by_a_second_tap() -> None:
    somebody = at("present")
    somebody.tap("1")
    somebody.tap("✓ 1")
    assert somebody.talk.ticked == ()
    assert "Gekozen: nog niets" in somebody.waiting.text


def test_back_shows_the_earlier_answer_and_houden_goes_on_with_it() -> None:
    somebody = at("influence")
    somebody.tap("4")
    somebody.tap("Terug")
    assert somebody.name == "influence"
    assert "Je eerdere antwoord was: 4\n" in told(somebody)
    records = len(somebody.records)
    somebody.tap("Houden")
    assert (somebody.name, somebody.values["influence"], len(somebody.records)) == ("moment", "4", records)


def test_a_new_answer_after_back_is_a_new_revision() -> None:
    somebody = at("influence")
    somebody.tap("4")
    somebody.tap("Terug")
    somebody.tap("2")
    assert somebody.values["influence"] == "2"
    assert [record.value for record in somebody.records if record.path.endswith("/influence")] == ["4", "2"]
    assert somebody.name == "moment"


def test_back_to_several_shows_the_ticks() -> None:
    somebody = at("present")
    somebody.write("1 7")
    somebody.tap("Terug")
    assert {"✓ 1", "✓ 7", "2"} <= set(somebody.labels)


def test_back_at_the_first_question_stays_there() -> None:
    somebody = Talker()
    assert "Terug" not in somebody.labels
    somebody.write("terug")
    assert told(somebody).startswith("Dit is de eerste vraag.")
    assert somebody.name == "held"


def test_back_keeps_the_messages_of_an_open_answer_that_was_not_closed() -> None:
    somebody = at("moment")
    somebody.write("Een vader sprak de agent aan.")
    somebody.tap("Terug")
    assert somebody.name == "influence"
    assert somebody.values["moment"] == "Een vader sprak de agent aan."


def test_what_is_required_cannot_be_skipped() -> None:
    somebody = Talker()
    assert "Overslaan" not in somebody.labels
    somebody.write("overslaan")
    assert told(somebody).startswith("Deze vraag hebben we echt nodig.\nWeet je het niet?")
    assert (somebody.name, somebody.records) == ("held", [])


def test_a_skip_is_kept_as_one() -> None:
    somebody = at("influence")
    somebody.tap("Overslaan")
    assert (somebody.records[-1].outcome, somebody.records[-1].value) == ("skipped", "")
    assert somebody.chat[somebody.talk.asking - 1].text.endswith("\nOvergeslagen.")


def test_a_skip_after_an_answer_takes_the_answer_back() -> None:
    somebody = at("influence")
    somebody.tap("4")
    somebody.tap("Terug")
    somebody.tap("Overslaan")
    assert "influence" not in somebody.values


def test_after_a_pause_the_same_question_is_put_again() -> None:
    somebody = at("influence")
    somebody.tap("Pauze")
    assert somebody.talk.stage is Stage.PAUSED
    assert "maandag om 20:15" in told(somebody)
    somebody.tap("Verder")
    assert "We gaan verder bij vraag 3 van 11." in told(somebody)
    assert (somebody.talk.stage, somebody.name) == (Stage.ASKING, "influence")


def test_any_words_end_a_pause() -> None:
    somebody = at("influence")
    somebody.tap("Pauze")
    somebody.write("daar ben ik weer")
    assert somebody.talk.stage is Stage.ASKING
    assert "influence" not in somebody.values


def test_a_pause_in_the_middle_of_an_open_answer_loses_nothing_of_it() -> None:
    somebody = at("moment")
    somebody.write("Een vader sprak de agent aan.")
    somebody.tap("Pauze")
    somebody.tap("Verder")
    somebody.tap("Klaar")
    assert somebody.values["moment"] == "Een vader sprak de agent aan."


def test_a_pause_at_the_summary_ends_at_the_summary() -> None:
    somebody = at_summary()
    somebody.write("pauze")
    assert "Pauze." in told(somebody)
    somebody.tap("Verder")
    assert somebody.talk.stage is Stage.SUMMARY
    assert "Klopt alles?" in told(somebody)


def test_an_old_button_changes_nothing() -> None:
    somebody = Talker()
    old = somebody.waiting.buttons[0][0].data
    somebody.tap("1")
    before = (somebody.talk, len(somebody.records))
    somebody.press(old)
    assert (somebody.talk, len(somebody.records)) == before


def test_an_event_that_nothing_waits_for_says_that_the_button_is_old() -> None:
    somebody = at_summary()
    before = somebody.talk
    somebody.step(Chose("1"))
    assert (somebody.talk, somebody.said) == (before, ())
    assert somebody.toast.startswith("Deze knop hoort bij een oude vraag.")


def test_the_summary_lists_every_answer_in_words() -> None:
    somebody = at("influence")
    somebody.tap("4")
    while somebody.talk.stage is Stage.ASKING:
        somebody.step(Chose("none") if somebody.name == "friction" else Went(Way.SKIP))
    summary = told(somebody)
    assert "3. Hoeveel invloed hadden bewoners" in summary
    assert "→ 4" in summary
    assert "→ overgeslagen" in summary
    assert "Wat botste er?" not in summary


@pytest.mark.parametrize("words", ["ja", "Ja!", "yes", "👍"])
def test_the_summary_is_sent_by_a_typed_yes(words: str) -> None:
    somebody = at_summary()
    somebody.write(words)
    assert (somebody.talk.stage, somebody.talk.sent) == (Stage.ENDED, True)
    assert "Verstuurd. Dank je wel, Fatima." in told(somebody)


def test_other_words_at_the_summary_send_nothing() -> None:
    somebody = at_summary()
    somebody.write("straks misschien")
    assert somebody.talk.stage is Stage.SUMMARY
    assert not somebody.talk.sent


def test_no_at_the_summary_lists_the_answers_and_no_again_goes_back() -> None:
    somebody = at_summary()
    somebody.write("nee")
    assert somebody.talk.stage is Stage.CHOOSING
    somebody.write("niets wijzigen")
    assert (somebody.talk.stage, somebody.talk.sent) == (Stage.SUMMARY, False)


def test_words_in_a_pause_answer_what_waits() -> None:
    somebody = at("moment")
    somebody.tap("Pauze")
    somebody.write("Een buurvrouw belde aan.")
    assert [part.text for part in somebody.talk.parts] == ["Een buurvrouw belde aan."]
    assert somebody.talk.stage is Stage.ASKING


def test_what_was_told_is_not_thrown_away_by_passing_the_question_over() -> None:
    somebody = at("moment")
    somebody.write("Een buurvrouw belde aan.")
    somebody.write("overslaan")
    assert somebody.name == "moment"
    assert "Je hebt hier al iets verteld." in told(somebody)
    assert len(somebody.talk.parts) == 1


@pytest.mark.parametrize("way", [Way.SKIP, Way.DONE, Way.CONTINUE])
def test_a_command_at_the_summary_that_makes_no_sense_there_shows_it_again(way: Way) -> None:
    somebody = at_summary()
    somebody.step(Went(way))
    assert "Klopt alles?" in told(somebody)
    assert somebody.talk.stage is Stage.SUMMARY


def test_back_at_the_summary_returns_to_the_last_question() -> None:
    somebody = at_summary()
    somebody.write("terug")
    assert somebody.name == "photo"


def test_a_question_picked_from_the_list_is_put_again_and_leads_back_to_the_summary() -> None:
    somebody = at("influence")
    somebody.tap("4")
    while somebody.talk.stage is Stage.ASKING:
        somebody.step(Chose("none") if somebody.name == "friction" else Went(Way.SKIP))
    somebody.tap("Iets wijzigen")
    somebody.tap("3")
    assert (somebody.name, somebody.talk.stage) == ("influence", Stage.ASKING)
    somebody.tap("5")
    assert somebody.talk.stage is Stage.SUMMARY
    assert "→ 5" in told(somebody)


def test_a_number_typed_at_the_list_picks_that_question() -> None:
    somebody = at_summary()
    somebody.look_back()
    somebody.write("3")
    assert somebody.name == "influence"


@pytest.mark.parametrize("words", ["0", "99", "³", "drie", ""])
def test_what_is_no_number_of_the_list_picks_nothing(words: str) -> None:
    somebody = at_summary()
    somebody.look_back()
    somebody.write(words)
    assert somebody.talk.stage is Stage.CHOOSING


def test_leaving_the_list_returns_to_what_waited_with_all_that_was_told() -> None:
    somebody = at("moment")
    somebody.write("Een vader sprak de agent aan.")
    somebody.look_back()
    somebody.tap("Niets wijzigen")
    assert somebody.name == "moment"
    somebody.tap("Klaar")
    assert somebody.values["moment"] == "Een vader sprak de agent aan."


def test_a_change_after_sending_is_kept_and_confirmed() -> None:
    somebody = at_summary()
    somebody.tap("Ja, versturen")
    somebody.look_back()
    somebody.tap("3")
    somebody.tap("2")
    assert (somebody.talk.stage, somebody.values["influence"]) == (Stage.ENDED, "2")
    assert told(somebody).startswith("Je antwoorden zijn bewaard.")


def test_the_third_miss_in_a_row_lets_the_question_go() -> None:
    somebody = at("influence")
    for _ in range(2):
        somebody.write("weet niet zeker")
    assert somebody.name == "influence"
    somebody.step(Missed("err.sticker"))
    assert told(somebody).startswith("We komen er samen niet uit.")
    assert (somebody.records[-1].outcome, somebody.name) == ("given_up", "moment")
    assert somebody.talk.misses == 0


def test_a_required_question_is_never_let_go() -> None:
    somebody = Talker()
    for _ in range(5):
        somebody.write("misschien")
    assert (somebody.name, somebody.records) == ("held", [])


def test_misses_do_not_throw_away_what_was_told_or_ticked() -> None:
    teller, ticker = at("moment"), at("present")
    teller.write("Een vader.")
    ticker.tap("1")
    for somebody in (teller, ticker):
        for _ in range(4):
            somebody.step(Missed("err.sticker"))
        somebody.tap("Klaar")
    assert teller.values["moment"] == "Een vader."
    assert ticker.values["present"] == "residents"


def test_an_answer_that_ends_the_form_leads_to_the_summary() -> None:
    somebody = Talker()
    somebody.step(Chose("not_held"))
    assert somebody.talk.stage is Stage.SUMMARY


def test_a_summary_of_many_long_answers_fits_in_one_message_with_a_piece_of_each() -> None:
    questions = [["text", f"q{number}", f"Wat gebeurde er op dag {number}?"] for number in range(14)]
    somebody = Talker(form_of(["type", "name", "label"], *questions))
    for _ in questions:
        somebody.write("🙂" * 200)
        somebody.tap("Klaar")
    assert units(told(somebody)) <= LONGEST
    assert told(somebody).count("🙂…") == len(questions)


def test_what_was_told_without_klaar_shows_as_the_answer_when_the_person_goes_elsewhere() -> None:
    somebody = Talker(form=form_of(["type", "name", "label"], ["text", "a", "A?"], ["text", "b", "B?"]))
    somebody.write("eerst")
    somebody.tap("Klaar")
    put_at = somebody.talk.asking
    somebody.write("daarna")
    somebody.tap("Terug")
    assert (somebody.name, somebody.chat[put_at].buttons) == ("a", ())
    assert somebody.chat[put_at].text == "Vraag 2 van 2\nB?\n✓ Jouw antwoord: daarna"


def test_a_summary_that_comes_again_stands_in_the_chat_once() -> None:
    somebody = Talker(form=form_of(["type", "name", "label"], ["text", "a", "A?"]))
    somebody.write("iets")
    somebody.tap("Klaar")
    first = somebody.talk.asking
    somebody.tap("Iets wijzigen")
    somebody.tap("Niets wijzigen")
    last = somebody.talk.asking
    somebody.tap("Ja, versturen")
    assert somebody.chat[first].text == "Dat was de laatste vraag."
    assert "→ iets" in somebody.chat[last].text


def test_what_was_told_or_ticked_before_back_is_shown_as_the_answer_it_became() -> None:
    teller, ticker = at("moment"), at("present")
    teller.write("Een vader sprak de agent aan.")
    ticker.tap("1")
    for somebody, answer in ((teller, "Een vader sprak de agent aan."), (ticker, "Bewoners")):
        somebody.tap("Terug")
        assert any(said.text.endswith(f"✓ Jouw antwoord: {answer}") for said in somebody.chat.values())
