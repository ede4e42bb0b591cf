"""A Bot API server that costs next to nothing, with a crowd behind it: what bots are measured against.

It knows three things, taking updates, saying something and changing it, and agrees with everything else. It runs
in a process of its own: `python -m benchmarks.server` with the order as JSON. It prints its port, a line when what is
measured begins, and what it saw as JSON; before that, a line when the bot asks for updates for the first time.
"""

import asyncio
import json
import resource
import sys
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from random import Random
from time import perf_counter, time
from urllib.parse import unquote_plus

import orjson
import uvloop

from benchmarks.crowd import Crowd
from benchmarks.limits import Limits
from benchmarks.replies import Manner, Update
from benchmarks.rush import Rush

TOKEN = "7000000000:benchmark-benchmark-benchmark-abcdef"
_ME = {"id": 7000000000, "is_bot": True, "first_name": "Bench", "username": "bench_bot"}
_MOST_AT_ONCE = 100
_HELD_FOR = 5.0
_TOO_MANY = orjson.dumps(
    {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 1",
        "parameters": {"retry_after": 1},
    }
)


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be measured."""

    people: int
    turns: int
    manner: Manner
    latency: float = 0.0
    """Seconds every answer but the updates' is held back."""
    most: float = 0.0
    """Messages that are taken in a second; 0 for as many as come."""
    most_to_one: float = 0.0
    """And to one chat."""
    thought: float = 0.0
    """Seconds that people take for an answer; 0 where they speak at once."""


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
    messages: list[float]
    """When each message came that was taken, or changed, since the beginning."""
    refused: dict[str, int]
    """Messages that were too many, overall or to one chat; since the start."""


class BotApi:
    """What is known of the bot: the updates it has yet to take, and its messages."""

    def __init__(self, order: Order) -> None:
        self._order = order
        self._waiting: deque[Update] = deque()
        self._poller: tuple[asyncio.Transport, asyncio.TimerHandle] | None = None
        self._was_polled = False
        self._messages = 0
        self._is_due = False
        self._chance = Random(1)
        self._loop = asyncio.get_running_loop()
        self._limits = Limits(order.most, order.most_to_one) if order.most else None
        self._own_before = 0.0
        self._own = 0.0
        self._calls: Counter[str] = Counter()
        self._came: list[float] = []
        self._refused: Counter[str] = Counter()
        self.crowd = self._people()
        self.is_over = asyncio.Event()

    def _people(self) -> Crowd | Rush:
        order = self._order
        if order.manner is Manner.RUSHED:
            return Rush(order.people, self._put, _date, self._after_thought)
        later = self._after_some_thought if order.thought else None
        return Crowd(order.people, order.turns, order.manner, self._put, _date, later)

    def _after_thought(self, do: Callable[[float], None]) -> None:
        self._loop.call_later(self._order.thought, lambda: do(perf_counter()))

    def _after_some_thought(self, do: Callable[[float], None]) -> None:
        """Not all take the same time, or they would speak in chorus."""
        self._loop.call_later(self._order.thought * self._chance.uniform(0.5, 1.5), lambda: do(perf_counter()))

    def seen(self) -> Seen:
        """What came of it, when it is over."""
        began, ended = self.crowd.started_at, self.crowd.ended_at
        assert began is not None
        assert ended is not None
        came = [at - began for at in self._came if began <= at <= ended]
        return Seen(ended - began, dict(self._calls), self.crowd.waits, self._own, came, dict(self._refused))

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
            fields = _fields(body)
            if self._is_too_many(int(fields["chat_id"])):
                _respond(transport, _TOO_MANY, b"429 Too Many Requests")
                return
            self._count(method)
            result = self._said(method, fields)
        else:
            self._count(method)
        content = orjson.dumps({"ok": True, "result": result})
        if self._order.latency and method != "getMe":
            self._loop.call_later(self._order.latency, _respond, transport, content)
        else:
            _respond(transport, content)

    def _is_too_many(self, chat: int) -> bool:
        now = perf_counter()
        if self._limits is not None:
            if (why := self._limits.refuse(chat, now)) is not None:
                self._refused[why] += 1
                return True
            self._came.append(now)
        return False

    def _count(self, method: str) -> None:
        if self.crowd.started_at is not None and self.crowd.ended_at is None:
            self._calls[method] += 1

    def _said(self, method: str, fields: dict[str, str]) -> Update:
        chat, text = int(fields["chat_id"]), fields.get("text", "")
        is_new = method == "sendMessage"
        self._messages += is_new
        message = self._messages if is_new else int(fields["message_id"])
        buttons = []
        if "reply_markup" in fields:
            rows = orjson.loads(fields["reply_markup"]).get("inline_keyboard", [])
            buttons = [button.get("callback_data", "") for row in rows for button in row]
        shown = partial(self._shown, chat, message, buttons, text, is_new)
        if self._order.latency:
            self._loop.call_later(self._order.latency, shown)
        else:
            shown()
        private = {"id": chat, "first_name": "P", "type": "private"}
        return {"message_id": message, "from": _ME, "chat": private, "date": _date(), "text": text}

    def _shown(self, chat: int, message: int, buttons: list[str], text: str, is_new: bool) -> None:
        had_begun = self.crowd.started_at is not None
        self.crowd.shown(chat, message, buttons, perf_counter(), text, is_new=is_new)
        if not had_begun and self.crowd.started_at is not None:
            self._begun()
        if self.crowd.ended_at is not None and not self.is_over.is_set():
            self._own = _own() - self._own_before
            self.is_over.set()

    def _begun(self) -> None:
        self._own_before = _own()
        print("begun", flush=True)

    def _poll(self, transport: asyncio.Transport) -> None:
        if not self._was_polled:
            self._was_polled = True
            print("polled", flush=True)
            self.crowd.begin(perf_counter())
            if self.crowd.started_at is not None:
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
        if transport.is_closing():
            return
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


def _respond(transport: asyncio.Transport, content: bytes, status: bytes = b"200 OK") -> None:
    head = b"HTTP/1.1 %b\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
    transport.write(head % (status, len(content)) + content)


def _date() -> int:
    return int(time())


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
    print(json.dumps(asdict(api.seen())), flush=True)
    # The bot may go on until it is stopped.
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(main())
