"""Dates and spans in words, the study's cities, what a sent reflection says, and the catalogue's own checks."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from fieldwork import attendance, wording
from fieldwork.study import City, ConsentText, QuietHours, Rhythm, Study, UnknownCity, words_hash
from fieldwork.texts import BadCatalogue, blanks, read_texts

ZONE = ZoneInfo("Europe/Amsterdam")
MORNING = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "when", "day", "on"),
    [
        ("nl", "maandag 23 november om 08:30", "maandag 23 november", "23 november 2026"),
        ("en", "Monday 23 November at 08:30", "Monday 23 November", "23 November 2026"),
    ],
)
def test_moments_are_told_in_words_on_local_clocks(language: str, when: str, day: str, on: str) -> None:
    assert wording.when(MORNING, ZONE, language) == when
    assert wording.day(MORNING, ZONE, language) == day
    assert wording.clock(MORNING, ZONE, language) == "08:30"
    assert wording.date_in_words(date(2026, 11, 23), language) == on


def test_a_day_of_another_year_is_told_with_its_year() -> None:
    assert wording.day(MORNING, ZONE, "nl", datetime(2027, 1, 4, tzinfo=UTC)) == "maandag 23 november 2026"
    assert wording.day(MORNING, ZONE, "nl", datetime(2026, 1, 4, tzinfo=UTC)) == "maandag 23 november"


def test_the_day_is_the_local_one() -> None:
    assert wording.day(datetime(2026, 11, 23, 23, 30, tzinfo=UTC), ZONE, "nl") == "dinsdag 24 november"


@pytest.mark.parametrize(
    ("value", "nl", "en"),
    [
        (0, "0", "0"),
        (2026, "2026", "2026"),
        (20001, "20.001", "20,001"),
        (-12500, "-12.500", "-12,500"),
        (2.5, "2,5", "2.5"),
        (Decimal("0.12345"), "0,12345", "0.12345"),
    ],
)
def test_numbers_are_written_as_the_language_writes_them(value: int | float | Decimal, nl: str, en: str) -> None:
    assert (wording.number(value, "nl"), wording.number(value, "en")) == (nl, en)


def test_a_word_goes_with_its_number() -> None:
    texts = read_texts("a: {nl: '{n} {n:dag|dagen}, {of}', en: '{n} {n:day|days}, {of}'}")
    said = [texts.say("a", language, n=n, of=2.5) for n in (0, 1, 2) for language in ("nl", "en")]
    assert said == ["0 dagen, 2,5", "0 days, 2.5", "1 dag, 2,5", "1 day, 2.5", "2 dagen, 2,5", "2 days, 2.5"]


def a_study() -> Study:
    return Study(
        "Wijken in beeld",
        "Noor",
        (City("den-haag", "Den Haag", ZONE), City("leiden", "Leiden", ZONE)),
        (),
        ConsentText("1", {}),
        Rhythm(QuietHours(time(21), time(8, 30))),
        ZONE,
        date(2031, 12, 31),
        "de projectschijf",
    )


@pytest.mark.parametrize("name", ["Den Haag", "den haag", " DEN-HAAG "])
def test_a_city_is_found_by_code_or_name(name: str) -> None:
    assert a_study().city(name).code == "den-haag"


@pytest.mark.parametrize("name", ["", "Haag", "Delft"])
def test_another_city_is_refused_with_the_cities_there_are(name: str) -> None:
    with pytest.raises(UnknownCity, match="Den Haag, Leiden"):
        a_study().city(name)


def test_words_have_a_hash_that_tells_them_apart() -> None:
    assert len(words_hash("Doe je mee?")) == 64
    assert words_hash("Doe je mee?") != words_hash("Doe je mee")


@pytest.mark.parametrize(
    ("answers", "outcome"),
    [
        ({"held": "not_held"}, "not_held"),
        ({"held": "absent"}, "absent"),
        ({"held": "as_planned"}, "completed"),
        ({"held": "differently", "influence": "3"}, "completed"),
        ({}, "completed"),
    ],
)
def test_a_prompt_ends_as_the_answers_say(answers: dict[str, str], outcome: str) -> None:
    assert attendance.outcome(answers) == outcome


GOOD = 'hello: {nl: "Hallo {name}", en: "Hi {name}", buttons: {nl: ["Ja {n}"], en: ["Yes {n}"]}}\n'


def test_a_text_is_said_in_the_language_with_its_blanks_filled_in() -> None:
    texts = read_texts(GOOD)
    assert texts.say("hello", "nl", name="{n}") == "Hallo {n}"
    assert texts.buttons("hello", "en", n=3) == ("Yes 3",)
    assert blanks("{a} en {b}, {{c}}") == {"a", "b"}


def test_a_key_or_a_value_that_is_missing_is_our_fault() -> None:
    texts = read_texts(GOOD)
    for key, values in (("goodbye", {"name": "x"}), ("hello", {})):
        with pytest.raises(KeyError):
            texts.say(key, "nl", **values)


@pytest.mark.parametrize(
    "fault",
    [
        'bye: {nl: "Dag"}',
        'bye: {en: "Bye"}',
        'bye: {nl: "Dag {name}", en: "Bye"}',
        'bye: {nl: "Dag {name}", en: "Bye {nam}"}',
        'bye: {nl: "Dag", en: "Bye", buttons: {nl: ["Ja", "Nee"], en: ["Yes"]}}',
        'bye: {nl: "Dag", en: "Bye", buttons: {nl: ["Ja"]}}',
        'bye: {buttons: {en: ["Yes"]}}',
        'bye: {nl: "Dag", en: "Bye", buttons: {nl: ["Om {when}"], en: ["At {time}"]}}',
        "bye: {}",
    ],
)
def test_a_catalogue_whose_languages_do_not_match_is_refused_by_key(fault: str) -> None:
    with pytest.raises(BadCatalogue, match="bye:") as refusal:
        read_texts(GOOD + fault)
    assert "hello" not in str(refusal.value)


def test_every_fault_of_a_catalogue_is_named() -> None:
    with pytest.raises(BadCatalogue, match=r"one: .*two: "):
        read_texts('one: {nl: "Een"}\ntwo: {en: "Two"}\n')
