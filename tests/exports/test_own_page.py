"""The page of somebody's own reflections: whole, their own only, and harmless whatever was typed."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from lxml import html

from bot.program import catalogue
from bot.sandbox import sample_photo
from exports.ownreflections import OwnPage, OwnRequest, in_archives, own_page, write_archive
from forms.xlsform import Compiled
from storage.database import snapshot
from tests.exports.seed import Seed, a_study, default_form, small_form

START = datetime(2026, 11, 17, 14, 0, tzinfo=UTC)
IN = "/data/reflection/"
HOSTILE = '</p><script>alert("x")</script> & \x0b 🙂 <img src=x onerror=y>\n=1+1'


@pytest.fixture
def seed(tmp_path: Path) -> Iterator[Seed]:
    with closing(Seed(tmp_path / "terugblik.db")) as seed:
        yield seed


def made(seed: Seed, person: int, code: str = "ANNA", language: str = "nl") -> OwnPage | None:
    forms = {form.hash: form for form in (default_form().form, measures().form)}
    media = seed.path.parent / "media"
    request = OwnRequest(a_study(), forms, person, code, language, media, catalogue().say)
    with snapshot(seed.path) as rows:
        return own_page(rows, request)


@cache
def measures() -> Compiled:
    """A questionnaire about a day, a number and nothing else."""
    survey = [["date", "day", "Welke dag?", "Which day?"], ["decimal", "hours", "Hoeveel uur?", "How many hours?"]]
    return small_form("1", survey, [["list", "a", "A", "A"]])


def told(seed: Seed, person: int, form: str, start: datetime = START) -> int:
    """A reflection that was sent."""
    asked, done = start + timedelta(hours=2), start + timedelta(hours=3)
    prompt = seed.prompt(seed.workshop(form, start, title="Koffie & <thee>"), person, "completed", asked, done)
    return seed.session(form, person, prompt, asked, done)


def words_of(page: OwnPage | None) -> list[str]:
    """What stands in the page, piece by piece."""
    assert page is not None
    (body,) = html.document_fromstring(page.html).iter("body")
    return [words for piece in body.itertext() if (words := " ".join(str(piece).split()))]


def test_what_was_typed_is_words_and_nothing_else(seed: Seed) -> None:
    form, anna = seed.form(default_form()), seed.person("ANNA")
    session = told(seed, anna, form)
    seed.answers(session, {"/data/held": "as_planned", IN + "room": ""})
    seed.part(session, IN + "moment", seed.answer(session, IN + "moment", HOSTILE), 1, HOSTILE)
    page = made(seed, anna)
    assert page is not None
    page.html.encode("utf-8")
    root = html.document_fromstring(page.html)
    assert {str(each.tag) for each in root.iter()} <= {
        *["html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "h3", "section", "div", "p"]
    }
    assert "Koffie & <thee>, Noord" in words_of(page)
    assert any("alert(" in words for words in words_of(page))
    assert "Overgeslagen: 1 vraag." in words_of(page)


@pytest.mark.parametrize(
    ("language", "day", "hours"), [("nl", "22 november 2026", "2,5"), ("en", "22 November 2026", "2.5")]
)
def test_days_and_numbers_are_written_as_the_language_does(seed: Seed, language: str, day: str, hours: str) -> None:
    form, anna = seed.form(measures()), seed.person("ANNA")
    seed.answers(told(seed, anna, form), {"/data/day": "2026-11-22", "/data/hours": "2.5"})
    found = words_of(made(seed, anna, language=language))
    assert (day in found, hours in found) == (True, True)


def test_only_the_last_revision_of_ones_own_real_reflections_is_there(seed: Seed) -> None:
    form, anna, bram = seed.form(default_form()), seed.person("ANNA"), seed.person("BRAM")
    mine = told(seed, anna, form)
    for revision, value in enumerate(("eerst", "daarna"), start=1):
        seed.part(mine, IN + "next", seed.answer(mine, IN + "next", value, revision), 1, value)
    seed.answers(told(seed, bram, form, START + timedelta(days=1)), {IN + "next": "van Bram"})
    seed.answers(seed.session(form, anna, None, START, START, is_test=True), {IN + "next": "een proef"})
    found = words_of(made(seed, anna))
    assert "daarna" in found
    assert {"eerst", "van Bram", "een proef"}.isdisjoint(found)
    assert made(seed, seed.person("CEES")) is None


def test_a_file_that_is_not_there_is_named_and_stops_nothing(seed: Seed) -> None:
    form, anna = seed.form(default_form()), seed.person("ANNA")
    session = told(seed, anna, form)
    answer = seed.answer(session, IN + "moment", "[voice-9.ogg]")
    seed.part(session, IN + "moment", answer, 1, kind="voice", file="voice-9.ogg", seconds=1, state="lost")
    seed.part(session, IN + "moment", answer, 2, "de flap", kind="photo", file="photo-8.jpg")
    page = made(seed, anna)
    assert "Het bestand voice-9.ogg is er niet, of nog niet." in words_of(page)
    assert "Het bestand photo-8.jpg is er niet, of nog niet." in words_of(page)
    assert page is not None and page.files == []


def test_a_picture_that_cannot_be_read_is_left_to_the_archive(seed: Seed) -> None:
    form, anna, media = seed.form(default_form()), seed.person("ANNA"), seed.path.parent / "media"
    media.mkdir()
    (media / "photo-1.jpg").write_bytes(sample_photo()[:500])
    (media / "photo-2.jpg").write_bytes(sample_photo())
    session = told(seed, anna, form)
    answer = seed.answer(session, IN + "photo", "photo-1.jpg")
    seed.part(session, IN + "photo", answer, 1, kind="photo", file="photo-1.jpg")
    seed.part(session, IN + "photo", answer, 2, kind="photo", file="photo-2.jpg")
    page = made(seed, anna)
    assert page is not None
    assert "Bestand: photo-1.jpg." in words_of(page)
    assert page.html.count("<img ") == 1
    assert [file.name for file in page.files] == ["photo-1.jpg", "photo-2.jpg"]


def test_files_go_into_as_many_archives_as_a_messenger_needs(tmp_path: Path) -> None:
    files = [tmp_path / f"{number}.ogg" for number in range(5)]
    for file, size in zip(files, (4, 4, 4, 20, 1), strict=True):
        file.write_bytes(b"x" * size)
    heaps = list(in_archives(files, 10))
    assert [[file.name for file in heap] for heap in heaps] == [["0.ogg", "1.ogg"], ["2.ogg"], ["3.ogg"], ["4.ogg"]]
    write_archive(tmp_path / "a.zip", heaps[0])
    assert (tmp_path / "a.zip").stat().st_size < 400
