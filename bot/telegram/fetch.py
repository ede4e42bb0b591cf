"""Fetches updates from Telegram: the batch is on disk before the next request confirms it."""

import asyncio
import json
import logging
import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from random import Random
from time import monotonic
from typing import Any, Never

from telegram import Bot
from telegram.error import Conflict, EndPointNotFound, InvalidToken, TelegramError

from bot.channel import SecondPoller, TokenRevoked
from bot.telegram.answers import Garbled, SlowDown, TooLong, named, readable
from bot.telegram.incoming import CHANNEL, chat_of
from storage import inbox
from storage.database import Writer
from storage.inbox import Arrival

log = logging.getLogger(__name__)

ALLOWED_UPDATES = ["message", "edited_message", "callback_query", "message_reaction", "my_chat_member"]
"""Always sent in full: left out, whatever was asked for last time would stay."""
LARGEST_UPDATE = 1024 * 1024
"""Characters; Telegram's own are far smaller. A larger one is kept, but not read."""
ANOTHER_POLLER = "another program fetches updates with the same token"
_MOST_AT_ONCE = 100
_READ_MARGIN = 10.0
_FIRST_ID = re.compile(rb'"update_id"\s*:\s*([0-9]{1,18})')


@dataclass(frozen=True, slots=True)
class Patience:
    """How long fetching waits for what."""

    poll_after: timedelta = timedelta(seconds=25)
    """How long Telegram holds a request open when nothing happens."""
    first_backoff: timedelta = timedelta(seconds=1)
    longest_backoff: timedelta = timedelta(seconds=30)
    conflicts: int = 5
    """So many within `conflicts_within` mean that another program fetches for good."""
    conflicts_within: timedelta = timedelta(minutes=2)
    breath: timedelta = timedelta(seconds=0.5)
    """Between two requests that brought nothing, at least."""
    forget_offset_after: timedelta = timedelta(hours=24)
    """Update ids start anew after a quiet week; by then an offset of before must be forgotten."""


class Fetch:
    """The loop that fetches; one per token."""

    def __init__(
        self,
        bot: Bot,
        writer: Writer,
        arrived: Callable[[], None],
        now: Callable[[], datetime],
        *,
        random: Random,
        patience: Patience | None = None,
    ) -> None:
        self._bot = bot
        self._writer = writer
        self._arrived = arrived
        self._now = now
        self._random = random
        self._patience = patience or Patience()
        self._offset: int | None = None
        self._most = _MOST_AT_ONCE
        self._conflicts: deque[float] = deque()
        self._failures = 0
        self._quiet_since = monotonic()
        self.last_poll_on: datetime | None = None
        """When updates were last asked for with success and what came was on disk."""
        self.last_try_on: datetime | None = None
        """When updates were last asked for, with success or without."""
        self.trouble: str | None = None
        """What only a person can solve, while it lasts: the token, or another program."""
        self._polled_at = monotonic()

    @property
    def silent_for(self) -> timedelta:
        """How long ago updates were last asked for with success, on a clock that is never set."""
        return timedelta(seconds=monotonic() - self._polled_at)

    async def run(self) -> Never:
        """Fetch until cancelled. Raises TokenRevoked or SecondPoller; anything else is waited out."""
        while True:
            try:
                await self._poll()
            except TooLong as answer:
                await self._ask_for_less(answer.start)
            except (InvalidToken, EndPointNotFound):
                await self._check_token()
            except Conflict as conflict:
                await self._meet_conflict(conflict)
            except SlowDown as limit:
                await self._slow_down(limit.retry_after)
            except TelegramError as error:
                await self._back_off(f"Telegram cannot be reached ({named(error)})")

    async def _poll(self) -> None:
        self.last_try_on = self._now()
        asked_at = monotonic()
        updates = await self._ask()
        brought = await self._keep(updates) if updates else 0
        if not updates and monotonic() - self._quiet_since > self._patience.forget_offset_after.total_seconds():
            self._offset = None
        self.last_poll_on, self._polled_at = self._now(), monotonic()
        self._most = min(self._most * 2, _MOST_AT_ONCE)
        self._recovered()
        if not brought:
            await self._breathe(monotonic() - asked_at)

    async def _breathe(self, held: float) -> None:
        """A server that holds no request open, or brings the same again and again, is not asked again at once."""
        await asyncio.sleep(max(0.0, self._patience.breath.total_seconds() - held))

    async def _ask(self) -> list[Any]:
        hold = self._patience.poll_after.total_seconds()
        asked: dict[str, Any] = {
            "timeout": int(hold),
            "limit": self._most,
            "allowed_updates": ALLOWED_UPDATES,
        }
        if self._offset is not None:
            asked["offset"] = self._offset
        try:
            with readable():
                updates = await self._bot.do_api_request(
                    "getUpdates", api_kwargs=asked, read_timeout=hold + _READ_MARGIN
                )
        except ValueError:
            raise Garbled("the library cannot read the answer") from None
        if not isinstance(updates, list):
            raise Garbled("the updates are not a list")
        return updates

    async def _keep(self, updates: list[Any]) -> int:
        """On disk first; only then may the next request confirm them. How many of them were new."""
        arrivals = [arrival(update) for update in updates]
        brought = await self._writer.run(partial(inbox.store, channel=CHANNEL, arrivals=arrivals, now=self._now()))
        self._quiet_since = monotonic()
        self._arrived()
        numbers = [number for number in map(update_number, updates) if number is not None]
        if numbers:
            self._offset = numbers[-1] + 1
        else:
            await self._back_off("Telegram sends only updates without an id; they are set aside")
        return brought

    async def _ask_for_less(self, start: bytes) -> None:
        """Fewer at once; one that is too long by itself is set aside by its id alone."""
        if self._most > 1:
            self._most = max(1, self._most // 10)
            return
        found = _FIRST_ID.search(start)
        if found is None:
            await self._back_off("Telegram's answer is longer than can be read")
            return
        log.error("an update is longer than can be read; it is set aside")
        kept = Arrival(str(int(found[1])), "", json.dumps({"update_id": int(found[1])}), "too large")
        await self._writer.run(partial(inbox.store, channel=CHANNEL, arrivals=[kept], now=self._now()))
        self._offset = int(found[1]) + 1

    async def _check_token(self) -> None:
        """A server may stumble once; only one that refuses the token itself ends the loop."""
        self.trouble = "Telegram does not know the token"
        try:
            await self._bot.get_me()
        except (InvalidToken, EndPointNotFound):
            raise TokenRevoked("Telegram refuses the token; ask @BotFather for a new one") from None
        except TelegramError as error:
            await self._back_off(f"Telegram cannot be reached ({named(error)})")
        else:
            await self._back_off("Telegram answers, but not to getUpdates")

    async def _meet_conflict(self, conflict: Conflict) -> None:
        if await self._is_pushed(conflict):
            log.warning("a webhook was set for this bot; it is taken away, nothing that waits is lost")
            await self._take_webhook_away()
            return
        moment = monotonic()
        self.trouble = ANOTHER_POLLER
        self._conflicts.append(moment)
        while moment - self._conflicts[0] > self._patience.conflicts_within.total_seconds():
            self._conflicts.popleft()
        if len(self._conflicts) >= self._patience.conflicts:
            raise SecondPoller(f"{ANOTHER_POLLER}; stop one of the two")
        await self._back_off(ANOTHER_POLLER)

    async def _is_pushed(self, conflict: Conflict) -> bool:
        """Servers word it differently, so in doubt it is asked."""
        if "webhook" in conflict.message.casefold():
            return True
        try:
            return bool(await pushed_to(self._bot))
        except TelegramError:
            return False

    async def _take_webhook_away(self) -> None:
        try:
            await self._bot.delete_webhook(drop_pending_updates=False)
        except TelegramError as error:
            await self._back_off(f"the webhook cannot be taken away ({named(error)})")

    async def _slow_down(self, wait: timedelta | None) -> None:
        if wait is None:
            await self._back_off("Telegram asks us to wait")
            return
        log.warning("Telegram asks us to wait %.0f s", wait.total_seconds())
        until = monotonic() + wait.total_seconds()
        while (left := until - monotonic()) > 0:
            # Who waits because it was told to has not stalled.
            self.last_try_on = self._now()
            await asyncio.sleep(min(left, self._patience.longest_backoff.total_seconds()))

    async def _back_off(self, why: str) -> None:
        longest = self._patience.longest_backoff
        wait = min(self._patience.first_backoff * (1 << min(self._failures, 10)), longest)
        seconds = wait.total_seconds() * self._random.uniform(0.5, 1.0)
        self._failures += 1
        log.warning("%s; trying again in %.0f s", why, seconds)
        await asyncio.sleep(seconds)

    def _recovered(self) -> None:
        if self._failures:
            log.warning("Telegram can be reached again")
        self._failures = 0
        self.trouble = None


def arrival(update: object) -> Arrival:
    """An update as the inbox keeps it."""
    number = update_number(update)
    raw = json.dumps(update)
    fault = "too large" if len(raw) > LARGEST_UPDATE else None
    return Arrival(None if number is None else str(number), chat_of(update), raw, fault)


def update_number(update: object) -> int | None:
    """The update's id, if it has one that can be used."""
    number = update.get("update_id") if isinstance(update, dict) else None
    is_usable = isinstance(number, int) and not isinstance(number, bool) and 0 <= number < 1 << 63
    return number if is_usable else None


async def pushed_to(bot: Bot) -> str:
    """The address Telegram pushes to, '' for none. Raises TelegramError."""
    with readable():
        return (await bot.get_webhook_info()).url or ""
