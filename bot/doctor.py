"""Looks at everything the bot needs, and asks Telegram who it is."""

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

from bot.channel import TokenRevoked
from bot.program import Program
from bot.settings import Settings
from bot.studyfile import EXAMPLE_ADDRESS
from bot.telegram.channel import TelegramChannel
from handlers.setaside import set_aside
from storage import jobs
from storage.connection import VERSION, DatabaseError
from storage.database import snapshot
from storage.migrate import NotOurs, TooNew, migrate

_MOST_LISTED = 50
_PATIENCE = 10
"""Seconds to wait for Telegram."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at, and how it is."""

    what: str
    found: str
    is_well: bool = True


class NoAnswer(Exception):
    """The Bot API server did not answer in time."""


def examine(settings: Settings, program: Program) -> list[Finding]:
    """Everything, in the order in which it matters."""
    looks: list[tuple[str, Callable[[], str]]] = [
        ("configuration", lambda: f"{program.study.name}, {len(program.study.cities)} cities"),
        ("contact", lambda: _contact(program.study.contact)),
        (
            "time zone",
            lambda: f"{program.study.timezone.key}, now {program.now().astimezone(program.study.timezone):%H:%M}",
        ),
        ("SQLite", lambda: VERSION),
        ("database", lambda: _database(program.place.database)),
        ("waiting for you", lambda: _waiting(program.place.database)),
        ("work that is tried again", lambda: _failing_work(program.place.database)),
        ("media folder", lambda: _writable(program.media)),
        ("exports folder", lambda: _writable(program.place.exports)),
        ("token", lambda: f"@{bot_name(settings)}"),
    ]
    return [_look(what, look) for what, look in looks]


def bot_name(settings: Settings) -> str:
    """Who the token belongs to, without @. Raises TokenRevoked or NoAnswer."""
    return asyncio.run(_bot_name(settings))


async def _bot_name(settings: Settings) -> str:
    token = settings.telegram_bot_token.get_secret_value()
    try:
        async with asyncio.timeout(_PATIENCE):
            async with TelegramChannel(token, settings.telegram_api_url, random=Random()) as channel:
                return channel.username
    except TimeoutError:
        raise NoAnswer(f"TELEGRAM_API_URL: no answer from {settings.telegram_api_url} in {_PATIENCE} s") from None


def _look(what: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(what, look())
    except (TokenRevoked, NoAnswer, NotOurs, TooNew, NeedsYou, DatabaseError, OSError) as error:
        return Finding(what, str(error), is_well=False)


class NeedsYou(Exception):
    """Something was set aside that only the operator can solve."""


def _contact(contact: str) -> str:
    if EXAMPLE_ADDRESS in contact:
        raise NeedsYou(f"{contact} is an example; put whom people can ask in study.toml, or in CONTACT")
    return contact


def _database(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    version = migrate(path)
    with snapshot(path) as rows:
        check = rows.one("PRAGMA quick_check")
    return f"{path}, schema {version}, {check[0] if check else 'unknown'}"


def _waiting(path: Path) -> str:
    """What failed for good, each with its reason and the id by which `terugblik replay` tries it again."""
    with snapshot(path) as rows:
        found = set_aside(rows)
    if found:
        listed = "; ".join(f"{one.id} ({one.reason})" for one in found[:_MOST_LISTED])
        raise NeedsYou(f"{len(found)} set aside: {listed}")
    return "nothing"


def _failing_work(path: Path) -> str:
    """Work that failed and will be tried again."""
    with snapshot(path) as rows:
        found = [one for one in jobs.failing(rows) if not one.is_given_up]
    return "; ".join(f"job-{one.id} {one.kind}, {one.tries} tries: {one.error}" for one in found) or "none"


def _writable(folder: Path) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    if not os.access(folder, os.W_OK):
        raise PermissionError(f"{folder} cannot be written to")
    return str(folder)
