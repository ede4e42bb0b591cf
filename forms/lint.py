"""Finds what is wrong in a workbook, sheet by sheet, before and beside its compiling."""

from collections.abc import Iterator

from forms import columns
from forms.columns import column, nearest
from forms.listlint import choices_of, sizes_of
from forms.problems import Problem, Severity, shortened
from forms.rows import setting_of
from forms.sentences import sentence
from forms.surveylint import Survey
from forms.workbook import Sheet, Workbook


def found_in(workbook: Workbook) -> tuple[Problem, ...]:
    """Every problem of the workbook's cells, in the order of sheets, rows and columns."""
    survey = Survey(workbook.sheets["survey"], workbook.sheets.get("choices"))
    problems = [
        *_headers(workbook),
        *survey.problems(),
        *choices_of(workbook),
        *sizes_of(workbook),
        *_settings(workbook),
        *_other_sheets(workbook),
        *_near_sheets(workbook),
    ]
    order = list(workbook.sheets)
    return tuple(sorted(problems, key=lambda problem: (order.index(problem.sheet or "survey"), problem.row or 0)))


def _headers(workbook: Workbook) -> Iterator[Problem]:
    for name, known in (("survey", columns.SURVEY | columns.OWN), ("settings", columns.SETTINGS)):
        sheet = workbook.sheets.get(name)
        for header in sheet.columns if sheet else ():
            if column(header) not in known:
                yield _unknown_column(sheet, header, known)
    choices = workbook.sheets.get("choices")
    for header in choices.columns if choices else ():
        # A list may have columns of its own, so only a slip of a known one is told.
        if column(header) not in columns.CHOICES and nearest(column(header), columns.CHOICES):
            yield _unknown_column(choices, header, columns.CHOICES, may_be_own=True)


def _unknown_column(sheet: Sheet | None, header: str, known: frozenset[str], may_be_own: bool = False) -> Problem:
    rows = sheet.rows if sheet else ()
    first = next((row for row in rows if header in row.cells), None)
    meant = nearest(column(header), sorted(known))
    is_slip = bool(meant and first)
    key, severity = ("near_column", Severity.ERROR) if is_slip else ("ignored_column", Severity.IGNORED)
    if is_slip and may_be_own and meant in {column(each) for each in (sheet.columns if sheet else ())}:
        # Beside `label` a column `label2` is one of the author's own, to be filtered by.
        key, severity = "ignored_column", Severity.WARNING
    return Problem(
        sheet.name if sheet else None,
        first.number if first else 1,
        header,
        shortened(first.cells[header]) if first else "",
        sentence(key),
        meant,
        severity,
    )


def _other_sheets(workbook: Workbook) -> Iterator[Problem]:
    for name, told in (("entities", "entities"), ("external_choices", "select_one_external"), ("osm", "osm")):
        if name in {sheet.strip().lower() for sheet in workbook.names}:
            yield Problem(None, None, None, name, sentence("not_supported", found=told))


def _near_sheets(workbook: Workbook) -> Iterator[Problem]:
    """Sheets that are called almost as one that is missing."""
    names = {sheet.strip().lower() for sheet in workbook.names}
    for name in workbook.names:
        meant = nearest(name.strip().lower(), ("survey", "choices", "settings"))
        if meant and meant not in names and meant not in workbook.sheets:
            message = sentence("near_sheet", found=shortened(name))
            yield Problem(None, None, None, shortened(name), message, meant, Severity.WARNING)


def _settings(workbook: Workbook) -> Iterator[Problem]:
    if setting_of(workbook, "public_key"):
        found = sentence("not_supported", found="encryption (public_key)")
        yield Problem("settings", 2, "public_key", "", found)
    if not setting_of(workbook, "form_id"):
        sheet = "settings" if "settings" in workbook.sheets else None
        message = sentence("no_form_id", found="data")
        yield Problem(sheet, None, None, "", message, None, Severity.WARNING)
