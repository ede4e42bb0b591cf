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
from storage import letters
from storage.backup import kept
from storage.connection import Value, stamp
from storage.database import Reader

HOST = "127.0.0.1"
POLL_LATE_AFTER = timedelta(minutes=2)
"""A poll is held half a minute; Telegram keeps updates for a day."""
TICK_LATE_AFTER = timedelta(minutes=2)
HANDLING_LATE_AFTER = timedelta(minutes=5)
_FIGURES = f"""
SELECT (SELECT count(*) FROM inbox WHERE state = 'new') AS updates_waiting,
    (SELECT min(received_on) FROM inbox WHERE state = 'new') AS oldest_update_on,
    (SELECT count(*) FROM inbox WHERE state = 'dead') AS updates_set_aside,
    (SELECT count(*) FROM outbox WHERE state IN ('queued', 'sending', 'uncertain')) AS messages_waiting,
    (SELECT min(written_on) FROM outbox WHERE state IN ('queued', 'sending', 'uncertain')
        AND not_before_on <= :now) AS oldest_message_on,
    (SELECT count(*) FROM outbox WHERE state = 'dead') AS messages_refused,
    ({letters.SAID_TWICE}) AS messages_said_again,
    (SELECT count(*) FROM job WHERE state = 'open' AND due_on <= :now) AS jobs_waiting,
    (SELECT min(made_on) FROM job WHERE state = 'open' AND due_on <= :now) AS oldest_job_on,
    (SELECT count(*) FROM job WHERE state = 'failed') AS jobs_given_up,
    (SELECT count(*) FROM prompt WHERE error IS NOT NULL) AS prompts_set_aside,
    (SELECT count(*) FROM answer) AS answers,
    (SELECT max(finished_on) FROM ledger) AS last_weekly_work_on
"""


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
        row = await self._reader.one(_FIGURES, now=stamp(now))
        assert row is not None
        figures = {name: _figure(value, now) for name, value in dict(row).items()}
        polled_on = self._app.last_poll_on or self._began_on
        ticked_on = self._app.last_tick_on or self._began_on
        copies = kept(self._backups)
        figures["seconds_since_poll"] = (now - polled_on).total_seconds()
        figures["seconds_since_tick"] = (now - ticked_on).total_seconds()
        if copies:
            figures["seconds_since_backup"] = now.timestamp() - copies[-1].stat().st_mtime
        return Health(_renamed(figures), tuple(self._wrong(figures)))

    def is_alive(self) -> bool:
        """Whether the loop turns and updates are asked for, be it in vain: a new start would not do better."""
        late = self._now() - POLL_LATE_AFTER
        return (self._app.last_try_on or self._began_on) > late

    def _wrong(self, figures: Mapping[str, float]) -> list[str]:
        found = []
        if fault := self._app.storage_fault:
            found.append(f"nothing can be kept: {fault}")
        if figures["seconds_since_poll"] > POLL_LATE_AFTER.total_seconds():
            found.append("updates have not been fetched lately")
        if figures["seconds_since_tick"] > TICK_LATE_AFTER.total_seconds():
            found.append("the clock's work has not been done lately")
        if figures["oldest_update_on"] > HANDLING_LATE_AFTER.total_seconds():
            found.append("an update waits too long")
        return found


def as_metrics(figures: Mapping[str, float]) -> str:
    """The figures as Prometheus reads them."""
    return "".join(f"# TYPE terugblik_{name} gauge\nterugblik_{name} {value:g}\n" for name, value in figures.items())


@asynccontextmanager
async def served(watch: Watch, port: int) -> AsyncIterator[int]:
    """Serve `/healthz` and `/metrics` on loopback for as long as the block lasts; gives the port."""

    async def healthz(_: web.Request) -> web.Response:
        health = await watch.look()
        return web.json_response({"well": health.is_well, "wrong": health.wrong}, status=200 if health.is_well else 503)

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


def _figure(value: Value, now: datetime) -> float:
    """A count as it is; a time as the seconds since then, 0 where there is none."""
    if isinstance(value, str):
        return max(0.0, (now - datetime.fromisoformat(value)).total_seconds())
    return float(value) if isinstance(value, int | float) else 0.0


def _renamed(figures: Mapping[str, float]) -> dict[str, float]:
    """Times are told as ages."""
    return {f"{name.removesuffix('_on')}_seconds" if name.endswith("_on") else name: n for name, n in figures.items()}
