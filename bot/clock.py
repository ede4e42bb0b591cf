"""What time it is: the system's, or one that a demo moves."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Now = Callable[[], datetime]
"""Gives the time, aware UTC."""


def system_now() -> datetime:
    """The time now."""
    return datetime.now(UTC)


class MovableClock:
    """A clock that runs, and can be put forward."""

    def __init__(self, base: Now, starts_on: datetime) -> None:
        self._base = base
        self._ahead = starts_on - base()

    def now(self) -> datetime:
        """The time on this clock."""
        return self._base() + self._ahead

    def forward_to(self, moment: datetime) -> None:
        """Go to a later moment; an earlier one changes nothing."""
        self._ahead += max(moment - self.now(), timedelta(0))
