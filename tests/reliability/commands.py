"""Runs `terugblik` in processes of their own that are there at once: everything is imported before they fork.

Run with `python -m tests.reliability.commands`; every line on standard input is a command as JSON. It answers with the
process's number, and later with that number and how the process ended.
"""

import asyncio
import json
import os
import selectors
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager, suppress
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import bot.cli
import bot.run
from bot.telegram.channel import TelegramChannel
from tests.privileges import ordinary_account
from tests.reliability.instead import instead
from tests.reliability.nursery import Line, nursery
from tests.telegram.telegram_parts import QUICK

_PATIENCE = 60.0


class Commands:
    """Starts commands and knows how they ended."""

    def __init__(self, cradle: Line, folder: Path) -> None:
        self._cradle = cradle
        self._folder = folder
        self._begun: set[int] = set()
        self.codes: dict[int, int] = {}
        """How those ended that have."""

    async def begin(self, *words: str, ordinary: bool = False, **other: int) -> int:
        """Start one; its number. `other` numbers stand in the place of `module__NAME`."""
        order = {"words": words, "ordinary": ordinary, "other": other, "folder": str(self._folder)}
        self._cradle.say(json.dumps(order).encode())
        while len(answer := await self._answer()) > 1:
            self.codes[answer[0]] = answer[1]
        self._begun.add(answer[0])
        return answer[0]

    async def ended(self, *pids: int) -> tuple[int, str]:
        """How the first of these ended, and what it had to say."""
        while not (done := [pid for pid in pids if pid in self.codes]):
            pid, code = await self._answer()
            self.codes[pid] = code
        return self.codes[done[0]], (self._folder / f"{done[0]}.err").read_text()

    def printed(self, pid: int) -> str:
        """Its standard output so far."""
        return (self._folder / f"{pid}.out").read_text()

    async def stop(self, pid: int) -> int:
        """Ask it to end, as systemd does; how it ended."""
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
        return (await self.ended(pid))[0]

    def kill(self, pid: int) -> None:
        """End it as a power cut does to a process: at once, whatever it is doing."""
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)

    async def let_go(self) -> None:
        """End whatever still lives."""
        for pid in self._begun - self.codes.keys():
            self.kill(pid)
            await self.ended(pid)

    async def _answer(self) -> list[int]:
        async with asyncio.timeout(_PATIENCE):
            return [int(number) for number in (await self._cradle.answers.readline()).split()]


@asynccontextmanager
async def commands(folder: Path) -> AsyncIterator[Commands]:
    """For as long as the block lasts; what they say lies in the folder."""
    async with nursery("tests.reliability.commands") as cradle:
        run = Commands(cradle, folder)
        try:
            yield run
        finally:
            await run.let_go()


def main() -> None:
    """Fork for each line and tell who ended, until there are no more lines."""
    impatient = instead(bot.run, "TelegramChannel", partial(TelegramChannel, patience=QUICK))
    with impatient, selectors.DefaultSelector() as watched:
        watched.register(sys.stdin, selectors.EVENT_READ, 0)
        while True:
            for key, _ in watched.select():
                if key.data:
                    watched.unregister(key.fd)
                    os.close(key.fd)
                    _tell(key.data, os.waitstatus_to_exitcode(os.waitpid(key.data, 0)[1]))
                elif not (line := os.read(0, 65536)):
                    return
                else:
                    _begin(watched, line)


def _begin(watched: selectors.BaseSelector, lines: bytes) -> None:
    for line in lines.splitlines():
        child = os.fork()
        if child == 0:
            os._exit(_run(json.loads(line)))
        watched.register(os.pidfd_open(child), selectors.EVENT_READ, child)
        _tell(child)


def _run(order: dict[str, Any]) -> int:
    """What the command ends with."""
    with ExitStack() as around:
        log = around.enter_context(Path(order["folder"], f"{os.getpid()}.err").open("wb", 0))
        os.dup2(log.fileno(), 2)
        printed = around.enter_context(Path(order["folder"], f"{os.getpid()}.out").open("wb", 0))
        os.dup2(printed.fileno(), 1)
        if order["ordinary"]:
            around.enter_context(ordinary_account())
        for name, number in order["other"].items():
            module, _, constant = name.replace("__", ".").rpartition(".")
            setattr(import_module(module), constant, number)
        sys.argv = ["terugblik", *order["words"]]
        try:
            bot.cli.main()
        except SystemExit as end:
            return int(end.code or 0)
        finally:
            sys.stdout.flush()
    return 0


def _tell(*numbers: int) -> None:
    sys.stdout.write(" ".join(map(str, numbers)) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
