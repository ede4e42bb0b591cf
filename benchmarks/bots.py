"""The bots that are measured, each a process of its own beside the server, and what it uses of the machine."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Protocol

from benchmarks.replies import Manner
from benchmarks.server import TOKEN, Order, Seen
from benchmarks.study import settle

PROJECT = Path(__file__).resolve().parent.parent
PEERS = PROJECT / ".venv-peers"
TERUGBLIK = str(Path(sys.executable).with_name("terugblik"))
_TICKS = os.sysconf("SC_CLK_TCK")
_END_WITHIN = 15.0
_LAST_WORDS = 2000
_LONGEST_LINE = 1 << 28
RAISED = {"MESSAGES_PER_SECOND": "100000", "MESSAGES_PER_SECOND_TO_ONE": "100", "UPDATES_PER_MINUTE": "100000"}
"""The code that paces stays in use, at rates that nothing reaches."""


class Failed(Exception):
    """A bot or the server ended, or nothing came of it in time; what it said last."""


class Contestant(Protocol):
    """A bot that can be measured."""

    @property
    def name(self) -> str: ...

    @property
    def manner(self) -> Manner:
        """How people talk to it."""

    def prepare(self, folder: Path, address: str, people: int) -> Sequence[str]:
        """The command that starts it against this server."""


@dataclass(frozen=True, slots=True)
class Peer:
    """Another library's echo, in the environment that it is installed in."""

    name: str
    file: str
    python: Path
    manner: Manner = Manner.ECHO

    def prepare(self, folder: Path, address: str, people: int) -> Sequence[str]:
        return str(self.python), str(PROJECT / "benchmarks" / "peers" / self.file), address, TOKEN


@dataclass(frozen=True, slots=True)
class Ours:
    """Terugblik as the operator runs it, with a study of its own on disk."""

    name: str
    manner: Manner
    settings: Mapping[str, str]

    def prepare(self, folder: Path, address: str, people: int) -> Sequence[str]:
        settle(folder, people, TELEGRAM_BOT_TOKEN=TOKEN, TELEGRAM_API_URL=address, **self.settings)
        return TERUGBLIK, "run", "--folder", str(folder)


@dataclass(frozen=True, slots=True)
class Played:
    """What a bot did with a crowd, and what it took."""

    seen: Seen
    processor: float
    """Seconds of it that the bot used, all its threads together."""
    memory: float
    """The most that it held so far, in MiB."""

    @property
    def turns(self) -> int:
        return len(self.seen.waits)

    @property
    def calls(self) -> int:
        """Of the Bot API, besides asking for updates."""
        return sum(count for method, count in self.seen.calls.items() if method != "getUpdates")


class Process:
    """A process that was started, and what it has used."""

    def __init__(self, process: asyncio.subprocess.Process, last_words: Path) -> None:
        self._process = process
        self._last_words = last_words
        self.place = Path("/proc") / str(process.pid)

    def processor(self) -> float:
        """Seconds of processor time so far, of all its threads; in steps of a hundredth."""
        fields = (self.place / "stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def memory(self, what: str = "VmHWM") -> float:
        """MiB in memory: VmHWM the most so far, VmRSS now."""
        lines = (self.place / "status").read_text().splitlines()
        return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(f"{what}:"))

    async def line(self, within: float) -> str:
        """The next line that it prints. Raises Failed."""
        assert self._process.stdout is not None
        try:
            async with asyncio.timeout(within):
                line = await self._process.stdout.readline()
        except TimeoutError:
            raise Failed(f"nothing within {within:.0f} s; {self.told()}") from None
        if not line:
            raise Failed(self.told())
        return line.decode().strip()

    async def ended(self) -> None:
        """Wait until it ends by itself, which it should not. Raises Failed."""
        code = await self._process.wait()
        raise Failed(f"it ended with {code}; {self.told()}")

    def told(self) -> str:
        """The last that it wrote for the operator."""
        return f"its last words: {self._last_words.read_text(errors='replace')[-_LAST_WORDS:] or 'none'}"

    async def stop(self) -> None:
        """End it, as a service manager does."""
        if self._process.returncode is not None:
            return
        self._process.send_signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(_END_WITHIN):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
            await self._process.wait()


@asynccontextmanager
async def started(
    command: Sequence[str],
    last_words: Path,
    *,
    is_heard: bool = False,
    environment: Mapping[str, str] | None = None,
) -> AsyncIterator[Process]:
    """A process that knows this project's code, stopped when the block ends; what it tells the operator goes to a file.

    Where it `is_heard` its lines can be read one by one.
    """
    with last_words.open("wb") as errors:
        process = Process(
            await asyncio.create_subprocess_exec(
                *command,
                stdout=asyncio.subprocess.PIPE if is_heard else errors,
                stderr=errors,
                limit=_LONGEST_LINE,
                env={**os.environ, "PYTHONPATH": str(PROJECT), **(environment or {})},
            ),
            last_words,
        )
        try:
            yield process
        finally:
            await process.stop()


def serving(order: Order, folder: Path) -> AbstractAsyncContextManager[Process]:
    """The server, which says its port first."""
    command = [sys.executable, "-m", "benchmarks.server", json.dumps(asdict(order))]
    return started(command, folder / "server.log", is_heard=True)


def made(folder: str | Path, name: object) -> Path:
    """A new folder in this one."""
    place = Path(folder) / str(name)
    place.mkdir()
    return place


async def play(contestant: Contestant, order: Order, folder: Path, within: float = 300.0) -> Played:
    """Let a crowd talk to a bot; only what lies between the first word and the last is measured. Raises Failed."""
    order = replace(order, manner=contestant.manner)
    async with serving(order, folder) as server:
        address = f"http://127.0.0.1:{await server.line(within)}"
        ordered = contestant.prepare(folder, address, order.people)
        async with started(ordered, folder / "bot.log") as bot:
            watch = asyncio.create_task(bot.ended())
            measuring = asyncio.create_task(_measure(server, bot, within))
            await asyncio.wait((watch, measuring), return_when=asyncio.FIRST_COMPLETED)
            if not measuring.done():
                measuring.cancel()
                await watch
            watch.cancel()
            return await measuring


async def _measure(server: Process, bot: Process, within: float) -> Played:
    while await server.line(within) != "begun":
        pass
    before = bot.processor()
    seen = json.loads(await server.line(within))
    return Played(Seen(**seen), bot.processor() - before, bot.memory())
