"""What the bot says: sending, editing and deleting messages, answering taps."""

from dataclasses import replace
from datetime import timedelta

from bot.sandbox.chats import Chat
from bot.sandbox.entities import CAPTION_LIMIT, TEXT_LIMIT, Entities, length_of, parsed
from bot.sandbox.keyboards import rows_in
from bot.sandbox.messages import ChatMessage
from bot.sandbox.methods.method import Method
from bot.sandbox.parameters import Parameters
from bot.sandbox.refusals import bad_request, forbidden
from bot.sandbox.world import World

DELETED_UNTIL = timedelta(hours=48)
DELETED_AT_ONCE = 100
TOAST_LIMIT = 200
UNCHANGED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


def formatted(given: Parameters, name: str) -> tuple[str, Entities]:
    """A text or caption without spaces around it, and its formatting."""
    own = given.structure("entities" if name == "text" else "caption_entities")
    text, entities = parsed(given.text(name), given.text("parse_mode"))
    if isinstance(own, list):
        entities = tuple(entity for entity in own if isinstance(entity, dict))
    return text.strip(), entities


def caption(given: Parameters) -> tuple[str, Entities]:
    """The caption of a call; refuses one that is too long."""
    text, entities = formatted(given, "caption")
    if length_of(text) > CAPTION_LIMIT:
        raise bad_request("message caption is too long")
    return text, entities


def _text(given: Parameters) -> tuple[str, Entities]:
    text, entities = formatted(given, "text")
    if not text:
        raise bad_request("message text is empty")
    if length_of(text) > TEXT_LIMIT:
        raise bad_request("message is too long")
    return text, entities


async def send_message(world: World, given: Parameters) -> object:
    """Sends a text, with or without buttons."""
    chat = world.open_chat(given)
    text, entities = _text(given)
    rows = rows_in(given.structure("reply_markup"))
    return world.post(chat, ChatMessage(0, None, world.now(), text, entities, rows))


async def edit_message_text(world: World, given: Parameters) -> object:
    """Replaces the text and the buttons of one of the bot's messages."""
    chat, message = _own_message(world, given)
    if not message.is_text:
        raise bad_request("there is no text in the message to edit")
    text, entities = _text(given)
    return _changed(world, given, chat, replace(message, text=text, entities=entities))


async def edit_message_caption(world: World, given: Parameters) -> object:
    """Replaces the caption and the buttons of one of the bot's messages."""
    chat, message = _own_message(world, given)
    if message.is_text:
        raise bad_request("there is no caption in the message to edit")
    text, entities = caption(given)
    return _changed(world, given, chat, replace(message, text=text, entities=entities))


async def edit_message_reply_markup(world: World, given: Parameters) -> object:
    """Replaces the buttons of one of the bot's messages."""
    chat, message = _own_message(world, given)
    return _changed(world, given, chat, message)


def _changed(world: World, given: Parameters, chat: Chat, message: ChatMessage) -> object:
    changed = replace(message, buttons=rows_in(given.structure("reply_markup")))
    if changed == chat.messages[message.id]:
        raise bad_request(UNCHANGED)
    return chat.message_json(chat.show(replace(changed, edited_on=world.now())))


def _own_message(world: World, given: Parameters) -> tuple[Chat, ChatMessage]:
    chat = world.open_chat(given)
    message = chat.message(given.whole("message_id", 0), "edit")
    if message.mine:
        raise bad_request("message can't be edited")
    return chat, message


async def delete_message(world: World, given: Parameters) -> object:
    """Deletes a message on both sides, up to 48 hours old."""
    _delete(world, world.open_chat(given), given.whole("message_id", 0))
    return True


async def delete_messages(world: World, given: Parameters) -> object:
    """Deletes several messages and skips those that are gone."""
    chat, ids = world.open_chat(given), given.structure("message_ids")
    if not isinstance(ids, list) or not ids:
        raise bad_request("message identifiers are not specified")
    if len(ids) > DELETED_AT_ONCE:
        raise bad_request("too many message identifiers specified")
    for message_id in ids:
        if message_id in chat.messages:
            _delete(world, chat, message_id)
    return True


def _delete(world: World, chat: Chat, message_id: int) -> None:
    message = chat.message(message_id, "delete")
    if world.now() - message.date > DELETED_UNTIL:
        raise bad_request("message can't be deleted for everyone")
    chat.remove(message_id)


async def answer_callback_query(world: World, given: Parameters) -> object:
    """Answers a tap, with a short notice or silently."""
    if length_of(given.text("text")) > TOAST_LIMIT:
        raise bad_request("MESSAGE_TOO_LONG")
    world.answer(given.text("callback_query_id"), given.text("text"))
    return True


async def send_chat_action(world: World, given: Parameters) -> object:
    """Shows that the bot is busy."""
    chat = world.open_chat(given)
    if not given.text("action"):
        raise bad_request("wrong parameter action in request")
    chat.typing()
    return True


async def leave_chat(world: World, given: Parameters) -> object:
    """Leaves a group."""
    chat = world.open_chat(given)
    if chat.person:
        raise bad_request("chat member status can't be changed in private chats")
    chat.turn("left")
    world.change_membership(chat, world.bot, "administrator" if chat.kind == "channel" else "member", "left")
    return True


async def get_chat(world: World, given: Parameters) -> object:
    """A chat the bot knows."""
    chat = world.chat(given)
    if chat.standing == "left":
        raise forbidden("bot is not a member of the group chat")
    return {
        **chat.as_json(),
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": _NO_GIFTS,
    }


_NO_GIFTS = {
    "unlimited_gifts": False,
    "limited_gifts": False,
    "unique_gifts": False,
    "premium_subscription": False,
    "gifts_from_channels": False,
}

MESSAGES: dict[str, Method] = {
    "sendMessage": send_message,
    "editMessageText": edit_message_text,
    "editMessageCaption": edit_message_caption,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "deleteMessage": delete_message,
    "deleteMessages": delete_messages,
    "answerCallbackQuery": answer_callback_query,
    "sendChatAction": send_chat_action,
    "leaveChat": leave_chat,
    "getChat": get_chat,
}
