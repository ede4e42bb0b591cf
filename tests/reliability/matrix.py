"""Every fault of the channel and of the disk in every phase of a reflection, and what must be the same afterwards."""

import errno
import sqlite3
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Mapping, Sequence
from contextlib import (
    AbstractAsyncContextManager,
    AbstractContextManager,
    ExitStack,
    asynccontextmanager,
    contextmanager,
    nullcontext,
)
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from telegram.request import RequestData

import storage.database
import storage.files
from bot.rehearsal import rehearsal
from bot.sandbox import Fault, Sandbox
from bot.telegram.channel import TelegramChannel
from bot.telegram.request import AiohttpRequest
from bot.telegram.webhook import Hook
from storage.database import snapshot
from storage.driver import Connection
from storage.letters import said_twice
from tests.e2e.town import Town, lay_down, stopped_clock
from tests.reliability.besides import BESIDES, Besides
from tests.reliability.instead import instead
from tests.reliability.reflecting import PHASES, Reflecting
from tests.reliability.test_webhook import SECRET, a_free_port
from tests.telegram.telegram_parts import QUICK, until

Rows = dict[str, list[tuple[object, ...]]]
Address = AbstractAsyncContextManager[str]
_ANSWER_AFTER = 0.15
"""Seconds the channel waits for an answer instead of twenty where the fault is `slow`: it is too slow at once."""
_NOBODY = "http://127.0.0.1:9"
"""Where nothing listens."""
CHANNEL_FAULTS: dict[str, tuple[Fault, int]] = {
    "429": (Fault.too_many_requests(1), 2),
    "500": (Fault.server_error(500), 2),
    "403": (Fault.forbidden(), 1),
    "refused": (Fault(), 2),
    "dropped before": (Fault.dropped_before(), 2),
    "dropped after": (Fault.dropped_after(), 1),
    "slow": (Fault.slow(_ANSWER_AFTER * 1.5), 1),
}
"""Each fault, and how often it comes in a row."""
STORAGE_FAULTS = {
    "locked": sqlite3.SQLITE_BUSY,
    "full": sqlite3.SQLITE_FULL,
    "I/O": sqlite3.SQLITE_IOERR,
}
DISK_FAULTS = {"file full": errno.ENOSPC, "file I/O": errno.EIO}
_WITH_FILES = ("voice", "photo", "export")
_ASKED_AGAIN = ("jobs",)
"""What may be there twice where somebody never read that it was on its way, and asked once more."""
_BY_THE_CLOCK = {"getWebhookInfo", "setWebhook"}
_PUSHING = ("pushed start", "forgotten webhook")
_MAY_BE_SAID = ("Dit kun je doen", "kruisten", "Deze vraag is al voorbij", "Komt er nog iets?")
_ASKED_ALL, _RECEIVED = "Komt er nog iets?", ("Ik heb je bericht.", "Ik heb 2 berichten")
_STATES = {
    "answers": "SELECT path, revision, outcome, value, after_sending FROM answer ORDER BY session_id, path, revision",
    "parts": "SELECT path, position, kind, text, answer_id IS NULL AS draft FROM part"
    " ORDER BY session_id, path, answer_id, position",
    "sessions": "SELECT state, stage, path FROM session ORDER BY person_id",
    "prompts": "SELECT state, reminders FROM prompt ORDER BY person_id",
    "media": "SELECT kind, state, bytes, sha256 FROM media ORDER BY id",
    "people": "SELECT standing, ask_when, media_allowed FROM person ORDER BY id",
    "reachable": "SELECT reachable FROM address ORDER BY person_id",
    "jobs": "SELECT kind, state, count(*) FROM job WHERE kind <> 'backup' GROUP BY kind, state ORDER BY kind",
    "waiting": "SELECT count(*) FROM outbox WHERE state IN ('queued', 'sending', 'uncertain', 'dead')",
    "set aside": "SELECT count(*) FROM inbox WHERE state <> 'done'",
}


@dataclass(frozen=True, order=True)
class Cell:
    """One fault of one method (`disk` for storage) in one phase."""

    phase: str
    method: str
    fault: str

    def __str__(self) -> str:
        return f"{self.phase}, {self.method}, {self.fault}"


@dataclass
class Outcome:
    """Where everything ended."""

    rows: Rows
    said_twice: int
    read: dict[str, set[str]]
    """What each person read, each thing once."""
    calls: dict[str, set[str]]
    """Which methods each phase called."""
    news: dict[str, dict[str, set[str]]]
    """What each phase brought that they read for the first time."""
    nudges: int
    """How often somebody wrote because nothing came."""


class _Refusable(AiohttpRequest):
    """Meets a closed door where the test says so."""

    def __init__(self, cell: Cell | None) -> None:
        if cell is not None and cell.fault == "slow":
            super().__init__(answer_after=_ANSWER_AFTER)
        else:
            super().__init__()
        self.refused: dict[str, int] = {}

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *a: Any, **k: Any
    ) -> Any:
        return await super().do_request(self._door(url, url.rpartition("/")[2]), method, request_data, *a, **k)

    def download(self, url: str) -> Any:
        return super().download(self._door(url, "download"))

    def _door(self, url: str, name: str) -> str:
        if not self.refused.get(name):
            return url
        self.refused[name] -= 1
        return _NOBODY


@asynccontextmanager
async def itself(sandbox: Sandbox) -> AsyncIterator[str]:
    """The sandbox's own address."""
    yield sandbox.url


async def played(
    folder: Path, cell: Cell | None = None, *, pushed: bool = False, on: Callable[[Sandbox], Address] = itself
) -> Outcome:
    """A whole reflection with this fault, or with none; or what there is besides, where updates are `pushed`.

    The bot talks to the sandbox, or to the server `on` it. Raises Stuck where somebody waits for ever.
    """
    lay_down(folder / "terugblik.db")
    pushed = pushed or (cell is not None and cell.phase in BESIDES)
    clock, request = stopped_clock(), _Refusable(cell)
    calls: dict[str, set[str]] = {}
    hook = _hook() if pushed else None
    async with Sandbox(clock.now, webhook_retry_after=0.02) as sandbox, on(sandbox) as url:
        disturbed = partial(_phase, sandbox, request, cell, calls)

        def connected(sandbox: Sandbox, random: Random) -> TelegramChannel:
            return TelegramChannel(sandbox.token, url, random=random, patience=QUICK, request=request, hook=hook)

        with ExitStack() as starting:
            starting.enter_context(disturbed("pushed start" if pushed else "start"))
            async with rehearsal(folder, clock, on=sandbox, connected=connected) as play:
                await until(lambda: not pushed or play.app.last_poll_on is not None)
                await play.app.at_rest()
                starting.close()
                story = (Besides if pushed else Reflecting)(Town(play), disturbed)
                await story.all()
    return Outcome(*_left(folder / "terugblik.db"), story.read, _ofitself(calls), story.news, story.nudges)


def _hook() -> Hook:
    port = a_free_port()
    return Hook(f"http://127.0.0.1:{port}/hook", port, SECRET, look_after=timedelta(seconds=0.1))


def _ofitself(calls: dict[str, set[str]]) -> dict[str, set[str]]:
    """Whether Telegram still pushes is asked by the clock, whichever phase it is."""
    return {phase: called - (_BY_THE_CLOCK if phase not in _PUSHING else set()) for phase, called in calls.items()}


def _left(database: Path) -> tuple[Rows, int]:
    with snapshot(database) as rows:
        return {name: [tuple(row) for row in rows.all(sql)] for name, sql in _STATES.items()}, said_twice(rows)


def cells(calls: Mapping[str, Collection[str]]) -> list[Cell]:
    """Every fault of every method in each phase that calls it, and every fault of the disk in every phase."""
    return sorted(
        Cell(phase, method, fault)
        for phase in (*PHASES, *BESIDES)
        if phase in calls
        for method, faults in (
            *((method, CHANNEL_FAULTS) for method in calls[phase]),
            ("database", STORAGE_FAULTS),
            *((("files", DISK_FAULTS),) if phase in _WITH_FILES else ()),
        )
        for fault in faults
    )


def differences(usual: Outcome, found: Outcome, cell: Cell) -> list[str]:
    """What is not as it is when nothing goes wrong; nothing but what is said about the fault itself may be."""
    # Where the bot was told that nobody is there, what waited is not said until the person writes again.
    is_gone = cell.fault == "403"
    wrong = [
        f"{name}: {found.rows[name]} instead of {usual.rows[name]}"
        for name in _STATES
        if found.rows[name] != usual.rows[name] and not (is_gone and name in _ASKED_AGAIN)
    ]
    for person, usually in usual.read.items():
        read = found.read[person]
        excused = usual.news[cell.phase].get(person, set()) if is_gone and cell.phase in usual.news else set()
        if any(_ASKED_ALL in text for text in read):
            # Some quiet minutes later this is said in the place of what did not arrive.
            excused = excused | {text for text in usually if text.startswith(_RECEIVED)}
        wrong += [f"{person} never read: {text[:60]!r}" for text in usually - read - excused]
        wrong += [f"{person} read besides: {text[:60]!r}" for text in read - usually if not _is_help(text)]
    return wrong


def _is_help(text: str) -> bool:
    """What somebody reads who writes to the bot because nothing comes."""
    return any(words in text for words in _MAY_BE_SAID)


@contextmanager
def _phase(
    sandbox: Sandbox, request: _Refusable, cell: Cell | None, calls: dict[str, set[str]], phase: str
) -> Iterator[None]:
    """One phase, with the fault if it is this phase's, noting what is called."""
    sandbox.calls.clear()
    with _fault(sandbox, request, cell) if cell is not None and cell.phase == phase else nullcontext():
        yield
    found = {call.method for call in sandbox.calls}
    calls[phase] = found | ({"download"} if "getFile" in found else set())


@contextmanager
def _fault(sandbox: Sandbox, request: _Refusable, cell: Cell) -> Iterator[None]:
    if cell.method == "database":
        with _failing_commits(STORAGE_FAULTS[cell.fault]):
            yield
    elif cell.method == "files":
        with _failing_files(DISK_FAULTS[cell.fault]):
            yield
    else:
        fault, times = CHANNEL_FAULTS[cell.fault]
        if cell.fault == "refused":
            request.refused[cell.method] = times
        else:
            sandbox.fail(cell.method, fault, times)
        yield
        sandbox.world.faults.clear()
        request.refused.clear()


@contextmanager
def _failing_commits(code: int, times: int = 3) -> Iterator[None]:
    """So many commits in a row fail at the last moment, as SQLite reports it, with everything undone."""
    whole, left = storage.database._carry_out_together, [times]

    def failing(connection: Connection, batch: Sequence[Any]) -> None:
        if not left[0]:
            whole(connection, list(batch))
            return
        left[0] -= 1
        connection.execute("BEGIN IMMEDIATE")
        try:
            for wish in batch:
                wish.carry_out(connection)
        finally:
            connection.execute("ROLLBACK")
        error = sqlite3.OperationalError("made to fail")
        error.sqlite_errorcode = code
        raise error

    with (
        instead(storage.database, "_carry_out_together", failing),
        instead(storage.database, "_PAUSE_AFTER_FAULT", 0.005),
    ):
        yield


def _failing_files(code: int, times: int = 2) -> AbstractContextManager[None]:
    """So many files in a row cannot be made sure of on disk."""
    whole, left = storage.files.sync, [times]

    def failing(path: Path) -> None:
        if left[0]:
            left[0] -= 1
            raise OSError(code, "made to fail")
        whole(path)

    return instead(storage.files, "sync", failing)
