"""Nothing is confirmed before it is on disk, and nothing that goes wrong loses an update."""

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random

from aiohttp import web
from pytest import LogCaptureFixture, mark, param, raises

from bot.channel import SecondPoller, TokenRevoked, Unreadable
from bot.sandbox.faults import Fault
from bot.sandbox.server import Sandbox
from bot.telegram.channel import TelegramChannel
from fieldwork.messages import Command, Tap, Text
from storage import inbox
from tests.telegram.telegram_parts import (
    PATIENCE,
    QUICK,
    Clock,
    a_channel,
    database,
    fetching,
    until,
    until_waiting,
)

CLOCK = Clock()


async def test_what_people_do_reaches_the_inbox_and_reads_as_meant(tmp_path: Path) -> None:
    async with (
        database(tmp_path) as kept,
        Sandbox(CLOCK) as sandbox,
        a_channel(sandbox) as channel,
        fetching(channel, kept, CLOCK),
    ):
        phone = sandbox.phone("Anna", 1001)
        phone.start("geheim")
        number = phone.say("Het ging goed")
        phone.edit(number, "Het ging heel goed")
        phone.tap_data("a:1", number)
        rows = await until_waiting(kept, 4)
        read = [channel.read(row.raw, row.received_on) for row in rows]
        assert {row.chat for row in rows} == {"telegram:1001"}
        assert [incoming.what for incoming in read if incoming] == [
            Command("start", "geheim"),
            Text("Het ging goed"),
            Text("Het ging heel goed"),
            Tap("a:1"),
        ]
        for _ in range(10_000):
            await asyncio.sleep(0)
            if channel.last_poll_on is not None:
                break
        assert channel.last_poll_on == CLOCK()


async def test_an_update_is_confirmed_only_when_it_is_on_disk(tmp_path: Path) -> None:
    async with (
        database(tmp_path) as kept,
        Sandbox(CLOCK, first_update_id=500) as sandbox,
        a_channel(sandbox) as channel,
        fetching(channel, kept, CLOCK),
    ):
        other = sqlite3.connect(kept.path, isolation_level=None)
        try:
            other.execute("BEGIN IMMEDIATE")
            sandbox.phone("Anna", 1001).start()
            await until(lambda: len(sandbox.calls.of("getUpdates")) == 1)
            with raises(TimeoutError):
                await until(lambda: len(sandbox.world.updates) == 0, within=0.2)
            other.execute("ROLLBACK")
        finally:
            other.close()
        await until(lambda: len(sandbox.world.updates) == 0)
        assert len(await until_waiting(kept, 1)) == 1


async def test_updates_that_come_twice_are_kept_once_and_restarted_ids_are_new(tmp_path: Path) -> None:
    async with (
        database(tmp_path) as kept,
        Sandbox(CLOCK, first_update_id=900_000) as sandbox,
        a_channel(sandbox) as channel,
        fetching(channel, kept, CLOCK),
    ):
        phone = sandbox.phone("Anna", 1001)
        phone.start()
        await until_waiting(kept, 1)
        sandbox.redeliver(1)
        sandbox.deliver_twice()
        phone.say("een")
        assert len(await until_waiting(kept, 2)) == 2


@mark.parametrize(
    "fault",
    [
        param(Fault.server_error(502), id="502"),
        param(Fault.too_many_requests(0), id="429"),
        param(Fault.dropped_before(), id="dropped before"),
        param(Fault.dropped_after(), id="dropped after"),
    ],
)
async def test_fetching_goes_on_after_a_fault(tmp_path: Path, fault: Fault, caplog: LogCaptureFixture) -> None:
    async with (
        database(tmp_path) as kept,
        Sandbox(CLOCK) as sandbox,
        a_channel(sandbox) as channel,
    ):
        sandbox.fail("getUpdates", fault, times=3)
        async with fetching(channel, kept, CLOCK):
            sandbox.phone("Anna", 1001).start()
            assert len(await until_waiting(kept, 1)) == 1
    assert sandbox.token not in caplog.text


async def test_without_a_network_the_channel_waits_until_there_is_one(caplog: LogCaptureFixture) -> None:
    async with Sandbox(CLOCK) as gone:
        port = int(gone.url.rpartition(":")[2])
    channel = a_channel(gone)
    opening = asyncio.create_task(channel.__aenter__())
    await until(lambda: "Telegram cannot be reached" in caplog.text)
    async with Sandbox(CLOCK, port=port):
        await asyncio.wait_for(opening, PATIENCE)
        assert channel.username == "terugblik_bot"
        await channel.__aexit__(None, None, None)
    assert gone.token not in caplog.text


async def test_a_wrong_token_is_told_at_once_and_not_named(tmp_path: Path) -> None:
    async with Sandbox(CLOCK) as sandbox:
        for token in ("4242424242:another-token-that-opens-nothing", "no token"):
            with raises(TokenRevoked) as caught:
                await a_channel(sandbox, token).__aenter__()
            assert token not in str(caught.value)


async def test_a_token_revoked_while_fetching_ends_the_loop(tmp_path: Path) -> None:
    async with (
        database(tmp_path) as kept,
        Sandbox(CLOCK) as sandbox,
        a_channel(sandbox) as channel,
        fetching(channel, kept, CLOCK) as task,
    ):
        await until(lambda: len(sandbox.world.updates) == 0)
        sandbox.world.bot = replace(sandbox.world.bot, token="4242424242:a-new-one-since-yesterday")
        sandbox.world.updates.end_polling("terminated")
        await asyncio.wait([task], timeout=PATIENCE)
        assert isinstance(task.exception(), TokenRevoked)


async def test_a_second_poller_makes_one_of_the_two_stop(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    async with (
        database(tmp_path) as kept,
        database(tmp_path / "other") as other,
        Sandbox(CLOCK) as sandbox,
        a_channel(sandbox) as channel,
        fetching(channel, kept, CLOCK) as one,
        fetching(channel, other, CLOCK) as two,
    ):
        done, _ = await asyncio.wait([one, two], timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
        assert isinstance(next(iter(done)).exception(), SecondPoller)


async def test_a_webhook_left_behind_is_taken_away_and_what_waits_is_kept(tmp_path: Path) -> None:
    async with (
        database(tmp_path) as kept,
        Sandbox(CLOCK) as sandbox,
        a_channel(sandbox) as channel,
    ):
        await channel._bot.set_webhook("http://127.0.0.1:9/", allowed_updates=["message"])
        sandbox.phone("Anna", 1001).start()
        async with fetching(channel, kept, CLOCK):
            assert len(await until_waiting(kept, 1)) == 1


async def test_a_raw_update_that_is_no_json_is_unreadable() -> None:
    async with Sandbox(CLOCK) as sandbox, a_channel(sandbox) as channel:
        for raw in ("", "{", "[" * 100_000):
            with raises(Unreadable):
                channel.read(raw, CLOCK())


# ---- a server that sends what Telegram should not

BOT = {"ok": True, "result": {"id": 42, "is_bot": True, "first_name": "T", "username": "t_bot"}}


@asynccontextmanager
async def server_that_sends(*batches: str) -> AsyncIterator[tuple[str, list[str]]]:
    """Answers getUpdates with these texts, one after another, and notes the offsets it was asked for."""
    offsets: list[str] = []
    left = list(batches)

    async def answer(request: web.Request) -> web.Response:
        if request.match_info["method"] == "getMe":
            return web.json_response(BOT)
        offsets.append(str((await request.post()).get("offset", "")))
        if not left:
            await asyncio.sleep(3)
        result = left.pop(0) if left else "[]"
        if result.startswith("HTTP"):
            return web.Response(status=int(result[4:7]), text=result[7:])
        return web.Response(body=f'{{"ok": true, "result": {result}}}'.encode("utf-8", "surrogatepass"))

    app = web.Application()
    app.router.add_route("*", "/bot{token}/{method}", answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}", offsets
    finally:
        await runner.cleanup()


async def test_updates_without_a_usable_id_are_set_aside_and_the_others_go_on(tmp_path: Path) -> None:
    odd = '["x"], 7, {"update_id": "12"}, {"update_id": true}, {"message": {}}'
    good = '{"update_id": 30, "message": {"text": "\\ud83d"}}'
    huge = '{"update_id": 31, "n": ' + "9" * 6000 + "}"
    async with (
        database(tmp_path) as kept,
        server_that_sends(f"[{odd}]", f"[{good}, {odd}, {huge}]") as (url, offsets),
        TelegramChannel("42:token", url, random=Random(7), patience=QUICK) as channel,
        fetching(channel, kept, CLOCK),
    ):
        rows = await until_waiting(kept, 2)
        await until(lambda: len(offsets) >= 3)
        aside = await kept.writer.run(inbox.dead)
    assert len(rows) == 2
    assert json.loads(rows[0].raw)["message"] == {"text": "\ud83d"}
    assert len(aside) == 5
    assert offsets[:3] == ["", "", "32"]


ODD_ANSWERS = ("HTTP200", "HTTP200{}", "HTTP200[]", 'HTTP400{"parameters": 7}', "HTTP302", "HTTP413", "HTTP599")


async def test_answers_that_are_no_json_or_no_list_are_waited_out(tmp_path: Path) -> None:
    async with (
        database(tmp_path) as kept,
        server_that_sends("[}", "7", *ODD_ANSWERS, '[{"update_id": 5}]') as (url, _),
        TelegramChannel("42:token", url, random=Random(7), patience=QUICK) as channel,
        fetching(channel, kept, CLOCK),
    ):
        assert len(await until_waiting(kept, 1)) == 1


async def test_after_a_long_silence_the_offset_is_forgotten_because_ids_may_start_anew(tmp_path: Path) -> None:
    patience = replace(QUICK, forget_offset_after=timedelta())
    async with (
        database(tmp_path) as kept,
        server_that_sends('[{"update_id": 5}]', "[]", '[{"update_id": 3}]') as (url, offsets),
        TelegramChannel("42:token", url, random=Random(7), patience=patience) as channel,
        fetching(channel, kept, CLOCK),
    ):
        assert len(await until_waiting(kept, 2)) == 2
        await until(lambda: len(offsets) >= 4)
    assert offsets == ["", "6", "", "4"]
