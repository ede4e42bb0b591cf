"""How high a text in Arial stands in a column, by the widths of Helvetica: the same, and matplotlib brings them."""

import re
from functools import cache
from pathlib import Path

import matplotlib

_SIZE = 10
"""Points."""
_LINE = 11.5
"""Points from line to line: 1.15 of the size."""
_DOTS_A_CHARACTER, _DOTS_AROUND = 7, 4
"""Of a column's width, at 96 dots an inch; what a cell keeps free at its sides."""


@cache
def _widths() -> dict[str, int]:
    """Thousandths of the size, by letter."""
    metrics = Path(matplotlib.get_data_path(), "fonts", "pdfcorefonts", "Helvetica.afm").read_text(encoding="ascii")
    return {chr(int(code)): int(width) for code, width in re.findall(r"^C (\d+) ; WX (\d+)", metrics, re.MULTILINE)}


def height(text: str, width: float) -> float:
    """Points that the lines of a text take in a column of this many characters."""
    room = (width * _DOTS_A_CHARACTER - _DOTS_AROUND) * 72 / 96
    return _LINE * sum(_lines(line, room) for line in text.split("\n"))


def _lines(line: str, room: float) -> int:
    count, used = 1, 0.0
    for word in re.findall(r"\S+\s*|\s+", line):
        wide = _wide(word.rstrip())
        if used and used + wide > room:
            count, used = count + 1, 0.0
        while wide > room:
            count, wide = count + 1, wide - room
        used += wide + _wide(word) - _wide(word.rstrip())
    return count


def _wide(text: str) -> float:
    widths = _widths()
    return sum(widths.get(sign, 556) for sign in text) * _SIZE / 1000
