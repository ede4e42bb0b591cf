"""What is wrong with a configuration, all of it at once."""

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import ValidationError

_EXPECTED = {
    "missing": "a value",
    "extra_forbidden": "no such name here",
    "int_": "a whole number",
    "float_": "a number",
    "bool_": "true or false",
    "date_": "a day such as 2031-12-31",
    "list_": 'a list, such as ["one", "two"]',
    "string_type": 'text, such as "this"',
    "string_too_short": "some text",
    "string_pattern_mismatch": "a code of letters, digits, - and _, such as den-haag",
}
"""By how the kind of a finding begins."""
_LIMITS = {
    "greater_than_equal": "{ge} or more",
    "greater_than": "more than {gt}",
    "less_than_equal": "{le} or less",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One setting that cannot be used."""

    name: str
    found: str
    expected: str

    def __str__(self) -> str:
        return f"{self.name}: found {self.found}, expected {self.expected}"


class BadConfiguration(Exception):
    """The program cannot start with these settings; `problems` names every one that must change."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


def from_validation(error: ValidationError, where: str, secret: frozenset[str] = frozenset()) -> tuple[Problem, ...]:
    """A validation's findings in our words; what a secret setting holds is never repeated."""
    return tuple(
        Problem(
            name=_name(where, found["loc"]),
            found=_found(found["type"], found["input"], str(found["loc"][-1]) in secret if found["loc"] else False),
            expected=_expected(found["msg"], found["type"], found.get("ctx", {})),
        )
        for found in error.errors(include_url=False)
    )


def _name(where: str, place: tuple[int | str, ...]) -> str:
    """`CONTACT` for a setting, `study.toml, city 3, timezone` for a place in a file."""
    if not where:
        return "_".join(str(piece).upper() for piece in place)
    pieces = [where]
    for piece in place:
        if isinstance(piece, int):
            pieces[-1] += f" {piece + 1}"
        else:
            pieces.append(piece)
    return ", ".join(pieces)


def _found(kind: str, value: object, is_secret: bool) -> str:
    if kind == "missing":
        return "nothing"
    return "something else (not shown)" if is_secret else repr(value)[:80]


def _expected(message: str, kind: str, limits: Mapping[str, object]) -> str:
    if kind in _LIMITS:
        return _LIMITS[kind].format_map(limits)
    if words := next((words for begin, words in _EXPECTED.items() if kind.startswith(begin)), ""):
        return words
    return message.removeprefix("Value error, ").removeprefix("Input should be ").removeprefix("expected ")
