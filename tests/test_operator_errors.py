"""What an operator gets wrong is told in a sentence that names the setting or file, with an exit code, no traceback."""

import asyncio
import errno
import io
import re
import socket
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import Workbook
from typer.testing import Result

from bot.cli import app
from bot.clock import system_now
from bot.demo.page import usual_or_free
from bot.doctor import Finding, examine
from bot.firststudy import EXAMPLE_ADDRESS, first_study_file
from bot.problems import BadConfiguration
from bot.program import catalogue, configured
from bot.sandbox import Sandbox
from bot.studyfile import parse_study
from tests.command import forget_settings, init, terugblik
from tests.test_command_line import as_csv, fieldworker, rows, table

HEADER = "datum;van;tot;stad;wijk;titel;veldwerkers"


@pytest.fixture(autouse=True)
def no_settings_around(monkeypatch: pytest.MonkeyPatch) -> None:
    forget_settings(monkeypatch)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A configuration that can be used, for a Bot API server that is not there."""
    init(tmp_path)
    set_more(tmp_path, "")
    return tmp_path


@pytest.fixture
def busy_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        yield taken.getsockname()[1]


def set_more(folder: Path, lines: str) -> None:
    token = Sandbox(system_now).token
    (folder / ".env").write_text(f"TELEGRAM_BOT_TOKEN={token}\nTELEGRAM_API_URL=http://127.0.0.1:9\n{lines}\n")


def told(result: Result, code: int) -> str:
    """What an operator reads on standard error, where the command ended with this code and no traceback."""
    assert isinstance(result.exception, SystemExit), result.exception
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    return result.stderr


@pytest.mark.parametrize("command", ["sandbox", "demo"])
def test_a_port_that_is_taken_is_named(busy_port: int, command: str) -> None:
    text = told(terugblik(command, "--port", str(busy_port)), 1)
    assert f"--port: found {busy_port}, which is used by another program; choose another" in text


def test_the_demo_takes_a_free_port_where_its_usual_one_is_taken(busy_port: int) -> None:
    assert usual_or_free(busy_port) == 0
    with socket.create_server(("127.0.0.1", 0)) as left:
        free = left.getsockname()[1]
    assert usual_or_free(free) == free


@pytest.mark.parametrize("command", ["sandbox", "demo"])
def test_a_port_that_cannot_exist_is_refused(command: str) -> None:
    assert "65535" in told(terugblik(command, "--port", "99999"), 2)


@pytest.mark.parametrize("setting", ["DATABASE", "EXPORTS_DIR", "MEDIA_DIR"])
@pytest.mark.parametrize("command", ["run", "export --city Utrecht", "invite --role steward"])
def test_a_folder_that_cannot_be_made_is_named_by_its_setting(folder: Path, setting: str, command: str) -> None:
    (folder / "notes").write_text("a file, not a folder")
    set_more(folder, f"{setting}=notes/deep/thing")
    text = told(terugblik(*command.split(), "--folder", str(folder)), 2)
    assert text.startswith(f"{setting}: found {folder / 'notes' / 'deep'}")
    assert "expected a folder that can be made" in text


@pytest.mark.parametrize("command", ["run", "export --city Utrecht"])
def test_a_database_that_is_a_folder_is_named_by_its_setting(folder: Path, command: str) -> None:
    (folder / "kept").mkdir()
    set_more(folder, "DATABASE=kept")
    text = told(terugblik(*command.split(), "--folder", str(folder)), 2)
    assert text == f"DATABASE: found {folder / 'kept'}, a folder, expected a file\n"


def test_a_database_that_cannot_be_opened_ends_with_its_own_code(folder: Path) -> None:
    database = folder / "data" / "terugblik.db"
    (folder / "data" / "terugblik.db-wal").mkdir(parents=True)
    text = told(terugblik("export", "--city", "Utrecht", "--folder", str(folder)), 6)
    assert f"DATABASE: {database} cannot be used (" in text
    assert "put a backup back" in text


def test_a_file_that_cannot_be_written_is_named(folder: Path) -> None:
    (folder / "data" / "terugblik.db.lock").mkdir(parents=True)
    text = told(terugblik("run", "--folder", str(folder)), 1)
    assert f"{folder / 'data' / 'terugblik.db.lock'}: Is a directory; see to it" in text


def test_init_in_an_impossible_folder_names_it(tmp_path: Path) -> None:
    (tmp_path / "notes").write_text("a file, not a folder")
    text = told(terugblik("init", "--folder", str(tmp_path / "notes" / "study")), 2)
    assert text.startswith(f"--folder: {tmp_path / 'notes' / 'study'} cannot be used (Not a directory)")


def test_a_demo_in_an_impossible_folder_names_it(tmp_path: Path) -> None:
    (tmp_path / "notes").write_text("a file, not a folder")
    text = told(terugblik("demo", "--scripted", "--keep", str(tmp_path / "notes" / "demo")), 2)
    assert text.startswith(f"--keep: {tmp_path / 'notes' / 'demo'} cannot be used")


@pytest.mark.parametrize("name", [".env", "study.toml"])
def test_a_configuration_that_is_no_text_is_named(folder: Path, name: str) -> None:
    (folder / name).write_bytes(b"name = \xff\xfe")
    text = told(terugblik("run", "--folder", str(folder)), 2)
    assert str(folder / name) in text
    assert "expected a text in UTF-8" in text


def test_a_study_file_that_is_a_folder_is_named(folder: Path) -> None:
    (folder / "study.toml").unlink()
    (folder / "study.toml").mkdir()
    text = told(terugblik("run", "--folder", str(folder)), 2)
    assert f"{folder / 'study.toml'}: found Is a directory, expected a file that can be read" in text


def broken_xlsx(cut: int) -> bytes:
    """A workbook of which the sheet's XML ends too early."""
    whole, broken = io.BytesIO(), io.BytesIO()
    Workbook().save(whole)
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(broken, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, content[:-cut] if name == "xl/worksheets/sheet1.xml" else content)
    return broken.getvalue()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (broken_xlsx(30), "I cannot open this file as .xlsx (ParseError)"),
        (broken_xlsx(30)[:-400], "I cannot use this file: this workbook cannot be read (File is not a zip file)"),
        (f"{HEADER}\n{'x' * 131_073};2\n".encode(), "I cannot read line 2 of this file (field larger than field limit"),
    ],
    ids=["broken XML", "broken zip", "a cell too long"],
)
def test_a_table_that_is_broken_inside_is_refused_by_its_name(folder: Path, content: bytes, reason: str) -> None:
    (folder / "agenda.table").write_bytes(content)
    text = told(terugblik("plan", str(folder / "agenda.table"), "--folder", str(folder)), 1)
    assert text.startswith(f"agenda.table: {reason}")


def test_an_empty_city_is_told_as_empty(folder: Path) -> None:
    (folder / "agenda.csv").write_text(f"{HEADER}\n26-11-2099;10:00;11:00; ;Overvecht;Groen;K7M4\n")
    text = told(terugblik("plan", str(folder / "agenda.csv"), "--folder", str(folder)), 1)
    assert text.startswith("agenda.csv, row 2: the city is empty. Choose from: Amsterdam, Rotterdam")


def study_text() -> str:
    return first_study_file(catalogue(), system_now().date())


@pytest.mark.parametrize(
    ("found", "instead", "name", "said"),
    [
        ('code = "leiden"', 'code = "Utrecht"', "city 5, code", "'Utrecht', as city 4 has"),
        ('name = "Leiden"', 'name = "utrecht"', "city 5, name", "'utrecht', as city 4 has"),
        ('code = "L3"', 'code = "L1"', "line 3, code", "'L1', as line 1 has"),
    ],
)
def test_what_stands_twice_in_the_study_is_refused_by_name(found: str, instead: str, name: str, said: str) -> None:
    assert study_text().count(found) == 1
    with pytest.raises(BadConfiguration) as refused:
        parse_study(study_text().replace(found, instead), "study.toml")
    (problem,) = refused.value.problems
    assert (problem.name, problem.found) == (f"study.toml, {name}", said)


def test_where_things_are_kept_is_said_in_both_languages_or_plainly_for_both() -> None:
    line = next(line for line in study_text().splitlines() if line.startswith("kept_at"))
    both = parse_study(study_text(), "study.toml").study.kept_at
    assert both.nl.startswith("een server") and both.en.startswith("a server")
    plain = parse_study(study_text().replace(line, 'kept_at = "SURF"'), "study.toml").study.kept_at
    assert (plain.nl, plain.en) == ("SURF", "SURF")
    with pytest.raises(BadConfiguration) as refused:
        parse_study(study_text().replace(line, 'kept_at = { nl = "SURF" }'), "study.toml")
    assert [problem.name for problem in refused.value.problems] == ["study.toml, study, kept_at, en"]


def test_what_stands_twice_is_told_beside_all_other_problems() -> None:
    text = study_text().replace('code = "leiden"', 'code = "utrecht"').replace("minutes = 5", "minutes = 500")
    with pytest.raises(BadConfiguration) as refused:
        parse_study(text, "study.toml")
    assert [problem.name for problem in refused.value.problems] == [
        "study.toml, study, minutes",
        "study.toml, city 5, code",
    ]


async def test_doctor_points_at_the_contact_that_init_wrote_and_at_a_day_that_is_past(folder: Path) -> None:
    file = folder / "study.toml"
    file.write_text(re.sub(r"(?m)^retention_date = .*", "retention_date = 2020-01-01", file.read_text()))
    async with Sandbox(system_now) as sandbox:
        there = f"TELEGRAM_API_URL={sandbox.url}"
        set_more(folder, there)
        finding, kept = await asyncio.to_thread(found_in, folder, "contact", "keeping")
        assert not kept.is_well
        assert kept.found.startswith("2020-01-01 is past, so the running bot deletes everything about fieldworkers")
        assert not finding.is_well
        assert EXAMPLE_ADDRESS in finding.found
        assert "CONTACT" in finding.found
        set_more(folder, f"{there}\nCONTACT=Noor, 06 0000 0000")
        (finding,) = await asyncio.to_thread(found_in, folder, "contact")
        assert (finding.is_well, finding.found) == (True, "Noor, 06 0000 0000")


def found_in(folder: Path, *wanted: str) -> list[Finding]:
    return [one for one in examine(*configured(folder)) if one.what in wanted]


def test_a_name_in_the_settings_that_is_none_is_told_with_the_one_that_may_be_meant(folder: Path) -> None:
    set_more(folder, "BACKUP_KEPT=3\nSPARKLES=1\n# QUIET=none")
    result = terugblik("replay", "--folder", str(folder))
    assert (result.exit_code, result.stderr.splitlines()) == (
        0,
        [
            f"{folder / '.env'}: BACKUP_KEPT is no setting and does nothing; is BACKUPS_KEPT meant?",
            f"{folder / '.env'}: SPARKLES is no setting and does nothing",
            "Nothing was set aside.",
        ],
    )


def test_a_line_of_the_settings_without_name_and_value_is_named_and_never_shown(folder: Path) -> None:
    set_more(folder, "the secret word\nQUIET_HOURS")
    text = told(terugblik("replay", "--folder", str(folder)), 2)
    assert [line.strip() for line in text.splitlines()[1:]] == [
        f"{folder / '.env'}, line {number}: found something else (not shown), expected NAME=value" for number in (3, 4)
    ]


@pytest.mark.parametrize(
    ("found", "instead", "expected"),
    [
        ("minutes = 5", 'minutes = "vijf"', "a whole number"),
        ("minutes = 5", "minutes = 0", "1 or more"),
        ('name = "Crafting Resilience"', 'name = ""', "some text"),
        ('code = "utrecht"', 'code = "ut recht"', "a code of letters, digits, - and _, such as den-haag"),
        ("words = []", 'words = "hulp"', 'a list, such as ["one", "two"]'),
        ("automatic = true", 'automatic = "ja"', "true or false"),
        ("{channel_notice}", "{}", "no braces but those of {channel_notice} and {retention_date}"),
        ("{channel_notice}", "{channel_notice", "no braces but those of {channel_notice} and {retention_date}"),
    ],
)
def test_what_the_study_file_expects_is_said_in_plain_words(found: str, instead: str, expected: str) -> None:
    text = study_text()
    assert found in text
    with pytest.raises(BadConfiguration) as refused:
        parse_study(text.replace(found, instead), "study.toml")
    assert {problem.expected for problem in refused.value.problems} == {expected}


@pytest.mark.parametrize(
    ("words", "code", "reason"),
    [
        ("invitations --renew 1 --revoke 1", 2, "--renew: found it with --revoke, expected one of them"),
        ("backup --to {folder}", 2, "--to: found {folder}, a folder, expected the file to write, such as"),
        ("status --city Utrecht --week 2026-W99", 2, "--week: '2026-W99' is no ISO week such as 2026-W47"),
        ("audit list --city Atlantis", 2, "--city: 'Atlantis' is not a city of this study"),
        ("audit list --city Utrecht --verb sung", 0, "There is no such entry."),
        ("people --city Utrecht", 0, "Nobody belongs to Utrecht yet; terugblik invite makes an invitation."),
        ("erasures", 0, "Nobody was erased."),
    ],
)
def test_a_command_that_finds_nothing_or_makes_no_sense_says_so(
    folder: Path, words: str, code: int, reason: str
) -> None:
    command = words.format(folder=folder).split()
    result = terugblik(*command, "--folder", str(folder))
    assert (result.exit_code, result.stdout) == (code, "")
    assert result.stderr.startswith(reason.format(folder=folder))


def test_a_list_of_names_that_is_not_there_is_told_as_one_before_telegram_is_asked_anything(folder: Path) -> None:
    command = ("invite", "--role", "fieldworker", "--city", "Utrecht", "--names", "nowhere.txt")
    text = told(terugblik(*command, "--folder", str(folder)), 2)
    assert text == (
        "--names: nowhere.txt cannot be read (No such file or directory); expected a file with a name on each line\n"
    )


class Closed(io.StringIO):
    """A pager that was left at once."""

    def write(self, text: str) -> int:
        raise BrokenPipeError(errno.EPIPE, "Broken pipe")


def test_what_was_planned_stays_planned_where_nobody_reads_on(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fieldworker(folder)
    file = as_csv(folder / "agenda.csv", table()[:3])
    monkeypatch.setattr("sys.stdout", Closed())
    with pytest.raises(SystemExit):
        app(["plan", str(file), "--folder", str(folder)], standalone_mode=False)
    assert rows(folder, "SELECT count(*) AS n FROM workshop")[0]["n"] == 2
