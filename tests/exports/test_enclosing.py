"""A workbook with its photos and recordings beside it."""

import io
import os
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook

from exports.formats import Format
from storage.files import sweep
from tests.exports.city import PHOTO, VOICE, Place

BOOK = "leiden_all_stad.xlsx"


@pytest.fixture(scope="module")
def archive(place: Place, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("zip") / "leiden.zip"
    summary = place.written(Format.ZIP, target)
    assert summary.rows == 4
    return target


def parts(archive: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(archive) as file:
        assert file.testzip() is None
        return {name: file.read(name) for name in file.namelist()}


def test_the_files_of_who_agreed_lie_beside_the_workbook_as_they_were_sent(archive: Path) -> None:
    found = parts(archive)
    assert set(found) == {BOOK, "media/photo-1.jpg", "media/voice-2.ogg"}
    assert (found["media/photo-1.jpg"], found["media/voice-2.ogg"]) == (PHOTO, VOICE)


def test_the_cells_open_the_files_by_a_path_from_the_workbook_itself(archive: Path) -> None:
    book = load_workbook(io.BytesIO(parts(archive)[BOOK]))
    links = {
        (sheet.title, cell.value, cell.hyperlink.target)
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.hyperlink
    }
    assert links == {
        ("Open antwoorden", "media/photo-1.jpg", "media/photo-1.jpg"),
        ("Open antwoorden", "media/voice-2.ogg", "media/voice-2.ogg"),
        ("Reflecties", "media/photo-1.jpg", "media/photo-1.jpg"),
    }
    header, *rows = book["Open antwoorden"].iter_rows(values_only=True)
    spoken = [dict(zip(header, row, strict=True)) for row in rows if row[header.index("kind")] == "voice"]
    assert [(row["file"], row["seconds"]) for row in spoken] == [
        ("media/voice-2.ogg", 34),
        ("voice-3.ogg", 5),
        ("voice-9.ogg", 8),
    ]


def test_about_names_every_file_that_does_not_go_along_with_the_reason(archive: Path) -> None:
    book = load_workbook(io.BytesIO(parts(archive)[BOOK]))
    told = list(book["Over deze export"].iter_rows(values_only=True))
    assert ("Foto's en opnamen in de map media", 2, None) in told
    assert [row[1:] for row in told if row[0] == "Niet in de map media"] == [
        ("voice-3.ogg", "staat niet op zijn plaats"),
        ("voice-9.ogg", "geen toestemming voor foto's en opnamen"),
    ]


def test_what_a_crash_left_of_an_archive_is_gone_when_it_is_made_again(place: Place, tmp_path: Path) -> None:
    target = tmp_path / "leiden.zip"
    left = tmp_path / ".leiden.zip.parts"
    left.mkdir()
    (left / BOOK).write_bytes(b"half")
    place.written(Format.ZIP, target)
    assert list(tmp_path.iterdir()) == [target]


def test_what_a_crash_left_is_swept_away_when_it_is_old_and_nothing_else(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    inside, old, new, whole = (tmp_path / name for name in (".a.zip.parts", ".a.zip.part", ".b.zip.part", "c.zip"))
    inside.mkdir()
    for file in (inside / "a.xlsx", old, new, whole):
        file.write_bytes(b"half")
    for path in (inside, old, whole):
        os.utime(path, (1e9, 1e9))
    sweep(tmp_path, now - timedelta(days=1))
    assert sorted(tmp_path.iterdir()) == [new, whole]


def test_a_workbook_alone_has_no_links(place: Place, tmp_path: Path) -> None:
    place.written(Format.WORKBOOK, tmp_path / BOOK)
    book = load_workbook(tmp_path / BOOK)
    assert not any(cell.hyperlink for sheet in book for row in sheet.iter_rows() for cell in row)


@pytest.mark.parametrize("wanted", [one for one in Format if one not in ("xforms", "deposit")])
def test_the_same_rows_give_the_same_bytes(place: Place, tmp_path: Path, wanted: Format) -> None:
    for name, chance in (("a", 1), ("b", 2)):
        place.written(wanted, tmp_path / name, chance=chance)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"], "nothing is left lying about"
