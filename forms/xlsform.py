"""Compiles a questionnaire from its file: bytes to XForm and Form, or everything that is wrong with it."""

import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, replace

from pyxform.errors import PyXFormError
from pyxform.xls2xform import convert

from forms.form import Form
from forms.lint import found_in
from forms.pictures import unshown
from forms.problems import Problem, Problems, Severity, errors, shortened
from forms.sentences import sentence
from forms.surveylint import names_of
from forms.workbook import Workbook, open_workbook
from forms.xform import read_xform

MAX_XML = 4_000_000
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_ROW = re.compile(r"\[row\s*:\s*(\d+)\]\s*")
_SHEET = re.compile(r"[Oo]n the '(survey|choices|settings)' sheet|(survey|choices|settings) sheet")
# What pyxform advises on pictures, spelling and translations is not about this form being wrong.
_WORDLESS = re.compile(r"named '([^']+)' has no label or hint")
_WORDLESS_CHOICE = "Choices should have a label"
_ADVICE = ("max-pixels", "is missing the", "mispelled", "misspelled")


@dataclass(frozen=True, slots=True)
class Compiled:
    """A form that can be used: its XForm XML and how the walk reads it."""

    xform: str
    form: Form
    warnings: tuple[Problem, ...] = ()


def compile_workbook(content: bytes) -> Compiled:
    """The form in this XLSForm workbook (.xlsx or .xls) or XForm (.xml). Raises Problems, and nothing else.

    Takes tens of milliseconds to seconds: for a thread, not for an event loop.
    """
    try:
        return _xform(content) if _is_xml(content) else _workbook(content)
    except (MemoryError, RecursionError) as error:
        raise Problems([_said(type(error).__name__, Severity.ERROR)]) from error


def _is_xml(content: bytes) -> bool:
    return content[:200].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def _xform(content: bytes) -> Compiled:
    """The form in an XForm that another program made."""
    if len(content) > MAX_XML:
        found, most = f"{len(content) / 1_000_000:.1f} MB", f"{MAX_XML / 1_000_000:.1f} MB"
        raise Problems([Problem(None, None, None, found, sentence("too_large", found=found, most=most))])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Problems([Problem(None, None, None, "", sentence("unreadable_xml", found="UTF-8"))]) from error
    xform = _DECLARATION.sub("", text, count=1)
    form = read_xform(xform)
    return Compiled(xform, form, tuple(unshown(form)))


def _workbook(content: bytes) -> Compiled:
    workbook = open_workbook(content)
    found = found_in(workbook)
    if errors(found):
        raise Problems(found)
    rows = names_of(workbook.sheets["survey"])
    try:
        xform, advice = _converted(workbook)
        form = read_xform(xform)
        left_out = (_placed(problem, rows) for problem in unshown(form))
        return Compiled(xform, form, (*found, *advice, *left_out))
    except Problems as problems:
        raise Problems((*found, *(_placed(problem, rows) for problem in problems.problems))) from problems


def check_workbook(content: bytes) -> tuple[Problem, ...]:
    """Everything that is wrong with this workbook or XForm, warnings too; empty where it is clean."""
    try:
        return compile_workbook(content).warnings
    except Problems as problems:
        return problems.problems


def _converted(workbook: Workbook) -> tuple[str, tuple[Problem, ...]]:
    advice: list[str] = []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            xform = str(convert(workbook.definition, warnings=advice, validate=False).xform)
    # Besides its own errors pyxform lets through those of whatever it trips over.
    except Exception as error:
        raise Problems([_said(_message(error), Severity.ERROR)]) from error
    kept = (text for text in advice if not any(words in text for words in _ADVICE))
    return xform, tuple(_said(text, Severity.WARNING) for text in kept)


def _message(error: Exception) -> str:
    return str(error) if isinstance(error, PyXFormError) else f"{type(error).__name__}: {error}"


def _said(text: str, severity: Severity) -> Problem:
    """What pyxform said, with the row and sheet it mentions."""
    if wordless := _WORDLESS.search(text):
        return Problem(None, None, "label", shortened(wordless[1]), sentence("no_words"), None, severity)
    row, sheet = _ROW.search(text), _SHEET.search(text)
    words = shortened(_ROW.sub("", text), 300)
    name = (sheet[1] or sheet[2]) if sheet else "survey" if row else None
    number = int(row[1]) if row else None
    if _WORDLESS_CHOICE in text:
        return Problem(name, number, "label", "", sentence("no_words_of_choice"), None, severity)
    return Problem(name, number, None, "", sentence("compiler", found=words), None, severity)


def _placed(problem: Problem, rows: Mapping[str, int]) -> Problem:
    """A problem of the compiled form, put at the row of the survey sheet that it comes from."""
    if problem.sheet or problem.found not in rows:
        return problem
    return replace(problem, sheet="survey", row=rows[problem.found])


__all__ = ["Compiled", "Problem", "Problems", "check_workbook", "compile_workbook"]
