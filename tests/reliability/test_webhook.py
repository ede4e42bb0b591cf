"""Who pushes must know the word, keep to the size, and hears 200 only for what is on disk."""

import asyncio
import socket
from contextlib import suppress
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import aiohttp
from telegram import Bot

from bot.sandbox import Sandbox
from bot.telegram.fetch import LARGEST_UPDATE
from bot.telegram.webhook import Hook, Receive
from tests.telegram.telegram_parts import database, until

SECRET = "a-word-of-enough-letters"


def now() -> datetime:
    return datetime(2026, 11, 20, tzinfo=UTC)


def a_free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


async def push(url: str, body: bytes, word: str) -> int:
    headers = {"X-Telegram-Bot-Api-Secret-Token": word}
    async with aiohttp.ClientSession() as session, session.post(url, data=BytesIO(body), headers=headers) as answer:
        return answer.status


async def test_only_a_known_pusher_with_a_fitting_update_is_heard(tmp_path: Path) -> None:
    port = a_free_port()
    url = f"http://127.0.0.1:{port}/hook"
    async with (
        Sandbox(now) as sandbox,
        database(tmp_path) as kept,
        Bot(sandbox.token, base_url=f"{sandbox.url}/bot") as bot,
    ):
        receive = Receive(bot, Hook(url, port, SECRET), kept.writer, lambda: None, now)
        task = asyncio.create_task(receive.run())
        await until(lambda: receive.last_poll_on is not None)
        update = b'{"update_id": 7, "message": {"chat": {"id": 1}}}'
        assert await push(url, update, "another-word-altogether") == 403
        assert await push(url, b"x" * (LARGEST_UPDATE + 1), SECRET) == 413
        assert await push(url, b"{", SECRET) == 400
        assert await kept.reader.all("SELECT 1 FROM inbox") == []
        assert [await push(url, update, SECRET) for _ in range(2)] == [200, 200]
        rows = await kept.reader.all("SELECT update_key, chat FROM inbox")
        assert [tuple(row) for row in rows] == [("7", "telegram:1")]
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
