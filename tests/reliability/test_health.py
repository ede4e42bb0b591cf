"""Who watches the bot sees what is wrong, and systemd hears from it only while it is alive."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest

from bot.doctor import figures
from bot.health import Watch, feed_watchdog, served
from bot.sandbox.faults import Fault
from bot.sandbox.refusals import conflict
from bot.sandbox.updates import OTHER_POLLER
from tests.e2e.conftest import town
from tests.e2e.town import Town

__all__ = ["town"]


def watch_of(town: Town) -> Watch:
    play = town.play
    return Watch(play.app, play.app.reader, play.program.backups, play.clock.now)


async def asked(port: int, page: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}/{page}") as answer:
        return answer.status, await answer.text()


async def until_status(port: int, wanted: int) -> str:
    """What /healthz says once it answers with this status."""
    for _ in range(1000):
        status, text = await asked(port, "healthz")
        if status == wanted:
            return text
        await asyncio.sleep(0.005)
    raise AssertionError(f"/healthz never answered {wanted}")


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


async def test_a_second_poller_turns_the_light_red_at_once_and_says_why(town: Town) -> None:
    sandbox = town.play.sandbox
    sandbox.fail("getUpdates", Fault(refusal=conflict(OTHER_POLLER)))
    # Ends the poll that is held, so that the next one meets the other program.
    town.play.phone("Amina").start()
    async with served(watch_of(town), 0) as port:
        assert "another program fetches updates with the same token" in await until_status(port, 503)
        await until_status(port, 200)


async def test_an_update_that_nobody_handles_turns_the_light_red_and_a_flood_does_not(town: Town) -> None:
    await town.fieldworker()
    watch = watch_of(town)
    health = await watch.look()
    assert health.figures["seconds_since_handled"] == 0
    for handled_ago, wrong in ((60, False), (600, True)):
        figures = {**health.figures, "oldest_update_seconds": 900, "seconds_since_handled": handled_ago}
        assert ("an update waits too long" in watch.wrong(figures)) is wrong


@asynccontextmanager
async def systemd_hears(town: Town, folder: Path) -> AsyncIterator[socket.socket]:
    """A datagram socket as systemd has one, fed three times in 60 ms; the first word is read."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(folder / "notify"))
        systemd.setblocking(False)
        environment = {"NOTIFY_SOCKET": str(folder / "notify"), "WATCHDOG_USEC": "60000"}
        feeding = asyncio.create_task(feed_watchdog(watch_of(town).is_alive, environment))
        assert await heard(systemd) == b"READY=1"
        yield systemd
        feeding.cancel()


async def heard(systemd: socket.socket, within: float = 5) -> bytes:
    async with asyncio.timeout(within):
        return await asyncio.get_running_loop().sock_recv(systemd, 100)


def get_stuck() -> None:
    """Hold the loop, as a bug would."""
    time.sleep(0.2)


def left_in(systemd: socket.socket) -> int:
    """How many words wait to be read; they are read."""
    for count in range(1000):
        try:
            systemd.recv(100)
        except BlockingIOError:
            return count
    raise AssertionError("systemd is flooded")


async def test_systemd_hears_ready_and_then_life_only_while_it_polls(town: Town, tmp_path: Path) -> None:
    async with systemd_hears(town, tmp_path) as systemd:
        assert await heard(systemd) == b"WATCHDOG=1"
        # The clock moves, the poller that is held open does not come back.
        town.play.clock.forward_to(town.play.clock.now() + timedelta(minutes=10))
        left_in(systemd)
        with pytest.raises(TimeoutError):
            await heard(systemd, within=0.2)
        town.play.phone("Amina").start()
        assert await heard(systemd) == b"WATCHDOG=1"


async def test_systemd_hears_nothing_while_the_loop_is_stuck(town: Town, tmp_path: Path) -> None:
    async with systemd_hears(town, tmp_path) as systemd:
        assert await heard(systemd) == b"WATCHDOG=1"
        left_in(systemd)
        get_stuck()
        assert left_in(systemd) == 0
        assert await heard(systemd) == b"WATCHDOG=1"


async def test_doctor_and_the_monitor_tell_the_same_figures(town: Town) -> None:
    await town.fieldworker()
    await town.play.forward(days=8)
    seen = set((await watch_of(town).look()).figures)
    assert set(figures(town.play.program)) == seen
    assert seen >= {
        *("updates_waiting", "oldest_update_seconds", "updates_set_aside", "answers", "messages_waiting"),
        *("oldest_message_seconds", "messages_refused", "messages_said_again", "jobs_waiting", "oldest_job_seconds"),
        *("jobs_tried_again", "jobs_given_up", "prompts_set_aside", "seconds_since_poll", "seconds_since_commit"),
        *("seconds_since_handled", "seconds_since_weekly_work", "disk_free_bytes"),
    }


async def test_without_systemd_nothing_is_told(town: Town) -> None:
    await feed_watchdog(watch_of(town).is_alive, {})
