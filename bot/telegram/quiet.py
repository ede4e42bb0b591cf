"""Keeps tokens, numbers and people's words out of every log."""

import hashlib
import logging
import re
import traceback
from collections.abc import Iterable

CHATTY = ("httpx", "httpcore", "telegram", "aiosqlite", "aiohttp", "asyncio", "apscheduler")
"""Their lower levels hold addresses with the token, or whole messages."""

_TOKEN = re.compile(r"\d{5,}:[A-Za-z0-9_-]{20,}")
_PHONE = re.compile(r"(?<![\w.:-])(?:\+|00)\d[\d\s()-]{7,}\d")
_ADDRESS = re.compile(r"(?<![\w.-])(?:telegram:)?-?\d{8,}(?![\w-]|\.\d)")
"""Of a chat or person; our own row numbers are shorter, and times are written with dashes."""
_HIDDEN = "[hidden]"
_MOST_TRACEBACKS = 10


class Redacting(logging.Filter):
    """Rewrites a record before it is written; never holds one back.

    Tokens, the given secrets and telephone numbers are hidden; an address becomes a short word that is the same
    each time and tells nobody whose it is. Of an exception the place and the kind are kept, not its words: they
    may be somebody's answer.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__()
        self._secrets = [secret for secret in secrets if secret]
        self._key = hashlib.sha256("".join(self._secrets).encode()).digest()

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record in place."""
        record.msg, record.args = self.hide(_message(record)), None
        if record.exc_info and record.exc_info[1] is not None:
            record.exc_text = self.hide(_places_and_kinds(record.exc_info[1]))
            record.exc_info = None
        return True

    def hide(self, text: str) -> str:
        """The text without anything secret in it."""
        for secret in self._secrets:
            text = text.replace(secret, _HIDDEN)
        return _ADDRESS.sub(self._short, _PHONE.sub(_HIDDEN, _TOKEN.sub(_HIDDEN, text)))

    def _short(self, address: re.Match[str]) -> str:
        """Keyed, because there are few enough addresses to try them all."""
        number = address[0].rpartition(":")[2]
        return f"~{hashlib.blake2b(number.encode(), key=self._key, digest_size=4).hexdigest()}"


def quieten(handlers: Iterable[logging.Handler], secrets: Iterable[str] = ()) -> Redacting:
    """Put a redacting filter on each handler and let chatty libraries speak from WARNING only.

    On the handlers, because a logger's own filter does not see what its children pass on.
    """
    redacting = Redacting(secrets)
    for handler in handlers:
        handler.addFilter(redacting)
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
    return redacting


def _message(record: logging.LogRecord) -> str:
    """The text, with the kind of an exception in place of its words; never raises."""
    if isinstance(record.args, tuple):
        record.args = tuple(map(_without_words, record.args))
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):
        return str(record.msg)


def _without_words(argument: object) -> object:
    return type(argument).__name__ if isinstance(argument, BaseException) else argument


def _places_and_kinds(error: BaseException) -> str:
    """A traceback without the exceptions' words."""
    parts: list[str] = []
    waiting: list[BaseException] = [error]
    while waiting and len(parts) < _MOST_TRACEBACKS:
        cause = waiting.pop()
        lines = "".join(traceback.format_tb(cause.__traceback__))
        parts.append(f"Traceback (most recent call last):\n{lines}{type(cause).__qualname__}")
        waiting.extend(_behind(cause))
    return "\n\nwhich came from\n\n".join(parts)


def _behind(error: BaseException) -> list[BaseException]:
    inside = list(error.exceptions) if isinstance(error, BaseExceptionGroup) else []
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return inside if cause is None else [*inside, cause]
