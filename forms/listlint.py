"""Finds what is wrong in the lists of choices."""

from collections import Counter
from collections.abc import Iterator, Sequence

from forms.columns import column, list_of
from forms.problems import Problem, Severity, shortened
from forms.question import Kind
from forms.rows import cells_of, languages_of, setting_of
from forms.sentences import sentence
from forms.workbook import Row, Workbook

_LONGEST_CHOICE = 100
_MOST_CHOICES = 100


def choices_of(workbook: Workbook) -> Iterator[Problem]:
    sheet = workbook.sheets.get("choices")
    if sheet is None or not sheet.rows:
        return
    for name in {"list_name", "name"} - {column(header) for header in sheet.columns}:
        yield Problem("choices", 1, None, name, sentence("no_column", found=name))
    seen: set[tuple[str, str]] = set()
    several = _lists_of_several(workbook)
    may_repeat = setting_of(workbook, "allow_choice_duplicates").lower() in ("yes", "true")
    for row in sheet.rows:
        cells = cells_of(row)
        of_list, name = cells.get("list_name", ""), cells.get("name", "")
        yield from _choice(row.number, of_list, name, seen, of_list in several)
        if not may_repeat:
            seen.add((of_list, name))


def _lists_of_several(workbook: Workbook) -> frozenset[str]:
    """The lists of which more than one choice can be taken: their codes are kept with spaces between."""
    selected = (list_of(cells_of(row).get("type", "")) for row in workbook.sheets["survey"].rows)
    return frozenset(found[1] for found in selected if found and found[0] is Kind.SELECT_MULTIPLE)


def _choice(number: int, of_list: str, name: str, seen: set[tuple[str, str]], is_several: bool) -> Iterator[Problem]:
    if not of_list:
        return
    if not name:
        yield Problem("choices", number, "name", "", sentence("no_name"))
    elif len(name.split()) > 1:
        message = sentence("space_in_choice", found=shortened(name))
        severity = Severity.ERROR if is_several else Severity.WARNING
        yield Problem("choices", number, "name", shortened(name), message, None, severity)
    if name and (of_list, name) in seen:
        yield Problem("choices", number, "name", name, sentence("same_choice", found=shortened(name)))


def sizes_of(workbook: Workbook) -> Iterator[Problem]:
    sheet = workbook.sheets.get("choices")
    rows = sheet.rows if sheet else ()
    languages = languages_of(sheet) if sheet else {}
    sizes = Counter(name for row in rows if (name := cells_of(row).get("list_name")))
    beyond = _rows_beyond(rows)
    for name, count in sizes.items():
        if count > _MOST_CHOICES:
            message = sentence("long_list", found=shortened(name), count=count, most=_MOST_CHOICES)
            yield Problem("choices", beyond[name], "list_name", shortened(name), message, None, Severity.WARNING)
    for row in rows:
        yield from _wording(row, languages.get("label", []))


def _rows_beyond(rows: Sequence[Row]) -> dict[str, int]:
    """The row at which each list grows too long."""
    counted: Counter[str] = Counter()
    found: dict[str, int] = {}
    for row in rows:
        name = cells_of(row).get("list_name", "")
        counted[name] += 1
        if counted[name] > _MOST_CHOICES:
            found.setdefault(name, row.number)
    return found


def _wording(row: Row, labels: list[str]) -> Iterator[Problem]:
    for header, cell in row.cells.items():
        if column(header) == "label" and len(cell) > _LONGEST_CHOICE:
            message = sentence("long_choice", found=len(cell))
            yield Problem("choices", row.number, header, shortened(cell), message, None, Severity.WARNING)
    missing = [header for header in labels if header not in row.cells]
    if missing and len(missing) < len(labels):
        message = sentence("no_translation", found=", ".join(each.partition("::")[2].strip() for each in missing))
        yield Problem("choices", row.number, missing[0], "", message, None, Severity.WARNING)
