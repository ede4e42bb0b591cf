"""Makes a received picture safe to keep: no place, no camera, no more pixels than needed.

Pillow is loaded by the first picture: a bot that waits does without.
"""

from pathlib import Path

LONGEST_SIDE = 2560
"""Pixels."""
_FORMATS = ("JPEG", "PNG", "WEBP")
"""What phones send; Pillow reads some of the others by starting programs."""


class NotAPicture(Exception):
    """The file is not a picture that can be read."""


def size_of(picture: Path) -> tuple[int, int] | None:
    """Its width and height in pixels; None where it is no picture."""
    from PIL import Image

    try:
        with Image.open(picture, formats=_FORMATS) as found:
            return found.size
    # As below: a broken file can raise anything.
    except Exception:
        return None


def clean(source: Path, target: Path) -> None:
    """Write the picture's pixels, and nothing else of it, to `target` as JPEG; the camera's turn is kept.

    Raises NotAPicture, and then there is no target.
    """
    from PIL import Image, ImageOps

    try:
        with Image.open(source, formats=_FORMATS) as picture:
            upright = ImageOps.exif_transpose(picture).convert("RGB")
    # Besides OSError Pillow lets through whatever its parts trip over in a broken file, SyntaxError among them.
    except Exception:
        raise NotAPicture(f"{source.name} is not a picture") from None
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    # A new image has the pixels only: EXIF, comments and profiles stay behind.
    bare = Image.new("RGB", upright.size)
    bare.paste(upright)
    bare.save(target, "JPEG", quality=88, optimize=True)
