"""The calls a bot made, for assertions and measurements."""

from collections import Counter, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

KEPT = 10_000


@dataclass(frozen=True, slots=True)
class Call:
    """One finished call.

    `on` is the sandbox's time, `at` the event loop's clock in seconds, `code` the HTTP status or None
    when the connection was dropped.
    """

    method: str
    chat_id: int | None
    on: datetime
    at: float
    given: Mapping[str, object]
    code: int | None


class CallLog:
    """The newest calls in full, and counts of all of them."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._kept: deque[Call] = deque(maxlen=KEPT)

    def add(self, call: Call) -> None:
        """Remembers a call."""
        self.counts[call.method] += 1
        self._kept.append(call)

    def of(self, method: str, chat_id: int | None = None) -> list[Call]:
        """The kept calls of one method, in one chat or (None) in any, oldest first."""
        return [call for call in self._kept if call.method == method and chat_id in (None, call.chat_id)]

    def clear(self) -> None:
        """Forgets all calls and counts."""
        self._kept.clear()
        self.counts.clear()

    def __iter__(self) -> Iterator[Call]:
        return iter(self._kept)

    def __len__(self) -> int:
        return len(self._kept)
