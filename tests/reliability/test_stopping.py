"""Who is asked to end does so in time, whatever is still being made."""

import signal
import subprocess
import sys
from pathlib import Path
from time import monotonic

from tests.reliability.nursery import PROJECT

_BUSY = """
import asyncio, sys, threading, time
import bot.run
from bot.app import App
from bot.sandbox import Sandbox
from bot.clock import system_now
bot.run.END_WITHIN = 0.3
def last_long():
    print("busy", flush=True)
    time.sleep(60)
async def back_up(self, job):
    await asyncio.to_thread(last_long)
App._back_up = back_up
"""


def test_work_that_takes_long_does_not_hold_up_the_end(tmp_path: Path) -> None:
    script = _BUSY + _RUN
    command = [sys.executable, "-c", script, str(tmp_path)]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as bot:
        assert bot.stdout is not None
        try:
            assert bot.stdout.readline() == b"busy\n"
            asked_at = monotonic()
            bot.send_signal(signal.SIGTERM)
            assert bot.wait(timeout=8) == 0
            assert monotonic() - asked_at < 5
        finally:
            bot.kill()


_RUN = """
from datetime import date
from pathlib import Path
from bot.program import catalogue, configured
from bot.firststudy import first_study_file

folder = Path(sys.argv[1])

def serve(ready):
    async def run():
        async with Sandbox(system_now) as sandbox:
            settings = f"TELEGRAM_BOT_TOKEN={sandbox.token}\\nTELEGRAM_API_URL={sandbox.url}\\n"
            (folder / ".env").write_text(settings)
            ready.set()
            await asyncio.Event().wait()
    asyncio.run(run())

(folder / "study.toml").write_text(first_study_file(catalogue(), date(2031, 1, 1)))
ready = threading.Event()
threading.Thread(target=serve, args=(ready,), daemon=True).start()
ready.wait()
bot.run.run(*configured(folder))
"""
