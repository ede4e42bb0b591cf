"""What people say to what a bot asks, and the updates that come of it; pure."""

from collections.abc import Callable, Sequence
from enum import StrEnum

from fieldwork.taps import Key, read_key

Update = dict[str, object]
Reply = Key | str
"""A button that is tapped, or words."""
Later = Callable[[Callable[[float], None]], None]
"""Has something done after some thought, at the moment that it is told."""
FIRST_PERSON = 700_000_001
_SENT = "Verstuurd."
_SENTENCE = "De bewoners spraken over de speeltuin, en iemand vroeg wie het gaat doen. Dat was beeld {}."
_TYPED = 1_000_000
"""Ids of messages that people wrote begin here."""


class Manner(StrEnum):
    """How people answer."""

    ECHO = "echo"
    """They say a word each time anything comes back."""
    TAPPING = "tapping"
    """They tap a choice and type where there is none, as most do."""
    TYPING = "typing"
    """They type everything, also the number of a choice; only Klaar and its like are tapped."""
    RUSHED = "rushed"
    """All are asked at once; one at a time answers by tapping, and takes some time for it."""


def sentence(number: int) -> str:
    """Something to say, a little different each time."""
    return _SENTENCE.format(number)


def keys_of(buttons: Sequence[str]) -> list[Key]:
    """The buttons that are ours, by the data under them."""
    return [key for key in map(read_key, buttons) if key is not None]


def mark_of(keys: Sequence[Key]) -> str:
    """The same for whatever asks the same, so that nobody answers it twice."""
    acts = {key.act for key in keys}
    return f"{keys[0].about}{keys[0].id}:{keys[0].turn}:{'off' in acts}:{'done' in acts}"


def says_sent(text: str) -> bool:
    """Whether the bot says that everything was sent."""
    return _SENT in text


def reply_to(manner: Manner, keys: Sequence[Key], text: str, number: int) -> Reply:
    """The second of the choices: with it the default questionnaire asks all of its questions."""
    acts = {key.act for key in keys}
    is_ticked = "off" in acts
    if manner is Manner.TYPING and ("choose" in acts or ("on" in acts and not is_ticked)):
        return "2"
    for act in ("start", "send", "done", "on", "choose"):
        offered = [key for key in keys if key.act == act]
        if offered and (act != "done" or is_ticked or "on" not in acts):
            return offered[:2][-1]
    if "foto" in text:
        return next(key for key in keys if key.act == "skip")
    return sentence(number)


class Updates:
    """Makes updates as Telegram does, with ids that count up."""

    def __init__(self, date: Callable[[], int]) -> None:
        self._date = date
        self._ids = 0

    def said(self, chat: int, reply: Reply, message: int) -> Update:
        """What somebody tapped under this message, or wrote."""
        self._ids += 1
        if isinstance(reply, Key):
            return {"update_id": self._ids, "callback_query": self._tap(chat, reply, message)}
        return {"update_id": self._ids, "message": self._message(chat, reply)}

    def _tap(self, chat: int, key: Key, message: int) -> Update:
        return {
            "id": str(self._ids),
            "from": _sender(chat),
            "chat_instance": "1",
            "message": {"message_id": message, "date": self._date(), "chat": _chat(chat), "text": "?"},
            "data": str(key),
        }

    def _message(self, chat: int, words: str) -> Update:
        return {
            "message_id": _TYPED + self._ids,
            "from": _sender(chat),
            "chat": _chat(chat),
            "date": self._date(),
            "text": words,
        }


def _sender(chat: int) -> Update:
    return {"id": chat, "is_bot": False, "first_name": "P", "language_code": "nl"}


def _chat(chat: int) -> Update:
    return {"id": chat, "first_name": "P", "type": "private"}
