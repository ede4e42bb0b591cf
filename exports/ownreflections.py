"""A person's own reflections as a page to read, with their photos and recordings."""

import json
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

from exports.page import page, paragraph, picture, recording
from fieldwork import wording
from fieldwork.answerwords import moment_in_words, number_in_words
from fieldwork.study import Study
from forms.circumstances import Circumstances
from forms.form import Form
from forms.points import point_in_words
from forms.question import Kind, Question
from forms.rebuilding import rebuilt
from forms.walk import Walk
from storage import answers, ownrows
from storage.ownrows import OwnPart, OwnReflection
from storage.tx import Rows

_MOST_INSIDE = 20_000_000
"""Bytes of files that are put into a page; the others are in the archive only."""
MOST_IN_ARCHIVE = 40_000_000
"""Bytes of files in one archive; messengers take 50 MB."""


@dataclass(frozen=True, slots=True)
class OwnRequest:
    """Whose reflections, for whom they are written down, and with what."""

    study: Study
    forms: Mapping[str, Form]
    """By hash."""
    person_id: int
    code: str
    language: str
    media: Path
    say: Callable[..., str]
    """The catalogue's `say(key, language, **blanks)`."""

    def words(self, key: str, **values: object) -> str:
        """A text of the catalogue in the person's language."""
        return self.say(key, self.language, **values)


@dataclass(slots=True)
class OwnPage:
    """What a person gets: the page, and the files that go beside it, in order."""

    html: str = ""
    files: list[Path] = field(default_factory=list)
    reflections: int = 0
    inside: int = 0
    """Bytes of files in the page so far."""


def own_page(rows: Rows, request: OwnRequest) -> OwnPage | None:
    """Everything the person told, the latest first; None where they told nothing yet."""
    found = ownrows.reflections_of(rows, request.person_id)
    if not found:
        return None
    made = OwnPage(reflections=len(found))
    title = request.words("mine.title")
    sections = [_section(rows, request, one, made) for one in found]
    about = request.words("mine.about", n=len(found), code=request.code, project=request.study.name)
    made.html = page(
        title, request.language, "\n".join((paragraph(about, "about"), _contents(request, found), *sections))
    )
    return made


def write_archive(target: Path, files: Sequence[Path]) -> None:
    """The files as they are kept, under their own names; they are compressed already."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for file in files:
            archive.write(file, file.name)


def in_archives(files: Sequence[Path], most: int = MOST_IN_ARCHIVE) -> Iterator[list[Path]]:
    """The files in heaps of at most so many bytes, each to be one archive; a bigger file is alone in its own."""
    heap: list[Path] = []
    size = 0
    for file in files:
        bytes_here = file.stat().st_size
        if heap and size + bytes_here > most:
            yield heap
            heap, size = [], 0
        heap.append(file)
        size += bytes_here
    if heap:
        yield heap


def _contents(request: OwnRequest, found: Sequence[OwnReflection]) -> str:
    """Where there are several: what there is, to go to."""
    if len(found) < 2:
        return ""
    items = "\n".join(f'<li><a href="#r{one.id}">{escape(_named(request, one))}</a></li>' for one in found)
    return f'<nav aria-label="{escape(request.words("mine.contents"))}"><ul>\n{items}\n</ul></nav>'


def _named(request: OwnRequest, one: OwnReflection) -> str:
    return f"{one.title}, {one.neighbourhood} ({_day(request, one)})"


def _day(request: OwnRequest, one: OwnReflection) -> str:
    zone = request.study.city(one.city).timezone
    return wording.day_with_year(one.workshop_on, zone, request.language)


def _section(rows: Rows, request: OwnRequest, one: OwnReflection, made: OwnPage) -> str:
    walk = _walk(rows, request, one)
    parts = ownrows.parts_of(rows, one.id)
    asked = [question for question in walk.items() if walk.is_done(question.path) and not question.adds]
    told = [question for question in asked if walk.values.get(question.path)]
    items = [_item(request, walk, question, parts, made) for question in told]
    if passed := len(asked) - len(told):
        items.append(paragraph(request.words("mine.passed", n=passed), "passed"))
    heading = escape(f"{one.title}, {one.neighbourhood}")
    about = "\n".join((paragraph(_day(request, one), "about"), paragraph(_sent(request, one), "about")))
    return f'<section aria-labelledby="r{one.id}">\n<h2 id="r{one.id}">{heading}</h2>\n{about}\n' + "\n".join(
        (*items, "</section>")
    )


def _sent(request: OwnRequest, one: OwnReflection) -> str:
    if one.sent_on is not None:
        zone = request.study.city(one.city).timezone
        return request.words("mine.sent", when=wording.when(one.sent_on, zone, request.language))
    return request.words("mine.waiting" if one.state == "waiting" else "mine.closed")


def _walk(rows: Rows, request: OwnRequest, one: OwnReflection) -> Walk:
    zone = request.study.timezone
    around = Circumstances(one.started_on.astimezone(zone), request.code, one.instance_id, one.language)
    kept = answers.current(rows, one.id).values()
    ended_on = one.ended_on.astimezone(zone)
    form = request.forms[one.form_hash]
    return rebuilt(form, json.loads(one.hidden), json.loads(one.frozen), kept, around, ended_on)


def _item(request: OwnRequest, walk: Walk, question: Question, parts: Sequence[OwnPart], made: OwnPage) -> str:
    """A question and what the person said to it."""
    asked = " ".join(walk.label(question, request.language).split())
    asked = f"{asked} ({question.instance})" if question.instance > 1 else asked
    own = [part for part in parts if part.path == question.path]
    if own:
        said = [piece for part in own for piece in _part(request, part, asked, made)]
    else:
        said = [paragraph(_in_words(request, walk, question), "words")]
    return "\n".join((f'<div class="item">\n<h3>{escape(asked)}</h3>', *said, "</div>"))


def _part(request: OwnRequest, part: OwnPart, asked: str, made: OwnPage) -> Iterator[str]:
    """One message of an answer: words, a picture, a recording."""
    if not part.file:
        yield paragraph(part.text, "words")
        return
    file = request.media / part.file
    if not part.is_kept or not file.exists():
        yield paragraph(request.words("mine.file_missing", file=part.file), "passed")
        return
    made.files.append(file)
    fits = made.inside + file.stat().st_size <= _MOST_INSIDE
    made.inside += file.stat().st_size if fits else 0
    name = _file_words(request, part)
    alt = f"{request.words('mine.photo_of', question=asked)} {part.text}".strip()
    if part.kind == "photo" and fits and (shown := picture(file, alt, part.text)) is not None:
        yield shown
        return
    yield paragraph(name)
    if part.kind == "voice" and fits:
        yield recording(file, name)
    if part.text:
        yield paragraph(part.text, "words")


def _file_words(request: OwnRequest, part: OwnPart) -> str:
    if part.seconds is None:
        return request.words("mine.file", file=part.file)
    return request.words("mine.recording", file=part.file, seconds=part.seconds)


def _in_words(request: OwnRequest, walk: Walk, question: Question) -> str:
    """Labels instead of codes; days and numbers as the language writes them."""
    value = walk.values[question.path]
    if question.kind.is_select:
        return ", ".join(walk.choice_label(question, code, request.language) for code in value.split())
    if question.kind.is_moment:
        return moment_in_words(value, request.language)
    if question.kind is Kind.GEOPOINT:
        return point_in_words(value)
    return number_in_words(value, request.language) if question.kind.is_number else value
