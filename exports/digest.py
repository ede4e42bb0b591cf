"""The week for one research line: a text, a picture and its words, with nothing in them that is too small to tell."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from exports.codebook import choice_label, heading
from exports.dataset import Reflections
from exports.digestpicture import Picture, captions_of, picture_of
from exports.period import Period, of_week, weeks_until
from exports.smallcells import K
from exports.spans import span
from exports.themes import Told, Words, themes
from exports.trends import mean_words, scales_of, trends_of, week_number
from exports.weekcounts import count_week
from exports.weekfigures import HIDDEN, Response, WeekFigures, load
from exports.words import word
from fieldwork.schedule import SENT_AT, Week
from fieldwork.study import Language, Line, Study
from forms.form import Form
from forms.question import Question
from storage import published, quotes
from storage.exporting import Scope
from storage.quotes import Quote
from storage.tx import Rows

Say = Callable[..., str]
"""The catalogue's `say(key, language, **blanks)`."""

_WEEKS_SHOWN = 6
_GENERAL = "G"
_FELL_BY = 15
"""Percentage points below last week that are worth a word."""
_MOST_CHOICES = 3
_MOST_QUOTES = 3
QUOTES_WAIT = timedelta(weeks=8)
"""For a summary with room for them, such as the first after a summer without workshops."""
SUMMARISED_AFTER = timedelta(hours=SENT_AT.hour, minutes=SENT_AT.minute)
"""From the end of the week; clocks change on Sundays, before the new one begins."""


@dataclass(frozen=True, slots=True)
class DigestRequest:
    """One digest: a research line and an ISO week, over all cities, in the reader's language."""

    study: Study
    line: Line
    forms: Mapping[str, Form]
    """Every questionnaire in every version, by hash, first published first."""
    period: Period
    language: Language
    problems: int = 0
    """Things that wait for the operator."""

    def scales(self) -> tuple[Question, ...]:
        """The line's scales; the general ones where the line has none."""
        own = scales_of(self.forms.values(), self.line.code)
        return own or scales_of(self.forms.values(), _GENERAL)

    def heading(self) -> str:
        """The line's name; that the scales are general ones, where the line has none of its own."""
        own = scales_of(self.forms.values(), self.line.code)
        return self.line.names[self.language] if own else word("digest", "general", self.language)

    def choice_questions(self) -> tuple[Question, ...]:
        """The line's questions with choices but for scales: the newest version of each, with every choice there was."""
        scales = {question.name for question in self.scales()}
        found: dict[str, Question] = {}
        for form in self.forms.values():
            for question in form.questions:
                if question.line == self.line.code and question.kind.is_select and question.name not in scales:
                    earlier = found[question.name].choices if question.name in found else ()
                    gone = (choice for choice in earlier if question.choice(choice.name) is None)
                    found[question.name] = replace(question, choices=(*question.choices, *gone))
        return tuple(found.values())


@dataclass(frozen=True, slots=True)
class Drawn:
    """A page of the picture, as a PNG and in words that are short enough to stand under it."""

    png: bytes
    caption: str


@dataclass(frozen=True, slots=True)
class Digest:
    """What a principal investigator reads on Monday."""

    text: str
    pictures: tuple[Drawn, ...]
    """None in a week without workshops, or with nothing to show."""
    quoted: tuple[int, ...] = ()
    """The answers whose words are in it, by their ids."""


def told_weeks(rows: Rows, study: Study, forms: Mapping[str, Form], period: Period) -> tuple[WeekFigures, ...]:
    """The weeks that a digest shows, the one it is about last; reads only. Raises UnknownForm.

    A week that was told before is told in the same figures: the difference between two tellings of a week would be
    what one person answered, changed or had erased in between.
    """
    labels = weeks_until(period, _WEEKS_SHOWN, study.timezone).weeks
    kept = published.kept(rows, labels)
    lines = [line.code for line in study.lines]
    return tuple(
        load(kept[label])
        if label in kept
        else count_week(rows, forms, lines, of_week(Week.parse(label), study.timezone))
        for label in labels
    )


def make_digest(rows: Rows, request: DigestRequest, weeks: Sequence[WeekFigures], say: Say) -> Digest:
    """Word and draw the last of these weeks; reads only, and runs in a thread. Raises UnknownForm."""
    now, before = weeks[-1], weeks[-2]
    number = week_number(now.week)
    if not any(now.workshops.values()):
        return Digest(say("pi.none", request.language, project=request.study.name, week=number), ())
    picture = picture_of(request.study, request.line, request.heading(), request.scales(), weeks, request.language)
    quoted = _quoted(rows, request)
    sections = [
        *_scales(request, weeks),
        *_choices(request, now),
        *_quotes(request, now, quoted),
        *_themes(rows, request, now),
        *(["", word("digest", "no_picture", request.language)] if picture.is_empty else []),
    ]
    text = _text(request, now, before, sections, say)
    return Digest(text, _pages(picture, request.language), tuple(quote.answer_id for quote in quoted))


def _pages(picture: Picture, language: Language) -> tuple[Drawn, ...]:
    """None of a picture that shows nothing."""
    from exports.charts import digest_charts

    if picture.is_empty:
        return ()
    pages = zip(digest_charts(picture), captions_of(picture, language), strict=True)
    return tuple(Drawn(png, caption) for png, caption in pages)


def _text(request: DigestRequest, now: WeekFigures, before: WeekFigures, sections: Sequence[str], say: Say) -> str:
    language = request.language
    hidden = word("digest", "not_shown", language)
    median = word("digest", "no_median", language)
    if now.median is not None:
        median = word("digest", "median", language, span=span(now.median, language))
    return say(
        "pi.digest",
        language,
        project=request.study.name,
        week=week_number(now.week),
        line=request.line.names[language],
        workshops=sum(now.workshops.values()),
        cities=len(now.workshops),
        response=_response(now.whole, before.whole, language),
        before=hidden if before.whole.rate is None else word("digest", "rate", language, pct=_percent(before.whole)),
        median=median,
        city_lines="\n".join(_city_lines(request, now, before, say)),
        sections="".join(f"\n{line}" for line in sections),
        flags="\n".join(_flags(request, now, before)),
        store=request.study.store,
    )


def _percent(counts: Response) -> int:
    return round(100 * (counts.rate or 0))


def _response(counts: Response, before: Response, language: Language) -> str:
    if counts.rate is None:
        return word("digest", "not_shown", language)
    told = word("digest", "response", language, done=counts.done, due=counts.due, pct=_percent(counts))
    return told + _points(counts, before, language)


def _points(now: Response, before: Response, language: Language) -> str:
    """The change in percentage points; '' where one of the two is not shown."""
    if now.rate is None or before.rate is None:
        return ""
    points = _percent(now) - _percent(before)
    many = "point" if abs(points) == 1 else "points"
    key = f"{many}_up" if points > 0 else f"{many}_down" if points else "points_same"
    return word("digest", key, language, points=abs(points))


def _city_lines(request: DigestRequest, now: WeekFigures, before: WeekFigures, say: Say) -> list[str]:
    language, lines = request.language, []
    for city in request.study.cities:
        counts = now.cities.get(city.code)
        if counts is None:
            continue
        if counts.rate is None:
            lines.append(say("pi.city_line.small", language, city=city.name))
            continue
        change = _points(counts, before.cities.get(city.code, HIDDEN), language)
        values = {"done": counts.done, "sent": counts.due, "pct": _percent(counts), "change": change}
        lines.append(say("pi.city_line", language, city=city.name, **values))
    if any(counts.rate is None for counts in now.cities.values()):
        lines.append(word("digest", "why_hidden", language, k=K))
    return lines or [word("digest", "no_cities", language)]


def _scales(request: DigestRequest, weeks: Sequence[WeekFigures]) -> list[str]:
    """Each scale's question, its mean over all cities and its change."""
    scales = request.scales()
    if not scales:
        return []
    told = [
        f"{heading(question.labels, request.language)}\n{mean_words(trends_of(weeks, question.name), request.language)}"
        for question in scales
    ]
    return ["", f"{request.heading()}:", *told]


def _choices(request: DigestRequest, now: WeekFigures) -> list[str]:
    """What was chosen most at each of the line's other questions."""
    language, lines = request.language, []
    for question in request.choice_questions():
        found = now.chosen.get(question.name)
        if found is None:
            continue
        lines += ["", heading(question.labels, language)]
        if not found.choices:
            lines.append(word("digest", "chosen_none", language, n=found.count))
        for name, count in list(found.choices.items())[:_MOST_CHOICES]:
            choice = choice_label(question.choices, name, language)
            lines.append(word("digest", "chosen", language, choice=choice, count=count, n=found.count))
    return lines


def _quoted(rows: Rows, request: DigestRequest) -> Sequence[Quote]:
    """What may be quoted for the line, else for no line in particular, as much as there is room for."""
    period = request.period
    found = [
        quote
        for line in (request.line.code, _GENERAL)
        for quote in quotes.approved(
            rows, line, period.label, period.since, period.until, SUMMARISED_AFTER, QUOTES_WAIT
        )
    ]
    return found[:_MOST_QUOTES]


def _quotes(request: DigestRequest, now: WeekFigures, quoted: Sequence[Quote]) -> list[str]:
    """The quotes, with the city where its response may be shown."""
    language = request.language
    names = {city.code: city.name for city in request.study.cities if not _is_hidden(now, city.code)}
    told = [
        word("digest", "quote_in", language, words=quote.words, city=names[quote.city])
        if quote.city in names
        else word("digest", "quote", language, words=quote.words)
        for quote in quoted
    ]
    return ["", word("digest", "quotes", language), *told] if told else []


def _is_hidden(now: WeekFigures, city: str) -> bool:
    """Whether too few answered there, or nobody was asked, for the city to be named."""
    return now.cities.get(city, HIDDEN).rate is None


def _themes(rows: Rows, request: DigestRequest, now: WeekFigures) -> list[str]:
    """The words that stand out by city, of cities whose counts are shown; nothing where no word does."""
    lines, weeks = (request.line.code, _GENERAL), weeks_until(request.period, _WEEKS_SHOWN, request.study.timezone)
    told = [
        Told(each.about.city, each.about.person_code, text)
        for each in Reflections(rows, Scope(weeks.since, weeks.until), request.forms)
        if (text := " ".join(each.written(lambda question: question.line in lines)))
    ]
    found = themes(told, Words()) if told else {}
    names = {city.code: city.name for city in request.study.cities if not _is_hidden(now, city.code)}
    telling = [f"{name}: {', '.join(found[code])}" for code, name in names.items() if found.get(code)]
    return ["", word("digest", "themes", request.language, weeks=_WEEKS_SHOWN), *telling] if telling else []


def _flags(request: DigestRequest, now: WeekFigures, before: WeekFigures) -> list[str]:
    """What deserves a look; that there is nothing, where there is nothing."""
    language = request.language
    quiet = [city.name for city in request.study.cities if city.code not in now.workshops]
    found = [word("digest", "flag_quiet", language, cities=", ".join(quiet))] if quiet else []
    rates_known = now.whole.rate is not None and before.whole.rate is not None
    points = _percent(before.whole) - _percent(now.whole) if rates_known else 0
    if points >= _FELL_BY:
        found.append(word("digest", "flag_fell", language, points=points))
    found += [word("digest", key, language, count=count) for key, count in now.waits.items()]
    if request.problems:
        key = "flag_problem" if request.problems == 1 else "flag_problems"
        found.append(word("digest", key, language, count=request.problems))
    return found or [word("digest", "flag_none", language)]
