"""Tells from its tokens whether a path names its places by more than their names."""

from collections.abc import Sequence

from forms.xpath.lexer import Lexeme, Token


def is_step(token: Token) -> bool:
    """Whether a step can begin with this token."""
    return token.lexeme is Lexeme.NAME or (token.lexeme is Lexeme.SIGN and token.text in (".", "..", "@", "*"))


def is_wide(found: Sequence[Token], start: int, begins: bool = True) -> bool:
    """Whether the path from here has a wildcard, an axis, an attribute, `//` or a test such as `text()`.

    `begins` holds where the path begins here; else its first place is known and steps may follow.
    """
    at, expects_step = start, begins
    while True:
        token, following = found[at], found[min(at + 1, len(found) - 1)]
        sign = token.text if token.lexeme is Lexeme.SIGN else ""
        if sign == "//":
            return True
        if expects_step and sign != "/":
            if sign in ("*", "@"):
                return True
            if token.lexeme is Lexeme.NAME and following.lexeme is Lexeme.SIGN and following.text in ("::", "("):
                return True
            if not is_step(token):
                return False
            expects_step = False
        elif sign == "/":
            if not is_step(following):
                return begins and at == start
            expects_step = True
        elif sign == "[":
            at = _closing(found, at)
        else:
            return False
        at += 1


def _closing(found: Sequence[Token], at: int) -> int:
    """Where the bracket that opens here is closed; the end where it is not."""
    depth = 0
    for place in range(at, len(found)):
        if found[place].lexeme is Lexeme.SIGN:
            depth += {"[": 1, "]": -1}.get(found[place].text, 0)
        if not depth:
            return place
    return len(found) - 2
