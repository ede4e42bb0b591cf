"""What the page shows beside the phones: a title, a clock, controls, a hint."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.sandbox.phone import Phone


def _nothing() -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Control:
    """A button above the phones; `action` is awaited once per tap."""

    label: str
    action: Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Stage:
    """A play on phones.

    `phones` are shown in this order and may grow; `hint` says what to try next, empty for nothing;
    `clock` gives the play's time in its own time zone, None hides the clock; `newcomers` offers the
    form that adds a phone.
    """

    title: str
    phones: Sequence[Phone]
    controls: Sequence[Control] = ()
    hint: Callable[[], str] = _nothing
    clock: Callable[[], datetime] | None = None
    language: Literal["nl", "en"] = "nl"
    newcomers: bool = True
