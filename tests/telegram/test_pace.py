"""Messages go as fast as the channel takes them and no faster, on a clock that only runs forward."""

from heapq import heappop, heappush

from hypothesis import given
from hypothesis import strategies as st

from bot.pace import OVERALL, PER_CHAT, Pace, Rate
from tests.telegram.telegram_parts import UNHURRIED


class Stopwatch:
    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


def test_a_chat_takes_three_at_once_and_then_one_a_second() -> None:
    watch = Stopwatch()
    pace = Pace(UNHURRIED, PER_CHAT, watch)
    for number in range(3):
        assert pace.delay("anna") == 0
        pace.take("anna", number)
    assert pace.delay("anna") == 1
    assert pace.delay("bram") == 0
    watch.seconds += 1
    assert pace.delay("anna") == 0


def test_a_rested_chat_has_its_burst_back_and_is_forgotten() -> None:
    watch = Stopwatch()
    pace = Pace(UNHURRIED, PER_CHAT, watch)
    for number in range(500):
        pace.take(f"chat {number}", number)
        watch.seconds += 0.1
    assert len(pace._chats) < 100
    assert pace.delay("chat 0") == 0


def test_time_under_way_is_not_saved_up() -> None:
    watch = Stopwatch()
    pace = Pace(UNHURRIED, Rate(per_second=1, burst=1), watch)
    pace.take("anna", 1)
    watch.seconds += 0.9
    pace.landed("anna", 1)
    assert pace.delay("anna") == 1


def test_a_pause_holds_everybody() -> None:
    watch = Stopwatch()
    pace = Pace(clock=watch)
    pace.pause(5)
    assert pace.delay("anna") == 5
    watch.seconds += 5
    assert pace.delay("anna") == 0


def test_no_second_of_the_channel_holds_more_than_thirty_also_where_the_first_were_slow_on_their_way() -> None:
    watch = Stopwatch()
    pace = Pace(OVERALL, UNHURRIED, watch)
    counted: list[float] = []
    under_way: list[tuple[float, int]] = []
    for number, way in enumerate([0.25] * 40 + [0.0] * 40):
        chat = f"chat {number}"
        while (delay := pace.delay(chat)) > 0:
            watch.seconds += max(delay, 1e-6)
            while under_way and under_way[0][0] <= watch.seconds:
                landed = heappop(under_way)[1]
                pace.landed(f"chat {landed}", landed)
        pace.take(chat, number)
        counted.append(watch.seconds + way)
        heappush(under_way, (counted[-1], number))
    for start in counted:
        assert sum(start <= moment < start + 1 for moment in counted) <= 30


def test_an_answer_that_never_comes_does_not_hold_the_others_up() -> None:
    watch = Stopwatch()
    pace = Pace(OVERALL, UNHURRIED, watch)
    for number in range(300):
        while (delay := pace.delay(f"chat {number}")) > 0:
            watch.seconds += max(delay, 1e-6)
        pace.take(f"chat {number}", number)
    assert 300 / (watch.seconds - 1000) > 30 / 1.3


@given(st.lists(st.floats(0, 0.5), max_size=150))
def test_no_second_holds_more_than_thirty_messages(rests: list[float]) -> None:
    watch = Stopwatch()
    pace = Pace(OVERALL, UNHURRIED, watch)
    sent = []
    for number, rest in enumerate(rests):
        watch.seconds += rest
        while (delay := pace.delay(f"chat {number}")) > 0:
            watch.seconds += max(delay, 1e-6)
        pace.take(f"chat {number}", number)
        sent.append(watch.seconds)
    for start in sent:
        assert sum(start <= moment < start + 1 for moment in sent) <= 30
