"""Reads an expression: text to syntax tree, every fault with its position."""

from collections.abc import Mapping
from dataclasses import replace
from typing import NoReturn

from forms.xpath.frames import frames
from forms.xpath.functions import FUNCTIONS, REFUSED
from forms.xpath.lexer import Lexeme, Token, tokens
from forms.xpath.pattern import Unreadable, compiled
from forms.xpath.steps import AXES
from forms.xpath.syntax import (
    Call,
    Chain,
    Expression,
    ExpressionError,
    Fault,
    Filter,
    Literal,
    Negative,
    Node,
    Path,
    Step,
    Steps,
    Union,
)
from forms.xpath.wide import is_step, is_wide

MAX_LENGTH = 20_000
MAX_DEPTH = 100
# Stack frames that working out the deepest branch takes; Python stops at 1,000 in all.
MAX_FRAMES = 500
_RANKS: tuple[tuple[str, ...], ...] = (
    ("or",),
    ("and",),
    ("=", "!="),
    ("<", "<=", ">", ">="),
    ("+", "-"),
    ("*", "div", "mod"),
)
_RANK_OF = {operator: rank for rank, operators in enumerate(_RANKS) for operator in operators}
_WORDS = frozenset({"or", "and", "div", "mod"})


def parse(text: str, at: str, names: Mapping[str, str] | None = None) -> Expression:
    """Read an expression that stands at the path `at`.

    `names` says where `${name}` points to (name to path), for text as an author wrote it. Raises
    ExpressionError, and nothing else.
    """
    if len(text) > MAX_LENGTH:
        raise ExpressionError(Fault.TOO_LONG, MAX_LENGTH)
    parser = _Parser(tuple(tokens(text)), at, names or {})
    root = parser.whole()
    if frames(root) > MAX_FRAMES:
        raise ExpressionError(Fault.TOO_DEEP, 0)
    return Expression(
        text,
        root,
        at,
        frozenset(parser.references),
        frozenset(parser.direct),
        frozenset(parser.lists),
        frozenset(parser.functions),
        parser.is_wide,
    )


class _Parser:
    """Goes through the tokens once, from left to right."""

    def __init__(self, found: tuple[Token, ...], at: str, names: Mapping[str, str]) -> None:
        self._tokens = found
        self._at = at
        self._here = ("", at)
        self._names = names
        self._next = 0
        self._depth = 0
        self.references: set[str] = set()
        self.direct: set[str] = set()
        self.lists: set[str] = set()
        self.functions: set[str] = set()
        self.is_wide = False
        # Within a condition on a step of unknown name nothing is known of the place it is tried on.
        self._is_anywhere = False

    def whole(self) -> Node:
        root = self._ranked(0)
        if self._token.lexeme is not Lexeme.END:
            self._refuse()
        return root

    @property
    def _token(self) -> Token:
        return self._tokens[self._next]

    def _advance(self) -> Token:
        token = self._token
        self._next += 1
        return token

    def _at_sign(self, *signs: str) -> bool:
        return self._token.lexeme is Lexeme.SIGN and self._token.text in signs

    def _expect(self, sign: str) -> None:
        if not self._at_sign(sign):
            self._refuse()
        self._advance()

    def _refuse(self) -> NoReturn:
        token = self._token
        if token.lexeme is Lexeme.END:
            raise ExpressionError(Fault.UNFINISHED, token.position)
        unsupported = token.lexeme is Lexeme.SIGN and token.text in ("[", "@", "|", "//", "::", "*")
        raise ExpressionError(Fault.UNSUPPORTED if unsupported else Fault.UNEXPECTED, token.position, token.text)

    def _operator_rank(self) -> int | None:
        token = self._token
        is_word = token.lexeme is Lexeme.NAME and token.text in _WORDS
        return _RANK_OF.get(token.text) if is_word or token.lexeme is Lexeme.SIGN else None

    def _ranked(self, lowest: int) -> Node:
        """An operand and the operators after it whose rank is at least `lowest`."""
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise ExpressionError(Fault.TOO_DEEP, self._token.position, self._token.text)
        left = self._signed()
        while (rank := self._operator_rank()) is not None and rank >= lowest:
            left = Chain(left, tuple(self._joined(rank)))
        self._depth -= 1
        return left

    def _joined(self, rank: int) -> list[tuple[str, Node]]:
        rest = []
        while self._operator_rank() == rank:
            operator = self._advance().text
            rest.append((operator, self._ranked(rank + 1)))
        return rest

    def _signed(self) -> Node:
        is_negative = False
        while self._at_sign("-"):
            self._advance()
            is_negative = not is_negative
        operand = self._united()
        return Negative(operand) if is_negative else operand

    def _united(self) -> Node:
        """A value, or the places of several paths with `|` between."""
        parts = [self._filtered()]
        while self._at_sign("|"):
            self._advance()
            parts.append(self._filtered())
        return parts[0] if len(parts) == 1 else Union(tuple(parts))

    def _filtered(self) -> Node:
        """A value; conditions and steps may follow one that stands for places."""
        operand = self._operand()
        if not self._at_sign("[", "/", "//"):
            return operand
        if isinstance(operand, Literal | Negative | Chain):
            self._refuse()
        position, conditions = self._token.position, self._wide_conditions()
        return self._wide(Steps((), position, start=operand, conditions=conditions))

    def _operand(self) -> Node:
        token = self._token
        if token.lexeme is Lexeme.NUMBER:
            return Literal(float(self._advance().text))
        if token.lexeme is Lexeme.TEXT:
            return Literal(self._advance().text)
        if token.lexeme is Lexeme.REFERENCE:
            return self._reference(self._advance())
        if self._at_sign("("):
            return self._parenthesised()
        if token.lexeme is Lexeme.NAME and self._tokens[self._next + 1].text == "(":
            return self._call(self._advance())
        return self._path(token.position)

    def _parenthesised(self) -> Node:
        self._expect("(")
        inner = self._ranked(0)
        self._expect(")")
        return inner

    def _call(self, name: Token) -> Node:
        if name.text == "current":
            return self._current(name)
        if name.text == "instance":
            return self._instance(name)
        function = FUNCTIONS.get(name.text)
        if name.text in REFUSED:
            raise ExpressionError(Fault.REFUSED_FUNCTION, name.position, name.text)
        if function is None:
            raise ExpressionError(Fault.UNKNOWN_FUNCTION, name.position, name.text)
        direct = set(self.direct)
        arguments = self._arguments()
        if not function.takes(len(arguments)):
            raise ExpressionError(Fault.ARGUMENTS, name.position, name.text)
        if name.text == "indexed-repeat":
            self.direct = direct
        self._expect_pattern(name, arguments)
        self.functions.add(name.text)
        return Call(name.text, arguments, name.position)

    def _expect_pattern(self, name: Token, arguments: tuple[Node, ...]) -> None:
        """A pattern that is written out must be one that can be matched in time."""
        if name.text == "regex" and isinstance(arguments[1], Literal):
            try:
                compiled(str(arguments[1].value))
            except Unreadable as error:
                raise ExpressionError(error.fault, name.position, error.found) from None

    def _arguments(self) -> tuple[Node, ...]:
        self._expect("(")
        if self._at_sign(")"):
            self._advance()
            return ()
        arguments = [self._ranked(0)]
        while self._at_sign(","):
            self._advance()
            arguments.append(self._ranked(0))
        self._expect(")")
        return tuple(arguments)

    def _current(self, name: Token) -> Node:
        self._expect("(")
        self._expect(")")
        if is_wide(self._tokens, self._next, begins=False):
            return self._wide(Steps((), name.position, is_own=True))
        if not self._at_sign("/"):
            return self._referring("", self._at, name.position, (), is_own=True)
        self._advance()
        return self._steps("", _segments(self._at), name.position, is_own=True)

    def _instance(self, name: Token) -> Node:
        self._expect("(")
        if self._token.lexeme is not Lexeme.TEXT:
            self._refuse()
        listed = self._advance().text
        self._expect(")")
        if is_wide(self._tokens, self._next, begins=False) or self._is_anywhere:
            self.lists.add(listed)
            return self._wide(Steps((), name.position, instance=listed))
        self._expect("/")
        return self._steps(listed, [], name.position)

    def _reference(self, token: Token) -> Node:
        path = self._names.get(token.text)
        if path is None:
            raise ExpressionError(Fault.UNKNOWN_REFERENCE, token.position, token.text)
        if self._at_sign("/", "//") and is_wide(self._tokens, self._next, begins=False):
            return self._wide(Steps((), token.position, start=self._referring("", path, token.position, ())))
        steps, filters = _segments(path), self._conditions("", _segments(path))
        if self._at_sign("/"):
            self._advance()
            return self._steps("", steps, token.position, filters)
        return self._referring("", path, token.position, filters)

    def _path(self, position: int) -> Node:
        is_relative = not self._at_sign("/", "//")
        if is_wide(self._tokens, self._next) or (is_relative and self._is_anywhere):
            return self._wide_path(position, is_relative)
        instance, here = self._here
        if self._at_sign("/"):
            self._advance()
            return self._steps("", [], position)
        goes_up = self._at_sign("..")
        return self._steps(instance, _segments(here), position, below=0 if goes_up else len(_segments(here)))

    def _steps(
        self,
        instance: str,
        steps: list[str],
        position: int,
        filters: tuple[Filter, ...] = (),
        is_own: bool = False,
        below: int = 0,
    ) -> Node:
        filters += self._step(instance, steps)
        while self._at_sign("/"):
            self._advance()
            filters += self._step(instance, steps)
        if self._at_sign("(", "::"):
            self._refuse()
        return self._referring(instance, "/" + "/".join(steps), position, filters, is_own, below)

    def _step(self, instance: str, steps: list[str]) -> tuple[Filter, ...]:
        if self._at_sign(".."):
            if not steps:
                self._refuse()
            steps.pop()
        elif self._token.lexeme is Lexeme.NAME:
            steps.append(self._token.text)
        elif not self._at_sign("."):
            self._refuse()
        self._advance()
        return self._conditions(instance, steps)

    # Paths that name no single place.

    def _wide_path(self, position: int, is_relative: bool) -> Node:
        if is_relative:
            return self._wide(Steps((self._wide_step(),), position))
        if self._at_sign("/") and not is_step(self._tokens[self._next + 1]):
            self._advance()
        return self._wide(Steps((), position, is_absolute=True))

    def _wide(self, begun: Steps) -> Node:
        """The path that begins so, with the steps that follow."""
        self.is_wide = True
        steps = list(begun.steps)
        while self._at_sign("/", "//"):
            if self._advance().text == "//":
                steps.append(Step("descendant-or-self", "node()"))
            steps.append(self._wide_step())
        return replace(begun, steps=tuple(steps))

    def _wide_step(self) -> Step:
        token = self._token
        if self._at_sign(".", ".."):
            self._advance()
            return Step("self" if token.text == "." else "parent", "node()", self._wide_conditions())
        axis = "child"
        if self._at_sign("@"):
            self._advance()
            axis = "attribute"
        elif token.lexeme is Lexeme.NAME and self._tokens[self._next + 1].text == "::":
            axis = self._axis()
        test = self._node_test()
        return Step("text" if (axis, test) == ("child", "text()") else axis, test, self._wide_conditions())

    def _axis(self) -> str:
        if self._token.text not in AXES:
            raise ExpressionError(Fault.UNSUPPORTED, self._token.position, f"{self._token.text}::")
        axis = self._advance().text
        self._expect("::")
        return axis

    def _node_test(self) -> str:
        if self._at_sign("*"):
            return self._advance().text
        if self._token.lexeme is not Lexeme.NAME:
            self._refuse()
        name = self._advance()
        if not self._at_sign("("):
            return name.text
        if name.text not in ("node", "text"):
            raise ExpressionError(Fault.UNSUPPORTED, name.position, f"{name.text}()")
        self._expect("(")
        self._expect(")")
        return f"{name.text}()"

    def _wide_conditions(self) -> tuple[Node, ...]:
        conditions: list[Node] = []
        outer, self._is_anywhere = self._is_anywhere, True
        while self._at_sign("["):
            self._advance()
            conditions.append(self._ranked(0))
            self._expect("]")
        self._is_anywhere = outer
        return tuple(conditions)

    def _conditions(self, instance: str, steps: list[str]) -> tuple[Filter, ...]:
        """What stands in square brackets behind a step, read from that step's place."""
        conditions: list[Node] = []
        outer, self._here = self._here, (instance, "/" + "/".join(steps))
        was_anywhere, self._is_anywhere = self._is_anywhere, False
        while self._at_sign("["):
            self._advance()
            conditions.append(self._ranked(0))
            self._expect("]")
        self._here, self._is_anywhere = outer, was_anywhere
        return (Filter(len(steps), tuple(conditions)),) if conditions else ()

    def _referring(
        self,
        instance: str,
        path: str,
        position: int,
        filters: tuple[Filter, ...],
        is_own: bool = False,
        below: int = 0,
    ) -> Node:
        if instance:
            self.lists.add(instance)
        else:
            self.references.add(path)
            if not filters:
                self.direct.add(path)
        return Path(path, position, instance, filters, is_own, below)


def _segments(path: str) -> list[str]:
    return path.strip("/").split("/") if path.strip("/") else []
