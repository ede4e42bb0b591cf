"""Finds what is wrong in the rows of the survey sheet, cell by cell."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pyxform.utils import default_is_dynamic

from forms import columns, earlier
from forms.check import Refused, accepted
from forms.columns import begins, bracket, column, ends, list_of, nearest
from forms.cyclelint import brackets_of, cycles_of
from forms.faultsentences import expression_sentence
from forms.problems import Problem, Severity, shortened
from forms.question import Choice, Kind, Question
from forms.rows import cells_of, languages_of
from forms.sentences import sentence
from forms.workbook import Row, Sheet
from forms.xpath.functions import FUNCTIONS
from forms.xpath.lexer import STRAIGHT
from forms.xpath.parser import parse
from forms.xpath.syntax import ExpressionError, Fault

_NAME = re.compile(r"[^\W\d][\w.\-]*")
_QUOTED = re.compile(r"\$\{\s*([^}]*?)\s*\}")
_PLAIN = frozenset({"yes", "no", "true", "false", "true()", "false()"})
_AT = "/_/_/_/_/_/_"
"""Where an expression of the sheet is read from: deep enough for any number of steps up."""
_LONGEST_LABEL = 3_500
_MOST_QUESTIONS = 25


def names_of(survey: Sheet) -> Mapping[str, int]:
    """The names of the survey sheet and the row that each is first given in."""
    found: dict[str, int] = {}
    for row in survey.rows:
        name = cells_of(row).get("name", "")
        if name and not ends(cells_of(row).get("type", "")):
            found.setdefault(name, row.number)
    return found


@dataclass(frozen=True, slots=True)
class _Place:
    """A cell of the survey sheet; `header` as it stands in row 1."""

    row: Row
    header: str

    @property
    def text(self) -> str:
        return self.row.cells.get(self.header, "")

    def problem(
        self,
        message: Mapping[str, str],
        meant: str | None = None,
        found: str = "",
        severity: Severity = Severity.ERROR,
    ) -> Problem:
        quoted = found or shortened(self.text)
        return Problem("survey", self.row.number, self.header, quoted, message, meant, severity)


class Survey:
    """The survey sheet with what its rows refer to."""

    def __init__(self, sheet: Sheet, choices: Sheet | None) -> None:
        self._sheet = sheet
        self._names = names_of(sheet)
        self._languages = languages_of(sheet)
        self._columns = {column(header) for header in choices.columns} if choices else set()
        self._lists: dict[str, list[str]] = {}
        for row in choices.rows if choices else ():
            cells = cells_of(row)
            if "list_name" in cells:
                self._lists.setdefault(cells["list_name"], []).append(cells.get("name", ""))
        self._twice = _same_names(sheet)

    def problems(self) -> Iterator[Problem]:
        """Every problem of its columns, rows and cycles."""
        present = {column(header) for header in self._sheet.columns}
        missing = [name for name in ("type", "name") if name not in present]
        for name in missing:
            yield Problem("survey", 1, None, name, sentence("no_column", found=name))
        if not missing:
            for row in self._sheet.rows:
                yield from self._row(row)
            yield from self._many()
            yield from brackets_of(self._sheet)
            yield from cycles_of(self._sheet)

    def _many(self) -> Iterator[Problem]:
        asked = [row for row in self._sheet.rows if columns.is_asked(cells_of(row).get("type", ""))]
        if len(asked) > _MOST_QUESTIONS:
            message = sentence("many_questions", found=len(asked), most=_MOST_QUESTIONS)
            place = _Place(asked[_MOST_QUESTIONS], self._header("type"))
            yield place.problem(message, severity=Severity.WARNING)
        if not any(columns.is_told(cells_of(row).get("type", "")) for row in self._sheet.rows):
            yield Problem("survey", None, None, "", sentence("no_questions"))

    def _header(self, name: str) -> str:
        return next((header for header in self._sheet.columns if column(header) == name), name)

    def _row(self, row: Row) -> Iterator[Problem]:
        cells = cells_of(row)
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
        yield from self._translated(row)

    def _type(self, place: _Place) -> Iterator[Problem]:
        found = shortened(place.text)
        selected = list_of(place.text)
        refused = columns.refusal(place.text)
        if selected is not None:
            yield from self._list(place, selected[1])
        elif refused is not None:
            yield place.problem(sentence(refused[0], found=shortened(refused[1])))
        elif not columns.is_known(place.text):
            meant = nearest(bracket(place.text).partition(" ")[0], columns.TYPES)
            yield place.problem(sentence("unknown_type", found=found), meant)

    def _list(self, place: _Place, name: str) -> Iterator[Problem]:
        if not name:
            yield place.problem(sentence("no_list_named"))
        elif _QUOTED.fullmatch(name) and list_of(place.text) == (Kind.SELECT_MULTIPLE, name):
            yield place.problem(sentence("several_of_answers", found=shortened(name)))
        elif name not in self._lists and not _QUOTED.fullmatch(name):
            yield place.problem(sentence("unknown_list", found=name), nearest(name, self._lists), name)

    def _name(self, place: _Place, kind: str) -> Iterator[Problem]:
        name = place.text
        if ends(kind):
            return
        if not name:
            if kind != "note":
                yield place.problem(sentence("no_name"))
        elif not _NAME.fullmatch(name):
            yield place.problem(sentence("bad_name", found=shortened(name)))
        elif place.row.number in self._twice:
            yield place.problem(sentence("same_name", found=name))
        elif wanted := earlier.unknown(kind, name, self._names):
            message = sentence("unknown_earlier", found=shortened(wanted))
            yield place.problem(message, nearest(wanted, self._names), severity=Severity.WARNING)

    def _cell(self, place: _Place) -> Iterator[Problem]:
        name = column(place.header)
        if name == "save_to":
            yield place.problem(sentence("not_supported", found="entities"))
        elif name == "appearance":
            yield from self._appearance(place)
        elif name == "default":
            yield from self._default(place)
        elif name in columns.EXPRESSIONS and place.text.strip().lower() not in _PLAIN:
            yield from self._expression(place)
        elif name == "trigger" or name in columns.WORDS:
            yield from self._quoted(place)
            yield from self._long(place, name)

    def _appearance(self, place: _Place) -> Iterator[Problem]:
        for sign, told in (("search(", "search()"), ("ex:", "ex:")):
            if re.search(rf"(^|\s){re.escape(sign)}", place.text):
                yield place.problem(sentence("not_supported", found=told))

    def _long(self, place: _Place, name: str) -> Iterator[Problem]:
        if name in ("label", "hint") and len(place.text) > _LONGEST_LABEL:
            message = sentence("long_label", found=len(place.text), most=_LONGEST_LABEL)
            yield place.problem(message, severity=Severity.WARNING)

    def _translated(self, row: Row) -> Iterator[Problem]:
        """The languages in which the row has no words although it has some in another."""
        for headers in self._languages.values():
            missing = [header for header in headers if header not in row.cells]
            if missing and len(missing) < len(headers):
                languages = ", ".join(header.partition("::")[2].strip() for header in missing)
                message = sentence("no_translation", found=languages)
                first = next(header for header in headers if header in row.cells)
                found = shortened(row.cells[first])
                yield _Place(row, missing[0]).problem(message, found=found, severity=Severity.WARNING)

    def _default(self, place: _Place) -> Iterator[Problem]:
        type_cell = cells_of(place.row)["type"]
        if default_is_dynamic(place.text, type_cell):
            yield from self._dynamic(place)
            return
        kind = columns.kind_of(type_cell)
        if kind is None:
            return
        selected = list_of(type_cell)
        codes = self._lists.get(selected[1]) if selected else []
        if codes is None:
            return
        question = Question("", "", kind, {}, choices=tuple(Choice(code, {}) for code in codes))
        try:
            accepted(question, _dated(place.text, kind))
        except Refused:
            message = sentence("bad_default", found=shortened(place.text), sort=shortened(type_cell))
            yield place.problem(message, severity=Severity.WARNING)

    def _dynamic(self, place: _Place) -> Iterator[Problem]:
        is_meant = _QUOTED.search(place.text) or "(" in place.text
        for problem in self._expression(place):
            if is_meant:
                yield problem
            else:
                yield place.problem(sentence("default_expression", found=shortened(place.text)))
                return

    def _expression(self, place: _Place) -> Iterator[Problem]:
        known = {name: f"/{name}" for name in self._names}
        source = place.text.replace("${last-saved#", "${")
        if source != place.text:
            yield place.problem(sentence("not_supported", found="last-saved"))
            return
        try:
            expression = parse(source, _AT, known)
        except ExpressionError as error:
            meant = self._meant(error, place.text)
            yield place.problem(expression_sentence(error, shortened(place.text)), meant)
            yield from (each for each in self._quoted(place) if error.fault is not Fault.UNKNOWN_REFERENCE)
            return
        own = self._columns if column(place.header) == "choice_filter" else set()
        bare = {path.removeprefix(f"{_AT}/") for path in expression.references if path.startswith(f"{_AT}/")}
        for word in sorted(name for name in bare if "/" not in name and name not in self._names and name not in own):
            severity = Severity.WARNING if own else Severity.ERROR
            meant = nearest(word, {*self._names, *own})
            yield place.problem(sentence("unknown_place", found=word), meant, severity=severity)

    def _meant(self, error: ExpressionError, cell: str) -> str | None:
        """What the author may have meant where the expression goes wrong."""
        match error.fault:
            case Fault.UNKNOWN_REFERENCE:
                return nearest(error.found, self._names)
            case Fault.UNKNOWN_FUNCTION:
                return nearest(error.found, FUNCTIONS)
            case Fault.SMART_QUOTE:
                return shortened(cell.translate(STRAIGHT))
        return None

    def _quoted(self, place: _Place) -> Iterator[Problem]:
        for match in _QUOTED.finditer(place.text):
            if match[1].startswith("last-saved#"):
                yield place.problem(sentence("not_supported", found="last-saved"))
            elif match[1] not in self._names:
                unknown = ExpressionError(Fault.UNKNOWN_REFERENCE, match.start(), shortened(match[1]))
                message = expression_sentence(unknown, shortened(place.text))
                yield place.problem(message, nearest(match[1], self._names))


def _dated(text: str, kind: Kind) -> str:
    """A spreadsheet's date without the midnight it adds."""
    return text.partition(" ")[0] if kind is Kind.DATE else text.replace(" ", "T") if kind is Kind.DATETIME else text


def _same_names(survey: Sheet) -> frozenset[int]:
    """The rows whose name is there already, in the same group."""
    seen: set[tuple[tuple[int, ...], str]] = set()
    inside: list[int] = []
    twice: set[int] = set()
    for row in survey.rows:
        cells = cells_of(row)
        kind, name = bracket(cells.get("type", "")), cells.get("name", "")
        if ends(kind):
            del inside[-1:]
            continue
        if name and kind and (tuple(inside), name) in seen:
            twice.add(row.number)
        seen.add((tuple(inside), name))
        if begins(kind):
            inside.append(row.number)
    return frozenset(twice)
