"""Neutral messages as Bot API calls, and Telegram's refusals as neutral exceptions."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeChat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    LinkPreviewOptions,
)
from telegram.error import (
    BadRequest,
    ChatMigrated,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    TelegramError,
    TimedOut,
)

from bot.channel import Gone, Moved, NotDelivered, Refused, Unsure
from bot.telegram.answers import SlowDown, readable
from bot.telegram.incoming import CHANNEL
from fieldwork.messages import Attachment, Clear, Leave, Menu, Outgoing, Rows, Say

LARGEST_UPLOAD = 50 * 1024 * 1024
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_NOTHING_TO_EDIT = (
    "message is not modified",
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "message_not_modified",
)
_NOBODY_THERE = ("chat not found", "peer_id_invalid", "user is deactivated", "user not found")
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


async def send(bot: Bot, urn: str, outgoing: Outgoing, edit_message: str | None) -> str:
    """Say it or change a message; Telegram's message id, '' where there is none.

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
    except (NetworkError, InvalidToken, EndPointNotFound):
        raise NotDelivered from None
    except TelegramError:
        raise Unsure from None


def _refusal(error: BadRequest) -> Gone | Refused:
    words = error.message.lower()
    if any(known in words for known in _NOBODY_THERE):
        return Gone()
    return Refused(next((known for known in _KNOWN_REFUSALS if known in words), "bad request"))


async def _send_text(bot: Bot, chat: int, say: Say) -> str:
    keyboard = _keyboard(say.buttons)
    with readable():
        sent = await bot.send_message(chat, say.text, reply_markup=keyboard, link_preview_options=_NO_PREVIEW)
    return str(sent.message_id)


async def _leave(bot: Bot, chat: int, leave: Leave) -> str:
    """Go, whether or not the words are allowed there."""
    message = ""
    if leave.words:
        with suppress(BadRequest, Forbidden):
            message = await _send_text(bot, chat, Say(leave.words))
    await bot.leave_chat(chat)
    return message


async def _clear(bot: Bot, chat: int, clear: Clear) -> str:
    """Delete; what is no longer there is passed over by Telegram itself."""
    await bot.delete_messages(chat, [int(message) for message in clear.messages])
    return ""


async def _edit(bot: Bot, chat: int, say: Say, message: str) -> str:
    """Change text (or caption) and buttons; a message that is gone or reads so already is left alone."""
    number = int(message)
    keyboard = _keyboard(say.buttons)
    try:
        with readable():
            await _change(bot, chat, number, say, keyboard)
    except BadRequest as error:
        if not any(known in error.message.lower() for known in _NOTHING_TO_EDIT):
            raise
    return message


async def _change(bot: Bot, chat: int, number: int, say: Say, keyboard: InlineKeyboardMarkup | None) -> None:
    if say.attachment is None:
        await bot.edit_message_text(say.text, chat, number, reply_markup=keyboard, link_preview_options=_NO_PREVIEW)
    else:
        await bot.edit_message_caption(chat, number, caption=say.text, reply_markup=keyboard)


async def _send_file(bot: Bot, chat: int, say: Say, attachment: Attachment) -> str:
    caption, keyboard = say.text or None, _keyboard(say.buttons)
    with ExitStack() as stack, readable():
        file = _open(attachment, stack)
        if attachment.kind == "photo":
            sent = await bot.send_photo(chat, file, caption=caption, reply_markup=keyboard)
        elif attachment.kind == "voice":
            sent = await bot.send_voice(chat, file, caption=caption, reply_markup=keyboard)
        else:
            sent = await bot.send_document(chat, file, caption=caption, reply_markup=keyboard)
    return str(sent.message_id)


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


async def _set_menu(bot: Bot, chat: int, menu: Menu) -> str:
    scope = BotCommandScopeChat(chat)
    if menu.items:
        commands = [BotCommand(item.command, item.description) for item in menu.items]
        await bot.set_my_commands(commands, scope=scope)
    else:
        await bot.delete_my_commands(scope=scope)
    return ""


def _keyboard(rows: Rows) -> InlineKeyboardMarkup | None:
    if not rows:
        return None
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(button.label, callback_data=button.data) for button in row] for row in rows]
    )
