"""The lean server reads requests however they are cut up, and sees what bots say."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlencode

from benchmarks.replies import FIRST_PERSON, Manner
from benchmarks.server import BotApi, Connection, Order


@asynccontextmanager
async def a_server(order: Order) -> AsyncIterator[tuple[BotApi, asyncio.StreamReader, asyncio.StreamWriter]]:
    """The server, and a connection to it."""
    loop = asyncio.get_running_loop()
    api = BotApi(order)
    server = await loop.create_server(lambda: Connection(api), "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    try:
        yield api, reader, writer
    finally:
        writer.close()
        await writer.wait_closed()
        server.close()
        await server.wait_closed()


def a_call(method: str, **fields: object) -> bytes:
    body = urlencode(fields).encode()
    return b"POST /bot7:x/%b HTTP/1.1\r\nHost: here\r\ncontent-length: %d\r\n\r\n%b" % (
        method.encode(),
        len(body),
        body,
    )


async def answered(reader: asyncio.StreamReader) -> object:
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.partition(b"Content-Length: ")[2].split(b"\r\n")[0])
    return json.loads(await reader.readexactly(length))["result"]


async def test_requests_are_read_byte_by_byte_and_several_at_once() -> None:
    order = Order(2, 1, Manner.ECHO)
    async with asyncio.timeout(10), a_server(order) as (api, reader, writer):
        writer.write(a_call("getUpdates"))
        updates = await answered(reader)
        assert isinstance(updates, list)
        assert [update["message"]["chat"]["id"] for update in updates] == [FIRST_PERSON, FIRST_PERSON + 1]
        for byte in a_call("sendMessage", chat_id=FIRST_PERSON, text="één & twee"):
            writer.write(bytes([byte]))
            await asyncio.sleep(0)
        said = await answered(reader)
        assert isinstance(said, dict)
        assert (said["text"], said["chat"]["id"]) == ("één & twee", FIRST_PERSON)
        both = a_call("sendMessage", chat_id=FIRST_PERSON + 1, text="x") + a_call("answerCallbackQuery")
        writer.write(both[:-3])
        writer.write(both[-3:])
        assert isinstance(await answered(reader), dict)
        assert await answered(reader) is True
        assert api.is_over.is_set()
    seen = api.seen()
    assert seen.calls == {"getUpdates": 1, "sendMessage": 2}
    assert len(seen.waits) == 2


async def test_what_is_far_away_is_seen_and_answered_late() -> None:
    far = 0.05
    async with asyncio.timeout(10), a_server(Order(1, 1, Manner.ECHO, far)) as (api, reader, writer):
        writer.write(a_call("getUpdates"))
        await answered(reader)
        writer.write(a_call("sendMessage", chat_id=FIRST_PERSON, text="x"))
        await answered(reader)
    # The loop's timers go by whole milliseconds.
    assert api.crowd.waits[0] > far - 0.002
