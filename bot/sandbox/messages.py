"""One message in a chat, as the phone shows it and as the Bot API tells it."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict

from bot.sandbox.entities import Entities
from bot.sandbox.files import StoredFile
from bot.sandbox.keyboards import Rows, markup_json
from bot.sandbox.oddities import Oddity
from bot.sandbox.people import Person
from bot.sandbox.photos import Photo


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice note; `seconds` as its sender's app says."""

    file: StoredFile
    seconds: int

    @property
    def content(self) -> bytes:
        """The sound as it was sent."""
        return self.file.content


@dataclass(frozen=True, slots=True)
class Location:
    """A point on the map, in degrees."""

    latitude: float
    longitude: float


class MessageParts(TypedDict, total=False):
    """What a message can hold beside its text."""

    entities: Entities
    document: StoredFile
    photo: Photo
    voice: Voice
    sticker: str
    location: Location
    album: str
    odd: Oddity


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """A message as it stands now; an edit replaces it by another with the same `id`.

    `text` is the caption where something is attached. `sender` is None for the bot. `revision` is the
    chat's count of changes at this message's last change.
    """

    id: int
    sender: Person | None
    date: datetime
    text: str = ""
    entities: Entities = ()
    buttons: Rows = ()
    edited_on: datetime | None = None
    document: StoredFile | None = None
    photo: Photo | None = None
    voice: Voice | None = None
    sticker: str = ""
    location: Location | None = None
    album: str = ""
    odd: Oddity | None = None
    revision: int = 0

    @property
    def mine(self) -> bool:
        """Whether a person sent it, rather than the bot."""
        return self.sender is not None

    @property
    def labels(self) -> list[list[str]]:
        """The labels of its buttons, row by row."""
        return [[button.label for button in row] for row in self.buttons]

    @property
    def file(self) -> StoredFile | None:
        """What is attached, the largest size of a photo; None without an attachment that is a file."""
        if self.photo:
            return self.photo.sizes[-1].file
        return self.voice.file if self.voice else self.document

    @property
    def is_text(self) -> bool:
        """Whether it is a plain text message, without anything attached."""
        is_odd = self.odd is not None and not self.odd.has_text
        return not (self.file or self.sticker or self.location or is_odd)

    def content_json(self) -> dict[str, object]:
        """The fields of the Bot API's Message object that tell what it says."""
        body: dict[str, object] = {}
        if self.text:
            text, entities = ("text", "entities") if self.is_text else ("caption", "caption_entities")
            body[text] = self.text
            if self.entities:
                body[entities] = list(self.entities)
        body.update(self._attachment_json())
        if self.odd:
            body.update(self.odd.fields)
        if self.album:
            body["media_group_id"] = self.album
        if self.edited_on:
            body["edit_date"] = int(self.edited_on.timestamp())
        if self.buttons:
            body["reply_markup"] = markup_json(self.buttons)
        return body

    def _attachment_json(self) -> dict[str, object]:
        if self.photo:
            return {"photo": [size.as_json() for size in self.photo.sizes]}
        if self.voice:
            voice = self.voice.file
            kind = {"mime_type": voice.content_type, "duration": self.voice.seconds}
            return {"voice": {**voice.as_json(), **kind}}
        if self.document:
            kind = {"file_name": self.document.name, "mime_type": self.document.content_type}
            return {"document": {**self.document.as_json(), **kind}}
        if self.location:
            return {"location": {"latitude": self.location.latitude, "longitude": self.location.longitude}}
        return {"sticker": _sticker_json(self.sticker)} if self.sticker else {}


def _sticker_json(emoji: str) -> dict[str, object]:
    kind: dict[str, object] = {"type": "regular", "is_animated": False, "is_video": False}
    file = {"file_id": f"CAACAgQAAx{ord(emoji[0]):x}", "file_unique_id": f"AgAD{ord(emoji[0]):x}"}
    return {**file, **kind, "width": 512, "height": 512, "emoji": emoji}
