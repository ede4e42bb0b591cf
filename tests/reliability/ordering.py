"""A coordinator who asks for one workbook after another, and counts what comes."""

from dataclasses import dataclass

from bot.sandbox import ChatMessage, Phone

_PATIENCE = 600.0
"""Seconds; who waits longer is stuck, and the test ends earlier."""


@dataclass
class Ordering:
    """One person in a closed loop: orders, waits for the file, orders again."""

    phone: Phone
    wanted: int
    ordered: int = 0
    is_done: bool = False

    async def run(self) -> None:
        """Order until there is enough."""
        while self.ordered < self.wanted:
            self.phone.say("/export")
            message = await self.phone.wait_for(_asks, within=_PATIENCE)
            self.phone.tap("Alles", message)
            self.ordered += 1
            await self.phone.wait_for(_is_file, within=_PATIENCE)
        self.is_done = True

    @property
    def files(self) -> list[bytes]:
        """Every workbook that came, oldest first."""
        return [message.document.content for message in self.phone.messages if message.document and not message.mine]


def _asks(message: ChatMessage) -> bool:
    """Not what was asked before, of which the last change came late."""
    return "Welke periode" in message.text and bool(message.buttons)


def _is_file(message: ChatMessage) -> bool:
    return message.document is not None
