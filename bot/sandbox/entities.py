"""Formatted text: lengths as Telegram counts them, commands, and the HTML parse mode."""

import re
from html.parser import HTMLParser

from bot.sandbox.refusals import bad_request, not_emulated

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024

_COMMAND = re.compile(r"(?<!\S)/[A-Za-z0-9_]{1,32}(?:@[A-Za-z0-9_]{3,32})?")
_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "blockquote": "blockquote",
    "tg-spoiler": "spoiler",
}

Entities = tuple[dict[str, object], ...]


def length_of(text: str) -> int:
    """The length in UTF-16 code units, which is how the Bot API counts offsets and lengths."""
    return len(text.encode("utf-16-le")) // 2


def commands_in(text: str) -> Entities:
    """The bot_command entities of a text that a person wrote."""
    return tuple(
        {
            "type": "bot_command",
            "offset": length_of(text[: found.start()]),
            "length": length_of(found.group()),
        }
        for found in _COMMAND.finditer(text)
    )


def parsed(text: str, mode: str) -> tuple[str, Entities]:
    """The text without its markup, and what the markup meant. Refuses markup that does not close."""
    if not mode:
        return text, ()
    if mode.lower() != "html":
        raise not_emulated(f"parse_mode {mode}, only HTML")
    reader = _Html()
    reader.feed(text)
    reader.close()
    return reader.finished()


class _Html(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._text = ""
        self._open: list[tuple[str, dict[str, object]]] = []
        self._closed: list[dict[str, object]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _TAGS:
            raise bad_request(f'can\'t parse entities: Unsupported start tag "{tag}"')
        entity: dict[str, object] = {"type": _TAGS[tag], "offset": length_of(self._text)}
        if tag == "a":
            entity["url"] = dict(attrs).get("href") or ""
        self._open.append((tag, entity))

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1][0] != tag:
            raise bad_request(f'can\'t parse entities: Unmatched end tag "{tag}"')
        _, entity = self._open.pop()
        start = entity["offset"]
        if isinstance(start, int) and (length := length_of(self._text) - start):
            self._closed.append({**entity, "length": length})

    def handle_data(self, data: str) -> None:
        self._text += data

    def finished(self) -> tuple[str, Entities]:
        if self._open:
            tag = self._open[-1][0]
            raise bad_request(f"can't parse entities: Can't find end tag corresponding to start tag \"{tag}\"")
        return self._text, tuple(sorted(self._closed, key=lambda entity: str(entity["offset"]).zfill(6)))


def cut(text: str) -> list[str]:
    """Pieces of at most 4096 UTF-16 units."""
    pieces = [""]
    room = TEXT_LIMIT
    for letter in text:
        units = length_of(letter)
        if units > room:
            pieces.append("")
            room = TEXT_LIMIT
        pieces[-1] += letter
        room -= units
    return pieces
