"""Bugs that once were real somewhere, to be planted in a bot that has none of them."""

import asyncio
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime
from itertools import count
from typing import Any

import storage.database
from bot.channel import Delivered
from bot.telegram.channel import TelegramChannel
from bot.telegram.fetch import Fetch, update_number
from bot.worker import Worker
from fieldwork.conversation import Speech
from fieldwork.messages import Outgoing
from handlers import dispatch
from handlers.reflecting.talks import Talk
from storage import answers, inbox, outbox
from storage.database import Writer, _Wish
from storage.driver import Connection
from storage.inbox import Arrival, Waiting
from storage.stamps import stamp
from storage.tx import Tx
from tests.reliability.instead import instead

Plant = Callable[[ExitStack], None]
"""Puts the bug in its place until the stack is closed."""


def confirmed_before_kept(bug: ExitStack) -> None:
    """The batch is asked away from Telegram, and kept only then."""
    keep = Fetch._keep

    async def confirm_first(self: Fetch, updates: list[Any]) -> None:
        numbers = [number for number in map(update_number, updates) if number is not None]
        await self._bot.do_api_request("getUpdates", api_kwargs={"offset": numbers[-1] + 1, "timeout": 0})
        await keep(self, updates)

    bug.enter_context(instead(Fetch, "_keep", confirm_first))


def told_before_committed(bug: ExitStack) -> None:
    """Who waits for a commit hears that it is done a little before it is."""

    def settle_first(self: Writer, connection: Connection, batch: list[_Wish[object]]) -> None:
        connection.execute("BEGIN IMMEDIATE")
        for wish in batch:
            wish.carry_out(connection)
        self._loop.call_soon_threadsafe(self._tell, batch)
        time.sleep(0.03)
        connection.execute("COMMIT")
        self._loop.call_soon_threadsafe(self._after_commit)

    bug.enter_context(instead(Writer, "_commit", settle_first))


def committed_halfway(bug: ExitStack) -> None:
    """The answer is committed before what is to be said about it is written."""
    say = Talk._say

    def commit_first(self: Talk, speeches: Sequence[Speech]) -> None:
        connection = self.tx._connection
        for statement in ("RELEASE wish", "COMMIT", "BEGIN IMMEDIATE", "SAVEPOINT wish"):
            connection.execute(statement)
        say(self, speeches)

    bug.enter_context(instead(Talk, "_say", commit_first))


def done_in_a_second_transaction(bug: ExitStack) -> None:
    """The update is handled in one transaction and closed in the next."""

    async def handle(self: Worker, row: Waiting) -> bool:
        incoming = self._messenger.read(row.raw, row.received_on)
        assert incoming is not None
        key, now = incoming.key, self._desk().now

        def first(tx: Tx) -> None:
            if not inbox.seen(tx, key):
                dispatch.handle(tx, self._desk(), incoming)

        await self._writer.run(first)
        await self._writer.run(lambda tx: inbox.handled(tx, row.id, None if inbox.seen(tx, key) else key, now))
        return True

    bug.enter_context(instead(Worker, "_handle", handle))


def sent_outside_the_outbox(bug: ExitStack) -> None:
    """What is to be said goes out right after the commit, and nothing remembers that it should."""
    loop, write, opened = asyncio.get_running_loop(), outbox.write, TelegramChannel.__aenter__
    channels: list[TelegramChannel] = []
    sending: set[asyncio.Task[Delivered]] = set()

    async def open_noted(self: TelegramChannel) -> TelegramChannel:
        channels.append(self)
        return await opened(self)

    def send(urn: str, outgoing: Outgoing) -> None:
        task = loop.create_task(channels[-1].send(urn, outgoing, None))
        sending.add(task)
        task.add_done_callback(sending.discard)

    def write_and_send(tx: Tx, urn: str, outgoing: Outgoing, *, now: datetime, **more: Any) -> int:
        row = write(tx, urn, outgoing, now=now, **more)
        if more.get("edit_of") is None:
            tx.run("UPDATE outbox SET state = 'sent', sent_on = :now WHERE id = :id", now=stamp(now), id=row)
            loop.call_soon_threadsafe(loop.call_later, 0.05, send, urn, outgoing)
        return row

    bug.enter_context(instead(TelegramChannel, "__aenter__", open_noted))
    bug.enter_context(instead(outbox, "write", write_and_send))


def update_ids_not_compared(bug: ExitStack) -> None:
    """An update that is fetched again is another update."""
    store, numbers = inbox._store, count()

    def store_always(tx: Tx, channel: str, arrival: Arrival, now: datetime) -> int:
        return store(tx, channel, replace(arrival, key=f"{arrival.key}-{next(numbers)}"), now)

    bug.enter_context(instead(inbox, "_store", store_always))


def message_ids_not_compared(bug: ExitStack) -> None:
    """A message under another update id is another message."""
    _forget_seen(bug, ":msg:")


def tap_ids_not_compared(bug: ExitStack) -> None:
    """A tap under another update id is another tap."""
    _forget_seen(bug, ":cb:")


def _forget_seen(bug: ExitStack, kind: str) -> None:
    seen = inbox.seen
    bug.enter_context(instead(inbox, "seen", lambda tx, key: kind not in key and seen(tx, key)))


def a_fault_of_the_disk_counts_as_a_try(bug: ExitStack) -> None:
    """Who meets a full disk three times is set aside."""
    bug.enter_context(disk_trouble())
    bug.enter_context(instead(storage.database, "is_storage_fault", lambda error: False))


@contextmanager
def disk_trouble(times: int = 5) -> Iterator[None]:
    """So many answers in a row meet a full disk. No bug: the bot waits it out."""
    add, left = answers.add, [times]

    def full(*given: Any, **named: Any) -> Any:
        if not left[0]:
            return add(*given, **named)
        left[0] -= 1
        error = sqlite3.OperationalError("made to fail")
        error.sqlite_errorcode = sqlite3.SQLITE_FULL
        raise error

    with instead(answers, "add", full), instead(storage.database, "_PAUSE_AFTER_FAULT", 0.005):
        yield


PLANTS: tuple[Plant, ...] = (
    confirmed_before_kept,
    told_before_committed,
    committed_halfway,
    done_in_a_second_transaction,
    sent_outside_the_outbox,
    update_ids_not_compared,
    message_ids_not_compared,
    tap_ids_not_compared,
    a_fault_of_the_disk_counts_as_a_try,
)
