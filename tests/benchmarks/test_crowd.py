"""The crowd answers what it is asked, once, and its waits are those of the people."""

from collections.abc import Callable

import pytest

from benchmarks.crowd import Crowd
from benchmarks.replies import FIRST_PERSON, Manner, Update

LATE = 100.0


def a_crowd(manner: Manner, people: int = 1, turns: int = 0) -> tuple[Crowd, list[Update]]:
    """Some people, and what they said so far."""
    said: list[Update] = []
    return Crowd(people, turns, manner, said.append, lambda: 1_700_000_000), said


def ask(crowd: Crowd, buttons: list[str], at: float, *, text: str = "?", person: int = 0, is_new: bool = True) -> None:
    crowd.shown(FIRST_PERSON + person, 7, buttons, at, text, is_new=is_new)


def last(said: list[Update]) -> str:
    """What was tapped or typed last."""
    tap, message = said[-1].get("callback_query"), said[-1].get("message")
    found = tap["data"] if isinstance(tap, dict) else message["text"] if isinstance(message, dict) else ""
    assert isinstance(found, str)
    return found


def test_nobody_answers_before_everybody_was_asked_and_no_wait_counts_from_before() -> None:
    crowd, said = a_crowd(Manner.TAPPING, people=2)
    ask(crowd, ["p:1:0:start:"], 1.0)
    assert last(said) == "p:1:0:start:"
    ask(crowd, ["s:1:1:choose:0", "s:1:1:choose:1"], 2.0)
    assert (len(said), crowd.started_at) == (1, None)
    ask(crowd, ["s:2:1:choose:0", "s:2:1:choose:1"], LATE, person=1)
    assert (len(said), crowd.started_at) == (3, LATE)
    ask(crowd, ["s:1:2:skip:"], LATE + 0.5)
    assert crowd.waits == [0.5]


@pytest.mark.parametrize(
    ("manner", "buttons", "text", "answer"),
    [
        (Manner.TAPPING, ["s:1:1:choose:0", "s:1:1:choose:1", "s:1:1:skip:"], "?", "s:1:1:choose:1"),
        (Manner.TYPING, ["s:1:1:choose:0", "s:1:1:choose:1", "s:1:1:skip:"], "?", "2"),
        (Manner.TAPPING, ["s:1:1:on:0", "s:1:1:on:1", "s:1:1:done:"], "?", "s:1:1:on:1"),
        (Manner.TAPPING, ["s:1:1:on:0", "s:1:1:off:1", "s:1:1:done:"], "?", "s:1:1:done:"),
        (Manner.TYPING, ["s:1:1:on:0", "s:1:1:on:1", "s:1:1:done:"], "?", "2"),
        (Manner.TYPING, ["s:1:1:done:"], "Ik heb je bericht.", "s:1:1:done:"),
        (Manner.TYPING, ["s:1:1:skip:"], "Wil je een foto toevoegen?", "s:1:1:skip:"),
        (Manner.TAPPING, ["s:1:1:send:", "s:1:1:choose:"], "Klaar?", "s:1:1:send:"),
    ],
)
def test_a_question_is_answered_in_the_manner_of_the_person(
    manner: Manner, buttons: list[str], text: str, answer: str
) -> None:
    crowd, said = a_crowd(manner)
    ask(crowd, buttons, 1.0, text=text)
    assert last(said) == answer


def test_words_are_typed_where_there_is_nothing_to_choose() -> None:
    crowd, said = a_crowd(Manner.TAPPING)
    ask(crowd, ["s:1:1:back:", "s:1:1:skip:"], 1.0)
    assert last(said).startswith("De bewoners")


def test_who_thinks_waits_only_from_when_they_spoke() -> None:
    said: list[Update] = []
    thoughts: list[Callable[[float], None]] = []
    crowd = Crowd(1, 0, Manner.TAPPING, said.append, lambda: 1_700_000_000, thoughts.append)
    ask(crowd, ["s:1:1:choose:0"], 1.0)
    assert (said, crowd.started_at) == ([], 1.0)
    thoughts.pop()(5.0)
    ask(crowd, ["s:1:2:choose:0"], 5.25)
    assert (len(said), crowd.waits) == (1, [0.25])


def test_the_same_question_shown_again_is_not_answered_again() -> None:
    crowd, said = a_crowd(Manner.TAPPING)
    ask(crowd, ["s:1:1:choose:0"], 1.0)
    ask(crowd, ["s:1:1:choose:0"], 2.0, is_new=False)
    ask(crowd, [], 2.5)
    assert len(said) == 1
    ask(crowd, [], 3.0, text="Verstuurd. Dank je wel.")
    assert (crowd.waits, crowd.ended_at) == ([2.0], 3.0)


def test_an_echo_is_spoken_to_so_often_and_each_wait_counts() -> None:
    crowd, said = a_crowd(Manner.ECHO, people=2, turns=2)
    crowd.begin(10.0)
    for at in (11.0, 13.0):
        for person in (0, 1):
            ask(crowd, [], at, person=person)
    assert len(said) == 4
    assert (crowd.waits, crowd.ended_at) == ([1.0, 1.0, 2.0, 2.0], 13.0)
