"""A Bot API server with its own ways: it stands before the sandbox, and says everything differently.

Messages have numbers that do not grow; results tell nothing but a number; what is left out is null; every other tap
comes without its message; bodies are packed and in pieces, connections closed; refusals are pages or have other words.
"""

import gzip
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from typing import Any

import aiohttp
from aiohttp import web

from bot.sandbox import Sandbox

_MANY, _STEP = 1_000_003, 500_009
"""A prime, and what numbers are multiplied by; each has its own product, and none follows the one before."""
_BACK = pow(_STEP, -1, _MANY)
_LEFT_OUT = ("caption", "voice", "sticker", "edit_date", "forward_origin", "via_bot", "media_group_id", "location")
_PAGE = "<html><body>Something of a proxy</body></html>"


class Strange:
    """Speaks with the bot on one side and with the sandbox on the other."""

    def __init__(self, sandbox: Sandbox, session: aiohttp.ClientSession) -> None:
        self._sandbox = sandbox
        self._session = session
        self._turn = count()

    async def call(self, request: web.Request) -> web.StreamResponse:
        """A method of the Bot API."""
        method = request.match_info["method"]
        url = f"{self._sandbox.url}/bot{request.match_info['token']}/{method}"
        body = await request.read()
        try:
            async with self._session.post(url, data=_forwards(body), headers=_kind_of(request)) as answer:
                status, told = answer.status, await answer.json(content_type=None)
        except aiohttp.ClientError:
            return _hang_up(request)
        if status != 200:
            return _refused(status, told)
        return await self._answered(request, self._translated(method, told["result"]))

    async def file(self, request: web.Request) -> web.StreamResponse:
        """A download."""
        try:
            async with self._session.get(f"{self._sandbox.url}/file/{request.match_info['rest']}") as answer:
                return web.Response(status=answer.status, body=await answer.read())
        except aiohttp.ClientError:
            return _hang_up(request)

    async def _answered(self, request: web.Request, result: object) -> web.StreamResponse:
        body = gzip.compress(json.dumps({"result": result, "took": None, "ok": True}).encode())
        response = web.StreamResponse(headers={"Content-Encoding": "gzip", "Connection": "close"})
        response.enable_chunked_encoding()
        await response.prepare(request)
        for start in range(0, len(body), 50):
            await response.write(body[start : start + 50])
        await response.write_eof()
        return response

    def _translated(self, method: str, result: Any) -> object:
        if method == "getUpdates":
            return [self._update(update) for update in result]
        if method.startswith("send"):
            return {"message_id": _strange(result["message_id"])}
        return {"file_path": result["file_path"]} if method == "getFile" else result

    def _update(self, update: dict[str, Any]) -> dict[str, Any]:
        query = update.get("callback_query")
        if query is not None and next(self._turn) % 2:
            query["message"] = None
        for body in (*update.values(), query and query["message"]):
            if isinstance(body, dict) and "message_id" in body:
                body["message_id"] = _strange(body["message_id"])
                body.update({name: None for name in _LEFT_OUT if name not in body} | {"unheard_of": {"x": [1]}})
        return {"message": None, "edited_message": None, "unheard_of": {}, **update}


def _strange(number: int) -> int:
    return number * _STEP % _MANY


def _forwards(body: bytes) -> bytes:
    """A call as the sandbox knows its messages."""
    name, found, rest = body.partition(b"message_id=")
    if not found or b"\r\n" in body:
        return body
    number, rest_found, more = rest.partition(b"&")
    return name + found + str(int(number) * _BACK % _MANY).encode() + rest_found + more


def _kind_of(request: web.Request) -> dict[str, str]:
    return {"Content-Type": request.headers.get("Content-Type", "application/x-www-form-urlencoded")}


def _refused(status: int, told: dict[str, Any]) -> web.Response:
    """In other words, and with as few of them as it takes."""
    words = str(told.get("description", ""))
    if status >= 500:
        return web.Response(status=502, text=_PAGE, content_type="text/html")
    if status == 429:
        return web.Response(status=429, headers={"Retry-After": "0.9"})
    return web.json_response({"ok": False, "error_code": str(status), "description": words.upper()})


def _hang_up(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


@asynccontextmanager
async def strange_server(sandbox: Sandbox) -> AsyncIterator[str]:
    """Its address, for as long as the block lasts."""
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True)) as session:
        server = Strange(sandbox, session)
        app = web.Application(client_max_size=1 << 26)
        app.router.add_post("/a/place/bot{token}/{method}", server.call)
        app.router.add_get("/a/place/file/{rest:.*}", server.file)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            yield f"http://127.0.0.1:{runner.addresses[0][1]}/a/place"
        finally:
            await runner.cleanup()
