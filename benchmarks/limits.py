"""How many messages the lean server takes, as strict as Telegram could be."""

from collections import deque

_BURST = 3
"""Messages that one chat takes at once after a rest."""


class Limits:
    """Never more than so many in any second, and to one chat so many a second with some at once. Times in seconds."""

    def __init__(self, most: float, most_to_one: float) -> None:
        self._most = most
        self._most_to_one = most_to_one
        self._lately: deque[float] = deque()
        self._chats: dict[int, tuple[float, float]] = {}
        """Of each chat how many more it took at a moment, and that moment."""

    def refuse(self, chat: int, now: float) -> str | None:
        """Why a message is one too many, `overall` or `to one`; where it is not, it is counted."""
        while self._lately and self._lately[0] <= now - 1:
            self._lately.popleft()
        left, at = self._chats.get(chat, (_BURST, now))
        left = min(_BURST, left + (now - at) * self._most_to_one)
        if len(self._lately) >= self._most:
            return "overall"
        if left < 1:
            return "to one"
        self._lately.append(now)
        self._chats[chat] = left - 1, now
        return None
