"""Whether the bot works, for systemd, a monitor and the operator: on loopback only, and without anything said."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from aiohttp import web

from bot.app import App
from bot.figures import figures_of
from storage import health
from storage.database import Reader
from storage.stamps import stamp

HOST = "127.0.0.1"
POLL_LATE_AFTER = timedelta(minutes=2)
"""A poll is held half a minute; Telegram keeps updates for a day."""
TICK_LATE_AFTER = timedelta(minutes=2)
HANDLING_LATE_AFTER = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Health:
    """What a look found: figures by name, and in words what is wrong."""

    figures: Mapping[str, float]
    wrong: tuple[str, ...]

    @property
    def is_well(self) -> bool:
        """Whether nothing is wrong."""
        return not self.wrong


class Watch:
    """Looks at a running bot."""

    def __init__(self, app: App, reader: Reader, backups: Path, now: Callable[[], datetime]) -> None:
        self._app = app
        self._reader = reader
        self._backups = backups
        self._now = now
        self._began_on = now()

    async def look(self) -> Health:
        """Everything there is to know."""
        now = self._now()
        waiting = await self._reader.one(health.WAITING, now=stamp(now))
        totals = await self._reader.one(health.TOTALS)
        assert waiting is not None and totals is not None
        figures = figures_of(waiting, totals, self._backups, now)
        figures["seconds_since_poll"] = (now - (self._app.last_poll_on or self._began_on)).total_seconds()
        figures["seconds_since_commit"] = (now - (self._app.last_tick_on or self._began_on)).total_seconds()
        return Health(figures, tuple(self.wrong(figures)))

    def is_alive(self) -> bool:
        """Whether the loop turns and updates are asked for, be it in vain: a new start would not do better."""
        late = self._now() - POLL_LATE_AFTER
        return (self._app.last_try_on or self._began_on) > late

    def wrong(self, figures: Mapping[str, float]) -> list[str]:
        """What is wrong, in words, where these are the figures."""
        found = []
        if fault := self._app.storage_fault:
            found.append(f"nothing can be kept: {fault}")
        if trouble := self._app.trouble:
            found.append(trouble)
        if figures["seconds_since_poll"] > POLL_LATE_AFTER.total_seconds():
            found.append("updates have not been fetched lately")
        if figures["seconds_since_commit"] > TICK_LATE_AFTER.total_seconds():
            found.append("the clock's work has not been done lately")
        late = HANDLING_LATE_AFTER.total_seconds()
        # Of somebody who floods us much waits long; while other things are handled nothing is wrong.
        if figures["oldest_update_seconds"] > late and figures.get("seconds_since_handled", late + 1) > late:
            found.append("an update waits too long")
        return found


def as_metrics(figures: Mapping[str, float]) -> str:
    """The figures as Prometheus reads them."""
    return "".join(f"# TYPE terugblik_{name} gauge\nterugblik_{name} {value:g}\n" for name, value in figures.items())


@asynccontextmanager
async def served(watch: Watch, port: int) -> AsyncIterator[int]:
    """Serve `/healthz` and `/metrics` on loopback for as long as the block lasts; gives the port."""

    async def healthz(_: web.Request) -> web.Response:
        found = await watch.look()
        return web.json_response({"well": found.is_well, "wrong": found.wrong}, status=200 if found.is_well else 503)

    async def metrics(_: web.Request) -> web.Response:
        return web.Response(text=as_metrics((await watch.look()).figures))

    pages = web.Application()
    pages.add_routes([web.get("/healthz", healthz), web.get("/metrics", metrics)])
    runner = web.AppRunner(pages, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, HOST, port).start()
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


async def feed_watchdog(is_alive: Callable[[], bool], environment: Mapping[str, str] = os.environ) -> None:
    """Tell systemd that the bot is ready, and then for as long as it is alive that it is; else do nothing."""
    where = environment.get("NOTIFY_SOCKET")
    if not where:
        return
    _notify(where, "READY=1")
    patience = int(environment.get("WATCHDOG_USEC", "0")) / 1_000_000
    while patience:
        if is_alive():
            _notify(where, "WATCHDOG=1")
        await asyncio.sleep(patience / 3)


def _notify(where: str, words: str) -> None:
    address = "\0" + where[1:] if where.startswith("@") else where
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.sendto(words.encode(), address)
