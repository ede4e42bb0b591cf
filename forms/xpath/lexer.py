"""Cuts the text of an expression into tokens."""

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from forms.xpath.syntax import ExpressionError, Fault


class Lexeme(StrEnum):
    """The sort of a token."""

    NUMBER = "number"
    TEXT = "text"
    REFERENCE = "reference"
    NAME = "name"
    SIGN = "sign"
    END = "end"


class Token(NamedTuple):
    """A piece of an expression; `text` of a quoted text or ${reference} is what stands inside."""

    lexeme: Lexeme
    text: str
    position: int


_TOKEN = re.compile(
    r"""(?P<number>\d+(?:\.\d*)?|\.\d+)
      | "(?P<double>[^"]*)" | '(?P<single>[^']*)'
      | \$\{\s*(?P<reference>[^\W\d][\w.\-]*)\s*\}
      | (?P<name>[^\W\d][\w\-]*(?:\.[\w\-]+)*(?::[^\W\d][\w\-]*(?:\.[\w\-]+)*)?)
      | (?P<sign>::|//|\.\.|!=|<=|>=|[-+*/=<>(),.|@\[\]])""",
    re.VERBOSE,
)
_LEXEMES = {"double": Lexeme.TEXT, "single": Lexeme.TEXT, **{str(lexeme): lexeme for lexeme in Lexeme}}
_SPACE = re.compile(r"\s*")
_SMART_QUOTES = "‘’‚‛“”„‟«»"
STRAIGHT = str.maketrans(dict.fromkeys(_SMART_QUOTES, "'"))
"""Turns typeset quotation marks into those of an expression."""


def tokens(text: str) -> Iterator[Token]:
    """The tokens of an expression, an END last. Raises ExpressionError."""
    position = _after_space(text, 0)
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise _unreadable(text, position)
        yield _token(match)
        position = _after_space(text, match.end())
    yield Token(Lexeme.END, "", len(text))


def _after_space(text: str, position: int) -> int:
    match = _SPACE.match(text, position)
    return match.end() if match else position


def _token(match: re.Match[str]) -> Token:
    group = match.lastgroup or ""
    return Token(_LEXEMES[group], match[group], match.start())


def _unreadable(text: str, position: int) -> ExpressionError:
    character = text[position]
    if character in _SMART_QUOTES:
        return ExpressionError(Fault.SMART_QUOTE, position, character)
    if character in "\"'":
        return ExpressionError(Fault.OPEN_QUOTE, position, text[position : position + 20])
    return ExpressionError(Fault.CHARACTER, position, character)
