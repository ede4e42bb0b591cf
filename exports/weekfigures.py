"""One week in figures that may be told, and as the text in which they are kept: what was told once stays so."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Response:
    """How many answers were due and how many were sent; both None where they are too few to show."""

    due: int | None
    done: int | None

    @property
    def rate(self) -> float | None:
        """Done as a part of due, 0 to 1; None where it is not shown."""
        return self.done / self.due if self.due and self.done is not None else None


HIDDEN = Response(None, None)


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean of so many answers, to a tenth."""

    count: int
    mean: float


@dataclass(frozen=True, slots=True)
class Share:
    """Neighbouring points of a scale, as their choices are named, and how many answers chose one of them."""

    first: str
    last: str
    count: int


@dataclass(frozen=True, slots=True)
class Scale:
    """A scale in one week."""

    whole: Mean | None
    """Over all cities; None where too few answered."""
    cities: Mapping[str, Mean]
    """Of the cities that may be shown."""
    shares: tuple[Share, ...]
    """Over all cities, lowest first; none where they would tell too much."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A choice question in one week."""

    count: int
    """Answers."""
    choices: Mapping[str, int]
    """How many chose each, of those that may be shown; the most chosen first."""


@dataclass(frozen=True, slots=True)
class WeekFigures:
    """What may be told of one ISO week, over the whole study; small counts are not in it."""

    week: str
    workshops: Mapping[str, int]
    """By city; those that were not cancelled."""
    whole: Response
    cities: Mapping[str, Response]
    """Of every city where something was due."""
    median: float | None
    """Minutes to an answer; None where too few answered."""
    waits: Mapping[str, int]
    """What deserves a look, by the key of its words, counts under three left out."""
    scales: Mapping[str, Scale]
    """By question name."""
    chosen: Mapping[str, Chosen]
    """By question name."""


def dump(figures: WeekFigures) -> str:
    """The figures as JSON."""
    return json.dumps(asdict(figures), ensure_ascii=False)


def load(text: str) -> WeekFigures:
    """The figures that `dump` wrote."""
    found = json.loads(text)
    return WeekFigures(
        week=found["week"],
        workshops=found["workshops"],
        whole=Response(**found["whole"]),
        cities={city: Response(**each) for city, each in found["cities"].items()},
        median=found["median"],
        waits=found["waits"],
        scales={name: _scale(each) for name, each in found["scales"].items()},
        chosen={name: Chosen(**each) for name, each in found["chosen"].items()},
    )


def _scale(found: Mapping[str, Any]) -> Scale:
    return Scale(
        whole=None if found["whole"] is None else Mean(**found["whole"]),
        cities={city: Mean(**each) for city, each in found["cities"].items()},
        shares=tuple(Share(**each) for each in found["shares"]),
    )
