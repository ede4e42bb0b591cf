"""How fast messages may go, overall and to one chat, on a clock that is never set."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic


@dataclass(slots=True)
class _Bucket:
    tokens: float
    filled_at: float


@dataclass(frozen=True, slots=True)
class Rate:
    """So many a second, and so many at once after a rest."""

    per_second: float
    burst: float


TOLD_AGAIN_AFTER = 600.0
"""Seconds before somebody who floods us reads again that their messages wait."""
OVERALL_BURST = 2
_SPARE = 1
"""So many more than the rate may lie within a second: with 29 it stays within 30 in any."""
_COUNTED_WITHIN = 0.25
"""Seconds within which the channel has counted a message, also where its answer takes longer."""
CHAT_BURST = 3
OVERALL = Rate(per_second=29, burst=OVERALL_BURST)
PER_CHAT = Rate(per_second=1, burst=CHAT_BURST)


class Allowance:
    """How much of what one chat sends is handled: so much at once after a rest, the rest in its turn."""

    def __init__(self, rate: Rate, clock: Callable[[], float] = monotonic) -> None:
        self._rate = rate
        self._clock = clock
        self._chats: dict[str, _Bucket] = {}
        self._told_at: dict[str, float] = {}
        self._swept_at = clock()

    def take(self, chat: str) -> bool:
        """Count one message of this chat; False where it has to wait, and then nothing is counted."""
        now = self._clock()
        self._sweep(now)
        bucket = self._chats.setdefault(chat, _Bucket(self._rate.burst, now))
        if _wait(bucket, self._rate, now) > 0:
            return False
        _take(bucket, self._rate, now)
        return True

    def spent(self) -> list[str]:
        """The chats of which nothing is handled just now."""
        now = self._clock()
        return [chat for chat, bucket in self._chats.items() if _wait(bucket, self._rate, now) > 0]

    def may_tell(self, chat: str) -> bool:
        """Whether this chat may hear once more that it has to wait; counts that it does."""
        now = self._clock()
        if now - self._told_at.get(chat, -TOLD_AGAIN_AFTER) < TOLD_AGAIN_AFTER:
            return False
        self._told_at[chat] = now
        return True

    def _sweep(self, now: float) -> None:
        """Forget chats that have rested enough."""
        rested = self._rate.burst / self._rate.per_second
        if now - self._swept_at < rested:
            return
        self._swept_at = now
        self._chats = {chat: bucket for chat, bucket in self._chats.items() if now - bucket.filled_at < rested}
        self._told_at = {chat: at for chat, at in self._told_at.items() if now - at < TOLD_AGAIN_AFTER}


class Pace:
    """Counts what was sent and says how long the next one has to wait. Seconds throughout."""

    def __init__(
        self, overall: Rate = OVERALL, per_chat: Rate = PER_CHAT, clock: Callable[[], float] = monotonic
    ) -> None:
        self._per_chat = per_chat
        self._overall_rate = overall
        self._clock = clock
        self._overall = _Bucket(overall.burst, clock())
        self._chats: dict[str, _Bucket] = {}
        self._most = overall.per_second + _SPARE
        self._uncounted: dict[int, float] = {}
        """When what was not answered yet was taken, the oldest first."""
        self._counted: deque[float] = deque()
        """When the channel had counted what it counted lately, at the latest."""
        self._paused_until = 0.0
        self._swept_at = clock()

    def delay(self, urn: str) -> float:
        """How long before something may go to this chat; 0 means now."""
        now = self._clock()
        waits = [_wait(self._overall, self._overall_rate, now), self._until_room(now), self._paused_until - now]
        if urn in self._chats:
            waits.append(_wait(self._chats[urn], self._per_chat, now))
        return max(0.0, *waits)

    def take(self, urn: str, id: int) -> None:
        """Count one message to this chat; `id` is what it is called when it lands."""
        now = self._clock()
        self._sweep(now)
        self._uncounted.pop(id, None)
        self._uncounted[id] = now
        _take(self._overall, self._overall_rate, now)
        _take(self._chats.setdefault(urn, _Bucket(self._per_chat.burst, now)), self._per_chat, now)

    def landed(self, urn: str, id: int) -> None:
        """A message that was counted has been answered.

        The channel may have counted it as late as now, so what was saved up meanwhile does not count.
        """
        now = self._clock()
        if self._uncounted.pop(id, None) is not None:
            self._counted.append(now)
        if urn in self._chats:
            self._chats[urn].filled_at = now

    def pause(self, seconds: float) -> None:
        """Let nothing go at all for a while."""
        self._paused_until = max(self._paused_until, self._clock() + seconds)

    def _until_room(self, now: float) -> float:
        """How long until one more is not too many in a second, however late each was counted on its way."""
        while self._uncounted:
            id, taken_at = next(iter(self._uncounted.items()))
            if taken_at > now - _COUNTED_WITHIN:
                break
            del self._uncounted[id]
            self._counted.append(taken_at + _COUNTED_WITHIN)
        while self._counted and self._counted[0] <= now - 1:
            self._counted.popleft()
        if len(self._counted) + len(self._uncounted) < self._most:
            return 0.0
        return self._counted[0] + 1 - now if self._counted else _COUNTED_WITHIN

    def _sweep(self, now: float) -> None:
        """Forget chats that have rested enough, so that the count of chats does not grow."""
        rested = self._per_chat.burst / self._per_chat.per_second
        if now - self._swept_at < rested:
            return
        self._swept_at = now
        self._chats = {urn: bucket for urn, bucket in self._chats.items() if now - bucket.filled_at < rested}


def _filled(bucket: _Bucket, rate: Rate, now: float) -> float:
    return min(rate.burst, bucket.tokens + (now - bucket.filled_at) * rate.per_second)


def _wait(bucket: _Bucket, rate: Rate, now: float) -> float:
    return (1 - _filled(bucket, rate, now)) / rate.per_second


def _take(bucket: _Bucket, rate: Rate, now: float) -> None:
    bucket.tokens = _filled(bucket, rate, now) - 1
    bucket.filled_at = now
