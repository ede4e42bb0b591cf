"""Starts the bot as the operator configured it, and keeps it going."""

import asyncio
import gc
import logging
import os
import signal
from collections.abc import Callable, Mapping
from contextlib import nullcontext, suppress
from datetime import timedelta
from threading import Timer

from bot.app import opened
from bot.health import Watch, feed_watchdog, served
from bot.lock import only_bot_on
from bot.logs import speak_quietly
from bot.pace import CHAT_BURST, OVERALL_BURST, Allowance, Pace, Rate
from bot.program import Program, make_folders, prepare
from bot.sender import Patience
from bot.settings import Settings
from bot.startup import expect_usable
from bot.telegram.channel import TelegramChannel
from bot.telegram.webhook import Hook
from forms.form import Form
from storage.database import reading

log = logging.getLogger(__name__)

END_WITHIN = 9.5
"""Seconds from the signal to the end, at most."""


def run(settings: Settings, program: Program) -> None:
    """Run until a signal ends it.

    Raises BadConfiguration, AlreadyRunning, NotOurs, TooNew, WrongKey, NearlyFull, Damaged, TokenRevoked or
    SecondPoller.
    """
    token = settings.telegram_bot_token.get_secret_value()
    speak_quietly(token, log_format=settings.log_format)
    make_folders(program)
    with only_bot_on(program.place.database.path):
        expect_usable(program)
        forms = prepare(program)
        channel = TelegramChannel(token, settings.telegram_api_url, random=program.random, hook=hook_of(settings))
        # What is there by now stays to the end; to look it through for rubbish would stop all for 90 ms each time.
        gc.freeze()
        last_resort = Timer(END_WITHIN, os._exit, (0,))
        with asyncio.Runner(loop_factory=loop_factory()) as runner:
            runner.run(_serve(settings, program, forms, channel, last_resort))
        last_resort.cancel()
    log.info("stopped")


async def _serve(
    settings: Settings, program: Program, forms: Mapping[str, Form], channel: TelegramChannel, last_resort: Timer
) -> None:
    """Serve until a signal asks to stop; what is in hand is finished first.

    A workbook that takes long is not waited for: nothing can stop its thread, and the next start makes it again.
    """
    serving = asyncio.ensure_future(_connect(settings, program, forms, channel))

    def stop() -> None:
        serving.cancel()
        if not last_resort.is_alive():
            last_resort.daemon = True
            last_resort.start()

    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop)
    with suppress(asyncio.CancelledError):
        await serving


async def _connect(settings: Settings, program: Program, forms: Mapping[str, Form], channel: TelegramChannel) -> None:
    patience = Patience(grace_after=timedelta(seconds=settings.repeat_after))
    watch: Watch | None = None
    # Also while there is no network yet: a new start would not bring it.
    feeding = asyncio.create_task(feed_watchdog(lambda: watch is None or watch.is_alive()))
    try:
        pace, allowance = pace_of(settings), allowance_of(settings)
        async with (
            channel,
            opened(program, forms, channel, pace, patience, allowance) as app,
            # Who looks from outside counts all answers; nobody's reply waits for that.
            reading(program.place.database) as reader,
        ):
            log.info("answering as @%s", channel.username)
            watch = Watch(app, reader, program.backups, program.now)
            async with served(watch, settings.health_port) if settings.health_port else nullcontext():
                await app.serve()
    finally:
        feeding.cancel()


def hook_of(settings: Settings) -> Hook | None:
    """Where updates are pushed to; None where they are fetched."""
    if settings.webhook_url is None:
        return None
    assert settings.webhook_secret is not None, "settings with one and without the other are not read"
    return Hook(settings.webhook_url, settings.webhook_port, settings.webhook_secret.get_secret_value())


def pace_of(settings: Settings) -> Pace:
    """How fast messages may go."""
    overall = Rate(settings.messages_per_second, OVERALL_BURST)
    return Pace(overall, Rate(settings.messages_per_second_to_one, CHAT_BURST))


def allowance_of(settings: Settings) -> Allowance:
    """How much of one person is handled."""
    return Allowance(Rate(settings.updates_per_minute / 60, settings.updates_per_minute))


def loop_factory() -> Callable[[], asyncio.AbstractEventLoop]:
    """The fastest event loop this machine has."""
    try:
        from uvloop import new_event_loop
    except ImportError:
        return asyncio.new_event_loop
    return new_event_loop
