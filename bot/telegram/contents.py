"""What a message of the Bot API holds: words, a command, a file, a place, or something that no question can take."""

import re

from bot.channel import Unreadable
from bot.telegram import fields
from bot.telegram.fields import LONGEST_NAME, Raw
from fieldwork.messages import Command, File, FileKind, Located, Sent, Text, Unusable, What

LONGEST_TEXT = 100_000
"""Characters; Telegram's own apps cut at 4,096, other servers may not."""
_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@\w+)?(?:\s+(.*))?", re.DOTALL)
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


def content(message: Raw) -> What | None:
    """The one thing a private message holds; None for Telegram's own notices."""
    if "text" in message:
        return _text_or_command(fields.text(message["text"], "text"))
    for kind in _UNUSABLE:
        if kind in message:
            return Unusable(kind)
    if "location" in message:
        return _located(fields.mapping(message["location"], "location"))
    file = _file(message)
    if file is not None:
        album = message.get("media_group_id")
        return Sent(file, fields.words(message.get("caption")), fields.words(album) or None)
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
            return _as_file(kind, fields.mapping(message[name], name))
    return None


def _located(location: Raw) -> Located | Unusable:
    """A place, also that of a venue or of a location that is shared live."""
    latitude, longitude = (fields.degrees(location.get(name)) for name in ("latitude", "longitude"))
    if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
        return Unusable("location")
    accuracy = fields.degrees(location.get("horizontal_accuracy"))
    return Located(latitude, longitude, accuracy if accuracy is not None and 0 < accuracy < 1e6 else None)


def _largest(sizes: object) -> Raw:
    """Telegram sends a photo in several sizes."""
    if not isinstance(sizes, list) or not sizes:
        raise Unreadable("photo: expected a list of sizes")
    return max((fields.mapping(size, "photo size") for size in sizes), key=_area)


def _area(size: Raw) -> int:
    width, height = fields.count(size.get("width")), fields.count(size.get("height"))
    return (width or 0) * (height or 0)


def _as_file(kind: FileKind, file: Raw) -> File:
    return File(
        kind=kind,
        ref=fields.text(file.get("file_id"), "file_id"),
        size=fields.count(file.get("file_size")),
        name=fields.words(file.get("file_name"))[-LONGEST_NAME:] or None,
        seconds=fields.count(file.get("duration")),
        mime=fields.words(file.get("mime_type")) or None,
    )
