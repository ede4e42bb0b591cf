"""One message in a chat, as the phone shows it and as the Bot API tells it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypedDict

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


ClipKind = Literal["audio", "video", "video_note"]


@dataclass(frozen=True, slots=True)
class Clip:
    """A sound file, a film, or a round film; `seconds` as its sender's app says."""

    file: StoredFile
    seconds: int
    kind: ClipKind

    def as_json(self) -> dict[str, object]:
        """The Bot API's Audio, Video or VideoNote object."""
        body = {**self.file.as_json(), "duration": self.seconds}
        if self.kind == "video_note":
            return {**body, "length": 240}
        named = {**body, "file_name": self.file.name, "mime_type": self.file.content_type}
        return named if self.kind == "audio" else {**named, "width": 640, "height": 360}


@dataclass(frozen=True, slots=True)
class Location:
    """A point on the map, in degrees; `accuracy` in metres, `venue` its name, `live_seconds` how long it is shared."""

    latitude: float
    longitude: float
    accuracy: float | None = None
    venue: str = ""
    live_seconds: int | None = None

    def as_json(self) -> dict[str, object]:
        """The Bot API's location, and venue where it has a name."""
        place: dict[str, object] = {"latitude": self.latitude, "longitude": self.longitude}
        if self.accuracy is not None:
            place["horizontal_accuracy"] = self.accuracy
        if self.live_seconds is not None:
            place["live_period"] = self.live_seconds
        venue = {"location": place, "title": self.venue, "address": ""}
        return {"location": place, "venue": venue} if self.venue else {"location": place}


class MessageParts(TypedDict, total=False):
    """What a message can hold beside its text."""

    entities: Entities
    document: StoredFile
    photo: Photo
    voice: Voice
    clip: Clip
    sticker: str
    location: Location
    album: str
    odd: Oddity
    reply_to: "ChatMessage | None"


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
    clip: Clip | None = None
    sticker: str = ""
    location: Location | None = None
    album: str = ""
    odd: Oddity | None = None
    reply_to: "ChatMessage | None" = None
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
        held = self.voice or self.clip
        return held.file if held else self.document

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
        if self.clip:
            return {self.clip.kind: self.clip.as_json()}
        if self.document:
            kind = {"file_name": self.document.name, "mime_type": self.document.content_type}
            return {"document": {**self.document.as_json(), **kind}}
        if self.location:
            return self.location.as_json()
        return {"sticker": _sticker_json(self.sticker)} if self.sticker else {}


def _sticker_json(emoji: str) -> dict[str, object]:
    kind: dict[str, object] = {"type": "regular", "is_animated": False, "is_video": False}
    file = {"file_id": f"CAACAgQAAx{ord(emoji[0]):x}", "file_unique_id": f"AgAD{ord(emoji[0]):x}"}
    return {**file, **kind, "width": 512, "height": 512, "emoji": emoji}
