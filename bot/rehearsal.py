"""A real bot on the sandbox, with a clock that is put forward: what the demo and the tests run."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from random import Random

from bot.app import App, opened
from bot.clock import MovableClock, Now
from bot.firststudy import first_study_file
from bot.lock import only_bot_on
from bot.pace import Allowance, Pace, Rate
from bot.post import Post
from bot.program import Program, catalogue, prepare
from bot.sandbox.phone import Phone
from bot.sandbox.server import Sandbox
from bot.studyfile import parse_study, quiet_hours_of, study_of
from bot.telegram.channel import TelegramChannel
from exports.formats import Format
from fieldwork.people import Grant
from fieldwork.study import Rhythm, Study
from handlers.desk import Desk
from handlers.due import next_weekly_on
from handlers.people.inviting import new_link
from handlers.work import Place
from storage.backlog import next_due_on
from storage.connection import Database
from storage.database import transaction
from storage.tx import Tx

UNHURRIED = Rate(per_second=1000, burst=1000)
"""No waiting between messages: on the sandbox there is nobody to spare."""


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """The sandbox, the bot on it, and its clock."""

    sandbox: Sandbox
    program: Program
    app: App
    clock: MovableClock

    def phone(self, first_name: str, caption: str = "", language: str = "nl") -> Phone:
        """A phone on which nothing was said yet."""
        return self.sandbox.phone(first_name, language=language, caption=caption)

    async def invite(self, grant: Grant, name: str = "") -> str:
        """Make an invitation as the operator does; what stands behind `?start=` in its link."""
        return await asyncio.to_thread(self._invite, grant, name)

    async def forward_to(self, moment: datetime) -> None:
        """Put the clock forward, stopping wherever something is due, as if the bot ran all the while."""
        while (due_on := await asyncio.to_thread(self._next_due_on)) < moment:
            await self.jump_to(due_on)
        await self.jump_to(moment)

    async def jump_to(self, moment: datetime) -> None:
        """Put the clock forward, as if the bot had been off meanwhile."""
        self.clock.forward_to(moment)
        self.sandbox.refresh()
        await self.app.tick()
        self.app.wake()
        await self.app.at_rest()

    def _next_due_on(self) -> datetime:
        with self.in_transaction() as tx:
            row_due_on = next_due_on(tx, self.clock.now())
        weekly_on = next_weekly_on(self.app.desk())
        return weekly_on if row_due_on is None else min(row_due_on, weekly_on)

    async def forward(self, **span: float) -> None:
        """Put the clock forward by hours, minutes or days."""
        await self.forward_to(self.clock.now() + timedelta(**span))

    def in_transaction(self) -> AbstractContextManager[Tx]:
        """A transaction beside the running bot, as a short command makes one."""
        return transaction(self.program.place.database)

    def _invite(self, grant: Grant, name: str) -> str:
        with self.in_transaction() as tx:
            return new_link(tx, self.app.desk(), grant, name, None).partition("=")[2]


def rehearsed_program(folder: Path, now: Now, random: Random, key: str | None = None) -> Program:
    """The example study, with its files in this folder; the database is encrypted where there is a key."""
    texts = catalogue()
    retention_date = (now() + timedelta(days=5 * 365)).date()
    file = parse_study(first_study_file(texts, retention_date), "study.toml")
    study = study_of(file, "Europe/Amsterdam", Rhythm(quiet_hours_of(file)))
    place = Place(Database(folder / "terugblik.db", key), folder / "exports", version("terugblik"))
    return Program(study, texts, place, folder / "media", folder / "backups", now=now, random=random)


def _channel(sandbox: Sandbox, random: Random) -> TelegramChannel:
    return TelegramChannel(sandbox.token, sandbox.url, random=random)


@asynccontextmanager
async def rehearsal(
    folder: Path,
    clock: MovableClock,
    *,
    chance: int = 1,
    port: int = 0,
    on: Sandbox | None = None,
    rate: Rate = UNHURRIED,
    allowance: Allowance | None = None,
    prepared: Callable[[Tx, Desk], None] | None = None,
    changed: Callable[[Study], Study] = lambda study: study,
    connected: Callable[[Sandbox, Random], TelegramChannel] | None = None,
    key: str | None = None,
    weekly: tuple[Format, ...] = (Format.WORKBOOK,),
    post: Post | None = None,
) -> AsyncIterator[Rehearsal]:
    """Run a bot on a sandbox for as long as the block lasts. The same folder goes on with the same database.

    `chance` seeds everything that is drawn; `on` is a sandbox that was there before and stays, so that phones
    outlive a bot; `prepared` fills the database before the bot starts; `changed` makes another study of the
    example; `connected` makes another channel than the usual; `key` encrypts the database; `weekly` is
    what goes out every Monday; `post` is a mail server.
    """
    program = rehearsed_program(folder, clock.now, Random(chance), key)
    program = replace(program, study=changed(program.study), place=replace(program.place, weekly=weekly), post=post)
    forms = prepare(program)
    if prepared is not None:
        with transaction(program.place.database) as tx:
            prepared(tx, program.desk(forms, ""))
    with only_bot_on(program.place.database.path):
        async with (
            nullcontext(on) if on else Sandbox(clock.now, port) as sandbox,
            (connected or _channel)(sandbox, program.random) as channel,
            opened(program, forms, channel, Pace(rate, rate), allowance=allowance or Allowance(UNHURRIED)) as app,
        ):
            serving = asyncio.create_task(app.serve())
            try:
                yield Rehearsal(sandbox, program, app, clock)
            finally:
                serving.cancel()
                with suppress(asyncio.CancelledError):
                    await serving
