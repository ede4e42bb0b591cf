"""What the operator sets, by environment or `.env`; the study itself is described in `study.toml`."""

import re
import shlex
from datetime import time
from email.errors import HeaderParseError
from email.headerregistry import Address
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.envfile import unknown_names, unreadable_lines
from bot.problems import BadConfiguration, Problem, from_validation
from exports.formats import OFFERED, Format
from fieldwork.study import QuietHours
from handlers.delivery.mailbox import is_mailbox

_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]{20,}")
_HOURS = re.compile(r"(\d{2}:\d{2})-(\d{2}:\d{2})")
LINE_ENDS = {"lf": "\n", "crlf": "\r\n"}
_SECRETS = frozenset({"telegram_bot_token", "webhook_secret", "database_key", "smtp_password", "workbook_password"})
_SHORTEST_PASSWORD, _LONGEST_PASSWORD = 8, 255
"""Characters; Excel takes no more."""
KEY_EXPECTED = "64 hexadecimal digits, such as `openssl rand -hex 32` gives"


def _token(value: SecretStr) -> SecretStr:
    if not _TOKEN.fullmatch(value.get_secret_value()):
        raise ValueError("expected a bot token as BotFather gives it: digits, a colon and a long word")
    return value


def _secret(value: SecretStr | None) -> SecretStr | None:
    if value is not None and not re.fullmatch(r"[A-Za-z0-9_-]{16,256}", value.get_secret_value()):
        raise ValueError("expected 16 to 256 letters, digits, dashes or underscores")
    return value


def _database_key(value: SecretStr | None) -> SecretStr | None:
    if value is not None and not is_key(value.get_secret_value()):
        raise ValueError(KEY_EXPECTED)
    return value


def is_key(value: str) -> bool:
    """Whether a database can be encrypted with it."""
    return re.fullmatch(r"[0-9A-Fa-f]{64}", value) is not None


def _command(value: str) -> str:
    try:
        shlex.split(value)
    except ValueError as error:
        raise ValueError(f"expected a command as a shell takes it ({error})") from None
    return value


def _address(value: str) -> str:
    if not re.fullmatch(r"https?://[^\s/]+(/.*)?", value):
        raise ValueError("expected an address such as https://api.telegram.org")
    return value.rstrip("/")


def _mailbox(value: str) -> str:
    try:
        mailbox_of(value)
    except (ValueError, HeaderParseError):
        raise ValueError("expected an address, or a name with one, such as Terugblik <terugblik@example.org>") from None
    return value


def _long_password(value: SecretStr | None) -> SecretStr | None:
    if value is not None and not _SHORTEST_PASSWORD <= len(value.get_secret_value()) <= _LONGEST_PASSWORD:
        raise ValueError(f"expected {_SHORTEST_PASSWORD} to {_LONGEST_PASSWORD} characters")
    return value


def mailbox_of(text: str) -> Address:
    """`Terugblik <terugblik@example.org>`, or the address alone. Raises ValueError or HeaderParseError."""
    name, bracket, spec = text.rpartition("<")
    address = Address(name.strip().strip('"'), addr_spec=(spec.removesuffix(">") if bracket else text).strip())
    if not is_mailbox(address.addr_spec):
        raise ValueError(address.addr_spec)
    return address


def zone_named(value: str) -> str:
    """The name, if it is a time zone's. Raises ValueError."""
    try:
        ZoneInfo(value)
    except (ValueError, OSError, LookupError):
        raise ValueError("expected the name of a time zone, such as Europe/Amsterdam") from None
    return value


def hours_between(value: str) -> QuietHours:
    """Read `21:00-08:30`. Raises ValueError."""
    found = _HOURS.fullmatch(value.strip())
    try:
        if found is not None:
            return QuietHours(time.fromisoformat(found[1]), time.fromisoformat(found[2]))
    except ValueError:
        pass
    raise ValueError("expected two times with a dash, such as 21:00-08:30")


def _hours(value: str) -> str:
    hours_between(value)
    return value


def formats_named(value: str) -> tuple[Format, ...]:
    """The formats of `workbook, zip`, the workbook first. Raises ValueError."""
    names = [name.strip().casefold() for name in value.split(",") if name.strip()]
    if any(name not in (Format.WORKBOOK, *OFFERED) for name in names):
        raise ValueError(f"expected some of: {', '.join((Format.WORKBOOK, *OFFERED))}")
    return (Format.WORKBOOK, *(each for each in OFFERED if each in names))


def _formats(value: str) -> str:
    formats_named(value)
    return value


class Settings(BaseSettings):
    """Every setting with its meaning; `.env.example` is made from it."""

    model_config = SettingsConfigDict(extra="ignore", env_ignore_empty=True, frozen=True)

    telegram_bot_token: Annotated[
        SecretStr, AfterValidator(_token), Field(description="The bot's token, from BotFather. Keep it secret.")
    ]
    telegram_api_url: Annotated[
        str, AfterValidator(_address), Field(description="The Bot API server: Telegram's, your own, or the sandbox.")
    ] = "https://api.telegram.org"
    database: Annotated[Path, Field(description="The SQLite file that keeps everything.")] = Path("data/terugblik.db")
    database_key: Annotated[
        SecretStr | None,
        AfterValidator(_database_key),
        Field(description="The key the database is encrypted with: 64 hexadecimal digits. Left out, it is plain."),
    ] = None
    database_key_file: Annotated[
        Path | None, Field(description="A file that holds the key, instead of DATABASE_KEY.")
    ] = None
    media_dir: Annotated[Path, Field(description="The folder for photos and recordings.")] = Path("data/media")
    exports_dir: Annotated[Path, Field(description="The folder for workbooks and summaries.")] = Path("data/exports")
    backup_dir: Annotated[Path, Field(description="The folder for the daily copies of the database.")] = Path(
        "data/backups"
    )
    backups_kept: Annotated[int, Field(ge=1, le=30, description="How many daily copies are kept.")] = 14
    backup_through: Annotated[
        str, AfterValidator(_command), Field(description="A command that encrypts every copy, such as: age -r age1…")
    ] = ""
    study_file: Annotated[Path, Field(description="The study's cities, lines, consent text and hours.")] = Path(
        "study.toml"
    )
    timezone: Annotated[
        str, AfterValidator(zone_named), Field(description="The study's time zone: weeks and weekly work follow it.")
    ] = "Europe/Amsterdam"
    quiet_hours: Annotated[
        Annotated[str, AfterValidator(_hours)] | None,
        Field(description="When nobody is written to unasked, such as 21:00-08:30; goes before study.toml."),
    ] = None
    prompt_delay: Annotated[
        int, Field(ge=0, le=1440, description="Minutes between the end of a workshop and the questions.")
    ] = 15
    weekly_files: Annotated[
        str,
        AfterValidator(_formats),
        Field(
            description="What goes out on Monday, with commas between: workbook, and in one archive with it "
            + ", ".join(OFFERED)
            + "."
        ),
    ] = "workbook"
    qdpx_line_ends: Annotated[
        Literal["lf", "crlf"],
        Field(description="How lines end in the texts of .qdpx projects: lf, or crlf for NVivo on Windows."),
    ] = "lf"
    messages_per_second: Annotated[
        float, Field(gt=0, le=100_000, description="How many messages go out in a second at most; Telegram takes 30.")
    ] = 29
    messages_per_second_to_one: Annotated[
        float, Field(gt=0, le=100, description="How many of them to one person, after three at once; Telegram takes 1.")
    ] = 1
    repeat_after: Annotated[
        int, Field(ge=1, le=3600, description="Seconds before something is said again that may not have arrived.")
    ] = 120
    updates_per_minute: Annotated[
        int,
        Field(ge=10, le=100_000, description="How much of one person is handled in a minute; the rest waits its turn."),
    ] = 60
    webhook_url: Annotated[
        Annotated[str, AfterValidator(_address)] | None,
        Field(description="Where Telegram pushes updates; left out, they are fetched."),
    ] = None
    webhook_port: Annotated[
        int, Field(ge=1, le=65535, description="Where your web server hands pushed updates on, on this machine.")
    ] = 8443
    webhook_secret: Annotated[
        SecretStr | None, AfterValidator(_secret), Field(description="The word that proves that Telegram pushes.")
    ] = None
    smtp_host: Annotated[
        str | None, Field(description="The mail server for summaries by e-mail; left out, everything goes by chat.")
    ] = None
    smtp_port: Annotated[int, Field(ge=1, le=65535, description="Its port; 587 for STARTTLS, 465 for tls.")] = 587
    smtp_security: Annotated[
        Literal["starttls", "tls", "none"],
        Field(description="How the way there is encrypted; without it nothing is sent, but where this is none."),
    ] = "starttls"
    smtp_ca_file: Annotated[
        Path | None, Field(description="A file of certificates to trust instead of the system's.")
    ] = None
    smtp_username: Annotated[
        str | None, Field(description="The account at the mail server, where it asks for one.")
    ] = None
    smtp_password: Annotated[SecretStr | None, Field(description="Its password.")] = None
    smtp_from: Annotated[
        Annotated[str, AfterValidator(_mailbox)] | None,
        Field(description="Whom e-mail comes from, such as: Terugblik <terugblik@example.org>"),
    ] = None
    workbook_password: Annotated[
        SecretStr | None,
        AfterValidator(_long_password),
        Field(description="Opens the workbooks in e-mails; left out, they are not locked."),
    ] = None
    health_port: Annotated[
        int, Field(ge=0, le=65535, description="The port of /healthz and /metrics on this machine; 0 for none.")
    ] = 0
    log_format: Annotated[
        Literal["plain", "json"], Field(description="How the log is written: plain lines, or json for a collector.")
    ] = "plain"
    study_name: Annotated[str | None, Field(description="The study's name; goes before study.toml.")] = None
    contact: Annotated[str | None, Field(description="Whom people can ask; goes before study.toml.")] = None


def read_settings(env_file: Path) -> Settings:
    """The settings of the environment and, behind it, of a `.env` file. Raises BadConfiguration."""
    try:
        if unreadable := unreadable_lines(env_file):
            raise BadConfiguration(unreadable)
        settings = Settings(_env_file=env_file)
    except ValidationError as error:
        raise BadConfiguration(from_validation(error, "", _SECRETS)) from None
    except UnicodeDecodeError as error:
        raise BadConfiguration((Problem(str(env_file), error.reason, "a text in UTF-8"),)) from None
    except OSError as error:
        raise BadConfiguration((Problem(str(env_file), str(error.strerror), "a file that can be read"),)) from None
    if settings.webhook_url is not None and settings.webhook_secret is None:
        expected = "16 to 256 letters, digits, dashes or underscores, because WEBHOOK_URL is set"
        raise BadConfiguration((Problem("WEBHOOK_SECRET", "nothing", expected),))
    return settings


def without_effect(env_file: Path) -> tuple[str, ...]:
    """A sentence for each name in the file that is no setting."""
    return unknown_names(env_file, Settings.model_fields)


def env_text() -> str:
    """The text of `.env.example`: every setting with its meaning and what it is when left out."""
    lines = ["# Settings of Terugblik: copy to .env, or set them in the environment, which goes first."]
    for name, field in Settings.model_fields.items():
        required = field.is_required()
        default = "" if required or field.default is None else str(field.default)
        lines += ["", f"# {field.description}", f"{'' if required else '# '}{name.upper()}={default}"]
    return "\n".join(lines) + "\n"
