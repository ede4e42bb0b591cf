"""Everything the sandbox knows: accounts, chats, files, updates, menus, and what shall go wrong."""

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.sandbox.calls import CallLog
from bot.sandbox.chats import Chat, GroupKind
from bot.sandbox.commands import Menus
from bot.sandbox.faults import FaultPlan
from bot.sandbox.files import FileShelf
from bot.sandbox.limits import Limits
from bot.sandbox.messages import ChatMessage
from bot.sandbox.parameters import Parameters
from bot.sandbox.people import BotAccount, Person
from bot.sandbox.refusals import bad_request
from bot.sandbox.signals import Signal
from bot.sandbox.updates import UpdateQueue
from bot.sandbox.webhook import Pusher

QUERY_LIFETIME = timedelta(minutes=1)
QUERIES_KEPT = 10_000
FIRST_PERSON_ID = 510_000_001
FIRST_GROUP_ID = -400_000_001


class World:
    """The state that the Bot API, the phones and the page share; lives in one event loop."""

    def __init__(self, now: Callable[[], datetime], bot: BotAccount, first_update_id: int, limits: bool) -> None:
        self.now = now
        self.bot = bot
        self.files = FileShelf()
        self.menus = Menus()
        self.faults = FaultPlan()
        self.calls = CallLog()
        self.limits = Limits() if limits else None
        self.updates = UpdateQueue(now, first_update_id)
        self.pusher: Pusher | None = None
        self.webhook_retry_after = 1.0
        self.chats: dict[int, Chat] = {}
        self.descriptions: dict[tuple[str, str], str] = {}
        self.changes = Signal()
        self._queries: OrderedDict[str, tuple[Chat, datetime]] = OrderedDict()
        self._query_number = 0

    def add_person(self, first_name: str, telegram_id: int | None, language: str) -> Chat:
        """A new account and its chat with the bot, in which Start was not pressed yet."""
        number = telegram_id or FIRST_PERSON_ID + len(self.chats)
        if number in self.chats:
            raise ValueError(f"there is a chat {number} already; every phone needs a telegram_id of its own")
        return self._add(Chat(number, self.bot, Person(number, first_name, language)))

    def add_group(self, title: str, kind: GroupKind = "group") -> Chat:
        """A new group or channel that the bot is in."""
        return self._add(Chat(FIRST_GROUP_ID - len(self.chats), self.bot, None, title, kind))

    def _add(self, chat: Chat) -> Chat:
        chat.everywhere = self.changes
        self.chats[chat.id] = chat
        self.changes.fire()
        return chat

    def chat(self, given: Parameters) -> Chat:
        """The chat a call names; refuses when there is none."""
        name = given.text("chat_id")
        if not name:
            raise bad_request("chat_id is empty")
        if not name.lstrip("-").isdecimal() or int(name) not in self.chats:
            raise bad_request("chat not found")
        return self.chats[int(name)]

    def open_chat(self, given: Parameters) -> Chat:
        """The chat a call names, if the bot may write there; refuses otherwise."""
        chat = self.chat(given)
        if refusal := chat.refusal():
            raise refusal
        return chat

    def post(self, chat: Chat, message: ChatMessage) -> dict[str, object]:
        """Shows a message of the bot and tells it as the Bot API does."""
        return chat.message_json(chat.add(message))

    def receive(self, chat: Chat, message: ChatMessage) -> ChatMessage:
        """Shows a person's message and queues it for the bot."""
        shown = chat.add(message)
        if chat.standing != "left":
            self.updates.put("message", chat.message_json(shown), chat.id)
        return shown

    def receive_edit(self, chat: Chat, message: ChatMessage) -> None:
        """Shows a person's changed message and queues the change."""
        self.updates.put("edited_message", chat.message_json(chat.show(message)), chat.id)

    def tap(self, chat: Chat, person: Person, message: dict[str, object], data: str) -> None:
        """Queues a tap on a button under a message, given as the Bot API tells it."""
        self._query_number += 1
        query_id = str(self.bot.id * 100_000 + self._query_number)
        self._queries[query_id] = chat, self.now()
        if len(self._queries) > QUERIES_KEPT:
            self._queries.popitem(last=False)
        query: dict[str, object] = {
            "id": query_id,
            "from": person.as_json(),
            "message": message,
            "chat_instance": str(chat.id * 7),
            "data": data,
        }
        self.updates.put("callback_query", query, chat.id)

    def react(self, chat: Chat, person: Person, message_id: int, emoji: str) -> None:
        """Queues a person's reaction to a message, or its end where `emoji` is blank."""
        kind = [{"type": "emoji", "emoji": emoji}] if emoji else []
        change: dict[str, object] = {
            "chat": chat.as_json(),
            "message_id": message_id,
            "user": person.as_json(),
            "date": int(self.now().timestamp()),
            "old_reaction": [] if emoji else [{"type": "emoji", "emoji": "👍"}],
            "new_reaction": kind,
        }
        self.updates.put("message_reaction", change, chat.id)

    def answer(self, query_id: str, toast: str) -> None:
        """Answers a tap, once and within a minute; refuses afterwards."""
        chat, asked_on = self._queries.pop(query_id, (None, self.now()))
        if chat is None or self.now() - asked_on > QUERY_LIFETIME:
            raise bad_request("query is too old and response timeout expired or query ID is invalid")
        if toast:
            chat.toast(toast)

    def change_membership(self, chat: Chat, by: Person | BotAccount, old: str, new: str) -> None:
        """Queues a my_chat_member update: what the bot was in a chat and what it is now."""
        member = {"user": self.bot.as_json()}
        change: dict[str, object] = {
            "chat": chat.as_json(),
            "from": by.as_json(),
            "date": int(self.now().timestamp()),
            "old_chat_member": {**member, **_membership(old)},
            "new_chat_member": {**member, **_membership(new)},
        }
        self.updates.put("my_chat_member", change, chat.id)


def _membership(status: str) -> dict[str, object]:
    return {"status": status, "until_date": 0} if status == "kicked" else {"status": status}
