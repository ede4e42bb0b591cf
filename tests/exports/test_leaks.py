"""No file that leaves holds a name, an address or a telephone number, whatever its format."""

import io
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import system_now
from bot.program import configured, prepare
from bot.sandbox import Sandbox
from exports.formats import Format
from tests.command import forget_settings, init, terugblik
from tests.exports.seed import MONDAY, Seed

IN = "/data/reflection/"
PHONE = "0612345678"


def insides(content: bytes) -> Iterator[bytes]:
    """The bytes, and those of everything packed in them."""
    yield content
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                yield name.encode()
                yield from insides(archive.read(name))


def identities(path: Path) -> set[bytes]:
    """All that tells who somebody is: what the tables of names and addresses hold, and pieces of it."""
    with closing(sqlite3.connect(path)) as connection:
        names = [
            row[0]
            for row in connection.execute(
                "SELECT name FROM contact UNION SELECT email FROM contact WHERE email IS NOT NULL"
            )
        ]
        urns = [row[0] for row in connection.execute("SELECT urn FROM address")]
        sources = [row[0] for row in connection.execute("SELECT source FROM part UNION SELECT source FROM answer")]
        refs = [row[0] for row in connection.execute("SELECT ref FROM media")]
    words = {*names, *urns, *sources, *refs, PHONE, "telegram"}
    words |= {piece for name in names for piece in name.split() if len(piece) > 4}
    words |= {urn.partition(":")[2] for urn in urns}
    return {word.encode() for word in words if word}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A study with a week in Utrecht in which everything was used that names somebody."""
    with pytest.MonkeyPatch.context() as patch:
        forget_settings(patch)
        yield filled(tmp_path_factory.mktemp("leaks"))


def filled(tmp_path: Path) -> Path:
    init(tmp_path)
    sandbox = Sandbox(system_now)
    (tmp_path / ".env").write_text(f"TELEGRAM_BOT_TOKEN={sandbox.token}\nCONTACT=Noor\n")
    _, program = configured(tmp_path)
    forms = prepare(program)
    (form,) = forms
    with closing(Seed(program.place.database.path)) as seed:
        phones: list[str] = []
        for number, state in enumerate(("completed", "expired", "opened")):
            person = seed.person(f"K7M{number + 2}", "utrecht")
            phones.append(f"{PHONE[:-1]}{number}")
            seed.run("UPDATE contact SET name = name || ' ' || :more WHERE person_id = :id", more=phones[-1], id=person)
            seed.run("UPDATE contact SET email = 'xan@thippe.example' WHERE person_id = :id", id=person)
            prompt = seed.prompt(seed.workshop(form, MONDAY, "utrecht"), person, state, MONDAY + timedelta(hours=3))
            ended_on = MONDAY + timedelta(hours=4)
            session = seed.session(
                form,
                person,
                prompt,
                MONDAY + timedelta(hours=3),
                ended_on if state == "completed" else None,
                "completed",
            )
            seed.answers(session, {"/data/held": "as_planned", IN + "influence": "4"})
            answer = seed.answer(session, IN + "moment", "Een bewoner nam het woord.", after_sending=True)
            seed.part(session, IN + "moment", answer, 1, "Een bewoner", "voice", f"voice-{number}.ogg", 3)
            seed.run("UPDATE person SET media_allowed = 1 WHERE id = :id", id=person)
            (program.media / f"voice-{number}.ogg").write_bytes(b"OggS")
    return tmp_path


@pytest.mark.parametrize("made_as", list(Format))
@pytest.mark.parametrize("language", ["nl", "en"])
def test_no_format_of_the_command_line_tells_who_anybody_is(folder: Path, made_as: Format, language: str) -> None:
    told = terugblik("export", "--city", "Utrecht", "--as", made_as, "--language", language, "--folder", str(folder))
    assert told.exit_code == 0, told.stderr
    database = configured(folder)[1].place.database.path
    words = identities(database)
    assert len([word for word in words if word.startswith(PHONE[:-1].encode())]) >= 3
    paths = [path for line in told.stdout.split() for path in (Path(line), *Path(line).rglob("*")) if path.is_file()]
    assert paths
    for path in paths:
        found = {word for inside in insides(path.read_bytes()) for word in words if word in inside}
        assert found == set(), path.name
        assert not any(word.decode() in path.name for word in words)


def test_the_search_finds_what_is_packed_twice() -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("sheet.xml", "x" * 1000 + PHONE)
    outer = io.BytesIO()
    with zipfile.ZipFile(outer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("book.xlsx", inner.getvalue())
    assert any(PHONE.encode() in inside for inside in insides(outer.getvalue()))
    assert PHONE.encode() not in outer.getvalue()
