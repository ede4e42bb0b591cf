"""A chat between the bot and a person, or a group the bot is in."""

from dataclasses import replace
from typing import Literal

from bot.sandbox.messages import ChatMessage
from bot.sandbox.people import BotAccount, Person
from bot.sandbox.refusals import Refusal, bad_request, forbidden
from bot.sandbox.signals import Signal

# new: the person never pressed Start. left: the bot is no longer in the group.
Standing = Literal["new", "open", "blocked", "deactivated", "left"]

GroupKind = Literal["group", "supergroup", "channel"]

_REFUSED_BECAUSE = {
    "new": "bot can't initiate conversation with a user",
    "blocked": "bot was blocked by the user",
    "deactivated": "user is deactivated",
    "left": "bot is not a member of the group chat",
}


class Chat:
    """The messages of one chat and whether the bot may write in it."""

    def __init__(
        self, chat_id: int, bot: BotAccount, person: Person | None, title: str = "", kind: GroupKind = "group"
    ) -> None:
        self.id = chat_id
        self.person = person
        self.title = title
        self.kind = kind
        self.standing: Standing = "new" if person else "open"
        self.messages: dict[int, ChatMessage] = {}
        self.removed: list[tuple[int, int]] = []
        self.toasts: list[str] = []
        self.typed_at_revision = 0
        self.changes = Signal()
        self.everywhere: Signal | None = None
        self._bot = bot
        self._last_id = 0

    @property
    def revision(self) -> int:
        """How many changes this chat has seen."""
        return self.changes.count

    def changed(self) -> None:
        """Counts a change and wakes whoever looks at this chat."""
        self.changes.fire()
        if self.everywhere:
            self.everywhere.fire()

    def add(self, message: ChatMessage) -> ChatMessage:
        """Gives a message the next id of this chat and shows it."""
        self._last_id += 1
        return self.show(replace(message, id=self._last_id))

    def show(self, message: ChatMessage) -> ChatMessage:
        """Shows a message, in the place of the one with the same id if there is one."""
        shown = replace(message, revision=self.revision + 1)
        self.messages[shown.id] = shown
        self.changed()
        return shown

    def remove(self, message_id: int) -> None:
        """Takes a message away on both sides."""
        del self.messages[message_id]
        self.removed.append((self.revision + 1, message_id))
        self.changed()

    def toast(self, text: str) -> None:
        """Shows a short notice that fades, as an answered button does."""
        self.toasts.append(text)
        self.changed()

    def typing(self) -> None:
        """Shows that the bot is busy."""
        self.typed_at_revision = self.revision + 1
        self.changed()

    def turn(self, standing: Standing) -> None:
        """Changes whether the bot may write here."""
        self.standing = standing
        self.changed()

    def refusal(self) -> Refusal | None:
        """Why the bot may not write here, None if it may."""
        words = _REFUSED_BECAUSE.get(self.standing)
        return forbidden(words) if words else None

    def message(self, message_id: int, action: str) -> ChatMessage:
        """The message with that id; refuses with Telegram's words for `action` if there is none."""
        if message_id not in self.messages:
            raise bad_request(f"message to {action} not found")
        return self.messages[message_id]

    def as_json(self) -> dict[str, object]:
        """The Bot API's Chat object."""
        if self.person:
            return {"id": self.id, "type": "private", "first_name": self.person.first_name}
        return {"id": self.id, "type": self.kind, "title": self.title}

    def message_json(self, message: ChatMessage) -> dict[str, object]:
        """The Bot API's Message object."""
        sender = message.sender or self._bot
        return {
            "message_id": message.id,
            "from": sender.as_json(),
            "chat": self.as_json(),
            "date": int(message.date.timestamp()),
            **message.content_json(),
            **({"reply_to_message": self.message_json(message.reply_to)} if message.reply_to else {}),
        }
