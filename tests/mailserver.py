"""A real mail server on this machine's own address, with a certificate of its own and the faults of others."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage
from functools import cache
from ipaddress import ip_address
from pathlib import Path
from types import SimpleNamespace

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bot.post import Post, Security
from handlers.delivery import mailing

USERNAME, PASSWORD = "terugblik", "correct horse"
SENDER = Address("Terugblik", addr_spec="terugblik@example.org")
HERE = "127.0.0.1"


@dataclass(slots=True)
class Faults:
    """What the server does wrong, once for each that is put here."""

    at_recipient: list[str] = field(default_factory=list)
    """Answers instead of taking the recipient."""
    at_data: list[str] = field(default_factory=list)
    """Answers instead of taking the letter."""
    drops: int = 0
    """So many letters are taken, and the connection ends before the server says so."""


@dataclass(slots=True)
class MailServer:
    """The server: what was handed to it, and where it is."""

    port: int
    certificate: Path
    faults: Faults = field(default_factory=Faults)
    letters: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    senders: list[str] = field(default_factory=list)
    """Of every letter that was begun."""

    def post(
        self,
        security: Security = "starttls",
        password: str = PASSWORD,
        workbook_password: str = "",
        certificate: Path | None = None,
    ) -> Post:
        """How to reach it."""
        return Post(
            HERE,
            self.port,
            mailing.Envelope(SENDER, workbook_password),
            USERNAME,
            password,
            security,
            certificate or self.certificate,
        )

    async def begun(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        self.senders.append(address)
        envelope.mail_from = address
        return "250 OK"

    async def addressed(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.faults.at_recipient:
            return self.faults.at_recipient.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handed_over(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.faults.at_data:
            return self.faults.at_data.pop(0)
        assert isinstance(envelope.content, bytes)
        self.letters.append(message_from_bytes(envelope.content, EmailMessage, policy=policy.default))
        self.recipients += envelope.rcpt_tos
        if self.faults.drops:
            self.faults.drops -= 1
            assert server.transport is not None
            server.transport.abort()  # type: ignore[attr-defined]
        return "250 OK"


def _authenticated(server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: object) -> AuthResult:
    assert isinstance(given, LoginPassword)
    return AuthResult(success=given == LoginPassword(USERNAME.encode(), PASSWORD.encode()), handled=False)


@asynccontextmanager
async def mail_server(
    folder: Path, *, offers_starttls: bool = True, room: int = 33_554_432
) -> AsyncIterator[MailServer]:
    """A server for as long as the block lasts."""
    certificate, key = make_certificate(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    kept = MailServer(0, certificate)
    loop = asyncio.get_running_loop()

    def protocol() -> SMTP:
        return SMTP(
            SimpleNamespace(handle_MAIL=kept.begun, handle_RCPT=kept.addressed, handle_DATA=kept.handed_over),
            hostname="mail.example.org",
            tls_context=context if offers_starttls else None,
            require_starttls=offers_starttls,
            auth_required=offers_starttls,
            authenticator=_authenticated,
            data_size_limit=room,
            loop=loop,
        )

    server = await loop.create_server(protocol, HERE, 0)
    kept.port = server.sockets[0].getsockname()[1]
    try:
        yield kept
    finally:
        server.close()


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate that this machine signed for its own address, and its key."""
    folder.mkdir(parents=True, exist_ok=True)
    certificate, key = folder / "mail.pem", folder / "mail.key"
    for path, content in zip((certificate, key), _signed(folder.name), strict=True):
        path.write_bytes(content)
    return certificate, key


@cache
def _signed(seed: str) -> tuple[bytes, bytes]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.example.org")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(HERE))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return certificate.public_bytes(serialization.Encoding.PEM), private
