"""Cuts what is too long for one message."""

from dataclasses import replace

from fieldwork.messages import Say

LONGEST = 4096
"""UTF-16 units in a message; the shortest limit among the channels."""
LONGEST_CAPTION = 1024
"""UTF-16 units under a file."""
_LONGEST_ECHO = 300


def units(text: str) -> int:
    """Length as messengers count it: an emoji outside the basic plane counts twice."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def longest_for(say: Say) -> int:
    """How much text this message may carry, in UTF-16 units."""
    return LONGEST if say.attachment is None else LONGEST_CAPTION


def pieces(say: Say) -> list[Say]:
    """The same in messages that are short enough; the last one has the buttons and the file."""
    if units(say.text) <= longest_for(say):
        return [say]
    texts = split(say.text, LONGEST)
    last = texts.pop() if say.attachment is None else ""
    return [Say(text) for text in texts] + [replace(say, text=last)]


def shortened(say: Say) -> Say:
    """The same in one message, with … where it was cut."""
    return replace(say, text=cut(say.text, longest_for(say)))


def cut(text: str, most: int) -> str:
    """The text, or its beginning and … in at most so many UTF-16 units."""
    return text if units(text) <= most else text[: _fitting(text, most - 1)].rstrip() + "…"


def echoed(text: str) -> str:
    """What somebody told, as long as a message that repeats it can hold."""
    return cut(text, _LONGEST_ECHO)


def split(text: str, most: int) -> list[str]:
    """Parts of at most `most` UTF-16 units, cut at line ends or spaces where there are any."""
    parts = []
    rest = text.strip()
    while units(rest) > most:
        end = _good_end(rest, _fitting(rest, most))
        parts.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return [*parts, rest]


def _fitting(text: str, most: int) -> int:
    """How many signs from the start fit."""
    used = 0
    for position, sign in enumerate(text):
        used += 2 if sign > "\uffff" else 1
        if used > most:
            return position
    return len(text)


def _good_end(text: str, limit: int) -> int:
    for blank in ("\n", " "):
        end = text.rfind(blank, limit // 2, limit + 1)
        if end > 0:
            return end
    return limit
