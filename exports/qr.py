"""A link as a QR code: a picture to scan from a phone, or blocks in a terminal."""

from io import StringIO
from pathlib import Path

import segno

_SCALE = 10
"""Pixels a module; with its margin a code of ours is some 450 pixels wide."""


def write_picture(link: str, target: Path) -> None:
    """A PNG of the link."""
    segno.make_qr(link, error="m").save(str(target), kind="png", scale=_SCALE)


def in_blocks(link: str) -> str:
    """The code as lines of half blocks, dark on light."""
    drawn = StringIO()
    segno.make_qr(link, error="l").terminal(drawn, compact=True)
    return drawn.getvalue()
