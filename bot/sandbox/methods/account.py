"""The bot's own account: who it is, its menus, its descriptions."""

from bot.sandbox.commands import Scope, commands_in, scope_in
from bot.sandbox.methods.method import Method
from bot.sandbox.parameters import Parameters
from bot.sandbox.refusals import bad_request
from bot.sandbox.world import World

_LONGEST = {"name": 64, "description": 512, "short_description": 120}


async def get_me(world: World, given: Parameters) -> object:
    """Who the bot is."""
    return {
        **world.bot.as_json(),
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


async def set_my_commands(world: World, given: Parameters) -> object:
    """Sets the menu of one scope and language."""
    commands = commands_in(given.structure("commands"))
    scope = _scope(world, given)
    world.menus.set(scope, commands)
    _redraw(world, scope)
    return True


async def delete_my_commands(world: World, given: Parameters) -> object:
    """Removes the menu of one scope and language."""
    scope = _scope(world, given)
    world.menus.set(scope, ())
    _redraw(world, scope)
    return True


async def get_my_commands(world: World, given: Parameters) -> object:
    """The menu of exactly one scope and language."""
    scope = scope_in(given.structure("scope"), given.text("language_code"))
    return [command.as_json() for command in world.menus.get(scope)]


def _scope(world: World, given: Parameters) -> Scope:
    scope = scope_in(given.structure("scope"), given.text("language_code"))
    if scope.chat_id is not None and scope.chat_id not in world.chats:
        raise bad_request("chat not found")
    return scope


def _redraw(world: World, scope: Scope) -> None:
    chats = world.chats.values() if scope.chat_id is None else [world.chats[scope.chat_id]]
    for chat in chats:
        chat.changed()


def _setter(field: str) -> Method:
    async def set_field(world: World, given: Parameters) -> object:
        words = given.text(field)
        if len(words) > _LONGEST[field]:
            raise bad_request(f"bot {field.replace('_', ' ')} is too long")
        world.descriptions[field, given.text("language_code")] = words
        _redraw(world, Scope("default", None, ""))
        return True

    return set_field


def _getter(field: str) -> Method:
    async def get_field(world: World, given: Parameters) -> object:
        fallback = world.bot.first_name if field == "name" else ""
        words = world.descriptions.get((field, given.text("language_code")), "")
        return {field: words or world.descriptions.get((field, ""), "") or fallback}

    return get_field


ACCOUNT: dict[str, Method] = {
    "getMe": get_me,
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
    "setMyName": _setter("name"),
    "getMyName": _getter("name"),
    "setMyDescription": _setter("description"),
    "getMyDescription": _getter("description"),
    "setMyShortDescription": _setter("short_description"),
    "getMyShortDescription": _getter("short_description"),
}
