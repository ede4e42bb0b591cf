"""Bot API servers unlike the sandbox: they hold no poll open, answer in pieces, hang up, have their own words."""

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

TOKEN = "77:another-server-knows-this-one"
PERSON = 9001
DATE = 1_800_000_000
ME = {"ok": True, "result": {"id": 77, "is_bot": True, "first_name": "Bot"}}


@dataclass(frozen=True)
class Answer:
    """A status, a body and headers, as they are."""

    status: int
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class OtherServer:
    """What it was asked and what it has to say; `planned` answers come before its own, by method in small letters."""

    url: str = ""
    updates: list[dict[str, Any]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    planned: dict[str, deque[Answer]] = field(default_factory=dict)
    polls: int = 0
    limits: list[int] = field(default_factory=list)
    """How many updates each poll asked for at most."""
    called: set[str] = field(default_factory=set)
    pushes_to: str = ""
    minds_offset: bool = True
    _number: int = 40

    def plan(self, method: str, *answers: Answer) -> None:
        """The next answers of one method."""
        self.planned.setdefault(method.lower(), deque()).extend(answers)

    def write(self, text: str) -> None:
        """The one person writes."""
        self._number += 1
        chat = {"id": PERSON, "type": "private", "unheard_of": {"new": True}}
        sender = {"id": PERSON, "is_bot": False, "first_name": "Nour"}
        message = {"message_id": self._number, "date": DATE, "chat": chat, "from": sender, "text": text}
        nothing = dict.fromkeys(("caption", "voice", "forward_origin", "via_bot", "edit_date"))
        others = {"edited_message": None, "unheard_of": [1]}
        self.updates.append({"update_id": self._number, **others, "message": {**nothing, "photo": [], **message}})

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """One call, answered in pieces on a connection that is closed."""
        method = request.match_info["method"].lower()
        self.called.add(method)
        given = await request.post()
        planned = self.planned.get(method)
        found = planned.popleft() if planned else Answer(200, self._result(method, dict(given)))
        response = web.StreamResponse(status=found.status, headers={**found.headers, "Connection": "close"})
        response.enable_chunked_encoding()
        await response.prepare(request)
        body = found.body.encode()
        for start in range(0, len(body), size := 1 + len(body) // 500):
            await response.write(body[start : start + size])
        await response.write_eof()
        return response

    def _result(self, method: str, given: dict[str, Any]) -> str:
        result: object = True
        if method == "getme":
            result = ME["result"]
        elif method == "getupdates":
            self.polls += 1
            self.limits.append(int(given["limit"]))
            offset = int(given.get("offset", 0)) if self.minds_offset else 0
            self.updates = [update for update in self.updates if update["update_id"] >= offset]
            result = self.updates[: self.limits[-1]]
        elif method == "getwebhookinfo":
            result = {"url": self.pushes_to, "has_custom_certificate": False, "pending_update_count": 0}
        elif method in ("setwebhook", "deletewebhook"):
            self.pushes_to = str(given.get("url", ""))
        elif method.startswith("send"):
            self._number += 1
            self.said.append(str(given.get("text", "")))
            # As little as shows that it arrived.
            result = {"message_id": self._number}
        return json.dumps({"result": result, "ok": True, "took_ms": 3})


@asynccontextmanager
async def other_server() -> AsyncIterator[OtherServer]:
    """The server, for as long as the block lasts."""
    server = OtherServer()
    app = web.Application()
    app.router.add_route("*", "/{prefix:.*}/bot{token}/{method}", server.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}/its/own/place"
    try:
        yield server
    finally:
        await runner.cleanup()


@asynccontextmanager
async def bytes_server(*answers: bytes) -> AsyncIterator[str]:
    """A server that knows who it is, and answers everything else with these bytes in turn and hangs up."""
    left = deque(answers)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = next((int(line[15:]) for line in head.splitlines() if line.lower().startswith("content-length:")), 0)
        await reader.readexactly(length)
        me = json.dumps(ME)
        told = f"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {len(me)}\r\n\r\n{me}".encode()
        writer.write(told if "/getMe" in head else left.popleft())
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
