"""How updates reach a bot."""

import asyncio
from datetime import timedelta

import pytest
from telegram import Bot
from telegram.error import Conflict

from bot.sandbox import Phone, Sandbox
from tests.telegram.telegram_parts import until

from .conftest import Api, Clock


def ids(updates: list[dict[str, object]]) -> list[int]:
    return [int(str(update["update_id"])) for update in updates]


async def test_an_empty_poll_is_answered_when_its_timeout_has_passed(api: Api) -> None:
    began = asyncio.get_running_loop().time()
    assert await api.updates(timeout=1) == []
    assert asyncio.get_running_loop().time() - began >= 0.95


async def test_a_waiting_poll_is_released_by_an_update(sandbox: Sandbox, bot: Bot, amina: Phone) -> None:
    polling = asyncio.create_task(bot.get_updates(timeout=30))
    await until(lambda: sandbox.world.updates.held == 1)
    amina.say("hallo")
    (update,) = await asyncio.wait_for(polling, 2)
    assert update.message
    assert update.message.text == "hallo"
    assert update.message.from_user
    assert update.message.from_user.first_name == "Amina"


async def test_updates_come_again_until_an_offset_confirms_them(api: Api, amina: Phone) -> None:
    for text in ("een", "twee", "drie"):
        amina.say(text)
    first = ids(await api.updates())
    assert first == list(range(first[0], first[0] + 3))
    assert ids(await api.updates()) == first
    assert ids(await api.updates(offset=first[1])) == first[1:]
    assert ids(await api.updates()) == first[1:]
    assert ids(await api.updates(offset=first[2] + 1)) == []


async def test_a_limit_cuts_the_batch(api: Api, amina: Phone) -> None:
    for number in range(5):
        amina.say(str(number))
    assert len(await api.updates(limit=2)) == 2
    assert len(await api.updates(limit=0)) == 1


async def test_a_negative_offset_keeps_the_newest_only(api: Api, amina: Phone) -> None:
    for number in range(5):
        amina.say(str(number))
    newest = await api.updates(offset=-1)
    assert [update["message"]["text"] for update in newest] == ["4"]  # type: ignore[index]  # raw JSON
    assert len(await api.updates()) == 1


async def test_kinds_that_were_not_asked_for_never_come_and_the_choice_stays(api: Api, amina: Phone) -> None:
    await api.updates(allowed_updates=["message", "my_chat_member"])
    message_id = amina.say("hallo")
    await api.updates()
    amina.edit(message_id, "hallo!")
    amina.block()
    kinds = [set(update) - {"update_id"} for update in await api.updates()]
    assert kinds == [{"message"}, {"my_chat_member"}]


async def test_an_empty_list_of_kinds_goes_back_to_the_usual_ones(api: Api, amina: Phone) -> None:
    await api.updates(allowed_updates=["callback_query"])
    await api.updates(allowed_updates=[])
    amina.say("hallo")
    assert len(await api.updates()) == 1


async def test_the_older_of_two_pollers_is_ended(sandbox: Sandbox, bot: Bot, api: Api, amina: Phone) -> None:
    older = asyncio.create_task(bot.get_updates(timeout=30))
    await until(lambda: sandbox.world.updates.held == 1)
    newer = asyncio.create_task(api.updates(timeout=30))
    with pytest.raises(Conflict, match="terminated by other getUpdates request; make sure that only one"):
        await asyncio.wait_for(older, 2)
    amina.say("hallo")
    assert len(await asyncio.wait_for(newer, 2)) == 1


async def test_unconfirmed_updates_are_kept_for_a_day(api: Api, amina: Phone, clock: Clock) -> None:
    amina.say("gisteren")
    clock.move(timedelta(hours=23))
    amina.say("vandaag")
    clock.move(timedelta(hours=2))
    texts = [update["message"]["text"] for update in await api.updates()]  # type: ignore[index]  # raw JSON
    assert texts == ["vandaag"]


async def test_update_ids_start_and_restart_where_they_are_told_to(clock: Clock) -> None:
    async with Sandbox(clock, first_update_id=10) as sandbox:
        phone = sandbox.phone("Amina")
        phone.say("een")
        queue = sandbox.world.updates
        assert [update.id for update in await queue.poll(0, 100, 0)] == [10]
        sandbox.restart_update_ids(900_000)
        phone.say("twee")
        assert [update.id for update in await queue.poll(11, 100, 0)] == [900_000]


async def test_an_offset_from_before_a_restart_confirms_nothing_that_came_after_it(
    sandbox: Sandbox, api: Api, amina: Phone
) -> None:
    amina.say("oud")
    (old,) = ids(await api.updates())
    sandbox.restart_update_ids(5)
    amina.say("nieuw")
    assert ids(await api.updates(offset=old + 1)) == [5]
    assert ids(await api.updates(offset=old + 1)) == [5]
    assert ids(await api.updates(offset=6)) == []


async def test_a_confirmed_update_can_be_delivered_again(sandbox: Sandbox, api: Api, amina: Phone) -> None:
    amina.say("een")
    amina.say("twee")
    first = ids(await api.updates())
    assert await api.updates(offset=first[-1] + 1) == []
    assert sandbox.redeliver(last=1) == 1
    assert ids(await api.updates(offset=first[-1] + 1)) == first[-1:]
    assert await api.updates(offset=first[-1] + 1) == []


async def test_every_update_can_be_delivered_twice(sandbox: Sandbox, api: Api, amina: Phone) -> None:
    sandbox.deliver_twice()
    amina.say("een")
    amina.say("twee")
    first = ids(await api.updates())
    assert ids(await api.updates(offset=first[-1] + 1)) == first
    assert await api.updates(offset=first[-1] + 1) == []


async def test_closing_the_sandbox_releases_a_waiting_poll(clock: Clock) -> None:
    async with Sandbox(clock) as sandbox:
        waiting = asyncio.create_task(sandbox.world.updates.poll(0, 100, 50))
        await asyncio.sleep(0)
    with pytest.raises(ConnectionAbortedError):
        await asyncio.wait_for(waiting, 1)
