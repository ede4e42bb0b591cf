"""Raw updates of the Bot API as neutral `Incoming`; pure, and trusting nothing about their shape."""

import hashlib
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal

from bot.channel import Unreadable
from fieldwork.messages import (
    Command,
    Elsewhere,
    File,
    FileKind,
    Incoming,
    Located,
    Reach,
    Sent,
    Tap,
    Text,
    Unusable,
    What,
)

CHANNEL = "telegram"
TAP_KEY = f"{CHANNEL}:cb:"
Raw = Mapping[str, Any]

LONGEST_TEXT = 100_000
"""Characters; Telegram's own apps cut at 4,096, other servers may not."""
_LONGEST_DATA = 64
_LONGEST_NAME = 255
_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@\w+)?(?:\s+(.*))?", re.DOTALL)
_SURROGATE = re.compile("[\ud800-\udfff]")
_FILES: tuple[tuple[str, FileKind], ...] = (
    ("voice", "voice"),
    ("audio", "audio"),
    ("video", "video"),
    ("video_note", "video"),
    ("document", "document"),
)
# An animation also carries a document, for old clients: so these come first.
_UNUSABLE = (
    "animation",
    "sticker",
    "dice",
    "game",
    "poll",
    "contact",
    "story",
    "paid_media",
    "checklist",
    "invoice",
)
_SERVICE = (
    "pinned_message",
    "message_auto_delete_timer_changed",
    "write_access_allowed",
    "chat_background_set",
    "successful_payment",
    "refunded_payment",
    "users_shared",
    "chat_shared",
    "connected_website",
    "passport_data",
    "web_app_data",
    "boost_added",
)
_REACHED = ("creator", "administrator", "member", "restricted")


def read_update(update: object, received_on: datetime) -> Incoming | None:
    """What the update means; None where it asks nothing of us. Raises Unreadable.

    `received_on` stands in for the time of a tap, which Telegram does not tell.
    """
    raw = _mapping(update, "update")
    if "message" in raw:
        return _message(_mapping(raw["message"], "message"), edited=False)
    if "edited_message" in raw:
        return _message(_mapping(raw["edited_message"], "edited_message"), edited=True)
    if "callback_query" in raw:
        return _tap(_mapping(raw["callback_query"], "callback_query"), received_on)
    if "message_reaction" in raw:
        return _reaction(_mapping(raw["message_reaction"], "message_reaction"))
    if "my_chat_member" in raw:
        return _membership(_mapping(raw["my_chat_member"], "my_chat_member"))
    return None


def chat_of(update: object) -> str:
    """The chat an update belongs to, as an URN; '' where that cannot be read."""
    try:
        raw = _mapping(update, "update")
        kinds = ("message", "edited_message", "message_reaction", "my_chat_member")
        part = next((raw[kind] for kind in kinds if kind in raw), None)
        if part is None:
            return _urn(_chat_of_tap(_mapping(raw.get("callback_query"), "callback_query")))
        return _urn(_mapping(_mapping(part, "message").get("chat"), "chat"))
    except Unreadable:
        return ""


def _fingerprint(what: What) -> str:
    """Tells two edits in one second apart: Telegram's time of an edit is in whole seconds."""
    return hashlib.sha256(repr(what).encode(errors="backslashreplace")).hexdigest()[:12]


def _message(message: Raw, *, edited: bool) -> Incoming | None:
    chat, sender = _mapping(message.get("chat"), "chat"), _sender(message.get("from"))
    if sender.get("is_bot") is True:
        return None
    what = _what(message) if _is_private(chat) else Elsewhere()
    # A live location is edited with every step; the place is where it was sent.
    if what is None or (edited and isinstance(what, Unusable | Located)):
        return None
    written_on = message.get("date")
    said_on = _time(message.get("edit_date", written_on) if edited else written_on)
    number = _number(message.get("message_id"), "message_id")
    key = f"{CHANNEL}:msg:{_number(chat.get('id'), 'chat id')}:{number}"
    return Incoming(
        key=f"{key}:edit:{int(said_on.timestamp())}:{_fingerprint(what)}" if edited else key,
        urn=_urn(chat),
        what=what,
        said_on=said_on,
        message=str(number),
        edited=edited,
        not_own=_whose(message),
        reply_to=_replied_to(message.get("reply_to_message")),
        first_name=_words(sender.get("first_name"))[:_LONGEST_NAME],
        language=_language(sender.get("language_code")),
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
    chat, sender = _mapping(reaction.get("chat"), "chat"), _sender(reaction.get("user"))
    old, new = reaction.get("old_reaction", []), reaction.get("new_reaction")
    is_added = isinstance(new, list) and isinstance(old, list) and len(new) > len(old)
    if not is_added or not _is_private(chat) or sender.get("is_bot") is True:
        return None
    said_on, number = _time(reaction.get("date")), _number(reaction.get("message_id"), "message_id")
    chat_id = _number(chat.get("id"), "chat id")
    return Incoming(
        key=f"{CHANNEL}:reaction:{chat_id}:{number}:{int(said_on.timestamp())}",
        urn=_urn(chat),
        what=Unusable("reaction"),
        said_on=said_on,
        first_name=_words(sender.get("first_name"))[:_LONGEST_NAME],
        language=_language(sender.get("language_code")),
    )


def _tap(query: Raw, received_on: datetime) -> Incoming | None:
    if "data" not in query or "inline_message_id" in query:
        return None
    chat, sender = _chat_of_tap(query), _sender(query.get("from"))
    message = _mapping(query.get("message", {}), "message")
    return Incoming(
        key=TAP_KEY + _id_of_tap(query.get("id")),
        urn=_urn(chat),
        what=Tap(_text(query["data"], "data")[:_LONGEST_DATA]) if _is_private(chat) else Elsewhere(),
        said_on=received_on,
        message=str(_number(message.get("message_id"), "message_id")) if message else None,
        first_name=_words(sender.get("first_name"))[:_LONGEST_NAME],
        language=_language(sender.get("language_code")),
    )


def _chat_of_tap(query: Raw) -> Raw:
    """Where a message is too old to be shown, the button is in the chat with who tapped it."""
    if "message" not in query:
        return {"id": _mapping(query.get("from"), "from").get("id"), "type": "private"}
    return _mapping(_mapping(query["message"], "message").get("chat"), "chat")


def _id_of_tap(value: object) -> str:
    return str(value) if isinstance(value, int) else _text(value, "callback id")


def _membership(change: Raw) -> Incoming | None:
    chat, sender = _mapping(change.get("chat"), "chat"), _sender(change.get("from"))
    status = _text(_mapping(change.get("new_chat_member"), "new_chat_member").get("status"), "status")
    changed_on = _time(change.get("date"))
    urn, is_private, is_in = _urn(chat), _is_private(chat), status in _REACHED
    if not is_private and not is_in:
        return None
    return Incoming(
        key=f"{CHANNEL}:member:{urn.removeprefix(CHANNEL + ':')}:{int(changed_on.timestamp())}:{status}",
        urn=urn,
        what=Reach(is_in) if is_private else Elsewhere(may_speak=chat.get("type") != "channel"),
        said_on=changed_on,
        first_name=_words(sender.get("first_name"))[:_LONGEST_NAME],
        language=_language(sender.get("language_code")),
    )


def _what(message: Raw) -> What | None:
    """The one thing a private message holds; None for Telegram's own notices."""
    if "text" in message:
        return _text_or_command(_text(message["text"], "text"))
    for kind in _UNUSABLE:
        if kind in message:
            return Unusable(kind)
    if "location" in message:
        return _located(_mapping(message["location"], "location"))
    file = _file(message)
    if file is not None:
        album = message.get("media_group_id")
        return Sent(file, _words(message.get("caption")), _words(album) or None)
    if any(kind in message for kind in _SERVICE):
        return None
    return Unusable("other")


def _text_or_command(text: str) -> Text | Command | Unusable:
    if len(text) > LONGEST_TEXT:
        return Unusable("long text")
    command = _COMMAND.fullmatch(text)
    if command is None:
        return Text(text)
    return Command(command[1].lower(), (command[2] or "").strip())


def _file(message: Raw) -> File | None:
    if message.get("photo", []) != []:
        return _as_file("photo", _largest(message["photo"]))
    for name, kind in _FILES:
        if name in message:
            return _as_file(kind, _mapping(message[name], name))
    return None


def _located(location: Raw) -> Located | Unusable:
    """A place, also that of a venue or of a location that is shared live."""
    latitude, longitude = (_degrees(location.get(name)) for name in ("latitude", "longitude"))
    if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
        return Unusable("location")
    accuracy = _degrees(location.get("horizontal_accuracy"))
    return Located(latitude, longitude, accuracy if accuracy is not None and 0 < accuracy < 1e6 else None)


def _degrees(value: object) -> float | None:
    """A number that may be missing or unusable without harm."""
    if not isinstance(value, int | float) or isinstance(value, bool) or not -1e6 < value < 1e6:
        return None
    return float(value)


def _largest(sizes: object) -> Raw:
    """Telegram sends a photo in several sizes."""
    if not isinstance(sizes, list) or not sizes:
        raise Unreadable("photo: expected a list of sizes")
    return max((_mapping(size, "photo size") for size in sizes), key=_area)


def _area(size: Raw) -> int:
    width, height = _count(size.get("width")), _count(size.get("height"))
    return (width or 0) * (height or 0)


def _as_file(kind: FileKind, file: Raw) -> File:
    return File(
        kind=kind,
        ref=_text(file.get("file_id"), "file_id"),
        size=_count(file.get("file_size")),
        name=_words(file.get("file_name"))[-_LONGEST_NAME:] or None,
        seconds=_count(file.get("duration")),
        mime=_words(file.get("mime_type")) or None,
    )


def _urn(chat: Raw) -> str:
    return f"{CHANNEL}:{_number(chat.get('id'), 'chat id')}"


def _is_private(chat: Raw) -> bool:
    """Whether it is a chat with one person; groups and channels have numbers below zero."""
    kind = chat.get("type")
    return kind == "private" or (kind is None and _number(chat.get("id"), "chat id") > 0)


def _mapping(value: object, where: str) -> Raw:
    """An object as it is where what is left out and what is null are the same."""
    if not isinstance(value, dict):
        raise Unreadable(f"{where}: expected an object, found {type(value).__name__}")
    return {name: part for name, part in value.items() if part is not None}


def _sender(value: object) -> Raw:
    """Who wrote; messages of a group itself have nobody."""
    return {} if value is None else _mapping(value, "from")


def _text(value: object, where: str) -> str:
    if not isinstance(value, str):
        raise Unreadable(f"{where}: expected text, found {type(value).__name__}")
    return _SURROGATE.sub("\ufffd", value)


def _words(value: object) -> str:
    """Text that may be missing or unusable without harm."""
    return _text(value, "") if isinstance(value, str) else ""


def _number(value: object, where: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) >= 1 << 63:
        raise Unreadable(f"{where}: expected a whole number, found {type(value).__name__}")
    return value


def _count(value: object) -> int | None:
    """A size that may be missing or unusable without harm."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 1 << 53:
        return None
    return value


def _time(value: object) -> datetime:
    try:
        return datetime.fromtimestamp(_number(value, "date"), UTC)
    except (ValueError, OverflowError, OSError):
        raise Unreadable("date: expected seconds since 1970, found something far away") from None


def _language(value: object) -> str | None:
    return value[:2].lower() if isinstance(value, str) and value[:2].isascii() and value[:2].isalpha() else None
