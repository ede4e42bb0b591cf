"""A whole day's log, libraries at DEBUG included, tells what happened and nobody's words, name or address."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

import pytest

from bot.logs import LogFormat, formatter
from bot.sandbox.faults import Fault
from bot.sandbox.refusals import bad_request
from bot.sandbox.server import TOKEN
from bot.telegram.quiet import CHATTY, quieten
from fieldwork.people import Grant, Role
from tests.e2e.town import Town, local, say
from tests.e2e.town import town as town_in

NAME, WORDS, PHONE = "Kanariette", "KANARIE antwoord over de buurt", "+31 6 1234 5678"


@contextmanager
def logged(secret: str, log_format: LogFormat) -> Iterator[StringIO]:
    """All that is logged from DEBUG on, written as the program writes it."""
    written, root = StringIO(), logging.getLogger()
    handler = logging.StreamHandler(written)
    handler.setFormatter(formatter(log_format))
    levels = {name: logging.getLogger(name).level for name in ("", *CHATTY)}
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    quieten([handler], [secret])
    try:
        yield written
    finally:
        root.removeHandler(handler)
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)


class Stumbles(Exception):
    """A bug that repeats what it was given."""


def stumble(*given: object) -> None:
    raise Stumbles(repr(given), WORDS)


async def a_week(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reflection in words, a plan, a stranger, a bug, faults of the channel and of a job, and Monday's work."""
    sandbox = town.play.sandbox
    bram, amina, otto = await town.coordinator(NAME + "B"), await town.fieldworker(NAME), town.play.phone(NAME + "O")
    await town.invited(otto, Grant(Role.OPERATOR), NAME + "O")
    await town.investigator(NAME + "C")
    await town.reflected(amina, NAME, words=WORDS)
    await say(bram, "/plan", "Stuur één regel per workshop")
    await say(bram, f"{WORDS} | 20-11", "snap ik niet")
    town.play.phone(NAME + "S").say(WORDS)
    with monkeypatch.context() as broken:
        broken.setattr("handlers.dispatch._answer", stumble)
        amina.say(f"{WORDS} {PHONE}")
        await amina.wait_for("iets mis")
    sandbox.fail("sendMessage", Fault(refusal=bad_request(WORDS)), chat=amina.id)
    for fault in (Fault.server_error(500), Fault.dropped_after()):
        sandbox.fail("getUpdates", fault)
    amina.say("/help")
    amina.say(WORDS)
    await amina.wait_for("Er staat nu geen vragenlijst open.")
    with monkeypatch.context() as broken:
        broken.setattr("handlers.delivery.summarising.make_digest", stumble)
        await town.play.forward_to(local(23, 12))
    await bram.wait_for(lambda message: message.document is not None)
    await otto.wait_for("wacht op jou")


@pytest.mark.parametrize("log_format", ["plain", "json"])
async def test_a_week_leaves_nobody_in_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, log_format: LogFormat
) -> None:
    with logged(TOKEN, log_format) as written:
        async with town_in(tmp_path) as town:
            await a_week(town, monkeypatch)
            addresses = {str(phone.id) for phone in town.play.sandbox.phones}
            codes = {row["code"] for row in town.rows("SELECT code FROM person")}
    log = written.getvalue()
    for happened in ("could not be handled: Stumbles", "will never be taken: bad request", "(digest) failed: Stumbles"):
        assert happened in log
    for secret in (TOKEN, TOKEN.partition(":")[2], "KANARIE", NAME, PHONE, *addresses, *codes):
        assert secret not in log
    if log_format == "json":
        lines = [json.loads(line) for line in log.splitlines()]
        assert all(set(line) >= {"at", "level", "logger", "message"} for line in lines)


def test_a_record_is_one_line_of_json_with_the_place_of_a_failure() -> None:
    with logged(TOKEN, "json") as written:
        try:
            stumble(WORDS)
        except Stumbles:
            logging.getLogger("handlers").exception("line one\nline two")
    (line,) = written.getvalue().splitlines()
    found = json.loads(line)
    assert (found["level"], found["logger"], found["message"]) == ("ERROR", "handlers", "line one\nline two")
    assert "in stumble" in found["trace"]
    assert found["trace"].endswith("Stumbles")
    assert "KANARIE" not in line
