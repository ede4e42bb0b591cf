"""Fingerprints, decoding and unique names."""

import base64
import hashlib

from forms.xpath.run import Run
from forms.xpath.syntax import Node
from forms.xpath.values import Value, number, text

_KINDS = {"MD5": "md5", "SHA-1": "sha1", "SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512"}


def digest(value: Value, kind: Value, written: Value = "base64") -> Value:
    """The fingerprint of a text; blank for a kind that does not exist."""
    name = _KINDS.get(text(kind).upper())
    if name is None:
        return ""
    found = hashlib.new(name, text(value).encode(), usedforsecurity=False).digest()
    return found.hex() if text(written).lower() == "hex" else base64.b64encode(found).decode()


def decoded(value: Value) -> Value:
    """The text that base64 stands for; blank where it stands for none."""
    try:
        return base64.b64decode(text(value), validate=True).decode()
    except ValueError:
        return ""


def unique(run: Run, arguments: tuple[Node, ...]) -> Value:
    """A name that no other session has; with a length, so many letters and digits."""
    found = _version_four(hashlib.sha256(f"uuid {run.random()!r}".encode()).digest()[:16])
    if not arguments:
        written = found.hex()
        return "-".join((written[:8], written[8:12], written[12:16], written[16:20], written[20:]))
    length = number(run.of(arguments[0]))
    letters = base64.b32encode(hashlib.sha512(found).digest()).decode().rstrip("=")
    return letters[: int(length)] if length > 0 else ""


def _version_four(drawn: bytes) -> bytes:
    """Sixteen drawn bytes with the marks of a random UUID (version 4) in them."""
    found = bytearray(drawn)
    found[6] = found[6] & 0x0F | 0x40
    found[8] = found[8] & 0x3F | 0x80
    return bytes(found)
