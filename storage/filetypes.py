"""What a file is, by its first bytes: what its sender calls it proves nothing."""

import re
from pathlib import Path

_LOOKED_AT = 4096
_STARTS: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF8", "image/gif"),
    (b"OggS", "audio/ogg"),
    (b"ID3", "audio/mpeg"),
    (b"fLaC", "audio/flac"),
    (b"#!AMR", "audio/amr"),
    (b"\x1a\x45\xdf\xa3", "video/webm"),
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"{\\rtf", "application/rtf"),
)
_UNPRINTED = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}
_SOUND_BRANDS = (b"M4A ", b"M4B ")
_PICTURE_BRANDS = (b"heic", b"heix", b"mif1", b"avif")
_BOTH = ("video/webm", "video/mp4", "audio/ogg")
"""Containers that hold sound with or without pictures."""


def type_of(path: Path) -> str | None:
    """The media type of the file's content; None for what is not known, programs among it."""
    with path.open("rb") as file:
        return sniffed(file.read(_LOOKED_AT))


def sniffed(start: bytes) -> str | None:
    """The media type that a file with these first bytes has; None for what is not known."""
    for mark, found in _STARTS:
        if start.startswith(mark):
            return found
    if start[:4] == b"RIFF":
        return _RIFF.get(start[8:12])
    if start[4:8] == b"ftyp":
        brand = start[8:12]
        return "audio/mp4" if brand in _SOUND_BRANDS else "image/heic" if brand in _PICTURE_BRANDS else "video/mp4"
    if len(start) > 1 and start[0] == 0xFF and start[1] & 0xE0 == 0xE0:
        return "audio/aac" if start[1] & 0x06 == 0 else "audio/mpeg"
    return "text/plain" if _is_text(start) else None


def fits(kind: str, mime: str | None) -> bool:
    """Whether content of this type may be kept as that kind of file; a picture is judged when it is made clean."""
    match kind:
        case "photo":
            return True
        case "voice":
            return mime is not None and (mime.startswith("audio/") or mime in _BOTH)
        case "video":
            return mime is not None and (mime.startswith("video/") or mime in _BOTH)
        case _:
            return mime is not None


def _is_text(start: bytes) -> bool:
    """Readable words, which a script for a shell is not."""
    if not start or start.startswith(b"#!") or _UNPRINTED.search(start):
        return False
    try:
        start.decode("utf-8")
    except UnicodeDecodeError as error:
        # The last sign may have been cut in two.
        return error.start > len(start) - 4 and len(start) == _LOOKED_AT
    return True
