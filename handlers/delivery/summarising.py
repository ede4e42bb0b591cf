"""Makes the weekly summaries of research lines, and keeps what was told in them."""

from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path

from exports.digest import Digest, DigestRequest, make_digest, told_weeks
from exports.period import of_week
from exports.request import forms_of
from exports.weekfigures import WeekFigures, dump
from fieldwork.messages import Attachment, Say
from fieldwork.people import Verb, may
from fieldwork.schedule import Week
from fieldwork.study import Language, Line
from handlers.delivery import mailbox
from handlers.delivery.exportfiles import erased_so_far, hold_back
from handlers.delivery.weekly import morning
from handlers.desk import Desk, send
from handlers.setaside import set_aside
from handlers.work import Finish, Place
from storage import ledger, people, published, quotes
from storage.database import snapshot
from storage.files import write_whole
from storage.jobs import Job
from storage.tx import Rows, Tx


class UnknownLine(Exception):
    """The work is for a research line that the study no longer has."""


class ToldMeanwhile(Exception):
    """Another summary told this week in other figures a moment ago; made again, this one tells the same."""


def digest(place: Place, desk: Desk, job: Job) -> Finish:
    """One line's summary of a week, to each of the people named, in their language and, weekly, as they prefer."""
    line, week = line_of(desk, job.detail["line"]), Week.parse(job.detail["week"])
    erased = erased_so_far(place)
    with snapshot(place.database) as rows:
        languages = {person: people.by_id(rows, person).language for person in job.detail["people"]}
        weeks, digests = summaries(rows, desk, line, week, set(languages.values()))
    charts = {language: _keep_charts(place, made, line, week, language) for language, made in digests.items()}

    def finish(tx: Tx, desk: Desk) -> None:
        # It may quote them.
        hold_back(tx, place, erased)
        keep_told(tx, desk, weeks, digests.values())
        for person_id, language in languages.items():
            if not may(people.by_id(tx, person_id), Verb.DIGEST):
                continue
            if not (job.detail.get("by_email") and mailbox.has_sent(tx, desk, person_id, line.code, week)):
                _send(tx, desk, person_id, digests[language], charts[language])
        ledger.finish(tx, "digest", line.code, week, (), desk.now)

    return finish


def summaries(
    rows: Rows, desk: Desk, line: Line, week: Week, languages: set[Language]
) -> tuple[Sequence[WeekFigures], dict[Language, Digest]]:
    """The weeks as they are told, and a line's summary of the last of them in each language."""
    forms, period = forms_of(rows), of_week(week, desk.study.timezone)
    weeks = told_weeks(rows, desk.study, forms, period)
    problems = len(set_aside(rows))
    return weeks, {
        language: make_digest(
            rows, DigestRequest(desk.study, line, forms, period, language, problems), weeks, desk.texts.say
        )
        for language in languages
    }


def keep_told(tx: Tx, desk: Desk, weeks: Sequence[WeekFigures], made: Iterable[Digest]) -> None:
    """From now on these weeks are told so, and so are the quotes of the last one. Raises ToldMeanwhile."""
    if not all(published.keep(tx, one.week, dump(one), desk.now) for one in weeks):
        raise ToldMeanwhile
    for one in made:
        quotes.told(tx, one.quoted, weeks[-1].week)


def line_of(desk: Desk, code: str) -> Line:
    """The research line with this code. Raises UnknownLine."""
    for line in desk.study.lines:
        if line.code == code:
            return line
    raise UnknownLine(code)


def _send(tx: Tx, desk: Desk, person_id: int, made: Digest, charts: Sequence[Path]) -> None:
    """The text, and the pictures with their words under them."""
    send(tx, desk, person_id, Say(made.text), not_before_on=morning(desk))
    for picture, chart in zip(made.pictures, charts, strict=True):
        said = Say(picture.caption, attachment=Attachment(str(chart), chart.name, "photo"))
        send(tx, desk, person_id, said, not_before_on=morning(desk))


def _keep_charts(place: Place, made: Digest, line: Line, week: Week, language: str) -> list[Path]:
    """The pictures' files in the exports folder."""
    kept = []
    for number, picture in enumerate(made.pictures, start=1):
        target = place.exports / f"digest_{line.code}_{week}_{language}_{number}.png"
        write_whole(target, partial(_write, picture.png))
        kept.append(target)
    return kept


def _write(content: bytes, aside: Path) -> None:
    aside.write_bytes(content)
