"""When people are asked, reminded and let go, and when weekly work is due: rules over rows and now."""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from fieldwork.study import QuietHours, Rhythm

_WEEK = re.compile(r"(\d{4})-W(\d{1,2})", re.ASCII)
EVENING = time(20, 0)
"""What "tonight" means when somebody answers later."""
SENT_AT = time(8, 30)
"""Mondays, when the workbooks of the week before are sent, and the summaries with them."""


def is_quiet(moment: datetime, quiet: QuietHours, zone: ZoneInfo) -> bool:
    """Whether people are left alone at this moment."""
    clock = moment.astimezone(zone).time()
    if quiet.start <= quiet.end:
        return quiet.start <= clock < quiet.end
    return clock >= quiet.start or clock < quiet.end


def next_at(moment: datetime, clock: time, zone: ZoneInfo) -> datetime:
    """The first time after `moment` that local clocks show `clock`."""
    day = moment.astimezone(zone).date()
    today = at(day, clock, zone)
    return today if today > moment else at(day + timedelta(days=1), clock, zone)


def at(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """A local day and clock time, as UTC."""
    return datetime.combine(day, clock, tzinfo=zone).astimezone(UTC)


def out_of_quiet(moment: datetime, quiet: QuietHours, zone: ZoneInfo) -> datetime:
    """The same moment, or the end of the quiet hours it lies in."""
    return next_at(moment, quiet.end, zone) if is_quiet(moment, quiet, zone) else moment


def first_asked_on(ends_on: datetime, ask_when: str, rhythm: Rhythm, zone: ZoneInfo) -> datetime:
    """When someone is asked about a workshop that ends at `ends_on`.

    A little after the end, for who chose `after` until late in the evening; or the next morning, for who
    prefers that and for what ends in the quiet hours.
    """
    soon = ends_on + rhythm.prompt_after
    if ask_when != "morning" and can_ask_now(soon, ask_when, rhythm, zone):
        return soon
    return next_at(soon, rhythm.quiet.end, zone)


def can_ask_now(now: datetime, ask_when: str, rhythm: Rhythm, zone: ZoneInfo) -> bool:
    """Whether someone may be asked unprompted at this moment; who chose "right after" may until late."""
    if not is_quiet(now, rhythm.quiet, zone):
        return True
    # Whole minutes: the clock is looked at every few seconds, and never exactly on the hour.
    clock = now.astimezone(zone).time().replace(second=0, microsecond=0)
    return ask_when == "after" and rhythm.quiet.start <= clock <= rhythm.latest_same_evening


def reminders(asked_on: datetime, rhythm: Rhythm, zone: ZoneInfo) -> tuple[datetime, ...]:
    """The moments of reminding after the first question, out of the quiet hours and before closing."""
    closes_on = asked_on + rhythm.close_after
    moments = (out_of_quiet(asked_on + after, rhythm.quiet, zone) for after in rhythm.remind_after)
    return tuple(moment for moment in moments if moment < closes_on)


def next_look(asked_on: datetime, now: datetime, rhythm: Rhythm, zone: ZoneInfo) -> datetime:
    """The next reminder after now, or closing."""
    moments = reminders(asked_on, rhythm, zone)
    return next((moment for moment in moments if moment > now), asked_on + rhythm.close_after)


class Snooze(StrEnum):
    """The ways to be asked later."""

    HOUR = "hour"
    EVENING = "evening"
    MORNING = "morning"


def later_times(now: datetime, closes_on: datetime, rhythm: Rhythm, zone: ZoneInfo) -> dict[Snooze, datetime]:
    """What [Later] can offer now: nothing in quiet hours, nothing twice, nothing after closing."""
    evening = next_at(now, EVENING, zone)
    offers = {Snooze.HOUR: now + timedelta(hours=1)}
    if evening.astimezone(zone).date() == now.astimezone(zone).date() and evening not in offers.values():
        offers[Snooze.EVENING] = evening
    offers[Snooze.MORNING] = next_at(at(_tomorrow(now, zone), time(0), zone), rhythm.quiet.end, zone)
    return {
        snooze: moment
        for snooze, moment in offers.items()
        if moment < closes_on and not is_quiet(moment, rhythm.quiet, zone)
    }


def _tomorrow(now: datetime, zone: ZoneInfo) -> date:
    return now.astimezone(zone).date() + timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class Week:
    """An ISO week."""

    year: int
    number: int

    @classmethod
    def of(cls, moment: datetime, zone: ZoneInfo) -> "Week":
        """The week a moment falls in, by local days."""
        year, number, _ = moment.astimezone(zone).isocalendar()
        return cls(year, number)

    @classmethod
    def parse(cls, text: str) -> "Week":
        """Read '2026-W47'; ValueError for anything else."""
        found = _WEEK.fullmatch(text.strip().upper())
        with suppress(ValueError):
            if found is not None:
                return cls(*date.fromisocalendar(int(found[1]), int(found[2]), 1).isocalendar()[:2])
        raise ValueError(f"{text[:20]!r} is no ISO week such as 2026-W47")

    def __str__(self) -> str:
        return f"{self.year}-W{self.number:02d}"

    def monday(self) -> date:
        """Its first day."""
        return date.fromisocalendar(self.year, self.number, 1)

    def plus(self, weeks: int) -> "Week":
        """The week so many weeks later."""
        return Week(*(self.monday() + timedelta(weeks=weeks)).isocalendar()[:2])

    def starts_on(self, zone: ZoneInfo) -> datetime:
        """Its first moment."""
        return at(self.monday(), time(0), zone)


def nearest_week(number: int, now: Week) -> Week | None:
    """The week of this number that is nearest to now; None where no year has one."""
    found = []
    for year in (now.year - 1, now.year, now.year + 1):
        with suppress(ValueError):
            date.fromisocalendar(year, number, 1)
            found.append(Week(year, number))
    return min(found, key=lambda week: abs(week.monday() - now.monday()), default=None)


def weeks_after(last: Week, latest: Week) -> Iterator[Week]:
    """The weeks after `last` up to and with `latest`, oldest first: what weekly work still owes."""
    week = last.plus(1)
    while week <= latest:
        yield week
        week = week.plus(1)
