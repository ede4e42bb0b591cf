"""Finds what is wrong in a workbook, cell by cell, before and beside its compiling."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from forms import columns
from forms.columns import bracket, column, list_of, nearest
from forms.problems import Problem, Severity, shortened
from forms.sentences import expression_sentence, sentence
from forms.workbook import Row, Sheet, Workbook
from forms.xpath.parser import parse
from forms.xpath.syntax import ExpressionError, Fault

_NAME = re.compile(r"[^\W\d][\w.\-]*")
_QUOTED = re.compile(r"\$\{\s*([^}]*?)\s*\}")
_PLAIN = frozenset({"yes", "no", "true", "false", "true()", "false()"})


def found_in(workbook: Workbook) -> tuple[Problem, ...]:
    """Every problem of the workbook's cells, in the order of sheets, rows and columns."""
    survey = _Survey(workbook.sheets["survey"], workbook.sheets.get("choices"))
    problems = [*_headers(workbook), *survey.problems(), *_choices(workbook), *_settings(workbook)]
    order = list(workbook.sheets)
    return tuple(sorted(problems, key=lambda problem: (order.index(problem.sheet or "survey"), problem.row or 0)))


def names_of(survey: Sheet) -> Mapping[str, int]:
    """The names of the survey sheet and the row that each is first given in."""
    found: dict[str, int] = {}
    for row in survey.rows:
        name = _cells(row).get("name", "")
        if name and not bracket(_cells(row).get("type", "")).startswith("end "):
            found.setdefault(name, row.number)
    return found


def _cells(row: Row) -> dict[str, str]:
    """The cells by their column's own name; of several languages the first."""
    cells: dict[str, str] = {}
    for header, cell in row.cells.items():
        cells.setdefault(column(header), cell)
    return cells


def _headers(workbook: Workbook) -> Iterator[Problem]:
    for name, known in (("survey", columns.SURVEY | {"line"}), ("settings", columns.SETTINGS)):
        sheet = workbook.sheets.get(name)
        for header in sheet.columns if sheet else ():
            if column(header) not in known:
                yield _unknown_column(sheet, header, known)
    choices = workbook.sheets.get("choices")
    for header in choices.columns if choices else ():
        # A list may have columns of its own, so only a slip of a known one is told.
        if column(header) not in columns.CHOICES and nearest(column(header), columns.CHOICES):
            yield _unknown_column(choices, header, columns.CHOICES)


def _unknown_column(sheet: Sheet | None, header: str, known: frozenset[str]) -> Problem:
    rows = sheet.rows if sheet else ()
    first = next((row for row in rows if header in row.cells), None)
    meant = nearest(column(header), sorted(known))
    is_slip = bool(meant and first)
    key, severity = ("near_column", Severity.ERROR) if is_slip else ("ignored_column", Severity.WARNING)
    return Problem(
        sheet.name if sheet else None,
        first.number if first else 1,
        header,
        shortened(first.cells[header]) if first else "",
        sentence(key),
        meant,
        severity,
    )


@dataclass(frozen=True, slots=True)
class _Place:
    """A cell of the survey sheet; `header` as it stands in row 1."""

    row: Row
    header: str

    @property
    def text(self) -> str:
        return self.row.cells.get(self.header, "")

    def problem(self, message: Mapping[str, str], meant: str | None = None, found: str = "") -> Problem:
        return Problem("survey", self.row.number, self.header, found or shortened(self.text), message, meant)


class _Survey:
    """The survey sheet with what its rows refer to."""

    def __init__(self, sheet: Sheet, choices: Sheet | None) -> None:
        self._sheet = sheet
        self._names = names_of(sheet)
        rows = choices.rows if choices else ()
        self._lists = {_cells(row)["list_name"] for row in rows if "list_name" in _cells(row)}

    def problems(self) -> Iterator[Problem]:
        present = {column(header) for header in self._sheet.columns}
        missing = [name for name in ("type", "name") if name not in present]
        for name in missing:
            yield Problem("survey", 1, None, name, sentence("no_column", found=name))
        if not missing:
            for row in self._sheet.rows:
                yield from self._row(row)

    def _header(self, name: str) -> str:
        return next((header for header in self._sheet.columns if column(header) == name), name)

    def _row(self, row: Row) -> Iterator[Problem]:
        cells = _cells(row)
        kind = cells.get("type", "")
        if cells.get("disabled", "").lower() in ("yes", "true"):
            return
        if not kind:
            if "name" in cells or "label" in cells:
                yield _Place(row, self._header("type")).problem(sentence("no_type"))
            return
        yield from self._type(_Place(row, self._header("type")))
        yield from self._name(_Place(row, self._header("name")), bracket(kind))
        for header in row.cells:
            yield from self._cell(_Place(row, header))

    def _type(self, place: _Place) -> Iterator[Problem]:
        found = shortened(place.text)
        selected = list_of(place.text)
        if selected is not None:
            yield from self._list(place, selected[1])
        elif not columns.is_known(place.text):
            meant = nearest(bracket(place.text).partition(" ")[0], columns.TYPES)
            yield place.problem(sentence("unknown_type", found=found), meant)
        elif not columns.is_read(place.text):
            yield place.problem(sentence("type_not_supported", found=found))

    def _list(self, place: _Place, name: str) -> Iterator[Problem]:
        if not name:
            yield place.problem(sentence("no_list_named"))
        elif name not in self._lists:
            yield place.problem(sentence("unknown_list", found=name), nearest(name, self._lists), name)

    def _name(self, place: _Place, kind: str) -> Iterator[Problem]:
        name = place.text
        if kind.startswith("end "):
            return
        if not name:
            if kind != "note":
                yield place.problem(sentence("no_name"))
        elif not _NAME.fullmatch(name):
            yield place.problem(sentence("bad_name", found=shortened(name)))
        elif self._names[name] != place.row.number:
            yield place.problem(sentence("same_name", found=name))

    def _cell(self, place: _Place) -> Iterator[Problem]:
        name = column(place.header)
        if name in columns.UNREAD and not self._is_hidden_default(place, name):
            yield place.problem(sentence("column_not_supported", found=shortened(place.text)))
        elif name in columns.EXPRESSIONS and place.text.strip().lower() not in _PLAIN:
            yield from self._expression(place)
        elif name in columns.WORDS:
            yield from self._quoted(place)

    def _is_hidden_default(self, place: _Place, name: str) -> bool:
        return name == "default" and bracket(_cells(place.row)["type"]) == "hidden"

    def _expression(self, place: _Place) -> Iterator[Problem]:
        known = {name: f"/{name}" for name in self._names}
        try:
            expression = parse(place.text, "/", known)
        except ExpressionError as error:
            meant = nearest(error.found, self._names) if error.fault is Fault.UNKNOWN_REFERENCE else None
            yield place.problem(expression_sentence(error, shortened(place.text)), meant)
            return
        bare = {path.strip("/") for path in expression.references} - {*self._names, ""}
        for word in sorted(name for name in bare if "/" not in name and name not in self._names):
            yield place.problem(sentence("unknown_place", found=word), nearest(word, self._names))

    def _quoted(self, place: _Place) -> Iterator[Problem]:
        for match in _QUOTED.finditer(place.text):
            if match[1] not in self._names:
                message = sentence(
                    Fault.UNKNOWN_REFERENCE,
                    at=match.start() + 1,
                    cell=shortened(place.text),
                    found=shortened(match[1]),
                )
                yield place.problem(message, nearest(match[1], self._names))


def _choices(workbook: Workbook) -> Iterator[Problem]:
    sheet = workbook.sheets.get("choices")
    if sheet is None or not sheet.rows:
        return
    for name in {"list_name", "name"} - {column(header) for header in sheet.columns}:
        yield Problem("choices", 1, None, name, sentence("no_column", found=name))
    seen: set[tuple[str, str]] = set()
    may_repeat = _setting(workbook, "allow_choice_duplicates").lower() in ("yes", "true")
    for row in sheet.rows:
        cells = _cells(row)
        of_list, name = cells.get("list_name", ""), cells.get("name", "")
        yield from _choice(row.number, of_list, name, seen)
        if not may_repeat:
            seen.add((of_list, name))


def _choice(number: int, of_list: str, name: str, seen: set[tuple[str, str]]) -> Iterator[Problem]:
    if not of_list:
        return
    if not name:
        yield Problem("choices", number, "name", "", sentence("no_name"))
    elif len(name.split()) > 1:
        yield Problem("choices", number, "name", name, sentence("space_in_choice", found=shortened(name)))
    elif (of_list, name) in seen:
        yield Problem("choices", number, "name", name, sentence("same_choice", found=shortened(name)))


def _setting(workbook: Workbook, name: str) -> str:
    sheet = workbook.sheets.get("settings")
    return next((cells[name] for row in (sheet.rows if sheet else ()) if name in (cells := _cells(row))), "")


def _settings(workbook: Workbook) -> Iterator[Problem]:
    if not _setting(workbook, "form_id"):
        sheet = "settings" if "settings" in workbook.sheets else None
        message = sentence("no_form_id", found="data")
        yield Problem(sheet, None, None, "", message, None, Severity.WARNING)
