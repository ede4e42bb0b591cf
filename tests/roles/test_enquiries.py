"""/vraag passes a participant's question to who coordinates, and the answer back; the words stay nowhere."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from fieldwork.people import Grant, Role
from storage import erasing, passing, people, receipts, sending
from storage.passing import BLANK
from tests.roles.scene import Scene, scene

AMINA, BRAM = Role.FIELDWORKER, Role.COORDINATOR
WORDS = "Mag mijn zus mee naar de workshop?"
SENT = "Je vraag is naar je coördinator. Het antwoord komt hier."


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with scene(tmp_path_factory.mktemp("town")) as place:
        place.add("Olga", Grant(Role.COORDINATOR, "utrecht"))
        yield place


@pytest.fixture
def town(whole: Scene) -> Iterator[Scene]:
    """The same town for each test, as it was before."""
    desk = whole.desk
    with whole.taken_back():
        yield whole
    whole.desk, whole.is_held_up = desk, False


def put_to(town: Scene, name: str, act: str = "answer") -> tuple[int, str]:
    """The message that passed words on to somebody last, and what is under its button."""
    found = [(id, one.buttons[0][0].data) for id, one in town.heard(name) if one.buttons]
    return next((id, data) for id, data in reversed(found) if data.split(":")[3] == act)


def waiting_words(town: Scene) -> list[str]:
    """What somebody said that the database still holds."""
    return [row["body"] for row in town.tx.all("SELECT body FROM outbox WHERE words_of IS NOT NULL")]


def holds(town: Scene, words: str) -> bool:
    """Whether words stand anywhere in the database."""
    said = [tuple(row) for row in town.tx.all("SELECT * FROM outbox")]
    return any(words in str(cell) for rows in (*town.rows().values(), said) for row in rows for cell in row)


def test_a_question_goes_to_every_coordinator_of_the_city_under_the_code_and_its_words_are_forgotten(
    town: Scene,
) -> None:
    town.is_held_up = True
    assert town.type(AMINA, f"/vraag {WORDS}").texts[0] == SENT
    said = f"Vraag van {town.code(AMINA)} in Utrecht:\n\n{WORDS}\n\nTik op Antwoorden, of antwoord op dit bericht."
    assert town.heard(BRAM)[-1][1].text == said
    assert len(waiting_words(town)) == 2, "to Bram and to Olga, and not to Olaf of Leiden"
    assert holds(town, WORDS)
    town.is_held_up = False
    town.deliver()
    assert waiting_words(town) == []
    assert not holds(town, WORDS)
    assert [one.text for _, one in town.heard("Olga")] == [BLANK]


def test_the_words_may_follow_in_a_message_of_their_own(town: Scene) -> None:
    asked = town.type(AMINA, "/vraag")
    assert asked.texts[0].startswith("Wat wil je vragen aan je coördinator?")
    assert town.type(AMINA, WORDS).texts[0] == SENT
    assert town.tap(AMINA, asked.buttons[0]).texts == [
        "Deze knop is al gebruikt, of niet meer nodig. Er verandert nu niets."
    ]


def test_who_changes_their_mind_passes_nothing_on(town: Scene) -> None:
    asked = town.type(AMINA, "/vraag")
    assert town.tap(AMINA, asked.buttons[0]).texts[0] == "Goed. Ik geef niets door."
    assert SENT not in town.type(AMINA, WORDS).texts
    assert town.tx.all("SELECT 1 FROM enquiry") == []


def test_the_answer_comes_back_and_the_other_coordinators_see_that_there_is_one(town: Scene) -> None:
    town.type(AMINA, f"/vraag {WORDS}")
    _, data = put_to(town, BRAM)
    assert town.tap(BRAM, data).texts == [f"Typ je antwoord aan {town.code(AMINA)} in één bericht."]
    before = len(town.heard(AMINA))
    assert town.type(BRAM, "Ja, dat mag.").texts == [f"Je antwoord gaat naar {town.code(AMINA)}."]
    answer = town.heard(AMINA)[before:]
    assert len(answer) == 1 and not holds(town, "Ja, dat mag.")
    taken = f"De vraag van {town.code(AMINA)} is beantwoord door coordinator."
    assert town.heard("Olga")[-1][1].text == taken
    message, data = put_to(town, "Olga")
    assert town.tap("Olga", data).texts == [taken]
    assert town.type("Olga", "Nee hoor.", reply_to=message).texts == [taken]
    assert len(town.heard(AMINA)) == before + 1, "one question, one answer"


def test_a_reply_in_the_messenger_answers_and_asks_on(town: Scene) -> None:
    town.type(AMINA, f"/vraag {WORDS}")
    question, _ = put_to(town, "Olga")
    assert town.type("Olga", "Ja.", reply_to=question).texts == [f"Je antwoord gaat naar {town.code(AMINA)}."]
    answer, _ = put_to(town, AMINA, "enquire")
    assert town.type(AMINA, "En mijn broer?", reply_to=answer).texts[0] == SENT
    assert len(town.tx.all("SELECT 1 FROM enquiry")) == 2


def test_a_question_in_the_middle_of_the_questionnaire_disturbs_nothing(town: Scene) -> None:
    _, start = put_to(town, AMINA, "start")
    first = town.tap(AMINA, start).texts[-1]
    assert first.startswith("Vraag 1 van 11")
    assert town.type(AMINA, f"/vraag {WORDS}").texts == [SENT, first]
    assert town.type(AMINA, "/vraag").texts[0].startswith("Wat wil je vragen")
    assert town.type(AMINA, WORDS).texts == [SENT, first]
    assert town.tx.all("SELECT 1 FROM answer") == []
    asked, choice = town.type(AMINA, "/vraag"), town.heard(AMINA)
    data = next(one.buttons[0][0].data for _, one in reversed(choice) if one.text == first)
    assert town.tap(AMINA, data).texts[-1].startswith("Vraag 2 van 11")
    assert town.type(AMINA, "1").texts[-1] != SENT, "who goes on with the questionnaire answers that"
    assert asked.buttons and len(town.tx.all("SELECT 1 FROM enquiry")) == 2


def test_who_is_in_two_cities_says_for_which(town: Scene) -> None:
    people.grant(town.tx, town.people[AMINA], Grant(AMINA, "leiden"), town.desk.now)
    asked = town.type(AMINA, f"/vraag {WORDS}")
    assert asked.texts == ["Voor welke stad?"]
    assert town.tap(AMINA, asked.buttons[1]).texts[0] == SENT
    assert [row["city"] for row in town.tx.all("SELECT city FROM enquiry")] == ["leiden"]
    assert town.tap(AMINA, asked.buttons[0]).texts[0].startswith("Deze knop hoort bij een oude vraag.")
    assert not holds(town, WORDS)


def test_a_question_that_begins_with_a_city_stays_whole(town: Scene) -> None:
    assert town.type(AMINA, "/vraag Leiden ligt ver weg, hoe kom ik daar?").texts[0] == SENT
    assert [row["city"] for row in town.tx.all("SELECT city FROM enquiry")] == ["utrecht"]


def test_where_no_coordinator_can_be_reached_the_person_reads_so_and_nothing_is_kept(town: Scene) -> None:
    for name in (BRAM, "Olga"):
        people.set_reachable(town.tx, town.urn(name), False, town.desk.now)
    told = town.type(AMINA, f"/vraag {WORDS}").texts[0]
    assert told.startswith("Ik kan in Utrecht nu geen coördinator bereiken. Je vraag is niet verstuurd.")
    assert not holds(town, WORDS)
    assert town.tx.all("SELECT 1 FROM enquiry") == []


def test_who_has_stopped_may_still_ask(town: Scene) -> None:
    people.leave(town.tx, town.people[AMINA], "withdrawn", town.desk.now)
    assert town.type(AMINA, f"/vraag {WORDS}").texts == [SENT]


def test_too_many_or_too_long_questions_are_refused_with_the_reason(town: Scene) -> None:
    assert town.type(AMINA, "/vraag " + "a" * 1001).texts[0].startswith("Dat is te lang om door te geven: 1001 tekens.")
    for _ in range(5):
        assert town.type(AMINA, f"/vraag {WORDS}").texts[0] == SENT
    for text in ("/vraag", f"/vraag {WORDS}"):
        assert town.type(AMINA, text).texts[0].startswith("Je stelde al 5 vragen dit uur.")
    town.desk = replace(town.desk, now=town.desk.now + timedelta(minutes=61))
    assert town.type(AMINA, f"/vraag {WORDS}").texts[0] == SENT


def test_at_night_nobody_is_woken_by_a_question_or_an_answer(town: Scene) -> None:
    town.desk = replace(town.desk, now=town.desk.now + timedelta(hours=7))
    told = town.type(AMINA, f"/vraag {WORDS}").texts[0]
    assert told == "Je coördinator krijgt je vraag donderdag 19 november om 08:30. Het antwoord komt hier."
    (waits,) = {row["not_before_on"] for row in town.tx.all("SELECT * FROM outbox WHERE words_of IS NOT NULL")}
    assert waits == "2026-11-19T07:30:00.000Z"


def test_a_coordinator_of_elsewhere_and_one_who_is_none_any_more_cannot_answer(town: Scene) -> None:
    town.type(AMINA, f"/vraag {WORDS}")
    message, data = put_to(town, BRAM)
    town.tap(BRAM, data)
    town.tx.run("UPDATE role_grant SET city = 'leiden' WHERE person_id = :id", id=town.people[BRAM])
    before = town.rows()
    for heard in (
        town.tap(BRAM, data),
        town.type(BRAM, "Ja.", reply_to=message),
        town.tap("Olaf", data.replace(f"d:{town.people[BRAM]}:", f"d:{town.people['Olaf']}:")),
    ):
        assert heard.texts[0].startswith("Deze knop hoort bij een oude vraag.")
    assert town.rows() == before
    assert town.type(BRAM, "Ja.").texts[0].startswith("Dat snap ik niet.")
    assert [row["answered_on"] for row in town.tx.all("SELECT answered_on FROM enquiry")] == [None]


def test_the_words_that_wait_are_forgotten_with_who_said_them(town: Scene) -> None:
    town.is_held_up = True
    town.type(AMINA, f"/vraag {WORDS}")
    assert holds(town, WORDS)
    erasure = receipts.ask(town.tx, town.people[AMINA], "R", "utrecht", town.desk.now)
    erasing.delete(town.tx, receipts.by_id(town.tx, erasure), "ZZZZ", town.desk.now)
    assert not holds(town, WORDS)
    assert town.tx.all("SELECT 1 FROM enquiry") == []


def test_what_nobody_could_take_is_forgotten_after_some_days(town: Scene) -> None:
    town.is_held_up = True
    town.type(AMINA, f"/vraag {WORDS}")
    for row in town.tx.all("SELECT id FROM outbox WHERE words_of IS NOT NULL"):
        sending.record_refused(town.tx, row["id"], "message is too long")
    passing.blank_refused(town.tx, town.desk.now)
    assert holds(town, WORDS), "it may still be tried again"
    passing.blank_refused(town.tx, town.desk.now + timedelta(seconds=1))
    assert not holds(town, WORDS)
