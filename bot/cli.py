"""The command line: `terugblik`."""

import json
import os
import tempfile
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from bot import formscli, invitationcli, mailcli, peoplecli, plancli, stewardcli, weekcli, workshopscli
from bot.clock import system_now
from bot.firststudy import first_study_file
from bot.formscli import Language
from bot.options import HERE, Folder
from bot.program import catalogue, prepare
from bot.settings import env_text
from bot.telling import (
    BAD_CONFIGURATION,
    DAMAGED,
    configured_or_told,
    folder_told,
    port_told,
    stop,
    stopped_by_hand,
    tell,
    told,
)
from exports.formats import Format
from fieldwork.study import UnknownCity
from storage.database import transaction

_USUAL_PORT = 8080

app = typer.Typer(
    help="Asks fieldworkers a few questions after each workshop and delivers each city's workbook every week.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.add_typer(formscli.app, name="forms")
app.add_typer(stewardcli.audit, name="audit")
app.command()(plancli.plan)
app.command()(workshopscli.workshops)
app.command()(invitationcli.invite)
app.command("invitations")(invitationcli.open_invitations)
app.command()(peoplecli.people)
app.command("status")(weekcli.figures)
app.command()(weekcli.remind)
app.command()(stewardcli.erasures)
app.command()(stewardcli.flags)
app.command()(stewardcli.consents)
app.command()(stewardcli.retention)
app.command()(stewardcli.exports)
app.command()(mailcli.email)


def main() -> None:
    """Run a command. What it writes is for the operator's eyes only."""
    os.umask(0o077)
    app()


@app.command()
def init(folder: Folder = HERE) -> None:
    """Write .env and study.toml to start from; a file that is there stays as it is."""
    today = system_now().date()
    retention_date = date(today.year + 5, 12, 31)
    with folder_told("--folder", folder):
        folder.mkdir(parents=True, exist_ok=True)
        _write_new(folder / ".env", env_text())
        _write_new(folder / "study.toml", first_study_file(catalogue(), retention_date))
    tell("Set TELEGRAM_BOT_TOKEN in .env, read study.toml through, and start with: terugblik run")


@app.command()
def run(folder: Folder = HERE) -> None:
    """Run the bot until it is stopped."""
    from bot.run import run as run_bot

    settings, program = configured_or_told(folder)
    if program.study.is_over(program.now()):
        tell(f"retention_date in study.toml, {program.study.retention_date}, is past. Is that right?")
    with told(program):
        run_bot(settings, program)


@app.command()
def demo(
    scripted: Annotated[
        bool, typer.Option("--scripted", help="Play the week without a browser, and check it.")
    ] = False,
    port: Annotated[
        int | None,
        typer.Option(help="The page's port; 0 takes a free one. Left out: 8080 if it is free.", min=0, max=65535),
    ] = None,
    language: Annotated[Language, typer.Option(help="The language of the phones.")] = "nl",
    keep: Annotated[Path | None, typer.Option("--keep", help="Keep the demo's files in this folder.")] = None,
) -> None:
    """Show the bot on phones in a web page, without any account."""
    from bot.demo.page import serve_demo, usual_or_free
    from bot.demo.script import play

    folder = keep or Path(tempfile.mkdtemp(prefix="terugblik-demo-"))
    with folder_told("--keep", folder):
        folder.mkdir(parents=True, exist_ok=True)
    at = usual_or_free(_USUAL_PORT) if port is None else port
    with told(), port_told(at):
        if scripted:
            raise typer.Exit(play(folder))
        serve_demo(folder, at, language)


@app.command()
def sandbox(
    port: Annotated[int, typer.Option(help="The port to listen on, on this machine only.", min=0, max=65535)] = 8081,
) -> None:
    """Run the local Bot API server alone, with a page of phones."""
    from bot.demo.page import serve_sandbox

    with told(), port_told(port):
        serve_sandbox(port)


@app.command()
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
    folder: Folder = HERE,
) -> None:
    """Check the configuration, the database, the token, the folders, the versions, and what was set aside."""
    from bot.doctor import examine, figures_if_any

    settings, program = configured_or_told(folder)
    findings = examine(settings, program)
    if as_json:
        found = {"findings": [asdict(finding) for finding in findings], "figures": figures_if_any(program)}
        typer.echo(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        for finding in findings:
            typer.echo(f"{'ok   ' if finding.is_well else 'WRONG'}  {finding.what}: {finding.found}")
    if not all(finding.is_well for finding in findings):
        raise typer.Exit(1)


@app.command()
def backup(
    to: Annotated[Path | None, typer.Option(help="The file to write; left out: one more in BACKUP_DIR.")] = None,
    through: Annotated[
        str | None, typer.Option(help="A command that encrypts, such as: age -r age1…; left out: BACKUP_THROUGH.")
    ] = None,
    folder: Folder = HERE,
) -> None:
    """Write a checked copy of the database, also beside a running bot, and print where it is."""
    from storage.backup import CommandFailed, NotWhole, back_up, name_at

    _, program = configured_or_told(folder)
    command = program.backup_through if through is None else through
    if to is not None and to.is_dir():
        stop(f"--to: found {to}, a folder, expected the file to write, such as {to / 'copy.db'}", BAD_CONFIGURATION)
    target = to or program.backups / name_at(program.now(), command)
    with told(program):
        try:
            back_up(program.place.database, target, command)
        except (NotWhole, CommandFailed) as error:
            stop(str(error))
    typer.echo(target)


@app.command()
def restore(
    copy: Annotated[Path, typer.Argument(help="A copy that backup wrote.", exists=True, dir_okay=False)],
    through: Annotated[str, typer.Option(help="A command that decrypts, such as: age -d -i key.txt")] = "",
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Put it in the place of a database.")] = False,
    folder: Folder = HERE,
) -> None:
    """Put a copy of the database back, after checking it; stop the bot first."""
    from bot.lock import only_bot_on
    from storage.backup import CommandFailed, NotWhole, WouldOverwrite
    from storage.backup import restore as put_back

    _, program = configured_or_told(folder)
    database = program.place.database
    database.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with told(program), only_bot_on(database.path):
        try:
            put_back(copy, database, overwrite=overwrite, through=through)
        except WouldOverwrite as error:
            stop(f"{error}; --overwrite replaces it")
        except CommandFailed as error:
            stop(str(error))
        except NotWhole as error:
            stop(str(error), DAMAGED)
        prepare(program)
    tell(f"{database} is what {copy.name} was; who was erased since is erased again.")


@app.command()
def encrypt(folder: Folder = HERE) -> None:
    """Encrypt a plain database with DATABASE_KEY; stop the bot first."""
    from bot.lock import only_bot_on
    from storage.backup import AlreadyEncrypted, NotWhole, encrypt_in_place

    _, program = configured_or_told(folder)
    database = program.place.database
    if database.key is None:
        stop("DATABASE_KEY: found nothing, expected the key to encrypt with", BAD_CONFIGURATION)
    if not database.path.exists():
        stop(f"DATABASE: found nothing at {database}, expected a database; `terugblik run` makes an encrypted one")
    with told(program), only_bot_on(database.path):
        try:
            encrypt_in_place(database)
        except AlreadyEncrypted as error:
            stop(str(error))
        except NotWhole as error:
            stop(str(error), DAMAGED)
    tell(f"{database} is encrypted. Copies that were made before are plain still.")


@app.command()
def replay(
    id: Annotated[str, typer.Argument(help="Such as update-12; left out: everything that was set aside.")] = "",
    folder: Folder = HERE,
) -> None:
    """Try once more what was set aside; also beside a running bot."""
    from handlers.setaside import replay as try_again
    from handlers.setaside import set_aside

    _, program = configured_or_told(folder)
    with told():
        prepare(program)
        with transaction(program.place.database) as tx:
            wanted = [id] if id else [one.id for one in set_aside(tx)]
            tried = [one for one in wanted if try_again(tx, one, program.now())]
    for one in tried:
        typer.echo(one)
    if not id and not tried:
        tell("Nothing was set aside.")
    if id and not tried:
        stop(f"{id}: nothing was set aside under this id")


@app.command()
def export(
    city: Annotated[str, typer.Option(help="The city.")],
    week: Annotated[str, typer.Option(help="The ISO week, such as 2026-W47; left out: everything.")] = "",
    language: Annotated[Language, typer.Option(help="The workbook's language.")] = "nl",
    made_as: Annotated[
        Format, typer.Option("--as", help="The kind of file; docs/analysis.md tells what is in each.")
    ] = Format.WORKBOOK,
    folder: Folder = HERE,
) -> None:
    """Make a city's workbook, or files for analysis, and print where they lie."""
    from rich.console import Console

    from bot.exporting import make
    from bot.progressbar import course_shown
    from exports.period import NoSuchWeek, everything, iso_week
    from exports.survey import TooManyRows
    from handlers.work import NotYet

    _, program = configured_or_told(folder)
    with told(program):
        desk = program.desk(prepare(program), "")
        try:
            period = iso_week(week, program.study.timezone) if week else everything()
            place = program.study.city(city)
        except (NoSuchWeek, UnknownCity) as error:
            stop(str(error))
        try:
            with stopped_by_hand("no file was made"), course_shown(Console(stderr=True)) as shown:
                paths = make(program, desk, place, period, language, made_as, shown)
        except TooManyRows as error:
            stop(f"No file was made: {error}.")
        except NotYet:
            stop("Somebody was erased while the file was made; it is gone. Run the command again.")
    for path in paths:
        typer.echo(path)
    if not paths:
        tell("There is nothing in this period; no file was made.")


def _write_new(path: Path, text: str) -> None:
    """Write a file that is not there yet, readable by its owner only."""
    if path.exists():
        tell(f"{path} is there already and stays as it is.")
        return
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")
    typer.echo(path)
