"""What an operator types, and what comes back: data on standard output, words on standard error, an exit code."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import Workbook

from bot.clock import system_now
from bot.program import configured
from bot.sandbox import Fault, Sandbox
from bot.sandbox.refusals import Refusal
from fieldwork.people import Grant, Role
from handlers.tablefile import MOST_ROWS
from storage import people
from storage.database import snapshot, transaction
from storage.driver import Row
from storage.stamps import stamp
from tests.command import forget_settings, init, terugblik
from tests.forms.xlsform_sheets import QUESTIONNAIRE, xlsform
from tests.reliability.commands import Commands, commands

UNKNOWN = "Deze bot is alleen voor veldwerkers"
HEADER = ["datum", "van", "tot", "stad", "wijk", "titel", "veldwerkers"]


@pytest.fixture(autouse=True)
def no_settings_around(monkeypatch: pytest.MonkeyPatch) -> None:
    forget_settings(monkeypatch)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A configuration that can be used, for a Bot API server that is not there."""
    configure(tmp_path, Sandbox(system_now))
    return tmp_path


def configure(folder: Path, sandbox: Sandbox) -> None:
    init(folder)
    url = sandbox.url.replace(":0", ":9")
    (folder / ".env").write_text(f"TELEGRAM_BOT_TOKEN={sandbox.token}\nTELEGRAM_API_URL={url}\nCONTACT=Noor\n")


def database(folder: Path) -> Path:
    return configured(folder)[1].place.database.path


def rows(folder: Path, sql: str) -> list[Row]:
    with snapshot(database(folder)) as kept:
        return kept.all(sql)


@asynccontextmanager
async def running(folder: Path, sandbox: Sandbox) -> AsyncIterator[tuple[Commands, int]]:
    """A bot as a process of its own, answering."""
    async with commands(folder) as run:
        pid = await run.begin("run", "--folder", str(folder))
        phone = sandbox.phone(f"Buurman {len(sandbox.phones)}")
        phone.start()
        await phone.wait_for(UNKNOWN, within=60)
        yield run, pid


def table(*more: list[object]) -> list[list[object]]:
    """Thirty rows, of which the fifth, the tenth and the last are wrong."""
    day = (datetime.now(UTC) + timedelta(days=20)).strftime("%d-%m-%Y")
    right: list[list[object]] = [
        [day, "10:00", "11:30", "Utrecht", "Overvecht", f"Werkplaats {number}", "AAAA"] for number in range(30)
    ]
    right[4][3] = "Groningen"
    right[9][0] = "01-02-2020"
    right[29][6] = "ZZZZ"
    return [list(HEADER), *right, *more]


def as_csv(path: Path, lines: list[list[object]]) -> Path:
    path.write_text("\n".join(";".join(map(str, line)) for line in lines), encoding="utf-8-sig")
    return path


def as_xlsx(path: Path, lines: list[list[object]]) -> Path:
    book = Workbook()
    for line in lines:
        book.worksheets[0].append(line)
    book.save(path)
    return path


def fieldworker(folder: Path, code: str = "AAAA") -> int:
    """Somebody in Utrecht with this code, in a database that is ready."""
    assert terugblik("export", "--city", "Utrecht", "--folder", str(folder)).exit_code == 0
    now = system_now()
    with transaction(database(folder)) as tx:
        person_id = people.add(tx, code, "nl", now)
        people.name(tx, person_id, "Amina")
        people.grant(tx, person_id, Grant(Role.FIELDWORKER, "utrecht"), now)
        people.set_standing(tx, person_id, "taking_part")
    return person_id


def unopened(path: Path) -> bytes:
    return path.read_bytes()


COMMANDS = ["init", "run", "demo", "sandbox", "doctor", "invite", "plan", "export", "forms"]


@pytest.mark.parametrize("command", [*COMMANDS, "forms check"])
def test_every_command_has_help(command: str) -> None:
    told = terugblik(*command.split(), "--help")
    assert told.exit_code == 0
    assert "Usage:" in told.stdout
    assert len(told.stdout.splitlines()) > 5


def test_help_names_every_command_with_what_it_does() -> None:
    told = terugblik("--help")
    assert told.exit_code == 0
    for command in COMMANDS:
        (line,) = [line for line in told.stdout.splitlines() if line.strip("│ ").startswith(f"{command} ")]
        assert len(line.strip("│ ").split()) > 1, command


@pytest.mark.parametrize(
    "command", ["run", "doctor", "invite --role steward", "plan table.csv", "export --city Utrecht"]
)
def test_a_configuration_that_cannot_be_used_ends_with_code_2(tmp_path: Path, command: str) -> None:
    (tmp_path / "table.csv").write_text("x")
    words = command.replace("table.csv", str(tmp_path / "table.csv")).split()
    told = terugblik(*words, "--folder", str(tmp_path))
    assert told.exit_code == 2
    assert told.stdout == ""
    assert "TELEGRAM_BOT_TOKEN: found nothing, expected a value" in told.stderr
    assert "study.toml: found no such file" in told.stderr
    assert not (tmp_path / "data").exists()


async def test_doctor_looks_at_everything_and_asks_telegram_who_it_is(tmp_path: Path) -> None:
    async with Sandbox(system_now) as sandbox:
        configure(tmp_path, sandbox)
        told = await asyncio.to_thread(terugblik, "doctor", "--folder", str(tmp_path))
        assert told.exit_code == 0, told.output
        looked = dict(line.split(maxsplit=1)[1].split(": ", 1) for line in told.stdout.splitlines())
        assert all(line.startswith("ok ") for line in told.stdout.splitlines())
        assert looked["token"] == "@terugblik_bot"
        assert {"configuration", "time zone", "SQLite", "database", "media folder", "exports folder"} <= set(looked)
        assert looked["the bot"] == "not running"
        assert looked["e-mail"] == "not set; summaries go by chat"
        assert looked["disk"].endswith("MB free")
        told = await asyncio.to_thread(terugblik, "doctor", "--json", "--folder", str(tmp_path))
        found = json.loads(told.stdout)
        assert found["findings"][0]["what"] == "configuration"
        assert found["figures"]["messages_waiting"] == 0
        sandbox.fail("*", Fault(refusal=Refusal(401, "Unauthorized")), times=5)
        told = await asyncio.to_thread(terugblik, "doctor", "--folder", str(tmp_path))
    assert told.exit_code == 1
    assert "WRONG  token: Telegram refuses the token" in told.stdout


async def test_doctor_says_what_waits_for_the_operator(tmp_path: Path) -> None:
    async with Sandbox(system_now) as sandbox:
        configure(tmp_path, sandbox)
        fieldworker(tmp_path)
        with transaction(database(tmp_path)) as tx:
            tx.run(
                "INSERT INTO inbox (channel, update_key, chat, state, received_on) VALUES ('x', '1', '', 'dead', :on)",
                on=stamp(system_now()),
            )
        told = await asyncio.to_thread(terugblik, "doctor", "--folder", str(tmp_path))
    assert told.exit_code == 1
    assert "WRONG  waiting for you: 1 set aside" in told.stdout


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("--role fieldworker", "--city: found nothing, expected a city for the role fieldworker"),
        ("--role fieldworker --city Groningen", "'Groningen' is not a city of this study"),
        ("--role coordinator --city Utrecht --line L1", "--line: found L1, expected none for the role coordinator"),
        ("--role investigator", "--line: found nothing, expected one of L1, L2, L3 for the role investigator"),
        ("--role investigator --line L9", "--line: found L9"),
        ("--role steward --city Utrecht", "--city: found Utrecht, expected none for the role steward"),
    ],
)
def test_an_invitation_that_makes_no_sense_is_refused(folder: Path, words: str, reason: str) -> None:
    told = terugblik("invite", *words.split(), "--folder", str(folder))
    assert told.exit_code == 1
    assert told.stdout == ""
    assert reason in told.stderr


@pytest.mark.parametrize("write", [as_csv, as_xlsx], ids=["csv", "xlsx"])
def test_of_thirty_rows_with_three_errors_twentyseven_are_planned_and_three_listed(
    folder: Path, write: Callable[[Path, list[list[object]]], Path]
) -> None:
    fieldworker(folder)
    told = terugblik("plan", str(write(folder / "agenda.table", table())), "--folder", str(folder))
    assert told.exit_code == 1
    assert [line.split("\t")[0] for line in told.stdout.splitlines()] == [str(number) for number in range(1, 28)]
    listed = told.stderr.splitlines()
    assert listed[0].startswith("agenda.table, row 6: Groningen is not a city of this study. Choose from: Amsterdam")
    assert listed[1] == "agenda.table, row 11: 01-02-2020 is in the past. Choose a day that is still to come."
    assert listed[2] == "agenda.table, row 31: ZZZZ is not a fieldworker of Utrecht. Send /people for the codes."
    assert (
        listed[3].startswith("To take it back: terugblik workshops --unplan --number 1 ")
        and listed[4] == "27 planned, 3 wrong"
    )
    assert [row["n"] for row in rows(folder, "SELECT count(*) AS n FROM workshop")] == [27]
    assert [row["n"] for row in rows(folder, "SELECT count(*) AS n FROM prompt")] == [27]


def test_a_table_without_errors_ends_with_code_0(folder: Path) -> None:
    fieldworker(folder)
    lines = [line for number, line in enumerate(table()) if number not in (5, 10, 30)]
    told = terugblik("plan", str(as_csv(folder / "agenda.csv", lines)), "--folder", str(folder))
    assert (told.exit_code, told.stderr.splitlines()[-1]) == (0, "27 planned, 0 wrong")
    number, city, _, title, codes = told.stdout.splitlines()[0].split("\t")
    assert (number, city, title, codes) == ("1", "Utrecht", "Werkplaats 0", "AAAA")


def test_lines_are_tried_before_they_are_planned_and_a_template_holds_the_codes(folder: Path) -> None:
    fieldworker(folder)
    day = (datetime.now(UTC) + timedelta(days=20)).strftime("%d-%m-%Y")
    lines = ("--line", f"{day} 22:00–23:30 | Overvecht | Groen | AAAA", "--line", f"{day} | Overvecht | Groen | AAAA")
    where = ("--city", "Utrecht", "--folder", str(folder))
    told = terugblik("plan", *lines, "--dry-run", *where)
    assert told.exit_code == 1
    assert "Groen\n" in told.stdout
    assert "Message to fieldworkers: no message to AAAA: unreachable" in told.stdout
    assert told.stderr.splitlines()[0].startswith(f'row 2: "{day}" is not a date with times.')
    assert told.stderr.splitlines()[1] == "1 would be planned, 1 wrong"
    assert rows(folder, "SELECT 1 FROM workshop") == []
    with transaction(database(folder)) as tx:
        people.reach_at(tx, 1, "telegram:1", system_now())
    assert "Bericht aan veldwerkers: " in terugblik("plan", *lines, "--dry-run", "--language", "nl", *where).stdout
    told = terugblik("plan", *lines, *where)
    assert told.stderr.splitlines()[-1] == "1 planned, 1 wrong"
    assert len(rows(folder, "SELECT 1 FROM workshop")) == 1
    told = terugblik("plan", "--template", str(folder / "out"), *where)
    path = folder / "out" / "planning_utrecht.xlsx"
    assert told.stdout == f"{path}\n"
    told = terugblik("plan", str(path), *where)
    assert told.stderr.startswith("planning_utrecht.xlsx: Nothing is filled in yet.")
    assert terugblik("plan", *where).exit_code == 2


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "This file is empty"),
        (b"datum;titel\n1;2\n", "Found: datum, titel. Missing: start, end, neighbourhood, people."),
        (b"PK\x03\x04 no zip at all", "I cannot use this file: this workbook cannot be read"),
        (b"\xff\xfe\x00", "This is not a table that I can read."),
        (b"x;y\n" * (MOST_ROWS + 1), f"At most {MOST_ROWS} are possible."),
    ],
    ids=["empty", "columns", "no zip", "no text", "long"],
)
def test_a_file_that_is_no_table_of_workshops_is_refused(folder: Path, content: bytes, reason: str) -> None:
    (folder / "agenda").write_bytes(content)
    told = terugblik("plan", str(folder / "agenda"), "--folder", str(folder))
    assert told.exit_code == 1
    assert reason in told.stderr
    assert rows(folder, "SELECT 1 FROM workshop") == []


def test_export_prints_the_path_of_the_workbook_it_made(folder: Path) -> None:
    fieldworker(folder)
    terugblik("plan", str(as_csv(folder / "agenda.csv", table()[:4])), "--folder", str(folder))
    told = terugblik("export", "--city", "utrecht", "--folder", str(folder))
    assert told.exit_code == 0
    (path,) = told.stdout.splitlines()
    assert Path(path).read_bytes().startswith(b"PK")


@pytest.mark.parametrize(
    ("words", "reason"),
    [("--city Groningen", "'Groningen' is not a city"), ("--city Utrecht --week 2026-W60", "2026-W60")],
)
def test_an_export_of_a_city_or_week_that_is_none_is_refused(folder: Path, words: str, reason: str) -> None:
    told = terugblik("export", *words.split(), "--folder", str(folder))
    assert told.exit_code == 1
    assert reason in told.stderr


def test_a_good_questionnaire_can_be_used() -> None:
    told = terugblik("forms", "check", str(QUESTIONNAIRE))
    assert told.exit_code == 0
    assert told.stderr == "wijkwerkplaats_reflectie.xlsx can be used.\n"


def test_a_bad_questionnaire_is_told_with_sheet_row_and_column(tmp_path: Path) -> None:
    survey = [["type", "name", "label"], ["select_one colour", "favourite", "Which?"], ["text", "why", "Why?"]]
    (tmp_path / "bad.xlsx").write_bytes(xlsform(survey))
    told = terugblik("forms", "check", str(tmp_path / "bad.xlsx"))
    assert told.exit_code == 1
    assert "survey" in told.stdout
    assert "row 2" in told.stdout
    assert "colour" in told.stdout
    found = terugblik("forms", "check", str(tmp_path / "bad.xlsx"), "--json")
    assert found.exit_code == 1
    problems = json.loads(found.stdout)
    assert list(problems[0]) == ["severity", "sheet", "row", "column", "cell", "text", "suggestion"]
    assert any("colour" in problem["text"] for problem in problems)
    assert "rij 2" in terugblik("forms", "check", str(tmp_path / "bad.xlsx"), "--language", "nl").stdout


def test_what_is_no_xlsform_is_told_so(tmp_path: Path) -> None:
    (tmp_path / "notes.xlsx").write_text("just words")
    told = terugblik("forms", "check", str(tmp_path / "notes.xlsx"))
    assert told.exit_code == 1
    assert "error:" in told.stdout
    assert "Traceback" not in told.output


async def test_beside_a_running_bot_invite_works_and_a_second_is_refused_and_asked_to_it_ends_with_code_0(
    tmp_path: Path,
) -> None:
    async with Sandbox(system_now) as sandbox:
        configure(tmp_path, sandbox)
        async with running(tmp_path, sandbox) as (run, first):
            second = await run.begin("run", "--folder", str(tmp_path))
            words = ("--role", "fieldworker", "--city", "Utrecht", "--name", "Amina", "--folder", str(tmp_path))
            told = await asyncio.to_thread(terugblik, "invite", *words)
            assert told.exit_code == 0, told.output
            assert told.stdout.startswith("https://t.me/terugblik_bot?start=")
            phone = sandbox.phone("A.")
            phone.start(told.stdout.strip().partition("=")[2])
            await phone.wait_for("Hallo Amina.", within=60)
            code, said = await run.ended(second)
            assert code == 5
            assert "another bot is running on" in said
            assert await asyncio.to_thread(lambda: len(rows(tmp_path, "SELECT 1 FROM person"))) == 1
            await run.stop(first)
            code, said = await run.ended(first)
    assert code == 0, said
    assert "answering as @terugblik_bot" in said
    assert sandbox.token not in said
    assert "SANDBOX-this-opens" not in said


async def test_a_killed_bot_goes_on_where_it_was(tmp_path: Path) -> None:
    async with Sandbox(system_now) as sandbox:
        configure(tmp_path, sandbox)
        async with running(tmp_path, sandbox) as (run, pid):
            run.kill(pid)
            await run.ended(pid)
        phone = sandbox.phone("Amina")
        phone.start()
        async with running(tmp_path, sandbox):
            await phone.wait_for(UNKNOWN, within=60)
        assert sum(UNKNOWN in message.text for message in phone.messages) == 1


async def test_a_revoked_token_ends_run_with_code_3(tmp_path: Path) -> None:
    async with Sandbox(system_now) as sandbox, commands(tmp_path) as run:
        configure(tmp_path, sandbox)
        sandbox.fail("*", Fault(refusal=Refusal(401, "Unauthorized")), times=20)
        code, said = await run.ended(await run.begin("run", "--folder", str(tmp_path)))
    assert code == 3
    assert "Telegram refuses the token" in said
    assert sandbox.token not in said


def test_a_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    configure(tmp_path, Sandbox(system_now))
    (tmp_path / "data").mkdir()
    with transaction(tmp_path / "data" / "terugblik.db") as tx:
        tx.run("CREATE TABLE someone_elses (id INTEGER)")
    told = terugblik("run", "--folder", str(tmp_path))
    assert told.exit_code == 6
    assert "terugblik.db" in told.stderr
    assert "Traceback" not in told.output


async def test_the_scripted_demo_plays_the_week_and_names_the_workbook(tmp_path: Path) -> None:
    async with commands(tmp_path) as run:
        pid = await run.begin("demo", "--scripted", "--keep", str(tmp_path / "kept"))
        code, said = await run.ended(pid)
        assert code == 0, said
        path = run.printed(pid).strip().splitlines()[-1].removeprefix("Workbook: ")
    assert path == str(tmp_path / "kept" / "exports" / "utrecht_2026-W47_wijkwerkplaats_reflectie.xlsx")
    assert unopened(Path(path)).startswith(b"PK")
