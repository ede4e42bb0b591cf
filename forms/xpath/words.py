"""What expressions do with text and with chosen codes."""

from forms.xpath.pattern import TooMuchWork, Unreadable, matches
from forms.xpath.run import Run
from forms.xpath.syntax import Node
from forms.xpath.values import Value, number, text


def own(run: Run, arguments: tuple[Node, ...]) -> str:
    """The text of the argument, or of the place where the expression stands."""
    return text(run.of(arguments[0]) if arguments else run.here())


def joined(between: str, run: Run, arguments: tuple[Node, ...]) -> str:
    """The texts one after another; of a list of places each."""
    return between.join(text(value) for argument in arguments for value in run.each(argument))


def part(whole: Value, start: Value, end: Value | None = None) -> Value:
    """The characters from start, counted from 0, up to end; below zero they count from the last."""
    characters = text(whole)
    first = _place(start, len(characters))
    last = len(characters) if end is None else _place(end, len(characters))
    return characters[first:last] if first <= last else ""


def _place(value: Value, length: int) -> int:
    given = number(value)
    place = 0 if given != given else int(max(-1e9, min(1e9, given)))
    return min(max(0, place + length if place < 0 else place), length)


def before(whole: Value, mark: Value) -> Value:
    """What stands before the mark; blank where the mark is missing."""
    found, at, _ = text(whole).partition(text(mark)) if text(mark) else ("", "", "")
    return found if at else ""


def after(whole: Value, mark: Value) -> Value:
    """What stands after the mark; blank where the mark is missing."""
    return text(whole).partition(text(mark))[2] if text(mark) else text(whole)


def translated(whole: Value, old: Value, new: Value) -> Value:
    """The text with each character of `old` changed into that of `new`, or left out where there is none."""
    into = text(new)
    table: dict[int, str | None] = {}
    for i, character in enumerate(text(old)):
        table.setdefault(ord(character), into[i] if i < len(into) else None)
    return text(whole).translate(table)


def fits(value: Value, pattern: Value) -> Value:
    """Whether the pattern fits the whole text; no where that cannot be known in time."""
    try:
        return matches(text(value), text(pattern))
    except (Unreadable, TooMuchWork):
        return False


def is_selected(chosen: Value, code: Value) -> Value:
    """Whether the code is among those chosen."""
    return text(code).strip() in text(chosen).split(" ") if text(chosen) else text(code).strip() == ""


def selected_at(chosen: Value, place: Value) -> Value:
    """The code at this place, counted from 0; blank where there is none."""
    found, index = text(chosen).split(), number(place)
    return found[int(index)] if 0 <= index < len(found) else ""
