"""The rush of prompts: who answers, what the server refuses, and how the figures come from it."""

import pytest

from benchmarks.bots import Played
from benchmarks.limits import Limits
from benchmarks.pacing import asked_of, figures_of
from benchmarks.replies import FIRST_PERSON, Update
from benchmarks.rush import Rush
from benchmarks.server import Seen


def test_the_server_takes_no_more_than_thirty_in_any_second() -> None:
    limits = Limits(30, 1)
    refused = [limits.refuse(number, number * 0.02) for number in range(100)]
    assert refused[:30] == [None] * 30
    assert set(refused[30:50]) == {"overall"}
    assert refused[50:55] == [None] * 5


def test_the_server_takes_three_at_once_to_one_and_then_one_a_second() -> None:
    limits = Limits(30, 1)
    assert [limits.refuse(7, at) for at in (0.0, 0.1, 0.2, 0.3, 1.05, 1.1)] == [
        None,
        None,
        None,
        "to one",
        None,
        "to one",
    ]


def test_all_are_asked_and_one_at_a_time_answers_after_some_thought() -> None:
    said: list[Update] = []
    thought_until = iter((5.0, 9.2, 13.5))
    rush = Rush(3, said.append, lambda: 1_700_000_000, lambda do: do(next(thought_until)))
    for number in range(2):
        rush.shown(FIRST_PERSON + number, 1, [f"p:{number}:0:start:"], 1.0, "Hallo", is_new=True)
    assert len(said) == 1
    rush.shown(FIRST_PERSON, 2, ["s:1:1:choose:0"], 5.2, "Vraag 1", is_new=True)
    rush.shown(FIRST_PERSON, 3, [], 9.5, "Verstuurd. Dank je wel.", is_new=True)
    assert rush.waits == [pytest.approx(0.2), pytest.approx(0.3)]
    assert (len(said), rush.ended_at) == (3, None)
    rush.shown(FIRST_PERSON + 2, 1, ["p:2:0:start:"], 20.0, "Hallo", is_new=True)
    assert (rush.started_at, rush.ended_at) == (1.0, 20.0)


def test_the_rate_is_that_of_all_messages_and_one_refusal_or_long_wait_is_told() -> None:
    came = [number / 29 for number in range(291)]
    well = Played(Seen(10.0, {}, [0.1, 0.2], 0.0, came, {}), 1.0, 80.0)
    badly = Played(Seen(10.0, {}, [0.1, 0.4], 0.0, came[::2], {"overall": 1}), 1.0, 80.0)
    assert all(one.is_so for one in asked_of([well], 1.0))
    assert not any(one.is_so for one in asked_of([badly], 1.0))
    by_name = {one.name: one for one in figures_of([well], 1.0)}
    assert by_name["messages that left"].value.median == pytest.approx(29)
    assert by_name["wait of who answers meanwhile"].value.median == pytest.approx(150)
