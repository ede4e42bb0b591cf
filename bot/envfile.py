"""What stands in `.env` and sets nothing: lines that are no setting, and names that nobody knows."""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from pathlib import Path

from dotenv.parser import Binding, parse_stream

from bot.problems import Problem


def unreadable_lines(path: Path) -> tuple[Problem, ...]:
    """Lines without a name and a value; what they hold may be secret and is not repeated."""
    return tuple(
        Problem(f"{path}, line {one.original.line}", "something else (not shown)", "NAME=value")
        for one in _lines(path)
        if one.error or (one.key is not None and one.value is None)
    )


def unknown_names(path: Path, known: Iterable[str]) -> tuple[str, ...]:
    """A sentence for each name in the file that is none of those known, with the one that may be meant."""
    names = [name.upper() for name in known]
    found = [one.key for one in _lines(path) if one.key is not None and one.key.upper() not in names]
    return tuple(f"{path}: {name} is no setting and does nothing{_likely(name, names)}" for name in found)


def _likely(name: str, names: list[str]) -> str:
    near = get_close_matches(name.upper(), names, 1)
    return f"; is {near[0]} meant?" if near else ""


def _lines(path: Path) -> Iterator[Binding]:
    if path.is_file():
        with path.open(encoding="utf-8") as stream:
            yield from parse_stream(stream)
