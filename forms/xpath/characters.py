"""The sorts of characters that a pattern can name."""

from collections.abc import Callable

Test = Callable[[str], bool]


def is_word(character: str) -> bool:
    return character.isascii() and (character.isalnum() or character == "_")


def is_digit(character: str) -> bool:
    return "0" <= character <= "9"


def is_space(character: str) -> bool:
    return character in " \t\n\x0b\f\r"


CLASSES: dict[str, Test] = {"d": is_digit, "w": is_word, "s": is_space}
NAMED: dict[str, Test] = {
    "L": str.isalpha,
    "Alpha": lambda c: c.isascii() and c.isalpha(),
    "Lu": str.isupper,
    "Upper": lambda c: c.isascii() and c.isupper(),
    "Ll": str.islower,
    "Lower": lambda c: c.isascii() and c.islower(),
    "N": str.isnumeric,
    "Nd": str.isdecimal,
    "Digit": is_digit,
    "Alnum": lambda c: c.isascii() and c.isalnum(),
    "Space": is_space,
    "Punct": lambda c: c in "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~",
    "P": lambda c: not c.isalnum() and not c.isspace() and c.isprintable(),
    "IsAlphabetic": str.isalpha,
}
ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "a": "\a", "e": "\x1b"}
