"""A sandbox with a clock that can be moved, and two ways to call its Bot API."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from telegram import Bot
from telegram.request import HTTPXRequest

from bot.sandbox import Phone, Sandbox


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    now: datetime = field(default_factory=lambda: datetime(2026, 11, 23, 6, 0, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.now

    def move(self, by: timedelta) -> None:
        self.now += by


class Api:
    """Calls the Bot API with JSON and tells what came back, refusals too."""

    def __init__(self, session: aiohttp.ClientSession, sandbox: Sandbox) -> None:
        self.session = session
        self.root = f"{sandbox.url}/bot{sandbox.token}"

    async def __call__(self, method: str, **given: object) -> dict[str, object]:
        async with self.session.post(f"{self.root}/{method}", json=given) as answer:
            body = await answer.json()
        assert isinstance(body, dict)
        assert answer.status == body.get("error_code", 200)
        return body

    async def result(self, method: str, **given: object) -> object:
        body = await self(method, **given)
        assert body["ok"], body
        return body["result"]

    async def refusal(self, method: str, **given: object) -> str:
        body = await self(method, **given)
        assert not body["ok"], body
        return f"{body['error_code']} {body['description']}"

    async def updates(self, **given: object) -> list[dict[str, object]]:
        result = await self.result("getUpdates", **given)
        assert isinstance(result, list)
        return result


@pytest.fixture(autouse=True)
def durations_are_timedeltas(monkeypatch: pytest.MonkeyPatch) -> None:
    """python-telegram-bot warns unless it is told that durations are wanted as timedeltas."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def sandbox(clock: Clock) -> AsyncIterator[Sandbox]:
    async with Sandbox(clock, webhook_retry_after=0.01) as sandbox:
        yield sandbox


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def api(session: aiohttp.ClientSession, sandbox: Sandbox) -> Api:
    return Api(session, sandbox)


@pytest.fixture
async def bot(sandbox: Sandbox) -> AsyncIterator[Bot]:
    # Nothing here is encrypted, and reading the certificates took longer than most tests.
    requests = [HTTPXRequest(httpx_kwargs={"verify": False}) for _ in range(2)]
    bot = Bot(
        sandbox.token,
        base_url=f"{sandbox.url}/bot",
        base_file_url=f"{sandbox.url}/file/bot",
        request=requests[0],
        get_updates_request=requests[1],
    )
    async with bot:
        yield bot


@pytest.fixture
async def amina(sandbox: Sandbox, api: Api) -> Phone:
    """A phone that pressed Start, with nothing left in the queue."""
    phone = sandbox.phone("Amina")
    phone.start()
    (update,) = await api.updates()
    await api.updates(offset=int(str(update["update_id"])) + 1)
    return phone
