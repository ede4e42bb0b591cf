"""A person with a phone: says, taps, sends and edits, and sees what the bot really sent."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Unpack

from bot.sandbox.chats import Chat
from bot.sandbox.commands import Command
from bot.sandbox.entities import commands_in, cut
from bot.sandbox.keyboards import Button
from bot.sandbox.messages import ChatMessage, Clip, ClipKind, Location, MessageParts, Voice
from bot.sandbox.oddities import ODDITIES
from bot.sandbox.photos import keep_photo
from bot.sandbox.transcript import transcript_of
from bot.sandbox.world import World

Wanted = str | Callable[[ChatMessage], bool]


class Group:
    """A group chat or channel that the bot was added to."""

    def __init__(self, chat: Chat) -> None:
        self.chat = chat

    @property
    def id(self) -> int:
        """The chat id, below zero."""
        return self.chat.id

    @property
    def messages(self) -> list[ChatMessage]:
        """What stands in the group, oldest first."""
        return list(self.chat.messages.values())


class Phone:
    """One person's chat with the bot.

    What a person does is a plain function that queues an update and returns the id of the message it is
    about. `invitation` is the payload that the page's Start button sends; `caption` says on the page who
    this is.
    """

    def __init__(self, world: World, chat: Chat, caption: str = "") -> None:
        if chat.person is None:
            raise ValueError(f"chat {chat.id} is a group; a phone belongs to a person")
        self.person = chat.person
        self.caption = caption
        self.invitation = ""
        self.chat = chat
        self._world = world
        self._acted_at = 0

    @property
    def id(self) -> int:
        """The Telegram id, which is also the id of the chat."""
        return self.person.id

    # ---- what the person does

    def say(self, text: str, group: Group | None = None) -> int:
        """Writes a message, cut into several where it is too long for one, as the app does."""
        words = text.strip()
        if not words:
            raise ValueError("a phone cannot send an empty message")
        sent = [self._send(self._own(part, entities=commands_in(part)), group) for part in cut(words)]
        return sent[-1]

    def reply(self, text: str, message: ChatMessage | int) -> int:
        """Writes a message that quotes another, as the app does after a swipe."""
        return self._send(self._own(text.strip(), reply_to=self.message(message)))

    def start(self, payload: str = "") -> int:
        """Presses Start, or opens an invitation link that holds `payload`; a blocked bot is unblocked."""
        if self.chat.standing == "blocked":
            self.unblock()
        return self.say(f"/start {payload}".strip())

    def tap(self, label: str, message: ChatMessage | int | None = None) -> int:
        """Taps the newest button with exactly this label, or the one button whose label begins with it.

        Raises LookupError, naming the buttons there are, when there is none or more than one.
        """
        chosen = None if message is None else self.message(message)
        found, button = self._find_button(label, chosen)
        if button.data is None:
            raise LookupError(f"the button {button.label!r} opens {button.url}, it sends nothing to the bot")
        return self.tap_data(button.data, found)

    def tap_data(self, data: str, message: ChatMessage | int, *, inaccessible: bool = False) -> int:
        """Sends `data` as if from a button under `message`, which may be gone or never have had it.

        `inaccessible` tells the bot no more of the message than its id, as Telegram does for old ones.
        """
        message_id = message if isinstance(message, int) else message.id
        told = self.chat.messages.get(message_id)
        self._act()
        if told is None or inaccessible:
            body: dict[str, object] = {"chat": self.chat.as_json(), "message_id": message_id, "date": 0}
        else:
            body = self.chat.message_json(told)
        self._world.tap(self.chat, self.person, body, data)
        return message_id

    def send_photo(self, content: bytes, caption: str = "", album: str = "") -> int:
        """Sends a picture; those with the same `album` belong together."""
        photo = keep_photo(self._world.files, content)
        return self._send(self._own(caption.strip(), photo=photo, album=album))

    def send_voice(self, content: bytes, seconds: int) -> int:
        """Sends a voice note; Telegram says how many `seconds` it lasts."""
        file = self._world.files.keep(content, "voice", "voice.oga", "audio/ogg")
        return self._send(self._own(voice=Voice(file, seconds)))

    def send_clip(
        self, content: bytes, kind: ClipKind = "video", seconds: int = 3, name: str = "", caption: str = ""
    ) -> int:
        """Sends a film, a round film or a sound file."""
        usual, content_type = ("sound.mp3", "audio/mpeg") if kind == "audio" else ("film.webm", "video/webm")
        file = self._world.files.keep(content, f"{kind}s", name or usual, content_type)
        return self._send(self._own(caption.strip(), clip=Clip(file, seconds, kind)))

    def send_document(
        self, content: bytes, name: str, content_type: str = "application/octet-stream", caption: str = ""
    ) -> int:
        """Sends a file as it is."""
        file = self._world.files.keep(content, "documents", name, content_type)
        return self._send(self._own(caption.strip(), document=file))

    def send_sticker(self, emoji: str = "👍") -> int:
        """Sends a sticker."""
        return self._send(self._own(sticker=emoji))

    def send_location(
        self,
        latitude: float = 52.0907,
        longitude: float = 5.1214,
        accuracy: float | None = None,
        *,
        venue: str = "",
        live_seconds: int | None = None,
    ) -> int:
        """Sends a point on the map; a `venue` by its name, or live for some seconds."""
        return self._send(self._own(location=Location(latitude, longitude, accuracy, venue, live_seconds)))

    def move(self, message_id: int, latitude: float, longitude: float) -> None:
        """Walks on while a live location is shared: its message is edited."""
        message = self.message(message_id)
        if message.location is None:
            raise LookupError(f"message {message_id} is no location")
        place = replace(message.location, latitude=latitude, longitude=longitude)
        self._world.receive_edit(self.chat, replace(message, location=place, edited_on=self._world.now()))

    def send_odd(self, kind: str, text: str = "") -> int:
        """Sends one of `ODDITIES`; words go with what is forwarded or made by another bot."""
        odd = ODDITIES[kind]
        return self._send(self._own(text.strip() if odd.has_text else "", odd=odd))

    def react(self, message: ChatMessage | int, emoji: str = "👍") -> None:
        """Puts a reaction under a message; "" takes it away."""
        message_id = message if isinstance(message, int) else message.id
        self._act()
        self._world.react(self.chat, self.person, message_id, emoji)

    def edit(self, message_id: int, text: str) -> int:
        """Changes an own message's text or caption; the same text is an edit too, as with a link preview."""
        message = self.message(message_id)
        if not message.mine:
            raise LookupError(f"message {message_id} is the bot's; a person edits only their own")
        self._act()
        words = text.strip()
        changed = replace(message, text=words, entities=commands_in(words), edited_on=self._world.now())
        self._world.receive_edit(self.chat, changed)
        return message_id

    def block(self) -> None:
        """Blocks the bot; it learns so by a my_chat_member update."""
        self.chat.turn("blocked")
        self._world.change_membership(self.chat, self.person, "member", "kicked")

    def unblock(self) -> None:
        """Lets the bot write again; it learns so by a my_chat_member update."""
        self.chat.turn("open")
        self._world.change_membership(self.chat, self.person, "kicked", "member")

    def deactivate(self) -> None:
        """Deletes the account; the bot learns so when it writes."""
        self.chat.turn("deactivated")

    # ---- what the person sees

    @property
    def messages(self) -> list[ChatMessage]:
        """What stands in the chat, oldest first."""
        return list(self.chat.messages.values())

    @property
    def last(self) -> ChatMessage:
        """The bot's newest message; raises LookupError when it has said nothing."""
        message = next((message for message in reversed(self.messages) if not message.mine), None)
        if message is None:
            raise LookupError(f"the bot has said nothing to {self.person.first_name}")
        return message

    @property
    def toasts(self) -> list[str]:
        """The short notices that taps were answered with."""
        return list(self.chat.toasts)

    @property
    def commands(self) -> tuple[Command, ...]:
        """The menu of commands as this chat shows it."""
        return self._world.menus.seen_by(self.chat)

    def message(self, message: ChatMessage | int) -> ChatMessage:
        """The message as it stands now; raises LookupError when it was deleted or never there."""
        message_id = message if isinstance(message, int) else message.id
        if message_id not in self.chat.messages:
            raise LookupError(f"there is no message {message_id} on the phone of {self.person.first_name}")
        return self.chat.messages[message_id]

    def catch_up(self) -> None:
        """Counts all that stands in the chat as seen, so that `wait_for` looks only at what comes next."""
        self._acted_at = self.chat.revision

    async def wait_for(self, wanted: Wanted, within: float = 30) -> ChatMessage:
        """The newest bot message that is `wanted`, sent or edited since this person last acted or caught up.

        `wanted` is a part of its text, or a function that recognises it. Waits up to `within` seconds,
        then raises TimeoutError with the end of the conversation.
        """
        fits = (lambda message: wanted in message.text) if isinstance(wanted, str) else wanted
        what = f"a message with {wanted!r}" if isinstance(wanted, str) else "the wanted message"

        await self.until(lambda: any(map(fits, self._fresh())), within, what)
        return next(filter(fits, self._fresh()))

    async def until(self, condition: Callable[[], bool], within: float = 30, what: str = "the condition") -> None:
        """Returns once `condition` holds, looking again at every change on this phone.

        Raises TimeoutError with the end of the conversation after `within` seconds.
        """
        try:
            async with asyncio.timeout(within):
                while not condition():
                    await self.chat.changes.beyond(self.chat.revision)
        except TimeoutError:
            raise TimeoutError(
                f"{self.person.first_name} did not see {what} within {within} s:\n"
                + "\n".join(self.transcript().splitlines()[-30:])
            ) from None

    def transcript(self) -> str:
        """The conversation as it stands, to read."""
        return transcript_of(self.person.first_name, self.messages)

    # ---- within

    def _own(self, text: str = "", **parts: Unpack[MessageParts]) -> ChatMessage:
        return ChatMessage(0, self.person, self._world.now(), text, **parts)

    def _act(self) -> None:
        if self.chat.standing in {"blocked", "deactivated"}:
            raise RuntimeError(f"{self.person.first_name} cannot write: the chat is {self.chat.standing}")
        self._acted_at = self.chat.revision

    def _send(self, message: ChatMessage, group: Group | None = None) -> int:
        if group:
            return self._world.receive(group.chat, message).id
        self._act()
        self.chat.standing = "open"
        return self._world.receive(self.chat, message).id

    def _fresh(self) -> Iterator[ChatMessage]:
        return (
            message
            for message in reversed(self.chat.messages.values())
            if not message.mine and message.revision > self._acted_at
        )

    def _find_button(self, label: str, chosen: ChatMessage | None) -> tuple[ChatMessage, Button]:
        places = [chosen] if chosen else [m for m in reversed(self.messages) if m.buttons and not m.mine]
        buttons = [(message, button) for message in places for row in message.buttons for button in row]
        for found in buttons:
            if found[1].label == label:
                return found
        begun = [found for found in buttons if found[1].label.startswith(label)]
        same_message = [found for found in begun if found[0] is begun[0][0]]
        if len(same_message) == 1:
            return same_message[0]
        present = [button.label for message, button in buttons if message is buttons[0][0]]
        raise LookupError(
            f"{len(same_message) or 'no'} buttons of {self.person.first_name} fit {label!r}; "
            f"the newest message with buttons has {present}"
        )
