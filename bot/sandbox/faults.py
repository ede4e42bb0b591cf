"""Faults that the sandbox shows on demand."""

from collections import defaultdict, deque
from dataclasses import dataclass

from bot.sandbox.refusals import Refusal, forbidden, too_many_requests

_WORDS = {
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong with a call: made by one of the class methods.

    `refusal` is answered instead of doing anything; `dropped` closes the connection before or after the
    call is done; `seconds` is how long the call is held up first.
    """

    refusal: Refusal | None = None
    dropped: str = ""
    seconds: float = 0

    @classmethod
    def too_many_requests(cls, retry_after: int = 1) -> "Fault":
        """429 with `parameters.retry_after` in seconds; nothing is done."""
        return cls(refusal=too_many_requests(retry_after))

    @classmethod
    def server_error(cls, code: int = 500) -> "Fault":
        """500, 502, 503 or 504; nothing is done."""
        return cls(refusal=Refusal(code, _WORDS[code]))

    @classmethod
    def forbidden(cls, words: str = "bot was blocked by the user") -> "Fault":
        """403 with `words`; nothing is done."""
        return cls(refusal=forbidden(words))

    @classmethod
    def dropped_before(cls) -> "Fault":
        """The connection is closed and nothing is done."""
        return cls(dropped="before")

    @classmethod
    def dropped_after(cls) -> "Fault":
        """The call is done, and the connection is closed without an answer."""
        return cls(dropped="after")

    @classmethod
    def slow(cls, seconds: float) -> "Fault":
        """The call is done, but only after `seconds`, even if the caller has hung up by then."""
        return cls(seconds=seconds)


class FaultPlan:
    """Which of the next calls go wrong, and how."""

    def __init__(self) -> None:
        self._planned: defaultdict[tuple[str, int | None], deque[Fault]] = defaultdict(deque)

    def add(self, method: str, fault: Fault, times: int, chat_id: int | None) -> None:
        """Plans `fault` for the next `times` calls of `method`, in one chat or (None) in any."""
        self._planned[method, chat_id].extend([fault] * times)

    def clear(self) -> None:
        """Forgets all faults that are still to come."""
        self._planned.clear()

    def take(self, method: str, chat_id: int | None) -> Fault | None:
        """The fault that this call meets, if any; each is met once."""
        for key in ((method, chat_id), (method, None), ("*", chat_id), ("*", None)):
            if planned := self._planned.get(key):
                return planned.popleft()
        return None
