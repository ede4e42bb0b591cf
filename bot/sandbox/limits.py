"""How many messages Telegram takes from a bot before it says: later."""

import math
from dataclasses import dataclass

from bot.sandbox.refusals import too_many_requests

# Messages a second and the burst taken at once: overall, in a private chat, in a group (20 a minute).
OVERALL = (30.0, 30.0)
PRIVATE = (1.0, 3.0)
GROUP = (20 / 60, 20.0)


@dataclass(slots=True)
class Bucket:
    """Fills at `rate` tokens a second up to `size`; a message takes one."""

    rate: float
    size: float
    level: float
    filled_at: float

    def wait(self, at: float) -> float:
        """Seconds until there is a token, 0 if there is one."""
        self.level = min(self.size, self.level + (at - self.filled_at) * self.rate)
        self.filled_at = at
        return max(0.0, (1 - self.level) / self.rate)


class Limits:
    """Counts messages overall and per chat; times in seconds of a steady clock."""

    def __init__(self) -> None:
        self._overall = Bucket(*OVERALL, level=OVERALL[1], filled_at=0)
        self._chats: dict[int, Bucket] = {}

    def spend(self, chat_id: int, at: float) -> None:
        """Counts one message to a chat; refuses it with 429 when it is one too many."""
        chat = self._chat(chat_id, at)
        wait = max(self._overall.wait(at), chat.wait(at))
        if wait > 0:
            raise too_many_requests(math.ceil(wait))
        self._overall.level -= 1
        chat.level -= 1

    def _chat(self, chat_id: int, at: float) -> Bucket:
        rate, size = PRIVATE if chat_id > 0 else GROUP
        return self._chats.setdefault(chat_id, Bucket(rate, size, level=size, filled_at=at))
