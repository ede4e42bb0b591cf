"""Voice notes: how long one lasts, and a sample to send."""

from importlib.resources import files

OPUS_RATE = 48_000
SAMPLE_SECONDS = 4


def sample_voice() -> bytes:
    """A voice note of `SAMPLE_SECONDS` seconds, Ogg with Opus."""
    return files("bot.sandbox").joinpath("page", "sample.oga").read_bytes()


def seconds_of(content: bytes) -> int:
    """How long an Ogg Opus recording lasts, in whole seconds; 0 when that cannot be told.

    The last page's granule position counts samples at 48 kHz, at bytes 6 to 14 after its mark.
    """
    start = content.rfind(b"OggS")
    if start < 0 or len(content) < start + 14:
        return 0
    samples = int.from_bytes(content[start + 6 : start + 14], "little", signed=True)
    return max(1, round(samples / OPUS_RATE))
