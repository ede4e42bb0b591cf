"""Who answered of those who could: counted over people and workshops that took place and were attended."""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from exports.dispositions import DONE, DUE, Disposition, disposition
from exports.period import week_label
from storage.exporting import PromptRow

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Compliance:
    """Prompts by disposition, and how long those who answered took."""

    counts: Mapping[Disposition, int]
    minutes: Mapping[float, int]
    """From the first prompt to sending, for those who sent: how many took so long, to a tenth of a minute."""

    @property
    def due(self) -> int:
        """Answers that were asked for; workshops not held or not attended are not among them."""
        return sum(self.counts.get(word, 0) for word in DUE)

    @property
    def done(self) -> int:
        """Answers that were sent, late ones included."""
        return sum(self.counts.get(word, 0) for word in DONE)

    @property
    def rate(self) -> float | None:
        """Done as a part of due, 0 to 1; None where nothing was due."""
        return self.done / self.due if self.due else None

    @property
    def timed(self) -> int:
        """Of how many it is known how long they took."""
        return sum(self.minutes.values())

    @property
    def median_delay(self) -> float | None:
        """Minutes; None where nobody answered."""
        if not self.minutes:
            return None
        lower, upper = (_at(self.minutes, place) for place in ((self.timed - 1) // 2, self.timed // 2))
        return (lower + upper) / 2


def _at(minutes: Mapping[float, int], place: int) -> float:
    """The value at this place, 0 for the smallest."""
    for value in sorted(minutes):
        place -= minutes[value]
        if place < 0:
            return value
    raise IndexError(place)


def minutes_between(start: datetime | None, end: datetime | None) -> float | None:
    """Minutes from one moment to another, to a tenth; None where one of them is missing."""
    return None if start is None or end is None else round((end - start).total_seconds() / 60, 1)


def compliance(prompts: Iterable[PromptRow]) -> Compliance:
    """Count these prompts; each row once, however often it was asked."""
    return grouped(prompts, lambda prompt: None).get(None, Compliance({}, {}))


def grouped(prompts: Iterable[PromptRow], key: Callable[[PromptRow], Key]) -> dict[Key, Compliance]:
    """Compliance of each group, in one passage and in the order in which the groups come by."""
    counts: defaultdict[Key, Counter[Disposition]] = defaultdict(Counter)
    minutes: defaultdict[Key, Counter[float]] = defaultdict(Counter)
    for prompt in prompts:
        group, word = key(prompt), disposition(prompt)
        counts[group][word] += 1
        took = minutes_between(prompt.prompted_on, prompt.submitted_on)
        if word in DONE and took is not None:
            minutes[group][took] += 1
    return {group: Compliance(found, minutes[group]) for group, found in counts.items()}


def merged(parts: Iterable[Compliance]) -> Compliance:
    """Several groups as one."""
    counts: Counter[Disposition] = Counter()
    minutes: Counter[float] = Counter()
    for part in parts:
        counts.update(part.counts)
        minutes.update(part.minutes)
    return Compliance(counts, minutes)


def by_city_week_role(prompts: Iterable[PromptRow], zone: ZoneInfo) -> dict[tuple[str, str, str], Compliance]:
    """Compliance per city, ISO week of the workshop's start, and role; sorted."""

    def place(prompt: PromptRow) -> tuple[str, str, str]:
        return prompt.city, week_label(prompt.workshop_start, zone), prompt.role

    return dict(sorted(grouped(prompts, place).items()))


def by_city(prompts: Iterable[PromptRow]) -> dict[str, Compliance]:
    """Compliance per city, sorted."""
    return dict(sorted(grouped(prompts, lambda prompt: prompt.city).items()))
