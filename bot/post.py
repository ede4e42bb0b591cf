"""E-mail out: hands a letter to the mail server, encrypted on the way, and tells what became of it."""

import asyncio
import re
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Literal

import aiosmtplib
from aiosmtplib import (
    SMTP,
    SMTPAuthenticationError,
    SMTPException,
    SMTPRecipientsRefused,
    SMTPResponseException,
)
from pydantic import SecretStr

from bot.problems import BadConfiguration, Problem
from bot.settings import Settings, mailbox_of
from handlers.delivery.mailing import Envelope
from handlers.work import Failed, Hopeless

Security = Literal["starttls", "tls", "none"]

_PATIENCE = 60.0
"""Seconds the server may take for one answer."""
_ENHANCED = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
_TOO_BIG = 552


class Unsent(Failed):
    """The server did not take it, or did not say so, and may do so later; tried for most of a day."""

    most_tries = 12


class Returned(Hopeless):
    """The server will never take it."""


class TooBig(Returned):
    """The server takes no letter of this size."""


class NotEncrypted(Hopeless):
    """The way to the server is not as safe as it has to be; nothing was said to it."""


@dataclass(frozen=True, slots=True)
class Post:
    """The mail server and how it is spoken to."""

    host: str
    port: int
    envelope: Envelope
    username: str = ""
    password: str = field(default="", repr=False)
    security: Security = "starttls"
    ca_file: Path | None = None
    """Certificates to trust instead of the system's."""


async def deliver(post: Post, letter: EmailMessage, to: str) -> None:
    """Hand one letter over. Raises Unsent, Returned, TooBig or NotEncrypted; their words name nobody.

    Where the connection ends while the server is thinking, it may have taken the letter: sent again it has the same
    Message-ID, by which mailboxes tell it from a new one.
    """
    content = letter.as_bytes()
    async with connected(post) as server:
        room = server.esmtp_extensions.get("size", "")
        if room.isdecimal() and 0 < int(room) < len(content):
            raise TooBig(f"the mail server takes {room} bytes, and the letter has {len(content)}")
        await server.sendmail(post.envelope.sender.addr_spec, [to], content)


@asynccontextmanager
async def connected(post: Post) -> AsyncIterator[SMTP]:
    """The server, spoken to safely and logged in at. Raises Unsent, Returned or NotEncrypted."""
    # Reading the system's certificates takes a while.
    context = await asyncio.to_thread(_context, post)
    server = SMTP(
        hostname=post.host,
        port=post.port,
        use_tls=post.security == "tls",
        start_tls=False,
        tls_context=context,
        timeout=_PATIENCE,
    )
    try:
        await server.connect()
        await _enter(post, server)
        yield server
        await server.quit()
    except Failed:
        raise
    except Exception as failure:
        raise _told(post, failure) from None
    finally:
        server.close()


async def _enter(post: Post, server: SMTP) -> None:
    await server.ehlo()
    if post.security == "starttls":
        if not server.supports_extension("starttls"):
            raise NotEncrypted("SMTP_SECURITY: the mail server offers no STARTTLS, and nothing goes without")
        await server.starttls()
    if post.username:
        await server.login(post.username, post.password)


def _context(post: Post) -> ssl.SSLContext:
    """Certificates are always checked. Raises NotEncrypted."""
    try:
        return ssl.create_default_context(cafile=None if post.ca_file is None else str(post.ca_file))
    except OSError as error:
        raise NotEncrypted(f"SMTP_CA_FILE: {error.strerror or 'no certificates'}, expected a PEM file") from None


def _told(post: Post, failure: Exception) -> Failed:
    """What became of it in words of ours: a server's own may hold an address."""
    if isinstance(failure, ssl.SSLError) or isinstance(failure.__cause__, ssl.SSLError):
        return NotEncrypted(f"SMTP_HOST: the certificate of {post.host} is not one to trust")
    if isinstance(failure, SMTPRecipientsRefused):
        return _answered(failure.recipients[0], "the recipient")
    if isinstance(failure, SMTPAuthenticationError):
        return _answered(failure, "SMTP_USERNAME and SMTP_PASSWORD")
    if isinstance(failure, SMTPResponseException):
        return _answered(failure, "the sender" if isinstance(failure, aiosmtplib.SMTPSenderRefused) else "the letter")
    if isinstance(failure, SMTPException | OSError):
        return Unsent(f"the connection to the mail server failed: {type(failure).__name__}")
    raise failure


def _answered(answer: SMTPResponseException, what: str) -> Failed:
    enhanced = _ENHANCED.match(answer.message)
    code = f"{answer.code} {enhanced[0]}" if enhanced else f"{answer.code}"
    if answer.code == _TOO_BIG:
        return TooBig(f"the letter is too big for the mail server ({code})")
    if answer.code >= 500:
        return Returned(f"the mail server refuses {what} ({code})")
    return Unsent(f"the mail server does not take {what} now ({code})")


def post_of(settings: Settings, folder: Path) -> Post | None:
    """The mail server as the operator set it; None where there is none. Raises BadConfiguration."""
    if settings.smtp_host is None:
        return None
    if settings.smtp_from is None:
        raise BadConfiguration((Problem("SMTP_FROM", "nothing", "an address, because SMTP_HOST is set"),))
    if (settings.smtp_username is None) != (settings.smtp_password is None):
        missing = "SMTP_USERNAME" if settings.smtp_username is None else "SMTP_PASSWORD"
        raise BadConfiguration((Problem(missing, "nothing", "a value, because the other one is set"),))
    return Post(
        settings.smtp_host,
        settings.smtp_port,
        Envelope(mailbox_of(settings.smtp_from), _plain(settings.workbook_password)),
        settings.smtp_username or "",
        _plain(settings.smtp_password),
        settings.smtp_security,
        None if settings.smtp_ca_file is None else folder / settings.smtp_ca_file,
    )


def _plain(secret: SecretStr | None) -> str:
    return "" if secret is None else secret.get_secret_value()
