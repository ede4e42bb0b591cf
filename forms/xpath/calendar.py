"""What expressions do with dates and times."""

import math

from forms.xpath.moments import Moment, Sort, from_days, read_moment, shown
from forms.xpath.run import Run
from forms.xpath.syntax import Node
from forms.xpath.values import Value, number, text


def now(run: Run) -> Value:
    """This moment; blank without a clock."""
    at = run.scope.now()
    return "" if at is None else Moment(at.astimezone(run.scope.zone()), Sort.DATETIME)


def today(run: Run) -> Value:
    """This day; blank without a clock."""
    moment = now(run)
    return _day(moment) if isinstance(moment, Moment) else ""


def _day(moment: Moment) -> Moment:
    return Moment(moment.at.replace(hour=0, minute=0, second=0, microsecond=0), Sort.DATE)


def day(run: Run, arguments: tuple[Node, ...]) -> Value:
    """The day that a date, a text or a number of days since 1970 means; blank where it means none."""
    found = _read(run, run.of(arguments[0]), keeps_time=False)
    return _day(found) if found else ""


def moment(run: Run, arguments: tuple[Node, ...]) -> Value:
    """The moment that a date with time, a text or a number of days since 1970 means."""
    found = _read(run, run.of(arguments[0]), keeps_time=True)
    return Moment(found.at, Sort.DATETIME) if found else ""


def exact_days(run: Run, arguments: tuple[Node, ...]) -> Value:
    """The days since 1970 with their fraction; NaN where there is no moment."""
    value = run.of(arguments[0])
    found = None if isinstance(value, float) else _read(run, value, keeps_time=True)
    return found.exact_days if found else value if isinstance(value, float) else math.nan


def day_part(run: Run, arguments: tuple[Node, ...]) -> Value:
    """How much of its day has gone by at the moment, from 0 to 1; NaN where there is no moment."""
    value = run.of(arguments[0])
    if isinstance(value, float):
        return value - math.floor(value) if math.isfinite(value) else math.nan
    found = _read(run, value, keeps_time=True)
    return found.day_part if found else math.nan


def formatted(run: Run, arguments: tuple[Node, ...]) -> Value:
    """The moment as the pattern asks, months and days by their names in the language of the answers."""
    found = _read(run, run.of(arguments[0]), keeps_time=True)
    return shown(found, text(run.of(arguments[1])), run.scope.language()) if found else ""


def _read(run: Run, value: Value, keeps_time: bool) -> Moment | None:
    if isinstance(value, Moment):
        return value
    zone = run.scope.zone()
    if isinstance(value, str):
        return read_moment(value, zone)
    return from_days(number(value), zone, keeps_time)
