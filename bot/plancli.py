"""`terugblik plan`: workshops from a table or from lines, as coordinators plan them in the chat."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from bot.formscli import Language
from bot.options import HERE, Folder, city_named
from bot.program import Program, prepare
from bot.stewardcli import prepared
from bot.telling import BAD_CONFIGURATION, folder_told, stop, tell, told, way_back
from fieldwork.planning import Unplanned
from fieldwork.study import City
from handlers.delivery.exportfiles import note_made
from handlers.desk import Desk
from handlers.tablefile import NotATable
from handlers.workshops.planchat import told as told_row
from handlers.workshops.planfile import Readout, WrongRow, find_plan, read_plan
from handlers.workshops.planning import Placed, checked, described, expect_new, read_typed, save
from handlers.workshops.plantemplate import write
from storage.database import snapshot, transaction
from storage.tx import Rows


def plan(
    file: Annotated[
        Path | None, typer.Argument(help="A CSV or XLSX table of workshops.", exists=True, dir_okay=False)
    ] = None,
    line: Annotated[
        list[str] | None,
        typer.Option(
            help='A workshop as it is typed in the chat, such as "12-03 19:00–21:00 | Overvecht | Groen | K7M4".'
        ),
    ] = None,
    city: Annotated[str, typer.Option(help="The city, for lines, for rows that name none, and for the template.")] = "",
    template: Annotated[
        Path | None, typer.Option(help="Write a workbook to fill in to this folder, and plan nothing.", file_okay=False)
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print what would be planned and when people are asked.")
    ] = False,
    language: Annotated[Language, typer.Option(help="The language of what is told and of the template.")] = "en",
    folder: Folder = HERE,
) -> None:
    """Plan the workshops of a table or of lines; wrong rows are listed, the others are kept."""
    program = prepared(folder)
    usual = city_named(program, city) if city else None
    _expect_one(file, line, template, usual)
    with told(program):
        desk = program.desk(prepare(program), "")
    if template is not None and usual is not None:
        _write_template(program, desk, usual, language, template)
        return
    content = None if file is None else file.read_bytes()
    with told(program), (snapshot if dry_run else transaction)(program.place.database) as rows:
        readout = _read(rows, desk, usual, content, line or (), file.name if file else "", language)
        ids: list[int] = []
        lines: list[str] = []
        for _, one in readout.placed:
            if dry_run:
                lines.append(f"{described(rows, desk, one, language)}\n")
            else:
                ids.append(save(rows, desk, one.city, one.planned, None))
                lines.append(_planned(ids[-1], one))
    # Printed once it is kept, and while no lock is held: a reader such as a pager may take its time.
    for printed in lines:
        typer.echo(printed)
    name = f"{file.name}, " if file else ""
    for row in readout.wrong:
        words = told_row(desk, row, language)
        tell(f"{name}{words[:1].lower()}{words[1:]}")
    if ids:
        numbers = (word for id in ids for word in ("--number", str(id)))
        way_back(folder, "workshops", "--unplan", *numbers)
    tell(f"{len(readout.placed)} {'would be planned' if dry_run else 'planned'}, {len(readout.wrong)} wrong")
    if readout.wrong:
        raise typer.Exit(1)


def _expect_one(file: Path | None, lines: list[str] | None, template: Path | None, city: City | None) -> None:
    """End the command where not exactly one thing is to be done, or what is to be done lacks its city."""
    if sum(map(bool, (file, lines, template))) != 1:
        stop("found none or several of them, expected a file, --line or --template", BAD_CONFIGURATION)
    if (lines or template) and city is None:
        stop("--city: found nothing, expected a city for --line and --template", BAD_CONFIGURATION)


def _planned(workshop_id: int, one: Placed) -> str:
    """A workshop that is now in the planning: number, city, beginning, title and codes, with tabs between."""
    begins = one.planned.span.starts_on.astimezone(one.city.timezone)
    pieces = (
        str(workshop_id),
        one.city.name,
        f"{begins:%Y-%m-%d %H:%M}",
        one.planned.title,
        " ".join(one.planned.codes),
    )
    return "\t".join(pieces)


def _read(
    rows: Rows, desk: Desk, usual: City | None, content: bytes | None, lines: Sequence[str], name: str, language: str
) -> Readout:
    if content is None:
        assert usual is not None, "lines have a city"
        return _read_lines(rows, desk, usual, lines)
    try:
        readout = read_plan(rows, desk, find_plan(content), usual)
    except NotATable as error:
        stop(f"{name}: {error.said(desk.texts, language)}")
    if not readout.placed and not readout.wrong:
        stop(f"{name}: {desk.texts.say('plan.file_empty', language)}")
    return readout


def _read_lines(rows: Rows, desk: Desk, city: City, lines: Sequence[str]) -> Readout:
    placed: list[tuple[int, Placed]] = []
    wrong = []
    for number, line in enumerate(lines, start=1):
        try:
            one = checked(rows, Placed(city, read_typed(rows, desk, city, line)))
            expect_new(one, [other for _, other in placed])
            placed.append((number, one))
        except Unplanned as reason:
            wrong.append(WrongRow(number, (reason,)))
    return Readout(tuple(placed), tuple(wrong), False)


def _write_template(program: Program, desk: Desk, city: City, language: str, folder: Path) -> None:
    with told(program), folder_told("--template", folder), transaction(program.place.database) as tx:
        folder.mkdir(parents=True, exist_ok=True)
        made = write(tx, desk, city, language, folder, "")
        note_made(tx, desk, None, "template_made", city, (made,))
    typer.echo(folder / made.file)
