"""The first sheet: key figures, the response week by week, and how often each point of a scale was chosen."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from exports.codebook import Variable, heading
from exports.dataset import is_scale, point_of
from exports.period import Period, week_label
from exports.request import Material, Request
from exports.sheets import Absent, Block, Cell, Chart, Column, Row, Sheet, Style
from exports.smallcells import K
from exports.spans import span
from exports.trends import scale_trends
from exports.weekfigures import Mean
from exports.words import word
from fieldwork.schedule import Week
from fieldwork.wording import day_with_year

_FIRST = 46
_OTHER = 12
_MOST_POINTS = 11


def overview_sheet(material: Material) -> Sheet:
    """Values, never formulas."""
    request = material.request
    blocks, charts = [_key_figures(material), _weeks(material)], [_response_chart(request)]
    scales = [variable for variable in material.variables if is_scale(variable.question)]
    if scales:
        blocks += [_scales(material, scales), _means(material, scales)]
        charts += [_means_chart(request, scales), *_answers_chart(request, scales)]
    return Sheet(
        word("sheet", "overview", request.language),
        blocks,
        heading=(title(request), _begun(stretch_in_words(material)), request.form.title or request.form.form_id),
        charts=charts,
    )


def _begun(words: str) -> str:
    """With a capital, as a line that stands by itself; the rest as it is."""
    return words[:1].upper() + words[1:]


def title(request: Request) -> str:
    """The study, the city and the period, on one line."""
    return word(
        "phrase",
        "title",
        request.language,
        study=request.study.name,
        city=request.city.name,
        period=_period_name(request),
    )


def _period_name(request: Request) -> str:
    if not request.period.weeks:
        return word("phrase", "everything", request.language)
    return word("phrase", "week", request.language, week=request.period.label)


def period_in_words(request: Request) -> str:
    """The first and last day; 'everything' where there is no limit."""
    period: Period = request.period
    if not period.weeks:
        return word("phrase", "everything", request.language)
    return _days("week_until", (period.since, period.until - timedelta(seconds=1)), request)


def stretch_in_words(material: Material) -> str:
    """The same; where there is no limit the days of the first and last workshop."""
    starts = material.census.starts
    if material.request.period.weeks or starts is None:
        return period_in_words(material.request)
    return _days("workshops_until", starts, material.request)


def _days(phrase: str, between: tuple[datetime, datetime], request: Request) -> str:
    zone = request.study.timezone
    since, until = (day_with_year(day, zone, request.language) for day in between)
    return word("phrase", phrase, request.language, since=since, until=until)


def _key_figures(material: Material) -> Block:
    language, totals = material.request.language, material.totals
    counts = material.census.whole
    median = counts.median_delay
    none = Absent(word("phrase", "none", language))
    figures: list[tuple[str, Cell]] = [
        ("reflections", totals.rows),
        ("of_which_partial", totals.partial),
        ("people", len(totals.people)),
        ("workshops", sum(material.census.held.values())),
        ("due_done", word("phrase", "due_done_value", language, done=counts.done, due=counts.due)),
        ("rate", none if counts.rate is None else f"{counts.rate:.0%}"),
        ("median", none if median is None else span(median, language)),
    ]
    columns = [
        Column(word("header", "figure", language), Style.TEXT, _FIRST),
        Column(word("header", "value", language), Style.FIGURE, 16),
    ]
    rows = [[word("phrase", key, language), value] for key, value in figures]
    return Block("key_figures", columns, rows, caption=word("phrase", "key_figures", language))


def _weeks(material: Material) -> Block:
    language = material.request.language
    columns = [
        Column(word("header", "city", language), Style.TEXT, _FIRST),
        Column(word("header", "week", language), Style.TEXT, _OTHER),
        Column(word("header", "workshops", language), Style.WHOLE, 14),
        Column(word("header", "due", language), Style.WHOLE, _OTHER),
        Column(word("header", "done", language), Style.WHOLE, _OTHER),
        Column(word("header", "rate", language), Style.PERCENT, _OTHER),
        Column(word("header", "median", language), Style.DECIMAL, _OTHER),
    ]
    caption = word("phrase", "response_by_week", language)
    return Block("by_week", columns, _week_rows(material), caption=caption)


def _week_rows(material: Material) -> Iterator[Row]:
    for label in _week_labels(material):
        counts = material.recent_census.of_week(label)
        yield [
            material.request.city.name,
            label,
            material.recent_census.held.get(label, 0),
            counts.due,
            counts.done,
            counts.rate,
            counts.median_delay,
        ]


def _week_labels(material: Material) -> Iterator[str]:
    """Every week from the first with a workshop, quiet ones in between too."""
    zone = material.request.study.timezone
    if material.recent_census.starts is None:
        return
    first, latest = material.recent_census.starts
    week, last = Week.of(first, zone), max({week_label(latest, zone), *material.request.period.weeks})
    while str(week) <= last:
        yield str(week)
        week = week.plus(1)


def _scales(material: Material, scales: Sequence[Variable]) -> Block:
    language = material.request.language
    points = _all_points(scales)
    columns = [
        Column(word("header", "scale", language), Style.WRAPPED, _FIRST),
        Column(word("header", "variable", language), Style.WRAPPED, 16),
        Column(word("header", "answers", language), Style.WHOLE, _OTHER),
        Column(word("header", "mean", language), Style.DECIMAL, 14),
        *(Column(f"{point:g}", Style.WHOLE, _OTHER) for point in points),
    ]
    rows = [_scale_row(material, variable, points) for variable in scales]
    return Block("scales", columns, rows, word("phrase", "scales", language), starts_page=True)


def _all_points(scales: Sequence[Variable]) -> list[float]:
    return sorted({point for variable in scales for point in _told_apart(variable)})


def _told_apart(variable: Variable) -> Sequence[float]:
    """The points whose answers are counted one by one; of a scale with very many, none."""
    points = _points(variable)
    return points if len(points) <= _MOST_POINTS else ()


def _points(variable: Variable) -> list[float]:
    question = variable.question
    if question.range is not None:
        return [float(value) for value in question.range.values()]
    return [float(choice.name) for choice in variable.choices if choice.name.isdecimal()]


def _scale_row(material: Material, variable: Variable, points: Sequence[float]) -> Row:
    codes = material.totals.figures.codes
    counts = {
        point: count
        for (header, code), count in codes.items()
        if header == variable.header and count and (point := point_of(code)) is not None
    }
    total = sum(counts.values())
    mean = sum(point * count for point, count in counts.items()) / total if total else None
    own = set(_told_apart(variable))
    return [
        heading(variable.question.labels, material.request.language),
        variable.header,
        total,
        _rounded(mean),
        *(int(counts.get(point, 0)) if point in own else None for point in points),
    ]


def _means(material: Material, scales: Sequence[Variable]) -> Block:
    """A row for every week, a column for every scale; weeks with too few answers are left open."""
    request, questions = material.request, [variable.question for variable in scales]
    zone, labels = request.study.timezone, list(_week_labels(material))
    columns = [
        Column(word("header", "week", request.language), Style.TEXT, _FIRST),
        *(Column(variable.header, Style.DECIMAL, _OTHER) for variable in scales),
    ]
    trends = scale_trends(material.recent_reflections, questions, labels, zone)
    rows = [[label, *(_shown(trend.weeks[place].mean) for trend in trends)] for place, label in enumerate(labels)]
    return Block("scale_means", columns, rows, caption=word("phrase", "scale_means", request.language, k=K))


def _shown(mean: Mean | None) -> float | None:
    return None if mean is None else _rounded(mean.mean)


def _rounded(mean: float | None) -> float | None:
    return None if mean is None else round(mean, 2)


def _response_chart(request: Request) -> Chart:
    title = word("phrase", "response_by_week", request.language)
    return Chart("bars", "by_week", 1, (3, 4), title, _alt(request, "response"))


def _means_chart(request: Request, scales: Sequence[Variable]) -> Chart:
    title = word("phrase", "scale_means", request.language, k=K)
    ends = [point for variable in scales for point in _points(variable)]
    limits = (min(ends), max(ends))
    return Chart("lines", "scale_means", 0, range(1, len(scales) + 1), title, _alt(request, "means"), limits)


def _answers_chart(request: Request, scales: Sequence[Variable]) -> Iterator[Chart]:
    title = word("phrase", "scales", request.language)
    if points := _all_points(scales):
        yield Chart("shares", "scales", 0, range(4, 4 + len(points)), title, _alt(request, "answers"))


def _alt(request: Request, key: str) -> str:
    return word("alt", key, request.language, city=request.city.name)
