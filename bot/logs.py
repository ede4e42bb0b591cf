"""How the program speaks to the operator's log: plain lines, or one JSON object a line."""

import json
import logging
from datetime import UTC, datetime
from typing import Literal

from bot.telegram.quiet import quieten

LogFormat = Literal["plain", "json"]


class JsonLines(logging.Formatter):
    """A record as one line of JSON; what it may hold was decided before it comes here."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_text:
            line["trace"] = record.exc_text
        return json.dumps(line, ensure_ascii=False)


def formatter(log_format: LogFormat) -> logging.Formatter:
    """What writes a record down."""
    if log_format == "json":
        return JsonLines()
    return logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s")


def speak_quietly(*secrets: str, log_format: LogFormat = "plain") -> None:
    """Log without anything anybody said, who anybody is, or these secrets."""
    handler = logging.StreamHandler()
    handler.setFormatter(formatter(log_format))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    quieten(logging.getLogger().handlers, secrets)
