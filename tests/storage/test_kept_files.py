"""Files appear whole or not at all, and pictures are kept without what the camera knows."""

import hashlib
import io
import stat
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from storage.files import sha256_of, write_whole
from storage.pictures import LONGEST_SIDE, NotAPicture, clean

ORIENTATION, MAKE, GPS = 0x0112, 0x010F, 0x8825
QUARTER_TURN = 6
RED, BLUE = (250, 10, 10), (10, 10, 250)


def a_photo(path: Path, size: tuple[int, int] = (80, 40), orientation: int | None = None) -> Path:
    """A photo, red on the left and blue on the right, with a camera's name and a place in it."""
    image = Image.new("RGB", size, RED)
    image.paste(BLUE, (size[0] // 2, 0, size[0], size[1]))
    exif = Image.Exif()
    exif[MAKE] = "Camera of Fatima"
    exif.get_ifd(GPS)[1] = "N"
    if orientation is not None:
        exif[ORIENTATION] = orientation
    image.save(path, "JPEG", exif=exif, quality=95, comment=b"in front of number 12")
    return path


def color(image: Image.Image, x: int, y: int) -> str:
    pixel = image.getpixel((x, y))
    assert isinstance(pixel, tuple)
    return "red" if pixel[0] > pixel[2] else "blue"


def test_a_kept_picture_knows_neither_camera_nor_place(tmp_path: Path) -> None:
    source, target = a_photo(tmp_path / "in.jpg"), tmp_path / "out.jpg"
    assert b"Camera of Fatima" in source.read_bytes()
    clean(source, target)
    kept = target.read_bytes()
    assert not any(word in kept for word in (b"Exif", b"Camera of Fatima", b"number 12", b"ICC_PROFILE"))
    with Image.open(target) as picture:
        assert (picture.format, picture.size) == ("JPEG", (80, 40))
        assert dict(picture.getexif()) == {}
        assert (color(picture, 10, 20), color(picture, 70, 20)) == ("red", "blue")


def test_a_picture_is_kept_the_way_up_it_was_taken(tmp_path: Path) -> None:
    clean(a_photo(tmp_path / "in.jpg", orientation=QUARTER_TURN), tmp_path / "out.jpg")
    with Image.open(tmp_path / "out.jpg") as picture:
        assert picture.size == (40, 80)
        assert (color(picture, 20, 10), color(picture, 20, 70)) == ("red", "blue")


def test_a_picture_keeps_no_more_pixels_than_needed(tmp_path: Path) -> None:
    clean(a_photo(tmp_path / "in.jpg", (LONGEST_SIDE * 2, 400)), tmp_path / "out.jpg")
    with Image.open(tmp_path / "out.jpg") as picture:
        assert picture.size == (LONGEST_SIDE, 200)


def test_a_transparent_picture_with_words_in_it_is_kept_without_them(tmp_path: Path) -> None:
    from PIL.PngImagePlugin import PngInfo

    words = PngInfo()
    words.add_text("Author", "Fatima")
    Image.new("RGBA", (20, 20), (10, 10, 250, 128)).save(tmp_path / "in.png", pnginfo=words)
    clean(tmp_path / "in.png", tmp_path / "out.jpg")
    assert b"Fatima" not in (tmp_path / "out.jpg").read_bytes()


HEADS = (b"", b"no picture", b"%PDF-1.7\n", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n" + b"\0" * 40)


@pytest.mark.parametrize("content", HEADS)
def test_what_is_no_picture_is_refused_and_leaves_nothing(tmp_path: Path, content: bytes) -> None:
    source, target = tmp_path / "in.jpg", tmp_path / "out.jpg"
    source.write_bytes(content)
    with pytest.raises(NotAPicture, match=r"in\.jpg"):
        clean(source, target)
    assert not target.exists()


@pytest.mark.parametrize("kind", ["BMP", "TIFF", "EPS", "PPM"])
def test_kinds_of_picture_that_phones_do_not_send_are_refused(tmp_path: Path, kind: str) -> None:
    Image.new("RGB", (20, 20), RED).save(tmp_path / "in.jpg", kind)
    with pytest.raises(NotAPicture):
        clean(tmp_path / "in.jpg", tmp_path / "out.jpg")


def photo_bytes(kind: str) -> bytes:
    stream = io.BytesIO()
    exif = Image.Exif()
    exif[MAKE], exif[ORIENTATION] = "Camera", QUARTER_TURN
    Image.new("RGB", (24, 16), RED).save(stream, kind, exif=exif)
    return stream.getvalue()


PHOTOS = st.sampled_from([photo_bytes(kind) for kind in ("JPEG", "PNG", "WEBP")])
HARM = st.lists(st.tuples(st.integers(0, 2000), st.binary(min_size=1, max_size=4)), min_size=1, max_size=6)


@pytest.mark.filterwarnings("ignore")
@given(PHOTOS, HARM, st.integers(0, 2000))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_harmed_picture_is_kept_clean_or_refused(
    tmp_path: Path, photo: bytes, harm: list[tuple[int, bytes]], cut: int
) -> None:
    content = bytearray(photo)
    for place, piece in harm:
        at = place % len(content)
        content[at : at + len(piece)] = piece
    source, target = tmp_path / "in.jpg", tmp_path / "out.jpg"
    source.write_bytes(content[: len(content) - cut % 200])
    try:
        clean(source, target)
    except NotAPicture:
        return
    assert b"Camera" not in target.read_bytes()


def test_a_file_appears_whole_and_for_its_owner_only(tmp_path: Path) -> None:
    target = tmp_path / "new" / "week.xlsx"

    def write(aside: Path) -> None:
        aside.write_bytes(b"first half, ")
        assert not target.exists()
        with aside.open("ab") as file:
            file.write(b"second half")

    write_whole(target, write)
    assert target.read_bytes() == b"first half, second half"
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert stat.S_IMODE(target.parent.stat().st_mode) == 0o700
    assert list(target.parent.iterdir()) == [target]


def test_a_file_that_fails_halfway_leaves_nothing(tmp_path: Path) -> None:
    def fail(aside: Path) -> None:
        aside.write_bytes(b"half")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_whole(tmp_path / "week.xlsx", fail)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_fails_halfway_leaves_the_old_one(tmp_path: Path) -> None:
    target = tmp_path / "week.xlsx"
    write_whole(target, lambda aside: aside.write_bytes(b"old"))
    with pytest.raises(FileNotFoundError):
        write_whole(target, lambda aside: None)
    assert target.read_bytes() == b"old"
    write_whole(target, lambda aside: aside.write_bytes(b"new"))
    assert target.read_bytes() == b"new"


@pytest.mark.parametrize("size", [0, 1, 300_000])
def test_a_file_has_its_hash(tmp_path: Path, size: int) -> None:
    content = b"x" * size
    (tmp_path / "file").write_bytes(content)
    assert sha256_of(tmp_path / "file") == hashlib.sha256(content).hexdigest()
