"""The sandbox: a small Bot API server on loopback, and a page that shows phones."""

from collections.abc import Callable
from datetime import datetime
from types import TracebackType
from typing import Self

from aiohttp import web

from bot.sandbox.api import BotApi
from bot.sandbox.calls import CallLog
from bot.sandbox.chats import GroupKind
from bot.sandbox.faults import Fault
from bot.sandbox.page_routes import PageRoutes
from bot.sandbox.people import BotAccount
from bot.sandbox.phone import Group, Phone
from bot.sandbox.stage import Stage
from bot.sandbox.world import World

HOST = "127.0.0.1"
TOKEN = "4242424242:SANDBOX-this-opens-nothing-anywhere"
LARGEST_BODY = 64 * 1024 * 1024


class Sandbox:
    """A Bot API server for one bot, to be used as an async context manager.

    `now` gives the time of all messages (aware); `port` 0 takes a free one; `first_update_id` is where
    update ids start; `limits` refuses what Telegram's flood control refuses; `webhook_retry_after` is in
    seconds.
    """

    def __init__(
        self,
        now: Callable[[], datetime],
        port: int = 0,
        token: str = TOKEN,
        bot_username: str = "terugblik_bot",
        *,
        bot_name: str = "Terugblik",
        first_update_id: int = 700_000_001,
        limits: bool = False,
        webhook_retry_after: float = 1.0,
    ) -> None:
        bot = BotAccount(token, bot_username, bot_name)
        self.world = World(now, bot, first_update_id, limits)
        self.world.webhook_retry_after = webhook_retry_after
        self.token = token
        self._port = port
        self._phones: list[Phone] = []
        self._page = PageRoutes(self.world, self.phone, lambda: self._phones)
        self._api: BotApi | None = None
        self._runner: web.AppRunner | None = None
        self._site: web.TCPSite | None = None

    async def __aenter__(self) -> Self:
        self._api = BotApi(self.world)
        app = web.Application(client_max_size=LARGEST_BODY)
        app.add_routes([*self._api.routes(), *self._page.routes()])
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=2)
        await self._runner.setup()
        site = web.TCPSite(self._runner, HOST, self._port)
        try:
            await site.start()
        except OSError:
            await self._runner.cleanup()
            raise
        self._site = site
        self._port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._site:
            # First of all, so that nobody who is released now can come back.
            await self._site.stop()
        self._page.close()
        if self._api:
            self._api.close()
        if self.world.pusher:
            await self.world.pusher.stop()
        if self._runner:
            await self._runner.cleanup()

    @property
    def url(self) -> str:
        """The address of the Bot API server and of the page."""
        return f"http://{HOST}:{self._port}"

    @property
    def calls(self) -> CallLog:
        """The calls the bot made."""
        return self.world.calls

    @property
    def phones(self) -> list[Phone]:
        """All phones, in the order they were made."""
        return list(self._phones)

    @property
    def stage(self) -> Stage | None:
        """What the page shows; None shows all phones there are."""
        return self._page.stage

    @stage.setter
    def stage(self, stage: Stage | None) -> None:
        self._page.stage = stage
        self.refresh()

    def refresh(self) -> None:
        """Shows the stage's clock and hint anew; changes on a phone do so by themselves."""
        self.world.changes.fire()

    def phone(self, first_name: str, telegram_id: int | None = None, language: str = "nl", caption: str = "") -> Phone:
        """A new phone, whose person has not pressed Start; `caption` tells on the page who it is."""
        chat = self.world.add_person(first_name, telegram_id, language)
        phone = Phone(self.world, chat, caption)
        self._phones.append(phone)
        return phone

    def group(self, title: str, added_by: Phone, kind: GroupKind = "group") -> Group:
        """A new group or channel to which somebody adds the bot; it learns so by a my_chat_member update."""
        chat = self.world.add_group(title, kind)
        standing = "administrator" if kind == "channel" else "member"
        self.world.change_membership(chat, added_by.person, "left", standing)
        return Group(chat)

    def fail(self, method: str, fault: Fault, times: int = 1, chat: int | None = None) -> None:
        """Lets the next `times` calls of `method` go wrong, in one chat or (None) in any.

        `method` is a Bot API method, "download" for files, or "*" for whatever is called next.
        """
        self.world.faults.add(method, fault, times, chat)

    def restart_update_ids(self, at: int) -> None:
        """Numbers the next updates from `at`, as Telegram does at random after a quiet week."""
        self.world.updates.restart_ids(at)

    def redeliver(self, last: int = 1) -> int:
        """Delivers the `last` delivered updates once more, confirmed or not; returns how many there are."""
        return self.world.updates.redeliver(last)

    def deliver_twice(self, on: bool = True) -> None:
        """From now on delivers every update twice, or no longer."""
        self.world.updates.twice = on
