"""What is wrong with a questionnaire, where, and how it is said to its author."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

Message = Mapping[str, str]
"""A sentence by language code; both "nl" and "en" are there."""


class Severity(StrEnum):
    """What a problem means: an error stops the form, a warning does not; what is ignored is simply not read."""

    ERROR = "error"
    WARNING = "warning"
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: where in the workbook, what was found there, what to do about it.

    `row` counts as the spreadsheet does, the header being row 1. `sheet`, `row` and `column` are None
    where the problem belongs to no such place. `suggestion` is the word the author may have meant.
    """

    sheet: str | None
    row: int | None
    column: str | None
    found: str
    message: Message
    suggestion: str | None = None
    severity: Severity = Severity.ERROR

    def text(self, language: str) -> str:
        """The problem in one line: `survey, row 14, column "relevent": unknown, … Did you mean …?`"""
        words = _WORDS.get(language, _WORDS["en"])
        message = self.message.get(language) or self.message["en"]
        places = [
            self.sheet or "",
            f"{words['row']} {self.row}" if self.row else "",
            f'{words["column"]} "{self.column}"' if self.column else "",
        ]
        where = ", ".join(place for place in places if place)
        meant = f' {words["meant"]} "{self.suggestion}"?' if self.suggestion else ""
        return f"{where}: {message}{meant}" if where else f"{message[:1].upper()}{message[1:]}{meant}"

    def line(self, language: str) -> str:
        """The same with what it means before it: `error: survey, row 14, …`"""
        return f"{_WORDS.get(language, _WORDS['en'])[self.severity]}: {self.text(language)}"


_WORDS = {
    "nl": {
        "row": "rij",
        "column": "kolom",
        "meant": "Bedoelde je",
        Severity.ERROR: "fout",
        Severity.WARNING: "waarschuwing",
        Severity.IGNORED: "overgeslagen",
    },
    "en": {
        "row": "row",
        "column": "column",
        "meant": "Did you mean",
        Severity.ERROR: "error",
        Severity.WARNING: "warning",
        Severity.IGNORED: "ignored",
    },
}


class Problems(ValueError):
    """The questionnaire cannot be used; `problems` lists everything that was found, warnings too."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(problem.text("en") for problem in self.problems))


def errors(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """The problems that stop the form."""
    return tuple(problem for problem in problems if problem.severity is Severity.ERROR)


def worst_first(problems: Iterable[Problem]) -> list[Problem]:
    """The errors, then the warnings, then what is ignored, each in the order they came."""
    return sorted(problems, key=lambda problem: list(Severity).index(problem.severity))


def shortened(text: str, most: int = 60) -> str:
    """A cell's text, short enough to quote on one line."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"
