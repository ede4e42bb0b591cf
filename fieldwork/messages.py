"""What a person did and what the bot says, in words that no messenger owns."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

FileKind = Literal["photo", "voice", "audio", "video", "document"]


@dataclass(frozen=True, slots=True)
class File:
    """A file a person sent, still at the channel: `ref` is the channel's handle to fetch it by."""

    kind: FileKind
    ref: str
    size: int | None = None
    """Bytes, where the channel says so."""
    name: str | None = None
    seconds: int | None = None
    mime: str | None = None
    """What the sender's messenger says it is; never a proof."""


@dataclass(frozen=True, slots=True)
class Text:
    """Typed words."""

    text: str


@dataclass(frozen=True, slots=True)
class Command:
    """A word with a slash in front: `/start CODE` has the name `start` and the rest `CODE`."""

    name: str
    rest: str = ""


@dataclass(frozen=True, slots=True)
class Tap:
    """A button was tapped; `data` is what we once put under it and never a proof of anything."""

    data: str


@dataclass(frozen=True, slots=True)
class Sent:
    """A file, with the words written under it."""

    file: File
    caption: str = ""
    album: str | None = None


@dataclass(frozen=True, slots=True)
class Located:
    """A point on the map, in degrees; `accuracy` in metres where the channel says so."""

    latitude: float
    longitude: float
    accuracy: float | None = None


@dataclass(frozen=True, slots=True)
class Unusable:
    """Something no question here can take: a sticker, a poll, a contact."""

    kind: str


@dataclass(frozen=True, slots=True)
class Reach:
    """The channel tells that this person can, or can no longer, be written to."""

    reachable: bool


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Something outside a private chat; others read along there, so nothing is taken from it and we leave."""

    may_speak: bool = True
    """Whether a word of goodbye is for people who talk with each other; a channel's readers are not."""


What = Text | Command | Tap | Sent | Located | Unusable | Reach | Elsewhere


@dataclass(frozen=True, slots=True)
class Incoming:
    """One thing a person did, as any channel may bring it."""

    key: str
    """The same thing arriving twice has the same key."""
    urn: str
    """Where the reply goes: `telegram:4242`."""
    what: What
    said_on: datetime
    """The channel's time, aware UTC."""
    message: str | None = None
    """The channel's id of the message that was written, edited or tapped."""
    edited: bool = False
    not_own: Literal["", "forwarded", "via_bot"] = ""
    """The words are somebody else's: passed on, or made by another bot."""
    reply_to: str | None = None
    """The channel's id of the message that this one quotes, where it is written as a reply to one."""
    first_name: str = ""
    language: str | None = None
    """What the person's messenger is set to, as a two-letter code."""


@dataclass(frozen=True, slots=True)
class Button:
    """A label to read and the data that comes back when it is tapped (at most 64 bytes)."""

    label: str
    data: str


Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file to send: where it lies, and the name the reader sees."""

    path: str
    name: str
    kind: Literal["document", "photo", "voice"] = "document"


@dataclass(frozen=True, slots=True)
class Say:
    """A message to one person."""

    text: str
    buttons: Rows = ()
    attachment: Attachment | None = None


@dataclass(frozen=True, slots=True)
class MenuItem:
    """A command and what it does, in the person's language."""

    command: str
    description: str


@dataclass(frozen=True, slots=True)
class Menu:
    """The commands a person is shown."""

    items: tuple[MenuItem, ...]


@dataclass(frozen=True, slots=True)
class Leave:
    """Leave a group or channel, after these words ('' for none)."""

    words: str


@dataclass(frozen=True, slots=True)
class Clear:
    """Take messages out of the chat on both sides, by the channel's ids; what is gone already is passed over."""

    messages: tuple[str, ...]


Outgoing = Say | Menu | Leave | Clear
