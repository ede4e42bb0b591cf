"""What a bot costs that nobody talks to: how soon after its start it asks for updates, its memory, its processor time.

Run with `python -m benchmarks.footprint`; `--full` also with nothing stored and with a million answers, and once
without compiled modules. The bot is a process of its own, started as its operator starts it, against a Bot API server
in this one that has no updates. It has what `make install` installs; the driver that encrypts is hidden from it and
measured apart.
"""

import argparse
import asyncio
import os
import signal
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from sys import executable
from tempfile import TemporaryDirectory
from time import perf_counter
from zoneinfo import ZoneInfo

from aiohttp import web

from benchmarks.answering import Clock
from benchmarks.asked import Asked, judge
from benchmarks.figures import Figure, figure, tell, with_file
from benchmarks.grown import NOW, shape
from benchmarks.growth import fill, modelled
from bot.firststudy import first_study_file
from bot.program import catalogue, configured, prepare
from fieldwork.schedule import Week
from storage import jobs, ledger
from storage.backlog import backlog
from storage.database import reading, transaction
from storage.tx import Tx

SHORT = (100_000,)
FULL = (0, *SHORT, 1_000_000)
STARTS = 5
MOST_SECONDS, MOST_MEBIBYTES, MOST_SHARE = 1.5, 100, 1.0
"""To the first poll; of memory; percent of a processor."""
_SETTLES, _IDLES, _STARTS_WITHIN, _RESTS_WITHIN = 3.0, 8.0, 60.0, 300
"""Seconds."""
_TOKEN = "4242424242:BENCHMARK-this-opens-nothing-anywhere"
_CITY = '\n[[city]]\ncode = "{code}"\nname = "{code}"\ntimezone = "Europe/Amsterdam"\n'
_ZONE = ZoneInfo("UTC")
_RUN = "from bot.cli import main; main()"
_PLAIN = f"import sys; sys.modules['sqlcipher3'] = None; {_RUN}"


@dataclass
class Server:
    """A Bot API server that nobody writes to."""

    url: str = ""
    polls: asyncio.Queue[float] = field(default_factory=asyncio.Queue)
    """When each was asked for updates."""

    async def answer(self, request: web.Request) -> web.Response:
        method, result = request.match_info["method"], object()
        match method:
            case "getMe":
                result = {"id": 4242424242, "is_bot": True, "first_name": "Terugblik", "username": "terugblik_bot"}
            case "getUpdates":
                self.polls.put_nowait(perf_counter())
                await asyncio.sleep(30)
                result = []
            case _:
                result = True
        return web.json_response({"ok": True, "result": result})


async def main() -> None:
    """Start bots on studies of several sizes and print what they cost."""
    words = with_file(argparse.ArgumentParser(description=__doc__))
    words.add_argument("--full", action="store_true", help="more sizes, and a start without compiled modules")
    given = words.parse_args()
    async with _served() as server:
        figures = await _first_starts(server, is_full=given.full)
        for answers in FULL if given.full else SHORT:
            with TemporaryDirectory() as folder:
                await asyncio.to_thread(_lay_down, Path(folder), answers, server.url)
                figures += await _measured(Path(folder), f"{answers:,} answers", server)
    tell(figures, given.json)
    judge(
        [
            Asked(one.name, f" {one.unit}", one.value.median, below=most)
            for one in figures
            for name, most in _MOST.items()
            if one.name.startswith(name)
        ]
    )


_MOST = {"start to first poll": MOST_SECONDS, "idle memory": MOST_MEBIBYTES, "idle processor": MOST_SHARE}


async def _first_starts(server: Server, *, is_full: bool) -> list[Figure]:
    """With no database yet, and, where there is time for it, with no module compiled yet."""
    with TemporaryDirectory() as folder:
        _describe(Path(folder), (), server.url)
        async with _running(_PLAIN, Path(folder), server) as bot:
            figures = [figure("the first start of all", "s", [bot.polled_after])]
        if is_full:
            cold = {"PYTHONPYCACHEPREFIX": str(Path(folder) / "compiled")}
            async with _running(_PLAIN, Path(folder), server, cold) as bot:
                figures.append(figure("a start that compiles every module", "s", [bot.polled_after]))
    return figures


def _describe(folder: Path, cities: Sequence[str], url: str) -> None:
    (folder / ".env").write_text(f"TELEGRAM_BOT_TOKEN={_TOKEN}\nTELEGRAM_API_URL={url}\n", encoding="utf-8")
    study = first_study_file(catalogue(), datetime(2036, 1, 1, tzinfo=UTC).date())
    study += "".join(_CITY.format(code=code) for code in cities)
    (folder / "study.toml").write_text(study, encoding="utf-8")


def _lay_down(folder: Path, answers: int, url: str) -> None:
    cities = [f"stad{number}" for number in range(shape(answers).cities)]
    _describe(folder, cities, url)
    _, program = configured(folder)
    forms = prepare(program)
    if answers:
        clock = Clock(NOW)
        asyncio.run(modelled(replace(program, now=clock.now), forms, clock))
        fill(program, answers)
        with transaction(program.place.database) as tx:
            _leave_nothing_to_do(tx, cities)


def _leave_nothing_to_do(tx: Tx, cities: Sequence[str]) -> None:
    """The study ended on a day that may be long ago."""
    tx.run("UPDATE prompt SET due_on = NULL")
    tx.run("UPDATE address SET menu = ''")
    for table in ("outbox", "inbox"):
        tx.run(f"DELETE FROM {table}")
    now = datetime.now(UTC)
    for work in ("workbook", "delivery"):
        for city in cities:
            ledger.claim(tx, work, city, Week.of(now, _ZONE), now)


async def _measured(folder: Path, about: str, server: Server) -> list[Figure]:
    first_polls = []
    for _ in range(STARTS):
        async with _running(_PLAIN, folder, server) as bot:
            first_polls.append(bot.polled_after)
    async with _running(_PLAIN, folder, server) as bot:
        await _at_rest(folder)
        before = _processor_seconds(bot.pid)
        await asyncio.sleep(_IDLES)
        share = 100 * (_processor_seconds(bot.pid) - before) / _IDLES
        memory, threads, files = _mebibytes(bot.pid), _count(bot.pid, "task"), _count(bot.pid, "fd")
        await _have_workbook_made(folder)
        await _at_rest(folder)
        after = _mebibytes(bot.pid)
    async with _running(_RUN, folder, server) as bot:
        await _at_rest(folder)
        with_driver = _mebibytes(bot.pid)
    return [
        figure(f"start to first poll, {about}", "s", first_polls, note=f"at most {MOST_SECONDS}"),
        figure(f"idle memory, {about}", "MiB", [memory], note=f"at most {MOST_MEBIBYTES}"),
        figure(f"the same with the driver that encrypts, {about}", "MiB", [with_driver]),
        figure(f"memory after a workbook was made, {about}", "MiB", [after]),
        figure(f"idle processor, {about}", "%", [share], note=f"of one, at most {MOST_SHARE:g}"),
        figure(f"threads, {about}", "threads", [threads]),
        figure(f"open files and connections, {about}", "files", [files]),
    ]


@dataclass(frozen=True, slots=True)
class Running:
    """A bot in a process of its own, and how many seconds after its start it asked for updates."""

    pid: int
    polled_after: float


@asynccontextmanager
async def _running(
    words: str, folder: Path, server: Server, environment: Mapping[str, str] | None = None
) -> AsyncIterator[Running]:
    server.polls = asyncio.Queue()
    began = perf_counter()
    bot = await asyncio.create_subprocess_exec(
        *(executable, "-c", words, "run", "--folder", str(folder)),
        stderr=asyncio.subprocess.DEVNULL,
        env={**os.environ, **(environment or {})},
    )
    try:
        async with asyncio.timeout(_STARTS_WITHIN):
            polled_at = await server.polls.get()
        yield Running(bot.pid, polled_at - began)
    finally:
        with suppress(ProcessLookupError):
            bot.send_signal(signal.SIGTERM)
        await bot.wait()


async def _at_rest(folder: Path) -> None:
    """Wait until the day's copy of the database is made, and a while longer."""
    _, program = configured(folder)
    async with reading(program.place.database) as reader:
        for _ in range(_RESTS_WITHIN):
            await asyncio.sleep(1)
            if (await backlog(reader, datetime.now(UTC))).is_empty:
                break
    await asyncio.sleep(_SETTLES)


async def _have_workbook_made(folder: Path) -> None:
    """As on a Monday, of the newest week of a city."""
    _, program = configured(folder)
    detail = {"city": program.study.cities[-1].code, "week": str(Week.of(NOW, _ZONE))}
    with transaction(program.place.database) as tx:
        jobs.add(tx, "workbook", detail, datetime.now(UTC))


def _processor_seconds(pid: int) -> float:
    """Of the process and its threads so far."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _count(pid: int, what: str) -> int:
    """How many threads (`task`) or open files (`fd`) the process has."""
    return len(list(Path(f"/proc/{pid}/{what}").iterdir()))


def _mebibytes(pid: int) -> float:
    """Of memory that the process holds."""
    return int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


@asynccontextmanager
async def _served() -> AsyncIterator[Server]:
    server = Server()
    app = web.Application()
    app.add_routes([web.route("*", "/bot{token}/{method}", server.answer)])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    server.url = f"http://{host}:{port}"
    try:
        yield server
    finally:
        await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(main())
