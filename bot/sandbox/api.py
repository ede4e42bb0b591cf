"""The Bot API over HTTP: the token, the method, faults and limits, the answer."""

import asyncio
from contextlib import suppress

import orjson
from aiohttp import web

from bot.sandbox.calls import Call
from bot.sandbox.faults import Fault
from bot.sandbox.files import DOWNLOAD_LIMIT
from bot.sandbox.methods import METHODS
from bot.sandbox.parameters import Parameters, parameters_of
from bot.sandbox.refusals import Refusal
from bot.sandbox.world import World

UNAUTHORIZED = Refusal(401, "Unauthorized")
NOT_FOUND = Refusal(404, "Not Found")
UNKNOWN_METHOD = Refusal(404, "Not Found: method not found")
_MESSAGE_AFTER = 0.003
"""Seconds that a message takes longer than a change, so that of both, sent side by side, the change is seen first."""


class BotApi:
    """Answers `/bot<token>/<method>` and `/file/bot<token>/<path>`."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._closing = asyncio.Event()

    def routes(self) -> list[web.AbstractRouteDef]:
        """The addresses of the Bot API."""
        return [
            web.route("*", r"/bot{token:[^/]+}/{method:[^/]*}", self.call),
            web.get(r"/file/bot{token:[^/]+}/{path:.+}", self.download),
        ]

    def close(self) -> None:
        """Releases every call that waits."""
        self._closing.set()
        self._world.updates.close()

    async def call(self, request: web.Request) -> web.StreamResponse:
        """One call of a method."""
        method, given, code = request.match_info["method"], Parameters({}), None
        try:
            self._check_token(request)
            given = await parameters_of(request)
            method, result = await self._perform(method, given)
            code, body = 200, {"ok": True, "result": result}
        except Refusal as refusal:
            code, body = refusal.code, refusal.as_json()
        except ConnectionAbortedError:
            return _hang_up(request)
        finally:
            self._log(method, given, code)
        return web.Response(body=orjson.dumps(body), status=code, content_type="application/json")

    async def _perform(self, name: str, given: Parameters) -> tuple[str, object]:
        if name.lower() not in METHODS:
            raise UNKNOWN_METHOD
        name, method = METHODS[name.lower()]
        fault = self._world.faults.take(name, _chat_id(given)) or Fault()
        await self._hold_up(fault.seconds)
        if fault.dropped == "before":
            raise ConnectionAbortedError
        if fault.refusal:
            raise fault.refusal
        self._spend(name, given)
        if name.startswith("send"):
            await self._hold_up(_MESSAGE_AFTER)
        result = await method(self._world, given)
        if fault.dropped == "after":
            raise ConnectionAbortedError
        return name, result

    async def _hold_up(self, seconds: float) -> None:
        if seconds <= 0:
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._closing.wait()
                raise ConnectionAbortedError

    def _spend(self, method: str, given: Parameters) -> None:
        chat_id = _chat_id(given)
        counted = method.startswith(("send", "edit")) and method != "sendChatAction"
        if self._world.limits and counted and chat_id is not None:
            self._world.limits.spend(chat_id, asyncio.get_running_loop().time())

    def _log(self, method: str, given: Parameters, code: int | None) -> None:
        at = asyncio.get_running_loop().time()
        self._world.calls.add(Call(method, _chat_id(given), self._world.now(), at, given.given, code))

    def _check_token(self, request: web.Request) -> None:
        token = request.match_info["token"]
        if token != self._world.bot.token:
            number, colon, _ = token.partition(":")
            raise UNAUTHORIZED if colon and number.isdecimal() else NOT_FOUND

    async def download(self, request: web.Request) -> web.StreamResponse:
        """The content of a file; its faults are planned under the method name `download`."""
        try:
            self._check_token(request)
            return await self._content(request.match_info["path"])
        except Refusal as refusal:
            return web.Response(
                body=orjson.dumps(refusal.as_json()), status=refusal.code, content_type="application/json"
            )
        except ConnectionAbortedError:
            return _hang_up(request)

    async def _content(self, path: str) -> web.Response:
        fault = self._world.faults.take("download", None) or Fault()
        await self._hold_up(fault.seconds)
        if fault.dropped:
            raise ConnectionAbortedError
        if fault.refusal:
            raise fault.refusal
        file = self._world.files.by_path(path)
        if file is None or file.size > DOWNLOAD_LIMIT:
            raise NOT_FOUND
        return web.Response(body=file.content, content_type="application/octet-stream")


def _chat_id(given: Parameters) -> int | None:
    name = given.text("chat_id")
    return int(name) if name.lstrip("-").isdecimal() else None


def _hang_up(request: web.Request) -> web.Response:
    """Closes the connection, so that the answer goes nowhere."""
    if request.transport:
        request.transport.abort()
    return web.Response()
