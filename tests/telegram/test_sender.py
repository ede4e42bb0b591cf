"""The sender says everything once where it can, twice where it must, and never out of order."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st
from pytest import fixture, raises

import bot.sender
from bot import channel
from bot.pace import Pace, Rate
from bot.sandbox.server import Sandbox
from bot.sender import Sender
from fieldwork.messages import Menu, MenuItem
from storage import outbox
from storage.tx import Tx
from tests.examples import examples
from tests.reliability.instead import instead
from tests.telegram.telegram_parts import (
    ANNA,
    BRAM,
    PATIENCE,
    UNHURRIED,
    ArrivedAfterAll,
    Clock,
    Gone,
    PostOffice,
    a_channel,
    a_sender,
    database,
    sending,
    until,
    until_states,
)


@fixture(autouse=True, scope="module")
def looks_again_soon() -> Iterator[None]:
    """What nothing woke the sender for is found sooner than within a second."""
    with instead(bot.sender, "_LOOK_AGAIN_AFTER", 0.05):
        yield


async def test_each_chat_reads_its_messages_in_order_and_chats_go_side_by_side(tmp_path: Path) -> None:
    clock, post = Clock(), PostOffice()
    urns = [f"telegram:{number}" for number in range(20)]
    async with database(tmp_path) as kept:
        for turn in range(5):
            for urn in urns:
                await kept.say(urn, str(turn), clock())
        async with sending(a_sender(kept, post, clock)):
            await until(lambda: len(post.carried) == 100)
            await until_states(kept, *["sent"] * 100)
    assert all(post.texts(urn) == ["0", "1", "2", "3", "4"] for urn in urns)
    assert post.most_at_once > 5


async def test_rows_written_by_another_program_are_found_without_waking(tmp_path: Path) -> None:
    clock, post = Clock(), PostOffice()
    async with database(tmp_path) as kept, sending(a_sender(kept, post, clock)):
        await kept.say(ANNA, "een", clock())
        await until(lambda: post.texts(ANNA) == ["een"])


async def test_a_crash_between_mark_and_record_says_it_again_after_the_grace_only(tmp_path: Path) -> None:
    clock, post = Clock(), PostOffice(held={ANNA})
    async with database(tmp_path) as kept:
        await kept.say(ANNA, "vraag", clock())
        async with sending(a_sender(kept, post, clock, finish_after=timedelta())):
            await until(lambda: len(post.carried) == 1)
        assert await kept.states() == ["sending"]
        post.held.clear()
        async with sending(a_sender(kept, post, clock)) as sender:
            await until_states(kept, "uncertain")
            clock.forward(seconds=119)
            await kept.say(BRAM, "iets", clock())
            sender.wake()
            await until(lambda: post.texts(BRAM) == ["iets"])
            assert post.texts(ANNA) == ["vraag"]
            clock.forward(seconds=2)
            sender.wake()
            await until_states(kept, "sent", "sent")
            assert sender.counts.said_again == 1
    assert post.texts(ANNA) == ["vraag", "vraag"]


async def test_the_end_waits_for_what_is_under_way(tmp_path: Path) -> None:
    clock, post = Clock(), PostOffice()
    async with database(tmp_path) as kept:
        await kept.say(ANNA, "een", clock())
        async with sending(a_sender(kept, post, clock)):
            await until(lambda: len(post.carried) == 1)
        assert await kept.states() == ["sent"]


async def test_closing_ends_the_run_by_itself(tmp_path: Path) -> None:
    clock, post = Clock(), PostOffice()
    async with database(tmp_path) as kept:
        await kept.say(ANNA, "een", clock())
        async with sending(a_sender(kept, post, clock)) as sender:
            await until_states(kept, "sent")
            sender.close()
            await kept.say(ANNA, "twee", clock())
            sender.wake()
        assert await kept.states() == ["sent", "queued"]


async def test_being_slowed_down_holds_that_chat_alone_and_in_order(tmp_path: Path) -> None:
    clock = Clock()
    post = PostOffice(failures={ANNA: deque([channel.NotDelivered(timedelta(seconds=30))])})
    async with database(tmp_path) as kept, sending(a_sender(kept, post, clock)) as sender:
        await kept.say(ANNA, "een", clock())
        await kept.say(ANNA, "twee", clock())
        await kept.say(BRAM, "drie", clock())
        await until_states(kept, "queued", "queued", "sent")
        await until(lambda: sender.counts.retried == 1)
        post.failures.clear()
        clock.forward(seconds=29)
        await kept.say(BRAM, "vier", clock())
        sender.wake()
        await until_states(kept, "queued", "queued", "sent", "sent")
        clock.forward(seconds=5)
        sender.wake()
        await until_states(kept, *["sent"] * 4)
    assert post.texts(ANNA) == ["een", "twee"]


async def test_when_several_chats_are_slowed_down_everybody_waits(tmp_path: Path) -> None:
    clock = Clock()
    slow = channel.NotDelivered(timedelta(hours=1))
    post = PostOffice(failures={ANNA: deque([slow]), BRAM: deque([slow])})
    pace = Pace(UNHURRIED, UNHURRIED)
    async with database(tmp_path) as kept, sending(a_sender(kept, post, clock, pace)) as sender:
        await kept.say(ANNA, "een", clock())
        await kept.say(BRAM, "twee", clock())
        await until(lambda: sender.counts.retried == 2)
    assert 3590 < pace.delay("telegram:7") < 4000


def retried(sender: Sender, times: int) -> Callable[[], bool]:
    return lambda: sender.counts.retried == times


async def test_what_does_not_leave_is_tried_again_and_again_until_it_does(tmp_path: Path) -> None:
    clock = Clock()
    post = PostOffice(failures={ANNA: deque([channel.NotDelivered()] * 20)})
    async with database(tmp_path) as kept, sending(a_sender(kept, post, clock)) as sender:
        row = await kept.say(ANNA, "een", clock())
        for attempt in range(1, 21):
            sender.wake()
            await until(retried(sender, attempt))
            await until_states(kept, "queued")
            clock.forward(minutes=5)
        del post.failures[ANNA]
        sender.wake()
        await until_states(kept, "sent")
        assert (await kept.row(row))["tries"] == 20


async def test_a_message_in_doubt_is_not_said_again_before_the_grace_has_passed(tmp_path: Path) -> None:
    clock = Clock()
    post = PostOffice(failures={ANNA: deque([channel.Unsure()])})
    async with database(tmp_path) as kept, sending(a_sender(kept, post, clock)) as sender:
        await kept.say(ANNA, "een", clock())
        await until_states(kept, "uncertain")
        assert sender.counts.uncertain == 1
        clock.forward(minutes=1)
        sender.wake()
        await kept.say(BRAM, "anders", clock())
        await until_states(kept, "uncertain", "sent")
        assert post.texts(BRAM) == ["anders"]


async def test_an_edit_or_a_menu_in_doubt_is_simply_tried_again(tmp_path: Path) -> None:
    clock, post = Clock(), PostOffice()
    async with database(tmp_path) as kept, sending(a_sender(kept, post, clock)) as sender:
        row = await kept.say(ANNA, "een", clock())
        await until_states(kept, "sent")
        post.failures = {ANNA: deque([channel.Unsure()]), BRAM: deque([channel.Unsure()])}
        await kept.change(row, "twee", clock())
        await kept.writer.run(lambda tx: outbox.write(tx, BRAM, Menu((MenuItem("help", "Hulp"),)), now=clock()))
        sender.wake()
        await until(lambda: sender.counts.retried == 2)
        post.failures.clear()
        clock.forward(seconds=2)
        sender.wake()
        await until_states(kept, "sent", "sent", "sent")
        assert sender.counts.uncertain == 0
    assert post.carried[1:] == [(ANNA, "twee", "1"), (BRAM, "menu", None)] or post.carried[1:] == [
        (BRAM, "menu", None),
        (ANNA, "twee", "1"),
    ]


async def test_toggles_made_while_the_first_is_under_way_arrive_as_one_edit(tmp_path: Path) -> None:
    clock, post = Clock(), PostOffice()
    async with database(tmp_path) as kept:
        row = await kept.say(ANNA, "vraag", clock())
        for choice in ("a", "ab", "abc"):
            await kept.change(row, choice, clock())
        async with sending(a_sender(kept, post, clock)) as sender:
            await until_states(kept, "sent")
            for choice in ("a", "ab", "abc"):
                await kept.change(row, choice, clock())
            sender.wake()
            await until(lambda: post.carried[-1] == (ANNA, "abc", "1"))
    assert post.texts(ANNA)[0] == "abc"


async def test_the_next_question_does_not_wait_until_the_answered_one_is_changed(tmp_path: Path) -> None:
    clock, post = Clock(), PostOffice()
    async with database(tmp_path) as kept:
        row = await kept.say(ANNA, "vraag 1", clock())
        async with sending(a_sender(kept, post, clock, finish_after=timedelta())) as sender:
            await until_states(kept, "sent")
            post.held_changes = True
            await kept.change(row, "vraag 1, beantwoord", clock())
            await kept.say(ANNA, "vraag 2", clock())
            sender.wake()
            await until_states(kept, "sent", "sending", "sent")
    assert post.texts(ANNA) == ["vraag 1", "vraag 1, beantwoord", "vraag 2"]


async def test_somebody_who_blocked_us_is_marked_and_left_alone(tmp_path: Path) -> None:
    clock, gone = Clock(), Gone()
    post = PostOffice(failures={ANNA: deque([channel.Gone()])})
    async with database(tmp_path) as kept:
        await kept.say(ANNA, "een", clock())
        await kept.say(ANNA, "twee", clock())
        await kept.say(BRAM, "drie", clock())
        async with sending(a_sender(kept, post, clock, gone=gone)):
            await until_states(kept, "dropped", "dropped", "sent")
    assert gone.urns == [ANNA]
    assert post.texts(ANNA) == []


async def test_a_refused_message_is_set_aside_and_the_next_one_goes(tmp_path: Path) -> None:
    clock = Clock()
    post = PostOffice(failures={ANNA: deque([channel.Refused("message is too long")])})
    async with database(tmp_path) as kept:
        row = await kept.say(ANNA, "een", clock())
        await kept.say(BRAM, "twee", clock())
        async with sending(a_sender(kept, post, clock)):
            await until_states(kept, "dead", "sent")
        assert (await kept.row(row))["error"] == "message is too long"


async def test_a_fault_of_our_own_or_an_unreadable_row_stops_nobody_else(tmp_path: Path) -> None:
    clock = Clock()
    post = PostOffice(failures={ANNA: deque([ZeroDivisionError("words of a person")])})
    async with database(tmp_path) as kept:
        row = await kept.say(ANNA, "een", clock())
        broken = await kept.say(BRAM, "twee", clock())
        await kept.writer.run(lambda tx: tx.run("UPDATE outbox SET body = '?' WHERE id = :id", id=broken))
        await kept.say(BRAM, "drie", clock())
        async with sending(a_sender(kept, post, clock)):
            await until_states(kept, "dead", "dead", "sent")
        assert (await kept.row(row))["error"] == "ZeroDivisionError"
        assert (await kept.row(broken))["error"] == "NotAnEnvelope"


async def test_a_chat_that_moved_is_written_to_at_its_new_address(tmp_path: Path) -> None:
    clock = Clock()
    post = PostOffice(failures={ANNA: deque([channel.Moved("telegram:-100")])})
    async with database(tmp_path) as kept:
        await kept.say(ANNA, "een", clock())
        async with sending(a_sender(kept, post, clock)):
            await until(lambda: post.texts("telegram:-100") == ["een"])


async def test_the_pace_is_kept_overall(tmp_path: Path) -> None:
    clock, post = Clock(), PostOffice()
    async with database(tmp_path) as kept:
        for number in range(30):
            await kept.say(f"telegram:{number}", "een", clock())
        began = asyncio.get_running_loop().time()
        async with sending(a_sender(kept, post, clock, Pace(Rate(100, 2), UNHURRIED))):
            await until(lambda: len(post.carried) == 30)
    # From before the pace began: a busy machine may carry the first one late, but never the last one sooner.
    # The loop's clock goes by whole milliseconds.
    assert post.at[-1] - began >= 0.278


def woken_and_carried(sender: Sender, post: PostOffice, count: int) -> Callable[[], bool]:
    def wake_and_look() -> bool:
        sender.wake()
        return len(post.carried) >= count

    return wake_and_look


async def test_being_woken_all_the_time_costs_no_more_of_the_pace(tmp_path: Path) -> None:
    clock, post = Clock(), PostOffice()
    pace = Pace(Rate(per_second=0.001, burst=3), UNHURRIED)
    async with database(tmp_path) as kept, sending(a_sender(kept, post, clock, pace)) as sender:
        for urn in (ANNA, BRAM, ANNA):
            await kept.say(urn, "een", clock())
            await until(woken_and_carried(sender, post, len(post.carried) + 1))


async def test_at_the_usual_pace_telegrams_own_limits_are_never_met(tmp_path: Path) -> None:
    async with (
        database(tmp_path) as kept,
        Sandbox(Clock(), limits=True) as sandbox,
        a_channel(sandbox) as channel,
    ):
        phones = [sandbox.phone(f"P{number}") for number in range(20)]
        for phone in phones:
            phone.start()
        for turn in range(5):
            for phone in phones[: 1 if turn > 1 else None]:
                await kept.say(f"telegram:{phone.id}", f"{turn}", Clock()())
        async with sending(a_sender(kept, channel, Clock(), Pace())):
            await until_states(kept, *["sent"] * 43)
        assert {call.code for call in sandbox.calls.of("sendMessage")} == {200}
        assert [message.text for message in phones[0].messages if not message.mine] == list("01234")


async def test_bookkeeping_that_fails_ends_the_run_loudly(tmp_path: Path) -> None:
    clock = Clock()
    post = PostOffice(failures={ANNA: deque([channel.Gone()])})

    def failing(tx: Tx, urn: str, now: datetime) -> None:
        raise LookupError("no such address")

    async with database(tmp_path) as kept:
        await kept.say(ANNA, "een", clock())
        with raises(LookupError, match="no such address"):
            async with asyncio.timeout(PATIENCE):
                await a_sender(kept, post, clock, gone=failing).run()


fates = st.lists(
    st.sampled_from(["not delivered", "slowed down", "lost on the way", "answer lost", "fine"]), max_size=10
)
FATES: dict[str, Exception] = {
    "not delivered": channel.NotDelivered(),
    "slowed down": channel.NotDelivered(timedelta(seconds=3)),
    "lost on the way": channel.Unsure(),
    "answer lost": ArrivedAfterAll(),
}


@examples(12)
@given(fates)
async def test_whatever_fails_everything_arrives_in_order_and_twice_only_in_doubt(fate: list[str]) -> None:
    clock = Clock()
    post = PostOffice(failures={ANNA: deque(FATES.get(one) for one in fate)})
    with TemporaryDirectory() as folder:
        async with database(Path(folder)) as kept:
            for word in "abcd":
                await kept.say(ANNA, word, clock())
            async with sending(a_sender(kept, post, clock)) as sender:
                while await kept.states() != ["sent"] * 4:
                    clock.forward(minutes=5)
                    sender.wake()
                    await asyncio.sleep(0.001)
    said = post.texts(ANNA)
    assert [word for word, _ in groupby(said)] == ["a", "b", "c", "d"]
    assert len(said) - 4 == fate[: len(fate) - len(post.failures[ANNA])].count("answer lost")
