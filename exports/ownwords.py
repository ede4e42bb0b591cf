"""How things are called and set out in a person's own copy."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html import escape
from zoneinfo import ZoneInfo

from fieldwork import wording
from storage.stamps import moment


@dataclass(frozen=True, slots=True)
class Words:
    """How things are called in the person's language."""

    say: Callable[..., str]
    language: str
    zone: ZoneInfo
    """By whose clocks times are told."""
    role: Callable[[str, str, str], str]
    """What a role is called, with its city or research line ('' where it has none)."""
    city: Callable[[str], str]
    """What the city of a code is called."""

    def __call__(self, key: str, **values: object) -> str:
        return self.say(f"own.{key}", self.language, **values)

    def when(self, stamped: str) -> str:
        """A stored time, such as `18 november 2026, 14:05`."""
        moment_on = moment(stamped)
        day = wording.date_in_words(moment_on.astimezone(self.zone).date(), self.language)
        return f"{day}, {wording.clock(moment_on, self.zone, self.language)}"


def section(title: str, body: str) -> str:
    """A part of the document under its title."""
    return f"<section><h2>{escape(title)}</h2>\n{body}\n</section>"


def listed(items: Iterable[tuple[str, object]]) -> str:
    """Names, each with what it is."""
    return "<dl>" + "".join(f"<dt>{escape(key)}</dt><dd>{escape(str(value))}</dd>" for key, value in items) + "</dl>"
