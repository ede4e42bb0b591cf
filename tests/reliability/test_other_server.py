"""Nothing rests on how one server behaves: others answer in pieces, hang up, have other words, leave things out."""

import asyncio
import gzip
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import aiohttp
import pytest

from bot.app import App, opened
from bot.channel import Delivered, Gone, Moved, NotDelivered, Refused, SecondPoller, TokenRevoked, TooBig, Unsure
from bot.pace import Pace
from bot.program import prepare
from bot.rehearsal import UNHURRIED, rehearsed_program
from bot.sandbox import Sandbox
from bot.telegram.channel import TelegramChannel
from bot.telegram.fetch import LARGEST_UPDATE
from bot.telegram.webhook import Hook, Receive
from fieldwork.messages import Menu, MenuItem, Say, Text
from storage import inbox
from tests.e2e.town import lay_down, say, stopped_clock
from tests.e2e.town import town as town_on
from tests.reliability.matrix import DISK_FAULTS, STORAGE_FAULTS, Cell, cells, differences, played
from tests.reliability.other_server import PERSON, TOKEN, Answer, OtherServer, bytes_server, other_server
from tests.reliability.strange import strange_server
from tests.reliability.test_webhook import SECRET, a_free_port
from tests.telegram.telegram_parts import QUICK, Clock, database, fetching, until, until_waiting

CLOCK = Clock()
PAGE = "<html><body><h1>Something of a proxy</h1></body></html>"


def refusal(**parts: object) -> str:
    return json.dumps({"ok": False, **parts})


REFUSALS: dict[str, tuple[Answer, type[Exception]]] = {
    "502 page": (Answer(502, PAGE, {"Content-Type": "text/html"}), NotDelivered),
    "503 empty": (Answer(503), NotDelivered),
    "504 page": (Answer(504, PAGE), Unsure),
    "500 other words": (Answer(500, refusal(error_code=500, description="INTERNAL")), NotDelivered),
    "401 empty": (Answer(401), NotDelivered),
    "404 empty": (Answer(404), NotDelivered),
    "404 page": (Answer(404, PAGE), NotDelivered),
    "403 of a proxy": (Answer(403, PAGE), NotDelivered),
    "400 of a proxy": (Answer(400, PAGE), NotDelivered),
    "302": (Answer(302, "", {"Location": "/elsewhere"}), NotDelivered),
    "408": (Answer(408), NotDelivered),
    "403 shouted": (Answer(403, refusal(error_code=403, description="FORBIDDEN: BLOCKED")), Gone),
    "403 without words": (Answer(403, refusal()), Gone),
    "403 as 200": (Answer(200, refusal(error_code=403, description="Forbidden: x")), Gone),
    "403 as 200 by words alone": (Answer(200, refusal(description="forbidden: user has blocked")), Gone),
    "no such chat, shouted": (Answer(400, refusal(error_code=400, description="BAD REQUEST: CHAT NOT FOUND")), Gone),
    "429 without parameters": (Answer(429, refusal(error_code=429, description="Flood")), NotDelivered),
    "429 empty": (Answer(429), NotDelivered),
    "429 of nonsense": (Answer(429, refusal(parameters={"retry_after": "soon"})), NotDelivered),
    "429 as 200": (Answer(200, refusal(description="Too Many Requests: retry after 7")), NotDelivered),
    "200 without a word": (Answer(200, refusal()), NotDelivered),
    "400 odd parameters": (Answer(400, refusal(description="Bad Request: message is too long", parameters=7)), Refused),
    "moved": (Answer(400, refusal(parameters={"migrate_to_chat_id": -100123})), Moved),
    "403 with a number as text": (Answer(200, refusal(error_code="403", description="no")), Gone),
    "blocked as 400": (Answer(400, refusal(description="Bad Request: bot was blocked by the user")), Gone),
    "moved, as text": (Answer(400, refusal(parameters={"migrate_to_chat_id": "-100123"})), Moved),
    "401 page": (Answer(401, PAGE), NotDelivered),
    "405 page": (Answer(405, PAGE), NotDelivered),
    "413 page": (Answer(413, PAGE), Refused),
    "409": (Answer(409, refusal(error_code=409, description="Conflict")), NotDelivered),
    "nothing": (Answer(200), Unsure),
    "half": (Answer(200, '{"ok": true'), Unsure),
    "no result": (Answer(200, '{"ok": true}'), Unsure),
    "a result without an id": (Answer(200, '{"ok": true, "result": {"text": "x"}}'), Unsure),
    "a result of nothing": (Answer(200, '{"ok": true, "result": null}'), Unsure),
}


@asynccontextmanager
async def channel_on(server: OtherServer) -> AsyncIterator[TelegramChannel]:
    async with TelegramChannel(TOKEN, server.url, random=Random(1), patience=QUICK) as channel:
        yield channel


async def test_every_refusal_means_the_same_however_it_is_worded() -> None:
    async with other_server() as server, channel_on(server) as channel:
        for name, (answer, meaning) in REFUSALS.items():
            server.plan("sendMessage", answer)
            with pytest.raises(meaning) as raised:
                await channel.send(f"telegram:{PERSON}", Say("Hallo"), None)
            assert raised.type is meaning, name
        assert await channel.send(f"telegram:{PERSON}", Say("Hallo"), None)


@pytest.mark.parametrize(
    ("answer", "seconds"),
    [
        (Answer(429, refusal(parameters={"retry_after": 7})), 7),
        (Answer(429, refusal(description="too many requests: RETRY AFTER 8")), 8),
        (Answer(429, "", {"Retry-After": "9"}), 9),
        (Answer(429), None),
        (Answer(429, refusal(parameters={"retry_after": 7.25})), 7.25),
        (Answer(429, refusal(description="Too Many Requests: retry after 1.5")), 1.5),
        (Answer(429, refusal(parameters={"retry_after": 1e12})), 86400),
        (Answer(429, refusal(parameters={"retry_after": -3})), 0),
        (Answer(429, refusal(parameters={"retry_after": 1e300})), None),
    ],
)
async def test_how_long_to_wait_is_read_wherever_it_stands(answer: Answer, seconds: float | None) -> None:
    async with other_server() as server, channel_on(server) as channel:
        server.plan("sendMessage", answer)
        with pytest.raises(NotDelivered) as raised:
            await channel.send(f"telegram:{PERSON}", Say("Hallo"), None)
    assert raised.value.retry_after == (None if seconds is None else timedelta(seconds=seconds))


_OK = b"HTTP/1.1 200 OK\r\nConnection: close\r\n"
_SENT = b'{"ok": true, "result": {"message_id": 8}}'
_PACKED = gzip.compress(_SENT)
_BROKEN = {
    "nothing": b"",
    "no HTTP": b"hello\r\n\r\n",
    "JSON alone": _SENT,
    "half the headers": _OK + b"Content-",
    "fewer bytes than told": _OK + b"Content-Length: 100\r\n\r\n" + _SENT,
    "a length that is none": _OK + b"Content-Length: many\r\n\r\n" + _SENT,
    "chunks that are none": _OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
    "gzip that is none": _OK + b"Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\nabcd",
    "gzip cut off": _OK + b"Content-Encoding: gzip\r\nContent-Length: 9\r\n\r\n" + _PACKED[:9],
    "a header without end": _OK + b"X: " + b"x" * 100_000 + b"\r\n\r\n",
}
_WHOLE = {
    "without a length": b"HTTP/1.0 200 OK\r\n\r\n" + _SENT,
    "gzip": _OK + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(_PACKED) + _PACKED,
    "with a mark before it": _OK + b"\r\n\xef\xbb\xbf" + _SENT,
    "another type": _OK + b"Content-Type: text/html; charset=nothing\r\n\r\n" + _SENT,
}


async def test_bytes_that_are_no_answer_leave_it_in_doubt_and_odd_ones_that_are_one_do_not() -> None:
    async with (
        bytes_server(*_BROKEN.values(), *_WHOLE.values()) as url,
        TelegramChannel(TOKEN, url, random=Random(1), patience=QUICK) as channel,
    ):
        for name in _BROKEN:
            with pytest.raises(Unsure):
                pytest.fail(f"{name}: {await channel.send(f'telegram:{PERSON}', Say('Hallo'), None)}")
        for name in _WHOLE:
            assert await channel.send(f"telegram:{PERSON}", Say("Hallo"), None) == Delivered("8"), name


async def test_an_answer_that_is_too_long_is_not_read_to_its_end_and_holds_up_nothing_behind_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.telegram.request.LARGEST_ANSWER", 20_000)
    monkeypatch.setattr("bot.telegram.request._START", 500)
    async with database(tmp_path) as kept, other_server() as server, channel_on(server) as channel:
        server.plan("sendMessage", Answer(200, "9" * 30_000), Answer(500, "9" * 30_000))
        for meaning in (Unsure, NotDelivered):
            with pytest.raises(meaning):
                await channel.send(f"telegram:{PERSON}", Say("Hallo"), None)
        for words in ("een", "x" * 30_000, "drie", "x" * 19_000, "x" * 19_000, "zes"):
            server.write(words)
        async with fetching(channel, kept, CLOCK):
            rows = await until_waiting(kept, 5)
        read = [channel.read(row.raw, row.received_on) for row in rows]
        lengths = [len(one.what.text) for one in read if one is not None and isinstance(one.what, Text)]
        assert lengths == [3, 4, 19_000, 19_000, 3]
        [aside] = await kept.writer.run(inbox.dead)
        assert aside.error == "too large"
    assert server.limits[0] == 100
    assert min(server.limits) == 1


async def test_a_server_that_knows_no_menus_is_talked_to_without() -> None:
    async with other_server() as server, channel_on(server) as channel:
        for menu in (Menu((MenuItem("help", "Hulp"),)), Menu(())):
            method = "setMyCommands" if menu.items else "deleteMyCommands"
            server.plan(method, Answer(404, refusal(error_code=404, description="Not Found")), Answer(500))
            assert await channel.send(f"telegram:{PERSON}", menu, None) == Delivered("")
            with pytest.raises(NotDelivered):
                await channel.send(f"telegram:{PERSON}", menu, None)


@pytest.mark.parametrize(
    ("result", "meaning"),
    [
        ({"file_id": "x"}, NotDelivered),
        ({"file_path": ""}, NotDelivered),
        ({"file_path": "/var/lib/its/own/file"}, Refused),
        ({"file_path": "voice/a b.oga", "file_size": 1 << 40}, TooBig),
        ({"file_path": "voice/nowhere.oga"}, NotDelivered),
        ([], NotDelivered),
    ],
)
async def test_a_file_without_an_address_is_asked_for_again(
    tmp_path: Path, result: object, meaning: type[Exception]
) -> None:
    async with other_server() as server, channel_on(server) as channel:
        server.plan("getFile", Answer(200, json.dumps({"ok": True, "result": result})))
        with pytest.raises(meaning):
            await channel.fetch_file("x", tmp_path / "kept")
    assert not (tmp_path / "kept").exists()


async def test_a_server_that_stumbles_once_over_the_token_is_asked_again() -> None:
    async with other_server() as server:
        server.plan("getMe", Answer(401), Answer(502, PAGE), Answer(404, PAGE), Answer(401))
        async with channel_on(server) as channel:
            assert await channel.send(f"telegram:{PERSON}", Say("Hallo"), None)
        server.plan("getMe", *[Answer(401, "401: Unauthorized")] * 2)
        with pytest.raises(TokenRevoked):
            await channel_on(server).__aenter__()


async def test_words_answer_the_question_that_was_there_though_the_clock_of_the_machine_is_wrong(
    tmp_path: Path,
) -> None:
    clock = stopped_clock()
    for hours in (1, -1):
        (tmp_path / str(hours)).mkdir()
        async with (
            Sandbox(lambda hours=hours: clock.now() + timedelta(hours=hours)) as sandbox,  # type: ignore[misc]  # bound now
            town_on(tmp_path / str(hours), clock, sandbox) as town,
        ):
            amina = await town.fieldworker()
            await town.asked(amina, "Amina", ends_on=clock.now() + timedelta(hours=2))
            await say(amina, "1", "Vraag 2 van")
            await say(amina, "overslaan", "Vraag 3 van")
            assert town.rows("SELECT 1 FROM outbox WHERE body LIKE '%kruisten%'") == []


async def test_a_whole_reflection_ends_alike_on_a_server_that_says_everything_differently(tmp_path: Path) -> None:
    for name in ("usual", "strange", "faulty"):
        (tmp_path / name).mkdir()
    usual = await played(tmp_path / "usual")
    strange = await played(tmp_path / "strange", on=strange_server)
    assert differences(usual, strange, Cell("", "", "")) == []
    assert (strange.nudges, strange.said_twice) == (0, 0)
    drawn = Random(datetime.now(UTC).toordinal())
    cell = drawn.choice([cell for cell in cells(usual.calls) if cell.fault not in STORAGE_FAULTS | DISK_FAULTS])
    found = await played(tmp_path / "faulty", cell, on=strange_server)
    assert differences(usual, found, cell) == [], cell


@pytest.mark.parametrize("words", ["MESSAGE_NOT_MODIFIED", "Bad Request: MESSAGE IS NOT MODIFIED: the same"])
async def test_an_edit_that_changes_nothing_is_no_failure(words: str) -> None:
    async with other_server() as server, channel_on(server) as channel:
        server.plan("editMessageText", Answer(400, refusal(description=words)))
        assert await channel.send(f"telegram:{PERSON}", Say("Hallo"), "41") == Delivered("41")


@asynccontextmanager
async def bot_on(server: OtherServer, folder: Path) -> AsyncIterator[App]:
    """The whole bot on this server."""
    lay_down(folder / "terugblik.db")
    program = rehearsed_program(folder, CLOCK, Random(1))
    async with (
        channel_on(server) as channel,
        opened(program, prepare(program), channel, Pace(UNHURRIED, UNHURRIED)) as app,
    ):
        serving = asyncio.create_task(app.serve())
        try:
            yield app
        finally:
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)


async def test_the_bot_answers_on_a_server_of_another_make(tmp_path: Path) -> None:
    async with other_server() as server, bot_on(server, tmp_path) as app:
        server.plan("getUpdates", Answer(502, PAGE), Answer(200), Answer(429), Answer(401), Answer(403, PAGE))
        server.plan("sendMessage", Answer(502, PAGE), Answer(404))
        server.write("Hallo")
        await until(lambda: _is_answered(server, app))
        assert len(server.said) == 1


def _is_answered(server: OtherServer, app: App) -> bool:
    """Time goes on while one waits."""
    CLOCK.forward(seconds=1)
    app.sender.wake()
    return any("alleen voor" in said for said in server.said)


async def test_a_server_that_holds_no_poll_is_not_asked_without_end(tmp_path: Path) -> None:
    patience = replace(QUICK, breath=timedelta(seconds=0.05))
    async with (
        database(tmp_path) as kept,
        other_server() as server,
        TelegramChannel(TOKEN, server.url, random=Random(1), patience=patience) as channel,
        fetching(channel, kept, CLOCK),
    ):
        began = asyncio.get_running_loop().time()
        await until(lambda: server.polls >= 6)
        assert asyncio.get_running_loop().time() - began >= 4 * 0.05
        server.write("Hallo")
        await until_waiting(kept, 1)
        server.minds_offset, polls = False, server.polls
        began = asyncio.get_running_loop().time()
        await until(lambda: server.polls >= polls + 6)
        assert asyncio.get_running_loop().time() - began >= 4 * 0.05
        assert len(await kept.reader.all("SELECT 1 FROM inbox")) == 1


async def test_who_waits_because_the_server_says_so_is_alive_all_the_same(tmp_path: Path) -> None:
    clock = Clock()
    async with database(tmp_path) as kept, other_server() as server, channel_on(server) as channel:
        server.plan("getUpdates", Answer(429, refusal(parameters={"retry_after": 3600})))
        async with fetching(channel, kept, clock):
            await until(lambda: server.polls == 0 and channel.last_try_on is not None)
            clock.forward(minutes=30)
            await until(lambda: channel.last_try_on == clock())
            assert (server.polls, channel.last_poll_on) == (0, None)


async def test_a_webhook_that_was_left_behind_is_found_though_the_words_do_not_name_it(tmp_path: Path) -> None:
    conflict = Answer(409, refusal(error_code=409, description="CONFLICT"))
    async with database(tmp_path) as kept, other_server() as server, channel_on(server) as channel:
        server.pushes_to = "https://elsewhere.example/hook"
        server.plan("getUpdates", conflict)
        async with fetching(channel, kept, CLOCK):
            await until(lambda: not server.pushes_to)
        server.plan("getUpdates", *[conflict] * 9)
        async with fetching(channel, kept, CLOCK) as task:
            await asyncio.wait([task], timeout=5)
            assert isinstance(task.exception(), SecondPoller)


async def test_a_server_that_refuses_or_does_not_know_where_to_push_is_told_again(tmp_path: Path) -> None:
    port = a_free_port()
    unknown = Answer(404, refusal(error_code=404, description="Not Found"))
    async with other_server() as server, database(tmp_path) as kept, channel_on(server) as channel:
        server.plan("setWebhook", Answer(401), Answer(400, refusal(description="Bad Request: bad webhook")))
        server.plan("getWebhookInfo", unknown, Answer(502, PAGE), unknown)
        hook = Hook(f"http://127.0.0.1:{port}/x", port, SECRET, look_after=timedelta(milliseconds=5))
        receive = Receive(channel._bot, hook, kept.writer, lambda: None, CLOCK)
        task = asyncio.create_task(receive.run())
        await until(lambda: "WEBHOOK_URL" in (receive.trouble or ""))
        await until(lambda: receive.last_poll_on is not None and receive.trouble is None)
        await until(lambda: not server.planned["getwebhookinfo"])
        assert not task.done()
        server.plan("getWebhookInfo", Answer(401))
        server.plan("getMe", Answer(401))
        await asyncio.wait([task], timeout=5)
        assert isinstance(task.exception(), TokenRevoked)


async def test_an_update_that_is_pushed_without_a_length_is_heard_up_to_the_same_size(tmp_path: Path) -> None:
    port = a_free_port()
    async with other_server() as server, database(tmp_path) as kept, channel_on(server) as channel:
        hook = Hook(f"http://127.0.0.1:{port}/x", port, SECRET)
        receive = Receive(channel._bot, hook, kept.writer, lambda: None, lambda: datetime.now(UTC))
        task = asyncio.create_task(receive.run())
        await until(lambda: receive.last_poll_on is not None)
        assert await _push_in_pieces(port, b'{"update_id": 5}') == 200
        assert await _push_in_pieces(port, b'"' + b"x" * (LARGEST_UPDATE + 1) + b'"') == 413
        assert len(await kept.reader.all("SELECT 1 FROM inbox")) == 1
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _push_in_pieces(port: int, body: bytes) -> int:
    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(body), 100_000):
            yield body[start : start + 100_000]

    headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"http://127.0.0.1:{port}/x", data=pieces(), headers=headers) as answer,
    ):
        return answer.status
