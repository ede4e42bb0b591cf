"""The workshops of a stretch of time and what became of their prompts, counted without keeping any."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from exports.compliance import Compliance, by_city_week_role, merged
from exports.period import week_label
from storage.exporting import PromptRow, WorkshopRow


@dataclass(frozen=True, slots=True)
class Census:
    """What a stretch of time adds up to."""

    groups: Mapping[tuple[str, str, str], Compliance]
    """By city, ISO week and role; sorted."""
    codes: frozenset[str]
    """Everyone who was to be asked, but for those who were erased."""
    held: Mapping[str, int]
    """Workshops that were not cancelled, by ISO week."""
    starts: tuple[datetime, datetime] | None
    """When the first and the last workshop begin, cancelled ones too; None where there is none."""

    @property
    def whole(self) -> Compliance:
        """All groups together."""
        return merged(self.groups.values())

    def of_week(self, label: str) -> Compliance:
        """All groups of an ISO week together."""
        return merged(counts for (_, week, _), counts in self.groups.items() if week == label)


def census(prompts: Iterable[PromptRow], workshops: Iterable[WorkshopRow], zone: ZoneInfo) -> Census:
    """Go through both once."""
    codes: set[str] = set()

    def noted() -> Iterator[PromptRow]:
        for prompt in prompts:
            if not prompt.is_erased:
                codes.add(prompt.person_code)
            yield prompt

    groups = by_city_week_role(noted(), zone)
    held: Counter[str] = Counter()
    starts: tuple[datetime, datetime] | None = None
    for workshop in workshops:
        held[week_label(workshop.starts_on, zone)] += workshop.state != "cancelled"
        first, last = starts or (workshop.starts_on, workshop.starts_on)
        starts = min(first, workshop.starts_on), max(last, workshop.starts_on)
    return Census(groups, frozenset(codes), held, starts)
