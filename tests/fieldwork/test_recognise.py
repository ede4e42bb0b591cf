"""Typed words mean a choice, a way through the questions, or nothing: a near miss is never guessed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldwork.recognise import Option, Way, is_yes, one, options, plain, several, way
from forms.question import Choice, Kind, Question
from tests.fieldwork.dialogue_parts import questionnaire

SELECTS = [question for question in questionnaire().questions if question.choices]


def offered(name: str, language: str = "nl") -> tuple[Option, ...]:
    question = questionnaire().named(name)
    assert question is not None
    return options(question, [choice.labels[language] for choice in question.choices])


def choices(*labels: str) -> tuple[Option, ...]:
    """Choices with codes a, b, c and these labels."""
    codes = "abcdefghijkl"[: len(labels)]
    question = Question("/q", "q", Kind.SELECT_ONE, {}, choices=tuple(Choice(code, {}) for code in codes))
    return options(question, labels)


@pytest.mark.parametrize(
    ("words", "code"),
    [("1", "1"), ("5", "5"), ("vijf", "5"), ("Five", "5"), (" 3. ", "3"), ("één", "1"), ("weet ik niet", "dont_know")],
)
def test_digits_and_number_words_are_values_on_a_scale(words: str, code: str) -> None:
    assert one(words, offered("influence")) == code


@pytest.mark.parametrize("words", ["0", "6", "zes", "10", "3,5", "-3", "drie of vier", "3 4", "٣", "³", ""])
def test_what_is_not_on_the_scale_is_nothing(words: str) -> None:
    assert one(words, offered("influence")) is None


@pytest.mark.parametrize(("words", "code"), [("1", "a"), ("drie", "c"), ("twelve", "l"), ("noord", "a")])
def test_digits_are_places_in_a_list_without_numbers(words: str, code: str) -> None:
    assert one(words, choices("Noord", *"klmnopqrst", "Zuid")) == code


def test_a_number_that_could_be_a_label_or_a_place_is_nothing() -> None:
    ambiguous = choices("2", "Drie", "4")
    assert one("2", ambiguous) is None
    assert one("1", ambiguous) == "a"


@pytest.mark.parametrize("words", ["Gemeente, beleid", " gemeente,  BELEID ", "gemeente, beleid.", "gemeente,\nbeleid"])
def test_a_label_is_recognised_whatever_its_capitals_and_spaces(words: str) -> None:
    assert one(words, choices("Bewoners", "Gemeente, beleid")) == "b"


def test_a_label_may_be_typed_without_its_commas() -> None:
    assert one("gemeente beleid", choices("Bewoners", "Gemeente, beleid")) == "b"


@pytest.mark.parametrize("words", ["Gemeent", "gemeente", "beleid", "b", "gemeente, belied"])
def test_a_near_miss_is_never_guessed(words: str) -> None:
    assert one(words, choices("Bewoners", "Gemeente, beleid")) is None


@pytest.mark.parametrize("words", ["ja", "J", "yes", "👍", "Ja!"])
def test_yes_means_the_only_choice_that_begins_with_it(words: str) -> None:
    assert one(words, choices("Ja, dat mag", "Nee, alleen tekst")) == "a"
    assert one(words, choices("Ja, helemaal", "Ja, een deel", "Nee")) is None


@pytest.mark.parametrize("words", ["nee", "N", "no", "👎"])
def test_no_means_the_only_choice_that_begins_with_it(words: str) -> None:
    assert one(words, choices("Ja", "Deels", "Nee, helaas")) == "c"
    assert one(words, choices("Nee, nooit", "Nee, nog niet")) is None


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("1 en 3", ("a", "c")),
        ("1 3", ("a", "c")),
        ("1,3", ("a", "c")),
        ("1, 3 and 4", ("a", "c", "d")),
        ("een en drie", ("a", "c")),
        ("3\n1", ("c", "a")),
        ("bewoners; zorg, wijkteam", None),
        ("bewoners; politie", ("a", "d")),
        ("Zorg en wijkteam", ("c",)),
        ("Zorg en wijkteam, politie", ("c", "d")),
        ("1 1", ("a",)),
        ("1 en 9", None),
        ("1 en", ("a",)),
        ("bewoners en iedereen", None),
        ("en", None),
        ("", None),
    ],
)
def test_several_are_typed_in_any_usual_way(words: str, codes: tuple[str, ...] | None) -> None:
    assert several(words, choices("Bewoners", "Sociaal werk", "Zorg en wijkteam", "Politie")) == codes


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("Terug", Way.BACK),
        ("skip", Way.SKIP),
        ("geen foto", Way.SKIP),
        ("pauze.", Way.PAUSE),
        ("KLAAR", Way.DONE),
        ("verder", Way.CONTINUE),
        ("houden", Way.KEEP),
        ("terug naar het buurthuis", None),
        ("klaarr", None),
        ("", None),
    ],
)
def test_a_way_is_one_word_of_ours_and_nothing_else(words: str, meant: Way | None) -> None:
    assert way(words) is meant


def test_yes_is_yes_in_both_languages_and_nothing_like_it() -> None:
    assert all(is_yes(words) for words in ("ja", "Yes.", "y", "👍", "👍\ufe0f"))
    assert not any(is_yes(words) for words in ("jaja", "ja hoor", "nee", "", "oui"))


@given(st.sampled_from(SELECTS), st.sampled_from(("nl", "en")), st.text(max_size=40))
@settings(max_examples=150, deadline=None)
def test_whatever_is_typed_means_a_choice_or_nothing(question: Question, language: str, words: str) -> None:
    expect_choices(question, language, words)


WORDS = ("1", "3", "12", "13", "drie", "en", "&", ",", " ", "\n", "ja", "anders", "bewoners")
PIECES = st.lists(st.sampled_from(WORDS))


@given(st.sampled_from(SELECTS), st.sampled_from(("nl", "en")), PIECES.map(" ".join))
@settings(max_examples=150, deadline=None)
def test_whatever_pieces_are_typed_mean_choices_or_nothing(question: Question, language: str, words: str) -> None:
    expect_choices(question, language, words)


def expect_choices(question: Question, language: str, words: str) -> None:
    asked = options(question, [choice.labels[language] for choice in question.choices])
    codes = {choice.name for choice in question.choices}
    assert one(words, asked) in {*codes, None}
    found = several(words, asked)
    assert found is None or (found and set(found) <= codes and len(set(found)) == len(found))


@given(st.sampled_from(SELECTS), st.sampled_from(("nl", "en")), st.data())
@settings(max_examples=100, deadline=None)
def test_every_label_means_its_own_choice(question: Question, language: str, data: st.DataObject) -> None:
    asked = options(question, [choice.labels[language] for choice in question.choices])
    option = data.draw(st.sampled_from(asked))
    assert one(option.label.upper(), asked) == option.choice.name
    assert several(option.label, asked) == (option.choice.name,)


@given(st.text())
def test_plain_words_are_plain_already(text: str) -> None:
    assert plain(plain(text)) == plain(text)
