"""What the program asks of any messenger, and the ways in which a messenger can fail, in neutral words."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from fieldwork.messages import Incoming, Outgoing


@dataclass(frozen=True, slots=True)
class Delivered:
    """It arrived."""

    message: str
    """The channel's id of the message; '' where it has none."""
    on: datetime | None = None
    """When, by the clock by which the channel also tells when people write; None where it does not say."""


class NotDelivered(Exception):
    """It surely did not arrive; saying it again later does no harm."""

    def __init__(self, retry_after: timedelta | None = None) -> None:
        super().__init__(f"not before {retry_after}" if retry_after else "")
        self.retry_after = retry_after
        """How long the channel asks us to wait; None where it does not say."""


class Unsure(Exception):
    """It went out and no answer came: it may have arrived, or not."""


class Gone(Exception):
    """The person blocked the bot, left the messenger, or never let the bot in."""


class Refused(Exception):
    """The channel will never take this; the reason is a kind of error and holds nothing of what was said."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Moved(Exception):
    """The conversation has another address from now on."""

    def __init__(self, new_urn: str) -> None:
        super().__init__("the conversation moved")
        self.new_urn = new_urn


class Unreadable(Exception):
    """An update has not the shape the channel promises; the message says where, never what it holds."""


class TooBig(Exception):
    """A file is larger than the channel lets us fetch, or than we want."""


class TokenRevoked(Exception):
    """The channel no longer accepts our token; nothing works until it gets a new one."""


class SecondPoller(Exception):
    """Another program fetches updates with the same token; one of the two must stop."""


class Channel(Protocol):
    """Something that can say things to people."""

    async def send(self, urn: str, outgoing: Outgoing, edit_message: str | None) -> Delivered:
        """Say it, or change the message with that id.

        Raises NotDelivered, Unsure, Gone, Refused or Moved.
        """
        ...


class Messenger(Channel, Protocol):
    """A channel in both directions."""

    def read(self, raw: str, received_on: datetime) -> Incoming | None:
        """What an update of the inbox means; None where it asks nothing of us. Raises Unreadable."""
        ...

    async def answer_tap(self, key: str, text: str = "") -> None:
        """Take the waiting sign off a tapped button, with a short note if `text` is given.

        `key` is the tap's `Incoming.key`. Tried once; a failure is only counted.
        """
        ...

    async def fetch_file(self, ref: str, target: Path) -> int:
        """Bring a file that was sent to `target`, whole or not at all; its size in bytes.

        Raises TooBig, NotDelivered (try again later) or Refused (never).
        """
        ...
