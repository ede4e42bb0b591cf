"""Raw updates of the Bot API as neutral `Incoming`; pure, and trusting nothing about their shape."""

import hashlib
from datetime import datetime
from typing import Literal

from bot.channel import Unreadable
from bot.telegram import fields
from bot.telegram.contents import content
from bot.telegram.fields import Raw
from fieldwork.messages import Elsewhere, Incoming, Located, Reach, Tap, Unusable, What

CHANNEL = "telegram"
TAP_KEY = f"{CHANNEL}:cb:"
_LONGEST_DATA = 64
_REACHED = ("creator", "administrator", "member", "restricted")


def read_update(update: object, received_on: datetime) -> Incoming | None:
    """What the update means; None where it asks nothing of us. Raises Unreadable.

    `received_on` stands in for the time of a tap, which Telegram does not tell.
    """
    raw = fields.mapping(update, "update")
    if "message" in raw:
        return _message(fields.mapping(raw["message"], "message"), edited=False)
    if "edited_message" in raw:
        return _message(fields.mapping(raw["edited_message"], "edited_message"), edited=True)
    if "callback_query" in raw:
        return _tap(fields.mapping(raw["callback_query"], "callback_query"), received_on)
    if "message_reaction" in raw:
        return _reaction(fields.mapping(raw["message_reaction"], "message_reaction"))
    if "my_chat_member" in raw:
        return _membership(fields.mapping(raw["my_chat_member"], "my_chat_member"))
    return None


def chat_of(update: object) -> str:
    """The chat an update belongs to, as an URN; '' where that cannot be read."""
    try:
        raw = fields.mapping(update, "update")
        kinds = ("message", "edited_message", "message_reaction", "my_chat_member")
        part = next((raw[kind] for kind in kinds if kind in raw), None)
        if part is None:
            return _urn(_chat_of_tap(fields.mapping(raw.get("callback_query"), "callback_query")))
        return _urn(fields.mapping(fields.mapping(part, "message").get("chat"), "chat"))
    except Unreadable:
        return ""


def _fingerprint(what: What) -> str:
    """Tells two edits in one second apart: Telegram's time of an edit is in whole seconds."""
    return hashlib.sha256(repr(what).encode(errors="backslashreplace")).hexdigest()[:12]


def _message(message: Raw, *, edited: bool) -> Incoming | None:
    chat, sender = fields.mapping(message.get("chat"), "chat"), _sender(message.get("from"))
    if sender.get("is_bot") is True:
        return None
    what = content(message) if _is_private(chat) else Elsewhere()
    # A live location is edited with every step; the place is where it was sent.
    if what is None or (edited and isinstance(what, Unusable | Located)):
        return None
    written_on = message.get("date")
    said_on = fields.moment(message.get("edit_date", written_on) if edited else written_on)
    number = fields.number(message.get("message_id"), "message_id")
    key = f"{CHANNEL}:msg:{fields.number(chat.get('id'), 'chat id')}:{number}"
    return Incoming(
        key=f"{key}:edit:{int(said_on.timestamp())}:{_fingerprint(what)}" if edited else key,
        urn=_urn(chat),
        what=what,
        said_on=said_on,
        message=str(number),
        edited=edited,
        not_own=_whose(message),
        reply_to=_replied_to(message.get("reply_to_message")),
        first_name=fields.name(sender.get("first_name")),
        language=fields.language(sender.get("language_code")),
    )


def _replied_to(message: object) -> str | None:
    """The id of the message that this is a reply to; what cannot be read is none."""
    number = message.get("message_id") if isinstance(message, dict) else None
    return str(number) if isinstance(number, int) and not isinstance(number, bool) else None


def _whose(message: Raw) -> Literal["", "forwarded", "via_bot"]:
    """Whether the words are the sender's own."""
    if "forward_origin" in message or "forward_date" in message:
        return "forwarded"
    return "via_bot" if "via_bot" in message else ""


def _reaction(reaction: Raw) -> Incoming | None:
    """Somebody put an emoji under a message; taking one away asks for nothing."""
    chat, sender = fields.mapping(reaction.get("chat"), "chat"), _sender(reaction.get("user"))
    old, new = reaction.get("old_reaction", []), reaction.get("new_reaction")
    is_added = isinstance(new, list) and isinstance(old, list) and len(new) > len(old)
    if not is_added or not _is_private(chat) or sender.get("is_bot") is True:
        return None
    said_on, number = fields.moment(reaction.get("date")), fields.number(reaction.get("message_id"), "message_id")
    chat_id = fields.number(chat.get("id"), "chat id")
    return Incoming(
        key=f"{CHANNEL}:reaction:{chat_id}:{number}:{int(said_on.timestamp())}",
        urn=_urn(chat),
        what=Unusable("reaction"),
        said_on=said_on,
        first_name=fields.name(sender.get("first_name")),
        language=fields.language(sender.get("language_code")),
    )


def _tap(query: Raw, received_on: datetime) -> Incoming | None:
    if "data" not in query or "inline_message_id" in query:
        return None
    chat, sender = _chat_of_tap(query), _sender(query.get("from"))
    message = fields.mapping(query.get("message", {}), "message")
    return Incoming(
        key=TAP_KEY + _id_of_tap(query.get("id")),
        urn=_urn(chat),
        what=Tap(fields.text(query["data"], "data")[:_LONGEST_DATA]) if _is_private(chat) else Elsewhere(),
        said_on=received_on,
        message=str(fields.number(message.get("message_id"), "message_id")) if message else None,
        first_name=fields.name(sender.get("first_name")),
        language=fields.language(sender.get("language_code")),
    )


def _chat_of_tap(query: Raw) -> Raw:
    """Where a message is too old to be shown, the button is in the chat with who tapped it."""
    if "message" not in query:
        return {"id": fields.mapping(query.get("from"), "from").get("id"), "type": "private"}
    return fields.mapping(fields.mapping(query["message"], "message").get("chat"), "chat")


def _id_of_tap(value: object) -> str:
    return str(value) if isinstance(value, int) else fields.text(value, "callback id")


def _membership(change: Raw) -> Incoming | None:
    chat, sender = fields.mapping(change.get("chat"), "chat"), _sender(change.get("from"))
    status = fields.text(fields.mapping(change.get("new_chat_member"), "new_chat_member").get("status"), "status")
    changed_on = fields.moment(change.get("date"))
    urn, is_private, is_in = _urn(chat), _is_private(chat), status in _REACHED
    if not is_private and not is_in:
        return None
    return Incoming(
        key=f"{CHANNEL}:member:{urn.removeprefix(CHANNEL + ':')}:{int(changed_on.timestamp())}:{status}",
        urn=urn,
        what=Reach(is_in) if is_private else Elsewhere(may_speak=chat.get("type") != "channel"),
        said_on=changed_on,
        first_name=fields.name(sender.get("first_name")),
        language=fields.language(sender.get("language_code")),
    )


def _urn(chat: Raw) -> str:
    return f"{CHANNEL}:{fields.number(chat.get('id'), 'chat id')}"


def _is_private(chat: Raw) -> bool:
    """Whether it is a chat with one person; groups and channels have numbers below zero."""
    kind = chat.get("type")
    return kind == "private" or (kind is None and fields.number(chat.get("id"), "chat id") > 0)


def _sender(value: object) -> Raw:
    """Who wrote; messages of a group itself have nobody."""
    return {} if value is None else fields.mapping(value, "from")
