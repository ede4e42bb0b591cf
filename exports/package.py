"""A data package: tables as CSV, described for programs in `datapackage.json` and for people in a README."""

import csv
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import IO

from exports.archive import Archive
from exports.cells import clean
from exports.codebook import WEEK, codebook_rows, variable_rows
from exports.dataset import ABOUT, Missing, Reflection
from exports.openanswers import open_answers
from exports.overview import title
from exports.packagefields import Field, Profile, about_fields, answer_fields
from exports.packagewords import FILES, HEADINGS, READING, README
from exports.pseudonyms import Pseudonyms
from exports.request import Material, expect_sum
from exports.sheets import Row, Tally
from exports.smallcells import K_IN_PUBLIC, is_small
from exports.words import MISSING, pick
from exports.workbook import workbook_name
from storage.pieces import pieces

_KEY = "response_id"
_MOST_KEYS = 2
"""Columns that tell the rows of a table apart: a reflection's code, and in a repeat the number of the instance."""
_CODEBOOK = ("variable", "question_nl", "question_en", "type", "code", "label_nl", "label_en", "line", "versions", "n")
_FIRST_COUNT = len(_CODEBOOK) - 1
_OPEN = ("response_id", "question", "part", "kind", "text", "file", "seconds", "language")
_QUOTED = ("question", "text")


@dataclass(frozen=True, slots=True)
class _Table:
    """One CSV file; `rows` is gone through once."""

    name: str
    title: str
    fields: Sequence[Mapping[str, object]]
    rows: Iterable[Sequence[str]]
    key: Sequence[str] = ()
    belongs_to: str = ""
    """The table whose response_id it refers to."""


def write_package(material: Material, target: Path, profile: Profile, random: Random) -> Tally:
    """Write the package as a zip. A deposit has other codes and another order each time, and nobody can undo them.

    Raises RowsDoNotAddUp.
    """
    pseudonyms = Pseudonyms(random)
    written = 0
    with Archive(target, "w") as archive:
        resources = []
        for table in _tables(material, profile, pseudonyms):
            resource, count = _write_table(archive, table)
            resources.append(resource)
            written += count if table.name == "reflections" else 0
        expect_sum(material.sessions, written, material.left_out)
        described = json.dumps(_described(material, profile, resources), ensure_ascii=False, indent=2)
        archive.writestr("datapackage.json", described + "\n")
        archive.writestr("README.md", _readme(material, profile, resources))
    return Tally()


def _tables(material: Material, profile: Profile, pseudonyms: Pseudonyms) -> Iterator[_Table]:
    request = material.request
    language = request.language
    fields = [*about_fields(request, profile, pseudonyms), *answer_fields(material.variables, request, profile)]
    rows = ([field.take(each) for field in fields] for each in material.reflections)
    described, kept = list(map(_field, fields)), {field.name for field in fields}
    yield _Table("reflections", pick(FILES["reflections"], language), described, in_order(rows, profile), (_KEY,))
    for repeat, variables in material.repeats.items():
        inside = list(answer_fields(variables, request, profile))
        if inside:
            words = pick(FILES["repeat"], language).format(name=repeat)
            columns = [_text(_KEY), {"name": "instance", "type": "integer"}, *map(_field, inside)]
            instances = _instances(material, repeat, fields[0], inside)
            kept |= {f"{repeat}/{field.name}" for field in inside}
            yield _Table(
                f"repeat_{repeat}", words, columns, in_order(instances, profile), (_KEY, "instance"), "reflections"
            )
    yield from _open_table(material, profile)
    names = [*_CODEBOOK, *(f"n{int(code)}" for code in Missing)]
    yield _Table(
        "codebook", pick(FILES["codebook"], language), list(map(_text, names)), _codebook(material, profile, kept)
    )


def in_order(rows: Iterable[list[str]], profile: Profile) -> Iterable[list[str]]:
    """In a deposit by the random codes they begin with, for the order of answering would lead back."""
    return _by_codes(rows) if profile is Profile.DEPOSIT else rows


def _by_codes(rows: Iterable[list[str]]) -> Iterator[list[str]]:
    """Put them aside and take them up again, so that only what they are ordered by is held in memory."""
    with pieces() as aside:
        for _, number in sorted((tuple(row[:_MOST_KEYS]), aside.add(json.dumps(row).encode())) for row in rows):
            yield json.loads(aside.get(number))


def _instances(material: Material, repeat: str, key: Field, inside: Sequence[Field]) -> Iterator[list[str]]:
    for reflection in material.reflections:
        for number, instance in enumerate(reflection.within(repeat), start=1):
            yield [key.take(reflection), str(number), *(field.take(instance) for field in inside)]


def _open_table(material: Material, profile: Profile) -> Iterator[_Table]:
    words = pick(FILES["open_answers"], material.request.language)
    if profile is Profile.INTERNAL:
        rows = (row for reflection in material.reflections for row in _spoken(reflection))
        yield _Table("open_answers", words, list(map(_text, _OPEN)), rows, belongs_to="reflections")
    elif quoted := sorted(_quoted(material)):
        yield _Table("open_answers", words, list(map(_text, _QUOTED)), quoted)


def _spoken(reflection: Reflection) -> Iterator[list[str]]:
    for told in open_answers(reflection):
        for position, part in enumerate(told.parts, start=1):
            seconds = "" if part.seconds is None else str(part.seconds)
            row = [reflection.about.response_id, told.name, str(position), part.kind, part.text, part.file, seconds]
            yield [*(clean(cell)[0] for cell in row), told.answer.language]


def _quoted(material: Material) -> Iterator[list[str]]:
    """Words that were approved for quoting, as they were approved."""
    for reflection in material.reflections:
        for told in open_answers(reflection):
            if words := material.cleared.get(told.answer.id):
                yield [told.question.name, clean(words)[0]]


def _codebook(material: Material, profile: Profile, kept: set[str]) -> Iterator[list[str]]:
    """The rows of the sheet Codebook; in a deposit those of what it holds, without small counts."""
    totals, lines = material.totals, {line.code: line for line in material.request.study.lines}
    rows: list[Row] = list(
        codebook_rows(material.variables, totals.figures, totals.rows, lines, material.request.language)
    )
    for repeat, variables in material.repeats.items():
        figures = totals.within.get(repeat)
        if figures is not None:
            rows += variable_rows(variables, figures, lines, material.request.language, repeat)
    if profile is Profile.DEPOSIT:
        about = {column.name for column in ABOUT}
        rows = [[WEEK, *row[1:]] if row[0] == "workshop_start" else row for row in rows]
        rows = [row for row in rows if row[0] in kept]
        small = {str(row[0]) for row in rows if str(row[0]) in about or any(map(_is_small, row[_FIRST_COUNT:]))}
        rows = [[*row[:_FIRST_COUNT], *("" for _ in row[_FIRST_COUNT:])] if row[0] in small else row for row in rows]
    for row in rows:
        yield ["" if cell is None else clean(str(cell))[0] for cell in row]


def _is_small(count: object) -> bool:
    """Nobody at all points at nobody."""
    return isinstance(count, int) and count > 0 and is_small(count, K_IN_PUBLIC)


def _field(field: Field) -> Mapping[str, object]:
    described: dict[str, object] = {"name": field.name, "type": field.type, "title": field.title}
    if field.enum:
        described["constraints"] = {"enum": list(field.enum)}
    return described


def _text(name: str) -> Mapping[str, object]:
    return {"name": name, "type": "string"}


class _Counted:
    """Takes text, hands its bytes on, and knows how many they were and their hash."""

    def __init__(self, end: IO[bytes]) -> None:
        self.size = 0
        self.sha256 = hashlib.sha256()
        self._end = end

    def write(self, text: str) -> int:
        piece = text.encode()
        self.sha256.update(piece)
        self.size += len(piece)
        return self._end.write(piece)


def _write_table(archive: Archive, table: _Table) -> tuple[Mapping[str, object], int]:
    """Write a file; its entry in the description, and how many rows it has."""
    path, count = f"data/{table.name}.csv", 0
    with archive.entry(path) as entry:
        end = _Counted(entry)
        writer = csv.writer(end)
        writer.writerow(field["name"] for field in table.fields)
        for row in table.rows:
            writer.writerow(row)
            count += 1
    return _resource(table, path, end), count


def _resource(table: _Table, path: str, end: _Counted) -> Mapping[str, object]:
    schema: dict[str, object] = {"fields": table.fields, "missingValues": ["", *(str(int(code)) for code in Missing)]}
    if table.key:
        schema["primaryKey"] = list(table.key)
    if table.belongs_to:
        there = {"resource": table.belongs_to, "fields": _KEY}
        schema["foreignKeys"] = [{"fields": _KEY, "reference": there}]
    return {
        "name": table.name.casefold(),
        "path": path,
        "profile": "tabular-data-resource",
        "title": table.title,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": end.size,
        "hash": f"sha256:{end.sha256.hexdigest()}",
        "schema": schema,
    }


def _described(material: Material, profile: Profile, resources: Sequence[Mapping[str, object]]) -> Mapping[str, object]:
    request = material.request
    name = workbook_name(request.city, request.period, request.form.form_id, f"_{profile}").casefold()
    return {
        "profile": "tabular-data-package",
        "name": name,
        "title": title(request),
        "description": " ".join(_sentences(material, profile)),
        "keywords": [profile.value],
        "resources": list(resources),
    }


def _sentences(material: Material, profile: Profile) -> Iterator[str]:
    return (pick(words, material.request.language).format(k=K_IN_PUBLIC) for words in README[profile])


def _readme(material: Material, profile: Profile, resources: Sequence[Mapping[str, object]]) -> str:
    request, totals = material.request, material.totals
    language = request.language

    def heading(key: str) -> str:
        return pick(HEADINGS[key], language)

    lines = [f"# {title(request)}", "", *_apart(_sentences(material, profile))]
    lines += [f"## {heading('files')}", ""]
    lines += [f"- `{each['path']}`: {each['title']}" for each in resources]
    lines += ["", f"## {heading('counts')}", ""]
    counted = {"reflections": totals.rows, "people": len(totals.people), "workshops": len(totals.workshops)}
    lines += [f"- {heading(key)}: {_shown(count, profile, language)}" for key, count in counted.items()]
    lines += [f"- {heading('versions')}: {', '.join(form.version for form in request.forms.values())}"]
    lines += [f"- {heading('software')}: Terugblik {request.version}"]
    lines += ["", f"## {heading('missing')}", ""]
    lines += [f"- `{code}`: {pick(words, language)}" for code, words in MISSING.items()]
    lines += ["", f"## {heading('reading')}", "", pick(READING, language)]
    return clean("\n".join(lines))[0] + "\n"


def _apart(paragraphs: Iterable[str]) -> Iterator[str]:
    for paragraph in paragraphs:
        yield from (paragraph, "")


def _shown(count: int, profile: Profile, language: str) -> str:
    if profile is Profile.DEPOSIT and is_small(count, K_IN_PUBLIC):
        return pick(HEADINGS["fewer"], language).format(k=K_IN_PUBLIC)
    return str(count)
