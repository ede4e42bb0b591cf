"""The week for one research line: a text and a picture, with counts under three hidden."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from exports.compliance import Compliance, by_city, compliance
from exports.dataset import Reflections
from exports.digestfigures import Bar, Picture, Point, Trend
from exports.dispositions import Disposition
from exports.period import Period, week_before, weeks_until
from exports.smallcells import Concealed, K, concealed, is_small
from exports.spans import one_decimal, span
from exports.themes import Told, Words, themes
from exports.trends import ScaleTrend, scale_trends, scale_words, scales_of, week_number
from exports.words import word
from fieldwork.study import City, Language, Line, Study
from forms.form import Form
from storage import exporting
from storage.connection import Rows
from storage.exporting import Scope

Say = Callable[..., str]
"""The catalogue's `say(key, language, **blanks)`."""

_WEEKS_SHOWN = 6
_GENERAL = "G"
_FELL_BY = 15
"""Percentage points below last week that are worth a word."""


@dataclass(frozen=True, slots=True)
class DigestRequest:
    """One digest: a research line and an ISO week, over all cities, in the reader's language."""

    study: Study
    line: Line
    forms: Mapping[str, Form]
    """Every questionnaire in every version, by hash, first published first."""
    period: Period
    language: Language


@dataclass(frozen=True, slots=True)
class Digest:
    """What a principal investigator reads on Monday."""

    text: str
    chart: bytes | None
    """A PNG; None in a week without workshops."""


@dataclass(frozen=True, slots=True)
class _Week:
    """The figures of one week."""

    cities: Mapping[str, Compliance]
    """Of the cities where something was due."""
    whole: Compliance
    concealed: Concealed[str]
    workshops: Mapping[str, int]
    """By city; those that were not cancelled."""
    files_missing: int

    @property
    def is_small(self) -> bool:
        """Whether even all cities together are too few to show."""
        return is_small(self.whole.done) or is_small(self.whole.due)


def make_digest(rows: Rows, request: DigestRequest, say: Say) -> Digest:
    """Read the week and word it; reads only, and runs in a thread. Raises UnknownForm."""
    week = _week(rows, request, request.period)
    number = week_number(request.period.label)
    if not any(week.workshops.values()):
        return Digest(say("pi.none", request.language, project=request.study.name, week=number), None)
    from exports.charts import digest_chart

    before = _week(rows, request, week_before(request.period, request.study.timezone))
    trends, found = _trends(rows, request), _themes(rows, request)
    text = _text(request, week, before, [*_line_block(request, trends), *_theme_block(request, week, found)], say)
    return Digest(text, digest_chart(_picture(request, week, trends)))


def _week(rows: Rows, request: DigestRequest, period: Period) -> _Week:
    scope = Scope(period.since, period.until)
    prompts = exporting.prompts(rows, scope)
    cities = {code: counts for code, counts in by_city(prompts).items() if counts.due}
    workshops: dict[str, int] = {}
    for workshop in exporting.workshops(rows, scope):
        if workshop.state != "cancelled":
            workshops[workshop.city] = workshops.get(workshop.city, 0) + 1
    return _Week(
        cities=cities,
        whole=compliance(prompts),
        concealed=concealed({code: (counts.due, counts.done) for code, counts in cities.items()}),
        workshops=workshops,
        files_missing=exporting.files_missing(rows, scope),
    )


def _trends(rows: Rows, request: DigestRequest) -> tuple[ScaleTrend, ...]:
    """The line's scales; the general ones where the line has none."""
    zone = request.study.timezone
    questions = scales_of(request.forms.values(), request.line.code)
    questions = questions or scales_of(request.forms.values(), _GENERAL)
    weeks = weeks_until(request.period, _WEEKS_SHOWN, zone)
    return scale_trends(_recent(rows, request), questions, weeks.weeks, zone)


def _recent(rows: Rows, request: DigestRequest) -> Reflections:
    weeks = weeks_until(request.period, _WEEKS_SHOWN, request.study.timezone)
    return Reflections(rows, Scope(weeks.since, weeks.until), request.forms)


def _themes(rows: Rows, request: DigestRequest) -> Mapping[str, tuple[str, ...]]:
    """The telling words of what was written in answer to the line's open questions and the general ones, by city."""
    lines = (request.line.code, _GENERAL)
    told = [
        Told(each.about.city, each.about.person_code, text)
        for each in _recent(rows, request)
        if (text := " ".join(each.written(lambda question: question.line in lines)))
    ]
    return themes(told, Words()) if told else {}


def _heading(request: DigestRequest, trends: tuple[ScaleTrend, ...]) -> str:
    """The line's name; that the scales are general ones, where the line has none of its own."""
    is_own = not trends or trends[0].question.line == request.line.code
    return request.line.names[request.language] if is_own else word("digest", "general", request.language)


def _text(request: DigestRequest, week: _Week, before: _Week, line: Sequence[str], say: Say) -> str:
    language, median = request.language, week.whole.median_delay
    fewer = word("digest", "fewer", language, k=K)
    shows_median = median is not None and not is_small(week.whole.timed)
    return say(
        "pi.digest",
        language,
        project=request.study.name,
        week=week_number(request.period.label),
        workshops=sum(week.workshops.values()),
        cities=len(week.workshops),
        done=fewer if is_small(week.whole.done) else week.whole.done,
        sent=fewer if is_small(week.whole.due) else week.whole.due,
        pct=_percent_words(week, language),
        prev_pct=_percent_words(before, language),
        median=word("digest", "median", language, span=span(median or 0, language))
        if shows_median
        else word("digest", "no_median", language),
        city_lines="\n".join([*_city_lines(request, week, say), *line]),
        flags="\n".join(_flags(request, week, before)),
        store=request.study.store,
        k=K,
    )


def _percent(counts: Compliance) -> int:
    return round(100 * (counts.rate or 0))


def _percent_words(week: _Week, language: Language) -> str:
    if week.is_small:
        return word("digest", "unknown", language)
    return word("digest", "percent", language, pct=_percent(week.whole))


def _city_lines(request: DigestRequest, week: _Week, say: Say) -> list[str]:
    lines = []
    for city in request.study.cities:
        counts = week.cities.get(city.code)
        if counts is None:
            continue
        if city.code in week.concealed.small:
            lines.append(say("pi.city_line.small", request.language, city=city.name, k=K))
        elif city.code in week.concealed:
            lines.append(word("digest", "city.beside", request.language, city=city.name))
        else:
            values = {"done": counts.done, "sent": counts.due, "pct": _percent(counts)}
            lines.append(say("pi.city_line", request.language, city=city.name, **values))
    return lines or [word("digest", "no_cities", request.language)]


def _line_block(request: DigestRequest, trends: tuple[ScaleTrend, ...]) -> list[str]:
    if not trends:
        return []
    return ["", f"{_heading(request, trends)}:", *(scale_words(trend, request.language, K) for trend in trends)]


def _theme_block(request: DigestRequest, week: _Week, found: Mapping[str, tuple[str, ...]]) -> list[str]:
    """The words by city, of cities whose counts are shown; nothing where no word stands out."""
    names = {city.code: city.name for city in request.study.cities if city.code not in week.concealed}
    lines = [f"{name}: {', '.join(found[code])}" for code, name in names.items() if found.get(code)]
    heading = word("digest", "themes", request.language, weeks=_WEEKS_SHOWN)
    return ["", heading, *lines] if lines else []


def _flags(request: DigestRequest, week: _Week, before: _Week) -> list[str]:
    """What deserves a look, counts under three left out; that there is nothing, where there is nothing."""
    language, counts = request.language, week.whole.counts
    quiet = [city.name for city in request.study.cities if city.code not in week.workshops]
    running = (Disposition.SENT, Disposition.SNOOZED, Disposition.OPENED)
    numbers = {
        "flag.open": sum(counts.get(word, 0) for word in running),
        "flag.partial": counts.get(Disposition.PARTIAL, 0),
        "flag.missed": counts.get(Disposition.MISSED, 0),
        "flag.files": week.files_missing,
    }
    found = [word("digest", "flag.quiet", language, cities=", ".join(quiet))] if quiet else []
    points = 0 if week.is_small or before.is_small else _percent(before.whole) - _percent(week.whole)
    if points >= _FELL_BY:
        found.append(word("digest", "flag.fell", language, points=points))
    found += [word("digest", key, language, count=count) for key, count in numbers.items() if not is_small(count)]
    return found or [word("digest", "flag.none", language)]


def _picture(request: DigestRequest, week: _Week, trends: tuple[ScaleTrend, ...]) -> Picture:
    number = week_number(request.period.label)
    return Picture(
        title=word("chart", "response", request.language, week=number),
        bars=tuple(_bar(city, week, request.language) for city in request.study.cities if city.code in week.cities),
        no_bars=word("chart", "none", request.language),
        trend=_trend(_heading(request, trends), trends[0], request.language) if trends else None,
    )


def _bar(city: City, week: _Week, language: Language) -> Bar:
    counts = week.cities[city.code]
    if city.code in week.concealed:
        key = "small" if city.code in week.concealed.small else "beside"
        return Bar(city.name, word("chart", key, language, k=K), None)
    words = word("chart", "bar", language, done=counts.done, due=counts.due, pct=_percent(counts))
    return Bar(city.name, words, counts.rate or 0.0)


def _trend(title: str, trend: ScaleTrend, language: Language) -> Trend:
    label, _, words = scale_words(trend, language, K).partition("\n")
    points = tuple(
        Point(
            week=word("chart", "week", language, week=week_number(week.week)),
            mean=week.mean,
            words="" if week.mean is None else one_decimal(week.mean, language),
            count=f"n < {K}" if week.mean is None else f"n = {week.count}",
        )
        for week in trend.weeks
    )
    hidden = [week for week in trend.weeks if week.mean is None]
    note = "trend.none" if len(hidden) == len(trend.weeks) else "hidden"
    low, high = trend.limits
    return Trend(title, label, words, word("chart", note, language, k=K) if hidden else "", low, high, points)
