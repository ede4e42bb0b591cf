"""Who answered of those who could: counted over people and workshops that took place and were attended."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from zoneinfo import ZoneInfo

from exports.dispositions import DONE, DUE, Disposition, disposition
from exports.period import week_label
from storage.exporting import PromptRow


@dataclass(frozen=True, slots=True)
class Compliance:
    """Prompts by disposition, and how long those who answered took."""

    counts: Mapping[Disposition, int]
    delays: tuple[float, ...]
    """Minutes from the first prompt to sending, for those who sent."""

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
    def median_delay(self) -> float | None:
        """Minutes; None where nobody answered."""
        return median(self.delays) if self.delays else None


def minutes_between(start: datetime | None, end: datetime | None) -> float | None:
    """Minutes from one moment to another, to a tenth; None where one of them is missing."""
    return None if start is None or end is None else round((end - start).total_seconds() / 60, 1)


def compliance(prompts: Iterable[PromptRow]) -> Compliance:
    """Count these prompts; each row once, however often it was asked."""
    counts: Counter[Disposition] = Counter()
    delays = []
    for prompt in prompts:
        word = disposition(prompt)
        counts[word] += 1
        minutes = minutes_between(prompt.prompted_on, prompt.submitted_on)
        if word in DONE and minutes is not None:
            delays.append(minutes)
    return Compliance(counts, tuple(delays))


def by_city_week_role(prompts: Iterable[PromptRow], zone: ZoneInfo) -> dict[tuple[str, str, str], Compliance]:
    """Compliance per city, ISO week of the workshop's start, and role; sorted."""
    groups: dict[tuple[str, str, str], list[PromptRow]] = {}
    for prompt in prompts:
        key = (prompt.city, week_label(prompt.workshop_start, zone), prompt.role)
        groups.setdefault(key, []).append(prompt)
    return {key: compliance(group) for key, group in sorted(groups.items())}


def by_city(prompts: Iterable[PromptRow]) -> dict[str, Compliance]:
    """Compliance per city, sorted."""
    groups: dict[str, list[PromptRow]] = {}
    for prompt in prompts:
        groups.setdefault(prompt.city, []).append(prompt)
    return {city: compliance(group) for city, group in sorted(groups.items())}
