"""Wires a program to a channel and runs it: fetch, handle, send, work, tick."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from functools import partial

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot import mailing
from bot.erasing import Eraser
from bot.following import followed
from bot.jobs import Jobs, Work
from bot.media import check_form, fetch_media, keep_picture, read_plan
from bot.pace import Allowance, Pace, Rate
from bot.program import Program, keep_copy
from bot.sender import Patience, Sender
from bot.telegram.channel import TelegramChannel
from bot.worker import Worker
from exports.course import Told
from forms.form import Form
from handlers import due, menus, operating
from handlers.delivery import copies, course, exportfiles, exporting, mailbox, overview, summarising, weekly
from handlers.desk import Desk
from handlers.people import inviting
from handlers.publishing import questionnaires
from handlers.reflecting import nudging, tidying
from handlers.rights import forgetting, owncopy, ownfiles, ownreflections, renewing, sealing, tooold
from handlers.work import Finish, Place
from handlers.workshops import plantemplate
from storage import health, inbox, invitations, jobs, letters, passing, pending, people
from storage.backlog import backlog
from storage.backup import rotate
from storage.database import Closed, Reader, Writer, reading
from storage.jobs import Job
from storage.tx import Tx

log = logging.getLogger(__name__)

FORGET_AFTER = timedelta(days=30)
"""Message ids by which a repeated update is known, and what was said, are kept this long."""
_MOST_FORGOTTEN = 200
_GUESSES_KEPT = timedelta(days=1)
"""Of strangers who tried links that do not work."""
_MENUS_AFTER = timedelta(minutes=10)
UNLIMITED = Rate(per_second=1e9, burst=1e9)
TICK_AFTER = 10
"""Seconds between two looks at the clock."""


class App:
    """A running bot's parts; `serve` keeps them going."""

    def __init__(
        self,
        program: Program,
        forms: Mapping[str, Form],
        channel: TelegramChannel,
        writer: Writer,
        reader: Reader,
        pace: Pace,
        patience: Patience | None = None,
        allowance: Allowance | None = None,
    ) -> None:
        self._program = program
        self._forms = dict(forms)
        self._channel = channel
        self._writer = writer
        self._reader = reader
        self._changed = asyncio.Event()
        self._menus_looked_on: datetime | None = None
        self.last_tick_on: datetime | None = None
        """When the clock's work was last done without a failure."""
        self.worker = Worker(writer, reader, channel, self.desk, allowance or Allowance(UNLIMITED))
        self.sender = Sender(
            writer,
            reader,
            channel,
            pace,
            program.now,
            unreachable=lambda tx, urn, now: people.set_reachable(tx, urn, False, now),
            random=program.random,
            patience=patience,
            not_cleared=lambda tx, urn, clear: tidying.not_cleared(tx, self.desk(), urn, clear),
        )
        self.jobs = Jobs(writer, reader, self.desk, self._kinds(reader), partial(ownfiles.clear, program.place))

    def desk(self) -> Desk:
        """What a handler works with now."""
        return self._program.desk(self._forms, self._channel.username)

    @property
    def reader(self) -> Reader:
        """Committed rows."""
        return self._reader

    @property
    def last_poll_on(self) -> datetime | None:
        """When updates were last fetched and kept; None before the first time."""
        return self._channel.last_poll_on

    @property
    def last_try_on(self) -> datetime | None:
        """When updates were last asked for, with success or without; None before the first time."""
        return self._channel.last_try_on

    @property
    def trouble(self) -> str | None:
        """What keeps updates from being fetched and only a person can solve; None while there is no such thing."""
        return self._channel.trouble

    @property
    def storage_fault(self) -> str | None:
        """Why nothing can be kept just now; None while all is well."""
        return self._writer.fault

    def wake(self) -> None:
        """Rows changed: everyone looks."""
        self._changed.set()
        self.worker.wake()
        self.sender.wake()
        self.jobs.wake()

    async def tick(self) -> None:
        """Do what the clock says is due; first of all what tells that we live, whatever fails after it."""
        await self._writer.run(self._watch)
        while await self._writer.run(lambda tx: due.look_at_prompts(tx, self.desk())) == due.MOST_AT_ONCE:
            pass
        await self._writer.run(lambda tx: nudging.look_at_drafts(tx, self.desk()))
        await self._writer.run(lambda tx: due.begin_weekly_work(tx, self.desk()))
        await self._writer.run(lambda tx: due.forget_old_tests(tx, self.desk()))
        await self._writer.run(self._renew_menus)
        await self._writer.run(self._keep_house)

    def _renew_menus(self, tx: Tx) -> None:
        """At the start, and then now and again: roles may be changed beside the running bot."""
        now = self._program.now()
        if self._menus_looked_on is None or abs(now - self._menus_looked_on) >= _MENUS_AFTER:
            menus.renew(tx, self.desk())
            self._menus_looked_on = now

    def _keep_house(self, tx: Tx) -> None:
        """Once a day a copy of the database; what was handled and said long ago is forgotten bit by bit."""
        now = self._program.now()
        day = now.astimezone(self._program.study.timezone).date()
        if self._program.backups_kept:
            jobs.add(tx, "backup", {"day": day.isoformat()}, now, once_key=f"backup:{day}")
        forgetting.begin(tx, self.desk())
        sealing.give_seals(tx, self.desk())
        inbox.forget_handled(tx, now - FORGET_AFTER, _MOST_FORGOTTEN)
        invitations.forget_failures(tx, now - _GUESSES_KEPT)
        pending.forget(tx, now)
        renewing.look_at_held(tx, self.desk())
        passing.blank_arrived(tx)
        passing.blank_refused(tx, now - FORGET_AFTER)
        letters.forget_words(tx, now - FORGET_AFTER, _MOST_FORGOTTEN)

    def _watch(self, tx: Tx) -> None:
        """Note that we live, for who looks from outside, and tell the operator what waits for them."""
        health.feel(tx, "commit", self._program.now())
        if self.last_poll_on is not None:
            health.feel(tx, "poll", self.last_poll_on)
        silent_for = self._channel.silent_for
        if silent_for >= operating.SILENT_AFTER:
            log.error(
                "nothing was fetched for %d minutes; Telegram keeps it for a day", silent_for.total_seconds() // 60
            )
        operating.raise_alarms(tx, self.desk(), silent_for)

    async def _tick_and_go_on(self) -> None:
        """A failure of the clock's work is told and tried again at the next tick; everything else goes on."""
        try:
            await self.tick()
        except Closed:
            raise
        except Exception:
            log.exception("the clock's work failed; trying again in %d s", TICK_AFTER)
        else:
            self.last_tick_on = self._program.now()

    async def at_rest(self) -> None:
        """Wait until nothing is left to handle, to say or to do at this moment."""
        while True:
            self._changed.clear()
            if (await backlog(self._reader, self._program.now())).is_empty:
                return
            await self._changed.wait()

    async def serve(self) -> None:
        """Run until cancelled, or until the channel can no longer be used (TokenRevoked, SecondPoller)."""
        scheduler = AsyncIOScheduler(timezone=self._program.study.timezone)
        scheduler.add_job(self._tick_and_go_on, "interval", seconds=TICK_AFTER, misfire_grace_time=None, coalesce=True)
        scheduler.start()
        try:
            async with asyncio.TaskGroup() as parts:
                parts.create_task(self._channel.fetch(self._writer, self.worker.wake, self._program.now))
                parts.create_task(self.worker.run())
                parts.create_task(self.sender.run())
                parts.create_task(self.jobs.run())
                parts.create_task(self._tick_and_go_on())
        except BaseExceptionGroup as failures:
            # One part's failure stops them all; who started the bot knows what to make of it.
            raise failures.exceptions[0] from None
        finally:
            scheduler.shutdown(wait=False)

    def _kinds(self, reader: Reader) -> Mapping[str, Work]:
        """What each kind of job does; files are made in a thread of their own."""
        place = self._program.place
        return {
            "fetch_media": partial(fetch_media, self._channel, reader, self._program.media),
            "workbook": self._followed(weekly.make_weekly_workbooks, place),
            "delivery": self._followed(weekly.deliver, place),
            "export": self._followed(exporting.export, place),
            course.CLEARING: self._in_thread(exporting.clear_stopped, place),
            "digest": self._in_thread(summarising.digest, place),
            mailbox.SUMMARY: partial(mailing.send, place, self._program.post, self.desk),
            mailbox.CODE: partial(mailing.send, place, self._program.post, self.desk),
            exportfiles.FORGETTING_COPY: self._in_thread(copies.forget, place),
            "backup": self._back_up,
            "check_form": partial(check_form, self._channel, self._program.media, place.exports, self._shelve),
            plantemplate.KIND: self._in_thread(plantemplate.make, place),
            "read_plan": partial(read_plan, self._channel, self._program.media),
            "erase": self._erase,
            "retention": self._forget_old,
            inviting.CARD: self._in_thread(inviting.make_cards, place),
            overview.KIND: self._in_thread(overview.report, place),
            tooold.KIND: self._in_thread(tooold.report, place),
            owncopy.KIND: self._in_thread(partial(owncopy.make, self._program.media), place),
            ownreflections.KIND: self._in_thread(partial(ownreflections.make, self._program.media), place),
            ownfiles.FORGETTING: self._in_thread(ownfiles.forget, place),
            "keep_picture": partial(keep_picture, self._channel, self._program.media),
            "send_form": self._in_thread(questionnaires.send_workbook, place),
        }

    def _shelve(self, form: Form) -> None:
        """A published form is known from now on."""
        self._forms[form.hash] = form

    async def _back_up(self, job: Job) -> Finish:
        """The day's copy of the database, and the oldest one goes."""
        program = self._program
        await asyncio.to_thread(keep_copy, program)
        await asyncio.to_thread(rotate, program.backups, program.backups_kept)
        return lambda tx, desk: health.feel(tx, "backup", desk.now)

    async def _erase(self, job: Job) -> Finish:
        return await Eraser(self._program, self._writer).erase(self.desk(), job)

    async def _forget_old(self, job: Job) -> Finish:
        return await Eraser(self._program, self._writer).forget_old(self.desk)

    def _followed(self, do: Callable[[Place, Desk, Job, Told], Finish], place: Place) -> Work:
        """Long work, of which is told how far it is."""

        async def run(job: Job) -> Finish:
            desk = self.desk()
            return await followed(lambda told: do(place, desk, job, told), job, self._writer, self.desk)

        return run

    def _in_thread(self, do: Callable[[Place, Desk, Job], Finish], place: Place) -> Work:
        async def run(job: Job) -> Finish:
            return await asyncio.to_thread(do, place, self.desk(), job)

        return run


@asynccontextmanager
async def opened(
    program: Program,
    forms: Mapping[str, Form],
    channel: TelegramChannel,
    pace: Pace,
    patience: Patience | None = None,
    allowance: Allowance | None = None,
) -> AsyncIterator[App]:
    """A bot on its database, ready to serve; closes the database when the block ends.

    Without an `allowance` everything is handled as it comes.
    """
    app: App | None = None

    def committed() -> None:
        if app is not None:
            app.wake()

    async with Writer(program.place.database, committed) as writer, reading(program.place.database) as reader:
        app = App(program, forms, channel, writer, reader, pace, patience, allowance)
        yield app
