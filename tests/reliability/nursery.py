"""Processes from which others fork, started once in a run, for importing takes longer than most of what they do."""

import asyncio
import atexit
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path

from bot.settings import Settings

PROJECT = Path(__file__).parents[2]


@cache
def _nursery(module: str) -> subprocess.Popen[bytes]:
    """Ends when we do. It knows no settings but those it is given later."""
    around = {name: value for name, value in os.environ.items() if name.lower() not in Settings.model_fields}
    process = subprocess.Popen(
        [sys.executable, "-m", module],
        bufsize=0,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=PROJECT,
        env={**around, "PYTHONPATH": str(PROJECT)},
    )
    atexit.register(process.communicate)
    return process


class Line:
    """What is said to a nursery, and what it answers."""

    def __init__(self, process: subprocess.Popen[bytes], answers: asyncio.StreamReader) -> None:
        self._process = process
        self.answers = answers

    def say(self, line: bytes) -> None:
        """One more process is wanted."""
        assert self._process.stdin is not None
        self._process.stdin.write(line + b"\n")


@asynccontextmanager
async def nursery(module: str) -> AsyncIterator[Line]:
    """The nursery that this module is, for one who hears all that it answers to what was said."""
    process = _nursery(module)
    assert process.stdout is not None
    answers = asyncio.StreamReader()
    # The pipe outlives this loop; only our own end of it is closed.
    end = os.fdopen(os.dup(process.stdout.fileno()), "rb", 0)
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(answers), end
    )
    try:
        yield Line(process, answers)
    finally:
        transport.close()
