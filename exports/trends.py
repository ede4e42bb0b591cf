"""How a scale moves from week to week, over all cities together; weeks with too few answers say nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from exports.codebook import heading
from exports.dataset import Reflection, is_scale, scale_value
from exports.period import week_label
from exports.smallcells import is_small
from exports.spans import one_decimal
from exports.words import word
from fieldwork.study import Language
from forms.form import Form, Question


@dataclass(frozen=True, slots=True)
class WeekMean:
    """A scale in one ISO week."""

    week: str
    count: int
    mean: float | None
    """None where fewer answered than may be shown."""


@dataclass(frozen=True, slots=True)
class ScaleTrend:
    """A scale question and its weeks, the last one being the week the digest is about."""

    question: Question
    weeks: tuple[WeekMean, ...]

    @property
    def now(self) -> WeekMean:
        """The week the digest is about."""
        return self.weeks[-1]

    @property
    def before(self) -> WeekMean | None:
        """The last earlier week that can be compared; None where there is none."""
        return next((week for week in reversed(self.weeks[:-1]) if week.mean is not None), None)

    @property
    def limits(self) -> tuple[float, float]:
        """The lowest and the highest answer there is."""
        question = self.question
        if question.range is not None:
            ends = (float(question.range.start), float(question.range.end))
            return min(ends), max(ends)
        points = [float(choice.name) for choice in question.choices if choice.name.isdecimal()]
        return min(points), max(points)


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
        ScaleTrend(question, tuple(_mean(week, *sums.get((question.name, week), (0, 0.0))) for week in weeks))
        for question in questions
    )


def _mean(week: str, count: int, total: float) -> WeekMean:
    return WeekMean(week, count, None if is_small(count) else total / count)


def week_number(label: str) -> int:
    """47 of `2026-W47`."""
    return int(label.rpartition("W")[2])


def change_words(trend: ScaleTrend, language: Language) -> str:
    """The change since the last comparable week, with an arrow; '' where nothing can be compared."""
    before = trend.before
    if before is None or before.mean is None or trend.now.mean is None:
        return ""
    change = round(trend.now.mean, 1) - round(before.mean, 1)
    key = "change.same" if abs(change) < 0.05 else "change.up" if change > 0 else "change.down"
    by = one_decimal(abs(change), language)
    return word("digest", key, language, by=by, week=week_number(before.week))


def scale_words(trend: ScaleTrend, language: Language, k: int) -> str:
    """The scale's question, its mean and its change; that it is not shown where too few answered."""
    label, now = heading(trend.question.labels, language), trend.now
    if now.mean is None:
        return word("digest", "scale.small", language, label=label, k=k)
    mean = one_decimal(now.mean, language)
    change = change_words(trend, language)
    return word("digest", "scale", language, label=label, mean=mean, n=now.count, change=change)
