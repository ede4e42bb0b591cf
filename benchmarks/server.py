"""A Bot API server that costs next to nothing, with a crowd behind it: what bots are measured against.

It knows three things, taking updates, saying something and changing it, and agrees with everything else. It runs
in a process of its own: `python -m benchmarks.server` with the order as JSON. It prints its port, a line when what is
measured begins, and what it saw as JSON.
"""

import asyncio
import json
import resource
import sys
from collections import Counter, deque
from dataclasses import asdict, dataclass
from functools import partial
from time import perf_counter, time
from urllib.parse import unquote_plus

import orjson
import uvloop

from benchmarks.crowd import Crowd, Manner, Update

TOKEN = "7000000000:benchmark-benchmark-benchmark-abcdef"
_ME = {"id": 7000000000, "is_bot": True, "first_name": "Bench", "username": "bench_bot"}
_MOST_AT_ONCE = 100
_HELD_FOR = 5.0


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be measured."""

    people: int
    turns: int
    manner: Manner
    latency: float = 0.0
    """Seconds every answer but the updates' is held back."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What came of it; times in seconds."""

    seconds: float
    calls: dict[str, int]
    """How often each method was called meanwhile."""
    waits: list[float]
    """Of every turn: from the person's update to the reply on the phone."""
    own: float
    """The server's processor time meanwhile."""


class BotApi:
    """What is known of the bot: the updates it has yet to take, and its messages."""

    def __init__(self, order: Order) -> None:
        self._order = order
        self._waiting: deque[Update] = deque()
        self._poller: tuple[asyncio.Transport, asyncio.TimerHandle] | None = None
        self._messages = 0
        self._is_due = False
        self._loop = asyncio.get_running_loop()
        self.calls: Counter[str] = Counter()
        self.crowd = Crowd(order.people, order.turns, order.manner, self._put, lambda: int(time()))
        self.is_over = asyncio.Event()
        self._own_before = 0.0
        self.own = 0.0

    def answer(self, transport: asyncio.Transport, method: str, body: bytes) -> None:
        """One call of a method; the answer may come later."""
        if method == "getUpdates":
            self._poll(transport)
            self._count(method)
            return
        result: object = True
        if method == "getMe":
            result = _ME
        elif method in ("sendMessage", "editMessageText"):
            self._count(method)
            result = self._said(method, _fields(body))
        else:
            self._count(method)
        content = orjson.dumps({"ok": True, "result": result})
        if self._order.latency and method != "getMe":
            self._loop.call_later(self._order.latency, _respond, transport, content)
        else:
            _respond(transport, content)

    def _count(self, method: str) -> None:
        if self.crowd.started_at is not None and self.crowd.ended_at is None:
            self.calls[method] += 1

    def _said(self, method: str, fields: dict[str, str]) -> Update:
        chat = int(fields["chat_id"])
        is_new = method == "sendMessage"
        self._messages += is_new
        message = self._messages if is_new else int(fields["message_id"])
        buttons = []
        if "reply_markup" in fields:
            rows = orjson.loads(fields["reply_markup"]).get("inline_keyboard", [])
            buttons = [button.get("callback_data", "") for row in rows for button in row]
        seen = partial(self._seen, chat, message, buttons, fields.get("text", ""), is_new)
        if self._order.latency:
            self._loop.call_later(self._order.latency, seen)
        else:
            seen()
        return {
            "message_id": message,
            "from": _ME,
            "chat": {"id": chat, "first_name": "P", "type": "private"},
            "date": int(time()),
            "text": fields.get("text", ""),
        }

    def _seen(self, chat: int, message: int, buttons: list[str], text: str, is_new: bool) -> None:
        had_begun = self.crowd.started_at is not None
        self.crowd.shown(chat, message, buttons, perf_counter(), text, is_new=is_new)
        if not had_begun and self.crowd.started_at is not None:
            self._begun()
        if self.crowd.is_over and not self.is_over.is_set():
            self.own = _own() - self._own_before
            self.is_over.set()

    def _begun(self) -> None:
        self._own_before = _own()
        print("begun", flush=True)

    def _poll(self, transport: asyncio.Transport) -> None:
        if self.crowd.started_at is None and self._order.manner is Manner.ECHO:
            self.crowd.begin(perf_counter())
            self._begun()
        self._poller = transport, self._loop.call_later(_HELD_FOR, self._hand_out)
        if self._waiting:
            self._hand_out()

    def _put(self, update: Update) -> None:
        self._waiting.append(update)
        if not self._is_due:
            self._is_due = True
            # What is said in one turn of the loop leaves together.
            self._loop.call_soon(self._hand_out)

    def _hand_out(self) -> None:
        self._is_due = False
        if self._poller is None:
            return
        (transport, timer), self._poller = self._poller, None
        timer.cancel()
        batch = [self._waiting.popleft() for _ in range(min(_MOST_AT_ONCE, len(self._waiting)))]
        _respond(transport, orjson.dumps({"ok": True, "result": batch}))


class Connection(asyncio.Protocol):
    """One HTTP connection of a bot; reads no more of a request than it needs."""

    def __init__(self, api: BotApi) -> None:
        self._api = api
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            head = self._buffer[:end]
            length = _length(head)
            if len(self._buffer) < end + 4 + length:
                return
            body, self._buffer = self._buffer[end + 4 : end + 4 + length], self._buffer[end + 4 + length :]
            method = head.split(b" ", 2)[1].rpartition(b"/")[2].decode()
            self._api.answer(self._transport, method, body)  # type: ignore[arg-type]


def _length(head: bytes) -> int:
    start = head.lower().find(b"content-length:")
    return 0 if start < 0 else int(head[start + 15 :].split(b"\r\n", 1)[0])


def _fields(body: bytes) -> dict[str, str]:
    pairs = (pair.split("=", 1) for pair in body.decode().split("&"))
    return {name: unquote_plus(value) for name, value in pairs}


def _respond(transport: asyncio.Transport, content: bytes) -> None:
    transport.write(
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (len(content), content)
    )


def _own() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


async def main() -> None:
    """Serve until everybody is done."""
    asked = json.loads(sys.argv[1])
    order = Order(**{**asked, "manner": Manner(asked["manner"])})
    api = BotApi(order)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(api), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await api.is_over.wait()
    crowd = api.crowd
    assert crowd.started_at is not None and crowd.ended_at is not None
    seen = Seen(crowd.ended_at - crowd.started_at, dict(api.calls), crowd.waits, api.own)
    print(json.dumps(asdict(seen)), flush=True)


if __name__ == "__main__":
    uvloop.run(main())
