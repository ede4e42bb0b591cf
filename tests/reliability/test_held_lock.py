"""A program that holds the database's lock for seconds keeps the bot waiting, and costs nobody a word.

`LOCK_SECONDS=8` holds it for so long against the bot's own patience of five seconds; usually neither is waited for.
"""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.health import Watch
from tests.e2e.conftest import town
from tests.e2e.town import Town, tap
from tests.telegram.telegram_parts import until

__all__ = ["town"]

_SECONDS = float(os.environ.get("LOCK_SECONDS", "0"))
_HOLD = """
import sqlite3, sys
other = sqlite3.connect(sys.argv[1], isolation_level=None)
other.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
other.execute("ROLLBACK")
"""


@asynccontextmanager
async def held(database: Path) -> AsyncIterator[None]:
    """Another process has the lock for as long as the block lasts, and for so many seconds at least."""
    command = [sys.executable, "-c", _HOLD, str(database)]
    pipe = asyncio.subprocess.PIPE
    other = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe)
    assert other.stdin is not None
    assert other.stdout is not None
    assert await other.stdout.readline() == b"held\n"
    began = asyncio.get_running_loop().time()
    try:
        yield
        await asyncio.sleep(began + _SECONDS - asyncio.get_running_loop().time())
    finally:
        other.stdin.close()
        await other.wait()


async def test_a_lock_that_another_process_holds_is_waited_out_and_shown(town: Town) -> None:
    amina, bram = await town.fieldworker(), await town.coordinator()
    await town.asked(amina, "Amina")
    await tap(amina, "1", "Vraag 2 van 11")
    await tap(amina, "Overslaan", "Vraag 3 van 11")
    app, play = town.play.app, town.play
    if not _SECONDS:
        await app._writer.run(lambda tx: tx.one("PRAGMA busy_timeout=10"))
    async with held(play.program.place.database.path):
        amina.say("4")
        bram.say("/help")
        await until(lambda: app.storage_fault is not None)
        health = await Watch(app, app.reader, play.program.backups, play.clock.now).look()
        assert health.wrong[0].startswith("nothing can be kept: ")
        assert len(play.sandbox.world.updates) > 0
        assert town.rows("SELECT 1 FROM inbox WHERE state = 'new'") == []
    await amina.wait_for("Vraag 4 van 11")
    await bram.wait_for("/export")
    await town.settled()
    assert town.answers() == {"held": "as_planned", "present": "skipped", "influence": "4"}
    assert town.rows("SELECT 1 FROM inbox WHERE tries > 0 OR state <> 'done'") == []
    assert app.storage_fault is None
