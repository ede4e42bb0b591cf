"""The kinds of files there are, and how each is made."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from random import Random

from exports.archive import Archive
from exports.course import Told, untold
from exports.enclosing import FOLDER, Enclosed, enclosed
from exports.package import write_package
from exports.packagefields import Profile
from exports.period import Period
from exports.qda import write_project
from exports.request import Material, Request, gathered
from exports.sheets import Tally
from exports.spss import write_spss
from exports.survey import write_survey
from exports.workbook import Summary, summary_of, workbook_name, write_sheets
from fieldwork.study import City
from storage import quotes
from storage.files import aside_of
from storage.tx import Rows


class Format(StrEnum):
    """What a coordinator, an operator or the weekly work can ask for."""

    WORKBOOK = "workbook"
    ZIP = "zip"
    """The workbook with photos and recordings beside it."""
    QDPX = "qdpx"
    """A REFI-QDA project."""
    SAV = "sav"
    """SPSS."""
    SURVEY = "survey"
    """A workbook of one sheet that ATLAS.ti reads as a survey."""
    PACKAGE = "package"
    """A data package for use inside the study."""
    DEPOSIT = "deposit"
    """A data package to be deposited in an archive."""
    XFORMS = "xforms"
    """A folder with an instance for every reflection; see `exports.xforms`."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a file is made with beside the rows."""

    media: Path
    """The folder of photos and recordings."""
    random: Random
    """For what must be different each time."""
    line_end: str = "\n"
    """In the texts of a REFI-QDA project."""


Make = Callable[[Material, Path, Surroundings], Tally]
"""Writes one file, and gives what that cost."""


def _workbook(material: Material, target: Path, around: Surroundings) -> Tally:
    return write_sheets(material, target)


def _project(material: Material, target: Path, around: Surroundings) -> Tally:
    return write_project(material, target, around.media, around.line_end)


def _spss(material: Material, target: Path, around: Surroundings) -> Tally:
    return write_spss(material, target)


def _survey(material: Material, target: Path, around: Surroundings) -> Tally:
    return write_survey(material, target)


def _package(material: Material, target: Path, around: Surroundings) -> Tally:
    return write_package(material, target, Profile.INTERNAL, around.random)


def _deposit(material: Material, target: Path, around: Surroundings) -> Tally:
    return write_package(material, target, Profile.DEPOSIT, around.random)


_FILES: Mapping[Format, tuple[str, Make]] = {
    Format.WORKBOOK: (".xlsx", _workbook),
    Format.QDPX: (".qdpx", _project),
    Format.SAV: (".sav", _spss),
    Format.SURVEY: ("_survey.xlsx", _survey),
    Format.PACKAGE: ("_package.zip", _package),
    Format.DEPOSIT: ("_deposit.zip", _deposit),
}
"""The end of the file's name, and what writes it."""

OFFERED: tuple[Format, ...] = (Format.ZIP, *(each for each in _FILES if each is not Format.WORKBOOK))
"""What can be asked for instead of a workbook, and put beside it every week."""


WITH_MEDIA = frozenset({Format.ZIP, Format.QDPX})
"""Formats that hold photos and recordings."""


def file_name(city: City, period: Period, form_id: str, wanted: Sequence[Format]) -> str:
    """What a file of these formats is called; several are one archive."""
    return workbook_name(city, period, form_id, ".zip" if _is_archive(wanted) else _FILES[wanted[0]][0])


def write_file(
    rows: Rows, request: Request, wanted: Sequence[Format], target: Path, around: Surroundings, told: Told = untold
) -> Summary:
    """Write one file: of one format as it is, of several, or with photos and recordings, an archive of all.

    The rows and their order are those of the workbook; the same rows give the same bytes, but for a deposit. `told`
    hears how far it is. Raises RowsDoNotAddUp, UnknownForm and what `told` raises; `target` then holds no such file.
    """
    with gathered(rows, request, told) as gathering:
        material = replace(gathering, cleared=quotes.cleared(rows, request.city.code, request.form.form_id))
        if _is_archive(wanted):
            tally = _archive(material, wanted, target, around)
        else:
            tally = _FILES[wanted[0]][1](material, target, around)
        summary = summary_of(material, tally)
        told(summary.rows, summary.rows)
        return summary


def _is_archive(wanted: Sequence[Format]) -> bool:
    return len(wanted) > 1 or Format.ZIP in wanted


def _archive(material: Material, wanted: Sequence[Format], target: Path, around: Surroundings) -> Tally:
    """The workbook, the files of the other formats, and the photos and recordings where they are wanted."""
    beside = enclosed(material.reflections, around.media) if Format.ZIP in wanted else Enclosed()
    linked = replace(material, enclosed=beside if Format.ZIP in wanted else None)
    request, tally = material.request, Tally()
    with aside_of(target) as aside, Archive(target, "w") as archive:
        for each, (ending, make) in _FILES.items():
            if each is not Format.WORKBOOK and each not in wanted:
                continue
            file = aside / workbook_name(request.city, request.period, request.form.form_id, ending)
            cost = make(linked, file, around)
            tally = cost if each is Format.WORKBOOK else tally
            archive.enclose(file, file.name)
            file.unlink()
        for name, path in beside.files.items():
            archive.enclose(path, f"{FOLDER}/{name}")
    return tally
