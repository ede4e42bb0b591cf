"""Reads the cells of a table of workshops: days, times and words as spreadsheets and people write them."""

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from fieldwork.planning import Unplanned, read_clock, read_day
from fieldwork.study import City
from handlers.desk import Desk
from handlers.tablefile import Formula

_FIRST_SERIAL, _LAST_SERIAL = 20_000, 80_000
"""Days that a spreadsheet means by a bare number: counted from 1900 they are those from 1954 to 2119."""


def day_in(cells: Sequence[object], desk: Desk, city: City) -> date:
    """The day that stands there. Raises Unplanned."""
    words = words_in(cells)
    cell = next((cell for cell in cells if cell is not None), None)
    if not words:
        raise Unplanned("plan.no_day")
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    return read_day(words, city.timezone, desk.now)


def dated(cell: object, day_zero: date) -> object:
    """The day that a bare number stands for; everything else as it is."""
    words = _word(cell)
    number = float(words) if re.fullmatch(r"\d{5}(\.\d+)?", words, re.ASCII) else 0
    return day_zero + timedelta(days=int(number)) if _FIRST_SERIAL <= number < _LAST_SERIAL else cell


def clock_in(cells: Sequence[object]) -> time:
    """The time of day that stands there. Raises Unplanned."""
    words = words_in(cells)
    cell = next((cell for cell in cells if cell is not None), None)
    if not words:
        raise Unplanned("plan.no_clock")
    if isinstance(cell, datetime):
        return cell.time()
    if isinstance(cell, time):
        return cell
    seconds = _seconds(cell)
    if seconds is not None:
        return time(seconds // 3600, seconds % 3600 // 60)
    return read_clock(words)


def _seconds(cell: object) -> int | None:
    """The seconds since midnight of what a spreadsheet shows as a time: a part of a day."""
    if isinstance(cell, timedelta):
        return round(cell.total_seconds()) % 86_400
    if isinstance(cell, float) and 0 <= cell < 1:
        return round(cell * 1440) * 60 % 86_400
    return None


def words_in(cells: Sequence[object]) -> str:
    """What stands there, as text. Raises Unplanned for a formula without its outcome."""
    for cell in cells:
        if isinstance(cell, Formula):
            raise Unplanned("plan.formula", found=cell.text)
    return shown(cells)


def shown(cells: Sequence[object]) -> str:
    """What stands there, as text; of a formula without its outcome the formula."""
    return " ".join(word for cell in cells if (word := _word(cell)))


def _word(cell: object) -> str:
    if isinstance(cell, Formula):
        return cell.text
    whole = int(cell) if isinstance(cell, float) and cell.is_integer() else cell
    return "" if whole is None else str(whole).strip()
