"""A real bot in a process of its own, started and killed as often as a test likes."""

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from time import monotonic

from tests.reliability.nursery import Line, nursery

_TO_START = 60.0


class Lives:
    """One life after the other, on one folder."""

    def __init__(self, cradle: Line, folder: Path) -> None:
        self._cradle = cradle
        self._folder = folder
        self._pid = 0
        self._unheard = 0
        self.begun = 0
        self.slowest_stop = 0.0
        """Seconds between a request to end and the end."""

    async def begin(self) -> None:
        """Start a bot."""
        self._cradle.say(json.dumps({"folder": str(self._folder), "environment": dict(os.environ)}).encode())
        self._unheard = 2
        self._pid = await self._answer()
        self.begun += 1

    @property
    def weight(self) -> tuple[float, int]:
        """Megabytes the bot holds in memory, and how many files it has open."""
        pages = int(Path(f"/proc/{self._pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6, len(list(Path(f"/proc/{self._pid}/fd").iterdir()))

    async def kill(self) -> None:
        """End it as a power cut does to a process: at once, whatever it is doing."""
        os.kill(self._pid, signal.SIGKILL)
        await self._end()

    async def stop(self) -> int:
        """Ask it to end, as systemd does; how it ended. 0 too for one that had not begun in earnest."""
        asked_at = monotonic()
        os.kill(self._pid, signal.SIGTERM)
        code = await self._end()
        self.slowest_stop = max(self.slowest_stop, monotonic() - asked_at)
        return 0 if code == -signal.SIGTERM else code

    async def ended(self) -> int:
        """Wait until it ends by itself; how."""
        return await self._end()

    async def let_go(self) -> None:
        """End what still lives where a test was cut off, and hear of it, so that the next hears only of its own."""
        while self._unheard:
            if self._pid:
                with suppress(ProcessLookupError):
                    os.kill(self._pid, signal.SIGKILL)
            self._pid = await self._answer()

    async def _end(self) -> int:
        code = await self._answer()
        self._pid = 0
        return code

    async def _answer(self) -> int:
        async with asyncio.timeout(_TO_START):
            line = await self._cradle.answers.readline()
        assert line, "the cradle is gone"
        self._unheard -= 1
        return int(line)


@asynccontextmanager
async def lives(folder: Path, settings: Mapping[str, str]) -> AsyncIterator[Lives]:
    """Bots that are configured by these settings; what they log goes to `bot.log` in the folder."""
    (folder / ".env").write_text("".join(f"{name}={value}\n" for name, value in settings.items()), encoding="utf-8")
    async with nursery("tests.reliability.cradle") as cradle:
        bots = Lives(cradle, folder)
        try:
            yield bots
        finally:
            await bots.let_go()
