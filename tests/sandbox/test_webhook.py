"""Updates pushed to a webhook."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from bot.sandbox import Phone, Sandbox
from tests.telegram.telegram_parts import until

from .conftest import Api


class Receiver:
    """A webhook endpoint that answers with the next of `answers`, 200 when there are none left."""

    def __init__(self) -> None:
        self.url = ""
        self.answers: list[int] = []
        self.received: asyncio.Queue[tuple[str, dict[str, object]]] = asyncio.Queue()

    async def accept(self, request: web.Request) -> web.Response:
        secret = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
        self.received.put_nowait((secret, await request.json()))
        return web.Response(status=self.answers.pop(0) if self.answers else 200)

    async def text(self) -> object:
        _, update = await asyncio.wait_for(self.received.get(), 2)
        message = update["message"]
        assert isinstance(message, dict)
        return message["text"]


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    app = web.Application()
    app.router.add_post("/hook", receiver.accept)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield receiver
    await runner.cleanup()


async def test_updates_are_pushed_in_order_with_the_secret(api: Api, amina: Phone, receiver: Receiver) -> None:
    amina.say("voor de webhook")
    await api.result("setWebhook", url=receiver.url, secret_token="geheim-1")
    amina.say("erna")
    secret, _ = await asyncio.wait_for(receiver.received.get(), 2)
    assert secret == "geheim-1"
    assert await receiver.text() == "erna"


async def test_a_refused_update_is_pushed_again_before_the_next_of_that_chat(
    api: Api, amina: Phone, receiver: Receiver
) -> None:
    receiver.answers = [500, 502]
    await api.result("setWebhook", url=receiver.url)
    amina.say("een")
    amina.say("twee")
    assert [await receiver.text() for _ in range(4)] == ["een", "een", "een", "twee"]
    told = await api.result("getWebhookInfo")
    assert isinstance(told, dict)
    assert told["last_error_message"] == "Wrong response from the webhook: 502 Bad Gateway"
    assert told["url"] == receiver.url


async def test_one_chat_that_waits_does_not_hold_up_another(
    sandbox: Sandbox, api: Api, amina: Phone, receiver: Receiver
) -> None:
    bilal = sandbox.phone("Bilal")
    receiver.answers = [500]
    await api.result("setWebhook", url=receiver.url)
    amina.say("van Amina")
    bilal.say("van Bilal")
    assert {await receiver.text() for _ in range(3)} == {"van Amina", "van Bilal"}


async def test_polling_and_a_webhook_exclude_each_other(
    sandbox: Sandbox, api: Api, amina: Phone, receiver: Receiver
) -> None:
    polling = asyncio.create_task(api.refusal("getUpdates", timeout=30))
    await until(lambda: sandbox.world.updates.held == 1)
    await api.result("setWebhook", url=receiver.url)
    assert await asyncio.wait_for(polling, 2) == "409 Conflict: terminated by setWebhook request"
    assert (await api.refusal("getUpdates")).startswith(
        "409 Conflict: can't use getUpdates method while webhook is active"
    )
    await api.result("deleteWebhook")
    amina.say("weer ophalen")
    assert len(await api.updates()) == 1


async def test_pending_updates_are_dropped_when_asked(api: Api, amina: Phone) -> None:
    amina.say("weg")
    await api.result("deleteWebhook", drop_pending_updates=True)
    assert await api.updates() == []


@pytest.mark.parametrize("url", ["https://example.org/hook", "ftp://127.0.0.1/", "http://10.0.0.1/", "hook"])
async def test_an_address_elsewhere_is_refused(api: Api, url: str) -> None:
    assert (await api.refusal("setWebhook", url=url)).startswith("400 Bad Request: bad webhook")


async def test_a_secret_with_other_letters_is_refused(api: Api) -> None:
    told = await api.refusal("setWebhook", url="http://127.0.0.1:9/", secret_token="a b")
    assert told == "400 Bad Request: secret token contains unallowed characters"


async def test_a_webhook_that_is_not_there_is_told_and_tried_again(
    sandbox: Sandbox, api: Api, amina: Phone, receiver: Receiver
) -> None:
    await api.result("setWebhook", url="http://127.0.0.1:1/")
    amina.say("later")
    updates = sandbox.world.updates
    pusher = sandbox.world.pusher
    assert pusher
    await asyncio.wait_for(pusher.failures.beyond(0), 2)
    assert len(updates) == 1
    await api.result("setWebhook", url=receiver.url)
    assert await receiver.text() == "later"
