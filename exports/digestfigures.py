"""What the digest's picture shows, in figures and words, before it is drawn."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bar:
    """A city's response; `part` is 0 to 1, None where it is too small to show."""

    name: str
    words: str
    part: float | None


@dataclass(frozen=True, slots=True)
class Point:
    """A scale's mean in one week; None where too few answered."""

    week: str
    mean: float | None
    words: str
    count: str


@dataclass(frozen=True, slots=True)
class Trend:
    """A scale over the weeks, between its lowest and highest answer."""

    title: str
    label: str
    words: str
    note: str
    low: float
    high: float
    points: tuple[Point, ...]

    @property
    def has_points(self) -> bool:
        """Whether there is anything to draw."""
        return any(point.mean is not None for point in self.points)


@dataclass(frozen=True, slots=True)
class Picture:
    """The whole chart."""

    title: str
    bars: tuple[Bar, ...]
    no_bars: str
    """What is said where there are none."""
    trend: Trend | None
