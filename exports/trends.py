"""How a scale moves from week to week; weeks with too few answers say nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from exports.dataset import Reflection, is_scale, scale_value
from exports.period import week_label
from exports.smallcells import is_small
from exports.spans import one_decimal
from exports.weekfigures import Mean, WeekFigures
from exports.words import word
from fieldwork.study import Language
from forms.form import Form
from forms.question import Question


@dataclass(frozen=True, slots=True)
class WeekMean:
    """A scale in one ISO week; None where too few answered to tell."""

    week: str
    mean: Mean | None


@dataclass(frozen=True, slots=True)
class ScaleTrend:
    """A scale in some place and its weeks, the last one being the week that is told about."""

    weeks: tuple[WeekMean, ...]

    @property
    def now(self) -> Mean | None:
        """The week that is told about."""
        return self.weeks[-1].mean

    @property
    def before(self) -> WeekMean | None:
        """The last earlier week that can be compared; None where there is none."""
        return next((week for week in reversed(self.weeks[:-1]) if week.mean is not None), None)

    @property
    def has_points(self) -> bool:
        """Whether there is anything to draw."""
        return any(week.mean is not None for week in self.weeks)


def points_of(question: Question) -> list[float]:
    """The answers that a scale offers, lowest first."""
    if question.range is not None:
        return sorted(float(value) for value in question.range.values())
    return sorted(float(choice.name) for choice in question.choices if choice.name.isdecimal())


def scales_of(forms: Iterable[Form], line: str) -> tuple[Question, ...]:
    """The scale questions of a research line, by name, the newest version of each; `forms` come oldest first."""
    found: dict[str, Question] = {}
    for form in forms:
        for question in form.questions:
            if question.line == line and is_scale(question):
                found[question.name] = question
    return tuple(found.values())


def scale_trends(
    reflections: Iterable[Reflection], questions: Sequence[Question], weeks: Sequence[str], zone: ZoneInfo
) -> tuple[ScaleTrend, ...]:
    """The weekly means of these scales, by the week in which a reflection ended."""
    sums: dict[tuple[str, str], tuple[int, float]] = {}
    for reflection in reflections:
        week = week_label(reflection.about.ended_on, zone)
        for question in questions:
            value = scale_value(reflection, question.name)
            if value is not None:
                count, total = sums.get((question.name, week), (0, 0.0))
                sums[question.name, week] = count + 1, total + value
    return tuple(
        ScaleTrend(tuple(WeekMean(week, _mean(*sums.get((question.name, week), (0, 0.0)))) for week in weeks))
        for question in questions
    )


def _mean(count: int, total: float) -> Mean | None:
    return None if is_small(count) else Mean(count, total / count)


def week_number(label: str) -> int:
    """47 of `2026-W47`."""
    return int(label.rpartition("W")[2])


def change_sign(trend: ScaleTrend, language: Language) -> str:
    """The change since the last comparable week as an arrow and a number; '' where nothing can be compared."""
    change = _change(trend)
    if change is None:
        return ""
    return "=" if not change else f"{'▲' if change > 0 else '▼'} {one_decimal(abs(change), language)}"


def change_words(trend: ScaleTrend, language: Language) -> str:
    """The same in words that go on from the mean, with the week it is compared with."""
    change, before = _change(trend), trend.before
    if change is None or before is None:
        return ""
    key = "change_same" if not change else "change_up" if change > 0 else "change_down"
    by = one_decimal(abs(change), language)
    return word("digest", key, language, by=by, week=week_number(before.week))


def _change(trend: ScaleTrend) -> float | None:
    before = trend.before
    if before is None or before.mean is None or trend.now is None:
        return None
    return round(round(trend.now.mean, 1) - round(before.mean.mean, 1), 1)


def mean_words(trend: ScaleTrend, language: Language) -> str:
    """The mean with its n and its change; that it is not shown where too few answered."""
    if trend.now is None:
        return word("digest", "not_shown", language)
    mean = one_decimal(trend.now.mean, language)
    return word("digest", "mean", language, mean=mean, n=trend.now.count, change=change_words(trend, language))


def trends_of(weeks: Sequence[WeekFigures], scale: str, city: str = "") -> ScaleTrend:
    """A scale of the weeks that were told, in a city or ('') over all of them."""
    return ScaleTrend(tuple(WeekMean(week.week, _told(week, scale, city)) for week in weeks))


def _told(week: WeekFigures, scale: str, city: str) -> Mean | None:
    found = week.scales.get(scale)
    if found is None:
        return None
    return found.cities.get(city) if city else found.whole
