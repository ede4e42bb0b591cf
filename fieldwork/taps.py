"""What we put under buttons: short, of our own making, and authorising nothing."""

from dataclasses import dataclass
from enum import StrEnum

from fieldwork.messages import Button


class About(StrEnum):
    """What a button belongs to."""

    SESSION = "s"
    PROMPT = "p"
    PERSON = "u"
    DESK = "d"


@dataclass(frozen=True, slots=True)
class Key:
    """A button's data taken apart: about which row, which time it was put, what it does, with what."""

    about: About
    id: int
    turn: int
    act: str
    arg: str = ""

    def __str__(self) -> str:
        return ":".join((self.about, str(self.id), str(self.turn), self.act, self.arg))


def read_key(text: str) -> Key | None:
    """Take a button's data apart; None for what we never wrote."""
    pieces = text.split(":", 4)
    if len(pieces) != 5 or pieces[0] not in tuple(About) or not is_count(pieces[1]) or not is_count(pieces[2]):
        return None
    return Key(About(pieces[0]), int(pieces[1]), int(pieces[2]), pieces[3], pieces[4])


def button(label: str, key: Key) -> Button:
    """A button with this data under it."""
    return Button(label, str(key))


def is_count(text: str) -> bool:
    """Whether this is a whole number as we write one, of a size that a row's id can have."""
    return text.isascii() and text.isdigit() and len(text) <= 18
