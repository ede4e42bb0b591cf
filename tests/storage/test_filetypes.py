"""Files are known by their first bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox import sample_clip, sample_photo, sample_voice
from storage.filetypes import fits, sniffed


@pytest.mark.parametrize(
    ("start", "mime"),
    [
        (sample_photo(), "image/jpeg"),
        (sample_voice(), "audio/ogg"),
        (sample_clip(), "video/webm"),
        (b"\x00\x00\x00\x18ftypmp42", "video/mp4"),
        (b"\x00\x00\x00\x18ftypM4A ", "audio/mp4"),
        (b"\x00\x00\x00\x18ftypheic", "image/heic"),
        (b"RIFF\x00\x00\x00\x00WAVE", "audio/wav"),
        (b"RIFF\x00\x00\x00\x00????", None),
        (b"\xff\xfb\x90\x00", "audio/mpeg"),
        (b"\xff\xf1\x50\x80", "audio/aac"),
        (b"%PDF-1.7", "application/pdf"),
        ("Notulen – één".encode(), "text/plain"),
        (b"#!/bin/sh\nrm x", None),
        (b"MZ\x90\x00", None),
        (b"\x7fELF", None),
        (b"", None),
    ],
)
def test_the_first_bytes_tell(start: bytes, mime: str | None) -> None:
    assert sniffed(start) == mime


def test_only_sound_is_kept_as_sound_and_only_film_as_film() -> None:
    assert [fits("voice", mime) for mime in ("audio/ogg", "video/webm", "image/png", "application/pdf", None)] == [
        True,
        True,
        False,
        False,
        False,
    ]
    assert [fits("video", mime) for mime in ("video/mp4", "audio/mpeg", "text/plain", None)] == [
        True,
        False,
        False,
        False,
    ]
    assert [fits("file", mime) for mime in ("application/pdf", "text/plain", None)] == [True, True, False]


@given(st.binary(max_size=5000))
def test_any_bytes_are_judged(start: bytes) -> None:
    found = sniffed(start)
    assert found is None or "/" in found
