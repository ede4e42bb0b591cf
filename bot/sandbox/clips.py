"""A sample film to send."""

from importlib.resources import files


def sample_clip() -> bytes:
    """One second of a ball that rolls, WebM with VP8."""
    return files("bot.sandbox").joinpath("page", "sample.webm").read_bytes()
