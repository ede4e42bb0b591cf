"""Neutral messages as Bot API calls, and Telegram's refusals as neutral exceptions.

Results are taken as they come, not by the library's types: what a server leaves out of them must not matter.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import orjson
from telegram import Bot, BotCommand, BotCommandScopeChat, InputFile
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    TelegramError,
    TimedOut,
)

from bot.channel import Delivered, Gone, Moved, NotDelivered, Refused, Unsure
from bot.telegram.answers import Garbled, SlowDown, Unknown
from bot.telegram.incoming import CHANNEL
from fieldwork.messages import Attachment, Clear, Leave, Menu, Outgoing, Rows, Say

LARGEST_UPLOAD = 50 * 1024 * 1024
_NO_PREVIEW = '{"is_disabled":true}'
_NOTHING_TO_EDIT = (
    "message is not modified",
    "message to edit not found",
    "message not found",
    "message can't be edited",
    "message_id_invalid",
    "message_not_modified",
)
_NOBODY_THERE = (
    "chat not found",
    "peer_id_invalid",
    "user is deactivated",
    "user not found",
    "bot was blocked",
    "user_is_blocked",
    "input_user_deactivated",
)
_KNOWN_REFUSALS = (
    "message is too long",
    "message text is empty",
    "message caption is too long",
    "text must be non-empty",
    "button_data_invalid",
    "file must be non-empty",
    "photo_invalid_dimensions",
    "image_process_failed",
    "wrong file identifier",
    "invalid file_id",
    "there is no text in the message to edit",
    "message can't be deleted",
)


async def send(bot: Bot, urn: str, outgoing: Outgoing, edit_message: str | None) -> Delivered:
    """Say it or change a message.

    Raises NotDelivered, Unsure, Gone, Refused or Moved.
    """
    chat = chat_id(urn)
    with neutral_errors():
        if isinstance(outgoing, Menu):
            return await _set_menu(bot, chat, outgoing)
        if isinstance(outgoing, Leave):
            return await _leave(bot, chat, outgoing)
        if isinstance(outgoing, Clear):
            return await _clear(bot, chat, outgoing)
        if edit_message is not None:
            return await _edit(bot, chat, outgoing, edit_message)
        if outgoing.attachment is not None:
            return await _send_file(bot, chat, outgoing, outgoing.attachment)
        return await _send_text(bot, chat, outgoing)


def chat_id(urn: str) -> int:
    """The chat behind an address. Raises Refused for an address of another channel."""
    channel, _, number = urn.partition(":")
    if channel != CHANNEL or not number.removeprefix("-").isdecimal():
        raise Refused("not a telegram address")
    return int(number)


@contextmanager
def neutral_errors() -> Iterator[None]:
    """Translate what the library raises; nothing of Telegram's own text goes on."""
    try:
        yield
    except SlowDown as error:
        raise NotDelivered(error.retry_after) from None
    except Forbidden:
        raise Gone from None
    except ChatMigrated as error:
        raise Moved(f"{CHANNEL}:{error.new_chat_id}") from None
    except BadRequest as error:
        raise _refusal(error) from None
    except TimedOut:
        raise Unsure from None
    except (NetworkError, InvalidToken, EndPointNotFound, Conflict):
        raise NotDelivered from None
    except TelegramError:
        raise Unsure from None


def _refusal(error: BadRequest) -> Gone | Refused:
    words = error.message.lower()
    if any(known in words for known in _NOBODY_THERE):
        return Gone()
    return Refused(next((known for known in _KNOWN_REFUSALS if known in words), "bad request"))


async def _send_text(bot: Bot, chat: int, say: Say) -> Delivered:
    return await _say(bot, "sendMessage", chat, say, text=say.text, link_preview_options=_NO_PREVIEW)


async def _say(bot: Bot, method: str, chat: int, say: Say, **given: object) -> Delivered:
    """Raises Garbled where the result does not tell the message's id."""
    sent = await _call(bot, method, chat_id=chat, reply_markup=_keyboard(say.buttons), **given)
    told = sent if isinstance(sent, dict) else {}
    number, date = told.get("message_id"), told.get("date")
    if not isinstance(number, int) or isinstance(number, bool):
        raise Garbled("the result has no message id")
    return Delivered(str(number), _moment(date))


async def _call(bot: Bot, method: str, **given: object) -> object:
    result: object = await bot.do_api_request(
        method, api_kwargs={name: value for name, value in given.items() if value is not None}
    )
    return result


def _moment(date: object) -> datetime | None:
    try:
        return datetime.fromtimestamp(date, UTC) if isinstance(date, int) else None
    except (ValueError, OverflowError, OSError):
        return None


async def _leave(bot: Bot, chat: int, leave: Leave) -> Delivered:
    """Go, whether or not the words are allowed there."""
    said = Delivered("")
    if leave.words:
        with suppress(BadRequest, Forbidden):
            said = await _send_text(bot, chat, Say(leave.words))
    await bot.leave_chat(chat)
    return said


async def _clear(bot: Bot, chat: int, clear: Clear) -> Delivered:
    """Delete; what is no longer there is passed over by Telegram itself."""
    await _call(bot, "deleteMessages", chat_id=chat, message_ids=[int(message) for message in clear.messages])
    return Delivered("")


async def _edit(bot: Bot, chat: int, say: Say, message: str) -> Delivered:
    """Change text (or caption) and buttons; a message that is gone or reads so already is left alone."""
    where = {"chat_id": chat, "message_id": int(message), "reply_markup": _keyboard(say.buttons)}
    try:
        if say.attachment is None:
            await _call(bot, "editMessageText", **where, text=say.text, link_preview_options=_NO_PREVIEW)
        else:
            await _call(bot, "editMessageCaption", **where, caption=say.text)
    except BadRequest as error:
        if not any(known in error.message.lower() for known in _NOTHING_TO_EDIT):
            raise
    return Delivered(message)


async def _send_file(bot: Bot, chat: int, say: Say, attachment: Attachment) -> Delivered:
    method = {"photo": "sendPhoto", "voice": "sendVoice"}.get(attachment.kind, "sendDocument")
    name = method.removeprefix("send").lower()
    with ExitStack() as stack:
        file = _open(attachment, stack)
        return await _say(bot, method, chat, say, caption=say.text or None, **{name: file})


def _open(attachment: Attachment, stack: ExitStack) -> InputFile:
    """The file, read while it is uploaded."""
    path = Path(attachment.path)
    try:
        handle = stack.enter_context(path.open("rb"))
        size = path.stat().st_size
    except OSError as error:
        raise Refused(f"attachment: {type(error).__name__}") from None
    if size > LARGEST_UPLOAD:
        raise Refused("attachment: larger than 50 MB")
    return InputFile(handle, filename=attachment.name, read_file_handle=False)


async def _set_menu(bot: Bot, chat: int, menu: Menu) -> Delivered:
    """Where a server knows no menus, what is said after this one does not wait for it."""
    scope = BotCommandScopeChat(chat)
    with suppress(Unknown):
        if menu.items:
            commands = [BotCommand(item.command, item.description) for item in menu.items]
            await bot.set_my_commands(commands, scope=scope)
        else:
            await bot.delete_my_commands(scope=scope)
    return Delivered("")


def _keyboard(rows: Rows) -> str | None:
    """JSON of the buttons; the library's own types do the same and cost more than the rest of the call."""
    if not rows:
        return None
    buttons = [[{"text": button.label, "callback_data": button.data} for button in row] for row in rows]
    return orjson.dumps({"inline_keyboard": buttons}).decode()
