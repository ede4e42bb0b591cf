"""/status and /missing: how far a city's people are in a week, never what they answered."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from exports.compliance import Compliance, compliance
from exports.dispositions import Disposition
from exports.period import of_week
from exports.words import word
from fieldwork import wording
from fieldwork.messages import Button, Rows
from fieldwork.people import Verb, may
from fieldwork.schedule import Week, nearest_week
from fieldwork.study import City
from fieldwork.taps import button
from handlers import paging
from handlers.cities import city_key, known_or_told
from handlers.desk import Caller, Desk, tell
from handlers.paging import Listed
from handlers.workshops import disputes
from storage import exporting, members, prompts, standings, workshops
from storage.exportrows import PromptRow, Scope
from storage.standings import Standing
from storage.tx import Tx
from storage.workshops import Workshop

_WEEK = re.compile(r"(?:^|\s)(?:week\s*(\d{1,2})|(\d{4}-W\d{1,2}))(?=\s|$)", re.ASCII | re.IGNORECASE)
_MOST_CODES = 40


@dataclass(frozen=True, slots=True)
class Figures:
    """A city's week: its workshops, and what became of everybody who was asked about each."""

    week: Week
    workshops: Sequence[Workshop]
    counts: Mapping[int, Compliance]
    """By workshop, in the words of the workbook."""
    total: Compliance


def read(tx: Tx, desk: Desk, city: City, week: Week) -> Figures:
    """The same figures as the week's workbook."""
    period = of_week(week, desk.study.timezone)
    asked: dict[int, list[PromptRow]] = {}
    found = exporting.prompts(tx, Scope(period.since, period.until, city.code))
    for prompt in found:
        asked.setdefault(prompt.workshop_id, []).append(prompt)
    planned = workshops.between(tx, city.code, period.since, period.until)
    return Figures(week, planned, {one.id: compliance(asked.get(one.id, ())) for one in planned}, compliance(found))


def in_words(counts: Compliance, language: str) -> str:
    """`gevraagd 2, klaar 3`: each disposition that occurs, in the workbook's words."""
    found = [(word("code", one, language), counts.counts[one]) for one in Disposition if counts.counts.get(one)]
    return ", ".join(f"{name} {count}" for name, count in found) or "–"


def with_week(desk: Desk, rest: str) -> str:
    """What was typed with the week it names at its end, as `2026-W46`; a page comes behind."""
    found = _WEEK.search(rest)
    if found is None:
        return rest
    words, turn = paging.parted(f"{rest[: found.start()]} {rest[found.end() :]}".strip())
    now = Week.of(desk.now, desk.study.timezone)
    week = found[2] or nearest_week(int(found[1]), now) or f"{now.year}-W{found[1]}"
    return " ".join(filter(None, (words, str(week), turn)))


def show(tx: Tx, desk: Desk, caller: Caller, city: City, rest: str) -> None:
    """/status: a week's figures, workshop by workshop; this week where none is named."""
    words, turn = paging.parted(rest)
    week = _week(tx, desk, caller, words)
    if week is None:
        return
    figures = read(tx, desk, city, week)
    listed: Listed[Workshop] = Listed(
        "status",
        city,
        line=lambda one, number: _line(tx, desk, caller, city, one, figures),
        frame=lambda lines: _frame(tx, desk, caller, city, figures, lines),
        rows=lambda shown: _rows(tx, desk, caller, city, week, [one for _, one in shown]),
        words=str(week),
    )
    paging.show(tx, desk, caller, listed, paging.found_in(figures.workshops, mark), turn)


def missing(tx: Tx, desk: Desk, caller: Caller, city: City, rest: str) -> None:
    """/missing: who has not answered yet, by code; of this and the last week, or of the one that is named."""
    words, turn = paging.parted(rest)
    week = _week(tx, desk, caller, words)
    if week is None:
        return
    zone = desk.study.timezone
    first = week if words else week.plus(-1)
    so_far = standings.in_city(tx, city.code, first.starts_on(zone), week.plus(1).starts_on(zone))
    found = [one for one in so_far if one.state in prompts.OPEN]
    if not found:
        tell(tx, desk, caller, "status.nobody_missing", city=city.name)
        return
    listed: Listed[Standing] = Listed(
        "missing",
        city,
        line=lambda one, number: f"{one.code} – {one.title}: {_state(desk, one, caller.language)}",
        frame=lambda lines: desk.texts.say("status.missing", caller.language, city=city.name, lines=lines),
        words=str(week) if words else "",
    )
    paging.show(tx, desk, caller, listed, paging.found_in(found, _mark), turn)


def mark(workshop: Workshop) -> str:
    """The minute it starts in, and which it is of those that start then."""
    return f"{int(workshop.starts_on.timestamp()) // 60:08d}-{workshop.id:09d}"


def _week(tx: Tx, desk: Desk, caller: Caller, words: str) -> Week | None:
    """The week that was named, this week where none was; the person is told where there is no such week."""
    if not words:
        return Week.of(desk.now, desk.study.timezone)
    name, _, week = words.rpartition(" ")
    if name or not _WEEK.fullmatch(week):
        known_or_told(tx, desk, caller, words)
        return None
    try:
        return Week.parse(week)
    except ValueError:
        tell(tx, desk, caller, "status.no_week", found=week.upper().partition("W")[2])
        return None


def _line(tx: Tx, desk: Desk, caller: Caller, city: City, workshop: Workshop, figures: Figures) -> str:
    """The workshop, and under it what became of everybody in its team."""
    language = caller.language
    head = desk.texts.say(
        "status.workshop",
        language,
        title=workshop.title,
        date=wording.day(workshop.starts_on, city.timezone, language, desk.now),
    )
    lines = [head, in_words(figures.counts[workshop.id], language)]
    if disputes.is_disputed(tx, workshop):
        told, not_held = prompts.said_of_holding(tx, workshop.id)
        lines.append(desk.texts.say("status.disputed", language, told=told, not_held=not_held))
    elif workshop.held:
        lines.append(desk.texts.say(f"settled.{workshop.held}", language))
    return "\n".join(lines) + "\n"


def _frame(tx: Tx, desk: Desk, caller: Caller, city: City, figures: Figures, lines: str) -> str:
    language, total = caller.language, figures.total
    text = desk.texts.say(
        "co.status",
        language,
        city=city.name,
        week=figures.week.number,
        workshops=len(figures.workshops),
        response=_response(desk, total, language),
        lines=lines.strip(),
    )
    standings = _standings(tx, desk, city, figures.week)
    stuck = ", ".join(dict.fromkeys(one.code for one in standings if one.stuck))
    pieces = [text.strip(), desk.texts.say("status.stuck", language, codes=stuck) if stuck else ""]
    return with_second_route(desk, caller, "\n\n".join(filter(None, pieces)), unreachable(tx, city))


def _response(desk: Desk, total: Compliance, language: str) -> str:
    """A line with how many have finished, of those who were asked; '' where nobody was."""
    if not total.due:
        return ""
    pct = round(100 * (total.rate or 0))
    told = desk.texts.say("status.response", language, done=total.done, due=total.due, pct=pct)
    return f"\n{told}"


def _standings(tx: Tx, desk: Desk, city: City, week: Week) -> list[Standing]:
    zone = desk.study.timezone
    return standings.in_city(tx, city.code, week.starts_on(zone), week.plus(1).starts_on(zone))


def _rows(tx: Tx, desk: Desk, caller: Caller, city: City, week: Week, shown: Sequence[Workshop]) -> Rows:
    """Settling what is disputed, who not yet, reminding and exporting, and the weeks before and after."""
    rows: list[tuple[Button, ...]] = []
    if may(caller.person, Verb.PLAN, city.code):
        disputed = [one for one in shown if disputes.is_disputed(tx, one)]
        for one in disputed:
            label = desk.texts.say("status.settle", caller.language, workshop=one.title)
            rows.append((button(_fitting(label), city_key(desk, caller, city, "dispute", str(one.id))),))
    labels = desk.texts.buttons("co.status", caller.language)
    verbs = ((Verb.SEE_STATUS, "missing"), (Verb.REMIND, "remind"), (Verb.EXPORT, "export"))
    keys = {
        "missing": paging.key(desk, caller, "missing", city, str(week), act="open"),
        "remind": city_key(desk, caller, city, "city", "remind"),
        "export": city_key(desk, caller, city, "city", "export"),
    }
    rows.append(
        tuple(
            button(label, keys[command])
            for label, (verb, command) in zip(labels, verbs, strict=True)
            if may(caller.person, verb, city.code)
        )
    )
    rows.append(_weeks(desk, caller, city, week))
    return tuple(rows)


def _weeks(desk: Desk, caller: Caller, city: City, week: Week) -> tuple[Button, ...]:
    """The week before, and the one after where that is not far ahead."""
    now = Week.of(desk.now, desk.study.timezone)
    before, after = week.plus(-1), week.plus(1)
    labels = desk.texts.buttons("status.weeks", caller.language, week_before=before.number, week_after=after.number)
    offered = zip(labels, (before, after), strict=True)
    return tuple(
        button(label, paging.key(desk, caller, "status", city, str(other)))
        for label, other in offered
        if other <= now.plus(4)
    )


def _fitting(label: str) -> str:
    return label if len(label) <= 40 else f"{label[:39]}…"


def unreachable(tx: Tx, city: City) -> list[str]:
    """The codes of those who take part and cannot be written to."""
    return [one.code for one in members.unreachable_of(tx, city.code) if one.is_asked]


def with_second_route(desk: Desk, caller: Caller, text: str, codes: Sequence[str]) -> str:
    """The text, and what a coordinator can do for those whom the bot cannot reach."""
    if not codes:
        return text
    shown = ", ".join(codes[:_MOST_CODES]) + (" …" if len(codes) > _MOST_CODES else "")
    told = desk.texts.say("status.unreachable", caller.language, codes=shown)
    return f"{text}\n\n{told}"


def _mark(standing: Standing) -> str:
    """The minute the workshop starts in, which of those that start then, and the person."""
    minute = int(standing.starts_on.timestamp()) // 60
    return f"{minute:08d}-{standing.workshop_id:09d}-{standing.code}"


def _state(desk: Desk, standing: Standing, language: str) -> str:
    key = f"state.{standing.state}" if standing.reachable else "standing.unreachable"
    return desk.texts.say(key, language)
