"""Codes that exist in one file only: the same within it, and nothing outside leads from or to them."""

import base64
import hashlib
import hmac
from random import Random

_SIGNS = 10


class Pseudonyms:
    """Draws a secret and keeps it nowhere; when this is gone, nobody can make the same codes again."""

    def __init__(self, random: Random) -> None:
        self._secret = random.randbytes(32)

    def of(self, kind: str, thing: str | int) -> str:
        """The code of a thing: ten letters and digits, no two alike among a million things."""
        digest = hmac.digest(self._secret, f"{kind}\n{thing}".encode(), hashlib.sha256)
        return base64.b32encode(digest).decode()[:_SIGNS]
