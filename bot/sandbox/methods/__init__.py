"""The methods of the Bot API that the sandbox answers."""

from bot.sandbox.methods.account import ACCOUNT
from bot.sandbox.methods.attachments import ATTACHMENTS
from bot.sandbox.methods.messages import MESSAGES
from bot.sandbox.methods.method import Method
from bot.sandbox.methods.receiving import RECEIVING

# Telegram does not mind the case of a method's name.
METHODS: dict[str, tuple[str, Method]] = {
    name.lower(): (name, method)
    for table in (ACCOUNT, ATTACHMENTS, MESSAGES, RECEIVING)
    for name, method in table.items()
}

__all__ = ["METHODS", "Method"]
