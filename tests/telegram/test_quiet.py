"""No log holds a token, a name, a telephone number or anything that somebody wrote."""

import io
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from pytest import mark, raises

from bot.channel import TokenRevoked, Unreadable
from bot.sandbox.faults import Fault
from bot.sandbox.server import Sandbox
from bot.telegram.quiet import CHATTY, Redacting, quieten
from tests.telegram.telegram_parts import Clock, a_channel, a_sender, database, fetching, sending, until, until_waiting

TOKEN = "4242424242:KANARIE-token-in-no-log-ever"
WORDS, NAME, PHONE = "KANARIE antwoord over de buurt", "Kanariette", "+31 6 1234 5678"


@contextmanager
def everything_logged() -> Iterator[tuple[logging.Handler, io.StringIO]]:
    """All that any logger says, from DEBUG, and everything as it was afterwards."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setLevel(logging.DEBUG)
    root = logging.getLogger()
    levels = {name: logging.getLogger(name).level for name in ("", *CHATTY)}
    # A command that ran in this process before may have left a filter on the others.
    before, root.handlers = root.handlers, [handler]
    for name in levels:
        logging.getLogger(name).setLevel(logging.DEBUG)
    try:
        yield handler, written
    finally:
        root.handlers = before
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)


async def a_bad_day(folder: Path) -> None:
    """Messages in and out, faults of every kind, an unreadable update, a bug, a revoked token."""
    clock = Clock()
    async with (
        database(folder) as kept,
        Sandbox(clock, token=TOKEN) as sandbox,
        a_channel(sandbox) as channel,
        fetching(channel, kept, clock),
    ):
        phone = sandbox.phone(NAME, 31612345678)
        sandbox.fail("getUpdates", Fault.server_error(500), 2)
        phone.say(WORDS)
        phone.say(f"Bel {PHONE}")
        [row, _] = await until_waiting(kept, 2)
        channel.read(row.raw, row.received_on)
        with raises(Unreadable):
            channel.read(f'{{"message": "{WORDS}"}}', row.received_on)
        for fault in (Fault.server_error(500), Fault.dropped_after(), Fault.too_many_requests(1)):
            sandbox.fail("sendMessage", fault)
        sender = a_sender(kept, channel, clock)
        async with sending(sender):
            for text in (WORDS, WORDS + "x" * 4096, f"{NAME} {PHONE}"):
                await kept.say(f"telegram:{phone.id}", text, clock())
            await until(lambda: sender.counts.retried + sender.counts.uncertain > 0)
        logging.getLogger("handlers").warning("%s failed", ValueError(WORDS), exc_info=ValueError(WORDS))
        with raises(TokenRevoked):
            await a_channel(sandbox, TOKEN + "x").__aenter__()


async def test_a_bad_day_leaves_no_secret_in_any_log(tmp_path: Path) -> None:
    with everything_logged() as (handler, written):
        quieten([handler], [TOKEN])
        await a_bad_day(tmp_path)
    log = written.getvalue()
    assert "Telegram cannot be reached" in log
    assert "ValueError failed" in log
    for secret in (TOKEN, "KANARIE", NAME, PHONE, "31612345678"):
        assert secret not in log


async def test_without_the_filter_the_same_day_would_tell_everything(tmp_path: Path) -> None:
    with everything_logged() as (_, written):
        await a_bad_day(tmp_path)
    log = written.getvalue()
    assert TOKEN in log
    assert WORDS in log


def line(message: str, *arguments: object) -> str:
    record = logging.LogRecord("bot", logging.WARNING, __file__, 1, message, arguments, None)
    assert Redacting([TOKEN]).filter(record)
    return logging.Formatter().format(record)


@mark.parametrize(
    ("message", "shown"),
    [
        (f"GET https://api.telegram.org/bot{TOKEN}/getMe", "GET https://api.telegram.org/bot[hidden]/getMe"),
        ("bot 123456:AAabcdefghijklmnopqrstuvw", "bot [hidden]"),
        ("call +31 (0)6 12345678 now", "call [hidden] now"),
        ("0031612345678", "[hidden]"),
        ("143000000.5 s since 20261120T150000Z", "143000000.5 s since 20261120T150000Z"),
        ("outbox 12 sent on 2026-11-20T15:00:00Z in 00:12:05", "outbox 12 sent on 2026-11-20T15:00:00Z in 00:12:05"),
    ],
)
def test_tokens_and_telephone_numbers_are_hidden_and_times_are_not(message: str, shown: str) -> None:
    assert line(message) == shown


def test_an_address_is_the_same_short_word_each_time_and_another_under_another_token() -> None:
    told = line("%s and telegram:510000001 wait, telegram:510000002 does not", "telegram:510000001")
    first, second, third = re.findall("~[0-9a-f]{8}", told)
    assert first == second != third
    assert re.search(r"\d{8}", re.sub("~[0-9a-f]{8}", "", told)) is None
    assert Redacting(["another"]).hide("510000001") != first
    assert line("chat -100510000001") != line("chat -100510000002")


def test_a_secret_hides_in_arguments_as_well() -> None:
    assert line("token %s of %d", TOKEN, 2) == "token [hidden] of 2"


def test_a_group_of_failures_is_told_by_place_and_kind() -> None:
    with raises(ExceptionGroup) as caught:
        raise ExceptionGroup(WORDS, [KeyError(WORDS), ValueError(WORDS)])
    trace = (caught.type, caught.value, caught.tb)
    record = logging.LogRecord("bot", logging.ERROR, __file__, 1, "failed", (), trace)
    Redacting().filter(record)
    text = logging.Formatter().format(record)
    assert "KANARIE" not in text
    assert all(kind in text for kind in ("ExceptionGroup", "KeyError", "ValueError", "test_quiet.py"))


@given(st.text(), st.lists(st.text() | st.integers()))
def test_no_message_however_badly_written_makes_the_filter_fail(message: str, arguments: list[object]) -> None:
    line(message, *arguments)
