"""A conversation as plain text."""

from collections.abc import Iterable, Iterator

from bot.sandbox.messages import ChatMessage


def transcript_of(name: str, messages: Iterable[ChatMessage]) -> str:
    """One block per message: when, who, what, and the buttons under it."""
    return "\n".join(line for message in messages for line in _lines(name, message))


def _lines(name: str, message: ChatMessage) -> Iterator[str]:
    who = name if message.mine else "bot"
    edited = " (edited)" if message.edited_on else ""
    yield f"{message.date:%a %d %b %H:%M} {who}{edited}:"
    if attached := _attached(message):
        yield f"    <{attached}>"
    yield from (f"    {line}" for line in message.text.splitlines())
    yield from ("    " + " ".join(f"[{label}]" for label in row) for row in message.labels)


def _attached(message: ChatMessage) -> str:
    if message.photo:
        return f"photo {message.photo.sizes[-1].width} x {message.photo.sizes[-1].height}"
    if message.voice:
        return f"voice note, {message.voice.seconds} s"
    if message.clip:
        return f"{message.clip.kind.replace('_', ' ')}, {message.clip.seconds} s"
    if message.document:
        return f"{message.document.name}, {message.document.size} bytes"
    if message.location:
        return f"location {message.location.latitude}, {message.location.longitude}"
    if message.odd:
        return message.odd.name
    return f"sticker {message.sticker}" if message.sticker else ""
