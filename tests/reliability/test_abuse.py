"""Who floods, guesses, or pulls the bot into a group costs nobody else anything, and loses nothing they said."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.pace import Allowance, Rate
from bot.sandbox import Phone, Sandbox
from bot.sandbox.faults import Fault
from bot.sandbox.refusals import bad_request
from bot.telegram.contents import LONGEST_TEXT
from bot.telegram.fetch import LARGEST_UPDATE, arrival
from bot.telegram.incoming import read_update
from fieldwork.messages import Tap, Text, Unusable
from fieldwork.people import Grant, Role
from fieldwork.taps import read_key
from storage import inbox
from tests.e2e.conftest import town
from tests.e2e.town import Town, say, stopped_clock, tap
from tests.e2e.town import town as town_in
from tests.telegram.telegram_parts import database, until

__all__ = ["town"]

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
PATIENCE = "Ik lees ze één voor één. Er gaat niets verloren."
PRIVATE_ONLY = "Ik werk alleen in een gesprek met één persoon."


class HeldTime:
    """Seconds that can be held, so that a flood is one however slowly it comes."""

    def __init__(self) -> None:
        self._held_at: float | None = None

    def __call__(self) -> float:
        return monotonic() if self._held_at is None else self._held_at

    def hold(self) -> None:
        self._held_at = monotonic()

    def go_on(self, seconds: float) -> None:
        assert self._held_at is not None
        self._held_at += seconds

    def let_go(self) -> None:
        self._held_at = None


def said(phone: Phone, words: str) -> int:
    return sum(words in message.text for message in phone.messages if not message.mine)


async def test_a_flood_waits_its_turn_keeps_nobody_else_waiting_and_is_kept_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.worker._LOOK_AGAIN_AFTER", 0.1)
    time = HeldTime()
    allowance = Allowance(Rate(per_second=60, burst=12), time)
    async with town_in(tmp_path, allowance=allowance) as town:
        amina, bram = await town.fieldworker(), await town.fieldworker("Bram")
        await town.asked(amina, "Amina")
        await tap(amina, "1", "Vraag 2 van 11")
        await tap(amina, "Overslaan", "Vraag 3 van 11")
        await tap(amina, "5", "Vraag 4 van 11")
        words = [f"zin {number}" for number in range(50)]
        time.hold()
        for one in words:
            amina.say(one)
        await say(bram, "/help", "/privacy")
        waits = town.rows("SELECT DISTINCT chat FROM inbox WHERE state = 'new'")
        assert [row["chat"] for row in waits] == [f"telegram:{amina.id}"]
        await until(lambda: allowance.spent() == [f"telegram:{amina.id}"])
        # One more is handled, and the next has to wait.
        time.go_on(1.5 / 60)
        town.play.app.worker.wake()
        await amina.wait_for(PATIENCE)
        time.let_go()
        await amina.wait_for("Ik heb 50 berichten van je gekregen.")
        assert said(amina, PATIENCE) == 1
        assert said(bram, PATIENCE) == 0
        await tap(amina, "Klaar", "Vraag 5 van 11")
        assert town.answers()["moment"].split("\n") == words


async def test_a_flood_of_somebody_unknown_gets_one_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.worker._LOOK_AGAIN_AFTER", 0.1)
    async with town_in(tmp_path, allowance=Allowance(Rate(per_second=200, burst=10))) as town:
        stranger = town.play.phone("Vreemde")
        for _ in range(60):
            stranger.say("hallo")
        await town.settled()
        assert len([message for message in stranger.messages if not message.mine]) == 1


async def test_somebody_unknown_is_answered_once_an_hour_also_by_a_bot_that_was_started_anew(tmp_path: Path) -> None:
    clock = stopped_clock()
    async with Sandbox(clock.now) as sandbox:
        stranger = sandbox.phone("Vreemde")
        for minutes, answers in ((0, 1), (50, 1), (20, 2)):
            clock.forward_to(clock.now() + timedelta(minutes=minutes))
            async with town_in(tmp_path, clock, sandbox) as town:
                stranger.say("hallo")
                await town.settled()
            assert len([message for message in stranger.messages if not message.mine]) == answers


async def test_a_chat_that_must_wait_takes_no_place_in_the_queue(tmp_path: Path) -> None:
    flood = [inbox.Arrival(str(number), "telegram:1", "{}") for number in range(3000)]
    others = [inbox.Arrival(str(9000 + number), f"telegram:{number}", "{}") for number in range(2, 40)]
    async with database(tmp_path) as kept:
        await kept.writer.run(lambda tx: inbox.store(tx, "telegram", [*flood, *others], NOW))
        found = await inbox.waiting(kept.reader, 50)
        assert [row.chat for row in found].count("telegram:1") == 20
        found = await inbox.waiting(kept.reader, 50, ["telegram:1"])
        assert [row.chat for row in found] == [f"telegram:{number}" for number in range(2, 40)]


@given(st.lists(st.floats(0, 20), max_size=60), st.integers(1, 10))
def test_an_allowance_is_kept_and_comes_back(rests: list[float], burst: int) -> None:
    now = 0.0
    taken: list[float] = []
    allowance = Allowance(Rate(1, burst), lambda: now)
    for rest in rests:
        now += rest
        must_wait = "chat" in allowance.spent()
        if allowance.take("chat"):
            assert not must_wait
            taken.append(now)
        else:
            assert must_wait
    for start in taken:
        assert sum(start <= at < start + 10 for at in taken) <= 10 + burst
    now += 1.001
    assert allowance.take("chat")
    assert allowance.take("another")


def test_who_waits_is_told_so_again_only_after_ten_minutes() -> None:
    now = 0.0
    allowance = Allowance(Rate(1, 1), lambda: now)
    told = []
    for minute in range(25):
        now = minute * 60.0
        allowance.take("chat")
        told.append(allowance.may_tell("chat"))
    assert [minute for minute, is_told in enumerate(told) if is_told] == [0, 10, 20]


async def test_a_group_is_left_after_one_sentence_and_a_channel_without_any(town: Town) -> None:
    bram = await town.coordinator()
    amina = town.play.phone("Amina")
    before = len(bram.messages)
    group, channel = town.play.sandbox.group("Wijkteam", amina), town.play.sandbox.group("Nieuws", amina, "channel")
    for words in ("/export Utrecht", "/status", "hallo", "/people"):
        bram.say(words, group)
    await town.settled()
    assert [PRIVATE_ONLY in message.text for message in group.messages if not message.mine] == [True]
    assert channel.messages == []
    assert (group.chat.standing, channel.chat.standing) == ("left", "left")
    assert len(bram.messages) == before
    assert town.rows("SELECT 1 FROM outbox WHERE state = 'dead'") == []


async def test_a_bot_that_is_brought_back_leaves_again_and_repeats_itself_only_after_an_hour(town: Town) -> None:
    amina = town.play.phone("Amina")
    group = town.play.sandbox.group("Wijkteam", amina)
    await town.settled()
    for minutes, sentences in ((5, 1), (70, 2)):
        await town.play.forward(minutes=minutes)
        group.chat.turn("open")
        amina.say("ben je er nog?", group)
        await town.settled()
        assert group.chat.standing == "left"
        assert len([message for message in group.messages if not message.mine]) == sentences


async def test_a_group_where_the_bot_may_not_speak_is_left_all_the_same(town: Town) -> None:
    amina = town.play.phone("Amina")
    town.play.sandbox.fail("sendMessage", Fault(refusal=bad_request("not enough rights to send text messages")))
    group = town.play.sandbox.group("Wijkteam", amina)
    await town.settled()
    assert group.chat.standing == "left"
    assert town.rows("SELECT state FROM outbox")[0]["state"] == "sent"


def message(**parts: object) -> dict[str, object]:
    chat, sender = {"id": 7, "type": "private"}, {"id": 7, "first_name": "A" * 5000}
    return {"update_id": 1, "message": {"message_id": 3, "date": 1_790_000_000, "chat": chat, "from": sender, **parts}}


def test_an_update_beyond_all_measure_is_kept_and_not_read() -> None:
    assert arrival(message(text="x")).fault is None
    huge = arrival(message(text="x" * LARGEST_UPDATE))
    assert huge.fault == "too large"
    assert json.loads(huge.raw)["update_id"] == 1


def test_text_names_and_buttons_have_a_largest_size() -> None:
    longest = read_update(message(text="x" * LONGEST_TEXT), NOW)
    assert longest is not None
    assert isinstance(longest.what, Text)
    assert len(longest.first_name) == 255
    beyond = read_update(message(text="/plan " + "x" * LONGEST_TEXT), NOW)
    assert beyond is not None
    assert isinstance(beyond.what, Unusable)
    query = {"id": "1", "from": {"id": 7}, "message": message()["message"], "data": "s:1:1:choose:" + "9" * 5000}
    tapped = read_update({"update_id": 2, "callback_query": query}, NOW)
    assert tapped is not None
    assert isinstance(tapped.what, Tap)
    assert len(tapped.what.data) == 64
    assert read_key("s:" + "9" * 5000) is None


async def test_an_update_that_is_too_large_is_listed_and_the_next_one_is_handled(town: Town) -> None:
    amina = await town.fieldworker()
    town.play.sandbox.world.updates.put("message", {"text": "x" * LARGEST_UPDATE}, amina.id)
    await say(amina, "/help", "/privacy")
    assert [row["error"] for row in town.rows("SELECT error FROM inbox WHERE state = 'dead'")] == ["too large"]


async def test_wrong_used_and_barred_links_get_the_same_words_also_from_somebody_known(town: Town) -> None:
    bram = await town.coordinator()
    used, good = await town.play.invite(Grant(Role.STEWARD)), await town.play.invite(Grant(Role.STEWARD))
    bram.start(used)
    await bram.wait_for("/forms")
    replies = set()
    for guess in (used, "0" * 32, "x" * 64, "1", "2", good):
        bram.start(guess)
        replies.add((await bram.wait_for("Deze link werkt niet")).text)
    assert len(replies) == 1
    assert town.count("role_grant") == [2]
