"""The command menus a bot sets, by scope and language, and the one a chat sees."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.sandbox.chats import Chat
from bot.sandbox.refusals import bad_request

COMMAND_LIMIT = 100
DESCRIPTION_LIMIT = 256
_NAME = re.compile(r"[a-z0-9_]{1,32}")
_SCOPES = {"default", "all_private_chats", "all_group_chats", "all_chat_administrators", "chat"}


@dataclass(frozen=True, slots=True)
class Command:
    """One entry of a menu; `name` without the slash."""

    name: str
    description: str

    def as_json(self) -> dict[str, object]:
        """The Bot API's BotCommand object."""
        return {"command": self.name, "description": self.description}


@dataclass(frozen=True, slots=True)
class Scope:
    """Who sees a menu: one chat (`chat_id`), or a kind of chat, in one language or (empty) in all others."""

    kind: str
    chat_id: int | None
    language: str


def scope_in(scope: object, language: str) -> Scope:
    """The scope a call names; the default one when it names none."""
    if scope is None or scope == "":
        return Scope("default", None, language)
    if not isinstance(scope, dict):
        raise bad_request("can't parse BotCommandScope: expected an Object")
    kind, chat_id = scope.get("type"), scope.get("chat_id")
    if kind not in _SCOPES:
        raise bad_request("can't parse BotCommandScope: unsupported type specified")
    if kind == "chat" and not str(chat_id).lstrip("-").isdigit():
        raise bad_request("chat not found")
    return Scope(str(kind), int(str(chat_id)) if kind == "chat" else None, language)


def commands_in(commands: object) -> tuple[Command, ...]:
    """The commands of a call; refuses names and descriptions that Telegram refuses."""
    if not isinstance(commands, list):
        raise bad_request("can't parse commands: expected an Array of BotCommand")
    if len(commands) > COMMAND_LIMIT:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    return tuple(_command(entry) for entry in commands)


def _command(entry: object) -> Command:
    if not isinstance(entry, dict):
        raise bad_request("can't parse BotCommand: expected an Object")
    name, description = str(entry.get("command", "")).removeprefix("/"), str(entry.get("description", ""))
    if not _NAME.fullmatch(name):
        raise bad_request("BOT_COMMAND_INVALID")
    if not 1 <= len(description) <= DESCRIPTION_LIMIT:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return Command(name, description)


class Menus:
    """All menus the bot has set."""

    def __init__(self) -> None:
        self._menus: dict[Scope, tuple[Command, ...]] = {}

    def set(self, scope: Scope, commands: tuple[Command, ...]) -> None:
        """Replaces the menu of one scope; an empty one removes it."""
        self._menus.pop(scope, None)
        if commands:
            self._menus[scope] = commands

    def get(self, scope: Scope) -> tuple[Command, ...]:
        """The menu of exactly that scope and language."""
        return self._menus.get(scope, ())

    def seen_by(self, chat: Chat) -> tuple[Command, ...]:
        """The menu this chat shows: the narrowest scope wins, and in it the person's language."""
        return next((self._menus[scope] for scope in _narrowest_first(chat) if scope in self._menus), ())


def _narrowest_first(chat: Chat) -> Iterator[Scope]:
    language = chat.person.language if chat.person else ""
    kind = "all_private_chats" if chat.person else "all_group_chats"
    for scope, chat_id in (("chat", chat.id), (kind, None), ("default", None)):
        yield Scope(scope, chat_id, language)
        yield Scope(scope, chat_id, "")
