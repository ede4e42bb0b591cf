"""Reflections as XForm instances, for a server that holds the same form."""

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from exports.period import Period
from exports.request import expect_sum, forms_of
from exports.workbook import workbook_name
from fieldwork.study import City, Study
from forms.circumstances import Circumstances
from forms.form import Form
from forms.instance import attachments, instance_xml
from forms.rebuilding import rebuilt
from storage import exporting
from storage.exporting import AnswerRow, ReflectionRow, Scope
from storage.files import write_whole
from storage.tx import Rows

_BATCH = 400


def write_xforms(rows: Rows, study: Study, city: City, period: Period, exports: Path) -> tuple[Path, ...]:
    """Write a file for every reflection of the city in the period; the folders, one a questionnaire.

    The reflections are those of the workbook, and the folder is named like it. The same rows give the same
    files; a file of an earlier time whose reflection is no longer among them goes. Raises RowsDoNotAddUp.
    """
    folders = []
    for form_id in exporting.form_ids(rows, Scope(period.since, period.until, city.code)):
        scope = Scope(period.since, period.until, city.code, form_id)
        folder = exports / workbook_name(city, period, form_id).removesuffix(".xlsx")
        if _write_folder(rows, scope, study.timezone, folder):
            folders.append(folder)
    return tuple(folders)


def people_in(rows: Rows, city: City, period: Period) -> frozenset[str]:
    """The codes of everyone with a reflection among them."""
    scope = Scope(period.since, period.until, city.code)
    return frozenset(about.person_code for about, _ in _reflections(rows, scope))


def instance_of(
    about: ReflectionRow, form: Form, answers: Sequence[AnswerRow], zone: ZoneInfo
) -> tuple[str, tuple[str, ...]]:
    """The reflection as instance XML, at the moment it was sent or closed, and its files; `zone` is the study's."""
    around = Circumstances(about.started_on.astimezone(zone), about.person_code, about.response_id, about.language)
    ended_on = about.ended_on.astimezone(zone)
    walk = rebuilt(form, json.loads(about.hidden), json.loads(about.frozen), answers, around, ended_on)
    return instance_xml(walk, about.response_id, ended_on), attachments(walk)


def _write_folder(rows: Rows, scope: Scope, zone: ZoneInfo, folder: Path) -> int:
    """How many files the folder now holds."""
    forms, names = forms_of(rows, scope.form_id), set()
    files: list[tuple[str, str]] = []
    for about, answers in _reflections(rows, scope):
        name = f"{about.response_id.replace(':', '')}.xml"
        xml, own_files = instance_of(about, forms[about.form_hash], answers, zone)
        _write(folder / name, xml)
        files.extend((name, file) for file in own_files)
        names.add(name)
    expect_sum(exporting.count_sessions(rows), len(names), exporting.left_out(rows, scope))
    for old in folder.glob("uuid*.xml"):
        if old.name not in names:
            old.unlink()
    _list_files(folder / "attachments.csv", files)
    return len(names)


def _list_files(target: Path, files: Sequence[tuple[str, str]]) -> None:
    """Which files go with which instance, as a server wants them: parts of one multipart submission."""
    if not files:
        target.unlink(missing_ok=True)
        return
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([("xml_submission_file", "file"), *files])
    _write(target, text.getvalue())


def _reflections(rows: Rows, scope: Scope) -> Iterator[tuple[ReflectionRow, Sequence[AnswerRow]]]:
    """Every reflection with its current answers, some hundreds at once, so that memory stays small."""
    after = 0
    while batch := exporting.reflections(rows, scope, after, _BATCH):
        answers = _by_session(exporting.answers(rows, scope, batch[0].id, batch[-1].id))
        yield from ((about, answers.get(about.id, ())) for about in batch)
        after = batch[-1].id


def _by_session(answers: Sequence[AnswerRow]) -> Mapping[int, Sequence[AnswerRow]]:
    found: dict[int, list[AnswerRow]] = {}
    for answer in answers:
        found.setdefault(answer.session_id, []).append(answer)
    return found


def _write(target: Path, xml: str) -> None:
    write_whole(target, lambda aside: aside.write_text(xml, encoding="utf-8"))
