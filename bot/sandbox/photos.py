"""Pictures: their sizes as Telegram lists them, and a sample to send."""

import io
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont, UnidentifiedImageError

from bot.sandbox.files import FileShelf, StoredFile

THUMBNAIL_SIDE = 320
_TYPES = {"JPEG": (".jpg", "image/jpeg"), "PNG": (".png", "image/png")}


@dataclass(frozen=True, slots=True)
class PhotoSize:
    """One size of a photo; pixels."""

    file: StoredFile
    width: int
    height: int

    def as_json(self) -> dict[str, object]:
        """The Bot API's PhotoSize object."""
        return {**self.file.as_json(), "width": self.width, "height": self.height}


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture in one or more sizes, smallest first; the last is the bytes as they were sent."""

    sizes: tuple[PhotoSize, ...]

    @property
    def content(self) -> bytes:
        """The largest size."""
        return self.sizes[-1].file.content


def keep_photo(shelf: FileShelf, content: bytes) -> Photo:
    """Stores a picture and its thumbnail.

    Telegram compresses photos and drops their metadata; the sandbox keeps the sender's bytes, so that a
    bot which must remove the place from a photo can be seen to do so. Raises ValueError for anything but
    JPEG and PNG.
    """
    try:
        with Image.open(io.BytesIO(content), formats=list(_TYPES)) as picture:
            suffix, content_type = _TYPES[picture.format or "JPEG"]
            largest = PhotoSize(
                shelf.keep(content, "photos", f"photo{suffix}", content_type), picture.width, picture.height
            )
            if max(picture.size) <= THUMBNAIL_SIDE:
                return Photo((largest,))
            return Photo((_thumbnail(shelf, picture), largest))
    except (UnidentifiedImageError, OSError) as error:
        raise ValueError(f"a photo is a JPEG or PNG picture; these {len(content)} bytes are not") from error


def _thumbnail(shelf: FileShelf, picture: Image.Image) -> PhotoSize:
    small = picture.convert("RGB")
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    content = io.BytesIO()
    small.save(content, "JPEG", quality=80)
    file = shelf.keep(content.getvalue(), "photos", "photo.jpg", "image/jpeg")
    return PhotoSize(file, small.width, small.height)


_NOTES = (
    ((70, 150, 330, 290), "#ffe08a", "meer groen"),
    ((370, 170, 640, 310), "#ffb3a7", "speelplek?"),
    ((680, 140, 930, 280), "#b7e4c7", "samen eten"),
    ((110, 350, 380, 490), "#b7d7f5", "licht in\nde steeg"),
    ((430, 370, 690, 510), "#ffe08a", "wie belt\nde gemeente"),
    ((730, 340, 950, 480), "#e2c6f0", "bankje"),
)


def sample_photo() -> bytes:
    """A JPEG of a flip chart after a workshop, with a place in its metadata as phones put it there."""
    picture = Image.new("RGB", (1024, 768), "#8a8f94")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((30, 24, 994, 744), fill="#fbfaf6", outline="#5d6166", width=6)
    draw.text((70, 56), "Wat wil de straat?", fill="#22303c", font=ImageFont.load_default(54))
    for box, colour, words in _NOTES:
        draw.rectangle(box, fill=colour, outline="#00000022")
        draw.multiline_text((box[0] + 20, box[1] + 26), words, fill="#22303c", font=ImageFont.load_default(34))
    draw.line(((330, 220), (370, 240)), fill="#c0392b", width=5)
    draw.line(((560, 310), (560, 370)), fill="#c0392b", width=5)
    small = ImageFont.load_default(34)
    draw.text((70, 640), "volgende keer: jongeren erbij, gemeente bellen", fill="#c0392b", font=small)
    content = io.BytesIO()
    picture.save(content, "JPEG", quality=85, exif=_place())
    return content.getvalue()


def _place() -> Image.Exif:
    """Metadata with a camera and the coordinates of a square in Utrecht."""
    exif = Image.Exif()
    exif[0x010F] = "Sandbox"
    exif[0x8825] = {1: "N", 2: (52.0, 6.0, 8.4), 3: "E", 4: (5.0, 6.0, 45.7)}
    return exif
