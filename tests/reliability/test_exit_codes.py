"""Whatever ends the program, its process ends with that reason's own code and one sentence about it."""

import asyncio
import fcntl
import os
import signal
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot import telling
from bot.clock import system_now
from bot.firststudy import first_study_file
from bot.program import catalogue
from bot.sandbox import Sandbox
from storage.connection import open_for_writing
from storage.driver import CAN_ENCRYPT
from tests.command import forget_settings
from tests.drivers import KEY
from tests.e2e.town import lay_down
from tests.exports.seed import MONDAY, Seed, default_form
from tests.reliability.commands import Commands, commands
from tests.telegram.telegram_parts import until


@pytest.fixture(autouse=True)
def no_settings_around(monkeypatch: pytest.MonkeyPatch) -> None:
    forget_settings(monkeypatch)


def study(folder: Path, sandbox: Sandbox, *lines: str) -> Path:
    """A study that has run before."""
    folder.mkdir(exist_ok=True)
    settings = (f"TELEGRAM_BOT_TOKEN={sandbox.token}", f"TELEGRAM_API_URL={sandbox.url}", *lines)
    (folder / ".env").write_text("\n".join(settings) + "\n")
    (folder / "study.toml").write_text(first_study_file(catalogue(), date(2040, 1, 1)))
    (folder / "data").mkdir(exist_ok=True)
    lay_down(folder / "data" / "terugblik.db")
    return folder


async def begun(run: Commands, sandbox: Sandbox, folder: Path) -> int:
    """A bot that is known to Telegram."""
    calls = len(sandbox.calls.of("getMe"))
    pid = await run.begin("run", "--folder", str(folder))
    await until(lambda: len(sandbox.calls.of("getMe")) > calls)
    return pid


async def test_each_reason_to_end_has_its_own_exit_code(tmp_path: Path) -> None:
    async with Sandbox(system_now) as sandbox, commands(tmp_path) as run:
        await what_an_operator_stops(tmp_path, sandbox, run)
        await what_telegram_says_for_good(tmp_path, sandbox, run)
        await what_is_wrong_with_the_machine(tmp_path, sandbox, run)


async def what_an_operator_stops(tmp_path: Path, sandbox: Sandbox, run: Commands) -> None:
    folder = study(tmp_path / "zero", sandbox)
    with closing(Seed(folder / "data" / "terugblik.db")) as seed:
        form, person = default_form().form.hash, seed.person("ANNA", "utrecht")
        prompt = seed.prompt(seed.workshop(form, MONDAY, "utrecht"), person, "completed", MONDAY, MONDAY)
        seed.session(form, person, prompt, MONDAY, MONDAY)
    exports = folder / "data" / "exports"
    exports.mkdir()
    # Who writes to a pipe waits for whoever reads it: the export is surely under way, and surely not done.
    half = exports / ".utrecht_all_wijkwerkplaats_reflectie.xlsx.part"
    os.mkfifo(half)
    with half.open("r+b", buffering=0) as both_ends:
        fcntl.fcntl(both_ends, fcntl.F_SETPIPE_SZ, 4096)
        export = await run.begin("export", "--city", "Utrecht", "--folder", str(folder))
        pipe = half.open("rb")
        await asyncio.to_thread(pipe.read, 1)
    with pipe:
        os.kill(export, signal.SIGINT)
        await asyncio.to_thread(pipe.read)
    code, said = await run.ended(export)
    assert (code, run.printed(export)) == (telling.STOPPED_BY_HAND, "")
    assert said.strip() == "stopped: no file was made"
    assert list(exports.iterdir()) == []


async def what_telegram_says_for_good(tmp_path: Path, sandbox: Sandbox, run: Commands) -> None:
    one, two = study(tmp_path / "one", sandbox), study(tmp_path / "two", sandbox)
    first = await begun(run, sandbox, one)
    beside = await run.begin("run", "--folder", str(one))
    code, said = await run.ended(beside)
    assert code == telling.ALREADY_RUNNING
    assert "another bot is running" in said

    second = await run.begin("run", "--folder", str(two))
    code, said = await run.ended(first, second)
    assert code == telling.SECOND_POLLER
    assert "another program fetches updates with the same token; stop one of the two" in said
    # Who is left may have met the other as often by now.
    left = second if first in run.codes else first
    assert await run.stop(left) in (0, telling.SECOND_POLLER)

    third = await begun(run, sandbox, one)
    sandbox.world.bot = replace(sandbox.world.bot, token="4242424242:a-new-one-since-yesterday")
    sandbox.world.updates.end_polling("terminated")
    code, said = await run.ended(third)
    assert code == telling.TOKEN_REVOKED
    assert "Telegram refuses the token" in said
    assert sandbox.token not in said


async def what_is_wrong_with_the_machine(tmp_path: Path, sandbox: Sandbox, run: Commands) -> None:
    async def refused(folder: Path, *, ordinary: bool = False, **other: int) -> tuple[int, str]:
        pid = await run.begin("run", "--folder", str(folder), ordinary=ordinary, **other)
        code, said = await run.ended(pid)
        assert "Traceback" not in said
        return code, said

    folder = study(tmp_path / "three", sandbox)
    database = folder / "data" / "terugblik.db"
    whole = database.read_bytes()
    code, _ = await run.ended(await run.begin("export", "--city", "Atlantis", "--folder", str(folder)))
    assert code == 1
    assert (await refused(folder, bot__startup__LEAST_FREE=1 << 60))[0] == telling.NO_ROOM
    with closing(open_for_writing(database)) as beside:
        beside.execute("BEGIN EXCLUSIVE")
        assert (await refused(folder, storage__connection__BUSY_AFTER=10))[0] == telling.LOCKED
    database.chmod(0o400)
    assert (await refused(folder, ordinary=True))[0] == telling.READ_ONLY
    database.chmod(0o600)
    database.write_bytes(whole[:8192] + bytes(range(256)) * 16 + whole[12288:])
    assert (await refused(folder))[0] == telling.DAMAGED
    database.write_text("Dit zijn aantekeningen.\n" * 300)
    assert (await refused(folder))[0] == telling.BAD_DATABASE
    database.write_bytes(whole)
    if CAN_ENCRYPT:
        assert (await refused(study(folder, sandbox, f"DATABASE_KEY={KEY}")))[0] == telling.WRONG_KEY
    code, said = await refused(study(folder, sandbox, "HEALTH_PORT=many"))
    assert code == telling.BAD_CONFIGURATION
    assert "HEALTH_PORT: found 'many'" in said
