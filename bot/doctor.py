"""Looks at everything the bot needs, and asks Telegram who it is."""

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

from bot.channel import TokenRevoked
from bot.figures import figures_of, free_bytes
from bot.firststudy import EXAMPLE_ADDRESS
from bot.lock import is_running
from bot.post import Post, connected
from bot.program import Program
from bot.settings import Settings
from bot.telegram.channel import TelegramChannel
from handlers.operating import SILENT_AFTER
from handlers.rights.forgetting import DOUBTED_FOR
from handlers.setaside import set_aside
from handlers.work import Failed
from storage import health, jobs
from storage.connection import Database, WrongKey
from storage.database import snapshot
from storage.driver import DatabaseError, version_for
from storage.migrate import NotOurs, TooNew, migrate

_MOST_LISTED = 50
_LAST_WITH_WAL_FAULT = (3, 51, 2)
_LEAST_FREE = 500 * 1024**2
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


class NeedsYou(Exception):
    """Something was set aside that only the operator can solve."""


_EXPECTED: tuple[type[Exception], ...] = (
    TokenRevoked,
    NoAnswer,
    NotOurs,
    TooNew,
    NeedsYou,
    WrongKey,
    Failed,
    *DatabaseError,
    OSError,
)
"""What a look may find wrong."""


def examine(settings: Settings, program: Program) -> list[Finding]:
    """Everything, in the order in which it matters."""
    looks: list[tuple[str, Callable[[], str]]] = [
        ("configuration", lambda: f"{program.study.name}, {len(program.study.cities)} cities"),
        ("contact", lambda: _contact(program.study.contact)),
        ("keeping", lambda: _keeping(program)),
        (
            "time zone",
            lambda: f"{program.study.timezone.key}, now {program.now().astimezone(program.study.timezone):%H:%M}",
        ),
        ("SQLite", lambda: _sqlite(program.place.database)),
        ("database", lambda: _database(program.place.database)),
        ("waiting for you", lambda: _waiting(program.place.database)),
        ("work that is tried again", lambda: _failing_work(program.place.database)),
        ("the bot", lambda: _bot(program)),
        ("disk", lambda: _disk(program.place.database.path.parent)),
        ("media folder", lambda: _writable(program.media)),
        ("exports folder", lambda: _writable(program.place.exports)),
        ("token", lambda: f"@{bot_name(settings)}"),
        ("e-mail", lambda: way_of_mail(program.post)),
    ]
    return [_look(what, look) for what, look in looks]


def figures(program: Program) -> dict[str, float]:
    """What the health page tells, as far as it stands in the database."""
    with snapshot(program.place.database) as rows:
        totals = rows.one(health.TOTALS)
        assert totals is not None
        return figures_of(health.waiting(rows, program.now()), totals, program.backups, program.now())


def figures_if_any(program: Program) -> dict[str, float]:
    """The same; nothing where the database cannot be read, which a finding tells."""
    try:
        return figures(program)
    except _EXPECTED:
        return {}


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


def way_of_mail(post: Post | None) -> str:
    """How e-mail goes, after a greeting in which nothing is sent. Raises Failed or NoAnswer."""
    if post is None:
        return "not set; summaries go by chat"
    asyncio.run(_greet(post))
    locked = "locked" if post.envelope.password else "not locked: WORKBOOK_PASSWORD is not set"
    return f"{post.host}:{post.port}, {post.security}; workbooks are {locked}"


async def _greet(post: Post) -> None:
    try:
        async with asyncio.timeout(_PATIENCE), connected(post):
            pass
    except TimeoutError:
        raise NoAnswer(f"SMTP_HOST: no answer from {post.host}:{post.port} in {_PATIENCE} s") from None


def _look(what: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(what, look())
    except _EXPECTED as error:
        return Finding(what, str(error), is_well=False)


def _contact(contact: str) -> str:
    if EXAMPLE_ADDRESS in contact:
        raise NeedsYou(f"{contact} is an example; put whom people can ask in study.toml, or in CONTACT")
    return contact


def _keeping(program: Program) -> str:
    """Until when answers are kept; a day that is past has the running bot delete them."""
    day, retention = program.study.retention_date, program.study.retention
    if not program.study.is_over(program.now()):
        return f"answers until {day}"
    so = "terugblik retention lists all about fieldworkers"
    if retention.is_automatic:
        after = f"{DOUBTED_FOR.days} days after it first read that day"
        so = f"the running bot deletes everything about fieldworkers, {after}"
    raise NeedsYou(f"{day} is past, so {so}; set retention_date in study.toml right")


def _database(database: Database) -> str:
    database.path.parent.mkdir(parents=True, exist_ok=True)
    version = migrate(database)
    with snapshot(database) as rows:
        check = rows.one("PRAGMA quick_check")
    kept = "plain" if database.key is None else "encrypted"
    return f"{database}, {kept}, schema {version}, {check[0] if check else 'unknown'}"


def _waiting(database: Database) -> str:
    """What failed for good, each with its reason and the id by which `terugblik replay` tries it again."""
    with snapshot(database) as rows:
        found = set_aside(rows)
    if found:
        listed = "; ".join(f"{one.id} ({one.reason})" for one in found[:_MOST_LISTED])
        raise NeedsYou(f"{len(found)} set aside: {listed}")
    return "nothing"


def _failing_work(database: Database) -> str:
    """Work that failed and will be tried again."""
    with snapshot(database) as rows:
        found = [one for one in jobs.failing(rows) if not one.is_given_up]
    return "; ".join(f"job-{one.id} {one.kind}, {one.tries} tries: {one.error}" for one in found) or "none"


def _sqlite(database: Database) -> str:
    """The version, with a word about a rare fault of it that one writing connection avoids."""
    version = version_for(database.key)
    if tuple(int(piece) for piece in version.split(".")[:3]) > _LAST_WITH_WAL_FAULT:
        return version
    last = ".".join(map(str, _LAST_WITH_WAL_FAULT))
    return (
        f"{version}; up to {last} a rare fault can damage a file that two connections write, so a newer one is better"
    )


def _bot(program: Program) -> str:
    """Whether it runs, and when it last fetched updates."""
    if not is_running(program.place.database.path):
        return "not running"
    age = figures(program).get("seconds_since_poll")
    if age is None:
        return "running; it has not fetched updates yet"
    if age > SILENT_AFTER.total_seconds():
        raise NeedsYou("running, but it has fetched nothing for a quarter of an hour or longer")
    return f"running; fetched updates {age:.0f} s ago"


def _disk(folder: Path) -> str:
    free = free_bytes(folder)
    if free < _LEAST_FREE:
        raise NeedsYou(f"{free // 1024**2} MB free, expected {_LEAST_FREE // 1024**2} MB at least")
    return f"{free // 1024**2} MB free"


def _writable(folder: Path) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    if not os.access(folder, os.W_OK):
        raise PermissionError(f"{folder} cannot be written to")
    return str(folder)
