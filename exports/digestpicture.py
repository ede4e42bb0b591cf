"""What the digest's picture shows, in figures and words, before it is drawn; and the same for who cannot see it."""

from collections.abc import Sequence
from dataclasses import dataclass

from exports.codebook import heading
from exports.smallcells import K
from exports.spans import one_decimal
from exports.trends import ScaleTrend, change_sign, mean_words, points_of, trends_of, week_number
from exports.weekfigures import Response, WeekFigures
from exports.words import word
from fieldwork.pieces import LONGEST_CAPTION, units
from fieldwork.study import Language, Line, Study
from forms.question import Question

_MOST_SCALES = 2
"""A picture of more is too long to be looked at; the text tells them all."""
_MANY_CITIES = 12
"""With more, one scale is all that fits: messengers refuse a picture of more than 10,000 dots."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A city's response; `part` is 0 to 1, None where it is too small to show."""

    name: str
    words: str
    part: float | None


@dataclass(frozen=True, slots=True)
class Panel:
    """A scale in one place over the weeks."""

    name: str
    now: str
    """The mean of the week the picture is about with its n and change, or that there is none."""
    told: str
    """The same in words."""
    trend: ScaleTrend


@dataclass(frozen=True, slots=True)
class Multiples:
    """A scale, over all cities together and in each, between its lowest and highest answer."""

    label: str
    low: float
    high: float
    point: str
    """What stands before the tenths of a number."""
    whole: Panel
    cities: tuple[Panel, ...]
    """Those with anything to draw."""
    left_out: str
    """Which cities have nothing to draw; '' where all have, or none has."""
    segments: tuple[tuple[str, int], ...]
    """How often which answers were given, lowest first; none where they would tell too much."""


@dataclass(frozen=True, slots=True)
class Words:
    """What is written around the figures."""

    title: str
    by_city: str
    """The title of the second page."""
    response: str
    no_bars: str
    weeks: str
    heading: str
    shares: str
    no_shares: str
    notes: tuple[tuple[str, ...], tuple[str, ...]]
    """Below each page."""


@dataclass(frozen=True, slots=True)
class Picture:
    """The whole picture, on a page for all cities together and one for each of them.

    Messengers make a picture smaller until its longer side fits: on one long page nobody could read anything.
    """

    words: Words
    bars: tuple[Bar, ...]
    scales: tuple[Multiples, ...]

    @property
    def has_cities(self) -> bool:
        """Whether there is a second page."""
        return any(scale.cities for scale in self.scales)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing in it but words: no city's response, and no week of any scale."""
        drawn = any(bar.part is not None for bar in self.bars) or any(
            each.whole.trend.has_points for each in self.scales
        )
        return not drawn and not self.has_cities


def picture_of(
    study: Study,
    line: Line,
    scales_are: str,
    scales: Sequence[Question],
    weeks: Sequence[WeekFigures],
    language: Language,
) -> Picture:
    """The picture of the last of these weeks; `scales_are` is the heading above the scales."""
    now = weeks[-1]
    shown = scales[: _MOST_SCALES if len(study.cities) <= _MANY_CITIES else 1]
    multiples = tuple(_multiples(study, question, weeks, language) for question in shown)
    names = {city.code: city.name for city in study.cities}
    bars = tuple(_bar(names[code], now.cities[code], language) for code in names if code in now.cities)
    return Picture(_words(line, scales_are, week_number(now.week), multiples, language), bars, multiples)


def _words(line: Line, scales_are: str, number: int, scales: Sequence[Multiples], language: Language) -> Words:
    pages = ([scale.whole for scale in scales], [panel for scale in scales for panel in scale.cities])
    first, second = (_notes(panels, language) for panels in pages)
    return Words(
        title=word("chart", "title", language, line=line.names[language], week=number),
        by_city=word("chart", "by_city", language, line=line.names[language], week=number),
        response=word("chart", "response", language),
        no_bars=word("chart", "none", language),
        weeks=word("chart", "weeks", language),
        heading=scales_are,
        shares=word("chart", "shares", language),
        no_shares=word("chart", "no_shares", language),
        notes=(first, second),
    )


def _notes(panels: Sequence[Panel], language: Language) -> tuple[str, ...]:
    """What the signs on a page mean, of those that stand on it."""
    found = {
        "counted": any(panel.trend.has_points for panel in panels),
        "arrows": any(sign in panel.now for panel in panels for sign in "▲▼"),
        "gap": any(week.mean is None for panel in panels for week in panel.trend.weeks),
    }
    return tuple(word("chart", key, language, k=K) for key, holds in found.items() if holds)


def _bar(name: str, counts: Response, language: Language) -> Bar:
    rate = counts.rate
    if rate is None:
        return Bar(name, word("chart", "not_shown", language), None)
    words = word("chart", "bar", language, done=counts.done, due=counts.due, pct=round(100 * rate))
    return Bar(name, words, rate)


def _multiples(study: Study, question: Question, weeks: Sequence[WeekFigures], language: Language) -> Multiples:
    points = points_of(question)
    found = weeks[-1].scales.get(question.name)
    shares = () if found is None else found.shares
    whole = _panel(word("chart", "all", language), trends_of(weeks, question.name), language)
    panels = [_panel(city.name, trends_of(weeks, question.name, city.code), language) for city in study.cities]
    bare = ", ".join(panel.name for panel in panels if not panel.trend.has_points)
    left_out = word("chart", "left_out", language, cities=bare) if bare and whole.trend.has_points else ""
    return Multiples(
        label=heading(question.labels, language),
        low=points[0],
        high=points[-1],
        point=one_decimal(0, language)[1],
        whole=whole,
        cities=tuple(panel for panel in panels if panel.trend.has_points),
        left_out=left_out,
        segments=tuple(
            (share.first if share.first == share.last else f"{share.first}–{share.last}", share.count)
            for share in shares
        ),
    )


def _panel(name: str, trend: ScaleTrend, language: Language) -> Panel:
    told = mean_words(trend, language)
    if trend.now is None:
        return Panel(name, word("chart", "panel_none", language), told, trend)
    pieces = (one_decimal(trend.now.mean, language), change_sign(trend, language))
    return Panel(name, "  ".join(filter(None, pieces)), told, trend)


def captions_of(picture: Picture, language: Language) -> tuple[str, ...]:
    """Each page in words, up to what may stand under it; what does not fit is left out from the end."""
    first = [f"{picture.words.title}."]
    if picture.bars:
        cities = "; ".join(f"{bar.name} {bar.words}" for bar in picture.bars)
        first.append(word("chart", "told_response", language, cities=cities))
    second = [f"{picture.words.by_city}."]
    for scale in picture.scales:
        first.append(word("chart", "told_scale", language, label=scale.label, whole=scale.whole.told))
        if scale.segments:
            shares = "; ".join(f"{points}: {count}×" for points, count in scale.segments)
            first.append(word("chart", "told_shares", language, shares=shares))
        second.append(scale.label)
        told = [
            word("chart", "told_city", language, city=panel.name, mean=panel.told)
            for panel in scale.cities
            if panel.trend.now is not None
        ]
        second += told or [f"{word('chart', 'panel_none', language).capitalize()}."]
    return tuple(_fitting(lines) for lines in ([first, second] if picture.has_cities else [first]))


def _fitting(lines: Sequence[str]) -> str:
    told = lines[0]
    for line in lines[1:]:
        if units(f"{told}\n{line}") <= LONGEST_CAPTION:
            told += f"\n{line}"
    return told
