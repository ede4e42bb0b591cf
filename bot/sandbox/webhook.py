"""Pushing updates to the bot's webhook, in order within a chat, again until it is accepted."""

import asyncio
import contextlib
import ipaddress
import re
from dataclasses import dataclass
from datetime import datetime

import aiohttp
import orjson
from yarl import URL

from bot.sandbox.refusals import bad_request
from bot.sandbox.signals import Signal
from bot.sandbox.updates import Update, UpdateQueue

_SECRET = re.compile(r"[A-Za-z0-9_-]{0,256}")


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where updates go and with which secret header."""

    url: str
    secret: str
    connections: int

    @classmethod
    def checked(cls, url: str, secret: str, connections: int) -> "Webhook":
        """A webhook on this machine; refuses any other address."""
        if not _SECRET.fullmatch(secret):
            raise bad_request("secret token contains unallowed characters")
        if not _is_loopback(url):
            raise bad_request("bad webhook: the sandbox pushes to loopback addresses only")
        return cls(url, secret, connections)

    @property
    def headers(self) -> dict[str, str]:
        """What is sent along with every update."""
        secret = {"X-Telegram-Bot-Api-Secret-Token": self.secret} if self.secret else {}
        return {"Content-Type": "application/json", **secret}


def _is_loopback(url: str) -> bool:
    try:
        address = URL(url)
        if address.scheme not in {"http", "https"} or not address.host:
            return False
        return address.host == "localhost" or ipaddress.ip_address(address.host).is_loopback
    except ValueError:
        return False


class Pusher:
    """Pushes one update per chat at a time, several chats side by side."""

    def __init__(self, webhook: Webhook, updates: UpdateQueue, retry_after: float) -> None:
        self.webhook = webhook
        self.failure: tuple[int, str] | None = None
        self.failures = Signal()
        self._updates = updates
        self._retry_after = retry_after
        self._busy: set[int] = set()
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Ends the pushing; what was not accepted stays in the queue."""
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task

    async def _run(self) -> None:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60)) as session,
            asyncio.TaskGroup() as deliveries,
        ):
            while True:
                seen = self._updates.changes.count
                for update in self._ready():
                    deliveries.create_task(self._deliver(session, update))
                await self._updates.changes.beyond(seen)

    def _ready(self) -> list[Update]:
        ready: list[Update] = []
        for update in self._updates.waiting():
            if len(self._busy) >= self.webhook.connections:
                break
            if update.chat_id not in self._busy:
                self._busy.add(update.chat_id)
                ready.append(update)
        return ready

    async def _deliver(self, session: aiohttp.ClientSession, update: Update) -> None:
        while failure := await self._push(session, update):
            self.failure = (int(datetime.now().astimezone().timestamp()), failure)
            self.failures.fire()
            await asyncio.sleep(self._retry_after)
        self._busy.discard(update.chat_id)
        self._updates.confirm(update)

    async def _push(self, session: aiohttp.ClientSession, update: Update) -> str:
        """Why the webhook did not accept the update, empty if it did."""
        body = orjson.dumps(update.as_json())
        try:
            async with session.post(self.webhook.url, data=body, headers=self.webhook.headers, ssl=False) as answer:
                if answer.ok:
                    return ""
                return f"Wrong response from the webhook: {answer.status} {answer.reason}"
        except (aiohttp.ClientError, TimeoutError) as error:
            return f"Connection failed: {error.__class__.__name__}"
