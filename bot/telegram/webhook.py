"""Takes updates that Telegram pushes: one is on disk before Telegram hears that it arrived."""

import asyncio
import hmac
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from time import monotonic
from typing import Never

from aiohttp import web
from telegram import Bot
from telegram.error import BadRequest, EndPointNotFound, InvalidToken, TelegramError

from bot.channel import TokenRevoked
from bot.telegram.answers import named
from bot.telegram.fetch import ALLOWED_UPDATES, LARGEST_UPDATE, arrival, pushed_to
from bot.telegram.incoming import CHANNEL
from storage import inbox
from storage.database import Closed, Writer

log = logging.getLogger(__name__)

HOST = "127.0.0.1"
_SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"


@dataclass(frozen=True, slots=True)
class Hook:
    """Where Telegram pushes to, where that arrives on this machine, and the word that proves who pushes."""

    url: str
    port: int
    secret: str
    look_after: timedelta = timedelta(seconds=60)
    """How often Telegram is asked whether it still pushes here."""


class Receive:
    """The endpoint; one per token."""

    def __init__(
        self, bot: Bot, hook: Hook, writer: Writer, arrived: Callable[[], None], now: Callable[[], datetime]
    ) -> None:
        self._bot = bot
        self._hook = hook
        self._writer = writer
        self._arrived = arrived
        self._now = now
        self.last_poll_on: datetime | None = None
        """When Telegram last said that it pushes here, or did."""
        self.last_try_on: datetime | None = None
        """When it was last asked."""
        self.trouble: str | None = None
        """What only a person can solve, while it lasts."""
        self._is_announced = False
        self._told_at = monotonic()

    @property
    def silent_for(self) -> timedelta:
        """How long ago Telegram last said that it pushes here, or did."""
        return timedelta(seconds=monotonic() - self._told_at)

    async def run(self) -> Never:
        """Receive until cancelled. Raises TokenRevoked."""
        pages = web.Application(client_max_size=LARGEST_UPDATE)
        pages.add_routes([web.post("/{anywhere:.*}", self._take)])
        runner = web.AppRunner(pages, access_log=None, shutdown_timeout=5)
        await runner.setup()
        try:
            await web.TCPSite(runner, HOST, self._hook.port).start()
            while True:
                await self._announce()
                await asyncio.sleep(self._hook.look_after.total_seconds())
        finally:
            await runner.cleanup()

    async def _take(self, request: web.Request) -> web.Response:
        """200 only when it is on disk; anything else and Telegram pushes it again."""
        given = request.headers.get(_SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode(), self._hook.secret.encode()):
            return web.Response(status=403)
        if (request.content_length or 0) > LARGEST_UPDATE:
            return web.Response(status=413)
        try:
            # Where the length is not told beforehand, reading stops with 413 at the same size.
            update = json.loads(await request.read())
        except (ValueError, RecursionError):
            return web.Response(status=400)
        try:
            await self._writer.run(partial(inbox.store, channel=CHANNEL, arrivals=[arrival(update)], now=self._now()))
        except Closed:
            return web.Response(status=503)
        self._arrived()
        # Who pushes an update has been told where to, whatever else it answers.
        self._well()
        return web.Response()

    async def _announce(self) -> None:
        """See to it that Telegram pushes here, and nothing that waits is lost."""
        self.last_try_on = self._now()
        try:
            if not self._is_announced or await pushed_to(self._bot) != self._hook.url:
                await self._bot.set_webhook(
                    self._hook.url,
                    secret_token=self._hook.secret,
                    allowed_updates=ALLOWED_UPDATES,
                    drop_pending_updates=False,
                )
                self._is_announced = True
        except (InvalidToken, EndPointNotFound):
            await self._check_token()
        except BadRequest:
            self.trouble = "Telegram refuses to push to WEBHOOK_URL; it must be https, on port 443, 80, 88 or 8443"
            log.warning(self.trouble)
        except TelegramError as error:
            log.warning("Telegram cannot be told where to push (%s)", named(error))
        else:
            self._well()

    async def _check_token(self) -> None:
        """A server may stumble once, or know no such method; only one that refuses the token itself ends the loop."""
        try:
            await self._bot.get_me()
        except (InvalidToken, EndPointNotFound):
            raise TokenRevoked("Telegram refuses the token; ask @BotFather for a new one") from None
        except TelegramError as error:
            log.warning("Telegram cannot be reached (%s)", named(error))
        else:
            log.warning("Telegram answers, but not to where it is to push")

    def _well(self) -> None:
        self.last_poll_on, self._told_at, self.trouble = self._now(), monotonic(), None
