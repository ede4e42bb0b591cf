"""A questionnaire that comes in one file with its pictures."""

import io
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from forms.problems import Problem, Problems
from forms.sentences import sentence

BIGGEST_BUNDLE = 20 * 1024 * 1024
"""Bytes of a questionnaire with its pictures; the channel hands over no more."""
_FORMS = (".xlsx", ".xls", ".xml")
_PICTURES = (".jpg", ".jpeg", ".png", ".webp")
_MOST_ENTRIES = 200
_MOST_BYTES = 40 * 1024 * 1024
"""Of all that is unpacked; a small file can hold a very large one."""
_LARGEST_FORM = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Bundle:
    """The questionnaire's own file, and the pictures beside it by name."""

    questionnaire: bytes
    pictures: Mapping[str, bytes] = field(default_factory=dict)


def unpacked(content: bytes) -> Bundle:
    """What a sent file holds; a workbook by itself, itself a kind of zip, is a bundle without pictures.

    Raises Problems, and nothing else.
    """
    if not content.startswith(b"PK\x03\x04"):
        return Bundle(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if "[Content_Types].xml" in archive.namelist():
                return Bundle(content)
            return _read(archive)
    except Problems:
        raise
    # Damage shows as any of these, a password as RuntimeError, an unusual packing as NotImplementedError.
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError) as error:
        raise _wrong("bundle_unreadable", type(error).__name__) from error


def _read(archive: zipfile.ZipFile) -> Bundle:
    entries = [entry for entry in archive.infolist() if _is_shown(entry)]
    if len(entries) > _MOST_ENTRIES or sum(entry.file_size for entry in entries) > _MOST_BYTES:
        raise _wrong("bundle_too_large", f"{len(entries)}")
    forms = [entry for entry in entries if entry.filename.lower().endswith(_FORMS)]
    if len(forms) != 1:
        raise _wrong("bundle_forms", f"{len(forms)}")
    pictures = [entry for entry in entries if entry.filename.lower().endswith(_PICTURES)]
    return Bundle(
        _bytes(archive, forms[0], _LARGEST_FORM),
        {_name(entry): _bytes(archive, entry, _MOST_BYTES) for entry in pictures},
    )


def _bytes(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> bytes:
    """The entry's content; what it says of its own size is not believed."""
    with archive.open(entry) as stream:
        content = stream.read(min(most, entry.file_size) + 1)
    if len(content) > min(most, entry.file_size):
        raise _wrong("bundle_too_large", _name(entry))
    return content


def _is_shown(entry: zipfile.ZipInfo) -> bool:
    """Whether a person put it there, rather than their computer."""
    return not entry.is_dir() and "__MACOSX" not in entry.filename and not _name(entry).startswith((".", "~$"))


def _name(entry: zipfile.ZipInfo) -> str:
    return entry.filename.replace("\\", "/").rpartition("/")[2]


def _wrong(key: str, found: str) -> Problems:
    return Problems([Problem(None, None, None, found, sentence(key, found=found))])
