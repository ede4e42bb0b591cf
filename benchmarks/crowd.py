"""People at a keyboard who answer as soon as they are asked, and how long they waited; pure."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial

from fieldwork.taps import About, Key, read_key

Update = dict[str, object]
Buttons = list[str]
"""What stands under a message: the data of every button."""
Reply = Callable[[float], None]
"""What somebody says, at a moment."""
FIRST_PERSON = 700_000_001
_SENTENCE = "De bewoners spraken over de speeltuin, en iemand vroeg wie het gaat doen. Dat was beeld {}."


class Manner(StrEnum):
    """How people answer."""

    ECHO = "echo"
    """They say a word each time anything comes back."""
    TAPPING = "tapping"
    """They tap a choice and type where there is none, as most do."""
    TYPING = "typing"
    """They type everything, also the number of a choice."""


@dataclass(slots=True)
class Person:
    """One chat: what they said, whether they wait, and since when."""

    chat: int
    left: int
    """How often they still speak, where they echo."""
    said: int = 0
    since: float | None = None
    """When they last spoke; None while nothing is awaited."""
    answered: set[str] = field(default_factory=set)
    is_done: bool = False


class Crowd:
    """Everybody, and what is known of their turns. Times in seconds on one clock."""

    def __init__(
        self, people: int, turns: int, manner: Manner, put: Callable[[Update], None], date: Callable[[], int]
    ) -> None:
        self._people = {FIRST_PERSON + number: Person(FIRST_PERSON + number, turns) for number in range(people)}
        self._manner = manner
        self._put = put
        self._date = date
        self._ids = 0
        self._held: list[Reply] = []
        self.waits: list[float] = []
        self.started_at: float | None = None
        self.ended_at: float | None = None

    @property
    def is_over(self) -> bool:
        """Whether nobody has anything left to say."""
        return all(person.is_done for person in self._people.values())

    def begin(self, now: float) -> None:
        """Where they echo, everybody speaks at once; else they wait to be asked."""
        if self._manner is Manner.ECHO:
            self.started_at = now
            for person in self._people.values():
                self._say(person, now)

    def shown(self, chat: int, message: int, buttons: Buttons, now: float, text: str, *, is_new: bool) -> None:
        """A message appears, or one changes, in a chat."""
        person = self._people[chat]
        if self._manner is Manner.ECHO:
            self._waited(person, now)
            self._say(person, now) if person.left else self._end(person, now)
            return
        if is_new and "Verstuurd." in text:
            self._waited(person, now)
            self._end(person, now)
            return
        keys = [key for key in map(read_key, buttons) if key is not None]
        if keys:
            self._asked(person, message, keys, text, now)

    def _asked(self, person: Person, message: int, keys: list[Key], text: str, now: float) -> None:
        acts = {key.act for key in keys}
        mark = f"{keys[0].about}{keys[0].id}:{keys[0].turn}:{'off' in acts}:{'done' in acts}"
        if mark in person.answered:
            return
        self._waited(person, now)
        person.answered.add(mark)
        reply = self._reply(person, message, keys, text)
        if self.started_at is not None:
            reply(now)
            return
        self._hold(reply, now, is_prompt=keys[0].about is About.PROMPT)

    def _hold(self, reply: Reply, now: float, *, is_prompt: bool) -> None:
        """Nobody answers before everybody has the first question."""
        if is_prompt:
            reply(now)
            return
        self._held.append(reply)
        if len(self._held) == len(self._people):
            self.started_at = now
            for one in self._held:
                one(now)

    def _reply(self, person: Person, message: int, keys: list[Key], text: str) -> Reply:
        """The second of the choices: with it the default questionnaire asks all of its questions."""
        acts = {key.act for key in keys}
        is_ticked = "off" in acts
        if self._manner is Manner.TYPING and ("choose" in acts or ("on" in acts and not is_ticked)):
            return partial(self._type, person, "2")
        for act in ("start", "send", "done", "on", "choose"):
            offered = [key for key in keys if key.act == act]
            if offered and (act != "done" or is_ticked or "on" not in acts):
                return partial(self._tap, person, message, offered[:2][-1])
        if "foto" in text:
            return partial(self._tap, person, message, next(key for key in keys if key.act == "skip"))
        return partial(self._type, person, _SENTENCE.format(person.said))

    def _waited(self, person: Person, now: float) -> None:
        if person.since is not None and self.started_at is not None:
            self.waits.append(now - person.since)
        person.since = None

    def _end(self, person: Person, now: float) -> None:
        person.is_done = True
        if self.is_over:
            self.ended_at = now

    def _say(self, person: Person, now: float) -> None:
        person.left -= 1
        self._type(person, _SENTENCE.format(person.said), now)

    def _type(self, person: Person, words: str, now: float) -> None:
        self._speak(person, now, "message", self._message(person, words))

    def _tap(self, person: Person, message: int, key: Key, now: float) -> None:
        query: Update = {
            "id": str(self._ids + 1),
            "from": self._sender(person),
            "chat_instance": "1",
            "message": {"message_id": message, "date": self._date(), "chat": self._chat(person), "text": "?"},
            "data": str(key),
        }
        self._speak(person, now, "callback_query", query)

    def _speak(self, person: Person, now: float, kind: str, what: Update) -> None:
        self._ids += 1
        person.said += 1
        person.since = now
        self._put({"update_id": self._ids, kind: what})

    def _message(self, person: Person, words: str) -> Update:
        return {
            "message_id": 1_000_000 + self._ids,
            "from": self._sender(person),
            "chat": self._chat(person),
            "date": self._date(),
            "text": words,
        }

    @staticmethod
    def _sender(person: Person) -> Update:
        return {"id": person.chat, "is_bot": False, "first_name": "P", "language_code": "nl"}

    @staticmethod
    def _chat(person: Person) -> Update:
        return {"id": person.chat, "first_name": "P", "type": "private"}
