"""The bot's own account, its menus, and calls that are wrong as a whole."""

import aiohttp
import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BotCommandScopeDefault,
)
from telegram.error import InvalidToken

from bot.sandbox import Command, Phone, Sandbox

from .conftest import Api, Clock


async def test_the_bot_knows_who_it_is(sandbox: Sandbox, bot: Bot) -> None:
    me = await bot.get_me()
    assert (me.id, me.username, me.first_name, me.is_bot) == (4242424242, "terugblik_bot", "Terugblik", True)


async def test_the_narrowest_menu_in_the_persons_language_is_seen(bot: Bot, sandbox: Sandbox, amina: Phone) -> None:
    bob = sandbox.phone("Bob", language="en")
    await bot.set_my_commands([BotCommand("help", "Help")])
    assert amina.commands == bob.commands == (Command("help", "Help"),)
    await bot.set_my_commands([BotCommand("hulp", "Hulp")], language_code="nl")
    assert (amina.commands[0].name, bob.commands[0].name) == ("hulp", "help")
    await bot.set_my_commands([BotCommand("privacy", "P")], scope=BotCommandScopeAllPrivateChats())
    assert (amina.commands[0].name, bob.commands[0].name) == ("privacy", "privacy")
    await bot.set_my_commands([BotCommand("plan", "Plannen")], scope=BotCommandScopeChat(amina.id))
    assert (amina.commands[0].name, bob.commands[0].name) == ("plan", "privacy")
    assert [c.command for c in await bot.get_my_commands(scope=BotCommandScopeChat(amina.id))] == ["plan"]
    assert await bot.get_my_commands(scope=BotCommandScopeChat(bob.id)) == ()
    await bot.delete_my_commands(scope=BotCommandScopeChat(amina.id))
    assert amina.commands[0].name == "privacy"
    assert [c.command for c in await bot.get_my_commands(scope=BotCommandScopeDefault())] == ["help"]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"commands": [{"command": "Help", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ({"commands": [{"command": "x" * 33, "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ({"commands": [{"command": "help", "description": ""}]}, "BOT_COMMAND_DESCRIPTION_INVALID"),
        ({"commands": [{"command": "x", "description": "x"}] * 101}, "BOT_COMMANDS_TOO_MUCH"),
        ({"commands": [], "scope": {"type": "chat", "chat_id": 5}}, "chat not found"),
    ],
)
async def test_a_wrong_menu_is_refused(api: Api, given: dict[str, object], words: str) -> None:
    assert await api.refusal("setMyCommands", **given) == f"400 Bad Request: {words}"


async def test_descriptions_are_kept_by_language(bot: Bot) -> None:
    await bot.set_my_description("Asks after workshops")
    await bot.set_my_description("Vraagt na workshops", language_code="nl")
    assert (await bot.get_my_description("nl")).description == "Vraagt na workshops"
    assert (await bot.get_my_description("fr")).description == "Asks after workshops"
    assert (await bot.get_my_name()).name == "Terugblik"


async def test_another_token_is_unauthorized(sandbox: Sandbox) -> None:
    async with aiohttp.ClientSession() as session:
        for token, code, words in (("12:abc", 401, "Unauthorized"), ("abc", 404, "Not Found")):
            async with session.get(f"{sandbox.url}/bot{token}/getMe") as answer:
                assert answer.status == code
                assert await answer.json() == {"ok": False, "error_code": code, "description": words}


async def test_a_bot_with_another_token_does_not_start(sandbox: Sandbox) -> None:
    with pytest.raises(InvalidToken):
        async with Bot("12:abc", base_url=f"{sandbox.url}/bot"):
            raise AssertionError("it started")


async def test_a_method_that_does_not_exist_is_not_found(api: Api) -> None:
    assert await api.refusal("sendMoney") == "404 Not Found: method not found"


async def test_a_body_that_is_no_json_is_refused(api: Api) -> None:
    for body in (b"{", b"[1]"):
        async with api.session.post(
            f"{api.root}/getMe", data=body, headers={"Content-Type": "application/json"}
        ) as answer:
            assert answer.status == 400
            assert (await answer.json())["description"] == "Bad Request: can't parse JSON object"


async def test_two_sandboxes_run_side_by_side_and_a_taken_port_is_an_error(clock: Clock) -> None:
    async with Sandbox(clock) as one, Sandbox(clock) as other:
        assert one.url != other.url
        with pytest.raises(OSError, match="address already in use"):
            async with Sandbox(clock, port=int(one.url.rpartition(":")[2])):
                raise AssertionError("it started")
