"""Who watches the bot sees what is wrong, and systemd hears from it only while it is alive."""

import asyncio
import socket
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest

from bot.health import Watch, feed_watchdog, served
from tests.e2e.conftest import town
from tests.e2e.town import Town

__all__ = ["town"]


def watch_of(town: Town) -> Watch:
    play = town.play
    return Watch(play.app, play.app.reader, play.program.backups, play.clock.now)


async def asked(port: int, page: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}/{page}") as answer:
        return answer.status, await answer.text()


async def test_the_pages_tell_that_all_is_well_and_how_much_waits(town: Town) -> None:
    await town.fieldworker()
    await town.play.app.tick()
    async with served(watch_of(town), 0) as port:
        assert await asked(port, "healthz") == (200, '{"well": true, "wrong": []}')
        status, text = await asked(port, "metrics")
    assert status == 200
    for name in ("updates_waiting", "messages_waiting", "oldest_job_seconds", "seconds_since_poll", "answers"):
        assert f"\nterugblik_{name} " in text
    assert "Amina" not in text


async def test_a_poller_that_stalls_turns_the_light_red(town: Town) -> None:
    watch = watch_of(town)
    # The clock moves, the poller that is held open does not come back.
    town.play.clock.forward_to(town.play.clock.now() + timedelta(minutes=10))
    async with served(watch, 0) as port:
        status, text = await asked(port, "healthz")
    assert status == 503
    assert "fetched" in text


async def test_systemd_hears_ready_and_then_life_only_while_it_polls(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(where)
        systemd.setblocking(False)
        loop = asyncio.get_running_loop()
        environment = {"NOTIFY_SOCKET": where, "WATCHDOG_USEC": "60000"}
        feeding = asyncio.create_task(feed_watchdog(watch_of(town).is_alive, environment))
        async with asyncio.timeout(5):
            assert await loop.sock_recv(systemd, 100) == b"READY=1"
            assert await loop.sock_recv(systemd, 100) == b"WATCHDOG=1"
        monkeypatch.setattr("bot.health.POLL_LATE_AFTER", timedelta(seconds=-1))
        await asyncio.sleep(0.1)
        while True:
            try:
                systemd.recv(100)
            except BlockingIOError:
                break
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await loop.sock_recv(systemd, 100)
        feeding.cancel()


async def test_without_systemd_nothing_is_told(town: Town) -> None:
    await feed_watchdog(watch_of(town).is_alive, {})
