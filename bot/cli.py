"""The command line: `terugblik`."""

import errno
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, NoReturn

import typer
from rich.console import Console

from bot.channel import SecondPoller, TokenRevoked
from bot.clock import system_now
from bot.doctor import NoAnswer, bot_name
from bot.lock import AlreadyRunning
from bot.problems import BadConfiguration
from bot.program import Program, catalogue, configured, prepare
from bot.settings import Settings, env_text
from bot.studyfile import first_study_file
from fieldwork.people import OWN_CITY, Grant, Role
from fieldwork.study import UnknownCity
from storage.connection import DatabaseError
from storage.database import transaction
from storage.migrate import NotOurs, TooNew

Language = Literal["nl", "en"]

app = typer.Typer(
    help="Asks fieldworkers a few questions after each workshop and delivers each city's workbook every week.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
forms_app = typer.Typer(help="Questionnaires.", no_args_is_help=True)
app.add_typer(forms_app, name="forms")

BAD_CONFIGURATION = 2
TOKEN_REVOKED = 3
SECOND_POLLER = 4
ALREADY_RUNNING = 5
BAD_DATABASE = 6

Folder = Annotated[Path, typer.Option("--folder", help="Where .env and study.toml are.", file_okay=False)]
HERE = Path()


def main() -> None:
    """Run a command. What it writes is for the operator's eyes only."""
    os.umask(0o077)
    app()


@app.command()
def init(folder: Folder = HERE) -> None:
    """Write .env and study.toml to start from; a file that is there stays as it is."""
    today = system_now().date()
    retention_date = date(today.year + 5, 12, 31)
    with _folder_told("--folder", folder):
        folder.mkdir(parents=True, exist_ok=True)
        _write_new(folder / ".env", env_text())
        _write_new(folder / "study.toml", first_study_file(catalogue(), retention_date))
    tell("Set TELEGRAM_BOT_TOKEN in .env, read study.toml through, and start with: terugblik run")


@app.command()
def run(folder: Folder = HERE) -> None:
    """Run the bot until it is stopped."""
    from bot.run import run as run_bot

    settings, program = _configured(folder)
    with _told(program):
        run_bot(settings, program)


@app.command()
def demo(
    scripted: Annotated[
        bool, typer.Option("--scripted", help="Play the week without a browser, and check it.")
    ] = False,
    port: Annotated[int, typer.Option(help="The page's port; 0 takes a free one.", min=0, max=65535)] = 8080,
    language: Annotated[Language, typer.Option(help="The language of the phones.")] = "nl",
    keep: Annotated[Path | None, typer.Option("--keep", help="Keep the demo's files in this folder.")] = None,
) -> None:
    """Show the bot on phones in a web page, without any account."""
    from bot.demo.page import serve_demo
    from bot.demo.script import play

    folder = keep or Path(tempfile.mkdtemp(prefix="terugblik-demo-"))
    with _folder_told("--keep", folder):
        folder.mkdir(parents=True, exist_ok=True)
    with _told(), _port_told(port):
        if scripted:
            raise typer.Exit(play(folder))
        serve_demo(folder, port, language)


@app.command()
def sandbox(
    port: Annotated[int, typer.Option(help="The port to listen on, on this machine only.", min=0, max=65535)] = 8081,
) -> None:
    """Run the local Bot API server alone, with a page of phones."""
    from bot.demo.page import serve_sandbox

    with _told(), _port_told(port):
        serve_sandbox(port)


@app.command()
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
    folder: Folder = HERE,
) -> None:
    """Check the configuration, the database, the token, the folders, the versions, and what was set aside."""
    from bot.doctor import examine

    settings, program = _configured(folder)
    findings = examine(settings, program)
    if as_json:
        typer.echo(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=2))
    else:
        for finding in findings:
            typer.echo(f"{'ok   ' if finding.is_well else 'WRONG'}  {finding.what}: {finding.found}")
    if not all(finding.is_well for finding in findings):
        raise typer.Exit(1)


@app.command()
def backup(
    to: Annotated[Path | None, typer.Option(help="The file to write; left out: one more in BACKUP_DIR.")] = None,
    through: Annotated[str, typer.Option(help="A command that encrypts, such as: age -r age1…")] = "",
    folder: Folder = HERE,
) -> None:
    """Write a checked copy of the database, also beside a running bot, and print where it is."""
    from storage.backup import CommandFailed, NotWhole, back_up, name_at

    _, program = _configured(folder)
    target = to or program.backups / (name_at(program.now()) + (".encrypted" if through else ""))
    with _told():
        try:
            back_up(program.place.database, target, through)
        except (NotWhole, CommandFailed) as error:
            stop(str(error))
    typer.echo(target)


@app.command()
def restore(
    copy: Annotated[Path, typer.Argument(help="A copy that backup wrote, decrypted.", exists=True, dir_okay=False)],
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Put it in the place of a database.")] = False,
    folder: Folder = HERE,
) -> None:
    """Put a copy of the database back, after checking it; stop the bot first."""
    from bot.lock import only_bot_on
    from storage.backup import NotWhole, WouldOverwrite
    from storage.backup import restore as put_back

    _, program = _configured(folder)
    database = program.place.database
    database.parent.mkdir(parents=True, exist_ok=True)
    with _told(), only_bot_on(database):
        try:
            put_back(copy, database, overwrite=overwrite)
        except WouldOverwrite as error:
            stop(f"{error}; --overwrite replaces it")
        except NotWhole as error:
            stop(str(error), BAD_DATABASE)
    tell(f"{database} is what {copy.name} was.")


@app.command()
def replay(
    id: Annotated[str, typer.Argument(help="Such as update-12; left out: everything that was set aside.")] = "",
    folder: Folder = HERE,
) -> None:
    """Try once more what was set aside; also beside a running bot."""
    from bot.setaside import replay as try_again
    from bot.setaside import set_aside

    _, program = _configured(folder)
    with _told():
        prepare(program)
        with transaction(program.place.database) as tx:
            wanted = [id] if id else [one.id for one in set_aside(tx)]
            tried = [one for one in wanted if try_again(tx, one, program.now())]
    for one in tried:
        typer.echo(one)
    if id and not tried:
        stop(f"{id}: nothing was set aside under this id")


@app.command()
def invite(
    role: Annotated[Role, typer.Option(help="What the person will be.")],
    city: Annotated[str, typer.Option(help="The city, for a fieldworker or coordinator.")] = "",
    line: Annotated[str, typer.Option(help="The research line, for an investigator.")] = "",
    name: Annotated[str, typer.Option(help="What the person is called.")] = "",
    folder: Folder = HERE,
) -> None:
    """Make an invitation and print its link; also beside a running bot."""

    from handlers.inviting import new_link

    settings, program = _configured(folder)
    grant = _grant(program, role, city, line)
    with _told(program):
        prepare(program)
        username = bot_name(settings)
        with transaction(program.place.database) as tx:
            link = new_link(tx, program.desk({}, username), grant, name, None)
    typer.echo(link)


@app.command()
def plan(
    file: Annotated[Path, typer.Argument(help="A CSV or XLSX table of workshops.", exists=True, dir_okay=False)],
    folder: Folder = HERE,
) -> None:
    """Plan the workshops of a table; wrong rows are listed, the others are kept."""
    from handlers.planfile import NotATable, plan_file

    _, program = _configured(folder)
    with _told(program):
        forms = prepare(program)
        try:
            with transaction(program.place.database) as tx:
                saved, wrong = plan_file(tx, program.desk(forms, ""), file.read_bytes())
        except NotATable as error:
            stop(f"{file.name}: {error}")
    for row in wrong:
        tell(f"{file.name}, row {row.number}: {program.texts.say(row.reason.key, 'en', **row.reason.values)}")
    tell(f"{saved} planned, {len(wrong)} wrong")
    if wrong:
        raise typer.Exit(1)


@app.command()
def export(
    city: Annotated[str, typer.Option(help="The city.")],
    week: Annotated[str, typer.Option(help="The ISO week, such as 2026-W47; left out: everything.")] = "",
    language: Annotated[Language, typer.Option(help="The workbook's language.")] = "nl",
    folder: Folder = HERE,
) -> None:
    """Make a city's workbook and print where it lies."""
    from exports.period import NoSuchWeek, everything, iso_week
    from handlers.work import make_workbooks

    _, program = _configured(folder)
    with _told(program):
        forms = prepare(program)
        try:
            period = iso_week(week, program.study.timezone) if week else everything()
            place = program.study.city(city)
        except (NoSuchWeek, UnknownCity) as error:
            stop(str(error))
        made = make_workbooks(program.place, program.desk(forms, ""), place, period, language)
    for one in made:
        typer.echo(program.place.exports / one.file)
    if not made:
        tell("There is nothing in this period; no file was made.")


@forms_app.command("check")
def check(
    file: Annotated[Path, typer.Argument(help="An XLSForm workbook.", exists=True, dir_okay=False)],
    language: Annotated[Language, typer.Option(help="The language of the report.")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="Print the problems as JSON.")] = False,
) -> None:
    """Check a questionnaire; every problem with its sheet, row and column."""
    from forms.problems import Severity
    from forms.xlsform import check_workbook

    with _told():
        problems = check_workbook(file.read_bytes())
    if as_json:
        rows = [{"severity": one.severity, "text": one.text(language)} for one in problems]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        for one in problems:
            typer.echo(f"{one.severity}: {one.text(language)}")
    if any(one.severity is Severity.ERROR for one in problems):
        raise typer.Exit(1)
    tell(f"{file.name} can be used.")


def tell(text: str) -> None:
    """A word to the operator; what a command gives goes to standard output."""
    Console(stderr=True, highlight=False, soft_wrap=True).print(text, markup=False)


def stop(text: str, code: int = 1) -> NoReturn:
    """Tell the operator and end."""
    Console(stderr=True, highlight=False, soft_wrap=True).print(text, style="red", markup=False)
    raise typer.Exit(code)


@contextmanager
def _told(program: Program | None = None) -> Iterator[None]:
    """What goes wrong as expected is told in a sentence, with an exit code of its own."""
    codes: dict[type[Exception], int] = {
        TokenRevoked: TOKEN_REVOKED,
        SecondPoller: SECOND_POLLER,
        AlreadyRunning: ALREADY_RUNNING,
        BadConfiguration: BAD_CONFIGURATION,
        NotOurs: BAD_DATABASE,
        TooNew: BAD_DATABASE,
        NoAnswer: 1,
    }
    try:
        yield
    except tuple(codes) as error:
        stop(str(error), codes[type(error)])
    except DatabaseError as error:
        named = f"DATABASE: {program.place.database}" if program else "the database"
        stop(f"{named} cannot be used ({error}); see to the disk and the file, or put a backup back", BAD_DATABASE)
    except OSError as error:
        named = error.filename or "the system"
        stop(f"{named}: {error.strerror or error}; see to it that it is there and that this account may use it")


@contextmanager
def _port_told(port: int) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.EADDRINUSE, errno.EACCES) or error.filename is not None:
            raise
        reason = "used by another program" if error.errno == errno.EADDRINUSE else "not for this account"
        stop(f"--port: found {port}, which is {reason}; choose another, or 0 for any that is free")


@contextmanager
def _folder_told(option: str, folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        found = error.strerror or error
        stop(f"{option}: {folder} cannot be used ({found}); choose a folder to write in", BAD_CONFIGURATION)


def _configured(folder: Path) -> tuple[Settings, Program]:
    try:
        return configured(folder)
    except BadConfiguration as error:
        tell("The configuration cannot be used:")
        stop("\n".join(f"  {problem}" for problem in error.problems), BAD_CONFIGURATION)


def _grant(program: Program, role: Role, city: str, line: str) -> Grant:
    """The role with the city or line it needs, and none that it does not."""
    lines = [one.code for one in program.study.lines]
    if (role in OWN_CITY) != bool(city):
        expected = "a city" if role in OWN_CITY else "none"
        stop(f"--city: found {city or 'nothing'}, expected {expected} for the role {role}")
    if (role is Role.INVESTIGATOR) != bool(line) or (line and line not in lines):
        expected = f"one of {', '.join(lines)}" if role is Role.INVESTIGATOR else "none"
        stop(f"--line: found {line or 'nothing'}, expected {expected} for the role {role}")
    try:
        return Grant(role, program.study.city(city).code if city else "", line)
    except UnknownCity as error:
        stop(f"--city: {error}")


def _write_new(path: Path, text: str) -> None:
    """Write a file that is not there yet, readable by its owner only."""
    if path.exists():
        tell(f"{path} is there already and stays as it is.")
        return
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")
    typer.echo(path)
