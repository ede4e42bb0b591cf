"""The photos and recordings that go along with answers, and why some do not."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from exports.dataset import Reflection
from exports.words import Word
from storage.exporting import PartRow

FOLDER = "media"
"""Where they lie beside a workbook."""


class Absence(StrEnum):
    """Why a file does not go along."""

    NO_CONSENT = "no_consent"
    """The person did not agree, or no longer does, that photos and recordings are kept."""
    NOT_FETCHED = "not_fetched"
    """It was never had from the messenger, or its time to be kept was over."""
    NO_ELEMENT = "no_element"
    """The format has no place for a file of its kind."""
    GONE = "gone"
    """It was kept, and does not lie where it should."""


ABSENCES: Mapping[Absence, Word] = {
    Absence.NO_CONSENT: ("geen toestemming voor foto's en opnamen", "no consent for photos and recordings"),
    Absence.NOT_FETCHED: ("niet opgehaald, of niet langer bewaard", "not fetched, or no longer kept"),
    Absence.NO_ELEMENT: ("dit soort bestand past er niet in", "no place for this kind of file"),
    Absence.GONE: ("staat niet op zijn plaats", "is not in its place"),
}


@dataclass(frozen=True, slots=True)
class Enclosed:
    """By their own names, which tell nothing about anybody, in the order of the answers."""

    files: Mapping[str, Path] = field(default_factory=dict)
    absent: Mapping[str, Absence] = field(default_factory=dict)


def enclosed(reflections: Iterable[Reflection], media: Path) -> Enclosed:
    """What belongs to the answers that count and lies in the media folder."""
    files: dict[str, Path] = {}
    absent: dict[str, Absence] = {}
    for part in (part for each in reflections for part in parts_with_files(each)):
        absence = _absence(part, media)
        if absence is None:
            files[part.file] = media / part.file
        else:
            absent[part.file] = absence
    return Enclosed(files, absent)


def parts_with_files(reflection: Reflection) -> Iterator[PartRow]:
    """The messages of its answers that brought a file."""
    return (part for parts in reflection.parts.values() for part in parts if part.file)


def _absence(part: PartRow, media: Path) -> Absence | None:
    if not part.is_allowed:
        return Absence.NO_CONSENT
    if not part.is_kept:
        return Absence.NOT_FETCHED
    return None if (media / part.file).is_file() else Absence.GONE
