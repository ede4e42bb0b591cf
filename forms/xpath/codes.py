"""Fingerprints, decoding and unique names."""

import base64
import hashlib
import uuid

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
    found = uuid.UUID(bytes=hashlib.sha256(f"uuid {run.random()!r}".encode()).digest()[:16], version=4)
    if not arguments:
        return str(found)
    length = number(run.of(arguments[0]))
    letters = base64.b32encode(hashlib.sha512(found.bytes).digest()).decode().rstrip("=")
    return letters[: int(length)] if length > 0 else ""
