"""The workbook of one city, questionnaire and period; runs in a thread and loads openpyxl only when it does."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from exports.about import about_sheet
from exports.course import Told, untold
from exports.fieldsheets import compliance_sheet, session_sheet, workshop_sheet
from exports.overview import overview_sheet, title
from exports.period import Period
from exports.reflectionsheets import (
    code_sheet,
    codebook_sheet,
    open_answer_sheet,
    reflection_sheet,
    repeat_sheets,
    revision_sheet,
)
from exports.request import Material, Request, expect_sum, forms_of, gathered
from exports.sheets import MOST_ROWS, Sheet, Tally
from exports.words import word
from fieldwork.study import City
from storage.tx import Rows

if TYPE_CHECKING:
    from exports.rendering import Properties

__all__ = ["Request", "Summary", "forms_of", "workbook_name", "write_workbook"]


@dataclass(frozen=True, slots=True)
class Summary:
    """What a workbook holds, for whoever announces it."""

    rows: int
    """Reflections."""
    people: int
    workshops: int
    """Workshops that the reflections are about."""
    left_out: Mapping[str, int]
    """Sessions that are not in it, by reason."""
    cleaned: int
    """Cells in which a character was replaced."""
    cut: int
    """Cells with a shortened text."""
    data_hash: str
    codes: frozenset[str]
    """Everyone who is in it, also who was asked only."""


def workbook_name(city: City, period: Period, form_id: str, ending: str = ".xlsx") -> str:
    """The file's name: `leiden_2026-W47_wijkwerkplaats_reflectie.xlsx`."""
    parts = (_plain(city.code), _plain(period.label), _plain(form_id))
    return "_".join(parts) + ending


def _plain(text: str) -> str:
    """Signs that every file system takes; what loses others gets a mark, or `a b` would be the file of `a-b`."""
    plain = re.sub(r"[^A-Za-z0-9_-]+", "-", text).strip("-")
    return plain if plain == text else f"{plain or 'x'}-{hashlib.sha256(text.encode()).hexdigest()[:4]}"


def write_workbook(
    rows: Rows, request: Request, target: Path | IO[bytes], told: Told = untold, most_rows: int = MOST_ROWS
) -> Summary:
    """Write the workbook to a path or a binary stream.

    A reflection belongs to the ISO week, in the study's time zone, in which it was sent or expired; a
    workshop, its prompts and the response to the week in which the workshop began. Exported are sessions
    that were sent or expired and are no tests; the sheet About counts the others by reason. The same rows
    give the same bytes. `told` hears how far it is. Rows beyond `most_rows` go on in a further sheet, and About
    says so. Raises RowsDoNotAddUp, UnknownForm and what `told` raises; `target` then holds no workbook.
    """
    with gathered(rows, request, told) as material:
        return summary_of(material, write_sheets(material, target, most_rows))


def write_sheets(material: Material, target: Path | IO[bytes], most_rows: int = MOST_ROWS) -> Tally:
    """Write the workbook of what was gathered; what its cells cost. Raises RowsDoNotAddUp."""
    from exports.rendering import render

    tally = Tally()
    render(_sheets(material, tally), properties_of(material), target, tally, most_rows)
    expect_sum(material.sessions, tally.rows["codes"], material.left_out)
    return tally


def properties_of(material: Material) -> "Properties":
    """What the file tells of itself."""
    from exports.rendering import Properties

    request = material.request
    return Properties(
        title=title(request),
        subject=word("phrase", "subject", request.language, form=request.form.form_id),
        keywords=word("phrase", "keywords", request.language),
        language=request.language,
        changed_on=material.changed_on,
        page=word("phrase", "page", request.language),
    )


def _sheets(material: Material, tally: Tally) -> list[Sheet]:
    return [
        overview_sheet(material),
        reflection_sheet(material),
        code_sheet(material),
        open_answer_sheet(material),
        session_sheet(material),
        compliance_sheet(material),
        workshop_sheet(material),
        codebook_sheet(material),
        revision_sheet(material),
        about_sheet(material, tally),
        *repeat_sheets(material),
    ]


def summary_of(material: Material, tally: Tally) -> Summary:
    """What a file of this material holds."""
    totals = material.totals
    return Summary(
        rows=totals.rows,
        people=len(totals.people),
        workshops=len(totals.workshops),
        left_out=dict(material.left_out),
        cleaned=tally.cleaned,
        cut=tally.cut,
        data_hash=totals.data_hash,
        codes=frozenset(totals.people | material.census.codes),
    )
