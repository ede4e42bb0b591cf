"""Telegram as a channel: sending, files, tapped buttons and fetching over one session."""

import asyncio
import json
import logging
import warnings
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from types import TracebackType
from typing import Never, Self

from telegram import Bot
from telegram.error import EndPointNotFound, InvalidToken, TelegramError
from telegram.warnings import PTBUserWarning

from bot.channel import Delivered, TokenRevoked, Unreadable
from bot.telegram import files
from bot.telegram import outgoing as calls
from bot.telegram.answers import named, readable
from bot.telegram.fetch import Fetch, Patience
from bot.telegram.incoming import CHANNEL, TAP_KEY, read_update
from bot.telegram.request import AiohttpRequest
from bot.telegram.webhook import Hook, Receive
from fieldwork.messages import Incoming, Outgoing
from storage.database import Writer

log = logging.getLogger(__name__)

PUBLIC_API = "https://api.telegram.org"
_LONGEST_TOAST = 200
_TOAST_AFTER = 5.0
_LONGEST_WAIT = 30.0


class TelegramChannel:
    """Open it with `async with`: that waits until Telegram is there and knows the token.

    Raises TokenRevoked on opening where Telegram refuses the token. `answer_after` is how long Telegram
    may take to answer before we are unsure; a `request` that is given has its own.
    """

    name = CHANNEL

    def __init__(
        self,
        token: str,
        api_url: str = PUBLIC_API,
        *,
        random: Random,
        patience: Patience | None = None,
        answer_after: timedelta = timedelta(seconds=20),
        hook: Hook | None = None,
        request: AiohttpRequest | None = None,
    ) -> None:
        _accept_raw_results()
        self._request = request or AiohttpRequest(answer_after=answer_after.total_seconds())
        self._bot = Bot(
            token,
            base_url=f"{api_url.rstrip('/')}/bot",
            base_file_url=f"{api_url.rstrip('/')}/file/bot",
            request=self._request,
            get_updates_request=self._request,
        )
        self._random = random
        self._patience = patience or Patience()
        self._hook = hook
        self._fetch: Fetch | Receive | None = None
        self.toasts_failed = 0
        """Tapped buttons that could not be answered; their waiting sign goes by itself."""

    async def __aenter__(self) -> Self:
        try:
            await self._introduce()
        except BaseException:
            await self._bot.shutdown()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._bot.shutdown()

    @property
    def username(self) -> str:
        """The bot's name in links, without @."""
        return self._bot.username or ""

    @property
    def last_poll_on(self) -> datetime | None:
        """When updates were last fetched and kept; None before the first time."""
        return self._fetch.last_poll_on if self._fetch else None

    @property
    def last_try_on(self) -> datetime | None:
        """When updates were last asked for, with success or without; None before the first time."""
        return self._fetch.last_try_on if self._fetch else None

    @property
    def silent_for(self) -> timedelta:
        """How long nothing could be fetched."""
        return self._fetch.silent_for if self._fetch else timedelta(0)

    @property
    def trouble(self) -> str | None:
        """What keeps updates from being fetched and only a person can solve; None while there is no such thing."""
        return self._fetch.trouble if self._fetch else None

    async def fetch(self, writer: Writer, arrived: Callable[[], None], now: Callable[[], datetime]) -> Never:
        """Fetch updates into the inbox, or take those that are pushed where there is a hook, until cancelled.

        `arrived` is called after each commit.

        Raises TokenRevoked or SecondPoller.
        """
        if self._hook is not None:
            self._fetch = receive = Receive(self._bot, self._hook, writer, arrived, now)
            await receive.run()
        self._fetch = Fetch(self._bot, writer, arrived, now, random=self._random, patience=self._patience)
        await self._fetch.run()

    def read(self, raw: str, received_on: datetime) -> Incoming | None:
        """What an update of the inbox means; None where it asks nothing of us. Raises Unreadable."""
        try:
            update = json.loads(raw)
        except (ValueError, RecursionError):
            raise Unreadable("update: expected JSON") from None
        return read_update(update, received_on)

    async def send(self, urn: str, outgoing: Outgoing, edit_message: str | None) -> Delivered:
        """Say it, or change the message with that id; see `bot.channel.Channel`."""
        return await calls.send(self._bot, urn, outgoing, edit_message)

    async def answer_tap(self, key: str, text: str = "") -> None:
        """Take the waiting sign off a tapped button, with a short note; tried once, never raises."""
        if not key.startswith(TAP_KEY):
            return
        try:
            await self._bot.answer_callback_query(
                key.removeprefix(TAP_KEY),
                text=text[:_LONGEST_TOAST] or None,
                read_timeout=_TOAST_AFTER,
                connect_timeout=_TOAST_AFTER,
            )
        except TelegramError:
            self.toasts_failed += 1

    async def fetch_file(self, ref: str, target: Path) -> int:
        """Bring a file that was sent to `target`; see `bot.channel.Messenger`."""
        return await files.fetch_file(self._bot, self._request, ref, target)

    async def _introduce(self) -> None:
        """Ask Telegram who we are, for as long as there is no network; a server may stumble once over the token."""
        wait = self._patience.first_backoff.total_seconds()
        is_refused = False
        while True:
            try:
                with readable():
                    await self._bot.initialize()
            except (InvalidToken, EndPointNotFound):
                if is_refused:
                    raise TokenRevoked("Telegram refuses the token; ask @BotFather for the right one") from None
                is_refused, trouble = True, "Telegram does not know the token"
            except TelegramError as error:
                is_refused, trouble = False, f"Telegram cannot be reached ({named(error)})"
            else:
                return
            log.warning("%s; trying again in %.0f s", trouble, wait)
            await asyncio.sleep(wait)
            wait = min(wait * 2, _LONGEST_WAIT)


def _accept_raw_results() -> None:
    """The library advises its own methods, which raise for whatever they cannot parse."""
    warnings.filterwarnings("ignore", message="Please use 'Bot\\.", category=PTBUserWarning)
