"""What happened on one phone, written down step by step as a chat to read."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

from lxml import html

from bot.sandbox import Phone
from bot.sandbox.messages import ChatMessage
from bot.sandbox.transcript import transcript_of

_ZONE = ZoneInfo("Europe/Amsterdam")
_BYTES = re.compile(r", \d+ bytes>")


@dataclass(slots=True)
class Record:
    """The lines of one dialogue so far; what is drawn by chance stands in it as `codes` says.

    `seen` holds what each phone showed at the last look, `toasts` how many short notices it had shown.
    """

    codes: dict[str, str] = field(default_factory=dict)
    blocks: list[str] = field(default_factory=list)
    seen: dict[int, dict[int, ChatMessage]] = field(default_factory=dict)
    toasts: dict[int, int] = field(default_factory=dict)

    def note(self, words: str) -> None:
        """A line beside the chat: what a person does that leaves no message."""
        self.blocks.append(self._masked(words))

    def look(self, phone: Phone) -> None:
        """Write down what changed on the phone since the last look, in the order in which it did."""
        before = self.seen.get(phone.id, {})
        changed = [message for message in phone.messages if before.get(message.id) != message]
        name = phone.person.first_name
        for message in sorted(changed, key=lambda one: one.revision):
            shown = _as_changed(before[message.id], message) if message.id in before else message
            self.write(name, shown)
            self.blocks += [self._masked(page) for page in _page_in(message)]
        for toast in phone.toasts[self.toasts.get(phone.id, 0) :]:
            self.note(f"    (beside the button: {toast})")
        self.skip(phone)

    def write(self, name: str, message: ChatMessage) -> None:
        """A message as it stands, with the time on Dutch clocks; `name` is whose it is where it is no bot's."""
        date = (message.edited_on or message.date).astimezone(_ZONE)
        self.note(transcript_of(name, [replace(message, date=date)]))

    def pass_over(self, phone: Phone, words: str) -> None:
        """Instead of what happened since the last look, these words; then only the bot's newest message."""
        self.note(words)
        self.skip(phone)
        del self.seen[phone.id][phone.last.id]
        self.look(phone)

    def skip(self, phone: Phone) -> None:
        """Take what the phone shows now as known."""
        self.seen[phone.id] = {message.id: message for message in phone.messages}
        self.toasts[phone.id] = len(phone.toasts)

    def text(self) -> str:
        """The dialogue, one block per message."""
        return "\n\n".join(self.blocks) + "\n"

    def _masked(self, words: str) -> str:
        for drawn, shown in self.codes.items():
            words = words.replace(drawn, shown)
        return "\n".join(line.rstrip() for line in _BYTES.sub(">", words).splitlines())


def _as_changed(old: ChatMessage, new: ChatMessage) -> ChatMessage:
    """Of a message that was edited, its first line, to know it by, and the lines that are new."""
    first, *lines = new.text.splitlines()
    known = old.text.splitlines()
    return replace(new, text="\n".join([first, *(line for line in lines if line not in known)]))


def _page_in(message: ChatMessage) -> Iterator[str]:
    """What stands on a page that was sent, line by line."""
    if message.document is None or not message.document.name.endswith(".html"):
        return
    (body,) = html.document_fromstring(message.document.content.decode("utf-8")).iter("body")
    lines = ("".join(map(str, body.itertext()))).splitlines()
    yield "\n".join(f"    | {' '.join(line.split())}" for line in lines if line.strip())
