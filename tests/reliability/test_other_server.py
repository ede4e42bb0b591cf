"""Nothing rests on how one server behaves: others answer in pieces, hang up, have other words, leave things out."""

import asyncio
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
from bot.channel import Gone, Moved, NotDelivered, Refused, SecondPoller, Unsure
from bot.pace import Pace
from bot.program import prepare
from bot.rehearsal import UNHURRIED, rehearsed_program
from bot.telegram.channel import TelegramChannel
from bot.telegram.fetch import LARGEST_UPDATE
from bot.telegram.webhook import Hook, Receive
from fieldwork.messages import Say
from tests.e2e.town import lay_down
from tests.reliability.other_server import PERSON, TOKEN, Answer, OtherServer, other_server
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
        (Answer(429, refusal(parameters={"retry_after": 1e300})), None),
    ],
)
async def test_how_long_to_wait_is_read_wherever_it_stands(answer: Answer, seconds: int | None) -> None:
    async with other_server() as server, channel_on(server) as channel:
        server.plan("sendMessage", answer)
        with pytest.raises(NotDelivered) as raised:
            await channel.send(f"telegram:{PERSON}", Say("Hallo"), None)
    assert raised.value.retry_after == (None if seconds is None else timedelta(seconds=seconds))


@pytest.mark.parametrize("words", ["MESSAGE_NOT_MODIFIED", "Bad Request: MESSAGE IS NOT MODIFIED: the same"])
async def test_an_edit_that_changes_nothing_is_no_failure(words: str) -> None:
    async with other_server() as server, channel_on(server) as channel:
        server.plan("editMessageText", Answer(400, refusal(description=words)))
        assert await channel.send(f"telegram:{PERSON}", Say("Hallo"), "41") == "41"


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
