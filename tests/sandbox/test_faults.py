"""Faults on demand, limits, and the log of calls."""

import asyncio
from datetime import timedelta

import aiohttp
import pytest
from telegram import Bot
from telegram.error import Forbidden, NetworkError, RetryAfter

from bot.sandbox import Fault, Phone, Sandbox

from .conftest import Api, Clock


async def test_faults_come_as_often_as_planned_and_in_order(sandbox: Sandbox, bot: Bot, amina: Phone) -> None:
    sandbox.fail("sendMessage", Fault.too_many_requests(3))
    sandbox.fail("sendMessage", Fault.server_error(502))
    with pytest.raises(RetryAfter) as refused:
        await bot.send_message(amina.id, "een")
    assert refused.value.retry_after == timedelta(seconds=3)
    with pytest.raises(NetworkError, match="Bad Gateway"):
        await bot.send_message(amina.id, "twee")
    await bot.send_message(amina.id, "drie")
    assert [message.text for message in amina.messages[1:]] == ["drie"]


async def test_a_fault_can_be_for_one_chat(sandbox: Sandbox, bot: Bot, amina: Phone) -> None:
    bilal = sandbox.phone("Bilal")
    bilal.start()
    sandbox.fail("sendMessage", Fault.forbidden(), chat=bilal.id)
    await bot.send_message(amina.id, "hoi")
    with pytest.raises(Forbidden, match="blocked"):
        await bot.send_message(bilal.id, "hoi")


async def test_a_call_dropped_before_does_nothing(sandbox: Sandbox, api: Api, amina: Phone) -> None:
    sandbox.fail("sendMessage", Fault.dropped_before())
    with pytest.raises(aiohttp.ClientError):
        await api("sendMessage", chat_id=amina.id, text="weg")
    assert len(amina.messages) == 1
    assert sandbox.calls.of("sendMessage")[0].code is None


async def test_a_call_dropped_after_is_done(sandbox: Sandbox, api: Api, amina: Phone) -> None:
    sandbox.fail("sendMessage", Fault.dropped_after())
    with pytest.raises(aiohttp.ClientError):
        await api("sendMessage", chat_id=amina.id, text="toch gestuurd")
    assert amina.last.text == "toch gestuurd"


async def test_a_slow_call_is_done_though_the_caller_hung_up(sandbox: Sandbox, api: Api, amina: Phone) -> None:
    sandbox.fail("sendMessage", Fault.slow(0.2))
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(api("sendMessage", chat_id=amina.id, text="traag"), 0.05)
    assert (await amina.wait_for("traag")).text == "traag"


async def test_closing_does_not_wait_for_a_slow_call(clock: Clock) -> None:
    async with Sandbox(clock) as sandbox, aiohttp.ClientSession() as session:
        sandbox.fail("getMe", Fault.slow(60))
        calling = asyncio.create_task(session.post(f"{sandbox.url}/bot{sandbox.token}/getMe"))
        sandbox.fail("*", Fault.server_error(500))
        async with session.get(f"{sandbox.url}/bot{sandbox.token}/getMyCommands") as answer:
            assert answer.status == 500
        began = asyncio.get_running_loop().time()
    assert asyncio.get_running_loop().time() - began < 1
    with pytest.raises(aiohttp.ClientError):
        await calling


async def test_a_download_can_fail_too(sandbox: Sandbox, bot: Bot, amina: Phone) -> None:
    amina.send_voice(b"geluid", 1)
    (update,) = await bot.get_updates()
    assert update.message
    assert update.message.voice
    file = await update.message.voice.get_file()
    sandbox.fail("download", Fault.server_error(500))
    with pytest.raises(NetworkError):
        await file.download_as_bytearray()
    assert await file.download_as_bytearray() == b"geluid"


async def test_planned_faults_can_be_called_off(sandbox: Sandbox, bot: Bot) -> None:
    sandbox.fail("*", Fault.server_error(), times=100)
    sandbox.world.faults.clear()
    await bot.get_me()


async def test_limits_hold_per_chat_and_overall(clock: Clock) -> None:
    async with Sandbox(clock, limits=True) as sandbox, aiohttp.ClientSession() as session:
        api = Api(session, sandbox)
        phones = [sandbox.phone(f"Person {number}") for number in range(12)]
        for phone in phones:
            phone.start()
        told = [await api("sendMessage", chat_id=phones[0].id, text=str(n)) for n in range(5)]
        assert [body["ok"] for body in told] == [True, True, True, False, False]
        assert told[3]["description"] == "Too Many Requests: retry after 1"
        assert told[3]["parameters"] == {"retry_after": 1}
        sent = await asyncio.gather(
            *(api("sendMessage", chat_id=phone.id, text="x") for phone in phones[1:] for _ in range(3))
        )
        assert sum(bool(body["ok"]) for body in sent) in range(27, 33)
        assert (await api("sendChatAction", chat_id=phones[0].id, action="typing"))["ok"]


async def test_calls_are_logged_with_chat_and_parameters(sandbox: Sandbox, api: Api, amina: Phone) -> None:
    sandbox.calls.clear()
    await api.result("sendMessage", chat_id=amina.id, text="hoi")
    await api.refusal("sendMessage", chat_id=1, text="hoi")
    first, second = sandbox.calls.of("sendMessage")
    assert (first.chat_id, first.given["text"], first.code) == (amina.id, "hoi", 200)
    assert second.code == 400
    assert sandbox.calls.of("sendMessage", amina.id) == [first]
    assert sandbox.calls.counts["sendMessage"] == len(sandbox.calls) == 2
