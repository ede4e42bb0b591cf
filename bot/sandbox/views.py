"""Phones, messages and the stage as JSON for the page."""

from collections.abc import Mapping
from datetime import datetime, tzinfo

from bot.sandbox.messages import ChatMessage
from bot.sandbox.phone import Phone
from bot.sandbox.stage import Stage


def stage_view(stage: Stage, phones: list[Phone], bot_name: str, bot_username: str) -> dict[str, object]:
    """What stands around the phones."""
    return {
        "title": stage.title,
        "language": stage.language,
        "clock": _wall(stage.clock(), None) if stage.clock else "",
        "hint": stage.hint(),
        "controls": [control.label for control in stage.controls],
        "newcomers": stage.newcomers,
        "bot": {"name": bot_name, "username": bot_username},
        "phones": [{"id": phone.id, "name": phone.person.first_name, "caption": phone.caption} for phone in phones],
    }


class PhoneWatch:
    """What one page has been shown of one phone, so that it gets changes only."""

    def __init__(self, phone: Phone) -> None:
        self._phone = phone
        self._revision = -1
        self._toasts = len(phone.chat.toasts)

    def news(self, description: str, zone: tzinfo | None) -> dict[str, object] | None:
        """What changed since the last call, None for nothing; all of it the first time."""
        phone, chat, seen = self._phone, self._phone.chat, self._revision
        if chat.revision == seen:
            return None
        self._revision = chat.revision
        toasts, self._toasts = chat.toasts[self._toasts :], len(chat.toasts)
        return {
            "id": phone.id,
            "whole": seen < 0,
            "standing": chat.standing,
            "invitation": phone.invitation,
            "description": description,
            "commands": [command.as_json() for command in phone.commands],
            "messages": [message_view(phone, message, zone) for message in phone.messages if message.revision > seen],
            "removed": [message_id for revision, message_id in chat.removed if revision > seen],
            "toasts": toasts,
            "typing": seen >= 0 and chat.typed_at_revision > seen,
        }


def message_view(phone: Phone, message: ChatMessage, zone: tzinfo | None) -> dict[str, object]:
    """One message, with the address of what is attached."""
    return {
        "id": message.id,
        "mine": message.mine,
        "text": _shown(message),
        "entities": list(message.entities),
        "on": _wall(message.date, zone),
        "edited": message.edited_on is not None,
        "rows": [[button.as_json() for button in row] for row in message.buttons],
        "sticker": message.sticker,
        "odd": message.odd.name if message.odd and not message.odd.has_text else "",
        **_attachment(f"/phones/{phone.id}/files/{message.id}", message),
    }


def _shown(message: ChatMessage) -> str:
    """The text as the app shows it: what a link's Start carries along is not for reading."""
    return "/start" if message.mine and message.text.startswith("/start ") else message.text


def _attachment(address: str, message: ChatMessage) -> Mapping[str, object]:
    if message.photo:
        size = message.photo.sizes[-1]
        return {"photo": {"address": address, "width": size.width, "height": size.height}}
    if message.voice:
        return {"voice": {"address": address, "seconds": message.voice.seconds}}
    if message.clip:
        clip = message.clip
        return {"clip": {"address": address, "name": clip.file.name, "size": clip.file.size, "kind": clip.kind}}
    if message.document:
        document = message.document
        return {"document": {"address": address, "name": document.name, "size": document.size}}
    if message.location:
        return {"location": [message.location.latitude, message.location.longitude]}
    return {}


def _wall(moment: datetime, zone: tzinfo | None) -> str:
    """What a clock on the wall shows, without an offset; the page only lays it out."""
    local = moment.astimezone(zone) if zone else moment
    return local.strftime("%Y-%m-%dT%H:%M")
